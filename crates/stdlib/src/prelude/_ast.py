# _ast: the node classes of Python 3.14's abstract syntax, made from a compact grammar; and compiling trees.
PyCF_ALLOW_TOP_LEVEL_AWAIT = 0x2000
PyCF_ONLY_AST = 0x400
PyCF_OPTIMIZED_AST = 0x8400
PyCF_TYPE_COMMENTS = 0x1000


class AST:
    _fields = ()
    _attributes = ()
    _field_types = {}
    __match_args__ = ()
    # Optional fields are None by themselves; lists are new for each node; a context is Load.
    _kinds = {}

    def __init__(self, /, *args, **kwargs):
        cls = type(self)
        fields = self._fields
        if len(args) > len(fields):
            plural = '' if len(fields) == 1 else 's'
            raise TypeError(f'{cls.__name__} constructor takes at most {len(fields)} positional argument{plural}')
        for name, value in zip(fields, args):
            setattr(self, name, value)
        for name, value in kwargs.items():
            if name in fields[:len(args)]:
                raise TypeError(f"{cls.__name__} got multiple values for argument '{name}'")
            if name not in fields and name not in self._attributes:
                _warn(f"{cls.__name__}.__init__ got an unexpected keyword argument '{name}'. "
                      'Support for arbitrary keyword arguments is deprecated and will be removed in Python 3.15.')
            setattr(self, name, value)
        given = set(fields[:len(args)]) | set(kwargs)
        for name in fields:
            if name not in given:
                kind = self._kinds.get(name, '')
                if kind == '*':
                    setattr(self, name, [])
                elif kind == 'c':
                    setattr(self, name, Load())
                elif name in self._field_types and kind != '?':
                    _warn(f"{cls.__name__}.__init__ missing 1 required positional argument: '{name}'. "
                          'This will become an error in Python 3.15.')

    def __reduce__(self):
        return type(self), (), dict(self.__dict__)

    def __replace__(self, /, **changes):
        cls = type(self)
        values = dict(self.__dict__)
        allowed = set(self._fields) | set(self._attributes)
        for name in changes:
            if name not in allowed:
                raise TypeError(f"{cls.__name__}.__replace__ got an unexpected keyword argument '{name}'.")
        values.update(changes)
        missing = [name for name in self._fields if name not in values and not hasattr(cls, name)]
        if missing:
            shown = ', '.join(map(repr, sorted(missing)))
            raise TypeError(f"{cls.__name__}.__replace__ missing {len(missing)} keyword argument{'s' if len(missing) > 1 else ''}: {shown}.")
        return cls(**values)

    def __repr__(self):
        return _shown(self, 3)


def _warn(message):
    import warnings
    warnings.warn(message, DeprecationWarning, stacklevel=2)


def _shown(node, depth):
    if isinstance(node, list):
        if not node:
            return '[]'
        if len(node) > 2:
            return f'[{_shown(node[0], depth)}, ..., {_shown(node[-1], depth)}]'
        return '[' + ', '.join([_shown(item, depth) for item in node]) + ']'
    if not isinstance(node, AST):
        text = repr(node)
        if isinstance(node, (str, bytes)) and len(text) > 80:
            text = text[:40] + '...' + text[-37:]
        return text
    if depth <= 0:
        return f'{type(node).__name__}(...)'
    fields = [f'{name}={_shown(getattr(node, name), depth - 1)}' for name in node._fields if hasattr(node, name)]
    return f"{type(node).__name__}({', '.join(fields)})"


AST.__module__ = 'ast'

