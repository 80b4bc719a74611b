# Value, RawValue, Array and RawArray of multiprocessing: what several processes see, with and without their lock, and what they look like.
import ctypes
import multiprocessing as mp
from multiprocessing.sharedctypes import RawArray, RawValue, copy

mp.set_start_method('fork')


def add(value, times):
    for _ in range(times):
        with value.get_lock():
            value.value += 1


def fill(numbers, text, start):
    for i in range(start, len(numbers), 2):
        numbers[i] = i * i
    text[start] = b'XY'[start]


def scale(array, factor):
    with array:
        for i, x in enumerate(array):
            array[i] = x * factor


def alone(value):
    value.value = 99


def run(target, *rows):
    children = [mp.Process(target=target, args=row) for row in rows]
    for child in children:
        child.start()
    for child in children:
        child.join()
    print(target.__name__, [child.exitcode for child in children])


counter = mp.Value('i', 5)
run(add, (counter, 50), (counter, 70), (counter, 30))
print(counter.value, counter, counter.get_obj())

numbers, text = RawArray('l', 8), mp.Array('c', b'ab cd')
run(fill, (numbers, text, 0), (numbers, text, 1))
print(list(numbers), text.value, text[:], len(text), text.raw)

doubles = mp.Array('d', [1.5, 2.5, -4])
run(scale, (doubles, 2.0), (doubles, 10.0))
print(doubles[:], doubles[1], doubles[-1], doubles[::2], len(doubles))
doubles[:2] = [7, 8]
doubles[2] = 9
print(list(doubles))

raw = RawValue(ctypes.c_short, -3)
run(alone, (raw,))
print(raw, copy(raw), raw.value)
other = copy(raw)
other.value = 4
print(raw.value, other.value)

for code in 'bBhHiIlLqQfd':
    value = mp.Value(code, 7, lock=False)
    print(code, value.value, ctypes.sizeof(value), end=' ')
print()
flag, letter = mp.Value(ctypes.c_bool, False), mp.Value('c', b'q')
print(flag.value, letter.value, mp.Value('u', 'é').value, mp.Value('d').value)
lock = mp.Lock()
shared = mp.Value('i', 3, lock=lock)
print(shared.get_lock() is lock, mp.Array('i', 3)[:], mp.Array('i', range(4))[:])
for bad in (lambda: mp.Value('x', 1), lambda: mp.Value('i', 'a'), lambda: mp.Array('i', 2)[2], lambda: mp.Value('i', 1, lock=5),
            lambda: mp.Array('i', 2).__setitem__(0, 'a'), lambda: setattr(text, 'value', b'too long for it')):
    try:
        print(bad())
    except Exception as error:
        print(type(error).__name__, error)
