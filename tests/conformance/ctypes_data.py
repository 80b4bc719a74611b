# ctypes: simple types, arrays, structures, unions, buffers, pointers and their errors.
import sys
from ctypes import *
def show(f, *a):
    try: print(repr(f(*a)))
    except Exception as e: print(type(e).__name__, e)
show(c_int, 'a'); show(c_int, 2.5); show(c_int, 2**40+5); show(c_ubyte, -1); show(c_double, 'x'); show(c_double, 3); show(c_char, b'ab'); show(c_char, 65); show(c_bool, []); show(c_wchar, 'é')
show(c_short, -40000); show(c_float, 0.1); show(c_void_p, None); show(c_void_p, 5)
A = c_int * 3
a = A(1,2); show(list, a); show(lambda: a[5]); show(lambda: a[-1]); show(lambda: a['x']); show(A, 1,2,3,4); show(lambda: a.__setitem__(0,'a')); show(lambda: a[0:2]); print(len(a), sizeof(a), sizeof(A), A.__name__, A._type_, A._length_)
def s(): a[0:2] = [7,8]
show(s); show(list,a)
def s(): a[0:2] = [7]
show(s)
class P(Structure):
    _fields_ = [('x', c_int), ('y', c_double), ('name', c_char*8), ('arr', c_short*3)]
p = P(1, 2.5, b'abc'); print(p.x, p.y, p.name, p.arr[:], sizeof(P), P.x, P.y, alignment(P))
show(P, 1,2,b'',(1,2,3),5); show(lambda: P(z=1).z); show(lambda: P('a'))
p.arr[1] = 9; p.name = b'xyzxyzxy'; print(p.arr[:], p.name, bytes(p)[:4])
def s(): p.name = b'123456789'
show(s)
class U(Union): _fields_ = [('i', c_int), ('b', c_ubyte*4)]
u = U(); u.i = 0x01020304; print(list(u.b), sizeof(U))
q = pointer(p); q[0] = P(5, 6.0); print(p.x, p.y, q.contents.x)
b = create_string_buffer(b'hello', 10); print(b.value, b.raw, len(b), b[0], b[1:3]); b.value = b'yo'; print(b.raw)
w = create_unicode_buffer('héé', 5); print(w.value, w[0:2], len(w))
ba = bytearray(8); x = c_int.from_buffer(ba, 4); x.value = -2; print(ba); show(lambda: c_int.from_buffer(b'1234')); show(lambda: c_int.from_buffer(ba, 6)); print(c_int.from_buffer_copy(b'\1\0\0\0').value)
memset(addressof(x), 1, 4); print(x.value, hex(x.value))
import copy, pickle
print(pickle.loads(pickle.dumps(c_int(5))), copy.copy(c_double(2.5)))
print(c_int(3).value, bool(c_int(0)), c_int is c_int32, c_longlong is c_long, c_int.__name__)
class My(c_int): pass
class Q(Structure): _fields_ = [('m', My), ('n', c_int)]
z = Q(3, 4); print(type(z.m).__name__, z.m.value, z.n)
show(Structure); show(lambda: setattr(Q, '_fields_', []))
arr2 = (P * 2)((1, 2.0), (3, 4.0)); print([(i.x, i.y) for i in arr2]); arr2[1].x = 99; print(arr2[1].x)
m = (c_int * 2) * 3; mm = m(); mm[1][1] = 5; print([r[:] for r in mm], m.__name__)
print(memoryview(c_int(3)).nbytes, bytes(c_int(3)))
show(lambda: pickle.dumps(pointer(c_int(3))))
show(lambda: sizeof(3)); show(lambda: addressof(3)); show(lambda: c_int * -1); show(lambda: c_int * 'a')
