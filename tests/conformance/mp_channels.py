# multiprocessing's channels by fork: Pipe, Queue, SimpleQueue, JoinableQueue.
import multiprocessing as mp
import queue
import time

mp.set_start_method('fork')


def echo(end):
    while True:
        try:
            end.send(end.recv() * 2)
        except EOFError:
            break
    end.close()


a, b = mp.Pipe()
p = mp.Process(target=lambda: (a.close(), echo(b)))
p.start()
b.close()
for thing in 'x', 21, [1, 'two'], b'bytes':
    a.send(thing)
    print(a.recv())
print(a.poll(), a.poll(0.05))
a.send(('t',))
print(a.poll(5), a.recv())
a.close()
p.join()
print(p.exitcode, a.closed)

read, write = mp.Pipe(duplex=False)
write.send_bytes(b'0123456789', 2, 5)
print(read.recv_bytes())
write.send_bytes(b'too long')
try:
    read.recv_bytes(3)
except OSError as error:
    print(type(error).__name__)
read, write = mp.Pipe(False)
for end, act in (read, 'send'), (write, 'recv'):
    try:
        getattr(end, act)(*([1] if act == 'send' else []))
    except OSError as error:
        print(error)
write.close()
try:
    read.recv()
except EOFError:
    print('end of file')
try:
    write.send(1)
except OSError as error:
    print(error)


def produce(q, name, n):
    for i in range(n):
        q.put((name, i))
    q.put(None)


q = mp.Queue(2)
workers = [mp.Process(target=produce, args=(q, name, 5)) for name in 'ab']
for p in workers:
    p.start()
got, ended = [], 0
while ended < 2:
    item = q.get()
    if item is None:
        ended += 1
    else:
        got.append(item)
for p in workers:
    p.join()
print([i for name, i in got if name == 'a'], [i for name, i in got if name == 'b'], q.empty())
try:
    q.get(timeout=0.05)
except queue.Empty:
    print('empty')
try:
    q.get_nowait()
except queue.Empty:
    print('empty')
q.put(1)
q.put(2)
time.sleep(0.1)
print(q.full(), q.qsize())
try:
    q.put(3, timeout=0.05)
except queue.Full:
    print('full')
print(q.get(), q.get())
q.close()
try:
    q.put(1)
except ValueError:
    print('closed')
q.join_thread()

s = mp.SimpleQueue()
p = mp.Process(target=lambda: s.put([n * n for n in range(5)]))
p.start()
print(s.get(), s.empty())
p.join()


def work(tasks, results):
    while (task := tasks.get()) is not None:
        results.put(task ** 2)
        tasks.task_done()
    tasks.task_done()


tasks, results = mp.JoinableQueue(), mp.Queue()
p = mp.Process(target=work, args=(tasks, results))
p.start()
for n in range(6):
    tasks.put(n)
tasks.put(None)
tasks.join()
print(sorted(results.get() for _ in range(6)))
p.join()
try:
    tasks.task_done()
except ValueError as error:
    print(error)
big = mp.Queue()
p = mp.Process(target=lambda: big.put('x' * 300_000))
p.start()
print(len(big.get()))
p.join()
