# Assignments: chains, swaps, star targets, nested targets, augmented assignment, walrus, wrong counts.
a = b = [1]
b.append(2)
print(a, a is b)
a, b = 1, 2
a, b = b, a
print(a, b)
first, *middle, last = range(6)
print(first, middle, last)
(x, [y, *z]), w = (1, "abc"), {"k": 1}
print(x, y, z, w)
*init, end = "hello"
print(init, end)
head, *empty = [1]
print(head, empty)
for values in ([1], []):
    try:
        p, q = values
    except ValueError as error:
        print(error)
try:
    p, *q, r = [1]
except ValueError as error:
    print(error)
try:
    p, q = 5
except TypeError as error:
    print(error)
i = 0
items = [10, 20, 30]
i, items[i] = 1, "changed"
print(i, items)
items[1:2] = ["p", "q"]
items[::2] = "XY"
print(items)
n = [1]
m = n
m += [2]
m = m + [3]
print(n, m)
t = ([1],)
try:
    t[0] += [2]
except TypeError as error:
    print(error, t)
if (length := len(items)) > 3:
    print("long", length)
while (length := length - 1) > 1:
    print(length, end=" ")
print()
d = {}
d["a"], d["b"] = 1, 2
d["a"] += 5
print(d)
k, v = next(iter(d.items()))
print(k, v)
x = 5
x **= 2
x //= 3
x %= 5
x <<= 3
x |= 1
x ^= 3
x &= 30
x >>= 1
x /= 4
x -= 0.5
print(x)


class Item:
    pass


o = Item()
o.a, o.b = 1, 2
o.a, o.b = o.b, o.a
print(vars(o))
for i, (a, *b) in enumerate([(1, 2, 3), "xyz"]):
    print(i, a, b)
def swap(pair): l, r = pair; return r, l
print(swap((1, 2)))
