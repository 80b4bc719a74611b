# Time-outs on both sides of a queue while another thread works, and a supervisor that gives up.
import queue
import threading
import time

q = queue.Queue(1)
log = []


def slow_consumer():
    for _ in range(3):
        time.sleep(0.1)
        log.append(("got", q.get()))


t = threading.Thread(target=slow_consumer)
t.start()
for n in range(3):
    while True:
        try:
            q.put(n, timeout=0.06)
            break
        except queue.Full:
            log.append(("full", n))
t.join()
print(log)
answers = queue.Queue()


def answer(after, text):
    time.sleep(after)
    answers.put(text)


for after, text in ((0.05, "fast"), (0.3, "slow")):
    threading.Thread(target=answer, args=(after, text), daemon=True).start()
for _ in range(2):
    try:
        print("answer:", answers.get(timeout=0.15))
    except queue.Empty:
        print("gave up")
