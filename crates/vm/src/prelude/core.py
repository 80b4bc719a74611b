# What the interpreter itself needs Python code for: importing, `except*`, star imports. Hidden in tracebacks.
# Natives given to it stand in imports.rs.

_sys_modules = _modules()
_sys = _sys_dict()
_importing = {}


class ModuleSpec:
    def __init__(self, name, loader, *, origin=None, loader_state=None, is_package=None):
        self.name = name
        self.loader = loader
        self.origin = origin
        self.loader_state = loader_state
        self.submodule_search_locations = [] if is_package else None
        self._set_fileattr = False
        self._cached = None
        self._uninitialized_submodules = []

    def __repr__(self):
        args = [f'name={self.name!r}', f'loader={self.loader!r}']
        if self.origin is not None:
            args.append(f'origin={self.origin!r}')
        if self.submodule_search_locations is not None:
            args.append(f'submodule_search_locations={self.submodule_search_locations}')
        return f'{self.__class__.__name__}({", ".join(args)})'

    @property
    def parent(self):
        if self.submodule_search_locations is None:
            return self.name.rpartition('.')[0]
        return self.name

    @property
    def cached(self):
        return self._cached

    @property
    def has_location(self):
        return self._set_fileattr


ModuleSpec.__module__ = '_frozen_importlib'


class BuiltinImporter:
    _ORIGIN = 'built-in'


class FrozenImporter:
    pass


class SourceFileLoader:
    def __init__(self, fullname, path):
        self.name = fullname
        self.path = path

    def get_source(self, fullname):
        source = _source_text(self.path)
        if source is None:
            raise OSError('source not available through get_data()')
        return source

    def get_data(self, path):
        data = _read_path(path)
        if data is None:
            raise FileNotFoundError(2, 'No such file or directory', path)
        return data

    def get_filename(self, name=None):
        return self.path

    def is_package(self, name):
        return self.path.endswith('/__init__.py')

    def create_module(self, spec):
        return None

    def get_code(self, fullname):
        found = _find_library(fullname)
        if found is not None and found[2] == self.path:
            return found[0]
        return _compile_file(self.get_data(self.path), self.path)

    def exec_module(self, module):
        _execute(self.get_code(module.__name__), module.__dict__)


for _class in BuiltinImporter, FrozenImporter:
    _class.__module__ = '_frozen_importlib'
SourceFileLoader.__module__ = '_frozen_importlib_external'


def _not_found(name, hint=''):
    return ModuleNotFoundError(f'No module named {name!r}{hint}', name=name)


def _import_module(name):
    module = _sys_modules.get(name)
    if module is not None or name in _sys_modules:
        if module is None:
            raise ModuleNotFoundError(f'import of {name} halted; None in sys.modules', name=name)
        if name in _importing:
            _wait_for(name)
            module = _sys_modules.get(name, module)
        return module
    parent, _, child = name.rpartition('.')
    path = None
    if parent:
        parent_module = _import_module(parent)
        if name in _sys_modules:
            return _sys_modules[name]
        try:
            path = parent_module.__path__
        except AttributeError:
            raise _not_found(name, f'; {parent!r} is not a package') from None
    while name in _importing:
        _wait_for(name)
        if name in _sys_modules:
            return _sys_modules[name]
        break
    module = _load(name, path)
    if parent:
        try:
            setattr(parent_module, child, module)
        except AttributeError:
            pass
    return module


def _wait_for(name):
    # Another thread imports it: wait until it has; a circular import of the same thread goes on with what there is.
    me = _thread_index()
    while name in _importing and _importing[name] != me:
        if _would_deadlock(me, name):
            return
        _waiting[me] = name
        try:
            _wait_turn()
        finally:
            _waiting.pop(me, None)


_waiting = {}


def _would_deadlock(me, name):
    seen = set()
    while name in _importing:
        owner = _importing[name]
        if owner == me:
            return True
        if owner in seen:
            return False
        seen.add(owner)
        if owner not in _waiting:
            return False
        name = _waiting[owner]
    return False


