# Several processes that read from one end of a pipe: with a lock each message arrives whole at one of them; writers of small messages need none.
import multiprocessing as mp
from collections import Counter


def consume(connection, lock, results):
    count = 0
    while True:
        with lock:
            item = connection.recv()
        if item is None:
            break
        count += item
    results.put(count)


def write(connection, letter, times):
    for i in range(times):
        connection.send_bytes(letter * 100)


if __name__ == '__main__':
    mp.set_start_method('fork')
    receive, send = mp.Pipe(duplex=False)
    lock, results = mp.Lock(), mp.SimpleQueue()
    readers = [mp.Process(target=consume, args=(receive, lock, results)) for _ in range(3)]
    for reader in readers:
        reader.start()
    for i in range(100):
        send.send(i)
    for _ in readers:
        send.send(None)
    for reader in readers:
        reader.join()
    print(sum(results.get() for _ in readers), [reader.exitcode for reader in readers], receive.poll())

    receive, send = mp.Pipe(duplex=False)
    writers = [mp.Process(target=write, args=(send, letter, 40)) for letter in (b'a', b'b', b'c')]
    for writer in writers:
        writer.start()
    send.close()
    seen = Counter()
    while True:
        try:
            message = receive.recv_bytes()
        except EOFError:
            break
        assert len(set(message)) == 1 and len(message) == 100
        seen[message[:1]] += 1
    print(sorted(seen.items()))
