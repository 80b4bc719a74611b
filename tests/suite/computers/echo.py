# /// lab
# title = "An echo on another computer"
# computers = "node1 script=echo_server.py latency=1ms bandwidth=10MB"
# ///
import socket
import time

for attempt in range(10):
    client = socket.socket()
    try:
        client.connect(('node1', 9000))
        break
    except ConnectionRefusedError as error:
        print('refused:', error.errno)
        client.close()
        time.sleep(0.05)
print(socket.gethostname(), client.getsockname(), client.getpeername(), socket.gethostbyname('heddle'))
for n in range(3):
    before = time.perf_counter()
    client.sendall(b'hello %d' % n)
    answer = client.recv(100)
    print(answer.decode(), 0.002 < time.perf_counter() - before < 0.0025)
before = time.perf_counter()
client.sendall(bytes(1_000_000))
received = 0
while received < 1_000_000:
    received += len(client.recv(65536))
print('a megabyte there and back:', 0.1 < time.perf_counter() - before < 0.25)
client.shutdown(socket.SHUT_WR)
print('end:', client.recv(100))
for address in ('10.0.0.9', 80), ('node1', 81), ('node2', 80):
    try:
        socket.create_connection(address, timeout=5)
    except OSError as error:
        print(address, type(error).__name__, error)
try:
    socket.create_connection(('10.0.0.9', 80), timeout=1)
except OSError as error:
    print(type(error).__name__, error)
