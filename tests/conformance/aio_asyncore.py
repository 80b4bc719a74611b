# An event loop in the manner of asyncore: dispatchers with handle_… methods over select, poll and epoll, in one thread.
import errno
import select
import socket

socket_map = {}


class dispatcher:
    """What asyncore's class of this name does, as far as servers need it."""

    connected = accepting = closing = False

    def __init__(self, sock=None):
        self.out = b''
        if sock:
            sock.setblocking(False)
            self.connected = True
            self.set_socket(sock)

    def set_socket(self, sock):
        self.socket = sock
        socket_map[sock.fileno()] = self

    def create_socket(self):
        sock = socket.socket()
        sock.setblocking(False)
        self.set_socket(sock)

    def listen(self, n):
        self.accepting = True
        self.socket.listen(n)

    def connect(self, address):
        error = self.socket.connect_ex(address)
        assert error in (0, errno.EINPROGRESS), error

    def readable(self):
        return True

    def writable(self):
        return not self.accepting and (not self.connected or bool(self.out))

    def send(self, data):
        self.out += data

    def recv(self, n):
        try:
            data = self.socket.recv(n)
        except OSError as e:
            self.handle_error(errno.errorcode[e.errno])
            return b''
        if not data:
            self.handle_close()
        return data

    def close(self):
        del socket_map[self.socket.fileno()]
        self.socket.close()

    def handle_read_event(self):
        if self.accepting:
            self.handle_accepted(*self.socket.accept())
        else:
            self.handle_read()

    def handle_write_event(self):
        if not self.connected:
            error = self.socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
            if error:
                self.handle_error(errno.errorcode[error])
                return
            self.connected = True
            self.handle_connect()
        if self.out:
            sent = self.socket.send(self.out[:512])
            self.out = self.out[sent:]
        if self.closing and not self.out:
            self.handle_close()

    def handle_connect(self):
        pass

    def handle_close(self):
        self.close()

    def handle_error(self, what):
        print('error', what)
        self.close()


def by_select(timeout):
    r = [fd for fd, d in socket_map.items() if d.readable()]
    w = [fd for fd, d in socket_map.items() if d.writable()]
    r, w, _ = select.select(r, w, [], timeout)
    return [(fd, 1) for fd in r] + [(fd, 2) for fd in w]


def by_poll(timeout):
    p = select.poll()
    for fd, d in socket_map.items():
        p.register(fd, d.readable() * select.POLLIN | d.writable() * select.POLLOUT)
    return flags(p.poll(timeout * 1000), select.POLLIN | select.POLLHUP | select.POLLERR, select.POLLOUT)


def by_epoll(timeout):
    with select.epoll() as p:
        for fd, d in socket_map.items():
            p.register(fd, d.readable() * select.EPOLLIN | d.writable() * select.EPOLLOUT)
        return flags(p.poll(timeout), select.EPOLLIN | select.EPOLLHUP | select.EPOLLERR, select.EPOLLOUT)


def flags(events, read, write):
    return [(fd, 1) for fd, e in events if e & read] + [(fd, 2) for fd, e in events if e & write]


def loop(poll):
    rounds = 0
    while socket_map:
        rounds += 1
        for fd, what in poll(1):
            if d := socket_map.get(fd):
                d.handle_read_event() if what == 1 else d.handle_write_event()
    return rounds


class Server(dispatcher):
    def __init__(self, clients):
        super().__init__()
        self.left, self.seen = clients, []
        self.create_socket()
        self.socket.bind(('127.0.0.1', 0))
        self.listen(5)
        self.address = self.socket.getsockname()

    def handle_accepted(self, sock, address):
        Echo(sock, self)
        self.left -= 1
        if not self.left:
            self.close()


class Echo(dispatcher):
    def __init__(self, sock, server):
        super().__init__(sock)
        self.server = server

    def handle_read(self):
        data = self.recv(256)
        self.server.seen.append(len(data))
        self.send(data.swapcase())


class Client(dispatcher):
    def __init__(self, address, name, n):
        super().__init__()
        self.name, self.n, self.got = name, n, b''
        self.create_socket()
        self.connect(address)

    def readable(self):
        return self.connected

    def handle_connect(self):
        self.send(self.name.encode() * self.n)

    def handle_read(self):
        self.got += self.recv(4096)
        if len(self.got) == len(self.name) * self.n:
            results.append((self.name, len(self.got), self.got[:6]))
            self.close()


for poll in by_select, by_poll, by_epoll:
    results = []
    server = Server(5)
    for i in range(5):
        Client(server.address, f'client{i}', 10 ** i // 5 + 1)
    rounds = loop(poll)
    print(poll.__name__, sorted(results), sum(server.seen), rounds > 20)
refused = socket.create_server(('127.0.0.1', 0))
address = refused.getsockname()
refused.close()
Client(address, 'nobody', 1)
loop(by_poll)
