# _posixshmem: memory with a name is a file below /dev/shm, as in glibc (`Modules/_multiprocessing/posixshmem.c`).


def _file(path):
    if not isinstance(path, str):
        raise TypeError(f"argument 'path' must be str, not {type(path).__name__}")
    name = path.lstrip('/')
    if '\0' in name:
        raise ValueError('embedded null character')
    if not name or '/' in name:
        raise OSError(22, 'Invalid argument', path)
    return '/dev/shm/' + name


def shm_open(path, flags, mode=511):
    import posix
    file = _file(path)
    try:
        return posix.open(file, flags | posix.O_NOFOLLOW | posix.O_CLOEXEC, mode)
    except OSError as failed:
        raise OSError(failed.errno, failed.strerror, path) from None


def shm_unlink(path):
    import posix
    file = _file(path)
    try:
        posix.unlink(file)
    except OSError as failed:
        raise OSError(failed.errno, failed.strerror, path) from None
