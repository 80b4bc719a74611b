# What CPython's C module `_pickle` does: classes by their names, buffers out of band, hooks, memos, and its errors.
import io
import pickle
import _pickle

print(pickle.Pickler is _pickle.Pickler, pickle.PicklingError.__module__, pickle.dumps is _pickle.dumps)
print(pickle.Pickler.__name__, pickle.Unpickler.__qualname__, repr(pickle.PickleBuffer))


class Holder:
    dumps, loads = pickle.dumps, pickle.loads


print(Holder().loads(Holder().dumps([1, 'two', {3: (4.0,)}])))
for bad in b'', b'\x80', b'\x80\x05', b'.', b'\x80\x05K', b'I12', b'\xff.', b'0.', b'(.', b'cos\nnothere\n.', b'\x80\x63.':
    try:
        print(pickle.loads(bad))
    except Exception as error:
        print(bad, type(error).__module__, type(error).__name__)

data = bytearray(b'payload')
buffer = pickle.PickleBuffer(data)
with memoryview(buffer) as view:
    print(view.nbytes, bytes(buffer), view.readonly)
out = []
packed = pickle.dumps([buffer, 'x'], protocol=5, buffer_callback=out.append)
print(len(out), b'payload' in packed, bytes(pickle.loads(packed, buffers=out)[0]))
print(pickle.loads(pickle.dumps(buffer, protocol=5)))
for attempt in (lambda: pickle.dumps(buffer, protocol=4), lambda: pickle.loads(packed), lambda: pickle.PickleBuffer('text')):
    try:
        attempt()
    except Exception as error:
        print(type(error).__name__)
print(bytes(buffer.raw()))
buffer.release()
try:
    buffer.raw()
except ValueError as error:
    print(error)


class Ids(pickle.Pickler):
    def persistent_id(self, obj):
        return 'known' if isinstance(obj, complex) else None

    def reducer_override(self, obj):
        if isinstance(obj, type) and obj.__name__ == 'Local':
            return str, ('a local class',)
        return NotImplemented


class Finds(pickle.Unpickler):
    def persistent_load(self, pid):
        return pid

    def find_class(self, module, name):
        print('finds', module, name)
        return super().find_class(module, name)


def local():
    class Local:
        pass

    return Local


file = io.BytesIO()
pickler = Ids(file, 2)
pickler.dump([1j, local(), OSError])
print(Finds(io.BytesIO(file.getvalue())).load())
file = io.BytesIO()
pickler = pickle.Pickler(file)
shared = ['shared']
pickler.dump(shared)
first = file.tell()
pickler.dump(shared)
print(file.tell() - first < first, id(shared) in pickler.memo.copy())
pickler.clear_memo()
pickler.dispatch_table = {complex: lambda c: (str, ('complex',))}
pickler.dump(5j)
file.seek(0)
unpickler = pickle.Unpickler(file)
print(unpickler.load(), unpickler.load(), unpickler.load())


class Odd:
    def __init__(self, answer):
        self.answer = answer

    def __reduce__(self):
        return self.answer


for answer in 5, (), (print,), (5, ()), (print, 5), (print, (), None, 5), (print, (), None, None, 5), 'no such name':
    try:
        pickle.dumps(Odd(answer))
    except Exception as error:
        print(type(error).__name__)
for thing in lambda: 0, (i for i in ()), local():
    try:
        pickle.dumps(thing)
    except (pickle.PicklingError, AttributeError, TypeError):
        print('refused')
for function in bytes.maketrans, dict.fromkeys, [].append, str.upper, len:
    again = pickle.loads(pickle.dumps(function))
    print(again.__name__, again.__qualname__)
deep = []
for _ in range(100_000):
    deep = [deep]
try:
    pickle.dumps(deep)
except RecursionError:
    print('RecursionError')
while deep:
    deep = deep.pop()
