# The start method forkserver, and descriptors sent over Unix sockets.
import array
import multiprocessing as mp
import os
import socket


def square(n):
    return n * n


def tell(pipe):
    pipe.send((__name__, mp.get_start_method(), os.getppid() != mp.parent_process().pid))


def raising():
    os._exit(3)


if __name__ == '__main__':
    mp.set_start_method('forkserver')
    here, there = mp.Pipe()
    for _ in range(2):
        p = mp.Process(target=tell, args=(there,))
        p.start()
        print(here.recv())
        p.join()
        print(p.exitcode)
    p = mp.Process(target=raising)
    p.start()
    p.join()
    print(p.exitcode)
    with mp.Pool(2) as pool:
        print(pool.map(square, range(10)))
    a, b = socket.socketpair()
    read, write = os.pipe()
    print(socket.send_fds(a, [b'with two'], [read, write]))
    os.close(read)
    data, found, flags, address = socket.recv_fds(b, 100, 5)
    print(data, len(found), flags, address, [os.get_inheritable(fd) for fd in found])
    os.write(found[1], b'through the copy')
    print(os.read(found[0], 50))
    socket.send_fds(a, [b'one'], [write])
    a.send(b' more')
    print(b.recv(2), b.recv(100))
    socket.send_fds(a, [b'three'], [write] * 3)
    data, ancillary, flags, address = b.recvmsg(100, socket.CMSG_LEN(4))
    print(data, flags & socket.MSG_CTRUNC != 0, len(array.array('i', ancillary[0][2])))
    socket.send_fds(a, [b'lost'], [write])
    b.close()
    print(socket.CMSG_LEN(4), socket.CMSG_SPACE(4), socket.CMSG_SPACE(9))
    try:
        socket.send_fds(a, [b'x'], [12345])
    except OSError as error:
        print(error.errno)
