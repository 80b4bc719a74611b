# /// lab
# title = "My threads"
# python = "3.13"
# cores = 2
# ///
import threading


def work(name):
    print("hello from", name)


threads = [threading.Thread(target=work, args=(name,), name=name) for name in ("A", "B")]
for t in threads:
    t.start()
for t in threads:
    t.join()
