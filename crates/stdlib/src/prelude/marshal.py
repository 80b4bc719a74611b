# marshal: plain data in CPython's format, version 4 without references. Code objects have no such form here: they are refused
# whatever `allow_code` says.
from _struct import pack as _pack, unpack_from as _unpack_from

version = 5
_DEPTH = 2000


def dumps(value, version=version, /, *, allow_code=True):
    out = []
    _write(value, out.append, 0)
    return b''.join(out)


def dump(value, file, version=version, /, *, allow_code=True):
    file.write(dumps(value, version))


def _write_int(value, put):
    if -0x80000000 <= value < 0x80000000:
        put(b'i' + _pack('<i', value))
        return
    digits = []
    left = abs(value)
    while left:
        digits.append(_pack('<H', left & 0x7fff))
        left >>= 15
    put(b'l' + _pack('<i', len(digits) if value > 0 else -len(digits)))
    put(b''.join(digits))


def _write_text(value, put):
    data = value.encode('utf-8', 'surrogatepass')
    if value.isascii():
        put((b'z' + bytes([len(data)]) if len(data) < 256 else b'a' + _pack('<i', len(data))) + data)
    else:
        put(b'u' + _pack('<i', len(data)) + data)


def _write(value, put, depth):
    if depth > _DEPTH:
        raise ValueError('object too deeply nested to marshal')
    kind = type(value)
    if value is None or value is True or value is False or value is Ellipsis or value is StopIteration:
        put({None: b'N', True: b'T', False: b'F', Ellipsis: b'.', StopIteration: b'S'}[value])
    elif kind is int:
        _write_int(value, put)
    elif kind is float:
        put(b'g' + _pack('<d', value))
    elif kind is complex:
        put(b'y' + _pack('<dd', value.real, value.imag))
    elif kind is str:
        _write_text(value, put)
    elif kind is tuple or kind is list or kind is set or kind is frozenset:
        if kind is tuple and len(value) < 256:
            put(b')' + bytes([len(value)]))
        else:
            put({tuple: b'(', list: b'[', set: b'<', frozenset: b'>'}[kind] + _pack('<i', len(value)))
        for item in value:
            _write(item, put, depth + 1)
    elif kind is dict:
        put(b'{')
        for key, item in value.items():
            _write(key, put, depth + 1)
            _write(item, put, depth + 1)
        put(b'0')
    elif kind is slice:
        put(b':')
        for item in (value.start, value.stop, value.step):
            _write(item, put, depth + 1)
    else:
        try:
            data = bytes(memoryview(value))
        except TypeError:
            raise ValueError('unmarshallable object') from None
        put(b's' + _pack('<i', len(data)) + data)


class _Reader:
    def __init__(self, read):
        self.read = read
        self.references = []

    def bytes(self, n):
        data = self.read(n)
        if len(data) < n:
            raise EOFError('marshal data too short')
        return data

    def number(self, form, size):
        return _unpack_from(form, self.bytes(size))[0]

    def long(self):
        n = self.number('<i', 4)
        value = 0
        for i in range(abs(n)):
            value |= self.number('<H', 2) << 15 * i
        return -value if n < 0 else value

    def items(self, n, depth):
        if n < 0:
            raise ValueError('bad marshal data (size out of range)')
        return [self.value(depth + 1) for _ in range(n)]

    def value(self, depth=0):
        if depth > _DEPTH:
            raise ValueError('recursion limit exceeded')
        code = self.read(1)
        if not code:
            raise EOFError('EOF read where object expected')
        kind, referred = chr(code[0] & 0x7f), code[0] & 0x80
        place = len(self.references)
        if referred:
            self.references.append(None)
        value = self.plain(kind, depth, place if referred else None)
        if referred:
            self.references[place] = value
        return value

    def plain(self, kind, depth, place):
        if kind in 'NTF.S':
            return {'N': None, 'T': True, 'F': False, '.': Ellipsis, 'S': StopIteration}[kind]
        if kind == 'i':
            return self.number('<i', 4)
        if kind == 'l':
            return self.long()
        if kind == 'g':
            return self.number('<d', 8)
        if kind == 'y':
            return complex(self.number('<d', 8), self.number('<d', 8))
        if kind == 'f':
            return float(self.bytes(self.bytes(1)[0]))
        if kind in 'zZ':
            return self.bytes(self.bytes(1)[0]).decode('latin-1')
        if kind in 'aA':
            return self.bytes(self.number('<i', 4)).decode('latin-1')
        if kind in 'ut':
            return self.bytes(self.number('<i', 4)).decode('utf-8', 'surrogatepass')
        if kind == 's':
            return self.bytes(self.number('<i', 4))
        if kind == ')':
            return tuple(self.items(self.bytes(1)[0], depth))
        if kind == '(':
            return tuple(self.items(self.number('<i', 4), depth))
        return self.container(kind, depth, place)

    def container(self, kind, depth, place):
        if kind in '[<>':
            return {'[': list, '<': set, '>': frozenset}[kind](self.items(self.number('<i', 4), depth))
        if kind == ':':
            return slice(*self.items(3, depth))
        if kind == 'r':
            n = self.number('<i', 4)
            if not 0 <= n < len(self.references):
                raise ValueError('bad marshal data (invalid reference)')
            return self.references[n]
        if kind == '{':
            result = {}
            if place is not None:
                self.references[place] = result
            while True:
                key = self.value(depth + 1) if not self.at_null() else _NULL
                if key is _NULL:
                    return result
                result[key] = self.value(depth + 1)
        if kind == 'c':
            raise ValueError('Heddle does not support code objects of marshal')
        raise ValueError('bad marshal data (unknown type code)')

    def at_null(self):
        read, byte = self.read, self.read(1)
        if byte == b'0':
            return True

        def again(n):
            self.read = read
            return byte + read(n - 1)
        self.read = again
        return False


_NULL = object()


def load(file, /, *, allow_code=True):
    return _Reader(file.read).value()


def loads(data, /, *, allow_code=True):
    data = bytes(memoryview(data))
    at = 0

    def read(n):
        nonlocal at
        part = data[at:at + n]
        at += n
        return part
    return _Reader(read).value()
