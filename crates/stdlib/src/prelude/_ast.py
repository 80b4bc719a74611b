# _ast: the node classes of Python 3.14's abstract syntax, made from a compact grammar. Producing trees from source is not supported.
PyCF_ALLOW_TOP_LEVEL_AWAIT = 0x2000
PyCF_ONLY_AST = 0x400
PyCF_OPTIMIZED_AST = 0x8400
PyCF_TYPE_COMMENTS = 0x1000


class AST:
    _fields = ()
    _attributes = ()
    _field_types = {}
    __match_args__ = ()

    def __init__(self, /, *args, **kwargs):
        fields = self._fields
        if len(args) > len(fields):
            plural = '' if len(fields) == 1 else 's'
            raise TypeError(f'{type(self).__name__} constructor takes at most {len(fields)} positional argument{plural}')
        for name, value in zip(fields, args):
            setattr(self, name, value)
        for name, value in kwargs.items():
            if name in fields[:len(args)]:
                raise TypeError(f"{type(self).__name__} got multiple values for argument '{name}'")
            setattr(self, name, value)
        given = set(fields[:len(args)]) | set(kwargs)
        for name in fields:
            if name not in given:
                kind = self._kinds.get(name, '')
                if kind == '*':
                    setattr(self, name, [])
                elif kind == 'c':
                    setattr(self, name, Load())

    def __reduce__(self):
        return type(self), (), dict(self.__dict__)

    def __replace__(self, /, **changes):
        values = dict(self.__dict__)
        values.update(changes)
        return type(self)(**values)

    _kinds = {}


AST.__module__ = 'ast'

# base | Node(field field* field?) ...; `*` a list, `?` optional, `^` an expression context.
_GRAMMAR = """
mod | Module(body* type_ignores*) Interactive(body*) Expression(body) FunctionType(argtypes* returns)
stmt! | FunctionDef(name args body* decorator_list* returns? type_comment? type_params*)
stmt! | AsyncFunctionDef(name args body* decorator_list* returns? type_comment? type_params*)
stmt! | ClassDef(name bases* keywords* body* decorator_list* type_params*) Return(value?) Delete(targets*) Assign(targets* value type_comment?)
stmt! | TypeAlias(name type_params* value) AugAssign(target op value) AnnAssign(target annotation value? simple)
stmt! | For(target iter body* orelse* type_comment?) AsyncFor(target iter body* orelse* type_comment?) While(test body* orelse*) If(test body* orelse*)
stmt! | With(items* body* type_comment?) AsyncWith(items* body* type_comment?) Match(subject cases*) Raise(exc? cause?)
stmt! | Try(body* handlers* orelse* finalbody*) TryStar(body* handlers* orelse* finalbody*) Assert(test msg?) Import(names*) ImportFrom(module? names* level?)
stmt! | Global(names*) Nonlocal(names*) Expr(value) Pass() Break() Continue()
expr! | BoolOp(op values*) NamedExpr(target value) BinOp(left op right) UnaryOp(op operand) Lambda(args body) IfExp(test body orelse)
expr! | Dict(keys* values*) Set(elts*) ListComp(elt generators*) SetComp(elt generators*) DictComp(key value generators*) GeneratorExp(elt generators*)
expr! | Await(value) Yield(value?) YieldFrom(value) Compare(left ops* comparators*) Call(func args* keywords*) FormattedValue(value conversion format_spec?)
expr! | Interpolation(value str conversion format_spec?) JoinedStr(values*) TemplateStr(values*) Constant(value kind?)
expr! | Attribute(value attr ctx^) Subscript(value slice ctx^) Starred(value ctx^) Name(id ctx^) List(elts* ctx^) Tuple(elts* ctx^) Slice(lower? upper? step?)
expr_context | Load() Store() Del()
boolop | And() Or()
operator | Add() Sub() Mult() MatMult() Div() Mod() Pow() LShift() RShift() BitOr() BitXor() BitAnd() FloorDiv()
unaryop | Invert() Not() UAdd() USub()
cmpop | Eq() NotEq() Lt() LtE() Gt() GtE() Is() IsNot() In() NotIn()
AST | comprehension(target iter ifs* is_async)
excepthandler! | ExceptHandler(type? name? body*)
AST | arguments(posonlyargs* args* vararg? kwonlyargs* kw_defaults* kwarg? defaults*)
AST! | arg(arg annotation? type_comment?) keyword(arg? value) alias(name asname?)
AST | withitem(context_expr optional_vars?) match_case(pattern guard? body*)
pattern! | MatchValue(value) MatchSingleton(value) MatchSequence(patterns*) MatchMapping(keys* patterns* rest?)
pattern! | MatchClass(cls patterns* kwd_attrs* kwd_patterns*) MatchStar(name?) MatchAs(pattern? name?) MatchOr(patterns*)
type_ignore | TypeIgnore(lineno tag)
type_param! | TypeVar(name bound? default_value?) ParamSpec(name default_value?) TypeVarTuple(name default_value?)
"""

_POSITION = ('lineno', 'col_offset', 'end_lineno', 'end_col_offset')


def _make():
    namespace = globals()
    for line in _GRAMMAR.strip().splitlines():
        base_name, nodes = line.split(' | ')
        positioned = base_name.endswith('!')
        base_name = base_name.rstrip('!')
        attributes = _POSITION if positioned else ()
        optional = {name: None for name in attributes[2:]}
        base = namespace.get(base_name)
        if base is None:
            base = type(base_name, (AST,), {'__module__': 'ast', '_attributes': attributes, **optional})
            namespace[base_name] = base
        for node in nodes.split(') '):
            name, _, fields = node.rstrip(')').partition('(')
            words = fields.split()
            names = tuple([word.rstrip('*?^') for word in words])
            kinds = {}
            members = {'__module__': 'ast', '_fields': names, '__match_args__': names, '_attributes': attributes, '_kinds': kinds}
            members['_field_types'] = {name: object for name in names}
            for word, field in zip(words, names):
                if word.endswith('*'):
                    kinds[field] = '*'
                elif word.endswith('^'):
                    kinds[field] = 'c'
                elif word.endswith('?'):
                    members[field] = None
            if positioned:
                members.update(optional)
            namespace[name] = type(name, (base,), members)


_make()
del _make, _GRAMMAR
