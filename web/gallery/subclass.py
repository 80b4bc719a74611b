# /// lab
# title = "A thread as a class"
# python = "3.13"
# cores = 2
# seed = 1
# ///
import threading
import time

class Countdown(threading.Thread):
    """Counts down and keeps what it counted."""

    def __init__(self, name, count, pause):
        super().__init__(name=name)
        self.count = count
        self.pause = pause
        self.seen = []

    def run(self):
        while self.count > 0:
            self.seen.append(self.count)
            self.count -= 1
            time.sleep(self.pause)

fast = Countdown("fast", 6, 0.010)
slow = Countdown("slow", 3, 0.025)
fast.start()
slow.start()
for thread in (fast, slow):
    thread.join()
    print(thread.name, thread.seen)
