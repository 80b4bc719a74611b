# /// lab
# title = "Three philosophers"
# python = "3.13"
# cores = 2
# seed = 1
# ///
import threading
import time

forks = [threading.Lock() for _ in range(3)]
# How long each one thinks before each meal: the second time they get hungry at once.
think = [(0.004, 0.023), (0.012, 0.015), (0.020, 0.007)]

def philosopher(i):
    left, right = forks[i], forks[(i + 1) % 3]
    for pause in think[i]:
        time.sleep(pause)
        with left:                  # everyone takes the left fork first
            time.sleep(0.001)
            with right:
                time.sleep(0.002)   # eats

people = [threading.Thread(target=philosopher, args=(i,), name=f"P{i}") for i in range(3)]
for p in people:
    p.start()
for p in people:
    p.join()
print("all have eaten")
