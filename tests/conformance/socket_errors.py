# What goes wrong with connections, and when it is told.
import errno
import fcntl
import os
import select
import socket
import struct
import threading
import time


def failure(function, *args):
    try:
        return function(*args)
    except OSError as error:
        return type(error).__name__, errno.errorcode.get(error.errno)


def pair():
    with socket.create_server(('127.0.0.1', 0)) as listener:
        client = socket.create_connection(listener.getsockname())
        return client, listener.accept()[0]


# Nobody listens; somebody does already; unknown names.
with socket.socket() as free:
    free.bind(('127.0.0.1', 0))
    address = free.getsockname()
    print(failure(socket.create_connection, address))
    with socket.socket() as other:
        print(failure(other.bind, address))
        print(other.connect_ex(address) == errno.ECONNREFUSED)
print(failure(socket.getaddrinfo, 'localhost', 'no-such-service') == ('gaierror', None))
with socket.socket(socket.AF_UNIX) as other:
    print(failure(other.connect, '/tmp/no/such/socket'))
with socket.socket() as other:
    print(failure(other.getpeername), failure(other.recv, 1), failure(other.accept))

# A connection that is made while one waits for it.
with socket.create_server(('127.0.0.1', 0)) as listener:
    with socket.socket() as client:
        client.setblocking(False)
        print(failure(client.connect, listener.getsockname()))
        print(select.select([], [client], [], 5)[1] == [client], client.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR))
        print(client.getpeername() == listener.getsockname())
    with socket.socket() as client:
        client.settimeout(5)
        client.connect(listener.getsockname())
        print(failure(client.connect, listener.getsockname()))
with socket.socket() as client:
    client.setblocking(False)
    print(failure(client.connect, address))
    select.select([], [client], [], 5)
    print(errno.errorcode[client.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)], client.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR))

# The other end is closed.
client, server = pair()
client.sendall(b'last words')
client.close()
print(server.recv(100), server.recv(100))
print(server.send(b'too late'))
time.sleep(0.1)
print(failure(server.send, b'again'))
server.close()
client, server = pair()
server.sendall(b'never read')
time.sleep(0.1)
client.close()
time.sleep(0.1)
print(failure(server.recv, 100), failure(server.recv, 100), failure(server.send, b'x'))
server.close()
client, server = pair()
client.shutdown(socket.SHUT_WR)
print(server.recv(1), failure(client.send, b'x'), server.send(b'still open'), client.recv(100))
server.close()
client.close()
a, b = socket.socketpair()
b.close()
print(failure(a.send, b'x'))
a.close()

# Time.
client, server = pair()
client.settimeout(0.05)
start = time.monotonic()
print(failure(client.recv, 1), time.monotonic() - start >= 0.05)
threading.Timer(0.1, server.sendall, [b'in time']).start()
client.settimeout(5)
print(client.recv(100))
client.settimeout(0)
print(failure(client.recv, 1))
with client.makefile('rb') as file:
    pass

# Options and descriptors.
client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
print(client.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY), client.getsockopt(socket.SOL_SOCKET, socket.SO_TYPE) == socket.SOCK_STREAM)
print(fcntl.fcntl(client, fcntl.F_GETFL) & os.O_NONBLOCK == os.O_NONBLOCK, os.get_blocking(server.fileno()))
server.sendall(b'12345')
time.sleep(0.1)
FIONREAD = 0x541B
print(struct.unpack('i', fcntl.ioctl(client, FIONREAD, bytes(4)))[0])
copy = fcntl.fcntl(client, fcntl.F_DUPFD, 200)
print(copy >= 200, os.read(copy, 2), client.recv(10))
os.close(copy)
read, write = os.pipe2(os.O_NONBLOCK)
print(failure(os.read, read, 1), os.get_blocking(write))
os.set_blocking(read, True)
threading.Timer(0.1, os.write, (write, b'from a pipe')).start()
print(os.read(read, 100))
os.close(write)
print(os.read(read, 1))
os.close(read)
read, write = os.pipe()
os.close(read)
print(failure(os.write, write, b'x'))
os.close(write)
client.close()
server.close()

# A file goes over a socket.
with open('socket_errors.tmp', 'wb') as file:
    file.write(b'woven' * 1000)
client, server = pair()
with open('socket_errors.tmp', 'rb') as file:
    print(client.sendfile(file))
client.close()
got = b''
while data := server.recv(4096):
    got += data
print(len(got))
server.close()
os.remove('socket_errors.tmp')
