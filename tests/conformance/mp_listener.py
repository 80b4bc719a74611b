# Listener and Client of multiprocessing.connection: over TCP, Unix sockets and abstract names, with keys and with wrong ones; two at a time.
import multiprocessing as mp
import os
from multiprocessing import AuthenticationError
from multiprocessing.connection import Client, Listener, answer_challenge, deliver_challenge


def serve(listener, count):
    for _ in range(count):
        with listener.accept() as connection:
            while True:
                try:
                    item = connection.recv()
                except EOFError:
                    break
                connection.send([item, type(listener.last_accepted).__name__])


def refuse(listener):
    try:
        listener.accept()
    except AuthenticationError as error:
        print('server:', error, flush=True)


def challenge(connection, key):
    try:
        deliver_challenge(connection, key)
        answer_challenge(connection, key)
        connection.send('welcome')
    except AuthenticationError as error:
        print('child:', error, flush=True)


def attempt(do):
    try:
        print(do())
    except Exception as error:
        print(type(error).__name__, error)


if __name__ == '__main__':
    mp.set_start_method('fork')
    for address, family, key in ((('127.0.0.1', 0), None, b'secret'), ('listener.sock', None, None), (None, 'AF_UNIX', b'k'), (None, 'AF_INET', None)):
        with Listener(address, family, authkey=key) as listener:
            child = mp.Process(target=serve, args=(listener, 2))
            child.start()
            for _ in range(2):
                with Client(listener.address, authkey=key) as client:
                    client.send({'a': 1})
                    print(client.recv(), type(listener.address).__name__)
            child.join()
        print(child.exitcode, os.path.exists('listener.sock'))
    with Listener(authkey=b'right') as listener:
        child = mp.Process(target=refuse, args=(listener,))
        child.start()
        attempt(lambda: Client(listener.address, authkey=b'wrong'))
        child.join()
    attempt(listener.accept)
    for key in (b'same', b'other'):
        ours, theirs = mp.Pipe()
        child = mp.Process(target=challenge, args=(theirs, b'same'))
        child.start()
        theirs.close()

        def answer():
            answer_challenge(ours, key)
            deliver_challenge(ours, key)
            return ours.recv()
        attempt(answer)
        ours.close()
        child.join()
    attempt(lambda: Client('nowhere.sock'))
    attempt(lambda: Client(('127.0.0.1', 1)))
    attempt(lambda: Listener(authkey='text'))
    attempt(lambda: Listener(5))
    attempt(lambda: Listener(family='AF_MAGIC'))
