# BytesIO and StringIO.
import io
import copy
import pickle


def attempt(what, function, *args, **kwargs):
    try:
        print(what, '->', repr(function(*args, **kwargs)))
    except BaseException as error:
        print(what, '->', type(error).__name__, error)


b = io.BytesIO(b'one\ntwo\nthree')
print(b.read(2), b.tell(), b.readline(), b.read1(2), b.readlines(), b.read())
print(b.seek(1), b.read(1), b.seek(-2, 2), b.read(), b.seek(0), list(b), b.seek(-3, 1))
print(b.seek(20), b.write(b'end'), b.getvalue(), b.truncate(3), b.tell(), b.getvalue())
print(b.seek(0), b.write(b'12345'), b.getvalue(), b.writelines([b'a', b'b']), b.getvalue())
target = bytearray(4)
b.seek(2)
print(b.readinto(target), target, b.readinto1(target), target)
view = b.getbuffer()
view[0:2] = b'##'
print(b.getvalue(), len(view), view.tobytes())
attempt('write under a view', b.write, b'x')
attempt('truncate under a view', b.truncate, 1)
attempt('close under a view', b.close)
part = view[1:]
view.release()
attempt('write under a part', b.write, b'x')
del part
with b.getbuffer() as view:
    print(view.nbytes)
print(b.write(b'!'), b.getvalue())
del view
print(b.readable(), b.writable(), b.seekable(), b.isatty(), b.closed)
attempt('fileno', b.fileno)
attempt('detach', b.detach)
attempt('str', b.write, 'x')
attempt('int', b.write, 3)
attempt('seek', b.seek, -1)
attempt('whence', b.seek, 0, 9)
attempt('truncate', b.truncate, -1)
attempt('initial', io.BytesIO, 'x')
attempt('readinto', b.readinto, b'x')
c = pickle.loads(pickle.dumps(b))
print(c.getvalue(), c.tell(), b.__getstate__())
d = copy.copy(b)
d.seek(0)
d.write(b'new')
print(d.getvalue(), b.getvalue())
b.close()
print(b.closed)
for name in 'read', 'getvalue', 'getbuffer', 'tell', 'flush', 'readable', '__next__', 'isatty':
    attempt(name, getattr(b, name))

s = io.StringIO('eins\nzwei\ndrei')
print(repr(s.read(2)), s.tell(), repr(s.readline()), repr(s.readline(2)), repr(s.read()), repr(s.read()))
print(s.seek(0), list(s), s.seek(0, 2), s.write('\nvier'), repr(s.getvalue()))
print(s.seek(2), s.write('☃'), repr(s.getvalue()), s.truncate(4), repr(s.getvalue()), s.tell())
print(s.seek(8), s.write('x'), repr(s.getvalue()))
print(s.readable(), s.writable(), s.seekable(), s.isatty(), s.closed, s.encoding, s.errors, s.newlines, s.line_buffering)
attempt('bytes', s.write, b'x')
attempt('seek', s.seek, -1)
attempt('cur', s.seek, 1, 1)
attempt('whence', s.seek, 0, 3)
attempt('truncate', s.truncate, -1)
attempt('initial', io.StringIO, b'x')
attempt('newline', io.StringIO, '', 'x')
attempt('newline type', io.StringIO, '', 1)
attempt('detach', s.detach)
attempt('fileno', s.fileno)
for newline in None, '', '\n', '\r', '\r\n':
    s = io.StringIO('a\nb\r\nc\rd', newline=newline)
    print(repr(newline), repr(s.getvalue()), list(s), s.newlines)
    s = io.StringIO(newline=newline)
    s.write('x\ny\r\n')
    print(repr(s.getvalue()), s.newlines)
t = pickle.loads(pickle.dumps(s))
print(repr(t.getvalue()), t.tell(), s.__getstate__())
s.close()
for name in 'read', 'getvalue', 'tell', 'readable', '__next__', '__iter__', 'flush':
    attempt(name, getattr(s, name))
s = io.StringIO()
print('printed', 1, [2], sep='-', end='!', file=s)
print(repr(s.getvalue()))
with io.StringIO() as s:
    s.writelines(['a', 'b'])
    print(s.getvalue())
print(s.closed)


class Loud(io.StringIO):
    def write(self, text):
        print('<', text, '>', sep='')
        return super().write(text)

    def close(self):
        print('closing')
        super().close()


loud = Loud()
loud.extra = 1
loud.writelines(['x', 'y'])
print(loud.getvalue(), loud.__dict__)
del loud
print(isinstance(io.StringIO(), io.TextIOBase), isinstance(io.BytesIO(), io.BufferedIOBase), issubclass(io.FileIO, io.RawIOBase), isinstance(io.StringIO(), io.IOBase))
