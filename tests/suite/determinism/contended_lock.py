# /// lab
# cores = 2
# ///
import threading

lock = threading.Lock()
total = 0


def work(times):
    global total
    for _ in range(times):
        with lock:
            total += 1


threads = [threading.Thread(target=work, args=(400 * n,)) for n in range(1, 5)]
for t in threads:
    t.start()
for t in threads:
    t.join()
print(total)
