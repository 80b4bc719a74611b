# _interpreters: makes of what `_crossing` carries the module that `concurrent.interpreters` stands on. What goes from one interpreter to another
# is a pair of a kind and a plain value; `_give` makes it, `_take` undoes it.
import builtins
import sys
import _crossing

_Function, _Code, _Namespace = type(lambda: 0), type((lambda: 0).__code__), type(sys.implementation)

WHENCE_UNKNOWN, WHENCE_RUNTIME, WHENCE_LEGACY_CAPI, WHENCE_CAPI, WHENCE_XI, WHENCE_STDLIB = range(6)


class InterpreterError(Exception):
    """A cross-interpreter operation failed"""
    __module__ = 'concurrent.interpreters'


class InterpreterNotFoundError(InterpreterError):
    """An interpreter was not found"""
    __module__ = 'concurrent.interpreters'


class NotShareableError(TypeError):
    __module__ = 'concurrent.interpreters'


_crossing.errors(InterpreterError, InterpreterNotFoundError)


# What can go.

_PLAIN, _TUPLE, _MEMORY, _FUNCTION, _PICKLED, _SHARED = range(6)

# Classes of the library whose objects go by a number: class -> (name, number of an object, object of a number).
_shared = {}
_classes = frozenset([type(None), bool, int, float, str, bytes, tuple, memoryview])
_FAKE_MAIN = '<fake __main__>'
_mains = {}


def _share(cls, name, number, make):
    _shared[cls] = name, number
    _shared[name] = make


def _give(obj, fallback=False):
    if _crossing.plain(obj):
        return _PLAIN, obj
    cls = type(obj)
    if cls is tuple:
        return _TUPLE, tuple([_give(item, fallback) for item in obj])
    if cls is memoryview:
        if not obj.readonly:
            raise NotShareableError('memory that can be written cannot be shared between interpreters here')
        return _MEMORY, (bytes(obj), obj.format, obj.shape)
    if cls in _shared:
        name, number = _shared[cls]
        return _SHARED, (name, number(obj))
    if not fallback:
        raise NotShareableError(f'{obj!r} does not support cross-interpreter data')
    if cls is _Function and _is_stateless(obj):
        return _FUNCTION, obj.__code__
    return _PICKLED, _pickle(obj)


def _take(parcel):
    kind, data = parcel
    if kind == _PLAIN:
        return data
    if kind == _TUPLE:
        return tuple([_take(item) for item in data])
    if kind == _MEMORY:
        data, format, shape = data
        view = memoryview(data)
        return view if format == 'B' and len(shape) == 1 else view.cast('B').cast(format, shape)
    if kind == _SHARED:
        name, number = data
        if name not in _shared:
            import concurrent.interpreters
        return _shared[name](number)
    if kind == _FUNCTION:
        return _Function(data, _main_namespace())
    return _unpickle(*data)


def _main_namespace():
    return sys.modules['__main__'].__dict__


def _is_stateless(function):
    """Nothing but its code and the builtins: so it can go without a name to find it by."""
    if function.__closure__ or function.__defaults__ or function.__kwdefaults__:
        return False
    import builtins
    names = _crossing.global_names(function.__code__)
    return names is not None and all([name in builtins.__dict__ and name not in function.__globals__ for name in names])


def _pickle(obj):
    import pickle
    try:
        data = pickle.dumps(obj)
    except Exception as e:
        raise NotShareableError('object could not be pickled') from e
    return data, getattr(sys.modules.get('__main__'), '__file__', None) or next(iter(_mains), None)


def _unpickle(data, filename):
    import pickle
    modules = sys.modules
    if _crossing.current() == 0:
        # What the program defines is known elsewhere under this name.
        modules.setdefault(_FAKE_MAIN, modules['__main__'])
        return pickle.loads(data)
    try:
        return pickle.loads(data)
    except (AttributeError, ModuleNotFoundError):
        if filename is None or b'__main__' not in data:
            raise
    kept, modules['__main__'] = modules['__main__'], _isolated_main(filename)
    try:
        return pickle.loads(data)
    finally:
        modules['__main__'] = kept


def _isolated_main(filename):
    """The program's script as a module here: what stands behind `if __name__ == '__main__'` does not run."""
    if filename not in _mains:
        import io
        with io.open_code(filename) as file:
            source = file.read()
        module = type(sys)(_FAKE_MAIN)
        module.__file__ = filename
        sys.modules[_FAKE_MAIN] = module
        builtins.exec(compile(source, filename, 'exec', dont_inherit=True), module.__dict__)
        _mains[filename] = module
    return _mains[filename]


def is_shareable(obj):
    """Return True if the object's data may be shared between interpreters and False otherwise."""
    # As in CPython the class decides: a tuple may still have items that cannot go.
    return type(obj) in _classes or type(obj) in _shared


class CrossInterpreterBufferView:
    def __new__(cls, *args, **kwargs):
        raise TypeError(f"cannot create '_interpreters.CrossInterpreterBufferView' instances")


# How interpreters are made.

