# Lists: methods, slices of every kind, sorting, errors, growth while iterating.
a = [3, 1, 2]
print(a.append(4), a.extend("ab"), a.insert(1, "i"), a.pop(), a.pop(0), a.index(2), a.count(1), a.reverse(), a)
a.remove("i")
b = a.copy()
b.clear()
print(a, b, a + [9], a * 2, 2 * a, a == a[:], [1, 2] < [1, 3])
n = list(range(10))
print(n[2:5], n[::3], n[::-2], n[-3:], n[:-3], n[7:2:-2], n[20:], n[-20:3], n[5:2], n[slice(1, 4)])
n[2:4] = ["x", "y", "z"]
n[::4] = [0, 0, 0]
del n[1:3]
del n[::2]
n[len(n):] = [7, 8]
n[1:1] = [6]
print(n)
for action in ("n[99]", "n[99] = 1", "n.pop(99)", "n.remove('none')", "[].pop()", "n['a']", "n[::2] = [1]", "[1] + (2,)", "[1] * 'a'", "n[1.0]", "n.insert()", "[1] < ['a']"):
    try:
        exec(action)
        print(action, "worked")
    except Exception as error:
        print(action, "->", type(error).__name__, error)
words = ["banana", "Apple", "cherry", "date"]
print(sorted(words), sorted(words, key=str.lower), sorted(words, key=len, reverse=True), sorted(words, key=lambda w: (len(w), w)))
pairs = [(1, "b"), (0, "z"), (1, "a"), (0, "y")]
pairs.sort(key=lambda p: p[0])
print(pairs)
pairs.sort(key=lambda p: p[0], reverse=True)
print(pairs)
print(sorted([3, 1.5, True, -2]), sorted({"b": 1, "a": 2}), sorted("hello"), sorted([[2], [1, 5], []]))


class Touchy:
    def __init__(self, n):
        self.n = n

    def __lt__(self, other):
        return self.n < other.n


print([t.n for t in sorted([Touchy(2), Touchy(1), Touchy(3)])])
changing = [1, 2, 3]
try:
    changing.sort(key=lambda item: changing.append(item) or item)
except ValueError as error:
    print(error)
grow = [1, 2]
for item in grow:
    if len(grow) < 6:
        grow.append(item * 10)
print(grow)
shrink = [1, 2, 3, 4, 5]
for item in shrink:
    shrink.remove(item)
print(shrink)
nested = [[0] * 2] * 2
nested[0][0] = 1
print(nested)
loop = [1]
loop.append(loop)
print(loop, len(loop))
print(list("abc"), list({1: 2}), list(range(3, 0, -1)), [*range(2), *[5]], list(map(str, [1, 2])), list(filter(None, [0, 1, "", "x"])))
print(min([3, 1]), max("a", "c", "b"), min([], default="none"), max([1, -5], key=abs), sum([[1], [2]], []), any([]), all([]))
it = iter([1, 2, 3])
print(next(it), it.__length_hint__(), list(it), next(it, "end"))
print(list(zip([1, 2], "ab", (True, False))), list(enumerate("ab", 5)), list(reversed([1, 2])), [1, [2, [3]]] == [1, [2, [3]]])
try:
    list(zip([1], [1, 2], strict=True))
except ValueError as error:
    print(error)
t = (1, 2, 2)
print(t.count(2), t.index(2), t[1:], t + (3,), t * 2, (1,), (), tuple("ab"), hash((1, 2)) == hash((1, 2)))
try:
    t[0] = 1
except TypeError as error:
    print(error)
print(range(10)[2:8:3], range(5) == range(0, 5, 1), 3 in range(5), 10 in range(0, 20, 3), len(range(0, -10, -3)), range(10)[-1], list(range(0)), range(3).index(2), range(10).count(3), repr(range(1, 10, 2)))
