# __getattr__, __getattribute__, __setattr__, __delattr__, __dir__, and module-like proxies.
class Trace:
    def __init__(self):
        object.__setattr__(self, "log", [])

    def __getattr__(self, name):
        self.log.append(("missing", name))
        if name.startswith("make_"):
            return lambda *args: (name[5:], args)
        raise AttributeError(f"no {name} here")

    def __setattr__(self, name, value):
        self.log.append(("set", name, value))
        super().__setattr__(name, value)

    def __delattr__(self, name):
        self.log.append(("del", name))
        super().__delattr__(name)


t = Trace()
t.a = 1
t.a += 1
print(t.make_cake(1, 2))
del t.a
try:
    t.nothing
except AttributeError as error:
    print(error, error.name, error.obj is None)
print(t.log)
print(getattr(t, "zzz", "default"))


class Strict:
    public = 1
    _private = 2

    def __getattribute__(self, name):
        if name.startswith("_") and not name.startswith("__"):
            raise AttributeError("private: " + name)
        return super().__getattribute__(name)

    def __dir__(self):
        return ["zeta", "alpha"]


s = Strict()
print(s.public, dir(s))
try:
    s._private
except AttributeError as error:
    print(error)


class Proxy:
    def __init__(self, target):
        self._target = target

    def __getattr__(self, name):
        return getattr(self._target, name)

    def __len__(self):
        return len(self._target)


p = Proxy([3, 1, 2])
p.append(0)
p.sort()
print(p._target, len(p), p.index(2))
try:
    p[0]
except TypeError as error:
    print(error)
