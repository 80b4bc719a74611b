# What the interpreter itself needs Python code for: `except*`, star imports, generics. Hidden in tracebacks.


def _import_star(module, namespace):
    names = getattr(module, '__all__', None)
    skip_private = names is None
    if skip_private:
        names = list(module.__dict__)
    for name in names:
        if skip_private and name.startswith('_'):
            continue
        namespace[name] = getattr(module, name)


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
    # `_PyExc_PrepReraiseStar`: what goes on after the clauses of `except*`; `errors` holds what they raised and what nobody matched.
    if not errors:
        return None
    if not isinstance(original, BaseExceptionGroup):
        return errors[0]
    raised = []
    leaves = set()
    for error in errors:
        if error is None:
            continue
        if _same_origin(original, error):
            _leaf_ids(error, leaves)
        else:
            raised.append(error)
    rest = BaseExceptionGroup.subgroup(original, lambda e: id(e) in leaves) if leaves else None
    if rest is not None:
        raised.append(rest)
    if not raised:
        return None
    return raised[0] if len(raised) == 1 else BaseExceptionGroup('', raised)


def _same_origin(original, error):
    return (error.__traceback__ is original.__traceback__ and error.__cause__ is original.__cause__
            and error.__context__ is original.__context__ and getattr(error, '__notes__', None) is getattr(original, '__notes__', None))


def _leaf_ids(error, into):
    if isinstance(error, BaseExceptionGroup):
        for inner in error.exceptions:
            _leaf_ids(inner, into)
    else:
        into.add(id(error))


def _typing(name):
    return getattr(_import_module('_typing'), name)


def _make_typevar(name):
    return _typing('_make_typevar')(name)


def _make_paramspec(name):
    return _typing('_make_paramspec')(name)


def _make_typevartuple(name):
    return _typing('_make_typevartuple')(name)


def _make_typevar_bound(name, evaluate):
    return _typing('_make_typevar')(name, evaluate)


def _make_typevar_constraints(name, evaluate):
    return _typing('_make_typevar')(name, None, evaluate)


def _set_typeparam_default(parameter, evaluate):
    return _typing('_set_default')(parameter, evaluate)


def _subscript_generic(params):
    return _typing('_subscript_generic')(params)


def _make_typealias(parts):
    return _typing('_make_typealias')(*parts)


def _decode_source(data, encoding):
    # Source with a comment that declares its encoding.
    try:
        return data.decode(encoding)
    except LookupError:
        raise SyntaxError(f'unknown encoding: {encoding}') from None
    except UnicodeDecodeError as error:
        raise SyntaxError(f'(unicode error) {error}') from None


def _compile_tree(source, filename, mode, flags, optimize):
    tree = _import_module('_ast')
    if not isinstance(source, tree.AST):
        try:
            view = memoryview(source)
        except TypeError:
            view = None
        if view is None or not view.c_contiguous:
            raise TypeError('compile() arg 1 must be a string, bytes or AST object')
        source = bytes(view)
        return compile(source, filename, mode, flags, True, optimize)
    return tree._compile(source, filename, mode, flags, optimize, _compile_written)


def _warn_never_awaited(coroutine):
    if 'warnings' not in _sys_modules:
        _import_module('warnings')
    _sys_modules['warnings']._warn_unawaited_coroutine(coroutine)


def _warn(category, message):
    _import_module('warnings').warn(message, category, 1)


def _nothing():
    pass


def _tell_warnings(found, texts):
    # What the compiler warns of; a filter that makes errors of warnings makes SyntaxErrors of these.
    filename, source = texts
    warnings = _import_module('warnings')
    for category, message, line in found:
        try:
            warnings.warn_explicit(message, category, filename, line)
        except category:
            lines = source.splitlines()
            text = lines[line - 1] if line <= len(lines) else None
            raise SyntaxError(message, (filename, line, 0, text)) from None
