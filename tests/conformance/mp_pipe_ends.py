# Pipes: both directions and one, bytes and objects, poll, EOFError when every copy of the other end is closed, errors.
import multiprocessing as mp
import os
import time
from multiprocessing.connection import Connection, wait


def echo(connection):
    while True:
        try:
            item = connection.recv()
        except EOFError:
            break
        connection.send((item, os.getppid() == parent))
    connection.send_bytes(b'end')


def produce(connection, other):
    other.close()
    for i in range(3):
        connection.send(i)
    connection.close()


def keeps_open(connection, seconds):
    time.sleep(seconds)


def attempt(do, *args):
    try:
        print(do(*args))
    except Exception as error:
        print(type(error).__name__, error)


parent = os.getpid()
if __name__ == '__main__':
    mp.set_start_method('fork')
    ours, theirs = mp.Pipe()
    print(type(ours) is Connection, ours.readable, ours.writable, theirs.readable, ours.closed, ours.fileno() >= 3)
    ours.send_bytes(b'abcdef', 2, 3)
    print(theirs.recv_bytes(), theirs.poll(), ours.poll(0.01))
    ours.send_bytes(b'0123456789')
    attempt(theirs.recv_bytes, 4)
    ours, theirs = mp.Pipe()
    room = bytearray(8)
    ours.send_bytes(b'abc')
    print(theirs.recv_bytes_into(room, 2), room)
    ours.send_bytes(b'longer than that')
    attempt(theirs.recv_bytes_into, room)
    attempt(ours.send_bytes, b'abc', 5)
    attempt(ours.send_bytes, b'abc', 1, 5)
    attempt(ours.recv_bytes, -1)

    receive, send = mp.Pipe(duplex=False)
    print(receive.readable, receive.writable, send.readable, send.writable)
    attempt(send.recv)
    attempt(receive.send, 1)
    child = mp.Process(target=produce, args=(send, receive))
    child.start()
    send.close()
    print([receive.recv() for _ in range(3)])
    attempt(receive.recv)
    print(receive.poll(), child.join(), child.exitcode)
    receive.close()
    attempt(receive.recv)
    attempt(receive.poll)
    print(receive.closed)

    ours, theirs = mp.Pipe()
    child = mp.Process(target=echo, args=(theirs,))
    child.start()
    for item in (1, 'two', [3.0, None], {'four': b'5'}):
        ours.send(item)
        print(ours.recv())
    # The child has a copy of our end, so it never sees the end of the stream.
    ours.close()
    child.join(0.2)
    print(child.is_alive())
    child.terminate()
    child.join()

    receive, send = mp.Pipe(False)
    holder = mp.Process(target=keeps_open, args=(send, 0.3))
    holder.start()
    send.close()
    began = time.monotonic()
    attempt(receive.recv)
    print(time.monotonic() - began > 0.2, wait([receive, holder.sentinel], 5) != [])
    holder.join()
    receive, send = mp.Pipe(False)
    receive.close()
    attempt(send.send, 'nobody listens')
    with mp.Pipe()[0] as connection:
        print(connection.closed)
    print(connection.closed)
