# start blocks until the child runs; prints of two threads taking turns with sleeps well apart.
import threading
import time


def say(word, pause, offset):
    time.sleep(offset)
    for n in range(4):
        print(word, n, flush=True)
        time.sleep(pause)


t = threading.Thread(target=say, args=("tick", 0.1, 0))
u = threading.Thread(target=say, args=("tock", 0.1, 0.05))
t.start()
u.start()
t.join()
u.join()
print("end")
