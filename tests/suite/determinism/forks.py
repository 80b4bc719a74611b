# /// lab
# title = "Processes that compute, sleep and write into one pipe"
# cores = 2
# seed = 3
# ///
import os
import random
import sys
import threading
import time

r, w = os.pipe()
pids = []
for n in range(4):
    sys.stdout.flush()
    pid = os.fork()
    if pid == 0:
        os.close(r)
        thread = threading.Thread(target=lambda: sum(range(20_000)))
        thread.start()
        for step in range(3):
            sum(range(random.randrange(60_000)))
            time.sleep(random.random() / 500)
            os.write(w, f'{n}{step} '.encode())
        thread.join()
        os._exit(n)
    pids.append(pid)
os.close(w)
text = b''
while data := os.read(r, 100):
    text += data
print(text.decode())
print([os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in pids])
