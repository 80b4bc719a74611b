import _thread, threading, time, signal, sys

# Interrupting the main thread from another one: before its next instruction, when what it waits for is done.
def poke(*signum):
    time.sleep(0.5)
    _thread.interrupt_main(*signum)

t = threading.Thread(target=poke)
t.start()
try:
    while True:
        time.sleep(0.2)
except KeyboardInterrupt as e:
    print('interrupted', repr(e))
t.join()

try:
    _thread.interrupt_main()
    print('never')
except KeyboardInterrupt:
    print('at once')

t = threading.Thread(target=poke)
t.start()
try:
    n = 0
    while True:
        n += 1
except KeyboardInterrupt:
    print('busy loop interrupted', n > 1000)
t.join()

old = signal.signal(signal.SIGTERM, lambda n, f: print('handler', n))
_thread.interrupt_main(signal.SIGTERM)
signal.signal(signal.SIGTERM, signal.SIG_IGN)
_thread.interrupt_main(signal.SIGTERM)
for wrong in (-1, 0, 65, 1000):
    try:
        _thread.interrupt_main(wrong)
    except ValueError as e:
        print(wrong, e)
def quiet():
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _thread.interrupt_main()
    signal.signal(signal.SIGINT, signal.default_int_handler)
quiet()
print('done')
