# /// lab
# title = "Two readers spoil a pipe"
# python = "3.13"
# cores = 2
# seed = 1
# ///
# A message is its length, four bytes, and then its content: two reads. With two readers at one end, one gets the length and the other the
# first bytes of the content, which it takes for a length.
# Look at: the two readers' first reads, just after each other. From there on neither understands anything.
# Change: give each reader a pipe of its own, or hold a multiprocessing.Lock during recv().
import time
from multiprocessing import Pipe, Process

def reader(name, conn):
    try:
        for _ in range(2):
            conn.recv()
        print(name, "read two messages")
    except Exception as error:
        print(name, "failed:", type(error).__name__)

if __name__ == "__main__":
    receive, send = Pipe(duplex=False)
    readers = [Process(target=reader, args=(name, receive)) for name in ("first", "second")]
    for process in readers:
        process.start()
    time.sleep(0.1)                         # both wait for the same end by now
    for _ in range(4):
        send.send("a message of some length, to have something to misread")
    send.close()
    receive.close()
    for process in readers:
        process.join()
