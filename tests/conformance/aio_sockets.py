# The loop's lower floors: protocols, datagrams, Unix sockets, sock_* calls, add_reader and add_writer, pipes, getaddrinfo.
import asyncio
import os
import socket
import tempfile


class Lines(asyncio.Protocol):
    def __init__(self, name, done):
        self.name, self.done = name, done

    def connection_made(self, transport):
        self.transport = transport
        print(self.name, 'connection made')

    def data_received(self, data):
        print(self.name, 'data', data)
        if self.name == 'server':
            self.transport.write(data[::-1])
        else:
            self.transport.close()

    def eof_received(self):
        print(self.name, 'eof')

    def connection_lost(self, exc):
        print(self.name, 'lost', exc)
        if not self.done.done():
            self.done.set_result(None)


class Datagrams(asyncio.DatagramProtocol):
    def __init__(self, answers):
        self.answers, self.got = answers, asyncio.get_running_loop().create_future()

    def connection_made(self, transport):
        self.transport = transport

    def datagram_received(self, data, addr):
        if self.answers:
            self.transport.sendto(data * 2, addr)
        else:
            self.got.set_result(data)

    def error_received(self, exc):
        self.got.set_result(type(exc).__name__)


async def main():
    loop = asyncio.get_running_loop()
    ends = [loop.create_future() for _ in range(2)]
    server = await loop.create_server(lambda: Lines('server', ends[0]), '127.0.0.1', 0)
    t, p = await loop.create_connection(lambda: Lines('client', ends[1]), *server.sockets[0].getsockname())
    t.write(b'abc')
    await asyncio.gather(*ends)
    server.close()
    print('- datagrams')
    a, _ = await loop.create_datagram_endpoint(lambda: Datagrams(True), ('127.0.0.1', 0))
    b, p = await loop.create_datagram_endpoint(lambda: Datagrams(False), remote_addr=a.get_extra_info('sockname'))
    b.sendto(b'ping')
    print(await p.got)
    a.close()
    b.close()
    print('- Unix sockets')
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, 's')

        async def greet(reader, writer):
            writer.write(b'hello ' + await reader.readline())
            writer.close()

        for turn in range(2):
            # The second server takes the name over from the first one.
            async with await asyncio.start_unix_server(greet, path):
                r, w = await asyncio.open_unix_connection(path)
                w.write(b'%d\n' % turn)
                print(await r.read())
                w.close()
        print(os.path.exists(path))
        try:
            await asyncio.open_unix_connection(path)
        except OSError as e:
            print(type(e).__name__)
    print('- sock_* calls')
    lsock = socket.create_server(('127.0.0.1', 0))
    lsock.setblocking(False)
    csock = socket.socket()
    csock.setblocking(False)
    accepting = asyncio.create_task(loop.sock_accept(lsock))
    await loop.sock_connect(csock, lsock.getsockname())
    conn, addr = await accepting
    print(addr == csock.getsockname(), conn.getblocking())
    receiving = asyncio.create_task(loop.sock_recv(conn, 100))
    await asyncio.sleep(0)
    await loop.sock_sendall(csock, b'data')
    print(await receiving)
    buffer = bytearray(10)
    await loop.sock_sendall(csock, b'into')
    print(await loop.sock_recv_into(conn, buffer), bytes(buffer[:4]))
    big = asyncio.create_task(loop.sock_sendall(csock, bytes(3_000_000)))
    n = 0
    while n < 3_000_000:
        n += len(await loop.sock_recv(conn, 100_000))
    await big
    print(n)
    receiving = asyncio.create_task(loop.sock_recv(conn, 100))
    await asyncio.sleep(0)
    receiving.cancel()
    await asyncio.wait([receiving])
    print(receiving.cancelled(), loop.remove_reader(conn))
    for s in (conn, csock, lsock):
        s.close()
    print('- readers and writers')
    one, two = socket.socketpair()
    one.setblocking(False)
    two.setblocking(False)
    read = loop.create_future()
    loop.add_reader(two, lambda: read.done() or read.set_result(two.recv(10)))

    def write():
        one.send(b'by hand')
        print('removed', loop.remove_writer(one), loop.remove_writer(one))

    loop.add_writer(one, write)
    print(await read, loop.remove_reader(two))
    try:
        await loop.sock_recv(socket.socket(), 1) if loop.get_debug() else loop.add_reader(-1, print)
    except ValueError as e:
        print('ValueError', e)
    print('- pipes')
    rfd, wfd = os.pipe()
    reader = asyncio.StreamReader()
    rt, _ = await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(rfd, 'rb'))
    wt, _ = await loop.connect_write_pipe(asyncio.BaseProtocol, os.fdopen(wfd, 'wb'))
    wt.write(b'through a pipe\n')
    print(await reader.readline())
    wt.close()
    print(await reader.read())
    print('- names')
    found = await loop.getaddrinfo('127.0.0.1', 80, type=socket.SOCK_STREAM)
    print(found)
    print(await loop.getnameinfo(('127.0.0.1', 80), socket.NI_NUMERICHOST | socket.NI_NUMERICSERV))
    one.close()
    two.close()


asyncio.run(main())
