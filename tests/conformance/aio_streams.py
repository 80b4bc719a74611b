# Streams: an echo server with many clients, readuntil and limits, half-closed connections, errors, and a server that closes.
import asyncio


async def echo(reader, writer):
    while line := await reader.readline():
        writer.write(line.upper())
        await writer.drain()
    writer.write(b'bye\n')
    writer.close()
    await writer.wait_closed()


async def client(port, name, n):
    reader, writer = await asyncio.open_connection('127.0.0.1', port)
    for i in range(n):
        writer.write(f'{name}{i}\n'.encode())
        assert await reader.readline() == f'{name}{i}\n'.upper().encode()
    writer.write_eof()
    rest = await reader.read()
    writer.close()
    await writer.wait_closed()
    return rest


async def main():
    server = await asyncio.start_server(echo, '127.0.0.1', 0)
    port = server.sockets[0].getsockname()[1]
    print(server.is_serving(), len(server.sockets))
    results = await asyncio.gather(*(client(port, f'c{i}-', 5) for i in range(40)))
    print(len(results), set(results))
    server.close()
    await server.wait_closed()
    print(server.is_serving(), server.sockets)
    try:
        await asyncio.open_connection('127.0.0.1', port)
    except ConnectionRefusedError as e:
        print(type(e).__name__, e.errno)

    async def parts(reader, writer):
        writer.write(b'head\r\n\r\nbody;tail')
        await writer.drain()
        await asyncio.sleep(0.05)
        writer.write(b'x' * 100)
        await asyncio.sleep(0.05)
        writer.close()

    async with await asyncio.start_server(parts, 'localhost', 0, limit=64) as server:
        port = server.sockets[0].getsockname()[1]
        r, w = await asyncio.open_connection('localhost', port, limit=64)
        print(await r.readuntil(b'\r\n\r\n'), await r.readexactly(4), await r.readuntil(b';'))
        print(await r.read(10))
        try:
            await r.readuntil(b'\n')
        except asyncio.LimitOverrunError as e:
            print('LimitOverrunError', e)
        print(len(await r.readexactly(60)))
        try:
            await r.readexactly(1000)
        except asyncio.IncompleteReadError as e:
            print('IncompleteReadError', len(e.partial), e.expected)
        print(r.at_eof(), await r.read(), await r.readline())
        print(w.get_extra_info('peername')[1] == port, w.can_write_eof(), w.is_closing())
        w.close()
        await w.wait_closed()
        try:
            w.write(b'late')
            await w.drain()
        except ConnectionResetError as e:
            print(e)

    r = asyncio.StreamReader()
    r.feed_data(b'one\ntwo\nthr')
    print(await r.readline(), [r._buffer], r.at_eof())
    r.feed_eof()
    print([line async for line in r])
    r = asyncio.StreamReader()
    r.set_exception(OSError('broken'))
    try:
        await r.read()
    except OSError as e:
        print(e)
    # Back-pressure: drain waits until the other side reads.
    got = asyncio.Event()

    async def reads_late(reader, writer):
        await got.wait()
        total = 0
        while data := await reader.read(65536):
            total += len(data)
        writer.write(str(total).encode())
        writer.close()

    async with await asyncio.start_server(reads_late, '127.0.0.1', 0) as server:
        r, w = await asyncio.open_connection(*server.sockets[0].getsockname())
        w.write(bytes(8_000_000))
        drained = asyncio.create_task(w.drain())
        await asyncio.sleep(0.1)
        print('drained', drained.done(), w.transport.get_write_buffer_size() > 0)
        got.set()
        await drained
        w.write_eof()
        print(await r.read())
        w.close()


asyncio.run(main())
