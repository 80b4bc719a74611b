# What belongs to a greenlet alone: the exception being handled, the context, the depth; and threads, tracing, and the end.
import contextvars
import gc
import sys
import threading
import weakref
import greenlet as package
from greenlet import GreenletExit, getcurrent, gettrace, greenlet, settrace

main = getcurrent()


# The exception being handled.
def handles():
    try:
        raise KeyError('inside')
    except KeyError:
        main.switch(sys.exception())
        return sys.exception()


g = greenlet(handles)
assert repr(g.switch()) == "KeyError('inside')" and sys.exception() is None
try:
    raise OSError('outside')
except OSError:
    assert repr(g.switch()) == "KeyError('inside')"
    assert repr(sys.exception()) == "OSError('outside')"
    assert greenlet(sys.exception).switch() is None, 'a new greenlet handles nothing'

# The context: a new greenlet begins with an empty one.
var = contextvars.ContextVar('var', default='unset')
var.set('main')


def with_context():
    seen = [var.get()]
    var.set('child')
    main.switch()
    seen.append(var.get())
    return seen


g = greenlet(with_context)
assert g.gr_context is None
g.switch()
assert var.get() == 'main' and g.gr_context[var] == 'child'
assert g.switch() == ['unset', 'child']
g = greenlet(var.get)
g.gr_context = contextvars.copy_context()
assert g.switch() == 'main'
try:
    g.gr_context = {}
except TypeError as e:
    assert str(e) == 'greenlet context must be a contextvars.Context or None'
assert greenlet(contextvars.copy_context().run).switch(var.get) == 'main'


# Each has the whole depth of recursion for itself.
def depth(n):
    return main.switch(n) if n == 0 else depth(n - 1) + 1


deep = [greenlet(depth) for _ in range(20)]
assert [g.switch(900) for g in deep] == [0] * 20
assert [g.switch(1) for g in deep] == [901] * 20


def endless():
    return endless() + 1


try:
    greenlet(endless).switch()
except RecursionError:
    pass
else:
    raise AssertionError

# Threads: no switch from one to another.
ours = greenlet(lambda: main.switch(1))
ours.switch()
fresh = greenlet(lambda: 'run in the thread')
texts, theirs = [], []


def thread():
    root = getcurrent()
    assert root is not main and root.parent is None
    for target in (main, ours, fresh):
        try:
            target.switch()
        except package.error as e:
            texts.append(str(e).split('\n')[0])
    own = greenlet(lambda: root.switch('waits'))
    theirs.append(own)
    assert own.switch() == 'waits'


t = threading.Thread(target=thread)
t.start()
t.join()
assert texts == ['Cannot switch to a different thread'] * 3, texts
# It waits in a thread that has ended: nothing can go on there.
assert theirs[0].dead
try:
    theirs[0].switch()
except package.error as e:
    assert str(e) == 'cannot switch to a different thread (which happens to have exited)'
else:
    raise AssertionError
assert fresh.switch() == 'run in the thread' and ours.switch('on') == 'on'

# Tracing.
events = []
assert gettrace() is None
tracer = lambda event, pair: events.append((event, *(name[g] for g in pair)))  # noqa: E731
one = greenlet(lambda: two.switch())
two = greenlet(lambda: main.switch())
name = {main: 'main', one: 'one', two: 'two'}
assert settrace(tracer) is None and gettrace() is tracer
one.switch()
try:
    one.throw(ValueError)
except ValueError:
    pass
settrace(None)
assert events == [('switch', 'main', 'one'), ('switch', 'one', 'two'), ('switch', 'two', 'main'), ('throw', 'main', 'one'),
                  ('throw', 'one', 'main')], events


def bad(event, pair):
    raise LookupError(event)


settrace(bad)
try:
    greenlet(lambda: 1).switch()
except LookupError:
    assert gettrace() is None
else:
    raise AssertionError

# Nobody holds it any more: GreenletExit is thrown in, wherever it stands.
log = []


def cleans_up(tag):
    try:
        main.switch()
    except GreenletExit:
        log.append((tag, 'exit', getcurrent().parent is main))
        raise
    finally:
        log.append((tag, 'finally'))


g = greenlet(cleans_up)
g.switch('a')
watch = weakref.ref(g)
del g
assert watch() is None and log == [('a', 'exit', True), ('a', 'finally')], log
g = greenlet(cleans_up)
g.circle = g
g.switch('b')
watch = weakref.ref(g)
del g
gc.collect()
assert log[2:] == [('b', 'exit', True), ('b', 'finally')] and watch() is None, log
never = greenlet(cleans_up)
del never
assert len(log) == 4, 'one that has not begun has nothing to clean up'
# At the end of the program too.
last = greenlet(lambda: cleans_up_at_the_end())


def cleans_up_at_the_end():
    try:
        main.switch()
    finally:
        print('the last one ends')


last.switch()
print('ok')
