# array: every type code with values in and out of range, and all methods.
import array, binascii, copy, csv, gzip, hashlib, io, json, pickle, zlib
def show(label, f):
    try:
        r = f()
    except BaseException as e:
        r = f'{type(e).__name__}: {e}'
    print(ascii(label), '->', ascii(r))
# array
A = array.array
for code in 'bBhHiIlLqQfdw':
    a = A(code); show(code, lambda: (a, a.itemsize if code != 'u' else 4, len(a)))
    if code in 'uw': continue
    for v in (0, 1, -1, 127, 128, 255, 256, -128, -129, 32767, 32768, 65535, 65536, 2**31-1, 2**31, 2**32-1, 2**32, 2**63-1, 2**63, 2**64-1, 2**64, -2**31-1, -2**63-1, 1.5, 'a', None, True):
        show(f'{code} {v}', lambda: A(code, [v]))
a = A('i', [5, 1, 4, 2, 3])
for f in [lambda: a[0], lambda: a[-1], lambda: a[9], lambda: a[1:3], lambda: a[::-2], lambda: a['x'], lambda: a + A('i', [9]), lambda: a + A('h', [9]), lambda: a + [1], lambda: a * 2, lambda: 2 * a, lambda: a * 'x', lambda: a == A('d', [5, 1, 4, 2, 3]), lambda: a < A('i', [6]), lambda: a != [5], lambda: 4 in a, lambda: a.index(4), lambda: a.index(9), lambda: a.count(1), lambda: a.tolist(), lambda: a.tobytes(), lambda: bytes(memoryview(a))[:4], lambda: memoryview(a).format, lambda: list(reversed(a)), lambda: sorted(a), lambda: copy.copy(a), lambda: copy.deepcopy(a), lambda: pickle.loads(pickle.dumps(a)), lambda: pickle.loads(pickle.dumps(a, 2)), lambda: A('i', b'abcd'), lambda: A('i', b'abc'), lambda: A('i', 'abc'), lambda: A('w', 'abc'), lambda: A('w', 'abc').tounicode(), lambda: A(5), lambda: A(), lambda: A('i', [1], 2), lambda: A('i', 5), lambda: A('i', A('b', [1, 2])), lambda: A('i', (i for i in range(3))), lambda: A('i', x=1), lambda: a.pop(9), lambda: A('i').pop(), lambda: a.fromlist((1,)), lambda: a.remove(99), lambda: a.typecode, lambda: a.frombytes(b'abc'), lambda: a.append('x'), lambda: a.extend(A('h', [1])), lambda: A('d', [1, 2.5]), lambda: A('f', [0.1]), lambda: A('w', 'a"\u20ac'), lambda: [*map(hex, A('H', [1, 256]))], lambda: A.__doc__ is not None, lambda: array.typecodes]:
    show('', f)
def ops():
    b = A('h', range(10)); b[2] = 99; b[3:5] = A('h', [7, 7, 7]); del b[0]; del b[::3]; b.insert(1, -5); b.append(3); b.extend([1, 2]); b.reverse(); b.byteswap(); b.byteswap(); b += A('h', [8]); b *= 2; b.remove(8); x = b.pop(0); b.frombytes(b'\1\0'); b.fromlist([4])
    return b, x
show('ops', ops)
def bad1(): a[0:2] = [1]
def bad2(): a[::2] = A('i', [1])
def bad3(): a[0] = 'x'
def bad4(): a[99] = 1
def bad5(): del a[99]
for f in (bad1, bad2, bad3, bad4, bad5): show('', f)