def _frozen_importlib():
    # CPython's own module, for those who look into it; importing itself stays with this file.
    module = _new_module('_frozen_importlib')
    _sys_modules['_frozen_importlib'] = module
    space = module.__dict__
    _execute(_find_library('importlib._bootstrap')[0], space)
    space['sys'] = _import_module('sys')
    for helper in '_imp', '_thread', '_weakref':
        space[helper] = _import_module(helper)
    for known in ModuleSpec, BuiltinImporter, FrozenImporter:
        space[known.__name__] = known
    space['_gcd_import'] = _gcd_import
    space['_find_and_load'] = lambda name, import_: _import_module(name)
    space['_find_spec'] = _find_spec
    space['_handle_fromlist'] = lambda module, fromlist, import_, *, recursive=False: (_handle_fromlist(module, fromlist), module)[1]
    return module


def _frozen_importlib_external():
    bootstrap = _import_module('_frozen_importlib')
    module = _new_module('_frozen_importlib_external')
    _sys_modules['_frozen_importlib_external'] = module
    stand_ins = [n for n in ('_warnings', 'marshal') if n not in _sys_modules and not _is_native(n) and _find_library(n) is None]
    for name in stand_ins:
        _sys_modules[name] = _new_module(name)
    try:
        _execute(_find_library('importlib._bootstrap_external')[0], module.__dict__)
    finally:
        for name in stand_ins:
            del _sys_modules[name]
    module._set_bootstrap_module(bootstrap)
    bootstrap._bootstrap_external = module
    module.SourceFileLoader = SourceFileLoader
    return module


def _gcd_import(name, package=None, level=0):
    if level:
        if not package:
            raise TypeError(f"the 'package' argument is required to perform a relative import for {'.' * level + name!r}")
        bits = package.rsplit('.', level - 1)
        if len(bits) < level:
            raise ImportError('attempted relative import beyond top-level package')
        name = f'{bits[0]}.{name}' if name else bits[0]
    return _import_module(name)


def _find_spec(name, path, target=None):
    for finder in _sys.get('meta_path', ()):
        spec = finder.find_spec(name, path, target)
        if spec is not None:
            return spec
    if _is_native(name):
        return ModuleSpec(name, BuiltinImporter, origin='built-in')
    found = _find_library(name)
    if found is not None:
        return _file_spec(name, found[2], found[1])
    for folder in (_sys.get('path', ()) if path is None else path):
        if isinstance(folder, str):
            stem = (folder + '/' if folder else '') + name.rpartition('.')[2]
            if _path_kind(stem) == 2 and _path_kind(stem + '/__init__.py') == 1:
                return _file_spec(name, stem + '/__init__.py', True)
            if _path_kind(stem + '.py') == 1:
                return _file_spec(name, stem + '.py', False)
    return None


def _file_spec(name, file, is_package):
    spec = ModuleSpec(name, SourceFileLoader(name, file), origin=file, is_package=is_package)
    spec._set_fileattr = True
    if is_package:
        spec.submodule_search_locations = [file.rpartition('/')[0]]
    return spec


def _load(name, path):
    if name == '_frozen_importlib':
        return _frozen_importlib()
    if name == '_frozen_importlib_external':
        return _frozen_importlib_external()
    for finder in _sys.get('meta_path', ()):
        spec = finder.find_spec(name, path)
        if spec is not None:
            return _load_by_spec(name, spec)
    if _is_native(name):
        module = _make_native(name)
        spec = ModuleSpec(name, BuiltinImporter, origin='built-in')
        module.__spec__ = spec
        module.__loader__ = BuiltinImporter
        module.__package__ = name.rpartition('.')[0]
        _sys_modules[name] = module
        return module
    found = _find_library(name)
    if found is not None:
        code, is_package, file = found
        return _run_code(name, code, is_package, file)
    for folder in (_sys.get('path', ()) if path is None else path):
        if not isinstance(folder, str):
            continue
        stem = (folder + '/' if folder else '') + name.rpartition('.')[2]
        kind = _path_kind(stem)
        if kind == 2 and _path_kind(stem + '/__init__.py') == 1:
            return _run_file(name, stem + '/__init__.py', True)
        if _path_kind(stem + '.py') == 1:
            return _run_file(name, stem + '.py', False)
        if kind == 2:
            module = _new_module(name)
            module.__path__ = [stem]
            spec = ModuleSpec(name, None, is_package=True)
            spec.submodule_search_locations = [stem]
            module.__spec__ = spec
            module.__package__ = name
            _sys_modules[name] = module
            return module
    raise _not_found(name)