_FIELDS = ('use_main_obmalloc', 'allow_fork', 'allow_exec', 'allow_threads', 'allow_daemon_threads', 'check_multi_interp_extensions', 'gil')
_CONFIGS = {
    'isolated': (False, False, False, True, False, True, 'own'),
    'legacy': (True, True, True, True, True, False, 'shared'),
    'empty': (False, False, False, False, False, False, 'default'),
}
_MAIN_CONFIG = (True, True, True, True, True, False, 'own')


def _config_of(values):
    return _Namespace(**dict(zip(_FIELDS, values)))


def _named_config(name):
    if name in ('', 'default'):
        name = 'isolated'
    if name not in _CONFIGS:
        raise ValueError(f"unsupported config name '{name}'")
    return dict(zip(_FIELDS, _CONFIGS[name]))


def _checked(fields, given):
    for name in _FIELDS:
        if name not in given:
            continue
        value = given.pop(name)
        if name == 'gil':
            if not isinstance(value, str):
                raise TypeError(f"expected str for gil, got {type(value).__name__}")
            if value not in ('default', 'shared', 'own'):
                raise ValueError(f"unsupported interpreter config .gil value '{value}'")
        else:
            value = bool(value)
        fields[name] = value
    if given:
        raise ValueError(f'config dict has {len(given)} extra item{"s" if len(given) > 1 else ""} ({given!r})')
    return fields


def new_config(name='isolated', /, **overrides):
    """Return a representation of a new PyInterpreterConfig."""
    return _Namespace(**_checked(_named_config(name), overrides))


def create(config=None, *, reqrefs=False):
    """Create a new interpreter and return a unique generated ID."""
    if config is None:
        config = 'default'
    if isinstance(config, str):
        fields = _named_config(config)
    else:
        if not hasattr(config, '__dict__'):
            raise TypeError(f'bad config {config!r}')
        given = dict(config.__dict__)
        for name in _FIELDS:
            if name not in given:
                raise ValueError(f"missing config key '{name}'")
        fields = _checked({}, given)
    if not fields['use_main_obmalloc'] and not fields['check_multi_interp_extensions']:
        raise InterpreterError('interpreter creation failed')
    values = tuple([fields[name] for name in _FIELDS])
    id = _crossing.create(fields['gil'] == 'own', fields['allow_daemon_threads'], fields['allow_threads'], fields['allow_fork'], values)
    if reqrefs:
        _crossing.incref(id, True)
        _crossing.decref(id)
    return id


def get_config(id, *, restrict=False):
    """Return a representation of the config used to initialize the interpreter."""
    if id is None:
        id = _crossing.current()
    _resolve(id, restrict, 'get the config of')
    return _config_of(_crossing.settings(id) or _MAIN_CONFIG)


# What is known of them.

def _resolve(id, restrict, what):
    if _crossing.whence(id) != WHENCE_STDLIB and restrict:
        raise InterpreterError(f'cannot {what} unrecognized interpreter {id!r}')


def list_all(*, require_ready=False):
    """Return a list containing the ID of every existing interpreter."""
    return list(_crossing.list())


def get_current():
    """Return the ID of current interpreter."""
    id = _crossing.current()
    return id, _crossing.whence(id)


def get_main():
    """Return the ID of main interpreter."""
    return 0, WHENCE_RUNTIME


def whence(id):
    """Return an identifier for where the interpreter was created."""
    return _crossing.whence(id)


def is_running(id, *, restrict=False):
    """Return whether or not the identified interpreter is running."""
    _resolve(id, restrict, 'check if running for')
    return _crossing.is_running(id)


def incref(id, *, implieslink=False, restrict=False):
    _resolve(id, restrict, 'incref')
    _crossing.incref(id, bool(implieslink))


def decref(id, *, restrict=False):
    _resolve(id, restrict, 'decref')
    if _crossing.decref(id):
        _crossing.end(id)


def destroy(id, *, restrict=False):
    """Destroy the identified interpreter."""
    _resolve(id, restrict, 'destroy')
    _crossing.end(id)


def _finish():
    """The main interpreter ends: all others end before it, but those that a thread is in."""
    for id, whence in _crossing.list():
        if whence == WHENCE_STDLIB:
            try:
                _crossing.end(id)
            except InterpreterError:
                pass


# What is run in them.

_SCRIPT, _CALL, _NAMES = range(3)
_DONE, _FAILED, _NOT_SHAREABLE, _NOT_BEGUN = range(4)


def _script(code, function, expected):
    if isinstance(code, str):
        if '\0' in code:
            raise ValueError('source code string cannot contain null bytes')
        return str(code)
    return _code(code, function, 'argument 2 must be ' + expected)


def _code(code, function, expected):
    kind = 'code object'
    if isinstance(code, _Function):
        if code.__closure__ is not None:
            raise ValueError(f'_interpreters.{function}(): closures not supported')
        code, kind = code.__code__, 'func'
    elif not isinstance(code, _Code):
        raise TypeError(f'_interpreters.{function}() {expected}, not {type(code).__name__}')
    reason = None
    if code.co_argcount or code.co_posonlyargcount or code.co_kwonlyargcount or code.co_flags & 12:
        reason = 'arguments not supported'
    elif code.co_freevars:
        reason = 'closures not supported'
    if reason:
        raise ValueError(f'_interpreters.{function}(): bad {kind} ({reason})')
    return code


