# Streams written in Python below the native layers, and native ones above and around.
import io


def attempt(what, function, *args, **kwargs):
    try:
        print(what, '->', repr(function(*args, **kwargs)))
    except BaseException as error:
        print(what, '->', type(error).__name__, error)


class Source(io.RawIOBase):
    def __init__(self, data, step=3):
        self.data = data
        self.step = step
        self.log = []

    def readable(self):
        return True

    def readinto(self, buffer):
        n = min(len(buffer), self.step, len(self.data))
        buffer[:n] = self.data[:n]
        self.data = self.data[n:]
        self.log.append(n)
        return n


class Sink(io.RawIOBase):
    def __init__(self, most=1000):
        self.parts = []
        self.most = most

    def writable(self):
        return True

    def write(self, data):
        part = bytes(data)[:self.most]
        self.parts.append(part)
        return len(part)


s = Source(b'hello\nworld\n!')
print(s.read(2), s.readline(), s.readall(), s.read(1), s.log)
r = io.BufferedReader(Source(b'hello\nworld\nagain'), 4)
print(r.read(1), r.peek(), r.readline(), r.read1(2), r.read(4), r.readlines(), r.raw.log, r)
t = io.TextIOWrapper(io.BufferedReader(Source('zwölf\nBoxkämpfer\n'.encode())), encoding='utf-8')
print(t.readline(), t.read(3), list(t), t)
attempt('tell', t.tell)
attempt('name', lambda: t.name)
attempt('mode', lambda: t.buffer.mode)
sink = Sink()
w = io.BufferedWriter(sink, 8)
print(w.write(b'abc'), w.write(b'defgh'), sink.parts, w.write(b'i'), sink.parts, w.write(b'0123456789ABC'), sink.parts)
w.flush()
print(sink.parts)
w.write(b'last')
w.close()
print(sink.parts, sink.closed, w.closed)
sink = Sink(2)
with io.TextIOWrapper(io.BufferedWriter(sink), encoding='utf-16-le', line_buffering=True) as t:
    t.write('x')
    print(sink.parts)
    t.write('y\n')
    print(sink.parts)
print(sink.closed)
pair = io.BufferedRWPair(Source(b'question'), Sink())
print(pair.read(3), pair.write(b'answer'), pair.flush(), pair.readable(), pair.writable(), pair.closed, pair.peek(1)[:1])
pair.close()
attempt('reader of sink', io.BufferedReader, Sink())
attempt('writer of source', io.BufferedWriter, Source(b''))
attempt('random of sink', io.BufferedRandom, Sink())
attempt('size', io.BufferedReader, Source(b''), 0)
attempt('nothing', io.BufferedReader)


class Wrong(io.RawIOBase):
    def readable(self):
        return True

    def writable(self):
        return True

    def readinto(self, buffer):
        return self.answer

    def write(self, data):
        return self.answer


wrong = Wrong()
for wrong.answer in None, 'x':
    attempt(f'read {wrong.answer}', io.BufferedReader(wrong).read, 3)
    attempt(f'raw read {wrong.answer}', wrong.read, 3)
wrong.answer = -1
attempt('write', lambda: (w := io.BufferedWriter(wrong, 2), w.write(b'123')))


class Failing(io.RawIOBase):
    def writable(self):
        return True

    def write(self, data):
        raise OSError('disk on fire')


w = io.BufferedWriter(Failing())
w.write(b'x')
attempt('flush', w.flush)
attempt('close', w.close)
print(w.closed)


class Plain(io.IOBase):
    pass


p = Plain()
for name in 'seek', 'tell', 'truncate', 'fileno':
    attempt(name, getattr(p, name), *[0] * (name == 'seek'))
for name in 'readable', 'writable', 'seekable', 'isatty', 'flush', '_checkReadable', '_checkWritable', '_checkSeekable', '_checkClosed':
    attempt(name, getattr(p, name))
print(p.closed)
p.close()
print(p.closed)
attempt('flush', p.flush)
attempt('iter', iter, p)
attempt('with', p.__enter__)
for base in io.RawIOBase, io.BufferedIOBase, io.TextIOBase:
    x = base()
    for name in 'read', 'write', 'detach', 'read1', 'readline', 'readinto':
        if hasattr(x, name):
            attempt(f'{base.__name__}.{name}', getattr(x, name), *['' if base is io.TextIOBase else b''] * (name in ('write', 'readinto')))


class Tee(io.TextIOWrapper):
    def write(self, text):
        count = super().write(text.upper())
        print('tee', count)
        return count


tee = Tee(io.BytesIO(), encoding='ascii')
print('shout', 1, file=tee)
tee.flush()
print(tee.buffer.getvalue())


class Lines(io.TextIOBase):
    def __init__(self, lines):
        self.lines = iter(lines)

    def readable(self):
        return True

    def readline(self, size=-1):
        return next(self.lines, '')


print(list(Lines(['a\n', 'b'])), Lines(['c\n', 'd']).readlines(), next(Lines(['e'])))


class Counting(io.BytesIO):
    def read1(self, n=-1):
        data = super().read1(min(n, 4))
        print('read1', len(data))
        return data


print(io.TextIOWrapper(Counting(b'0123456789'), encoding='ascii').readline())


class Closing(io.RawIOBase):
    def close(self):
        print('close', self.closed)
        super().close()

    def flush(self):
        print('flush')


c = Closing()
del c
c = Closing()
c.close()
c.close()
del c
with Closing() as c:
    print('inside')
print(io.UnsupportedOperation.__mro__, io.BlockingIOError is BlockingIOError, io.open is open)