def _load_by_spec(name, spec):
    loader = spec.loader
    module = None
    if hasattr(loader, 'create_module'):
        module = loader.create_module(spec)
    if module is None:
        module = _new_module(name)
    module.__spec__ = spec
    module.__loader__ = loader
    module.__package__ = spec.parent
    if spec.submodule_search_locations is not None:
        module.__path__ = spec.submodule_search_locations
    if spec.has_location and spec.origin:
        module.__file__ = spec.origin
    _sys_modules[name] = module
    try:
        if hasattr(loader, 'exec_module'):
            loader.exec_module(module)
    except BaseException:
        _sys_modules.pop(name, None)
        raise
    return _sys_modules.get(name, module)


def _run_file(name, file, is_package):
    source = _read_path(file)
    if source is None:
        raise _not_found(name)
    if not file.startswith('/'):
        cwd = _sys.get('_cwd', '')
        file = cwd + '/' + file if cwd else file
    return _run_code(name, _compile_file(source, file), is_package, file)


def _run_code(name, code, is_package, file):
    module = _new_module(name)
    loader = SourceFileLoader(name, file)
    spec = ModuleSpec(name, loader, origin=file, is_package=is_package)
    spec._set_fileattr = True
    spec._initializing = True
    if is_package:
        spec.submodule_search_locations = [file.rpartition('/')[0]]
        module.__path__ = spec.submodule_search_locations
        module.__package__ = name
    else:
        module.__package__ = name.rpartition('.')[0]
    module.__spec__ = spec
    module.__loader__ = loader
    module.__file__ = file
    module.__cached__ = None
    _sys_modules[name] = module
    _importing[name] = _thread_index()
    try:
        _execute(code, module.__dict__)
    except BaseException:
        _sys_modules.pop(name, None)
        raise
    finally:
        _importing.pop(name, None)
        spec._initializing = False
    return _sys_modules.get(name, module)


def _package_of(globals):
    package = globals.get('__package__')
    if package is None:
        package = globals.get('__name__', '')
        if '__path__' not in globals:
            package = package.rpartition('.')[0]
    return package


def _import(name, globals, fromlist, level):
    if level < 0:
        raise ValueError('level must be >= 0')
    if level:
        package = _package_of(globals)
        if not package:
            raise ImportError('attempted relative import with no known parent package')
        bits = package.rsplit('.', level - 1)
        if len(bits) < level:
            raise ImportError('attempted relative import beyond top-level package')
        absolute = f'{bits[0]}.{name}' if name else bits[0]
    else:
        if not name:
            raise ValueError('Empty module name')
        absolute = name
    module = _import_module(absolute)
    if not fromlist:
        if level == 0:
            return _sys_modules[name.partition('.')[0]] if '.' in name else module
        if not name:
            return module
        cut = len(name) - len(name.partition('.')[0])
        return _sys_modules[absolute[:len(absolute) - cut]]
    if hasattr(module, '__path__'):
        _handle_fromlist(module, fromlist)
    return module


def _handle_fromlist(module, fromlist):
    for item in fromlist:
        if not isinstance(item, str):
            raise TypeError(f"Item in ``from list'' must be str, not {type(item).__name__}")
        if item == '*':
            if hasattr(module, '__all__'):
                _handle_fromlist(module, [n for n in module.__all__ if n != '*'])
        elif not hasattr(module, item):
            full = f'{module.__name__}.{item}'
            try:
                _import_module(full)
            except ModuleNotFoundError as error:
                if error.name == full and _sys_modules.get(full, _sys_modules) is not None:
                    continue
                raise


