# Comprehensions: nesting, conditions, scopes, walrus, dict and set forms, unpacking targets, evaluation order.
print([x * y for x in range(3) for y in range(x, 3) if (x + y) % 2])
print([[c for c in word if c in "aeiou"] for word in ("banana", "kiwi")])
print({n: n * n for n in range(4)}, {len(w) for w in ("a", "bb", "cc")})
print({v: k for k, v in {"a": 1, "b": 2}.items()})
print([(a, b) for a, (b, *_) in [(1, (2, 3, 4)), (5, (6,))]])
print([y for x in range(5) if (y := x * 2) > 4], y)
print(sum(1 for _ in range(10) if _ % 3 == 0))
x = "outer"
print([x for x in range(3)], x)
log = []


def note(tag, value):
    log.append(tag)
    return value


{note("k", 1): note("v", 2) for _ in note("iter", [0]) if note("if", True)}
print(log)
matrix = [[1, 2, 3], [4, 5, 6]]
print([list(row) for row in zip(*matrix)], [cell for row in matrix for cell in row])
print([f"{i}:{w}" for i, w in enumerate("abc", start=1)])
print([lambda: i for i in range(3)][0]())


class Local:
    size = 3
    squares = [n * n for n in range(size)]


print(Local.squares)
g = (n for n in [1, 2, 3] if n != 2)
print(type(g).__name__, list(g), list(g))
print([a if a else "none" for a in (0, 1, "", "x")])
print(all(n > 0 for n in (1, 2)), any(n > 5 for n in (1, 2)), [*range(3), *"ab"], {*[1], *[1, 2]}, {**{"a": 1}, "b": 2, **{"a": 3}})
try:
    [n for n in 5]
except TypeError as error:
    print(error)
print([i for i in range(10) if i % 2 if i % 3])
nested = lambda n: [[j for j in range(i)] for i in range(n)]
print(nested(4))
