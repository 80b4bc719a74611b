# traceback: exact text of format_exc, format_tb, extract_stack names, print_exc to a file, chains, carets.
import io
import sys
import traceback


def third(values):
    return values[0] + values["key"]


def second(n):
    if n:
        return second(n - 1)
    return third([1, 2])


def first():
    try:
        second(1)
    except TypeError:
        return traceback.format_exc()


def mask(text):
    return text.replace(__file__, "FILE")


print(mask(first()))
try:
    int("12x")
except ValueError as error:
    print(traceback.format_exception_only(error), len(traceback.extract_tb(error.__traceback__)))
    out = io.StringIO()
    traceback.print_exc(file=out)
    print(mask(out.getvalue()))
    frame = traceback.extract_tb(error.__traceback__)[0]
    print(frame.lineno, frame.name, frame.line)
    print(sys.exc_info()[0].__name__, sys.exception() is error)
print(sys.exc_info(), sys.exception())


def stack():
    return [frame.name for frame in traceback.extract_stack()]


print(stack())


class Error(Exception):
    def __str__(self):
        return "multi\nline"


try:
    raise Error
except Error as error:
    print(mask("".join(traceback.format_exception(error))))
try:
    (lambda: {}["lost"])()
except KeyError:
    print(mask(traceback.format_exc()))


def long_call():
    return max(
        1,
        2,
        undefined,
    )


try:
    long_call()
except NameError:
    print(mask(traceback.format_exc()))


def deep(n):
    return deep(n - 1) if n else 1 / 0


try:
    deep(10)
except ZeroDivisionError:
    print(mask(traceback.format_exc()))
try:
    a = {"x": {"y": None}}
    print(a["x"]["y"]["z"])
except TypeError:
    print(mask(traceback.format_exc(limit=1)))
try:
    exec(compile("def f():\n    raise ValueError('compiled')\nf()", "<made>", "exec"))
except ValueError as error:
    print(mask("".join(traceback.format_tb(error.__traceback__))))
te = traceback.TracebackException.from_exception(ValueError("v"))
print(list(te.format()), te.exc_type_str)
print(traceback.format_list([("file.py", 3, "name", "code line")]))
