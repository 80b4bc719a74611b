# contextlib: contextmanager, closing, suppress, ExitStack, nullcontext, redirect_stdout, ContextDecorator.
import contextlib
import io


@contextlib.contextmanager
def tag(name):
    print(f"<{name}>")
    try:
        yield name.upper()
    except ValueError as error:
        print("swallowed", error)
    finally:
        print(f"</{name}>")


with tag("p") as text:
    print(text)
with tag("div"):
    raise ValueError("inside")
try:
    with tag("b"):
        raise KeyError("through")
except KeyError as error:
    print("outside", error)


@tag("decorated")
def function(n):
    print("function", n)
    return n * 2


print(function(2), function(3))


@contextlib.contextmanager
def no_yield():
    return
    yield


try:
    with no_yield():
        pass
except RuntimeError as error:
    print(error)


@contextlib.contextmanager
def two_yields():
    yield 1
    yield 2


try:
    with two_yields():
        pass
except RuntimeError as error:
    print(error)
with contextlib.suppress(ZeroDivisionError, KeyError):
    1 / 0
print("suppressed")


class Thing:
    def close(self):
        print("closed")


with contextlib.closing(Thing()) as thing:
    print(type(thing).__name__)
with contextlib.ExitStack() as stack:
    values = [stack.enter_context(tag(name)) for name in ("x", "y")]
    stack.callback(print, "callback", 1, end="!\n")
    stack.push(lambda *details: print("pushed", details[0]) or True)
    print(values)
    raise RuntimeError("handled by the pushed one")
with contextlib.ExitStack() as stack:
    stack.callback(print, "moved")
    kept = stack.pop_all()
print("nothing yet")
kept.close()
buffer = io.StringIO()
with contextlib.redirect_stdout(buffer):
    print("hidden")
print(repr(buffer.getvalue()))
with contextlib.nullcontext(5) as five:
    print(five)


class Decorator(contextlib.ContextDecorator):
    def __enter__(self):
        print("in")
        return self

    def __exit__(self, *details):
        print("out", details[0] and details[0].__name__)
        return True


@Decorator()
def fails():
    raise ValueError


print(fails())
print(isinstance(Decorator(), contextlib.AbstractContextManager))
