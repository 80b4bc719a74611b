# /// lab
# title = "Timers"
# python = "3.13"
# cores = 1
# seed = 1
# ///
import threading
import time

begin = time.perf_counter()

def ring(what):
    print(f"{(time.perf_counter() - begin) * 1000:5.1f} ms  {what}")

tea = threading.Timer(0.020, ring, args=("tea is ready",))
cake = threading.Timer(0.040, ring, args=("cake is ready",))
alarm = threading.Timer(0.030, ring, args=("never heard",))
for timer in (tea, cake, alarm):
    timer.start()

time.sleep(0.025)
alarm.cancel()                  # in time: it has not rung yet
ring("alarm cancelled")
tea.join(); cake.join(); alarm.join()
