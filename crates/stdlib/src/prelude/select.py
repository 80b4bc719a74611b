# select: `poll` and `select` over the kernel's `poll`. There is no epoll yet, so that `selectors` offers its PollSelector first.
from _sockets import poll as _poll

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


class poll:
    """Returns a polling object.

This object supports registering and unregistering file descriptors, and then
polling them for I/O events."""

    def __init__(self):
        self._wanted = {}
        self._busy = False

    def __init_subclass__(cls):
        raise TypeError("type 'select.poll' is not an acceptable base type")

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


poll.__module__ = 'select'


def select(rlist, wlist, xlist, timeout=None, /):
    if timeout is not None:
        if not isinstance(timeout, (int, float)) and not hasattr(type(timeout), '__index__'):
            raise TypeError('timeout must be a float or None')
        if timeout < 0:
            raise ValueError('timeout must be non-negative')
    wanted = {}
    lists = []
    for files, bits in (rlist, POLLIN), (wlist, POLLOUT), (xlist, POLLPRI):
        try:
            files = list(files)
        except TypeError:
            raise TypeError('arguments 1-3 must be sequences') from None
        pairs = [(file, _descriptor(file)) for file in files]
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
