# Runs on the computer node1 of echo.py.
import os
import socket
import sys
import time

print('starts on', socket.gethostname(), sys.argv, os.cpu_count(), flush=True)
time.sleep(0.08)
with socket.socket() as server:
    server.bind(('', 9000))
    server.listen()
    connection, address = server.accept()
print('asked by', address, flush=True)
with connection:
    while data := connection.recv(65536):
        connection.sendall(data.upper())
print('the other end is closed', flush=True)
