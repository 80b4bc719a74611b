# /// lab
# title = "A parent that ends before its child, and a zombie"
# ///
import os, time

first = os.fork()
if not first:
    second = os.fork()
    if not second:
        before = os.getppid()
        sum(range(50_000))
        time.sleep(0.02)
        print("adopted", os.getppid() != before)
        os._exit(0)
    sum(range(2_000))
    os._exit(4)
sum(range(20_000))
print(os.waitstatus_to_exitcode(os.waitpid(first, 0)[1]))
time.sleep(0.1)
