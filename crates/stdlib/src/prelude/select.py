# select: `poll`, `select` and `epoll` over the kernel's.
from _sockets import epoll_control as _epoll_control, epoll_create as _epoll_create, epoll_wait as _epoll_wait, poll as _poll

error = OSError
PIPE_BUF = 4096
POLLIN, POLLPRI, POLLOUT, POLLERR, POLLHUP, POLLNVAL = 1, 2, 4, 8, 16, 32
POLLRDNORM, POLLRDBAND, POLLWRNORM, POLLWRBAND, POLLMSG, POLLRDHUP = 64, 128, 256, 512, 1024, 8192


def _descriptor(file):
    if isinstance(file, int):
        fd = file
    else:
        try:
            method = file.fileno
        except AttributeError:
            raise TypeError('argument must be an int, or have a fileno() method.') from None
        fd = method()
        if not isinstance(fd, int):
            raise TypeError('fileno() returned a non-integer')
    if fd < 0:
        raise ValueError(f'file descriptor cannot be a negative integer ({fd})')
    return int(fd)


def _mask(events):
    if not isinstance(events, int):
        raise TypeError(f"'{type(events).__name__}' object cannot be interpreted as an integer")
    if events < 0:
        raise ValueError('value must be positive')
    if events > 0xffff:
        raise OverflowError('Python int too large for C unsigned short')
    return int(events)


class _Poll:
    """What `poll()` gives."""

    def __new__(cls):
        raise TypeError("cannot create 'select.poll' instances")

    def __init_subclass__(cls):
        raise TypeError("type 'select.poll' is not an acceptable base type")

    def __getstate__(self):
        raise TypeError("cannot pickle 'select.poll' object")

    def register(self, fd, eventmask=POLLIN | POLLPRI | POLLOUT, /):
        self._wanted[_descriptor(fd)] = _mask(eventmask)

    def modify(self, fd, eventmask, /):
        fd = _descriptor(fd)
        if fd not in self._wanted:
            raise FileNotFoundError(2, 'No such file or directory')
        self._wanted[fd] = _mask(eventmask)

    def unregister(self, fd, /):
        del self._wanted[_descriptor(fd)]

    def poll(self, timeout=None, /):
        if timeout is not None:
            if not isinstance(timeout, (int, float)) and not hasattr(type(timeout), '__index__'):
                raise TypeError('timeout must be an integer or None')
            timeout = None if timeout < 0 else timeout / 1000
            if timeout is not None and timeout > 2147483.647:
                raise OverflowError('timeout is too large')
        if self._busy:
            raise RuntimeError('concurrent poll() invocation')
        self._busy = True
        try:
            return _poll(self._wanted.items(), timeout)
        finally:
            self._busy = False


_Poll.__name__ = _Poll.__qualname__ = 'poll'
_Poll.__module__ = 'select'


# Functions of C do not become methods of a class that keeps them as attributes; static methods do not either.
@staticmethod
def poll():
    """Returns a polling object.

This object supports registering and unregistering file descriptors, and then
polling them for I/O events."""
    made = object.__new__(_Poll)
    made._wanted = {}
    made._busy = False
    return made


EPOLLIN, EPOLLPRI, EPOLLOUT, EPOLLERR, EPOLLHUP, EPOLLRDHUP = 1, 2, 4, 8, 16, 8192
EPOLLRDNORM, EPOLLRDBAND, EPOLLWRNORM, EPOLLWRBAND, EPOLLMSG = 64, 128, 256, 512, 1024
EPOLLEXCLUSIVE, EPOLLWAKEUP, EPOLLONESHOT, EPOLLET = 1 << 28, 1 << 29, 1 << 30, 1 << 31
EPOLL_CLOEXEC = 0o2000000


class epoll:
    """Returns an epolling object: a set of descriptors that the kernel keeps, and events that are waited for."""

    def __getstate__(self):
        raise TypeError("cannot pickle 'select.epoll' object")

    def __init__(self, sizehint=-1, flags=0):
        self._fd = -1
        if sizehint != -1 and sizehint <= 0:
            raise ValueError('negative sizehint')
        if flags not in (0, EPOLL_CLOEXEC):
            raise OSError(22, 'Invalid argument')
        self._fd = _epoll_create()

    @classmethod
    def fromfd(cls, fd, /):
        made = cls.__new__(cls)
        made._fd = _descriptor(fd)
        return made

    def _control(self, operation, fd, events):
        self._check()
        _epoll_control(self._fd, operation, _descriptor(fd), events)

    def _check(self):
        if self._fd < 0:
            raise ValueError('I/O operation on closed epoll object')

    def register(self, fd, eventmask=EPOLLIN | EPOLLPRI | EPOLLOUT):
        self._control(1, fd, eventmask)

    def modify(self, fd, eventmask):
        self._control(3, fd, eventmask)

    def unregister(self, fd):
        self._control(2, fd, 0)

    def poll(self, timeout=None, maxevents=-1):
        self._check()
        if timeout is not None:
            if not isinstance(timeout, (int, float)) and not hasattr(type(timeout), '__index__'):
                raise TypeError('timeout must be an integer or None')
            timeout = None if timeout < 0 else timeout
        if maxevents == -1:
            maxevents = 1023
        elif maxevents < 1:
            raise ValueError(f'maxevents must be greater than 0, got {maxevents}')
        return _epoll_wait(self._fd, maxevents, timeout)

    def close(self):
        fd, self._fd = self._fd, -1
        if fd >= 0:
            from posix import close
            close(fd)

    __del__ = close

    @property
    def closed(self):
        return self._fd < 0

    def fileno(self):
        self._check()
        return self._fd

    def __enter__(self):
        self._check()
        return self

    def __exit__(self, exc_type=None, exc_value=None, exc_tb=None):
        self.close()


epoll.__module__ = 'select'


def _items(files):
    """The items of a sequence, which may change while they are looked at."""
    if not isinstance(files, (list, tuple)):
        try:
            files = list(files)
        except TypeError:
            raise TypeError('arguments 1-3 must be sequences') from None
    at = 0
    while at < len(files):
        yield files[at]
        at += 1


@staticmethod
def select(rlist, wlist, xlist, timeout=None, /):
    if timeout is not None:
        if not isinstance(timeout, (int, float)) and not hasattr(type(timeout), '__index__'):
            raise TypeError('timeout must be a float or None')
        if timeout < 0:
            raise ValueError('timeout must be non-negative')
    wanted = {}
    lists = []
    for files, bits in (rlist, POLLIN), (wlist, POLLOUT), (xlist, POLLPRI):
        pairs = [(file, _descriptor(file)) for file in _items(files)]
        lists.append(pairs)
        for _, fd in pairs:
            if fd >= 1024:
                raise ValueError('filedescriptor out of range in select()')
            wanted[fd] = wanted.get(fd, 0) | bits
    found = dict(_poll(wanted.items(), timeout))
    for events in found.values():
        if events & POLLNVAL:
            raise OSError(9, 'Bad file descriptor')
    means = POLLIN | POLLHUP | POLLERR, POLLOUT | POLLERR, POLLPRI
    return tuple([file for file, fd in pairs if found.get(fd, 0) & bits] for pairs, bits in zip(lists, means))
