# Queues between the interpreters of one process.
try:
    from concurrent import interpreters
    from concurrent.interpreters import _queues as queues
except ImportError:
    from test.support import interpreters
    from test.support.interpreters import queues
import queue
import sys
import threading

sys.stdout.reconfigure(line_buffering=True)


def show(act):
    try:
        print(act())
    except Exception as e:
        print(type(e).__name__, [base.__name__ for base in type(e).__mro__[1:4]], '|', e)


a, b = queues.create(2), queues.create()
print(a, b, a.maxsize, b.maxsize, queues.list_all(), a.empty(), a.full())
print(queues.Queue(a.id) is a, isinstance(queues.QueueEmpty(), queue.Empty), isinstance(queues.QueueFull(), queue.Full))
a.put((1, (2.5, 'x')))
a.put(b)
print(a.qsize(), a.full())
show(lambda: a.put_nowait(3))
show(lambda: a.put(3, timeout=0))
print(a.get(), a.get() is b)
show(lambda: a.get_nowait())
show(lambda: a.get(timeout=0))
show(lambda: queues.Queue(77))
show(lambda: queues.Queue('1'))

# Anything that can be pickled goes as a copy.
item = {'list': [1, 2, {3}], 'text': 'x' * 10}
b.put(item)
got = b.get()
print(got == item, got is item)
b.put(2 ** 60)
print(b.get())

# Between interpreters: order is kept, and a `get` waits.
one = interpreters.create()
one.exec('import _interpqueues, sys; sys.stdout.reconfigure(line_buffering=True)')
one.prepare_main(a=a, b=b)
a.put(5)
one.exec('b.put(a.get() * 2); b.put(("from", "one"))')
print(b.get(), b.get())


def ask():
    one.exec('for n in range(6):\n    b.put(n)\nprint("told", a.get())')


t = threading.Thread(target=ask)
t.start()
print([b.get() for _ in range(6)])
a.put('enough')
t.join()

# What becomes of items whose interpreter has ended.
two = interpreters.create()
two.exec('import _interpqueues')
two.prepare_main(b=b)
two.exec('''if True:
    try:
        from concurrent.interpreters import _queues as queues
    except ImportError:
        from test.support.interpreters import queues
    b.put('default')
    b.put('error', unbounditems=queues.UNBOUND_ERROR) if 'unbounditems' in b.put.__code__.co_varnames else b.put('error', unbound=queues.UNBOUND_ERROR)
    b.put('gone', unbounditems=queues.UNBOUND_REMOVE) if 'unbounditems' in b.put.__code__.co_varnames else b.put('gone', unbound=queues.UNBOUND_REMOVE)
''')
b.put('mine')
print(b.qsize())
two.close()
print(b.qsize())
print(b.get() is queues.UNBOUND)
show(lambda: b.get())
print(b.get(), b.empty())

# A queue ends with its last holder.
number = a.id
one.close()
del a
print([q.id for q in queues.list_all()], number)
show(lambda: queues.Queue(number))
