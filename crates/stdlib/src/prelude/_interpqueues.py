# _interpqueues: queues between interpreters, by number; the process keeps them (`_crossing`).
import _crossing
import _interpreters


class QueueError(RuntimeError):
    """Indicates that a queue-related error happened."""
    __module__ = 'concurrent.interpreters'


class QueueNotFoundError(QueueError):
    """An interpreter queue was not found"""
    __module__ = 'concurrent.interpreters'


def _register_heap_types(queuetype, emptyerror, fullerror):
    """Queues can be sent from now on; the exceptions are those of the library."""
    _interpreters._share(queuetype, 'queue', lambda queue: queue.id, queuetype)
    _crossing.queue_errors(QueueNotFoundError, fullerror, emptyerror)


_crossing.queue_errors(QueueNotFoundError, QueueError, QueueError)


def _unbound(op):
    if op < -1 or op > 3 or op == 0:
        raise ValueError(f'unsupported unboundop {op}')
    return op


def create(maxsize, unboundop=-1, fallback=-1):
    """Create a new cross-interpreter queue and return its unique generated ID."""
    return _crossing.queue_create(maxsize, 3 if _unbound(unboundop) < 0 else unboundop)


def destroy(qid):
    """Clear and destroy the queue."""
    _crossing.queue_destroy(qid)


def list_all():
    """Return the list of IDs for all queues, with the defaults of each."""
    return [(qid, unboundop, -1) for qid, unboundop, _ in _crossing.queue_list()]


def put(qid, obj, unboundop=-1, fallback=-1):
    """Add the object's data to the queue."""
    _crossing.queue_put(qid, _interpreters._give(obj, True), _unbound(unboundop))


def get(qid):
    """Return the (object, unbound op) from the front of the queue."""
    item, unboundop = _crossing.queue_get(qid)
    return (None if item is None else _interpreters._take(item)), unboundop


def bind(qid):
    """Take a reference to the identified queue."""
    _crossing.queue_bind(qid)


def release(qid):
    """Release a reference to the queue."""
    _crossing.queue_release(qid)


def get_maxsize(qid):
    """Return the maximum number of items in the queue."""
    return _crossing.queue_max_size(qid)


def get_queue_defaults(qid):
    """Return the queue's default values, set when it was created."""
    return _crossing.queue_defaults(qid), -1


def is_full(qid):
    """Return true if the queue has a maxsize and has reached it."""
    return _crossing.queue_is_full(qid)


def get_count(qid):
    """Return the number of items in the queue."""
    return _crossing.queue_count(qid)
