# select.epoll, and the selectors over it.
import errno
import os
import select
import selectors
import socket
import threading
import time


def failure(function, *args):
    try:
        return function(*args)
    except OSError as error:
        return type(error).__name__, errno.errorcode.get(error.errno)
    except (ValueError, TypeError) as error:
        return type(error).__name__, str(error)


a, b = socket.socketpair()
with select.epoll() as poll:
    poll.register(a, select.EPOLLIN)
    poll.register(b.fileno())
    names = {a.fileno(): 'a', b.fileno(): 'b'}

    def told(*args):
        return [(names[fd], events) for fd, events in sorted(poll.poll(*args))]

    print(told(0))
    b.send(b'x')
    print(told(0), len(told(0, 1)))
    print(failure(poll.register, a), failure(poll.modify, 999, 0), failure(poll.unregister, 999))
    poll.modify(b, select.EPOLLIN)
    a.recv(1)
    start = time.monotonic()
    print(told(0.05), time.monotonic() - start >= 0.05)
    threading.Timer(0.05, b.send, [b'y']).start()
    print(told())
    poll.modify(a, select.EPOLLIN | select.EPOLLONESHOT)
    print(told(0), told(0))
    poll.modify(a, select.EPOLLIN)
    print(told(0))
    poll.unregister(b)
    b.close()
    a.recv(10)
    print(told(0) == [('a', select.EPOLLIN | select.EPOLLHUP)], poll.closed)
    with open('/dev/null') as null:
        pass
print(poll.closed, failure(poll.poll, 0), failure(poll.fileno))
a.close()

print(selectors.DefaultSelector.__name__)
read, write = os.pipe()
with selectors.DefaultSelector() as selector:
    selector.register(read, selectors.EVENT_READ, 'reader')
    selector.register(write, selectors.EVENT_WRITE, 'writer')
    print([key.data for key, _ in selector.select(0)])
    selector.unregister(write)
    print(selector.select(0.01))
    os.write(write, b'z')
    print([(key.data, events) for key, events in selector.select()])
os.close(read)
os.close(write)
