# /// lab
# title = "Generators that wait for sockets"
# python = "3.13"
# cores = 1
# ///
import select
import socket
from collections import deque

# A generator yields what it waits for: ("read", socket) or ("write", socket). The loop parks it there and goes on with others: the step from
# generators that take turns to asyncio.
# Look at: who is parked in select. Change: more clients, or a client that never sends.


def serve(name, connection):
    while True:
        yield "read", connection
        data = connection.recv(100)
        if not data:
            break
        yield "write", connection
        connection.sendall(b"you said " + data)
    log.append(f"{name} is gone")


def client(name, connection):
    for word in (b"hello", b"good bye"):
        yield "write", connection
        connection.sendall(word)
        yield "read", connection
        log.append(f"{name}: {connection.recv(100).decode()}")
    connection.close()


log, ready, waiting = [], deque(), {"read": {}, "write": {}}
for name in ("ann", "bob"):
    here, there = socket.socketpair()
    ready.extend([serve(name, here), client(name, there)])
while ready or any(waiting.values()):
    while ready:
        task = ready.popleft()
        try:
            what, where = next(task)
            waiting[what][where] = task
        except StopIteration:
            pass
    if any(waiting.values()):
        readable, writable, _ = select.select(list(waiting["read"]), list(waiting["write"]), [])
        ready.extend(waiting["read"].pop(s) for s in readable)
        ready.extend(waiting["write"].pop(s) for s in writable)
print(*sorted(log), sep="\n")
