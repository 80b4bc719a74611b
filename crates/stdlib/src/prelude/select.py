# select: nothing to wait on exists yet but time, so only waiting for no file at all works. No poll and no epoll: selectors then offers
# its SelectSelector alone.
from time import sleep as _sleep

error = OSError
PIPE_BUF = 4096
POLLIN, POLLPRI, POLLOUT, POLLERR, POLLHUP, POLLNVAL = 1, 2, 4, 8, 16, 32
POLLRDNORM, POLLRDBAND, POLLWRNORM, POLLWRBAND, POLLMSG, POLLRDHUP = 64, 128, 256, 512, 1024, 8192


def select(rlist, wlist, xlist, timeout=None, /):
    if list(rlist) or list(wlist) or list(xlist):
        raise NotImplementedError('Heddle does not support select.select')
    if timeout is None:
        raise NotImplementedError('Heddle does not support select.select without a timeout')
    if timeout < 0:
        raise ValueError('timeout must be non-negative')
    _sleep(timeout)
    return [], [], []
