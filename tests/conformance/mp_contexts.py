# Contexts and start methods: what there is, how one is chosen, objects of each, and what may not be mixed.
import multiprocessing as mp


def tell(queue):
    queue.put((mp.get_start_method(), type(mp.current_process()).__name__, __name__))


def use(lock, event):
    with lock:
        event.set()


def attempt(do, *args, **kwargs):
    try:
        print(do(*args, **kwargs))
    except Exception as error:
        print(type(error).__name__, str(error).partition(' at 0x')[0])


if __name__ == '__main__':
    print(mp.get_all_start_methods(), mp.get_start_method(allow_none=True))
    for method in ('fork', 'spawn', 'forkserver'):
        context = mp.get_context(method)
        queue = context.Queue()
        child = context.Process(target=tell, args=(queue,))
        child.start()
        print(context.get_start_method(), type(child).__name__, queue.get())
        child.join()
        lock, event = context.Lock(), context.Event()
        child = context.Process(target=use, args=(lock, event))
        child.start()
        print(event.wait(10), child.join(), child.exitcode)
    attempt(mp.get_context, 'magic')
    attempt(mp.get_context('spawn').set_start_method, 'fork')
    attempt(mp.get_context("fork").get_start_method)
    mp.set_start_method('spawn', force=True)
    print(mp.get_start_method(), type(mp.get_context()).__name__, mp.get_context('fork') is mp.get_context('fork'))
    attempt(mp.set_start_method, 'fork')
    mp.set_start_method('fork', force=True)
    print(mp.get_start_method())
    lock = mp.get_context('fork').Lock()
    child = mp.get_context('spawn').Process(target=use, args=(lock, mp.get_context('spawn').Event()))
    attempt(child.start)
    attempt(mp.get_context('spawn').Process(target=lambda: 0).start)
    print(mp.cpu_count() > 0, mp.freeze_support(), mp.allow_connection_pickling(), mp.get_logger().name)
