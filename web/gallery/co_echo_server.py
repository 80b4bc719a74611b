# /// lab
# title = "An echo server with many clients"
# python = "3.13"
# cores = 1
# seed = 1
# ///
import asyncio
import time

# Look at: thirty clients, thirty tasks of the server, one thread. Select tells the loop whose bytes have come.
# Change: time.sleep(0.1) in echo, and see the clients queue.

CLIENTS = 30

async def echo(reader, writer):
    while data := await reader.readline():
        await asyncio.sleep(0.1)
        writer.write(data.upper())
        await writer.drain()
    writer.close()

async def client(n):
    reader, writer = await asyncio.open_connection("127.0.0.1", 8000)
    writer.write(f"hello {n}\n".encode())
    answer = await reader.readline()
    writer.close()
    await writer.wait_closed()
    return answer

async def main():
    server = await asyncio.start_server(echo, "127.0.0.1", 8000)
    async with server:
        start = time.perf_counter()
        tasks = [asyncio.create_task(client(n), name=f"client-{n}") for n in range(CLIENTS)]
        answers = await asyncio.gather(*tasks)
        print(len(answers), "answers, the last is", answers[-1])
        print("within 0.2 s:", time.perf_counter() - start < 0.2)

asyncio.run(main())