# base: Node(type field, ...) | ...; `*` a list, `?` optional, `!` with places.
_GRAMMAR = """
mod: Module(stmt* body, type_ignore* type_ignores) | Interactive(stmt* body) | Expression(expr body) | FunctionType(expr* argtypes, expr returns)
stmt!: FunctionDef(identifier name, arguments args, stmt* body, expr* decorator_list, expr? returns, string? type_comment, type_param* type_params) | AsyncFunctionDef(identifier name, arguments args, stmt* body, expr* decorator_list, expr? returns, string? type_comment, type_param* type_params) | ClassDef(identifier name, expr* bases, keyword* keywords, stmt* body, expr* decorator_list, type_param* type_params) | Return(expr? value) | Delete(expr* targets) | Assign(expr* targets, expr value, string? type_comment) | TypeAlias(expr name, type_param* type_params, expr value) | AugAssign(expr target, operator op, expr value) | AnnAssign(expr target, expr annotation, expr? value, int simple) | For(expr target, expr iter, stmt* body, stmt* orelse, string? type_comment) | AsyncFor(expr target, expr iter, stmt* body, stmt* orelse, string? type_comment) | While(expr test, stmt* body, stmt* orelse) | If(expr test, stmt* body, stmt* orelse) | With(withitem* items, stmt* body, string? type_comment) | AsyncWith(withitem* items, stmt* body, string? type_comment) | Match(expr subject, match_case* cases) | Raise(expr? exc, expr? cause) | Try(stmt* body, excepthandler* handlers, stmt* orelse, stmt* finalbody) | TryStar(stmt* body, excepthandler* handlers, stmt* orelse, stmt* finalbody) | Assert(expr test, expr? msg) | Import(alias* names) | ImportFrom(identifier? module, alias* names, int? level) | Global(identifier* names) | Nonlocal(identifier* names) | Expr(expr value) | Pass | Break | Continue
expr!: BoolOp(boolop op, expr* values) | NamedExpr(expr target, expr value) | BinOp(expr left, operator op, expr right) | UnaryOp(unaryop op, expr operand) | Lambda(arguments args, expr body) | IfExp(expr test, expr body, expr orelse) | Dict(expr?* keys, expr* values) | Set(expr* elts) | ListComp(expr elt, comprehension* generators) | SetComp(expr elt, comprehension* generators) | DictComp(expr key, expr value, comprehension* generators) | GeneratorExp(expr elt, comprehension* generators) | Await(expr value) | Yield(expr? value) | YieldFrom(expr value) | Compare(expr left, cmpop* ops, expr* comparators) | Call(expr func, expr* args, keyword* keywords) | FormattedValue(expr value, int conversion, expr? format_spec) | Interpolation(expr value, constant str, int conversion, expr? format_spec) | JoinedStr(expr* values) | TemplateStr(expr* values) | Constant(constant value, string? kind) | Attribute(expr value, identifier attr, expr_context ctx) | Subscript(expr value, expr slice, expr_context ctx) | Starred(expr value, expr_context ctx) | Name(identifier id, expr_context ctx) | List(expr* elts, expr_context ctx) | Tuple(expr* elts, expr_context ctx) | Slice(expr? lower, expr? upper, expr? step)
expr_context: Load | Store | Del
boolop: And | Or
operator: Add | Sub | Mult | MatMult | Div | Mod | Pow | LShift | RShift | BitOr | BitXor | BitAnd | FloorDiv
unaryop: Invert | Not | UAdd | USub
cmpop: Eq | NotEq | Lt | LtE | Gt | GtE | Is | IsNot | In | NotIn
AST: comprehension(expr target, expr iter, expr* ifs, int is_async)
excepthandler!: ExceptHandler(expr? type, identifier? name, stmt* body)
AST: arguments(arg* posonlyargs, arg* args, arg? vararg, arg* kwonlyargs, expr?* kw_defaults, arg? kwarg, expr* defaults)
AST!: arg(identifier arg, expr? annotation, string? type_comment) | keyword(identifier? arg, expr value) | alias(identifier name, identifier? asname)
AST: withitem(expr context_expr, expr? optional_vars) | match_case(pattern pattern, expr? guard, stmt* body)
pattern!: MatchValue(expr value) | MatchSingleton(constant value) | MatchSequence(pattern* patterns) | MatchMapping(expr* keys, pattern* patterns, identifier? rest) | MatchClass(expr cls, pattern* patterns, identifier* kwd_attrs, pattern* kwd_patterns) | MatchStar(identifier? name) | MatchAs(pattern? pattern, identifier? name) | MatchOr(pattern* patterns)
type_ignore: TypeIgnore(int lineno, string tag)
type_param!: TypeVar(identifier name, expr? bound, expr? default_value) | ParamSpec(identifier name, expr? default_value) | TypeVarTuple(identifier name, expr? default_value)
"""

