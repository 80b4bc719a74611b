# sys.monitoring: events of two tools, local events, DISABLE, callbacks that fail.
import sys
M = sys.monitoring
E = M.events


def show(name):
    def callback(code, *rest):
        if code.co_filename == __file__:
            print(name, code.co_name, *(r if isinstance(r, (str, type(None))) else type(r).__name__ for r in rest if not isinstance(r, int)))
    return callback


def gen():
    yield 'a'
    try:
        yield 'b'
    except KeyError:
        pass


def work(n):
    if n:
        len('x')
    g = gen()
    for x in g:
        if x == 'b':
            break
    try:
        g.throw(KeyError)
    except StopIteration:
        pass
    try:
        int('y')
    except ValueError:
        return 'done'


M.use_tool_id(0, 'first')
names = 'PY_START PY_RESUME PY_RETURN PY_YIELD CALL C_RETURN C_RAISE RAISE PY_UNWIND PY_THROW EXCEPTION_HANDLED'.split()
for name in names:
    M.register_callback(0, getattr(E, name), show(name))
M.set_events(0, E.PY_START | E.PY_RESUME | E.PY_RETURN | E.PY_YIELD | E.CALL | E.RAISE | E.PY_UNWIND | E.PY_THROW | E.EXCEPTION_HANDLED)
work(1)
M.set_events(0, 0)
print(M.get_tool(0), M.get_events(0))

lines = []


def line(code, number):
    lines.append((code.co_name, number - code.co_firstlineno))
    return M.DISABLE


M.use_tool_id(1, 'second')
M.register_callback(1, E.LINE, line)
M.set_local_events(1, work.__code__, E.LINE)
work(0)
print(lines)
lines.clear()
work(1)
print('again', lines)
M.restart_events()
work(1)
print('restarted', lines)
M.free_tool_id(1)


def bad(code, offset):
    raise ZeroDivisionError('from a callback')


M.register_callback(0, E.PY_START, bad)
M.set_events(0, E.PY_START)
try:
    work(1)
except ZeroDivisionError as e:
    M.set_events(0, 0)
    print(e)
for call in (lambda: M.use_tool_id(0, 'x'), lambda: M.use_tool_id(9, 'x'), lambda: M.set_events(0, E.C_RAISE)):
    try:
        call()
    except ValueError as e:
        print(e)
M.free_tool_id(0)
print(M.get_tool(0))
