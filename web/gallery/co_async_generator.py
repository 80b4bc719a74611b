# /// lab
# title = "An asynchronous generator over a stream"
# python = "3.13"
# cores = 1
# seed = 1
# ///
import asyncio

# Look at: async for awaits the next line inside the generator; the await chain of "reader" leads through it into the stream.
# Change: leave the loop with break after the first line: the generator is closed, and its finally runs.

async def serve(reader, writer):
    for n in range(3):
        await asyncio.sleep(0.1)
        writer.write(f"line {n}\n".encode())
    writer.close()

async def lines(reader):
    try:
        while line := await reader.readline():
            yield line.decode().strip()
    finally:
        print("stream is over")

async def read(port):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    async for line in lines(reader):
        print(line)
    writer.close()
    await writer.wait_closed()

async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", 8000)
    async with server:
        await asyncio.create_task(read(8000), name="reader")

asyncio.run(main())
