# Text: encodings, error handlers, line ends, cookies.
import io


def attempt(what, function, *args, **kwargs):
    try:
        print(what, '->', repr(function(*args, **kwargs)))
    except BaseException as error:
        print(what, '->', type(error).__name__, error)


def text(data, **kwargs):
    return io.TextIOWrapper(io.BytesIO(data), **kwargs)


mixed = b'a\nb\r\nc\rd'
for newline in None, '', '\n', '\r', '\r\n':
    f = text(mixed, encoding='ascii', newline=newline)
    print(repr(newline), list(f), f.newlines)
    f = text(mixed, encoding='ascii', newline=newline)
    f._CHUNK_SIZE = 1
    print(repr(newline), list(f), f.newlines)
    f = text(mixed, encoding='ascii', newline=newline)
    print([f.read(2) for _ in range(5)], [f.readline(1)])
    out = io.BytesIO()
    f = io.TextIOWrapper(out, encoding='ascii', newline=newline)
    f.write('x\ny\r\nz\r')
    f.flush()
    print(out.getvalue())
for encoding in 'utf-8', 'utf-16', 'utf-16-le', 'utf-32', 'latin-1', 'ascii', 'cp1252', 'utf-8-sig':
    out = io.BytesIO()
    f = io.TextIOWrapper(out, encoding=encoding, errors='backslashreplace')
    f.write('añ€\n')
    f.write('😀')
    f.flush()
    print(encoding, f.encoding, out.getvalue())
    f.seek(0)
    print(ascii(f.read()))
    f.seek(0)
    print(ascii(f.read(1)), ascii(f.readline()), f.tell() > 2)
for errors in 'strict', 'ignore', 'replace', 'backslashreplace', 'surrogateescape':
    attempt(errors, text(b'a\xffb\xc3', encoding='utf-8', errors=errors).read)
    attempt(errors, text(b'a\xffb', encoding='ascii', errors=errors).read)
    attempt(errors, io.TextIOWrapper(io.BytesIO(), encoding='ascii', errors=errors).write, 'aé')
f = text('añ☃😀\n'.encode() * 4, encoding='utf-8')
f._CHUNK_SIZE = 5
places = []
while c := f.read(1):
    places.append((c, f.tell()))
print(places)
for c, place in places:
    f.seek(place)
    print(ascii(f.read(2)), end=' ')
print()
f = text(b'one\r\ntwo\rthree\n', encoding='ascii')
f._CHUNK_SIZE = 4
while line := f.readline():
    print(repr(line), f.tell())
f = io.TextIOWrapper(io.BytesIO(), encoding='utf-8', write_through=True)
f.write('now')
print(f.buffer.getvalue())
f.reconfigure(write_through=False)
f.write(' later')
print(f.buffer.getvalue())
f.reconfigure(encoding='latin-1', newline='\r\n')
f.write('é\n')
f.flush()
print(f.buffer.getvalue(), f.encoding, f.errors)
f = io.TextIOWrapper(io.BytesIO(), encoding='utf-8', line_buffering=True)
f.write('half')
print(f.buffer.getvalue())
f.write(' line\n')
print(f.buffer.getvalue(), f.line_buffering)
attempt('reconfigure after read', lambda: (g := text(b'ab', encoding='ascii'), g.read(1), g.reconfigure(encoding='utf-8')))
attempt('newline', text, b'', newline='x')
attempt('newline type', text, b'', newline=1)
attempt('encoding type', text, b'', encoding=1)
attempt('errors type', text, b'', errors=1)
attempt('not a text encoding', text, b'', encoding='base64')
attempt('unknown', text, b'', encoding='klingon')
attempt('write bytes', text(b'').write, b'x')
attempt('nul', text(b'').write)
print(repr(text(b'', encoding='ascii')), io.TextIOWrapper(io.BytesIO()).encoding)
f = text(b'abc', encoding='ascii')
print(f.read(0), f.read(-1), f.read(None) if False else '', repr(f.read()))
f.close()
for name in 'read', 'readline', 'flush', 'tell', 'fileno', 'isatty', 'seekable', '__next__', '__iter__', 'detach':
    attempt(name, getattr(f, name))
d = io.IncrementalNewlineDecoder(None, translate=True)
print(repr(d.decode('a\r')), repr(d.decode('\nb\r')), d.getstate(), repr(d.decode('c\n', final=True)), d.newlines)
d.reset()
print(d.newlines, d.getstate())
d.setstate((b'', 1))
print(repr(d.decode('x')))
print(io.text_encoding('x'))
