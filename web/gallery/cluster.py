# /// lab
# title = "A cluster of workstations"
# python = "3.13"
# cores = 1
# seed = 1
# computers = "node1 cores=1; node2 cores=1; node3 cores=1 latency=2ms"
# ///
import pickle
import socket
import threading
import time

# Every computer runs this same program; its name says what it does there.
# They share nothing: tasks and answers are messages over sockets.
NODES = ["node1", "node2", "node3"]
PORT = 5000

def count_primes(first, last):
    return sum(all(n % d for d in range(2, int(n ** 0.5) + 1)) for n in range(first, last))

def send(connection, thing):
    data = pickle.dumps(thing)
    connection.sendall(len(data).to_bytes(4, "big") + data)

def receive(stream):
    return pickle.loads(stream.read(int.from_bytes(stream.read(4), "big")))

def work():
    with socket.create_server(("", PORT)) as server:
        connection, address = server.accept()
    with connection, connection.makefile("rb") as stream:
        while task := receive(stream):
            send(connection, count_primes(*task))

def ask(node, tasks, found):
    while True:
        try:
            connection = socket.create_connection((node, PORT))
            break
        except ConnectionRefusedError:
            time.sleep(0.01)                # it is still starting
    with connection, connection.makefile("rb") as stream:
        done = 0
        while True:
            try:
                task = tasks.pop()
            except IndexError:
                break
            send(connection, task)
            found.append(receive(stream))
            done += 1
        send(connection, None)
    print(f"{node} did {done} tasks")

def main():
    tasks = [(n, n + 5_000) for n in range(2, 120_002, 5_000)]
    begin = time.perf_counter()
    alone = sum(count_primes(*task) for task in tasks)
    one = time.perf_counter() - begin
    found = []
    begin = time.perf_counter()
    askers = [threading.Thread(target=ask, args=(node, tasks, found), name=f"ask {node}") for node in NODES]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join()
    three = time.perf_counter() - begin
    print(f"{alone} primes on one computer: {one:.3f} s")
    print(f"{sum(found)} primes on three others: {three:.3f} s")

if socket.gethostname() in NODES:
    work()
else:
    main()
