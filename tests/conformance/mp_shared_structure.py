# Structures and arrays of them in shared memory, with synchronised wrappers: the example of the library's own documentation, and more.
from ctypes import Structure, Union, c_bool, c_char, c_double, c_int, c_short, sizeof
import multiprocessing as mp
from multiprocessing.sharedctypes import Array, Value, copy, synchronized, RawValue


class Point(Structure):
    _fields_ = [('x', c_double), ('y', c_double)]


class Account(Structure):
    _fields_ = [('owner', c_char * 8), ('open', c_bool), ('balance', c_int), ('history', c_short * 4), ('at', Point)]


class Word(Union):
    _fields_ = [('number', c_int), ('halves', c_short * 2)]


def modify(n, x, s, points):
    n.value **= 2
    x.value **= 2
    s.value = s.value.upper()
    for point in points:
        point.x **= 2
        point.y **= 2


def pay(account, amount, times):
    for i in range(times):
        with account.get_lock():
            account.balance += amount
            account.history[i % 4] += 1
            account.at.x = i


def halve(word):
    word.halves[0], word.halves[1] = 1, 2


if __name__ == '__main__':
    mp.set_start_method('fork')
    lock = mp.Lock()
    n, x = Value('i', 7), Value(c_double, 1.0 / 3.0, lock=False)
    s = Array('c', b'hello world', lock=lock)
    points = Array(Point, [(1.875, -6.25), (-5.75, 2.0), (2.375, 9.5)], lock=lock)
    child = mp.Process(target=modify, args=(n, x, s, points))
    child.start()
    child.join()
    print(n.value, x.value, s.value, [(p.x, p.y) for p in points])

    account = Value(Account, b'anna', True, 100)
    print(type(account).__name__, sizeof(Account), account.owner, account.open, account.balance, account.history[:])
    children = [mp.Process(target=pay, args=(account, amount, 10)) for amount in (1, 10, -2)]
    for child in children:
        child.start()
    for child in children:
        child.join()
    print(account.balance, account.history[:], account.at.x)
    twin = copy(account.get_obj())
    twin.balance = 0
    print(twin.owner, twin.balance, account.balance)

    word = synchronized(RawValue(Word), lock)
    child = mp.Process(target=halve, args=(word,))
    child.start()
    child.join()
    print(hex(word.number), word.halves[:], Point.x, Account.balance)
