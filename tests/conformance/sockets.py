# Sockets of one computer: pairs, streams and datagrams over the loopback, what poll and select say of them, timeouts and errors.
import errno
import os
import select
import socket
import threading

READ, WRITE, HANGUP = select.POLLIN, select.POLLOUT, select.POLLHUP


def told(file, wanted=READ | WRITE):
    poll = select.poll()
    poll.register(file, wanted)
    names = {READ: 'in', WRITE: 'out', HANGUP: 'hup', select.POLLERR: 'err', select.POLLNVAL: 'nval'}
    return [name for _, events in poll.poll(0) for bit, name in names.items() if events & bit]


def failure(function, *args):
    try:
        return function(*args)
    except OSError as error:
        return type(error).__name__, errno.errorcode.get(error.errno), error.args[-1] if error.errno is None else None


a, b = socket.socketpair()
print(a.family.name, a.type.name, a.getsockname() == '', a.getpeername() == '')
print(told(a), told(b))
a.send(b'hello')
print(told(b), b.recv(3, socket.MSG_PEEK), b.recv(3), b.recv(10), told(b))
print(select.select([a, b], [a], [], 0)[0], len(select.select([], [a, b], [], 0)[1]))
b.setblocking(False)
print(b.getblocking(), b.gettimeout(), failure(b.recv, 1))
b.settimeout(0.01)
print(b.gettimeout(), failure(b.recv, 1))
a.shutdown(socket.SHUT_WR)
print(b.recv(1), told(b), failure(a.send, b'x'))
b.send(b'still')
print(a.recv(10))
b.close()
print(told(a), a.recv(1), b.fileno(), failure(b.recv, 1))
a.close()

# A full buffer makes the writer wait.
a, b = socket.socketpair()
a.setblocking(False)
sent = 0
while True:
    try:
        sent += a.send(b'x' * 10_000)
    except BlockingIOError:
        break
print(sent > 100_000, told(a), told(b))
got = 0
while got < sent:
    got += len(b.recv(65536))
print(got == sent, told(a))
a.close()
b.close()

# A server and its clients.
server = socket.create_server(('127.0.0.1', 0))
port = server.getsockname()[1]
print(server.getsockname()[0], port > 0, told(server))


def serve():
    for _ in range(2):
        connection, address = server.accept()
        with connection, connection.makefile('rw') as file:
            for line in file:
                file.write(line.upper())
                file.flush()


thread = threading.Thread(target=serve)
thread.start()
for text in 'one', 'two':
    with socket.create_connection(('localhost', port)) as client:
        print(client.getpeername() == ('127.0.0.1', port), client.getsockname()[0])
        client.sendall(text.encode() + b'\nand more\n')
        client.shutdown(socket.SHUT_WR)
        data = b''
        while part := client.recv(100):
            data += part
        print(data)
thread.join()
server.close()
print(failure(socket.create_connection, ('127.0.0.1', port)))

# Errors of addresses and states.
first = socket.socket()
first.bind(('127.0.0.1', 0))
second = socket.socket()
print(failure(second.bind, first.getsockname()))
print(failure(first.accept), failure(second.recv, 1), failure(second.getpeername))
print(failure(first.bind, ('127.0.0.1', 0)))
for bad in ('127.0.0.1',), 'name', ('127.0.0.1', 70000), ('127.0.0.1', 'x'):
    try:
        second.connect(bad)
    except (TypeError, OverflowError) as error:
        print(type(error).__name__)
first.close()
second.close()
print(failure(socket.socket, 99))

# Datagrams keep their borders.
one = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
two = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
one.bind(('127.0.0.1', 0))
two.bind(('127.0.0.1', 0))
two.sendto(b'first', one.getsockname())
two.sendto(b'second', one.getsockname())
data, address = one.recvfrom(3)
print(data, address == two.getsockname(), one.recv(100), told(one))
one.connect(two.getsockname())
one.send(b'back')
buffer = bytearray(10)
print(two.recv_into(buffer), bytes(buffer))
one.close()
two.close()

# Pipes and names.
read, write = os.pipe()
print(told(read), told(write), os.get_blocking(read))
os.write(write, b'abc')
print(told(read), os.read(read, 10))
os.set_blocking(read, False)
print(failure(os.read, read, 1))
os.close(write)
print(told(read), os.read(read, 1))
os.close(read)
poll = select.poll()
poll.register(read, READ)
print(poll.poll(10) == [(read, select.POLLNVAL)])
print(sorted({info[4][0] for info in socket.getaddrinfo('127.0.0.1', 80)}), socket.gethostbyname('localhost'))
print(socket.inet_aton('1.2.3.4'), socket.inet_ntop(socket.AF_INET6, socket.inet_pton(socket.AF_INET6, '::1')))
try:
    socket.getaddrinfo('no such name', 80)
except socket.gaierror as error:
    print(type(error).__mro__[1].__name__)
