# ctypes: C's simple types, arrays, structures and unions over memory of Python's (what `multiprocessing.sharedctypes` needs). There is no C code here that
# could be called, and no address that means anything: what is about those is refused by name.
import sys as _sys
from operator import index as _index

__version__ = '1.1.0'


class ArgumentError(Exception):
    pass


class _Type(type):
    def __init__(cls, name, bases, namespace, /, **kwargs):
        super().__init__(name, bases, namespace, **kwargs)
        if '_fields_' in namespace:
            _lay_out(cls, namespace['_fields_'])

    def __setattr__(cls, name, value):
        super().__setattr__(name, value)
        if name == '_fields_':
            _lay_out(cls, value)

    def __mul__(cls, length):
        if not isinstance(length, int):
            raise TypeError(f"can't multiply sequence by non-int of type '{type(length).__name__}'")
        if length < 0:
            raise ValueError(f'Array length must be >= 0, not {length}')
        made = _arrays.get((cls, length))
        if made is None:
            module = _sys._getframemodulename(1) or 'ctypes'
            made = _arrays[cls, length] = _Type(
                f'{cls.__name__}_Array_{length}', (Array,), {'_type_': cls, '_length_': length, '__module__': module})
        return made

    __rmul__ = __mul__


_arrays, _pointers = {}, {}


