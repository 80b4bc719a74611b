# Importing is CPython's own `importlib` (`_bootstrap` and `_bootstrap_external`), set up here as `init_importlib` of CPython does. Here too:
# what `import` calls when a module is not loaded yet, and the finder of the packed library. Hidden in tracebacks.
# The natives given to this file stand in imports.rs.

_sys_modules = _modules()
_bootstrap = None


def _start_importing():
    """Sets up `importlib`; without a library (the interpreter's own tests) there are native modules only."""
    global _bootstrap
    code = _library_code('_frozen_importlib')
    if code is None:
        return
    sys = _sys_modules['sys']
    _bootstrap = _new_module('_frozen_importlib')
    _bootstrap.__origname__ = 'importlib._bootstrap'
    _sys_modules['_frozen_importlib'] = _bootstrap
    _execute(code, _bootstrap.__dict__)
    imp = _sys_modules['_imp'] = _make_native('_imp')
    lock = _make_native('_thread').RLock()
    imp.acquire_lock, imp.release_lock, imp.lock_held = lock.acquire, lock.release, lock._is_owned
    _bootstrap._install(sys, imp)
    # `_bootstrap_external` wants `_io` for reading files only, and `_io` may want modules of the library: it comes later.
    _sys_modules['_io'] = _new_module('_io')
    _bootstrap._install_external_importers()
    del _sys_modules['_io']
    external = _bootstrap._bootstrap_external
    _bootstrap._warnings = external._warnings = _LateWarnings
    _pack_importers(external, sys)


class _LateWarnings:
    """What importlib needs of `_warnings`, by the `warnings` of the library."""

    @staticmethod
    def warn(message, category=None, stacklevel=1, source=None):
        _import_module('warnings').warn(message, category, stacklevel, source)


def _files_can_be_read(io):
    """The real `_io` is there."""
    _bootstrap._bootstrap_external._io = io


def _pack_importers(external, sys):
    """Lets importlib take the library's modules from the pack: a finder of their places, and their code in the place of a .pyc file."""
    loader = external.SourceFileLoader
    from_source = loader.get_code

    def get_code(self, fullname):
        code = _packed_code(self.path)
        return from_source(self, fullname) if code is None else code

    loader.get_code = get_code
    make_spec = external.spec_from_file_location

    class LibraryFinder:
        """Finds modules in one folder of the packed library, as a FileFinder would, but without looking at files."""

        def __init__(self, path):
            if not _in_library(path):
                raise ImportError('only for the library', path=path)
            self.path = path

        def find_spec(self, fullname, target=None):
            found = _library_place(fullname)
            if found is None:
                return None
            file, is_package = found
            folder, _, name = file.rpartition('/')
            if (folder.rpartition('/')[0] if is_package else folder) != self.path:
                return None
            spec = make_spec(fullname, file, loader=loader(fullname, file), submodule_search_locations=[folder] if is_package else None)
            spec.cached = f'{folder}/__pycache__/{name[:-3]}.{sys.implementation.cache_tag}.pyc'
            return spec

        def invalidate_caches(self):
            pass

        def __repr__(self):
            return f'LibraryFinder({self.path!r})'

    LibraryFinder.__module__ = '_frozen_importlib_external'
    LibraryFinder.__qualname__ = 'LibraryFinder'
    sys.path_hooks.insert(0, LibraryFinder)


def _import_module(name):
    """The module of that absolute name."""
    if _bootstrap is None:
        return _native_module(name)
    return _bootstrap._gcd_import(name)


def _native_module(name):
    if name not in _sys_modules:
        module = _make_native(name)
        if module is None:
            raise ModuleNotFoundError(f'No module named {name!r}', name=name)
        _sys_modules[name] = module
    return _sys_modules[name]


def _import(name, globals, fromlist, level):
    """What `__import__` does when the module is not simply there."""
    if level < 0:
        raise ValueError('level must be >= 0')
    if _bootstrap is None:
        return _native_module(name)
    try:
        return _import_by_importlib(name, globals, fromlist, level)
    except BaseException as error:
        _trim_traceback(error)
        raise


def _trim_traceback(error):
    """Takes importlib's frames out, as `remove_importlib_frames` in CPython's import.c: all of them from an ImportError, else those that
    lead to `_call_with_frames_removed`."""
    always = isinstance(error, ImportError)
    kept = []
    start = None
    entry = error.__traceback__
    while entry is not None:
        code = entry.tb_frame.f_code
        if code.co_filename not in ('<frozen importlib._bootstrap>', '<frozen importlib._bootstrap_external>'):
            start = None
        elif start is None:
            start = len(kept)
        kept.append(entry)
        if start is not None and (always or code.co_name == '_call_with_frames_removed'):
            del kept[start:]
        entry = entry.tb_next
    for i, entry in enumerate(kept):
        entry.tb_next = kept[i + 1] if i + 1 < len(kept) else None
    error.__traceback__ = kept[0] if kept else None


def _import_by_importlib(name, globals, fromlist, level):
    absolute = name
    if level:
        if not isinstance(globals, dict):
            raise TypeError('globals must be a dict')
        if globals.get('__package__') is None and globals.get('__spec__') is None and '__name__' not in globals:
            raise KeyError("'__name__' not in globals")
        package = _bootstrap._calc___package__(globals)
        _bootstrap._sanity_check(name, package, level)
        absolute = _bootstrap._resolve_name(name, package, level)
    elif not name:
        raise ValueError('Empty module name')
    module = _bootstrap._find_and_load(absolute, __import__)
    if not fromlist:
        if level and not name:
            return module
        head = name.partition('.')[0]
        if not level:
            return _sys_modules[name] if head == name else _bootstrap._find_and_load(head, __import__)
        return _sys_modules[absolute[:len(absolute) - len(name) + len(head)]]
    if hasattr(module, '__path__'):
        return _bootstrap._handle_fromlist(module, fromlist, __import__)
    return module


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
