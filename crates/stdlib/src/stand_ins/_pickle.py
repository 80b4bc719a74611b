# What the C module `_pickle` has and the library's Python version of it has not: `PickleBuffer` before, its own names after.


class PickleBuffer:
    """Wrapper for potentially out-of-band buffers"""

    __slots__ = '_view', '__weakref__'
    __module__ = 'pickle'

    def __new__(cls, object, /):
        self = super().__new__(cls)
        self._view = memoryview(object)
        return self

    def __init_subclass__(cls):
        raise TypeError("type 'pickle.PickleBuffer' is not an acceptable base type")

    def __buffer__(self, flags):
        if self._view is None:
            raise ValueError('operation forbidden on released PickleBuffer object')
        return memoryview(self._view)

    def raw(self):
        """Return a memoryview of the raw memory underlying this buffer.

Will raise BufferError is the buffer isn't contiguous."""
        if self._view is None:
            raise ValueError('operation forbidden on released PickleBuffer object')
        if not self._view.contiguous:
            raise BufferError('cannot extract raw buffer from non-contiguous buffer')
        view = self._view
        if view.ndim == 0 or view.format == 'B' and view.ndim == 1:
            return memoryview(view)
        return view.cast('B')

    def release(self):
        """Release the underlying buffer controlled by the PickleBuffer object."""
        if self._view is not None:
            self._view.release()
            self._view = None


# The library's module stands here.


class builtin_function_or_method:
    """A function that does not become a method of the class it stands in."""

    def __init__(self, function):
        self._function = self.__wrapped__ = function
        self.__name__ = self.__qualname__ = function.__name__.lstrip('_')
        self.__module__, self.__doc__ = '_pickle', function.__doc__

    def __call__(self, /, *args, **kwargs):
        return self._function(*args, **kwargs)

    def __repr__(self):
        return f'<built-in function {self.__name__}>'

    def __reduce__(self):
        return self.__name__


def _dump(obj, file, protocol=None, *, fix_imports=True, buffer_callback=None):
    _Pickler(file, protocol, fix_imports=fix_imports, buffer_callback=buffer_callback).dump(obj)


def _dumps(obj, protocol=None, *, fix_imports=True, buffer_callback=None):
    file = io.BytesIO()
    _Pickler(file, protocol, fix_imports=fix_imports, buffer_callback=buffer_callback).dump(obj)
    return file.getvalue()


dump, dumps = builtin_function_or_method(_dump), builtin_function_or_method(_dumps)
load, loads = builtin_function_or_method(_load), builtin_function_or_method(_loads)
del builtin_function_or_method, _main


class _WholeUnframer(_Unframer):
    """Refuses data that ends too soon at once, as the C module does."""

    def read(self, n):
        data = super().read(n)
        if len(data) < n:
            raise UnpicklingError('pickle data was truncated')
        return data

    def readinto(self, buffer):
        wanted = len(buffer)
        try:
            n = super().readinto(buffer)
        except ValueError:
            raise UnpicklingError('pickle data was truncated') from None
        # A bytearray shrinks to what there was.
        if min(n, len(buffer)) < wanted:
            raise UnpicklingError('pickle data was truncated')
        return n

    def readline(self):
        line = super().readline()
        if not line.endswith(b'\n'):
            raise UnpicklingError('pickle data was truncated')
        return line

    def load_frame(self, frame_size):
        super().load_frame(frame_size)
        if self.current_frame.getbuffer().nbytes < frame_size:
            raise UnpicklingError('pickle data was truncated')


def _load_all(self):
    """Read a pickle, and return the reconstituted object."""
    if not hasattr(self, '_file_read'):
        raise UnpicklingError(f'Unpickler.__init__() was not called by {type(self).__name__}.__init__()')
    self._unframer = _WholeUnframer(self._file_read, self._file_readline)
    self.read, self.readinto, self.readline = self._unframer.read, self._unframer.readinto, self._unframer.readline
    self.metastack, self.stack, self.proto = [], [], 0
    self.append = self.stack.append
    read, dispatch = self.read, self.dispatch
    try:
        while True:
            try:
                key = read(1)
            except UnpicklingError:
                raise EOFError('Ran out of input') from None
            step = dispatch.get(key[0])
            if step is None:
                shown = repr(key)[2:-1] if key != b"'" else "\\'"
                raise UnpicklingError(f"invalid load key, '{shown}'.")
            step(self)
    except _Stop as stop:
        return stop.value
    except IndexError as error:
        # The machine's own stack was empty: no function of a program stands between.
        if error.__traceback__ is None:
            raise UnpicklingError('unpickling stack underflow') from None
        raise
    except AttributeError as error:
        # A mark in the place of a value.
        if error.__traceback__ is None and isinstance(error.obj, list) and error.name in ('stack', 'append'):
            raise UnpicklingError('unexpected MARK found') from None
        raise


_plain_save_reduce = _Pickler.save_reduce


def save_reduce(self, func, args, state=None, listitems=None, dictitems=None, state_setter=None, *, obj=None):
    for what, items in ('fourth', listitems), ('fifth', dictitems):
        if items is not None and not hasattr(type(items), '__next__'):
            raise PicklingError(f'{what} item of the tuple returned by __reduce__ must be an iterator, not {_T(items)}')
    if state_setter is not None and not callable(state_setter):
        raise PicklingError(f'sixth item of the tuple returned by __reduce__ must be a function, not {_T(state_setter)}')
    if self.proto >= 2 and getattr(func, '__name__', '') == '__newobj_ex__' and isinstance(args, tuple) and len(args) == 3:
        if not isinstance(args[1], tuple):
            raise PicklingError(f'second argument to __newobj_ex__() must be a tuple, not {_T(args[1])}')
        if not isinstance(args[2], dict):
            raise PicklingError(f'third argument to __newobj_ex__() must be a dict, not {_T(args[2])}')
    _plain_save_reduce(self, func, args, state, listitems, dictitems, state_setter, obj=obj)


save_reduce.__qualname__ = 'Pickler.save_reduce'
_load_all.__name__, _load_all.__qualname__ = 'load', 'Unpickler.load'
_Pickler.save_reduce, _Unpickler.load = save_reduce, _load_all
for _class in _Pickler, _Unpickler:
    _class.__name__ = _class.__qualname__ = _class.__name__.lstrip('_')
del save_reduce, _load_all, _class
