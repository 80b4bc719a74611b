# Servers over `selectors`: every selector, callbacks in `data`, several clients at once, timeouts, changes of what is waited for.
import selectors
import socket
import threading


class Server:
    def __init__(self, kind):
        self.sel = kind()
        self.listener = socket.create_server(('127.0.0.1', 0))
        self.listener.setblocking(False)
        self.sel.register(self.listener, selectors.EVENT_READ, self.accept)
        self.pending, self.served = {}, 0

    def accept(self, sock, mask):
        conn, _ = sock.accept()
        conn.setblocking(False)
        self.pending[conn] = b''
        self.sel.register(conn, selectors.EVENT_READ, self.serve)

    def serve(self, conn, mask):
        if mask & selectors.EVENT_READ:
            data = conn.recv(1000)
            if not data:
                self.sel.unregister(conn)
                del self.pending[conn]
                conn.close()
                self.served += 1
                return
            self.pending[conn] += data.upper()
        if mask & selectors.EVENT_WRITE:
            sent = conn.send(self.pending[conn][:7])
            self.pending[conn] = self.pending[conn][sent:]
        events = selectors.EVENT_READ | (selectors.EVENT_WRITE if self.pending[conn] else 0)
        self.sel.modify(conn, events, self.serve)

    def run(self, n):
        while self.served < n:
            for key, mask in self.sel.select(5):
                key.data(key.fileobj, mask)
        print(len(self.sel.get_map()), self.sel.get_key(self.listener).events)
        self.sel.close()
        self.listener.close()


def client(address, i, results):
    with socket.create_connection(address) as s:
        f = s.makefile('rw', newline='\n')
        for n in range(3):
            print(f'hello {i} {n}', file=f, flush=True)
            results.append(f.readline().strip())


for kind in selectors.SelectSelector, selectors.PollSelector, selectors.EpollSelector, selectors.DefaultSelector:
    server, results = Server(kind), []
    threads = [threading.Thread(target=client, args=(server.listener.getsockname(), i, results)) for i in range(6)]
    for t in threads:
        t.start()
    server.run(6)
    for t in threads:
        t.join()
    print(kind.__name__, len(results), sorted(results)[:2], sorted(results)[-1])

sel = selectors.DefaultSelector()
a, b = socket.socketpair()
key = sel.register(a, selectors.EVENT_READ | selectors.EVENT_WRITE, 'data')
print(key.fileobj is a, key.fd == a.fileno(), key.events, key.data)
print([(k.data, m) for k, m in sel.select(0)])
b.send(b'x')
print([(k.data, m) for k, m in sel.select(0)])
sel.modify(a, selectors.EVENT_READ)
print([(k.data, m) for k, m in sel.select()], a.recv(1), sel.select(0.05), sel.select(-1))
for wrong in (lambda: sel.register(a, 1), lambda: sel.register(b, 0), lambda: sel.unregister(b), lambda: sel.register('x', 1), lambda: sel.modify(b, 1)):
    try:
        wrong()
    except (KeyError, ValueError) as e:
        print(type(e).__name__, str(e).split(' is')[0].split('<')[0].rstrip('"'))
b.close()
print([(k.data, m) for k, m in sel.select(0)])
with sel:
    pass
print(sel.get_map())
a.close()
