import time

start = time.perf_counter()
time.sleep(0.5)
print(f"{time.perf_counter() - start:.1f} s")
