# Parts of the object model that loop over Python code: called by natives, hidden in tracebacks.


def _iterate_contains(container, item):
    if type(item) is int or type(item) is str:
        # What is this item equals it too. So a step takes what it takes in 3.13: 0.9 times a round of `while n > 0: n -= 1`.
        for other in container:
            if other == item:
                return True
        return False
    for other in container:
        if other is item or other == item:
            return True
    return False


_namespaces_shown = []


def _namespace_repr(namespace, base):
    cls = type(namespace)
    name = "namespace" if cls is base else cls.__name__
    for shown in _namespaces_shown:
        if shown is namespace:
            return f"{name}(...)"
    _namespaces_shown.append(namespace)
    try:
        return f"{name}(" + ", ".join([f"{key}={value!r}" for key, value in namespace.__dict__.items()]) + ")"
    finally:
        _namespaces_shown.pop()


def _special_method(obj, name):
    # A method by the class of the object alone, bound; None if there is none.
    cls = type(obj)
    for holder in cls.__mro__:
        if name in holder.__dict__:
            found = holder.__dict__[name]
            get = getattr(type(found), "__get__", None)
            return found if get is None else get(found, obj, cls)


def _new_arguments(obj):
    # What `__getnewargs_ex__` or `__getnewargs__` say; None if there is neither.
    method = _special_method(obj, "__getnewargs_ex__")
    if method is not None:
        pair = method()
        if not isinstance(pair, tuple):
            raise TypeError(f"__getnewargs_ex__ should return a tuple, not '{type(pair).__name__}'")
        if len(pair) != 2:
            raise ValueError(f"__getnewargs_ex__ should return a tuple of length 2, not {len(pair)}")
        args, kwargs = pair
        if not isinstance(args, tuple):
            raise TypeError(f"first item of the tuple returned by __getnewargs_ex__ must be a tuple, not '{type(args).__name__}'")
        if not isinstance(kwargs, dict):
            raise TypeError(f"second item of the tuple returned by __getnewargs_ex__ must be a dict, not '{type(kwargs).__name__}'")
        return args, kwargs
    method = _special_method(obj, "__getnewargs__")
    if method is None:
        return None
    args = method()
    if not isinstance(args, tuple):
        raise TypeError(f"__getnewargs__ should return a tuple, not '{type(args).__name__}'")
    return args, None


def _reduce_newobj(obj, copyreg):
    cls = type(obj)
    if not hasattr(cls, "__new__"):
        raise TypeError(f"cannot pickle '{cls.__name__}' object")
    found = _new_arguments(obj)
    args, kwargs = found or ((), None)
    native = cls
    while native.__flags__ & 512:
        native = native.__base__
    bare = native is not object and found is None and not isinstance(obj, (list, dict))
    if bare and cls.__getstate__ is object.__getstate__:
        name = cls.__name__ if cls is not native or cls.__module__ == "builtins" else f"{cls.__module__}.{cls.__name__}"
        raise TypeError(f"cannot pickle '{name}' object")
    state = obj.__getstate__()
    listitems = iter(obj) if isinstance(obj, list) else None
    dictitems = iter(obj.items()) if isinstance(obj, dict) else None
    if kwargs:
        return copyreg.__newobj_ex__, (cls, args, kwargs), state, listitems, dictitems
    return copyreg.__newobj__, (cls, *args), state, listitems, dictitems


def _alias_parameters(args):
    found = []
    for arg in args:
        if isinstance(arg, type):
            continue
        if isinstance(arg, tuple):
            inner = _alias_parameters(arg)
        elif hasattr(type(arg), "__typing_subst__"):
            inner = (arg,)
        else:
            inner = getattr(arg, "__parameters__", ())
            if type(inner) is not tuple:
                inner = ()
        for parameter in inner:
            if parameter not in found:
                found.append(parameter)
    return tuple(found)


def _alias_unpack(item):
    items = item if type(item) is tuple else (item,)
    flat = []
    for one in items:
        inner = None if isinstance(one, type) else getattr(one, "__typing_unpacked_tuple_args__", None)
        if inner is not None and not (inner and inner[-1] is ...):
            flat.extend(inner)
        else:
            flat.append(one)
    return tuple(flat)


