# Managers: dict, list, Namespace, Value, Array, Queue, Lock and others in a process of their own, used by several; errors come back.
import multiprocessing as mp
import queue


def fill(d, l, n, name):
    d[name] = len(name)
    d.setdefault('all', 0)
    l.append(name)
    setattr(n, name, True)


def count(d, lock, times):
    for _ in range(times):
        with lock:
            d['n'] = d.get('n', 0) + 1


def relay(source, target, done):
    while True:
        item = source.get()
        if item is None:
            break
        target.put(item * 2)
    done.set()


def attempt(do, *args):
    try:
        print(do(*args))
    except Exception as error:
        print(type(error).__name__, error)


if __name__ == '__main__':
    mp.set_start_method('fork')
    with mp.Manager() as manager:
        d, l, n = manager.dict(a=1), manager.list([3, 1, 2]), manager.Namespace(x=10)
        children = [mp.Process(target=fill, args=(d, l, n, name)) for name in ('one', 'three')]
        for child in children:
            child.start()
            child.join()
        print(dict(d), list(l), n.x, n.one, n.three, n)
        l.sort(key=str)
        l[0:2] = [7]
        l.extend('ab')
        print(l, l[1:3], len(l), 'a' in l, l.index('b'), l.pop(), l.count(7), l * 2, l + [0])
        d.update({'b': [1]})
        d['b'].append(2)
        print(sorted(d.keys()), d['b'], d.get('none'), d.pop('a'), 'a' in d, len(d), d.copy()['b'])
        print(sorted(map(str, d.items())), [*d] == list(d.keys()), isinstance(d, mp.managers.BaseProxy), type(d).__name__)
        nested = manager.list([manager.dict(k=1), manager.list([5])])
        nested[0]['k'] += 1
        nested[1].append(6)
        print(nested[0]['k'], nested[1][:], len(nested))
        lock, shared = manager.Lock(), manager.dict()
        children = [mp.Process(target=count, args=(shared, lock, 20)) for _ in range(3)]
        for child in children:
            child.start()
        for child in children:
            child.join()
        print(shared['n'], lock.acquire(), lock.acquire(False), lock.release())
        source, target, done = manager.Queue(), manager.JoinableQueue(2), manager.Event()
        child = mp.Process(target=relay, args=(source, target, done))
        child.start()
        for item in ('x', 4):
            source.put(item)
            print(target.get())
            target.task_done()
        source.put(None)
        print(done.wait(5), child.join(), target.empty(), target.full(), target.maxsize if hasattr(target, 'maxsize') else '-')
        attempt(target.get, False)
        value, array = manager.Value('i', 5), manager.Array('d', [1, 2])
        value.value += 1
        array[0] = 0.5
        print(value.value, value, array[:], len(array), list(array))
        attempt(lambda: d['missing'])
        attempt(lambda: l[99])
        attempt(lambda: n.missing)
        attempt(lambda: d.unknown())
        barrier, condition, semaphore = manager.Barrier(1), manager.Condition(), manager.BoundedSemaphore(1)
        print(barrier.wait(), barrier.parties, semaphore.acquire(), semaphore.acquire(False), semaphore.release())
        attempt(semaphore.release)
        with condition:
            print(condition.wait(0.01), condition.notify_all())
        pool = manager.Pool(2)
        print(pool.map(str.upper, ['a', 'b']), pool.apply(max, (3, 9)), pool.apply_async(min, (3, 9)).get())
        pool.terminate()
        print(str(l), repr(l).startswith('<ListProxy object, typeid '), str(n))
    print(isinstance(queue.Empty(), Exception))
