# Bytearrays that memoryviews look into keep their size; `__buffer__`; what `bytes()` makes of its argument.
import collections.abc

data = bytearray(b'abcdef')
view = memoryview(data)
part = view[1:3]
for change in [
    lambda: data.append(1), lambda: data.extend(b'x'), lambda: data.pop(), lambda: data.clear(), lambda: data.__delitem__(0),
    lambda: data.__setitem__(slice(0, 2), b'longer'), lambda: data.insert(0, 1), lambda: data.remove(97), lambda: data.__iadd__(b'z'),
]:
    try:
        change()
    except BufferError as error:
        print(error)
data[0:2] = b'XY'
data[3] = 90
data.reverse()
print(data, bytes(view), bytes(part))
view.release()
try:
    data.append(1)
except BufferError as error:
    print('part:', error)
del part
data.append(33)
print(data)
with memoryview(data) as view:
    print(view[0])
data += b'!'
print(data)
for kind in (bytes, bytearray, memoryview, list):
    print(kind.__name__, issubclass(kind, collections.abc.Buffer))
print(bytes(b'abc'.__buffer__(0)))


class Text(str):
    def __bytes__(self):
        return b'from text'


class Blocked(bytes):
    __bytes__ = None


print(bytes(Text('x')))
try:
    bytes(Blocked(b'x'))
except TypeError as error:
    print(error)
print(int(memoryview(b'12')), float(memoryview(b'1.5')))
try:
    int(memoryview(b'12'), 10)
except TypeError as error:
    print(error)
