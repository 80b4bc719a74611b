# Daemon threads do not keep the program alive; others do.
import threading
import time


def forever():
    while True:
        time.sleep(0.05)


def late():
    time.sleep(0.2)
    print("the non-daemon thread ends last", flush=True)


d = threading.Thread(target=forever, daemon=True)
d.start()
threading.Thread(target=late).start()
print(d.daemon, d.is_alive())
print("main ends")
