# Switching: what goes in and comes out, parents, exceptions, states; as the documentation of greenlet 3.x says.
import traceback
from greenlet import GreenletExit, error, getcurrent, greenlet

main = getcurrent()
assert main.parent is None and not main.dead and main and main is getcurrent()

# The first example of the documentation.
order = []


def test1():
    order.append(12)
    gr2.switch()
    order.append(34)


def test2():
    order.append(56)
    gr1.switch()
    order.append(78)


gr1, gr2 = greenlet(test1), greenlet(test2)
assert not gr1 and not gr1.dead
assert gr1.switch() is None
assert order == [12, 56, 34]
assert gr1.dead and not gr1 and gr2 and not gr2.dead
# A dead greenlet leads to its parent, which is the one that asks.
assert gr1.switch(5) == 5 and gr1.switch() == () and gr1.switch(1, 2) == (1, 2)


# What a switch passes.
def echo(*args, **kwargs):
    passed = args, kwargs
    while True:
        passed = main.switch(passed)


g = greenlet(echo)
assert g.switch(1, b=2) == ((1,), {'b': 2})
assert g.switch() == ()
assert g.switch(7) == 7
assert g.switch((7,)) == (7,)
assert g.switch(7, 8) == (7, 8)
assert g.switch(b=3) == {'b': 3}
assert g.switch(1, b=3) == ((1,), {'b': 3})
assert main.switch(4) == 4, 'a switch to oneself answers at once'


# Subclasses; run as an attribute; the result goes to the parent.
class Double(greenlet):
    def run(self, x):
        assert getcurrent() is self
        return x * 2


assert Double().switch(21) == 42
g = greenlet()
try:
    g.switch()
except AttributeError as e:
    assert str(e) == 'run'
else:
    raise AssertionError
g.run = lambda: 'set'
assert g.run() == 'set' and g.switch() == 'set'
for change in (lambda: setattr(g, 'run', 1), lambda: g.run, lambda: setattr(main, 'run', 1), lambda: setattr(main, 'parent', g)):
    try:
        change()
    except AttributeError:
        pass
    else:
        raise AssertionError

# Chains of parents.
said = []


def child(name):
    said.append(name)
    back = getcurrent().parent.switch(name)
    said.append((name, back))
    return name + ' done'


outer = greenlet(lambda: inner.switch('inner'))
inner = greenlet(child, outer)
# `inner` hands its name to `outer`, whose `switch` answers it, so `outer` ends with it.
assert outer.switch() == 'inner' and outer.dead and inner
# The parent is dead by now: the result goes on to its parent.
assert inner.switch('x') == 'inner done'
assert said == ['inner', ('inner', 'x')]
a, b = greenlet(lambda: None), greenlet(lambda: None)
a.parent = b
for parent, kind in ((a, ValueError), (1, TypeError)):
    try:
        b.parent = parent
    except kind:
        pass
    else:
        raise AssertionError
# A parent that has not begun is begun with the result.
first = greenlet(lambda: 'result')
first.parent = greenlet(lambda x: ('begun with', x))
assert first.switch() == ('begun with', 'result')


# Exceptions go to the parent, with their tracebacks; GreenletExit is a result.
def fails():
    raise KeyError('lost')


def through():
    return greenlet(fails).switch()


try:
    greenlet(through).switch()
except KeyError as e:
    names = [f.name for f in traceback.extract_tb(e.__traceback__)]
    # From the greenlet in which it was raised outward, never through those who switched.
    assert names == ['<module>', 'through', 'fails'], names
else:
    raise AssertionError


def leaves():
    raise GreenletExit('value')


result = greenlet(leaves).switch()
assert type(result) is GreenletExit and result.args == ('value',)
assert issubclass(GreenletExit, BaseException) and not issubclass(GreenletExit, Exception) and issubclass(error, Exception)


# throw
def waits():
    try:
        main.switch('waiting')
    except ValueError as e:
        return e
    finally:
        said.append('finally')


g = greenlet(waits)
assert g.switch() == 'waiting'
assert repr(g.throw(ValueError('in'))) == "ValueError('in')" and said[-1] == 'finally'
g = greenlet(waits)
g.switch()
assert type(g.throw()) is GreenletExit and g.dead
assert type(g.throw()) is GreenletExit, 'one that is dead has nothing to end'
for thrown in ((ValueError,), (ValueError, 'text'), (ValueError('text'),)):
    g = greenlet(waits)
    try:
        # It has not begun: nothing of it runs, it is dead, and the parent hears of it.
        g.throw(*thrown)
    except ValueError:
        assert g.dead
    else:
        raise AssertionError
try:
    g.throw(12)
except TypeError as e:
    assert str(e) == 'exceptions must be classes, or instances, not int'
try:
    main.throw(OSError('self'))
except OSError as e:
    assert str(e) == 'self'


# Where it waits.
def here(x):
    y = x + 1
    main.switch()
    return y


g = greenlet(here)
assert g.gr_frame is None
g.switch(4)
assert g.gr_frame.f_code.co_name == 'here' and g.gr_frame.f_locals == {'x': 4, 'y': 5}
assert g.gr_frame.f_back is None
g.gr_frame.f_locals['y'] = 50
frame = g.gr_frame
assert g.switch() == 50 and g.gr_frame is None and main.gr_frame is None
assert frame.f_locals['y'] == 50
print('ok')
