# connection.wait over pipes, queues' readers, sockets and the sentinels of processes.
import multiprocessing as mp
import os
import socket
import time
from multiprocessing.connection import wait


def sleep(seconds, code):
    time.sleep(seconds)
    os._exit(code)


def send_later(connection, seconds, item):
    time.sleep(seconds)
    connection.send(item)


if __name__ == '__main__':
    mp.set_start_method('fork')
    children = [mp.Process(target=sleep, args=(0.3 * (3 - i), i)) for i in range(3)]
    for child in children:
        child.start()
    left, order = {child.sentinel: child for child in children}, []
    print(wait(left, 0), wait(left, 0.05))
    while left:
        for sentinel in wait(left):
            child = left.pop(sentinel)
            child.join()
            order.append(child.exitcode)
    print(order)

    pipes = [mp.Pipe(duplex=False) for _ in range(3)]
    senders = [mp.Process(target=send_later, args=(send, 0.2 * (i + 1), i)) for i, (_, send) in enumerate(pipes)]
    for sender in senders:
        sender.start()
    readers, got = [receive for receive, _ in pipes], []
    for _, send in pipes:
        send.close()
    while readers:
        for reader in wait(readers):
            try:
                got.append(reader.recv())
            except EOFError:
                got.append('end')
                readers.remove(reader)
    print(sorted(map(str, got)), [item for item in got if item != 'end'])
    a, b = socket.socketpair()
    receive, send = mp.Pipe(False)
    print(wait([a, receive], 0.05))
    b.send(b'x')
    print(wait([a, receive], 5) == [a])
    send.send(1)
    print(len(wait([a, receive], 5)), wait([], 0.01))
    for sender in senders:
        sender.join()
    try:
        print(mp.Process(target=print).sentinel)
    except ValueError as error:
        print(error)
