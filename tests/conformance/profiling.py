# cProfile, profile, trace, timeit and bdb: who was called how often, by whom, and which lines ran.
import bdb
import cProfile
import profile
import pstats
import io
import re
import timeit
import trace


def create_array():
    arr = []
    for i in range(0, 400):
        arr.append(i)
    return arr


def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


def gen():
    yield from range(3)


def main():
    create_array()
    fib(10)
    sum(gen())
    sorted([3, 1, 2], key=lambda x: -x)
    try:
        int.from_bytes(1)
    except TypeError:
        pass


def counts(stats):
    table = {}
    for (file, line, name), (primitive, calls, own, total, callers) in stats.stats.items():
        assert own <= total + 1e-9
        callers = sorted((c[2], row if isinstance(row, int) else row[:2]) for c, row in callers.items() if ' at 0x' not in c[2])
        table[name] = primitive, calls, callers
    return table


for Profile in cProfile.Profile, profile.Profile:
    p = Profile()
    p.runcall(main)
    p.create_stats()
    for name, row in sorted(counts(p).items()):
        if 'enable' not in name and 'disable' not in name and 'setprofile' not in name and ' at 0x' not in name:
            print(name, row)

out = io.StringIO()
with cProfile.Profile() as p:
    main()
pstats.Stats(p, stream=out).strip_dirs().sort_stats('ncalls', 'name').print_stats('fib|array|append')
print(re.sub(r'[0-9]+\.[0-9]+', 'T', out.getvalue()))

t = trace.Trace(count=1, trace=0)
t.runfunc(create_array)
first = create_array.__code__.co_firstlineno
print(sorted((line - first, n) for (file, line), n in t.results().counts.items() if file == __file__))
print(timeit.timeit('x = 1 + 1', number=100) > 0, len(timeit.repeat('pass', number=1, repeat=3)))


class Debugger(bdb.Bdb):
    def user_call(self, frame, args):
        print('call', frame.f_code.co_name)

    def user_line(self, frame):
        print('line', frame.f_code.co_name, frame.f_lineno - frame.f_code.co_firstlineno)
        self.set_step()

    def user_return(self, frame, value):
        print('return', frame.f_code.co_name, value)
        if frame.f_back.f_code.co_name == 'runcall':
            self.set_continue()

    def user_exception(self, frame, info):
        print('exception', frame.f_code.co_name, info[0].__name__)


Debugger().runcall(fib, 2)
