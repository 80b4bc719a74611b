# /// lab
# title = "When a thread fails"
# python = "3.13"
# cores = 2
# seed = 1
# ///
import threading
import time

def parse(text, pause):
    time.sleep(pause)
    number = int(text)
    print(text, "is", number)

# An exception ends its own thread and nobody else: the traceback is printed,
# join() returns as if nothing had happened.
words = ["17", "seventeen", "71"]
threads = [threading.Thread(target=parse, args=(w, 0.010 * i), name=f"T{i}") for i, w in enumerate(words, 1)]
for t in threads:
    t.start()
for t in threads:
    t.join()
print("the program goes on")