def _names_of(updates):
    if updates is None:
        return None
    if not isinstance(updates, dict):
        updates = dict(updates)
    for name in updates:
        if not isinstance(name, str):
            raise TypeError(f'expected str name, got {type(name).__name__}')
    return tuple([(name, _give(value)) for name, value in updates.items()])


def _answer(answer):
    """The pair of result and captured exception."""
    if answer is None:
        raise InterpreterError('the interpreter could not run the task')
    status, data = answer
    if status == _DONE:
        return (None if data is None else _take(data)), None
    if status == _FAILED:
        return None, _excinfo(data)
    if status == _NOT_SHAREABLE:
        raise NotShareableError(data)
    raise InterpreterError(data)


def exec(id, code, shared=None, *, restrict=False):
    """Execute the provided code in the identified interpreter."""
    _resolve(id, restrict, 'exec code for')
    script = _script(code, 'exec', 'a string, a function, or a code object')
    return _answer(_crossing.run(id, (_SCRIPT, script, _names_of(shared))))[1]


def run_string(id, script, shared=None, *, restrict=False):
    """Execute the provided string in the identified interpreter."""
    if not isinstance(script, str):
        raise TypeError(f'_interpreters.run_string() argument 2 must be str, not {type(script).__name__}')
    _resolve(id, restrict, 'run a string in')
    return _answer(_crossing.run(id, (_SCRIPT, _script(script, 'exec', ''), _names_of(shared))))[1]


def run_func(id, func, shared=None, *, restrict=False):
    """Execute the body of the provided function in the identified interpreter."""
    _resolve(id, restrict, 'run a function in')
    script = _code(func, 'exec', 'argument 2 must be a function or a code object')
    return _answer(_crossing.run(id, (_SCRIPT, script, _names_of(shared))))[1]


def call(id, callable, args=None, kwargs=None, *, preserve_exc=False, restrict=False):
    """Call the provided object in the identified interpreter; the result and the captured exception."""
    if preserve_exc:
        raise NotImplementedError('Heddle does not support _interpreters.call with preserve_exc')
    _resolve(id, restrict, 'make a call in')
    args = () if args is None else tuple(args)
    kwargs = None if not kwargs else _give(kwargs, True)
    return _answer(_crossing.run(id, (_CALL, _give(callable, True), _give(args, True), kwargs)))


def set___main___attrs(id, updates, *, restrict=False):
    """Bind the given attributes in the interpreter's __main__ module."""
    _resolve(id, restrict, 'update __main__ for')
    if updates is not None and len(updates) == 0:
        raise ValueError('arg 2 must be a non-empty mapping')
    _answer(_crossing.run(id, (_NAMES, None, _names_of(updates))))


def _run(task):
    """In the other interpreter: what `_answer` reads."""
    try:
        if task[0] == _CALL:
            _, callable, args, kwargs = task
            callable, args = _take(callable), _take(args)
            kwargs = {} if kwargs is None else _take(kwargs)
            result = callable(*args, **kwargs)
        else:
            _, script, names = task
            main = _main_namespace()
            for name, value in names or ():
                main[name] = _take(value)
            if script is not None:
                builtins.exec(compile(script, '<string>', 'exec', dont_inherit=True) if isinstance(script, str) else script, main)
            return _DONE, None
    except BaseException as e:
        return _FAILED, _capture(e)
    try:
        return _DONE, None if result is None else _give(result, True)
    except NotShareableError as e:
        return _NOT_SHAREABLE, str(e)
    except BaseException as e:
        return _FAILED, _capture(e)


# What is told of an exception.

def _capture(exc):
    """Type (name, qualified name, module), message, both in a line, and the traceback as Python prints it."""
    cls = type(exc)
    try:
        message = str(exc)
    except Exception:
        message = None
    module = cls.__module__
    line = cls.__qualname__ if module in ('builtins', '__main__') else f'{module}.{cls.__qualname__}'
    if message is not None:
        line = f'{line}: {message}'
    try:
        import traceback
        display = ''.join(traceback.TracebackException.from_exception(exc).format()).rstrip('\n')
    except Exception:
        display = None
    return (cls.__name__, cls.__qualname__, module), message, line, display


def _excinfo(captured):
    (name, qualname, module), message, line, display = captured
    cls = _Namespace(__name__=name, __qualname__=qualname, __module__=module)
    return _Namespace(type=cls, msg=message, formatted=line, errdisplay=display)


def capture_exception(exc=None):
    """Return a snapshot of an exception.  If "exc" is None then the current exception, if any, is used (but not cleared)."""
    if exc is None:
        exc = sys.exception()
        if exc is None:
            return None
    elif not isinstance(exc, BaseException):
        raise TypeError(f'expected exception, got {exc!r}')
    return _excinfo(_capture(exc))
