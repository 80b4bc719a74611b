# Every iterator of itertools over several kinds of sources, with right and wrong arguments.
import itertools as I, operator, sys
def show(label, f):
    try:
        r = f()
    except BaseException as e:
        r = f'{type(e).__name__}: {e}'
    print(label, '->', r)
def gen(n):
    for i in range(n): yield i
class Bad:
    def __iter__(self): return self
    def __next__(self): raise KeyError('x')
class PI:
    def __init__(self, n): self.i=0; self.n=n
    def __iter__(self): return self
    def __next__(self):
        if self.i>=self.n: raise StopIteration
        self.i+=1
        return self.i
L=list
for src in (lambda: range(5), lambda: gen(5), lambda: PI(5), lambda: [3,1,4,1,5], lambda: 'abcab', lambda: Bad(), lambda: 5, lambda: ()):
    n = type(src()).__name__
    show(n+' acc', lambda: L(I.accumulate(src())))
    show(n+' acc2', lambda: L(I.accumulate(src(), lambda a,b: (a,b), initial=7)))
    for k in (1,2,3,7,0,-1):
        show(f'{n} bat{k}', lambda: L(I.batched(src(), k)))
        show(f'{n} bats{k}', lambda: L(I.batched(src(), k, strict=True)))
        show(f'{n} comb{k}', lambda: L(I.combinations(src(), k)))
        show(f'{n} cwr{k}', lambda: L(I.combinations_with_replacement(src(), k))[:40])
        show(f'{n} perm{k}', lambda: L(I.permutations(src(), k))[:40])
        show(f'{n} prod{k}', lambda: L(I.islice(I.product(src(), repeat=k), 20)))
        show(f'{n} isl{k}', lambda: L(I.islice(src(), k)))
        show(f'{n} isl1{k}', lambda: L(I.islice(src(), 1, k)))
        show(f'{n} isl2{k}', lambda: L(I.islice(src(), None, None, k)))
        show(f'{n} isl3{k}', lambda: L(I.islice(src(), k, None, 2)))
        show(f'{n} tee{k}', lambda: [L(t) for t in I.tee(src(), k)])
    show(n+' chain', lambda: L(I.chain(src(), src())))
    show(n+' chainfi', lambda: L(I.chain.from_iterable([src(), src()])))
    show(n+' compress', lambda: L(I.compress(src(), [1,0,1,0,[]])))
    show(n+' cycle', lambda: L(I.islice(I.cycle(src()), 12)))
    show(n+' dw', lambda: L(I.dropwhile(lambda x: x!=3, src())))
    show(n+' tw', lambda: L(I.takewhile(lambda x: x!=3, src())))
    show(n+' ff', lambda: L(I.filterfalse(lambda x: x in (1,'a'), src())))
    show(n+' ff', lambda: L(I.filterfalse(None, src())))
    show(n+' gb', lambda: [(k, L(g)) for k,g in I.groupby(src(), lambda x: x==3 or x=='b')])
    show(n+' gb2', lambda: [k for k,g in I.groupby(src())])
    show(n+' pw', lambda: L(I.pairwise(src())))
    show(n+' sm', lambda: L(I.starmap(pow, [(x,2) for x in src()])))
    show(n+' zl', lambda: L(I.zip_longest(src(), range(3), fillvalue='-')))
    show(n+' zl2', lambda: L(I.zip_longest(src(), gen(7))))
for c in (I.count, I.repeat, I.cycle, I.chain, I.islice, I.starmap, I.accumulate, I.batched, I.combinations, I.combinations_with_replacement, I.permutations, I.product, I.compress, I.dropwhile, I.takewhile, I.filterfalse, I.groupby, I.pairwise, I.zip_longest, I.tee, I.chain.from_iterable):
    for a in ((), (1,), (1,2), (1,2,3), (1,2,3,4,5,6), ([],), ([],1), ([], None), ([], 'x'), ([], 1.5), (None, []), ('ab','ab','ab')):
        def f():
            r = c(*a)
            return type(r).__name__, [*I.islice(r, 3)] if hasattr(r,'__next__') else len(r)
        show(f'{c.__name__}{a}', f)
    show(f'{c.__name__} kw', lambda: c([], bad=1))
    show(f'{c.__name__} kw', lambda: c(bad=1))
for f in [lambda: I.count(5), lambda: I.count(1,2), lambda: I.count(1.5), lambda: I.count(2, 1.0), lambda: I.count(-3,-1), lambda: I.count(10**30), lambda: I.repeat('x'), lambda: I.repeat('x', 3), lambda: I.repeat(1,-5), lambda: I.count('a'), lambda: I.count(start=3), lambda: I.count(step=-1), lambda: I.count(1, None), lambda: I.count(2**62), lambda: I.repeat(object=2, times=3), lambda: I.repeat(1, times='a')]:
    def g():
        x = f(); r = repr(x); vals = [*I.islice(x, 3)]
        return r, vals, repr(x), operator.length_hint(x, -1)
    show('', g)
show('hint', lambda: operator.length_hint(I.repeat(1)))
show('hint', lambda: I.repeat(1).__length_hint__())
a = I.count(sys.maxsize-2); show('big', lambda: [next(a) for _ in range(5)] + [repr(a)])
a, b = I.tee(gen(200))
show('tee', lambda: (L(I.islice(a, 100))[-1], L(b)[-1], L(a)[-1], type(a), type(a.__copy__())))
def rec():
    yield next(t1)
t1, t2 = I.tee(rec())
show('reent', lambda: next(t1))
g = I.groupby([1,1,2,2,3]); k1, g1 = next(g); k2, g2 = next(g)
show('groups', lambda: (L(g1), L(g2), k1, k2))
it = I.chain([1], 5, [2]); show('ch', lambda: next(it)); show('ch', lambda: next(it)); show('ch', lambda: next(it))
show('islice err', lambda: L(I.islice(Bad(), 3)))
show('long', lambda: (sum(I.filterfalse(lambda x: x < 9990, range(10000))), sum(I.filterfalse(lambda x: x % 2, gen(3000))), L(I.dropwhile(lambda x: x<5000, gen(5003))), L(I.islice(gen(10000), 9998, None)), [(k, sum(1 for _ in g)) for k, g in I.groupby(gen(10000), lambda x: x//2500)], [k for k, g in I.groupby(gen(10000), lambda x: x//2500)], len(L(I.chain.from_iterable([[]]*10000+[[1]]))), L(I.compress(gen(5000), [0]*4999+[1]))))
class Sub(I.count):
    def __init__(self, *a, extra=None): self.extra = extra
s = Sub(3, extra=9) if False else None
class SubC(I.chain):
    def __init__(self, *a, newarg=None): self.newarg = newarg
show('sub', lambda: (L(SubC([1,2],[3], newarg=3)), SubC(newarg=1).newarg))
class C2(I.cycle):
    def __init__(self, *a, newarg=None): self.newarg = newarg
show('sub', lambda: C2('ab', newarg=3).newarg)
show('kw', lambda: I.cycle('ab', newarg=3))
show('selfcheck', lambda: I.chain.__next__(5))
show('selfcheck', lambda: I.count.__repr__(5))
show('ns', lambda: [n for n in sorted(dir(I)) if not n.startswith('__')])
show('ga', lambda: I.chain[int])
