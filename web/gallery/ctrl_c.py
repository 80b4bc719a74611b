# /// lab
# title = "Ctrl-C and a tick of seconds"
# python = "2.7"
# computer = "macbook-2009"
# interrupt = "500ms, 3500ms"
# ///
# Ctrl-C is pressed at 0.5 s and at 3.5 s of virtual time (`interrupt`). A loop notices at its next instruction. A search through a
# range of ten million is one instruction, one "tick" of seconds: the signal waits until it ends, and so does every other thread.
import time

N = 10_000_000


def loop():
    n = N
    while n > 0:
        n -= 1


def search():
    return -1 in iter(range(N))


for work, pressed in [(loop, 0.5), (search, 3.5)]:
    try:
        work()
        print(f'{work.__name__} came to its end')
    except KeyboardInterrupt:
        late = time.perf_counter() - pressed
        print(f'{work.__name__}: KeyboardInterrupt at {time.perf_counter():.3f} s, {late:.3f} s after Ctrl-C')
    while time.perf_counter() < 3:
        time.sleep(0.1)
