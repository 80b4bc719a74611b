# fcntl: flags and copies of descriptors, how much there is to read, and locks on files.
from posix import close as _close, dup as _dup, fstat as _fstat, get_blocking as _get_blocking, set_blocking as _set_blocking
from posix import get_inheritable as _get_inheritable, set_inheritable as _set_inheritable

F_DUPFD, F_GETFD, F_SETFD, F_GETFL, F_SETFL, F_GETLK, F_SETLK, F_SETLKW = range(8)
F_SETOWN, F_GETOWN, F_DUPFD_CLOEXEC, F_SETPIPE_SZ, F_GETPIPE_SZ = 8, 9, 1030, 1031, 1032
F_RDLCK, F_WRLCK, F_UNLCK = 0, 1, 2
FD_CLOEXEC = 1
LOCK_SH, LOCK_EX, LOCK_NB, LOCK_UN = 1, 2, 4, 8
_O_NONBLOCK = 0o4000
_FIONREAD = 0x541B


def _descriptor(fd):
    if not isinstance(fd, int):
        try:
            fd = fd.fileno()
        except AttributeError:
            raise TypeError('argument must be an int, or have a fileno() method.') from None
    if not -2 ** 31 <= fd < 2 ** 31:
        raise OverflowError(f'signed integer is {"greater than maximum" if fd > 0 else "less than minimum"}')
    if fd < 0:
        raise ValueError(f'file descriptor cannot be a negative integer ({fd})')
    return fd


def fcntl(fd, cmd, arg=0, /):
    fd = _descriptor(fd)
    _fstat(fd)
    if cmd == F_GETFD:
        return 0 if _get_inheritable(fd) else FD_CLOEXEC
    if cmd == F_SETFD:
        _set_inheritable(fd, not arg & FD_CLOEXEC)
        return 0
    if cmd == F_GETFL:
        from _posix import _access_mode
        return _access_mode(fd) | (0 if _get_blocking(fd) else _O_NONBLOCK)
    if cmd == F_SETFL:
        _set_blocking(fd, not arg & _O_NONBLOCK)
        return 0
    if cmd in (F_DUPFD, F_DUPFD_CLOEXEC):
        # The lowest free descriptor that is not below the one asked for.
        found, low = _dup(fd), []
        while found < arg:
            low.append(found)
            found = _dup(fd)
        for other in low:
            _close(other)
        _set_inheritable(found, cmd == F_DUPFD)
        return found
    if cmd in (F_GETPIPE_SZ, F_SETPIPE_SZ):
        from _processes import _pipe_size
        return _pipe_size(fd, arg if cmd == F_SETPIPE_SZ else None)
    if cmd in (F_GETLK, F_SETLK, F_SETLKW):
        return _fcntl_lock(fd, cmd, arg)
    raise NotImplementedError(f'Heddle does not support fcntl.fcntl with command {cmd}')


def ioctl(fd, request, arg=0, mutate_flag=True, /):
    fd = _descriptor(fd)
    if request != _FIONREAD:
        _fstat(fd)
        raise NotImplementedError(f'Heddle does not support fcntl.ioctl with request {request:#x}')
    from _sockets import available
    packed = available(fd).to_bytes(4, 'little')
    if isinstance(arg, int):
        return 0
    if isinstance(arg, (bytes, str)):
        return packed
    with memoryview(arg) as view, view.cast('B') as view:
        view[:4] = packed
    return 0


def _fcntl_lock(fd, cmd, arg):
    """`struct flock`: type, whence, start, length and process, as C on x86-64 lays them out."""
    if not isinstance(arg, (bytes, bytearray, memoryview)) or len(arg) < 28:
        raise OSError(14, 'Bad address')
    from struct import pack, unpack_from
    from _processes import _find_lock, _lock
    kind, whence, start, length = unpack_from('hh4xqq', arg)
    if cmd != F_GETLK:
        _lock(fd, kind, whence, start, length, cmd == F_SETLKW)
        return bytes(arg)
    found = _find_lock(fd, kind, whence, start, length)
    if found is None:
        return pack('h', F_UNLCK) + bytes(arg)[2:]
    kind, start, length, pid = found
    return pack('hh4xqqi', kind, 0, start, length, pid) + bytes(arg)[28:]


def flock(fd, operation, /):
    from _processes import _flock
    _flock(_descriptor(fd), operation)


def lockf(fd, cmd, len=0, start=0, whence=0, /):
    from _processes import _lock
    fd = _descriptor(fd)
    if cmd == LOCK_UN:
        kind = F_UNLCK
    elif cmd & LOCK_SH:
        kind = F_RDLCK
    elif cmd & LOCK_EX:
        kind = F_WRLCK
    else:
        raise ValueError('unrecognized lockf argument')
    _lock(fd, kind, whence, start, len, not cmd & LOCK_NB)
