# _typing: type variables and their kin, as the compiler's intrinsics and typing use them.
import sys as _sys

_GenericAlias = type(list[int])
Union = type(int | str)


class _NoDefaultType:
    __slots__ = ()

    def __new__(cls):
        return NoDefault

    def __repr__(self):
        return 'typing.NoDefault'

    def __reduce__(self):
        return 'NoDefault'


NoDefault = object.__new__(_NoDefaultType)
_NoDefaultType.__name__ = _NoDefaultType.__qualname__ = 'NoDefaultType'


def _idfunc(x, /):
    return x


def _caller():
    return _sys._getframemodulename(0) or None


def _typing_module():
    import typing
    return typing


def _check_type(value, message):
    return _typing_module()._type_check(value, message)


class _Evaluator:
    """Calls an annotate-like function when a format asks for its value."""
    __slots__ = ('_value',)

    def __init__(self, value):
        self._value = value

    def __call__(self, format, /):
        if format == 4:
            return _typing_module()._type_repr(self._value) if not isinstance(self._value, str) else self._value
        if format not in (1, 2, 3):
            raise ValueError('format must be VALUE')
        return self._value


class _Parameter:
    """What TypeVar, ParamSpec and TypeVarTuple share: a name, a lazy default."""

    def _set_default(self, value):
        self._default = value
        self._default_function = None

    def _set_lazy_default(self, function):
        self._default_function = function

    @property
    def __default__(self):
        if self._default_function is not None:
            self._default = self._default_function(1)
            self._default_function = None
        return self._default

    @property
    def evaluate_default(self):
        if self._default_function is not None:
            return self._default_function
        if self._default is NoDefault:
            return None
        return _Evaluator(self._default)

    def has_default(self):
        return self._default_function is not None or self._default is not NoDefault

    def __reduce__(self):
        return self.__name__

    def __mro_entries__(self, bases):
        raise TypeError(f'Cannot subclass an instance of {type(self).__name__}')

    def __init_subclass__(cls, **kwargs):
        if cls.__module__ != '_typing' and cls.__module__ != 'typing':
            raise TypeError(f"type 'typing.{cls.__mro__[1].__name__}' is not an acceptable base type")

    def __or__(self, other):
        return _typing_module().Union[self, other]

    def __ror__(self, other):
        return _typing_module().Union[other, self]


class TypeVar(_Parameter):
    def __init__(self, name, *constraints, bound=None, default=NoDefault, covariant=False, contravariant=False, infer_variance=False):
        if covariant and contravariant:
            raise ValueError('Bivariant types are not supported.')
        if infer_variance and (covariant or contravariant):
            raise ValueError('Variance cannot be specified with infer_variance.')
        if len(constraints) == 1:
            raise TypeError('A single constraint is not allowed')
        if constraints and bound is not None:
            raise TypeError('Constraints cannot be combined with bound=...')
        if bound is not None:
            bound = _check_type(bound, 'Bound must be a type.')
        self.__name__ = name
        self._bound = bound
        self._bound_function = None
        self._constraints = constraints
        self._constraints_function = None
        self.__covariant__ = bool(covariant)
        self.__contravariant__ = bool(contravariant)
        self.__infer_variance__ = bool(infer_variance)
        self._set_default(default)
        module = _caller()
        if module != 'typing':
            self.__module__ = module

    @property
    def __bound__(self):
        if self._bound_function is not None:
            self._bound = self._bound_function(1)
            self._bound_function = None
        return self._bound

    @property
    def evaluate_bound(self):
        if self._bound_function is not None:
            return self._bound_function
        return None if self._bound is None else _Evaluator(self._bound)

    @property
    def __constraints__(self):
        if self._constraints_function is not None:
            self._constraints = self._constraints_function(1)
            self._constraints_function = None
        return self._constraints

    @property
    def evaluate_constraints(self):
        if self._constraints_function is not None:
            return self._constraints_function
        return _Evaluator(self._constraints) if self._constraints else None

    def __typing_subst__(self, arg):
        return _typing_module()._typevar_subst(self, arg)

    def __typing_prepare_subst__(self, alias, args):
        params = alias.__parameters__
        i = params.index(self)
        if i < len(args):
            return args
        if i == len(args) and self.has_default():
            return (*args, self.__default__)
        raise TypeError(f'Too few arguments for {alias}')

    def __repr__(self):
        if self.__infer_variance__:
            prefix = ''
        elif self.__covariant__:
            prefix = '+'
        elif self.__contravariant__:
            prefix = '-'
        else:
            prefix = '~'
        return prefix + self.__name__


class ParamSpecArgs:
    def __init__(self, origin):
        self.__origin__ = origin

    def __repr__(self):
        return f'{self.__origin__.__name__}.args'

    def __eq__(self, other):
        if not isinstance(other, ParamSpecArgs):
            return NotImplemented
        return self.__origin__ == other.__origin__

    def __mro_entries__(self, bases):
        raise TypeError('Cannot subclass an instance of ParamSpecArgs')