def _import_from(module, name):
    full = f'{getattr(module, "__name__", "")}.{name}'
    found = _sys_modules.get(full)
    if found is not None:
        return found
    package = getattr(module, '__name__', '<unknown module name>')
    file = getattr(module, '__file__', None)
    spec = getattr(module, '__spec__', None)
    if getattr(spec, '_initializing', False):
        text = f'cannot import name {name!r} from partially initialized module {package!r} (most likely due to a circular import) ({file or "unknown location"})'
    else:
        text = f'cannot import name {name!r} from {package!r} ({file or "unknown location"})'
    raise ImportError(text, name=package, path=file, name_from=name)


def _import_star(module, namespace):
    names = getattr(module, '__all__', None)
    skip_private = names is None
    if skip_private:
        names = list(module.__dict__)
    for name in names:
        if skip_private and name.startswith('_'):
            continue
        namespace[name] = getattr(module, name)


def _run_module(name):
    runpy = _import_module('runpy')
    return runpy._run_module_as_main(name)


def _mapping_items(mapping):
    return [(key, mapping[key]) for key in mapping.keys()]


def _except_star_match(error, kind):
    # match, rest: what the clause gets (on top of the stack), and what goes on
    if isinstance(error, kind):
        if isinstance(error, BaseExceptionGroup):
            return error, None
        group = (ExceptionGroup if isinstance(error, Exception) else BaseExceptionGroup)('', [error])
        group.__traceback__ = error.__traceback__
        return group, None
    if isinstance(error, BaseExceptionGroup):
        match, rest = error.split(kind)
        return match, rest
    return None, error


def _prep_reraise_star(original, errors):
    raised = []
    reraised = []
    for error in errors:
        if error is None:
            continue
        if isinstance(error, BaseExceptionGroup) and _same_origin(original, error):
            reraised.append(error)
        elif error is original:
            reraised.append(error)
        else:
            raised.append(error)
    if not isinstance(original, BaseExceptionGroup):
        return raised[0] if raised else (original if reraised else None)
    rest = None
    if reraised:
        leaves = set()
        for error in reraised:
            _leaf_ids(error, leaves)
        rest = original.subgroup(lambda e: id(e) in leaves)
    if not raised:
        return rest
    if rest is not None:
        raised.append(rest)
    if len(raised) == 1:
        return raised[0]
    return BaseExceptionGroup('', raised)


def _same_origin(original, error):
    return (error.__traceback__ is original.__traceback__ and error.__cause__ is original.__cause__
            and error.__context__ is original.__context__ and getattr(error, '__notes__', None) == getattr(original, '__notes__', None))


def _leaf_ids(error, into):
    if isinstance(error, BaseExceptionGroup):
        for inner in error.exceptions:
            _leaf_ids(inner, into)
    else:
        into.add(id(error))


def _typing(name):
    return getattr(_import_module('typing'), name)


def _make_typevar(name):
    return _typing('TypeVar')(name, infer_variance=True)


def _make_paramspec(name):
    return _typing('ParamSpec')(name, infer_variance=True)


def _make_typevartuple(name):
    return _typing('TypeVarTuple')(name)


def _make_typevar_bound(name, evaluate):
    return _typing('TypeVar')(name, bound=evaluate(1), infer_variance=True)


def _make_typevar_constraints(name, evaluate):
    return _typing('TypeVar')(name, *evaluate(1), infer_variance=True)


def _set_typeparam_default(parameter, evaluate):
    return parameter


def _subscript_generic(params):
    return _typing('Generic')[params]


def _make_typealias(parts):
    name, params, evaluate = parts
    return _typing('TypeAliasType')(name, evaluate(1), type_params=params or ())


def _warn_never_awaited(coroutine):
    if 'warnings' not in _sys_modules:
        _import_module('warnings')
    _sys_modules['warnings']._warn_unawaited_coroutine(coroutine)


def _nothing():
    pass
