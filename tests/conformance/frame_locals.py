# PEP 667: what is written to `f_locals` of a function's frame is the variable.

import sys


def view(a, b=2):
    x = 1

    def inner():
        return x

    p = sys._getframe().f_locals
    print(type(p).__name__, type(p).__module__)
    p['x'] = 10
    p['a'] = 'A'
    p['new'] = 5
    p[3] = 4
    print(x, a, inner(), p['new'], p[3], len(p), sorted(map(str, p)))
    print(type(p.keys()), type(iter(p)), type(p.items()), type(p.values()))
    print('y' in p, 'x' in p, p.get('zz', 9), p.get('new'))
    for act in ["p['nope']", "p.setdefault('b', 7)", "p.setdefault('q', 7)", "p.update({'b': 8})", "p.update([('b', 9)])",
                "p.update(b=1)", "(p | {'c': 1})['c']", "({'c': 1} | p)['new']", "p.copy()['x']", "hash(p)", "p == dict(p)",
                "p != 1", "p == p.copy()", "p < 1", "p.update(1)", "p.update()", "p.get()", "reversed(p)[:2]", "type(p)()",
                "type(p)(1)", "bool(p)", "p.foo", "'x' in p.keys()", "p[[]]", "p.setdefault()", "p | 1"]:
        try:
            print(act, '->', repr(eval(act, {'p': p})))
        except Exception as e:
            print(act, '->', type(e).__name__, e)
    p |= {'b': 77}
    print(b, type(p).__name__)
    f = sys._getframe()
    print(f.f_locals is f.f_locals, p == f.f_locals, locals() == p.copy())
    z: int
    p['z'] = 3
    print(z)


view(1)


def contains_itself():
    k = 1
    me = sys._getframe().f_locals
    print(me)


contains_itself()


def trace(frame, event, arg):
    if event == 'line' and 'n' in frame.f_locals:
        frame.f_locals['n'] += 10
    return trace


def traced():
    n = 0
    n += 1
    return n


sys.settrace(trace)
result = traced()
sys.settrace(None)
print(result)


def generate():
    v = 1
    while True:
        yield v


g = generate()
print(next(g), g.gi_frame.f_locals)
g.gi_frame.f_locals['v'] = 'set'
print(next(g), g.gi_frame.f_locals)


def of_the_caller():
    sys._getframe(1).f_locals['count'] += 1


def caller():
    count = 0
    for _ in range(5):
        of_the_caller()
    return count


print(caller())


class Body:
    sys._getframe().f_locals['member'] = 3
    print(member, type(sys._getframe().f_locals))


def fails():
    w = 5
    1 / 0


try:
    fails()
except ZeroDivisionError as e:
    frame = e.__traceback__.tb_next.tb_frame
    frame.f_locals['w'] = 6
    frame.f_locals['beside'] = 1
    print(frame.f_locals, type(frame.f_locals).__name__)
    frame.clear()
    print(frame.f_locals.get('w'))


def comprehension():
    return [sorted(sys._getframe().f_locals) for i in range(1)]


print(comprehension())


def snapshot():
    a = 1
    locals()['a'] = 2
    return a


print(snapshot())
