# sys.settrace and sys.setprofile: which events, in which order, on which lines; jumps by f_lineno.
import warnings
warnings.simplefilter('ignore')
import sys
ev=[]
def tr(f,e,a):
    ev.append((f.f_code.co_name,e,f.f_lineno-f.f_code.co_firstlineno if f.f_lineno is not None else None))
    return tr
def run(fn,*a):
    ev.clear()
    sys.settrace(tr)
    try:
        try: fn(*a)
        except Exception as x: pass
    finally: sys.settrace(None)
    print(fn.__name__)
    for x in ev: print('  ',x)
def one_line_for():
    for i in range(3): pass
def gen():
    x = yield 1; y = yield 2
    z = yield 3
def g():
    for i in gen(): i
def comp():
    return [i for i in range(3)
            if i]
def tryf():
    try:
        1/0
    except ZeroDivisionError:
        a=1
    finally:
        b=2
def raiser():
    with open('/nonexistent') as f:
        pass
def nested():
    try:
        raiser()
    finally:
        x=1
def lam():
    f = lambda: 1
    return f()
def mult(a,
         b=2):
    return (a +
            b)
def deco():
    class A:
        x=1
        def f(self): pass
    return A
def cont():
    for i in range(2):
        if i: continue
        if not i:
            pass
def thr():
    def gg():
        try:
            yield 1
        except ValueError:
            yield 2
    h=gg(); next(h); h.throw(ValueError)
    h.close()
def jumper():
    a=1
    b=2
    c=3
    return a
for f in (one_line_for,g,comp,tryf,nested,lam,deco,cont,thr): run(f)
run(mult,1)
def jt(f,e,a):
    print(f.f_code.co_name,e,f.f_lineno-f.f_code.co_firstlineno)
    if e=='line' and f.f_lineno-f.f_code.co_firstlineno==2: f.f_lineno=f.f_code.co_firstlineno+4
    return jt
sys.settrace(jt); 
try:jumper()
except UnboundLocalError: print('U')
sys.settrace(None)
pe=[]
def pr(f,e,a): pe.append((f.f_code.co_name,e,getattr(a,'__name__',a)))
sys.setprofile(pr)
len([1]); int('3'); [].append(1); sorted([2,1],key=lambda x:-x); g()
try: int.from_bytes(1)
except TypeError: pass
list(map(str,[1,2]))
sys.setprofile(None)
for x in pe: print(x)
