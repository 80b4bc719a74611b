# mmap: mapped files and memory (`Modules/mmapmodule.c`), over `_mapping.Region`, which has the bytes. The constants are those of Linux.
from _mapping import Region as _Region

error = OSError
PAGESIZE = ALLOCATIONGRANULARITY = 4096
ACCESS_DEFAULT, ACCESS_READ, ACCESS_WRITE, ACCESS_COPY = range(4)
MAP_SHARED, MAP_PRIVATE, MAP_ANON, MAP_ANONYMOUS, MAP_POPULATE, MAP_NORESERVE = 1, 2, 32, 32, 32768, 16384
MAP_DENYWRITE, MAP_EXECUTABLE, MAP_STACK = 2048, 4096, 131072
PROT_READ, PROT_WRITE, PROT_EXEC = 1, 2, 4
MADV_NORMAL, MADV_RANDOM, MADV_SEQUENTIAL, MADV_WILLNEED, MADV_DONTNEED = range(5)
MADV_FREE, MADV_REMOVE, MADV_DONTFORK, MADV_DOFORK = range(8, 12)
MADV_MERGEABLE, MADV_UNMERGEABLE, MADV_HUGEPAGE, MADV_NOHUGEPAGE, MADV_DONTDUMP, MADV_DODUMP = range(12, 18)
_BOTH = PROT_READ | PROT_WRITE
_LARGEST = 2 ** 63 - 1


def _int(value):
    from operator import index
    return index(value)


def _ints(item):
    """A slice with ints: what they are asked for may close the mapping."""
    return slice(*(None if n is None else _int(n) for n in (item.start, item.stop, item.step)))


def _found_ahead(view, sub, start, end):
    """Where bytes stand first, or -1. What is searched is copied, and mostly they are near (the end of a line): so in growing parts."""
    size = 4096
    while True:
        stop = min(start + size + len(sub), end)
        at = bytes(view[start:stop]).find(sub)
        if at >= 0:
            return start + at
        if stop == end:
            return -1
        start = stop - len(sub) + 1
        size = min(4 * size, 1 << 20)


