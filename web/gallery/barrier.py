# /// lab
# title = "Four meet at a barrier"
# python = "3.13"
# cores = 4
# seed = 1
# ///
import threading
import time

meeting = threading.Barrier(4)
log = []

def hike(name, first, second):
    time.sleep(first)
    log.append(f"{name} arrives")
    meeting.wait()              # until all four are here
    time.sleep(second)
    log.append(f"{name} is home")

people = [("ada", 0.010, 0.020), ("bob", 0.025, 0.005), ("cem", 0.015, 0.010), ("dot", 0.032, 0.015)]
threads = [threading.Thread(target=hike, args=p, name=p[0]) for p in people]
for t in threads:
    t.start()
for t in threads:
    t.join()
print(*log, sep="\n")
