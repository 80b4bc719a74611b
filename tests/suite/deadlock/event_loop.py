# An event loop whose only task awaits what nobody will ever set; and a socket that nobody writes to.
import asyncio
import socket
import threading


async def main():
    print('awaiting')
    await asyncio.get_running_loop().create_future()


left, right = socket.socketpair()
threading.Thread(target=left.recv, args=(1,), name='reader').start()
asyncio.run(main())