_POSITION = ('lineno', 'col_offset', 'end_lineno', 'end_col_offset')


def _make():
    namespace = globals()
    typed = []
    for line in _GRAMMAR.strip().splitlines():
        base_name, _, nodes = line.partition(': ')
        attributes = _POSITION if base_name.endswith('!') else ()
        base_name = base_name.rstrip('!')
        optional = {'end_lineno': None, 'end_col_offset': None} if attributes and base_name not in ('pattern', 'type_param') else {}
        nodes = nodes.split(' | ')
        if base_name != 'AST':
            members = {'__module__': 'ast', '_attributes': attributes, **optional}
            members['__doc__'] = f'{base_name} = ' + ('\n' + ' ' * (len(base_name) + 1) + '| ').join(nodes)
            namespace[base_name] = type(base_name, (AST,), members)
        base = namespace[base_name]
        for node in nodes:
            name, _, fields = node.rstrip(')').partition('(')
            words = [field.split() for field in fields.split(', ')] if fields else []
            names = tuple([field for kind, field in words])
            members = {'__module__': 'ast', '__doc__': node, '_fields': names, '__match_args__': names}
            members['_attributes'] = attributes
            kinds = members['_kinds'] = {}
            for kind, field in words:
                if kind.endswith('*'):
                    kinds[field] = '*'
                elif kind.endswith('?'):
                    kinds[field] = '?'
                    members[field] = None
                elif kind == 'expr_context':
                    kinds[field] = 'c'
            if base is AST:
                members.update(optional)
            cls = namespace[name] = type(name, (base,), members)
            typed.append((cls, words))
    plain = {'identifier': str, 'string': str, 'int': int, 'constant': object}
    for cls, words in typed:
        types = cls._field_types = {}
        for kind, field in words:
            word = kind.rstrip('*?')
            found = plain.get(word) or namespace[word]
            types[field] = list[found] if kind.endswith('*') else found | None if kind.endswith('?') else found


_make()
del _make, _GRAMMAR

# What compile()'s modes take.
_MODES = {'exec': 'Module', 'eval': 'Expression', 'single': 'Interactive'}


def _compile(source, filename, mode, flags, optimize, compile_written):
    """compile() of a tree: written out as source, compiled, and put back to the places of the nodes."""
    root = _MODES[mode]
    if not isinstance(source, globals()[root]):
        raise TypeError(f'expected {root} node, got {type(source).__name__}')
    if flags & PyCF_ONLY_AST:
        return source
    _check(source)
    import ast
    written = ast.unparse(source) if mode != 'single' else ast.unparse(Module(source.body, []))
    pairs = []
    _pair(compile(written, filename, 'exec' if mode == 'exec' else mode, PyCF_ONLY_AST), source, pairs)
    return compile_written(written, filename, mode, flags, optimize, pairs)


def _place(node):
    line, column = node.lineno, node.col_offset
    end_line, end_column = node.end_lineno, node.end_col_offset
    return (line, column, line if end_line is None else end_line, column if end_column is None else end_column)


