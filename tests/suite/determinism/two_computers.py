# /// lab
# title = "Messages and datagrams between three computers"
# computers = "node1 cores=1 latency=200us; node2 latency=3ms bandwidth=1MB"
# seed = 5
# ///
# One program on every computer; who it is decides what it does.
import queue
import random
import socket
import threading
import time

own = socket.gethostname()
others = [name for name in ('heddle', 'node1', 'node2') if name != own]
inbox = queue.Queue()


def receive(connection):
    with connection, connection.makefile('rb') as lines:
        for line in lines:
            inbox.put(line.decode().strip())


def serve(server):
    for _ in others:
        connection, _ = server.accept()
        threading.Thread(target=receive, args=(connection,)).start()


server = socket.create_server(('', 5000))
accepting = threading.Thread(target=serve, args=(server,))
accepting.start()
datagrams = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
datagrams.bind(('', 5001))
time.sleep(0.05)
links = [socket.create_connection((name, 5000)) for name in others]
for n in range(5):
    for link in links:
        link.sendall(f'{n} from {own}: {random.randrange(100)} {"x" * 2000 * n}\n'.encode())
    sum(range(random.randrange(20_000)))
for link in links:
    link.close()
accepting.join()
for _ in range(10):
    print(own, inbox.get()[:16], flush=True)
for name in others:
    datagrams.sendto(own.encode(), (name, 5001))
for _ in others:
    print(own, 'datagram', *datagrams.recvfrom(100), flush=True)
