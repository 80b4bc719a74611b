# _asyncio: CPython's accelerator of asyncio. Futures, tasks and the functions are native; here is what asks objects of other classes.
import _asyncio_native as _native
from _asyncio_native import (Future, Task, current_task, get_event_loop, get_running_loop, _get_running_loop, _set_running_loop,
                             _register_task, _register_eager_task, _unregister_task, _unregister_eager_task,
                             _enter_task, _leave_task, _swap_current_task, future_add_to_awaited_by, future_discard_from_awaited_by)

__doc__ = 'Accelerator module for asyncio'


def all_tasks(loop=None):
    """Return a set of all tasks for the loop."""
    if loop is None:
        loop = get_running_loop()
    tasks = [*_other_eager_tasks, *_other_tasks, *_native._registered()]
    return {task for task in tasks if not task.done() and _loop_of(task) is loop}


def _loop_of(future):
    try:
        get_loop = future.get_loop
    except AttributeError:
        return future._loop
    return get_loop()


# Behind the definitions: the package imports this module in turn.
import asyncio
from asyncio.base_futures import _future_repr
from asyncio.base_tasks import _task_get_stack, _task_print_stack, _task_repr
from asyncio.coroutines import iscoroutine
from asyncio.events import _get_event_loop_policy
from asyncio.exceptions import CancelledError, InvalidStateError
from traceback import extract_stack
from weakref import WeakSet

_other_tasks = WeakSet()
_other_eager_tasks = set()

_native._keep(CancelledError, InvalidStateError, _get_event_loop_policy, _future_repr, _task_repr, _task_get_stack, _task_print_stack,
              iscoroutine, extract_stack, _other_tasks, _other_eager_tasks)

del asyncio, _future_repr, _task_get_stack, _task_print_stack, _task_repr, iscoroutine, _get_event_loop_policy, CancelledError
del InvalidStateError, extract_stack, WeakSet
