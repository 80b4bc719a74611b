# /// lab
# title = "Start, join, terminate a process"
# python = "3.13"
# cores = 2
# seed = 1
# ///
# Look at: each process has a lane of its own, its pid and its exit code; the arrow from start() says what the copy took.
# Change: daemon=True to daemon=False: now the program waits for the clock. Leave out the main guard under start-method = "spawn".
import sys
import time
from multiprocessing import Process

class CountdownProcess(Process):
    def __init__(self, count):
        super().__init__()
        self.count = count

    def run(self):
        while self.count > 0:
            print("counting down", self.count)
            self.count -= 1
            time.sleep(0.1)

def printer(a, b):
    print(a, b)
    sys.exit(3)

def clock():
    while True:
        time.sleep(1)

if __name__ == "__main__":
    first = CountdownProcess(2)
    second = Process(target=printer, args=("Hello", "World"))
    ticking = Process(target=clock, daemon=True)
    endless = Process(target=clock)
    for process in (first, second, ticking, endless):
        process.start()
    first.join()
    second.join()
    endless.terminate()
    endless.join()
    print("the count here is still", first.count)
    print("exit codes:", first.exitcode, second.exitcode, ticking.exitcode, endless.exitcode)
