# /// lab
# title = "Why there is a GIL: reference counts"
# python = "3.13"
# cores = 2
# ///
import sys
import threading

# Every object counts how often it is referred to, and dies at zero. Each assignment changes such a count, in every thread: without the GIL
# two cores would change the same count at once and lose some. Jython and IronPython count nothing, so they need no GIL; the free-threaded
# builds count in another way.
# Look at: the number grows by the references of four threads. Change: let a thread forget to drop its reference.


class Shared:
    def __del__(self):
        print("nobody refers to it: it is gone")


thing = Shared()
alone = sys.getrefcount(thing)
inside, leave = threading.Barrier(5), threading.Event()


def borrow(it):
    own = it                    # one more, until the function ends
    inside.wait()
    leave.wait()
    del own


threads = [threading.Thread(target=borrow, args=(thing,)) for _ in range(4)]
for t in threads:
    t.start()
inside.wait()
print("more references while four threads hold it:", sys.getrefcount(thing) > alone + 4)
leave.set()
for t in threads:
    t.join()
del threads, t
print("as before:", sys.getrefcount(thing) == alone)
del thing
