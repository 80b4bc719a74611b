# _contextvars: contexts are dicts that are copied when they are written (a context is small). The thread's current one is native.
from _contextvars_native import get_current, set_current

_MISSING = object()
_shown = []


class Token:
    __slots__ = ('_context', '_var', '_old', '_used', '__weakref__')
    __hash__ = None

    def __init_subclass__(cls, **kwargs):
        raise TypeError("type 'Token' is not an acceptable base type")

    def __new__(cls, *args, **kwargs):
        raise RuntimeError('Tokens can only be created by ContextVars')

    @property
    def var(self):
        return self._var

    @property
    def old_value(self):
        return Token.MISSING if self._old is _MISSING else self._old

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self._var.reset(self)

    def __repr__(self):
        used = ' used' if self._used else ''
        return f'<Token{used} var={self._var!r} at {id(self):#x}>'

    __class_getitem__ = classmethod(type(list[int]))


class _Missing:
    __slots__ = ()

    def __repr__(self):
        return '<Token.MISSING>'


Token.MISSING = _Missing()


class Context:
    __slots__ = ('_data', '_entered', '_previous', '__weakref__')

    def __init_subclass__(cls, **kwargs):
        raise TypeError("type 'contextvars.Context' is not an acceptable base type")

    def __new__(cls, *args, **kwargs):
        if args or kwargs:
            raise TypeError('Context() does not accept any arguments')
        self = object.__new__(cls)
        self._data = {}
        self._entered = False
        self._previous = None
        return self

    def run(self, /, *args, **kwargs):
        if not args:
            raise TypeError('run() missing 1 required positional argument')
        self._enter()
        try:
            return args[0](*args[1:], **kwargs)
        finally:
            self._exit()

    def _enter(self):
        if self._entered:
            raise RuntimeError(f'cannot enter context: {self!r} is already entered')
        self._previous = get_current()
        self._entered = True
        set_current(self)

    def _exit(self):
        set_current(self._previous)
        self._previous = None
        self._entered = False

    def copy(self):
        other = Context()
        other._data = self._data
        return other

    def __len__(self):
        return len(self._data)

    def __iter__(self):
        return iter(self._data)

    def __contains__(self, var):
        _check_var(var)
        return var in self._data

    def __getitem__(self, var):
        _check_var(var)
        return self._data[var]

    def get(self, var, default=None, /):
        _check_var(var)
        return self._data.get(var, default)

    def keys(self):
        return self._data.keys()

    def values(self):
        return self._data.values()

    def items(self):
        return self._data.items()

    def __eq__(self, other):
        if not isinstance(other, Context):
            return NotImplemented
        return self._data == other._data

    __hash__ = None


def _check_var(var):
    if not isinstance(var, ContextVar):
        raise TypeError(f"a ContextVar key was expected, got {var!r}")


class ContextVar:
    __slots__ = ('_name', '_default', '__weakref__')

    def __new__(cls, *args, default=_MISSING):
        if len(args) != 1:
            raise TypeError(f'ContextVar() takes exactly 1 positional argument ({len(args)} given)')
        name, = args
        if not isinstance(name, str):
            raise TypeError('context variable name must be a str')
        self = object.__new__(cls)
        self._name = name
        self._default = default
        return self

    def __init_subclass__(cls):
        raise TypeError("type '_contextvars.ContextVar' is not an acceptable base type")

    @property
    def name(self):
        return self._name

    def get(self, default=_MISSING, /):
        value = _current()._data.get(self, _MISSING)
        if value is not _MISSING:
            return value
        if default is not _MISSING:
            return default
        if self._default is not _MISSING:
            return self._default
        raise LookupError(self)

    def set(self, value, /):
        context = _current()
        token = object.__new__(Token)
        token._context = context
        token._var = self
        token._old = context._data.get(self, _MISSING)
        token._used = False
        data = dict(context._data)
        data[self] = value
        context._data = data
        return token

    def reset(self, token, /):
        if not isinstance(token, Token):
            raise TypeError(f'expected an instance of Token, got {token!r}')
        if token._used:
            raise RuntimeError(f'{token!r} has already been used once')
        if token._var is not self:
            raise ValueError(f'{token!r} was created by a different ContextVar')
        context = _current()
        if token._context is not context:
            raise ValueError(f'{token!r} was created in a different Context')
        token._used = True
        data = dict(context._data)
        if token._old is _MISSING:
            data.pop(self, None)
        else:
            data[self] = token._old
        context._data = data

    def __repr__(self):
        if self in _shown:
            return '...'
        _shown.append(self)
        try:
            default = '' if self._default is _MISSING else f' default={self._default!r}'
        finally:
            _shown.remove(self)
        return f'<ContextVar name={self._name!r}{default} at {id(self):#x}>'

    def __class_getitem__(cls, item):
        return type(list[int])(cls, item)


def _current():
    context = get_current()
    if context is None:
        context = Context()
        set_current(context)
    return context


def copy_context():
    return _current().copy()


for _cls in (Token, Context, ContextVar):
    _cls.__module__ = '_contextvars'
del _cls
