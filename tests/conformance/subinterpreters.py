# Interpreters of one process: what they share and what not, what comes back of exceptions, what cannot go.
# CPython 3.13 has the module that became `concurrent.interpreters` in 3.14 in its test package.
try:
    from concurrent import interpreters
except ImportError:
    from test.support import interpreters
import _interpreters
import os
import sys
import threading


LINES = 'import sys; sys.stdout.reconfigure(line_buffering=True)'
exec(LINES)


def create():
    interpreter = interpreters.create()
    interpreter.exec(LINES)
    return interpreter


def show(act):
    try:
        print(act())
    except Exception as e:
        print(type(e).__name__, '|', e)


main = interpreters.get_main()
one = create()
print(main, one, interpreters.get_current() == main, interpreters.list_all())
print(main.whence, '|', one.whence)
print(interpreters.Interpreter(one.id) is one)
print(main.is_running(), one.is_running())

# Namespaces and modules are apart, the process is one.
x = 'main'
one.exec('x = 1\nimport json\njson.loads = None')
one.exec('x += 1\nprint("there", x, __name__, json.loads)')
import json
print('here', x, json.loads('[1]'))
one.prepare_main(pid=os.getpid(), ident=threading.get_ident())
one.exec('import os, threading\nprint(pid == os.getpid(), ident == threading.get_ident())')
one.exec('print(threading.current_thread().name, threading.main_thread().name, threading.active_count())')

# What can go there.
values = dict(a=None, b=True, c=-5, d=1.5, e='text \u20ac \U0001f40d', f=b'bytes\0', g=(1, (2, ('three',)), ()), h=2 ** 62)
one.prepare_main(values)
one.exec('print(a, b, c, d, ascii(e), f, g, h, sep="|")')
print([_interpreters.is_shareable(v) for v in (None, 1, 1.5, 'a', b'a', (1, (2,)), [], {}, 1j, print, object(), (1, []))])
show(lambda: one.prepare_main(x=2 ** 64))
show(lambda: one.prepare_main({}))

# Exceptions stay there; their traceback comes back as text.
for code in ('1 / 0', 'def f():\n    raise KeyError("k")\nf()', 'class E(Exception):\n    pass\nraise E("mine")', 'raise SystemExit(3)',
             'raise ValueError', 'def', 'import nothing_of_this_name', 'x = (1,\n', 'try:\n    1 / 0\nexcept Exception as e:\n    raise OSError(2, "two") from e'):
    try:
        one.exec(code)
    except interpreters.ExecutionFailed as e:
        info = e.excinfo
        print(info.type.__name__, info.type.__module__, info.msg, info.formatted, sep='|')
        print(info.errdisplay if 'def' != code else '')
        print(str(e) == f'{info.formatted}\n\nUncaught in the interpreter:\n\n{info.errdisplay}')

# A function's code can go, if it needs nothing else.
def script():
    import sys
    total = sum(range(5))
    print('script', __name__, total)


one.exec(script)
show(lambda: one.exec(lambda n: n))
show(lambda: one.exec(5))
free = 1


def closure():
    free = 2
    return lambda: free


show(lambda: one.exec(closure()))

# What is refused.
show(lambda: main.exec('pass'))
show(lambda: main.close())
show(lambda: _interpreters.exec(0, 'pass'))
show(lambda: _interpreters.destroy(0))
show(lambda: _interpreters.exec(99, 'pass'))
show(lambda: _interpreters.exec('one', 'pass'))
show(lambda: _interpreters.destroy(-1))
show(lambda: interpreters.Interpreter(99))
show(lambda: interpreters.Interpreter('one'))
one.exec('import _interpreters\ntry:\n    _interpreters.exec(0, "pass")\nexcept Exception as e:\n    print(type(e).__name__, e)')
one.exec('try:\n    _interpreters.destroy(_interpreters.get_current()[0])\nexcept Exception as e:\n    print(type(e).__name__, e)')
one.exec('import signal\ntry:\n    signal.signal(signal.SIGINT, signal.SIG_DFL)\nexcept Exception as e:\n    print(type(e).__name__, e)')
one.exec('import threading\ntry:\n    threading.Thread(daemon=True)\nexcept Exception as e:\n    print(type(e).__name__)')

# Interpreters make interpreters, and threads.
one.exec('''if True:
    inner = _interpreters.create()
    print(_interpreters.get_current(), _interpreters.get_main(), inner, [id for id, _ in _interpreters.list_all()])
    _interpreters.exec(inner, 'import _interpreters, sys; sys.stdout.reconfigure(line_buffering=True); print("inner", _interpreters.get_current())')
    _interpreters.destroy(inner)
    done = []
    def work(n):
        done.append(n)
    threads = [threading.Thread(target=work, args=(n,)) for n in range(3)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    print(sorted(done), threading.active_count())
''')
print(interpreters.list_all())

# Configurations.
print(_interpreters.new_config())
print(_interpreters.new_config('legacy'))
print(_interpreters.new_config('empty', gil='own'))
print(_interpreters.get_config(0).gil, _interpreters.get_config(one.id).gil)
show(lambda: _interpreters.new_config('other'))
show(lambda: _interpreters.new_config(gil='none'))
show(lambda: _interpreters.new_config(more=1))
shared = _interpreters.create('legacy')
print(_interpreters.get_config(shared).gil, _interpreters.whence(shared))
_interpreters.destroy(shared)

# The snapshot of an exception.
print(_interpreters.capture_exception(ValueError('v')))
print(_interpreters.capture_exception())
show(lambda: _interpreters.capture_exception(3))

# The end of one, and of those that are left when the program ends.
one.exec('import atexit\natexit.register(print, "end of one")')
one.close()
show(lambda: one.exec('pass'))
show(lambda: one.close())
print(interpreters.list_all())
two = create()
two.exec('import atexit\natexit.register(print, "end of two")\nprint("no newline", end="", flush=True)')
del two
print(' after two', interpreters.list_all())
three = create()
three.exec('import atexit\natexit.register(print, "end of three")')
print('end of main')
