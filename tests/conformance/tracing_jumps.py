# A debugger moves a frame to another line: out of handlers, into `finally`, around in loops.

import sys
def jumper(jump_from, to):
    def trace(frame, event, arg):
        if frame.f_code.co_name.startswith('t_'):
            if event == 'line' and frame.f_lineno == frame.f_code.co_firstlineno + jump_from:
                frame.f_lineno = frame.f_code.co_firstlineno + to
                return None
            return trace
        return None
    return trace
def go(f, a, b):
    out = []
    sys.settrace(jumper(a, b))
    try: r = f(out)
    except BaseException as e: r = type(e).__name__, str(e)
    finally: sys.settrace(None)
    print(f.__name__, a, b, out, r)
def t_a(out):
    try:
        out.append(2)
        1/0
    except ZeroDivisionError as e:
        out.append(5)
        out.append(6)
    finally:
        out.append(8)
    out.append(9)
    return 'end'
def t_b(out):
    try:
        out.append(2)
        1/0
    except:
        out.append(5)
        out.append(6)
    finally:
        out.append(8)
        out.append(9)
    return 'end'
def t_c(out):
    try:
        try:
            1/0
        except ZeroDivisionError:
            out.append(5)
            out.append(6)
    finally:
        out.append(8)
    out.append(9)
def t_d(out):
    for i in 1, 2:
        try:
            1/0
        except ZeroDivisionError:
            out.append(5)
            out.append(6)
        finally:
            out.append(8)
        out.append(9)
def t_e(out):
    try:
        raise ValueError
    finally:
        out.append(4)
        out.append(5)
    out.append(6)
def t_f(out):
    with open('/dev/null') as f:
        out.append(2)
        out.append(3)
    out.append(4)
for f, pairs in ((t_a, [(5, 8), (6, 8), (5, 9), (6,9), (8, 5), (3, 8), (2, 6), (8,10)]), (t_b, [(5, 8), (6, 8), (6, 9), (6, 10), (5, 10), (8,9), (9,10)]), (t_c, [(5, 8), (6, 8), (6, 9), (8,6)]), (t_d, [(5, 8), (6, 8), (6, 9), (8, 9)]), (t_e, [(4,6),(5,6), (4,5), (2, 4), (2,6)]), (t_f, [(2,4),(3,4),(4,3)])):
    for a, b in pairs: go(f, a, b)