def _lay_out(cls, fields):
    if '_size_' in cls.__dict__:
        raise AttributeError('_fields_ is final')
    if hasattr(cls, '_anonymous_'):
        raise NotImplementedError('Heddle does not support ctypes structures with _anonymous_')
    pack = getattr(cls, '_pack_', None)
    together = issubclass(cls, Union)
    size, align = cls._size_, cls._align_
    at = 0 if together else getattr(cls, '_end_', 0)
    names = list(cls._names_)
    for field in fields:
        if not isinstance(field, tuple) or len(field) < 2:
            raise TypeError('_fields_ must be a sequence of (name, C type) pairs')
        if len(field) > 2:
            raise NotImplementedError('Heddle does not support bit fields of ctypes structures')
        name, kind = field
        if not isinstance(name, str):
            raise TypeError(f"first element of '_fields_' must be a string, not {type(name).__name__}")
        if not isinstance(kind, _Type):
            raise TypeError('second item in _fields_ tuple must be a C type')
        _holds_no_pointer(kind, 'structures')
        step = min(kind._align_, pack) if pack else kind._align_
        if together:
            start, size = 0, max(size, kind._size_)
        else:
            start = -(-at // step) * step
            size = at = start + kind._size_
        align = max(align, step)
        type.__setattr__(cls, name, _Field(name, kind, start))
        names.append(name)
    type.__setattr__(cls, '_end_', at)
    type.__setattr__(cls, '_names_', tuple(names))
    type.__setattr__(cls, '_align_', align)
    type.__setattr__(cls, '_size_', -(-size // align) * align)


def _holds_no_pointer(kind, where):
    """A pointer is no address, so memory cannot hold one."""
    if issubclass(kind, _Pointer):
        raise NotImplementedError(f'Heddle does not support pointers in ctypes {where}')


class _CData(metaclass=_Type):
    __slots__ = ('_memory', '_items', '__dict__', '__weakref__')
    _size_, _align_ = 0, 1
    __hash__ = None

    def __new__(cls, *args, **kwargs):
        if cls.__dict__.get('_abstract_'):
            raise TypeError('abstract class')
        return _over(cls, memoryview(bytearray(cls._size_)))

    @classmethod
    def from_buffer(cls, source, offset=0, /):
        view = memoryview(source)
        if view.readonly:
            raise TypeError('underlying buffer is not writable')
        if not view.c_contiguous:
            raise TypeError('underlying buffer is not C contiguous')
        return _over(cls, _part(cls, view.cast('B'), offset))

    @classmethod
    def from_buffer_copy(cls, source, offset=0, /):
        return _over(cls, memoryview(bytearray(_part(cls, memoryview(source).cast('B'), offset))))

    @classmethod
    def from_address(cls, address, /):
        if isinstance(address, _Address) and len(address.memory) >= cls._size_:
            return _over(cls, address.memory[:cls._size_])
        raise NotImplementedError('Heddle does not support from_address() of what addressof() has not told')

    @classmethod
    def from_param(cls, value, /):
        return value if isinstance(value, cls) else cls(value)

    @classmethod
    def in_dll(cls, library, name, /):
        raise NotImplementedError('Heddle does not support in_dll()')

    def __buffer__(self, flags):
        return self._memory[:]

    def __reduce__(self):
        return _unpickle, (type(self), self.__dict__, bytes(self._memory))


_CData.__hash__ = object.__hash__


def _part(cls, view, offset):
    if offset < 0:
        raise ValueError('offset cannot be negative')
    if len(view) < offset + cls._size_:
        raise ValueError(f'Buffer size too small ({len(view)} instead of at least {offset + cls._size_} bytes)')
    return view[offset:offset + cls._size_]


def _over(cls, memory):
    """An object of this type over memory that is there."""
    self = object.__new__(cls)
    self._memory = memory
    kind = cls._type_ if issubclass(cls, Array) else cls
    code = _codes.get(kind._type_) if issubclass(kind, _SimpleCData) else None
    self._items = memory.cast(code) if code else None
    return self


def _unpickle(cls, attributes, content):
    self = _over(cls, memoryview(bytearray(content)))
    self.__dict__.update(attributes)
    return self


# The formats of memoryviews for the types' letters.
_codes = {code: code for code in 'cbBhHiIlLqQfd?P'} | {'u': 'I'}
_bits = {code: 8 * size for code, size in zip('bBhHiIlLqQP', (1, 1, 2, 2, 4, 4, 8, 8, 8, 8, 8))}


def _to_memory(kind, value):
    """What a memoryview takes for a Python value of a simple type."""
    code = kind._type_
    if isinstance(value, _SimpleCData) and isinstance(value, kind):
        return value._items[0]
    if code in _bits:
        if code == 'P' and value is None:
            return 0
        if code == 'P' and not isinstance(value, int):
            raise TypeError('cannot be converted to pointer')
        bits = _bits[code]
        value = _index(value) & (1 << bits) - 1
        return value - (1 << bits) if code.islower() and value >> bits - 1 else value
    if code == 'c':
        if isinstance(value, int) and 0 <= value < 256:
            return bytes([value])
        if isinstance(value, (bytes, bytearray)) and len(value) == 1:
            return bytes(value)
        raise TypeError('one character bytes, bytearray or integer expected')
    if code == 'u':
        if not isinstance(value, str):
            raise TypeError(f'a unicode character expected, not instance of {type(value).__name__}')
        if len(value) != 1:
            raise TypeError(f'a unicode character expected, not a string of length {len(value)}')
        return ord(value)
    if code == '?':
        return bool(value)
    if not hasattr(type(value), '__float__') and not hasattr(type(value), '__index__'):
        raise TypeError(f'must be real number, not {type(value).__name__}')
    value = float(value)
    if code == 'f' and -1e39 < value < 1e39 and abs(value) > 3.4028235677973366e38:
        raise OverflowError('float too large to pack with f format')
    return value


def _from_memory(kind, item):
    if kind._type_ == 'u':
        return chr(item)
    if kind._type_ == 'P':
        return item or None
    return item


def _is_plain(kind):
    """Whether items and fields of the type are Python values."""
    return kind.__bases__ == (_SimpleCData,)


class _SimpleCData(_CData):
    __slots__ = ()
    _abstract_ = True

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        code = getattr(cls, '_type_', None)
        if code is None:
            raise AttributeError("class must define a '_type_' attribute")
        if code not in _codes:
            raise AttributeError(f"class must define a '_type_' attribute which must be\n"
                                 f"a single character string containing one of '{''.join(_codes)}'.")
        cls._size_ = cls._align_ = memoryview(bytes(8)).cast(_codes[code]).itemsize

    def __init__(self, value=None):
        if value is not None:
            self.value = value

    @property
    def value(self):
        """current value"""
        return _from_memory(type(self), self._items[0])

    @value.setter
    def value(self, value):
        self._items[0] = _to_memory(type(self), value)

    def __bool__(self):
        return any(self._memory)

    def __repr__(self):
        if _is_plain(type(self)):
            return f'{type(self).__name__}({self.value!r})'
        return object.__repr__(self)


def _store(kind, memory, value):
    """Stores a value into memory of this type."""
    if isinstance(value, kind):
        memory[:] = value._memory
    elif issubclass(kind, _SimpleCData):
        _over(kind, memory).value = value
    elif isinstance(value, tuple):
        memory[:] = kind(*value)._memory
    elif issubclass(kind, Array) and isinstance(value, (bytes, str)):
        _over(kind, memory).value = value
    else:
        raise TypeError(f'expected {kind.__name__} instance, got {type(value).__name__}')


class Array(_CData):
    __slots__ = ()
    _abstract_ = True

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        if not isinstance(getattr(cls, '_length_', None), int):
            raise AttributeError("class must define a '_length_' attribute")
        if not hasattr(cls, '_type_'):
            raise AttributeError("class must define a '_type_' attribute")
        if cls._length_ < 0:
            raise ValueError("The '_length_' attribute must not be negative")
        _holds_no_pointer(cls._type_, 'arrays')
        cls._size_, cls._align_ = cls._type_._size_ * cls._length_, cls._type_._align_
        if cls._type_ is c_char:
            cls.value, cls.raw = _char_value, _char_raw
        elif cls._type_ is c_wchar:
            cls.value = _wchar_value

    def __init__(self, *values):
        for i, value in enumerate(values):
            self[i] = value

    def __len__(self):
        return self._length_

    def _index(self, i):
        try:
            i = i.__index__()
        except AttributeError:
            raise TypeError('indices must be integers') from None
        if i < 0:
            i += self._length_
        if not 0 <= i < self._length_:
            raise IndexError('invalid index')
        return i

    def _at(self, i):
        size = self._type_._size_
        return self._memory[i * size:i * size + size]

    def __getitem__(self, i):
        kind = self._type_
        if isinstance(i, slice):
            if kind is c_char:
                return bytes(self._memory[i])
            if self._items is not None and _is_plain(kind):
                items = [_from_memory(kind, item) for item in self._items[i].tolist()]
                return ''.join(items) if kind is c_wchar else items
            return [self[n] for n in range(*i.indices(self._length_))]
        i = self._index(i)
        if self._items is not None and _is_plain(kind):
            return _from_memory(kind, self._items[i])
        return _over(kind, self._at(i))

    def __setitem__(self, i, value):
        kind = self._type_
        if isinstance(i, slice):
            start, stop, step = i.indices(self._length_)
            if step != 1:
                raise TypeError('slices with step size != 1 not supported')
            count = max(stop - start, 0)
            if len(value) != count:
                raise ValueError('Can only assign sequence of same size')
            if self._items is not None:
                items = [_to_memory(kind, value[n]) for n in range(count)]
                for n, item in enumerate(items, start):
                    self._items[n] = item
            else:
                for n in range(count):
                    _store(kind, self._at(start + n), value[n])
            return
        i = self._index(i)
        if self._items is not None:
            self._items[i] = _to_memory(kind, value)
        else:
            _store(kind, self._at(i), value)

    def __iter__(self):
        return (self[i] for i in range(self._length_))


def _get_raw(self):
    return bytes(self._memory)


def _set_raw(self, value):
    value = memoryview(value).cast('B')
    if len(value) > len(self._memory):
        raise ValueError('byte string too long')
    self._memory[:len(value)] = value


def _get_chars(self):
    return bytes(self._memory).split(b'\0', 1)[0]


def _set_chars(self, value):
    if not isinstance(value, bytes):
        raise TypeError(f'bytes expected instead of {type(value).__name__} instance')
    if len(value) > len(self._memory):
        raise ValueError('byte string too long')
    if len(value) < len(self._memory):
        value += b'\0'
    self._memory[:len(value)] = value


def _get_wchars(self):
    return self[:].split('\0', 1)[0]


def _set_wchars(self, value):
    if not isinstance(value, str):
        raise TypeError(f'unicode string expected instead of {type(value).__name__} instance')
    if len(value) > self._length_:
        raise ValueError('string too long')
    if len(value) < self._length_:
        value += '\0'
    for i, char in enumerate(value):
        self._items[i] = ord(char)


_char_raw = property(_get_raw, _set_raw, doc='value')
_char_value = property(_get_chars, _set_chars, doc='string value')
_wchar_value = property(_get_wchars, _set_wchars, doc='string value')


class _Field:
    """A field of a structure or union."""
    __slots__ = ('name', 'type', 'offset', 'size')

    def __init__(self, name, kind, offset):
        self.name, self.type, self.offset, self.size = name, kind, offset, kind._size_

    def _memory(self, instance):
        return instance._memory[self.offset:self.offset + self.size]

    def __get__(self, instance, owner=None):
        if instance is None:
            return self
        found = _over(self.type, self._memory(instance))
        if _is_plain(self.type):
            return found.value
        if self.type.__bases__ == (Array,) and self.type._type_ in (c_char, c_wchar):
            return found.value
        return found

    def __set__(self, instance, value):
        if isinstance(value, bytes) and issubclass(self.type, Array) and len(value) > self.size:
            raise ValueError(f'bytes too long ({len(value)}, maximum length {self.size})')
        _store(self.type, self._memory(instance), value)

    def __delete__(self, instance):
        raise TypeError("can't delete attribute")

    def __repr__(self):
        return f'<Field type={self.type.__name__}, ofs={self.offset}, size={self.size}>'


class Structure(_CData):
    """Structure base class"""
    __slots__ = ()
    _abstract_ = True
    _names_ = ()

    def __init__(self, *args, **kwargs):
        if len(args) > len(self._names_):
            raise TypeError('too many initializers')
        for name, value in zip(self._names_, args):
            if name in kwargs:
                raise TypeError(f"duplicate values for field '{name}'")
            setattr(self, name, value)
        for name, value in kwargs.items():
            setattr(self, name, value)


class Union(_CData):
    """Union base class"""
    __slots__ = ()
    _abstract_ = True
    _names_ = ()
    __init__ = Structure.__init__


class _Pointer(_CData):
    """What pointer() makes: it knows its object, and is no address."""
    __slots__ = ('_to',)
    _abstract_ = True
    _size_ = _align_ = 8

    def __init__(self, to=None):
        if to is not None and not isinstance(to, self._type_):
            raise TypeError(f'expected {self._type_.__name__} instead of {type(to).__name__}')
        self._to = to

    @classmethod
    def from_buffer(cls, source, offset=0, /):
        raise NotImplementedError('Heddle does not support ctypes pointers in memory')

    from_buffer_copy = from_address = from_buffer

    def __buffer__(self, flags):
        if self._to is not None:
            raise NotImplementedError('Heddle does not support ctypes pointers in memory')
        return self._memory[:]

    def __reduce__(self):
        raise ValueError('ctypes objects containing pointers cannot be pickled')

    @property
    def contents(self):
        """the object this pointer points to (read-write)"""
        if self._to is None:
            raise ValueError('NULL pointer access')
        return self._to

    @contents.setter
    def contents(self, to):
        self.__init__(to)

    def _first(self, i):
        if i != 0:
            raise NotImplementedError('Heddle does not support ctypes pointers to more than one object')
        return self.contents

    def __getitem__(self, i):
        to = self._first(i)
        return to.value if _is_plain(type(to)) else to

    def __setitem__(self, i, value):
        to = self._first(i)
        _store(type(to), to._memory, value)

    def __bool__(self):
        return self._to is not None


def POINTER(kind, /):
    if kind not in _pointers:
        _pointers[kind] = _Type(f'LP_{kind.__name__}', (_Pointer,), {'_type_': kind})
    return _pointers[kind]


def pointer(instance, /):
    if not isinstance(instance, _CData):
        raise TypeError('_type_ must have storage info')
    return POINTER(type(instance))(instance)


def _simple(*rows):
    for name, code in rows:
        yield name, _Type(name, (_SimpleCData,), {'_type_': code, '__module__': 'ctypes', '__slots__': ()})


globals().update(_simple(
    ('c_bool', '?'), ('c_char', 'c'), ('c_wchar', 'u'), ('c_byte', 'b'), ('c_ubyte', 'B'), ('c_short', 'h'), ('c_ushort', 'H'),
    ('c_int', 'i'), ('c_uint', 'I'), ('c_long', 'l'), ('c_ulong', 'L'), ('c_float', 'f'), ('c_double', 'd'), ('c_void_p', 'P')))
c_longlong, c_ulonglong = c_long, c_ulong
c_int8, c_int16, c_int32, c_int64 = c_byte, c_short, c_int, c_long
c_uint8, c_uint16, c_uint32, c_uint64 = c_ubyte, c_ushort, c_uint, c_ulong
c_size_t, c_ssize_t, c_time_t, c_voidp = c_ulong, c_long, c_long, c_void_p


class _Address(int):
    """What addressof() answers: a number that still knows the memory."""


def sizeof(what, /):
    if isinstance(what, _CData):
        return len(what._memory)
    if isinstance(what, _Type):
        return what._size_
    raise TypeError('this type has no size')


def alignment(what, /):
    if isinstance(what, (_CData, _Type)):
        return what._align_
    raise TypeError('no alignment info')


def addressof(what, /):
    if not isinstance(what, _CData):
        raise TypeError('invalid type')
    address = _Address(id(what._memory.obj))
    address.memory = what._memory
    return address


def byref(what, offset=0, /):
    if not isinstance(what, _CData):
        raise TypeError(f"byref() argument must be a ctypes instance, not '{type(what).__name__}'")
    address = addressof(what)
    address.memory = address.memory[offset:]
    return address


def _memory_at(what, function):
    if isinstance(what, _Pointer):
        what = what.contents
    if isinstance(what, _CData):
        return what._memory
    if isinstance(what, _Address):
        return what.memory
    if isinstance(what, bytes):
        return memoryview(what)
    raise NotImplementedError(f'Heddle does not support {function}() of what is no ctypes object, nor its addressof()')


def memset(target, value, count, /):
    _memory_at(target, 'memset')[:count] = bytes([value & 255]) * count
    return target


def memmove(target, source, count, /):
    _memory_at(target, 'memmove')[:count] = bytes(_memory_at(source, 'memmove')[:count])
    return target


def string_at(source, size=-1):
    content = bytes(_memory_at(source, 'string_at'))
    return content.split(b'\0', 1)[0] if size == -1 else content[:size]


def create_string_buffer(init, size=None):
    """create_string_buffer(aBytes) -> character array
    create_string_buffer(anInteger) -> character array
    create_string_buffer(aBytes, anInteger) -> character array
    """
    if isinstance(init, int):
        return (c_char * init)()
    if not isinstance(init, bytes):
        raise TypeError(init)
    buffer = (c_char * (len(init) + 1 if size is None else size))()
    buffer.value = init
    return buffer


def create_unicode_buffer(init, size=None):
    """create_unicode_buffer(aString) -> character array
    create_unicode_buffer(anInteger) -> character array
    create_unicode_buffer(aString, anInteger) -> character array
    """
    if isinstance(init, int):
        return (c_wchar * init)()
    if not isinstance(init, str):
        raise TypeError(init)
    buffer = (c_wchar * (len(init) + 1 if size is None else size))()
    buffer.value = init
    return buffer


c_buffer = create_string_buffer
_REFUSED = frozenset((
    'BigEndianStructure', 'BigEndianUnion', 'LittleEndianStructure', 'LittleEndianUnion', 'CDLL', 'CFUNCTYPE', 'LibraryLoader', 'PYFUNCTYPE',
    'PyDLL', 'RTLD_GLOBAL', 'RTLD_LOCAL', 'c_char_p', 'c_longdouble', 'c_wchar_p', 'cast', 'cdll', 'dllist', 'get_errno', 'memoryview_at',
    'py_object', 'pydll', 'pythonapi', 'resize', 'set_errno', 'wstring_at', 'SetPointerType'))


def __getattr__(name):
    if name in _REFUSED:
        raise NotImplementedError(f'Heddle does not support ctypes.{name}')
    raise AttributeError(f"module 'ctypes' has no attribute '{name}'")
