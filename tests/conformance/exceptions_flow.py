# try, except, else, finally: order, overriding returns, loops, nested, bare raise, except variables.
def flow(kind):
    steps = []
    try:
        steps.append("try")
        if kind == "value":
            raise ValueError(kind)
        if kind == "key":
            raise KeyError(kind)
        if kind == "return":
            return steps
    except ValueError as error:
        steps.append(f"except {error}")
    except (KeyError, IndexError):
        steps.append("either")
    else:
        steps.append("else")
    finally:
        steps.append("finally")
    steps.append("after")
    return steps


for kind in ("none", "value", "key", "return"):
    print(kind, flow(kind))


def loop():
    out = []
    for n in range(5):
        try:
            if n == 1:
                continue
            if n == 3:
                break
            out.append(n)
        finally:
            out.append(f"f{n}")
    else:
        out.append("else")
    return out


print(loop())


def last():
    for n in range(3):
        try:
            return n
        finally:
            print("cleanup", n)


print(last())
try:
    try:
        raise KeyError("inner")
    except KeyError:
        print("re-raising")
        raise
except KeyError as error:
    print("outer", error)
try:
    error
except NameError as problem:
    print(problem)
for attempt in range(2):
    try:
        [][attempt]
    except IndexError as e:
        print(e)
    finally:
        print("done", attempt)
else:
    print("loop else")


class Custom(Exception):
    def __init__(self, code, text):
        super().__init__(code, text)
        self.code = code

    def __str__(self):
        return f"<{self.code}>"


try:
    raise Custom(7, "seven")
except Exception as e:
    print(e, repr(e), e.args, e.code)
try:
    raise Custom
except TypeError as e:
    print(e)
try:
    raise 5
except TypeError as e:
    print(e)
try:
    try:
        1 / 0
    except "not a class":
        pass
except TypeError as e:
    print(e)
try:
    raise
except RuntimeError as e:
    print(e)


def deep(n):
    if n == 0:
        raise LookupError("bottom")
    try:
        deep(n - 1)
    finally:
        print("unwinding", n)


try:
    deep(3)
except LookupError as e:
    print(e)
e = Exception("one", 2)
print(str(e), repr(e), str(Exception()), repr(Exception("x")), str(KeyError("k")), e.args)
try:
    assert 1 == 2, "numbers differ"
except AssertionError as e:
    print("assert:", e)
try:
    assert ()
except AssertionError as e:
    print("bare", repr(e))
try:
    int("x1")
except ValueError as e:
    print(e)
while True:
    try:
        break
    finally:
        print("break runs finally")
