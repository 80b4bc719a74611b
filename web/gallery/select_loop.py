# /// lab
# title = "Handlers over select"
# python = "3.13"
# cores = 1
# ///
import select
import socket

# One thread, many connections: select() says which of them have something to say, and each has an object with a method for it. So were
# asyncore and the heart of many servers.
# Look at: the single thread, asleep in select. Change: the number of clients; let a handler sleep, and see who has to wait.


class Echo:
    def __init__(self, connection):
        self.connection = connection

    def fileno(self):
        return self.connection.fileno()

    def handle(self):
        data = self.connection.recv(100)
        if data:
            self.connection.sendall(data.upper())
        else:
            self.connection.close()
            handlers.remove(self)


handlers, clients = [], []
for n in range(3):
    ours, theirs = socket.socketpair()
    handlers.append(Echo(ours))
    clients.append(theirs)
    theirs.sendall(f"hello from {n}".encode())

rounds = 0
while handlers:
    readable, _, _ = select.select(handlers, [], [])
    rounds += 1
    for handler in readable:
        handler.handle()
    if rounds == 1:
        for client in clients:
            print(client.recv(100).decode())
            client.close()
print("rounds:", rounds)
