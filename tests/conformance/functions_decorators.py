# Decorators: order, with arguments, on classes, wraps, stacked with staticmethod and property.
import functools


def loud(prefix):
    print("making", prefix)

    def decorate(function):
        print("decorating", function.__name__, "with", prefix)

        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            result = function(*args, **kwargs)
            return f"{prefix}({result})"

        wrapper.prefix = prefix
        return wrapper

    return decorate


@loud("outer")
@loud("inner")
def hello(name, mark="!"):
    """Says hello."""
    return "hello " + name + mark


print(hello("you"), hello.__name__, hello.__doc__, hello.prefix, hello.__wrapped__.prefix)


def register(cls):
    cls.registered = True
    return cls


@register
class Thing:
    @staticmethod
    @loud("static")
    def make():
        return "made"

    @property
    @functools.lru_cache(maxsize=None)
    def value(self):
        print("once")
        return 5

    @classmethod
    def name(cls):
        return cls.__name__


t = Thing()
print(Thing.registered, Thing.make(), t.value, t.value, t.name())


class Count:
    def __init__(self, function):
        self.function = function
        self.calls = 0
        functools.update_wrapper(self, function)

    def __call__(self, *args):
        self.calls += 1
        return self.function(*args)


@Count
def square(n):
    return n * n


print(square(3), square(4), square.calls, square.__name__)


def memo(function):
    cache = {}

    @functools.wraps(function)
    def wrapper(*args):
        if args not in cache:
            cache[args] = function(*args)
        return cache[args]

    wrapper.cache = cache
    return wrapper


@memo
def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


print(fib(60), len(fib.cache))
decorators = [lambda f: lambda: f() + 1, lambda f: lambda: f() * 10]


@decorators[0]
@decorators[1]
def number():
    return 4


print(number())
