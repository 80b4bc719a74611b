# Workers that die: BrokenProcessPool for what runs and what is queued, for what is submitted later; initialisers that fail.
import logging
import multiprocessing as mp
import os
import signal
import time
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool

logging.disable(logging.CRITICAL)


def die(how):
    if how == 'exit':
        os._exit(3)
    os.kill(os.getpid(), how)


def slow(n):
    time.sleep(n)
    return n


def refuse():
    raise RuntimeError('not today')


class Unloadable:
    def __reduce__(self):
        return os._exit, (1,)


def give_unloadable():
    return Unloadable()


def take(_):
    return 1


def attempt(do, *args):
    try:
        print(do(*args))
    except Exception as error:
        print(type(error).__name__, error)


if __name__ == '__main__':
    context = mp.get_context('fork')
    for how in ('exit', signal.SIGKILL, signal.SIGTERM, signal.SIGSEGV):
        with ProcessPoolExecutor(2, mp_context=context) as executor:
            long, queued = executor.submit(slow, 5), [executor.submit(slow, 5) for _ in range(5)]
            time.sleep(0.1)
            first = next(iter(executor._processes.values()))
            os.kill(first.pid, signal.SIGKILL) if how == signal.SIGKILL else None
            last = executor.submit(die, how) if how != signal.SIGKILL else long
            if how != signal.SIGKILL:
                os.kill(first.pid, how if how != 'exit' else signal.SIGTERM)
            print(type(long.exception()).__name__, {type(future.exception()).__name__ for future in queued}, type(last.exception()).__name__)
            attempt(executor.submit, slow, 0)
    with ProcessPoolExecutor(1, mp_context=context) as executor:
        attempt(executor.submit(die, 'exit').result)
    with ProcessPoolExecutor(2, mp_context=context, initializer=refuse) as executor:
        attempt(executor.submit(slow, 0).result)
        attempt(executor.submit, slow, 0)
    with ProcessPoolExecutor(1, mp_context=context) as executor:
        future = executor.submit(take, lambda: 0)
        print(type(future.exception()).__name__)
        print(executor.submit(slow, 0).result())
    print(issubclass(BrokenProcessPool, RuntimeError))
