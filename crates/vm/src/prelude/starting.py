# What the main thread of a program runs, where that is not a script whose text is there already. Hidden in tracebacks.


def _run_module(name):
    return _import_module('runpy')._run_module_as_main(name)


def _run_module_here(name):
    """Runs a module of the current folder, or whatever of this name is found."""
    sys = _sys_modules['sys']
    if not sys.flags.safe_path:
        sys.path.insert(0, _import_module('posix').getcwd())
    return _run_module(name)


def _run_file(path):
    """Runs a script, or a folder that has a `__main__.py`."""
    posix, sys = _import_module('posix'), _sys_modules['sys']
    program = sys.orig_argv[0]
    try:
        if posix.stat(path).st_mode & 0o170000 == 0o040000:
            return _run_folder(path, program)
        text = _read_whole(posix.open(path, posix.O_RDONLY | posix.O_CLOEXEC))
    except OSError as error:
        _say_and_exit(f"{program}: can't open file {_absolute(path)!r}: [Errno {error.errno}] {error.strerror}\n", 2)
    path = _absolute(path)
    if not sys.flags.safe_path:
        sys.path.insert(0, path.rpartition('/')[0] or '/')
    _run_text(text, path, path)


def _run_input(name):
    """Runs what comes from standard input."""
    sys = _sys_modules['sys']
    if not sys.flags.safe_path:
        sys.path.insert(0, '')
    text = sys.stdin.buffer.read() if sys.stdin else b''
    _run_text(text, name, None)


def _run_folder(path, program):
    sys = _sys_modules['sys']
    sys.path.insert(0, path)
    if _bootstrap._bootstrap_external.PathFinder.find_spec('__main__', [path]) is None:
        _say_and_exit(f"{program}: can't find '__main__' module in {_absolute(path)!r}\n", 1)
    return _import_module('runpy')._run_module_as_main('__main__', False)


def _run_text(text, name, file):
    main = _sys_modules['__main__'].__dict__
    if file is not None:
        main['__file__'] = file
    try:
        code = compile(text, name, 'exec', dont_inherit=True)
    except SyntaxError as error:
        raise _not_utf8(text, name, error) or error from None
    _execute(code, main)


def _not_utf8(text, name, error):
    """Programs get a message of their own where `compile` speaks of a codec."""
    if not str(error.msg).startswith("(unicode error) 'utf-8'"):
        return None
    try:
        text.decode()
    except UnicodeDecodeError as found:
        at = found.start
        line = text.count(b'\n', 0, at) + 1
        return SyntaxError(
            f"Non-UTF-8 code starting with '\\x{text[at]:02x}' in file {name} on line {line}, but no encoding declared; "
            'see https://peps.python.org/pep-0263/ for details',
            (name, line, 0, None),
        )


def _read_whole(fd):
    posix = _sys_modules['posix']
    parts = []
    try:
        while part := posix.read(fd, 65536):
            parts.append(part)
    finally:
        posix.close(fd)
    return b''.join(parts)


def _absolute(path):
    """As `realpath` of the C library gives it, but for links."""
    if path.startswith('/'):
        return path
    names = _import_module('posix').getcwd().split('/')
    for name in path.split('/'):
        if name == '..':
            names[-1:] = []
        elif name not in ('', '.'):
            names.append(name)
    return '/'.join(names) or '/'


def _say_and_exit(text, status):
    """Writes to standard output, or to standard error if the status is a failure."""
    if text:
        data = text.encode()
        try:
            _import_module('posix').write(2 if status else 1, data)
        except OSError:
            pass
    raise SystemExit(status)