def _alias_substitute(alias, args, parameters, item):
    if not parameters:
        raise TypeError(f"{alias!r} is not a generic class")
    items = _alias_unpack(item)
    for parameter in parameters:
        prepare = getattr(type(parameter), "__typing_prepare_subst__", None)
        if prepare is not None:
            prepared = prepare(parameter, alias, items)
            items = prepared if type(prepared) is tuple else (prepared,)
    if len(items) != len(parameters):
        few = "few" if len(items) < len(parameters) else "many"
        raise TypeError(
            f"Too {few} arguments for {alias!r}; actual {len(items)}, expected {len(parameters)}"
        )
    chosen = dict(zip(parameters, items))
    return _alias_replace(args, chosen)


def _alias_replace(args, chosen):
    result = []
    for arg in args:
        if isinstance(arg, type):
            result.append(arg)
            continue
        if isinstance(arg, tuple):
            result.append(_alias_replace(arg, chosen))
            continue
        substitute = getattr(type(arg), "__typing_subst__", None)
        if substitute is not None:
            new = substitute(arg, chosen[arg])
        else:
            inner = getattr(arg, "__parameters__", ())
            if type(inner) is tuple and inner:
                picked = []
                for parameter in inner:
                    value = chosen[parameter]
                    if hasattr(type(parameter), "__typing_prepare_subst__") and type(value) is tuple:
                        picked.extend(value)
                    else:
                        picked.append(value)
                new = arg[tuple(picked)]
            else:
                new = arg
        if getattr(arg, "__typing_is_unpacked_typevartuple__", False) and type(new) is tuple:
            result.extend(new)
        else:
            result.append(new)
    return tuple(result)


def _alias_part_repr(part):
    if part is ...:
        return "..."
    if isinstance(part, (list, tuple)) and type(part) in (list, tuple):
        return "[" + ", ".join([_alias_part_repr(inner) for inner in part]) + "]"
    if hasattr(part, "__origin__") and hasattr(part, "__args__"):
        return repr(part)
    qualname = getattr(part, "__qualname__", None)
    if qualname is None:
        return repr(part)
    module = getattr(part, "__module__", None)
    if module is None:
        return repr(part)
    if module == "builtins":
        return qualname
    return f"{module}.{qualname}"


def _alias_repr(origin, args, unpacked):
    inner = ", ".join([_alias_part_repr(arg) for arg in args]) if args else "()"
    return ("*" if unpacked else "") + f"{_alias_part_repr(origin)}[{inner}]"


def _union_repr(members):
    shown = []
    for member in members:
        shown.append("None" if member is type(None) else _alias_part_repr(member))
    return " | ".join(shown)


def _union_members(parts):
    found = []
    for part in parts:
        if isinstance(part, str):
            from annotationlib import ForwardRef
            part = ForwardRef(part)
        found.append(part)
    return found


def _group_matcher(matcher):
    if isinstance(matcher, type):
        if not issubclass(matcher, BaseException):
            raise TypeError("expected a function, exception type or tuple of exception types")
        return lambda exc: isinstance(exc, matcher)
    if isinstance(matcher, tuple):
        for one in matcher:
            if not (isinstance(one, type) and issubclass(one, BaseException)):
                raise TypeError("expected a function, exception type or tuple of exception types")
        return lambda exc: isinstance(exc, matcher)
    if not callable(matcher):
        raise TypeError("expected a function, exception type or tuple of exception types")
    return matcher


def _group_derive(group, exceptions):
    if not exceptions:
        return None
    new = group.derive(exceptions)
    if not isinstance(new, BaseExceptionGroup):
        raise TypeError("derive must return an instance of BaseExceptionGroup")
    new.__traceback__ = group.__traceback__
    new.__context__ = group.__context__
    cause, suppress = group.__cause__, group.__suppress_context__
    new.__cause__ = cause
    new.__suppress_context__ = suppress
    notes = getattr(group, "__notes__", None)
    if isinstance(notes, (list, tuple)):
        new.__notes__ = list(notes)
    return new


def _group_parts(group, matches, want_rest):
    if matches(group):
        return group, None
    inside, outside = [], []
    for exc in group.exceptions:
        if isinstance(exc, BaseExceptionGroup):
            yes, no = _group_parts(exc, matches, want_rest)
            if yes is not None:
                inside.append(yes)
            if no is not None:
                outside.append(no)
        elif matches(exc):
            inside.append(exc)
        else:
            outside.append(exc)
    yes = _group_derive(group, inside)
    no = _group_derive(group, outside) if want_rest else None
    return yes, no


def _group_split(group, matcher):
    return _group_parts(group, _group_matcher(matcher), True)


def _group_subgroup(group, matcher):
    return _group_parts(group, _group_matcher(matcher), False)[0]
