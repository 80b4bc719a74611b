# A syntax error in a string that is compiled at run time, and its attributes.
for source in ("x = = 1", "def f(:\n  pass", "for x in range(3) print(x)", "if True:\nprint(1)", "'open", "f(", "a b"):
    try:
        compile(source, "given", "exec")
    except SyntaxError as error:
        print(type(error).__name__, error.filename, error.lineno)
print(eval("1 + 2"), eval(compile("3 * 4", "e", "eval")))
exec(compile("print('single')", "s", "single"))
for source in ("return 1", "break", "continue", "yield 1", "await x", "x = yield = 1", "1 = x", "f() = 1", "None = 1", "del f()",
               "def f(a, a): pass", "nonlocal x", "from __future__ import nothing", "*a, *b = c", "lambda: (yield)"):
    try:
        compile(source, "given", "exec")
        print("compiles:", source)
    except SyntaxError as error:
        print(error.msg)
