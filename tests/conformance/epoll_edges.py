# Sets of descriptors that the kernel keeps: edges, once only, copies, sets in sets.
import os
import select
import socket

IN, OUT, HUP, EDGE, ONCE = select.EPOLLIN, select.EPOLLOUT, select.EPOLLHUP, select.EPOLLET, select.EPOLLONESHOT

r, w = os.pipe()
names = {r: 'r', w: 'w'}


def told(epoll, most=-1):
    return sorted((names.get(fd, '?'), events) for fd, events in epoll.poll(0, most))


# Edges: what has been told is not told again before more comes.
with select.epoll() as epoll:
    epoll.register(r, IN | EDGE)
    print(told(epoll))
    os.write(w, b'one')
    print(told(epoll), told(epoll))
    os.write(w, b'two')
    print(told(epoll), told(epoll))
    print(os.read(r, 100), told(epoll))
    os.write(w, b'abc')
    print(told(epoll), os.read(r, 3), told(epoll))
    epoll.modify(r, IN | EDGE)
    print(told(epoll))
    os.write(w, b'xyz')
    epoll.modify(r, IN | EDGE)
    print(told(epoll), told(epoll), os.read(r, 9))
    epoll.unregister(r)

# Once only.
with select.epoll() as epoll:
    os.write(w, b'x')
    epoll.register(r, IN | ONCE)
    print(told(epoll), told(epoll))
    os.write(w, b'y')
    print(told(epoll))
    epoll.modify(r, IN | ONCE)
    print(told(epoll), told(epoll), os.read(r, 9))

# A copy of the descriptor is the same set; the set itself can be waited for.
epoll, outer = select.epoll(), select.epoll()
names[epoll.fileno()] = 'inner'
same = select.epoll.fromfd(os.dup(epoll.fileno()))
epoll.register(r, IN)
same.register(w, OUT)
outer.register(epoll.fileno(), IN)
print(told(epoll) == told(same), told(same), told(outer))
print(select.select([epoll], [], [], 0)[0] == [epoll])
same.unregister(w)
print(told(epoll), told(outer), select.select([epoll], [], [], 0))
os.write(w, b'z')
print(told(epoll), told(outer), select.select([epoll], [], [], 0)[0] == [epoll])
same.close()
print(told(epoll), os.read(r, 9))

# What is refused.
for what in (
    lambda: epoll.register(r, IN),
    lambda: epoll.modify(w, IN),
    lambda: epoll.unregister(w),
    lambda: epoll.register(epoll.fileno(), IN),
    lambda: epoll.register(outer.fileno(), IN),
    lambda: epoll.register(999, IN),
    lambda: select.epoll.fromfd(r).register(w, IN),
    lambda: os.read(epoll.fileno(), 1),
):
    try:
        what()
        print('done')
    except OSError as error:
        print(type(error).__name__, error.errno)
with open('/tmp/a file', 'w') as file:
    try:
        epoll.register(file, IN)
    except PermissionError as error:
        print(error.errno)
os.unlink('/tmp/a file')

# Who is closed is forgotten.
a, b = socket.socketpair()
names[a.fileno()] = 'a'
epoll.register(a, IN | OUT | EDGE)
print(told(epoll), told(epoll))
b.send(b'hello')
print(told(epoll), told(epoll))
b.close()
print(told(epoll), told(epoll))
a.close()
print(told(epoll), told(epoll))

# At most so many at a time: the others come next.
pairs = [os.pipe() for _ in range(3)]
many = select.epoll()
for read, write in pairs:
    many.register(read, IN)
    os.write(write, b'.')
seen = {many.poll(0, 1)[0][0] for _ in range(3)}
print(seen == {read for read, _ in pairs}, len(many.poll(0)))