def _pair(written, node, pairs):
    # Places of the nodes of what was written, and of the same nodes in the tree.
    waiting = [(written, node)]
    while waiting:
        written, node = waiting.pop()
        if isinstance(written, list) and isinstance(node, list):
            if len(written) == len(node):
                waiting.extend(zip(written, node))
        elif isinstance(written, AST) and isinstance(node, AST):
            if written._attributes and node._attributes:
                pairs.append(_place(written) + _place(node))
            if type(written).__name__ == type(node).__name__:
                for name in written._fields:
                    waiting.append((getattr(written, name, None), getattr(node, name, None)))


def _check(root):
    # What compile() refuses: missing fields and places, wrong kinds, wrong contexts.
    waiting = [(root, Load)]
    while waiting:
        node, context = waiting.pop()
        cls = type(node)
        kinds = cls._kinds
        if cls._attributes:
            base = cls.__mro__[-3].__name__
            for name in ('lineno', 'col_offset'):
                if not hasattr(node, name):
                    raise TypeError(f'required field "{name}" missing from {base}')
            line, column, end_line, end_column = _place(node)
            if line > end_line:
                raise ValueError(f'AST node line range ({line}, {end_line}) is not valid')
            if (line < 0 and end_line != line) or (column < 0 and column != end_column):
                raise ValueError(f'AST node column range ({column}, {end_column}) for line range ({line}, {end_line}) is not valid')
            if line == end_line and column > end_column:
                raise ValueError(f'line {line}, column {column}-{end_column} is not a valid range')
        if isinstance(node, expr) and hasattr(node, 'ctx') and not isinstance(node.ctx, context):
            raise ValueError(f'expression must have {context.__name__} context but has {type(node.ctx).__name__} instead')
        if isinstance(node, Name) and node.id in ('None', 'True', 'False'):
            raise ValueError(f'identifier field can\'t represent {node.id!r} constant')
        for name in cls._fields:
            if not hasattr(node, name):
                raise TypeError(f'required field "{name}" missing from {cls.__name__}')
            value = getattr(node, name)
            if kinds.get(name) == '*':
                if not isinstance(value, list):
                    raise TypeError(f'{cls.__name__} field "{name}" must be a list, not a {type(value).__name__}')
                if not value and (cls.__name__, name) in _FILLED:
                    raise ValueError(f'empty {name} on {cls.__name__}')
            elif value is None and getattr(cls, name, _PLACE) is not None and name not in ('value', 'kwarg'):
                raise ValueError(f"field '{name}' is required for {cls.__name__}")
            for item in value if isinstance(value, list) else (value,):
                if isinstance(item, AST):
                    waiting.append((item, _context_of(node, name, context)))
                elif name in _EXPRESSIONS and not (cls is Constant or cls is MatchSingleton) and item is not None:
                    raise TypeError(f'expected some sort of expr, but got {item!r}')
                elif name == 'body' and not isinstance(item, AST):
                    raise TypeError(f'expected some sort of stmt, but got {item!r}')


_PLACE = object()
_EXPRESSIONS = frozenset(('value', 'test', 'iter', 'left', 'right', 'operand', 'func', 'elt', 'elts', 'targets', 'target', 'annotation', 'exc', 'cause'))
_FILLED = frozenset([
    (name, 'body') for name in ('FunctionDef', 'AsyncFunctionDef', 'ClassDef', 'For', 'AsyncFor', 'While', 'If', 'With', 'AsyncWith', 'Try', 'TryStar', 'ExceptHandler', 'match_case')
] + [('With', 'items'), ('AsyncWith', 'items'), ('Delete', 'targets'), ('Assign', 'targets'), ('Import', 'names'), ('ImportFrom', 'names'), ('Global', 'names'), ('Nonlocal', 'names'), ('Match', 'cases'), ('BoolOp', 'values'), ('Compare', 'comparators')])


def _context_of(node, name, context):
    if name in ('target', 'targets', 'optional_vars') or (name == 'name' and isinstance(node, TypeAlias)):
        return Del if isinstance(node, Delete) else Store
    if name in ('elts', 'value') and isinstance(node, (List, Tuple, Starred)):
        return context
    return Load
