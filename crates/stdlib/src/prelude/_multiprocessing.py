# _multiprocessing: semaphores between processes, over those of the kernel (`Modules/_multiprocessing/semaphore.c`).
from _processes import _sem_close, _sem_give, _sem_open, _sem_take, _sem_unlink, _sem_value

flags = {'HAVE_SEM_OPEN': 1, 'HAVE_SEM_TIMEDWAIT': 1}
_RECURSIVE_MUTEX, _SEMAPHORE = range(2)


def _name_bytes(name):
    if not isinstance(name, str):
        raise TypeError(f'argument must be str, not {type(name).__name__}')
    if '\0' in name:
        raise ValueError('embedded null character')
    return name.encode()


class SemLock:
    """Semaphore/Mutex type"""
    __slots__ = ('_handle', '_kind', '_maxvalue', '_name', '_taken', '_thread')
    SEM_VALUE_MAX = 2147483647

    def __getstate__(self):
        raise TypeError("cannot pickle '_multiprocessing.SemLock' object")

    def __new__(cls, kind, value, maxvalue, name, unlink):
        if kind not in (_RECURSIVE_MUTEX, _SEMAPHORE):
            raise ValueError('unrecognized kind')
        if value < 0:
            raise OSError(22, 'Invalid argument')
        handle = _sem_open(_name_bytes(name), value)
        if unlink:
            _sem_unlink(_name_bytes(name))
            name = None
        return cls._make(handle, kind, maxvalue, name)

    @classmethod
    def _make(cls, handle, kind, maxvalue, name):
        self = object.__new__(cls)
        self._handle, self._kind, self._maxvalue, self._name = handle, kind, maxvalue, name
        # How often this process has taken it, and the thread of it that did so last.
        self._taken, self._thread = 0, None
        return self

    @classmethod
    def _rebuild(cls, handle, kind, maxvalue, name, /):
        if name is not None:
            handle = _sem_open(_name_bytes(name), None)
        return cls._make(handle, kind, maxvalue, name)

    def __del__(self):
        try:
            _sem_close(self._handle)
        except (AttributeError, OSError):
            pass

    @property
    def handle(self):
        return self._handle

    @property
    def kind(self):
        return self._kind

    @property
    def maxvalue(self):
        return self._maxvalue

    @property
    def name(self):
        return self._name

    def acquire(self, block=True, timeout=None):
        from _thread import get_ident
        if self._kind == _RECURSIVE_MUTEX and self._is_mine():
            self._taken += 1
            return True
        if timeout is not None and block:
            timeout = max(float(timeout), 0.0)
        # First without leaving the interpreter, as in C.
        if not _sem_take(self._handle, False, None):
            if not block or timeout == 0.0 and timeout is not None:
                return False
            if not _sem_take(self._handle, True, timeout):
                return False
        self._taken += 1
        self._thread = get_ident()
        return True

    def release(self):
        if self._kind == _RECURSIVE_MUTEX:
            if not self._is_mine():
                raise AssertionError('attempt to release recursive lock not owned by thread')
            if self._taken > 1:
                self._taken -= 1
                return
        elif _sem_value(self._handle) >= self._maxvalue:
            raise ValueError('semaphore or lock released too many times')
        _sem_give(self._handle)
        self._taken -= 1

    def __enter__(self):
        return self.acquire(True, None)

    def __exit__(self, exc_type=None, exc_value=None, exc_tb=None, /):
        self.release()

    def _count(self):
        return self._taken

    def _is_mine(self):
        from _thread import get_ident
        return self._taken > 0 and self._thread == get_ident()

    def _get_value(self):
        return _sem_value(self._handle)

    def _is_zero(self):
        return _sem_value(self._handle) == 0

    def _after_fork(self):
        self._taken = 0


def sem_unlink(name, /):
    _sem_unlink(_name_bytes(name))
