# /// lab
# title = "Thread-local data"
# python = "3.13"
# cores = 2
# seed = 1
# ///
import threading
import time

mine = threading.local()        # one name, a value of its own for each thread
shared = {"user": None}

def handle(user, pause):
    mine.user = user
    shared["user"] = user
    time.sleep(pause)           # meanwhile others handle their users
    print(f"{threading.current_thread().name}: mine is {mine.user}, shared says {shared['user']}")

threads = [
    threading.Thread(target=handle, args=("ada", 0.030), name="A"),
    threading.Thread(target=handle, args=("bob", 0.020), name="B"),
    threading.Thread(target=handle, args=("eve", 0.010), name="C"),
]
for t in threads:
    t.start()
    time.sleep(0.002)
for t in threads:
    t.join()
print("main has no value:", not hasattr(mine, "user"))
