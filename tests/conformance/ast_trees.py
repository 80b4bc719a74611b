# Trees of `ast.parse`: node classes, fields and places; and code compiled from trees, at the places of their nodes.
import ast

SOURCE = '''
@decorate
def f(a, b=2, /, c: int = 3, *rest, d, e=None, **more) -> str:
    """doc"""
    x, *y = [i async for i in a if i if b], {k: v for k, v in c}
    return (a +
            b / 0)

class A(B, metaclass=M):
    y: int = 1
    def m(self): return f"{self.y!r:>{10}} and {self.y=}" 'é' "u"

if a: pass
elif b < c <= d: del a[1:2, ...], b.c
else:
    with open(x) as f, g: yield from (z for z in 1j)
match p:
    case [1, -2.5, *_] | {"k": None, **r} if q: pass
    case C(x, y=D.E) as z: pass
try: import os.path as p, sys
except (V, W) as e: raise X from e
else: lambda *, k: k
finally: from . import q
type T[U: int, *V, **W] = list[U]
for i in not x, await y: assert x is not None, 'm'
while (n := 3): global g; print(*a, **k)
'''

tree = ast.parse(SOURCE)
print(ast.dump(tree, include_attributes=True, indent=1))
print(ast.unparse(tree))

for text in ["1", "{'a': [1, -2.5, (3,), {4}, None, b'x', 1+2j, True]}", "f(x)", "1 +", "  'x' "]:
    try:
        print(repr(ast.literal_eval(text)))
    except (ValueError, SyntaxError) as error:
        print(type(error).__name__, str(error).split(':')[0])


class Double(ast.NodeTransformer):
    def visit_Constant(self, node):
        return ast.copy_location(ast.Constant(node.value * 2), node)


print(eval(compile(Double().visit(ast.parse('1 + 20', mode='eval')), '<tree>', 'eval')))

RUN = '''
def f(a):
    x = [i
         for i in range(a)]
    return (x[0]
            / 0)

f(3)
'''


def places(code):
    yield from code.co_positions()
    for inner in code.co_consts:
        if hasattr(inner, 'co_code'):
            yield from places(inner)


tree = ast.parse(RUN)
print(list(places(compile(tree, 'f.py', 'exec'))) == list(places(compile(RUN, 'f.py', 'exec'))))
ast.increment_lineno(tree, 100)
try:
    exec(compile(tree, 'f.py', 'exec'))
except ZeroDivisionError as error:
    step = error.__traceback__.tb_next
    while step:
        print(step.tb_frame.f_code.co_name, step.tb_lineno)
        step = step.tb_next

exec(compile(ast.Interactive(ast.parse('1 + 1').body), '<tree>', 'single'))
for wrong in [
    ast.Module([ast.Expr(ast.Name('x', ast.Load()))], []),
    ast.fix_missing_locations(ast.Module([ast.Expr(ast.Name('x', ast.Store()))], [])),
    ast.fix_missing_locations(ast.Module([ast.If(ast.Constant(1), [], [])], [])),
    ast.Expression(ast.Constant(1)),
]:
    try:
        compile(wrong, 'f.py', 'exec')
    except (TypeError, ValueError) as error:
        print(type(error).__name__, str(error).split(':')[0])
for call in [lambda: compile('1', 'f', 'x'), lambda: compile('1', 'f', 'exec', 1 << 31 - 1), lambda: compile(3, 'f', 'exec')]:
    try:
        call()
    except (TypeError, ValueError, OverflowError) as error:
        print(type(error).__name__, str(error).split(':')[0])
exec(compile('assert 0\nprint(__debug__)', 'f', 'exec', optimize=1))
