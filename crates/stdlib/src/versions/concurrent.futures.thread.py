

# The end of concurrent/futures/thread.py: which workers count as idle follows the version of Python. What stands above is 3.12's rule and later's.
from _posix import _library_rules

if _library_rules()[1] != 'at empty queue':
    def _worker(executor_reference, ctx, work_queue):
        try:
            ctx.initialize()
        except BaseException:
            _base.LOGGER.critical('Exception in initializer:', exc_info=True)
            executor = executor_reference()
            if executor is not None:
                executor._initializer_failed()
            return
        idle_after_task = _library_rules()[1] == 'after task'
        try:
            while True:
                work_item = work_queue.get(block=True)
                if work_item is None:
                    executor = executor_reference()
                    if _shutdown or executor is None or executor._shutdown:
                        if executor is not None:
                            executor._shutdown = True
                        work_queue.put(None)
                        return
                    del executor
                    continue
                work_item.run(ctx)
                del work_item
                if idle_after_task:
                    executor = executor_reference()
                    if executor is not None:
                        executor._idle_semaphore.release()
                    del executor
        except BaseException:
            _base.LOGGER.critical('Exception in worker', exc_info=True)
        finally:
            ctx.finalize()
