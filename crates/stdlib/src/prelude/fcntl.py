# fcntl: the constants; files cannot be controlled.
F_DUPFD, F_GETFD, F_SETFD, F_GETFL, F_SETFL, F_GETLK, F_SETLK, F_SETLKW = range(8)
F_SETOWN, F_GETOWN, F_DUPFD_CLOEXEC, F_SETPIPE_SZ, F_GETPIPE_SZ = 8, 9, 1030, 1031, 1032
F_RDLCK, F_WRLCK, F_UNLCK = 0, 1, 2
FD_CLOEXEC = 1
LOCK_SH, LOCK_EX, LOCK_NB, LOCK_UN = 1, 2, 4, 8


def fcntl(fd, cmd, arg=0, /):
    raise NotImplementedError('Heddle does not support fcntl.fcntl')


def ioctl(fd, request, arg=0, mutate_flag=True, /):
    raise NotImplementedError('Heddle does not support fcntl.ioctl')


def flock(fd, operation, /):
    raise NotImplementedError('Heddle does not support fcntl.flock')


def lockf(fd, cmd, len=0, start=0, whence=0, /):
    raise NotImplementedError('Heddle does not support fcntl.lockf')
