# /// lab
# title = "Check, then act"
# python = "3.13"
# cores = 2
# seed = 1
# ///
import threading
import time

seats = 3
sold = []

def sell(who, pause):
    global seats
    if seats > 0:               # looks first ...
        time.sleep(pause)       # ... the customer pays ...
        seats -= 1              # ... and takes what may be gone by now
        sold.append(who)

clerks = [threading.Thread(target=sell, args=(f"customer {i}", 0.004 + i * 0.001), name=f"S{i}")
          for i in range(5)]
for c in clerks:
    c.start()
for c in clerks:
    c.join()
print(f"{len(sold)} tickets sold, {seats} seats left")