class mmap(_Region):
    __slots__ = ('_access', '_fd', '_flags', '_offset', '_pos', '_track')

    def __new__(cls, fileno, length, flags=MAP_SHARED, prot=_BOTH, access=ACCESS_DEFAULT, offset=0, *, trackfd=True):
        import posix
        fileno, length, flags, prot, access, offset = map(_int, (fileno, length, flags, prot, access, offset))
        if length < 0:
            raise OverflowError('memory mapped length must be positive')
        if offset < 0:
            raise OverflowError('memory mapped offset must be positive')
        if max(length, offset) > _LARGEST:
            raise OverflowError('Python int too large to convert to C ssize_t')
        if access != ACCESS_DEFAULT and (flags != MAP_SHARED or prot != _BOTH):
            raise ValueError("mmap can't specify both access and flags, prot.")
        if access == ACCESS_READ:
            flags, prot = MAP_SHARED, PROT_READ
        elif access == ACCESS_COPY:
            flags = MAP_PRIVATE
        elif access == ACCESS_DEFAULT:
            if prot & _BOTH != _BOTH:
                access = ACCESS_WRITE if prot & PROT_WRITE else ACCESS_READ
        elif access != ACCESS_WRITE:
            raise ValueError('mmap invalid access parameter.')
        if fileno != -1:
            status = posix.fstat(fileno)
            if status.st_mode & 0o170000 == 0o100000:
                if length == 0:
                    if status.st_size == 0:
                        raise ValueError('cannot mmap an empty file')
                    if offset >= status.st_size:
                        raise ValueError('mmap offset is greater than file size')
                    length = status.st_size - offset
                elif offset > status.st_size or status.st_size - offset < length:
                    raise ValueError('mmap length is greater than file size')
        if length == 0 or offset % PAGESIZE:
            raise OSError(22, 'Invalid argument')
        anonymous = fileno == -1 or flags & MAP_ANONYMOUS
        kept = posix.dup(fileno) if fileno != -1 and trackfd else -1
        try:
            self = _Region.__new__(cls, -1 if anonymous else fileno, offset, length, not flags & MAP_PRIVATE,
                                   access == ACCESS_READ)
        except BaseException:
            if kept != -1:
                posix.close(kept)
            raise
        self._access, self._fd, self._flags, self._offset, self._pos, self._track = (
            access, kept, flags, offset, 0, bool(trackfd))
        return self

    def _view(self):
        if not self._is_open():
            raise ValueError('mmap closed or invalid')
        return memoryview(self)

    def _writable(self):
        view = self._view()
        if view.readonly:
            raise TypeError("mmap can't modify a readonly memory map.")
        return view

    def __buffer__(self, flags):
        return self._view()

    def __del__(self):
        try:
            self._let_go()
        except (AttributeError, OSError):
            pass

    def _let_go(self):
        import posix
        fd, self._fd = self._fd, -1
        if fd != -1:
            posix.close(fd)
        self._close()

    def close(self):
        if self._is_viewed():
            raise BufferError('cannot close exported pointers exist')
        self._let_go()

    @property
    def closed(self):
        return not self._is_open()

    def __len__(self):
        return len(self._view())

    def __repr__(self):
        access = ('ACCESS_DEFAULT', 'ACCESS_READ', 'ACCESS_WRITE', 'ACCESS_COPY')[self._access]
        name = f'{type(self).__module__}.{type(self).__qualname__}'
        if self.closed:
            return f'<{name} closed=True>'
        return f'<{name} closed=False, access={access}, length={len(self)}, pos={self._pos}, offset={self._offset}>'

    def __getitem__(self, item):
        self._view()
        if isinstance(item, slice):
            item = _ints(item)
            return bytes(self._view()[item])
        item = self._index(item)
        view = self._view()
        return view[self._place(view, item)]

    def _index(self, item):
        if not hasattr(type(item), '__index__'):
            raise TypeError('mmap indices must be integers')
        return _int(item)

    def _place(self, view, item):
        if item < 0:
            item += len(view)
        if not 0 <= item < len(view):
            raise IndexError('mmap index out of range')
        return item

    def __setitem__(self, item, value):
        self._writable()
        if isinstance(item, slice):
            item, value = _ints(item), memoryview(value).cast('B')
            part = self._writable()[item]
            if len(value) != len(part):
                raise IndexError('mmap slice assignment is wrong size')
            part[:] = value
            return
        item = self._index(item)
        self._place(self._writable(), item)
        if not hasattr(type(value), '__index__'):
            raise TypeError('mmap item value must be an int')
        value = _int(value)
        view = self._writable()
        if not 0 <= value < 256:
            raise ValueError('mmap item value must be in range(0, 256)')
        view[self._place(view, item)] = value

    def __delitem__(self, item):
        self._writable()
        if isinstance(item, slice):
            raise TypeError("mmap object doesn't support slice deletion")
        raise TypeError("mmap doesn't support item deletion")

    def __iter__(self):
        at = 0
        while at < len(self):
            yield bytes(self._view()[at:at + 1])
            at += 1

    def __add__(self, other):
        raise TypeError(f"unsupported operand type(s) for +: '{type(self).__name__}' and '{type(other).__name__}'")

    def __enter__(self):
        self._view()
        return self

    def __exit__(self, exc_type=None, exc_value=None, traceback=None, /):
        self.close()

    def __reduce__(self):
        raise TypeError("cannot pickle 'mmap.mmap' object")

    def __reduce_ex__(self, protocol):
        return self.__reduce__()

    def _found(self, sub, start, end, backwards):
        self._view()
        sub = bytes(memoryview(sub))
        start = self._pos if start is None else _int(start)
        end = len(self) if end is None else _int(end)
        view = self._view()
        start = max(start + len(view), 0) if start < 0 else min(start, len(view))
        end = max(end + len(view), 0) if end < 0 else min(end, len(view))
        if start > end:
            return -1
        if not backwards:
            return _found_ahead(view, sub, start, end)
        at = bytes(view[start:end]).rfind(sub)
        return at if at < 0 else at + start

    def find(self, sub, start=None, end=None, /):
        return self._found(sub, start, end, False)

    def rfind(self, sub, start=None, end=None, /):
        return self._found(sub, start, end, True)

    def read(self, n=None, /):
        self._view()
        if n is not None and not hasattr(type(n), '__index__'):
            raise TypeError(f"argument should be integer or None, not '{type(n).__name__}'")
        n = -1 if n is None else _int(n)
        view = self._view()
        left = max(len(view) - self._pos, 0)
        n = left if n < 0 else min(n, left)
        data = bytes(view[self._pos:self._pos + n])
        self._pos += n
        return data

    def read_byte(self):
        view = self._view()
        if self._pos >= len(view):
            raise ValueError('read byte out of range')
        self._pos += 1
        return view[self._pos - 1]

    def readline(self):
        end = self._found(b'\n', None, None, False)
        return self.read(None if end < 0 else end + 1 - self._pos)

    def write(self, data, /):
        self._view()
        data = memoryview(data).cast('B')
        view = self._view()
        if view.readonly:
            raise TypeError("mmap can't modify a readonly memory map.")
        if self._pos > len(view) or len(view) - self._pos < len(data):
            raise ValueError('data out of range')
        view[self._pos:self._pos + len(data)] = data
        self._pos += len(data)
        return len(data)

    def write_byte(self, byte, /):
        self._view()
        byte = _int(byte)
        view = self._view()
        if byte < 0:
            raise OverflowError('unsigned byte integer is less than minimum')
        if byte > 255:
            raise OverflowError('unsigned byte integer is greater than maximum')
        if view.readonly:
            raise TypeError("mmap can't modify a readonly memory map.")
        if self._pos >= len(view):
            raise ValueError('write byte out of range')
        view[self._pos] = byte
        self._pos += 1

    def size(self):
        import posix
        self._view()
        return posix.fstat(self._fd).st_size

    def resize(self, newsize, /):
        import posix
        self._view()
        newsize = _int(newsize)
        before = len(self)
        if self._is_viewed():
            raise BufferError("mmap can't resize with extant buffers exported.")
        if not self._track:
            raise ValueError("mmap can't resize with trackfd=False.")
        if self._access not in (ACCESS_WRITE, ACCESS_DEFAULT):
            raise TypeError("mmap can't resize a readonly or copy-on-write memory map.")
        if newsize < 0 or _LARGEST - newsize < self._offset:
            raise ValueError('new size out of range')
        if self._fd == -1 and not self._flags & MAP_PRIVATE and newsize > before:
            raise ValueError("mmap: can't expand a shared anonymous mapping on Linux")
        if self._fd != -1:
            posix.ftruncate(self._fd, self._offset + newsize)
        if newsize == 0:
            raise OSError(22, 'Invalid argument')
        self._resize(newsize)

    def tell(self):
        self._view()
        return self._pos

    def seekable(self):
        return True

    def seek(self, pos, whence=0, /):
        self._view()
        pos, whence = _int(pos), _int(whence)
        view = self._view()
        if whence not in (0, 1, 2):
            raise ValueError('unknown seek type')
        pos += (0, self._pos, len(view))[whence]
        if not 0 <= pos <= len(view):
            raise ValueError('seek out of range')
        self._pos = pos
        return pos

    def flush(self, offset=0, size=None, /):
        """Who reads the file sees what is mapped at once."""
        self._view()
        offset = _int(offset)
        size = len(self) - offset if size is None else _int(size)
        view = self._view()
        if size < 0 or offset < 0 or len(view) - offset < size:
            raise ValueError('flush values out of range')
        if self._access not in (ACCESS_READ, ACCESS_COPY) and offset % PAGESIZE:
            raise OSError(22, 'Invalid argument')

    def move(self, dest, src, count, /):
        self._view()
        dest, src, count = map(_int, (dest, src, count))
        view = self._writable()
        if min(dest, src, count) < 0 or len(view) - dest < count or len(view) - src < count:
            raise ValueError('source, destination, or count out of range')
        view[dest:dest + count] = bytes(view[src:src + count])

    def madvise(self, option, start=0, length=None, /):
        """Advice changes nothing here, but that zeros take the place of what is not wanted any more."""
        self._view()
        option, start = _int(option), _int(start)
        length = len(self) if length is None else _int(length)
        view = self._view()
        if not 0 <= start < len(view):
            raise ValueError('madvise start out of bounds')
        if length < 0:
            raise ValueError('madvise length invalid')
        if _LARGEST - start < length:
            raise OverflowError('madvise length too large')
        if option not in range(5) and option not in range(8, 18) or start % PAGESIZE:
            raise OSError(22, 'Invalid argument')
        if option == MADV_DONTNEED and self._flags & MAP_PRIVATE and self._fd == -1:
            end = min(start + length, len(view))
            view[start:end] = bytes(end - start)