class ParamSpecKwargs:
    def __init__(self, origin):
        self.__origin__ = origin

    def __repr__(self):
        return f'{self.__origin__.__name__}.kwargs'

    def __eq__(self, other):
        if not isinstance(other, ParamSpecKwargs):
            return NotImplemented
        return self.__origin__ == other.__origin__

    def __mro_entries__(self, bases):
        raise TypeError('Cannot subclass an instance of ParamSpecKwargs')


class ParamSpec(_Parameter):
    def __init__(self, name, *, bound=None, default=NoDefault, covariant=False, contravariant=False, infer_variance=False):
        if covariant and contravariant:
            raise ValueError('Bivariant types are not supported.')
        if bound is not None:
            bound = _check_type(bound, 'Bound must be a type.')
        self.__name__ = name
        self.__bound__ = bound
        self.__covariant__ = bool(covariant)
        self.__contravariant__ = bool(contravariant)
        self.__infer_variance__ = bool(infer_variance)
        self._set_default(default)
        module = _caller()
        if module != 'typing':
            self.__module__ = module

    @property
    def args(self):
        return ParamSpecArgs(self)

    @property
    def kwargs(self):
        return ParamSpecKwargs(self)

    def __typing_subst__(self, arg):
        return _typing_module()._paramspec_subst(self, arg)

    def __typing_prepare_subst__(self, alias, args):
        return _typing_module()._paramspec_prepare_subst(self, alias, args)

    __repr__ = TypeVar.__repr__


class TypeVarTuple(_Parameter):
    def __init__(self, name, *, default=NoDefault):
        self.__name__ = name
        self._set_default(default)
        module = _caller()
        if module != 'typing':
            self.__module__ = module

    def __iter__(self):
        yield _typing_module().Unpack[self]

    def __typing_subst__(self, arg):
        raise TypeError('Substitution of bare TypeVarTuple is not supported')

    def __typing_prepare_subst__(self, alias, args):
        return _typing_module()._typevartuple_prepare_subst(self, alias, args)

    def __repr__(self):
        return self.__name__


class TypeAliasType:
    def __init__(self, name, value, *, type_params=()):
        if not isinstance(type_params, tuple):
            raise TypeError('type_params must be a tuple')
        self._name = name
        self._value = value
        self._function = None
        self._type_params = type_params
        self._module = _caller()

    @property
    def __name__(self):
        return self._name

    @property
    def __module__(self):
        return self._module

    @property
    def __value__(self):
        if self._function is not None:
            self._value = self._function(1)
            self._function = None
        return self._value

    @property
    def evaluate_value(self):
        return self._function if self._function is not None else _Evaluator(self._value)

    @property
    def __type_params__(self):
        return self._type_params

    @property
    def __parameters__(self):
        result = []
        for param in self._type_params:
            if isinstance(param, TypeVarTuple):
                result.extend(param)
            else:
                result.append(param)
        return tuple(result)

    def __getitem__(self, item):
        if not self._type_params:
            raise TypeError('Only generic type aliases are subscriptable')
        return _GenericAlias(self, item if isinstance(item, tuple) else (item,))

    def __or__(self, other):
        return _typing_module().Union[self, other]

    def __ror__(self, other):
        return _typing_module().Union[other, self]

    def __reduce__(self):
        return self._name

    def __repr__(self):
        return self._name


class Generic:
    __slots__ = ()
    _is_protocol = False

    def __class_getitem__(cls, *args):
        return _typing_module()._generic_class_getitem(cls, *args)

    def __init_subclass__(cls, *args, **kwargs):
        return _typing_module()._generic_init_subclass(cls, *args, **kwargs)


def _make_typevar(name, bound=None, constraints=None):
    self = object.__new__(TypeVar)
    TypeVar.__init__(self, name, infer_variance=True)
    self._bound_function = bound
    self._constraints_function = constraints
    self.__module__ = _sys._getframemodulename(0)
    return self


def _make_paramspec(name):
    return ParamSpec(name, infer_variance=True)


def _make_typevartuple(name):
    return TypeVarTuple(name)


def _make_typealias(name, type_params, function):
    self = object.__new__(TypeAliasType)
    self._name = name
    self._value = None
    self._function = function
    self._type_params = type_params or ()
    self._module = _sys._getframemodulename(0)
    return self


def _set_default(param, function):
    param._set_lazy_default(function)
    return param


def _subscript_generic(params):
    return _typing_module()._GenericAlias(Generic, tuple([
        next(iter(param)) if isinstance(param, TypeVarTuple) else param for param in params
    ]))


for _cls in (TypeVar, ParamSpec, ParamSpecArgs, ParamSpecKwargs, TypeVarTuple, Generic, _NoDefaultType):
    _cls.__module__ = 'typing'
del _cls
