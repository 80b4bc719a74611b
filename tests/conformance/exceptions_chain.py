# Chaining: __cause__, __context__, from None, notes, with_traceback, printed form on stderr and by traceback.
import traceback


def lookup():
    try:
        {}["missing"]
    except KeyError as error:
        raise ValueError("translated") from error


def accident():
    try:
        {}["missing"]
    except KeyError:
        [][5]


def quiet():
    try:
        {}["missing"]
    except KeyError:
        raise ValueError("quiet") from None


for function in (lookup, accident, quiet):
    try:
        function()
    except Exception as error:
        print(function.__name__, repr(error), repr(error.__cause__), repr(error.__context__), error.__suppress_context__)
        lines = traceback.format_exception(error)
        print("".join(line for line in lines if not line.startswith("  File")))

error = ValueError("base")
error.add_note("note one")
error.add_note("note two")
print(error.__notes__)
print(traceback.format_exception_only(error))
try:
    raise ValueError("x") from "not an exception"
except TypeError as problem:
    print(problem)
try:
    try:
        raise ValueError(1)
    finally:
        raise KeyError(2)
except KeyError as problem:
    print(repr(problem.__context__))


def handler_context():
    try:
        raise OSError("first")
    except OSError:
        try:
            raise TypeError("second")
        except TypeError as second:
            return second


second = handler_context()
print(repr(second.__context__), second.__traceback__ is not None)
print(second.with_traceback(None).__traceback__)


class Exit:
    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        raise RuntimeError("from exit")


try:
    with Exit():
        raise ValueError("from body")
except RuntimeError as problem:
    print(repr(problem), repr(problem.__context__))

try:
    raise ValueError("one")
except ValueError as one:
    try:
        raise KeyError("two")
    except KeyError as two:
        try:
            raise one
        except ValueError as again:
            print(repr(again.__context__), repr(two.__context__))
raise RuntimeError("the end") from ValueError("the reason")
