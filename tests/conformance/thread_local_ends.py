"""What a thread has for itself goes when it ends, or when the `local` goes."""
import threading
class D:
    def __init__(self, n): self.n = n
    def __del__(self): print("gone", self.n, threading.get_ident() == main)
main = threading.get_ident()
L = threading.local()
def run():
    L.x = D("thread's")
    print("end of run")
t = threading.Thread(target=run); t.start(); t.join(); print("joined")
# a local that dies takes its values in all threads with it
go, done = threading.Event(), threading.Event()
def other():
    global L
    L.y = D("of a dead local")
    done.set(); go.wait()
    # a new local, perhaps at the same place
    print(hasattr(M, "y"), M.__dict__)
t = threading.Thread(target=other); t.start(); done.wait()
del L
M = threading.local()
go.set(); t.join()

# so a thread that `threading` has not made is forgotten when it ends
import _thread, time
lock = threading.Lock()
lock.acquire()
def foreign():
    print(type(threading.current_thread()).__name__, len(threading._active))
    lock.release()
_thread.start_new_thread(foreign, ())
lock.acquire()
while len(threading._active) > 1:
    time.sleep(0.01)

# an exception is reported where `sys.stderr` was when the thread was made
import io, sys
real, sys.stderr = sys.stderr, io.StringIO()
mine = sys.stderr
go = threading.Event()
def fails():
    go.wait()
    1 / 0
t = threading.Thread(target=fails)
t.start()
sys.stderr = None
go.set()
t.join()
sys.stderr = real
print(mine.getvalue().splitlines()[0])
