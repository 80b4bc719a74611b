# Two threads and two queues: 100,000 messages, half of them each way.
import queue
import threading

there, back = queue.Queue(), queue.Queue()
ROUNDS = 50_000


def pong():
    while (message := there.get()) is not None:
        back.put(message + 1)


thread = threading.Thread(target=pong)
thread.start()
total = 0
for n in range(ROUNDS):
    there.put(n)
    total += back.get()
there.put(None)
thread.join()
print(total)
