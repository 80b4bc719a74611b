# Own classes behind managers: registered types, exposed methods, methods that make proxies, servers that others connect to with a key.
import multiprocessing as mp
import queue
from multiprocessing import AuthenticationError
from multiprocessing.managers import BaseManager, BaseProxy, NamespaceProxy, SyncManager


class Account:
    def __init__(self, balance):
        self.balance = balance

    def pay(self, amount):
        if amount > self.balance:
            raise ValueError(f'only {self.balance} left')
        self.balance -= amount
        return self.balance

    def _secret(self):
        return 'told'

    def history(self):
        return iter(range(3))


def numbers():
    yield from (1, 4, 9)


class IteratorProxy(BaseProxy):
    _exposed_ = ('__next__',)

    def __iter__(self):
        return self

    def __next__(self):
        return self._callmethod('__next__')


class Own(BaseManager):
    pass


Own.register('Account', Account)
Own.register('Open', Account, exposed=('_secret', 'pay'))
Own.register('numbers', numbers, proxytype=IteratorProxy)
Own.register('Plain', Account, proxytype=NamespaceProxy)


def spend(account, amount):
    account.pay(amount)


def attempt(do, *args):
    try:
        print(do(*args))
    except Exception as error:
        print(type(error).__name__, error)


tasks, results = queue.Queue(), queue.Queue()


class Server(BaseManager):
    pass


class Client(BaseManager):
    pass


Server.register('tasks', callable=lambda: tasks)
Server.register('results', callable=lambda: results)
Client.register('tasks')
Client.register('results')


def work(address):
    client = Client(address=address, authkey=b'key')
    client.connect()
    tasks, results = client.tasks(), client.results()
    while (n := tasks.get()) is not None:
        results.put((n, n ** 2))


if __name__ == '__main__':
    mp.set_start_method('fork')
    with Own() as manager:
        account = manager.Account(100)
        children = [mp.Process(target=spend, args=(account, amount)) for amount in (10, 20)]
        for child in children:
            child.start()
        for child in children:
            child.join()
        print(account.pay(1))
        attempt(account.pay, 500)
        attempt(lambda: account._secret())
        attempt(lambda: account.balance)
        print(manager.Open(3)._secret(), list(manager.numbers()), manager.Plain(7).balance)
        print(sorted(name for name in dir(account) if not name.startswith('_')))
    attempt(lambda: manager.Account(1))
    server = Server(address=('127.0.0.1', 0), authkey=b'key')
    server.start()
    workers = [mp.Process(target=work, args=(server.address,)) for _ in range(2)]
    for worker in workers:
        worker.start()
    for n in range(6):
        server.tasks().put(n)
    print(sorted(server.results().get() for _ in range(6)))
    for _ in workers:
        server.tasks().put(None)
    for worker in workers:
        worker.join()
    stranger = Client(address=server.address, authkey=b'wrong')
    attempt(stranger.connect)
    server.shutdown()
    attempt(lambda: Client(address=('127.0.0.1', 1), authkey=b'key').connect())
    attempt(lambda: Own().shutdown())
    twice = SyncManager()
    twice.start()
    attempt(twice.start)
    twice.shutdown()
    print(issubclass(AuthenticationError, mp.ProcessError))
