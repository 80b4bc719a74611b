# Dictionaries: order, methods, views, merging, changing while iterating, keys of many kinds.
d = {"b": 1, "a": 2}
d["c"] = 3
d["b"] = 9
print(d, list(d), d.keys(), d.values(), d.items(), len(d))
print(d.get("a"), d.get("z"), d.get("z", 0), d.setdefault("a", 5), d.setdefault("e", 6), d.pop("e"), d.pop("e", None))
print(d.popitem(), d, d.copy() is d, "a" in d, "z" not in d)
del d["b"]
d["b"] = "again"
print(d, dict(a=1, b=2), dict([("x", 1)]), dict({"y": 2}, z=3), dict.fromkeys("ab", 0), dict(zip("ab", [1, 2])))
print({**d, "n": 1}, d | {"a": 0}, {"a": 1} == {"a": 1.0}, {"a": 1, "b": 2} == {"b": 2, "a": 1})
d |= [("u", 1)]
d.update({"v": 2}, w=3)
d.update([("x", 4)])
print(d)
for action in ("d['none']", "del d['none']", "d.pop('none')", "{}.popitem()", "dict(5)", "dict([(1, 2, 3)])", "d | 5", "d < d"):
    try:
        print(eval(action) if not action.startswith("del") else exec(action))
    except Exception as error:
        print(action, "->", type(error).__name__, error)
try:
    for key in d:
        d[key + "!"] = 1
except RuntimeError as error:
    print(error)
mixed = {1: "int", 1.0: "float", True: "bool", "1": "str", (1,): "tuple", None: "none", b"1": "bytes", frozenset([1]): "set"}
print(mixed, mixed[1], len(mixed))
keys = {"a": 1, "b": 2}.keys()
print(keys & {"a", "z"}, sorted(keys | {"z"}), keys - {"a"}, "a" in keys, keys == {"a", "b"}, keys.isdisjoint({"q"}))
print({"a": 1}.items() & {("a", 1)}, ("a", 1) in {"a": 1}.items(), 1 in {"a": 1}.values(), list(reversed({"a": 1, "b": 2})))
live = {"a": 1}
view = live.items()
live["b"] = 2
print(view, len(view))
self_containing = {}
self_containing["me"] = self_containing
print(self_containing)


class Key:
    def __init__(self, name, h):
        self.name, self.h = name, h

    def __hash__(self):
        return self.h

    def __eq__(self, other):
        print("eq", self.name, other.name)
        return self.name == other.name

    def __repr__(self):
        return self.name


clash = {Key("p", 1): 1, Key("q", 1): 2}
print(clash[Key("q", 1)], clash)
big = {n: n * n for n in range(1000)}
for n in range(0, 1000, 2):
    del big[n]
print(len(big), sum(big), next(iter(big)), list(big)[-1])
print({k: v for k, v in sorted({"z": 1, "y": 2}.items())}, max({"a": 5, "b": 3}, key={"a": 5, "b": 3}.get), sorted({"b": 1, "a": 1}.items(), key=lambda kv: (kv[1], kv[0])))
counts = {}
for letter in "mississippi":
    counts[letter] = counts.get(letter, 0) + 1
print(counts)
first, *others = {"one": 1, "two": 2}
print(first, others, *{"k": 1}, dict(**{"kw": 1}))
print({}.__class__, dict() == {}, bool({}), {1: {2: {3: 4}}}[1][2][3], str({"a": [1, (2,)]}))

# What comes before an error in the middle of an update stays.
d = {1: 'one'}
for other in [((1, 2), ...), [(3, 4), (5,)], [{6, 7}, 'ab', 8]]:
    try:
        d.update(other)
    except (TypeError, ValueError) as error:
        print(type(error).__name__, d)


class Half:
    def keys(self):
        return ['x', 'y', 'z']

    def __getitem__(self, key):
        if key == 'z':
            raise LookupError(key)
        return key * 2


try:
    d |= Half()
except LookupError as error:
    print(error, d)
