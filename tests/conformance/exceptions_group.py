# Exception groups: construction, split, subgroup, except*, nesting, derive, re-raise.
import traceback

group = ExceptionGroup("many", [ValueError(1), TypeError("t"), ExceptionGroup("inner", [ValueError(2), OSError("o")])])
print(repr(group), str(group), group.exceptions[0])
match, rest = group.split(ValueError)
print(repr(match))
print(repr(rest))
print(repr(group.subgroup(lambda e: isinstance(e, OSError))), group.subgroup(KeyError))


def run(raiser):
    try:
        raiser()
    except* ValueError as caught:
        print("values", [str(e) for e in caught.exceptions], type(caught).__name__)
    except* (TypeError, OSError) as caught:
        print("others", repr(caught))
    else:
        print("nothing")
    finally:
        print("finally")


def many():
    raise group


def single():
    raise ValueError("alone")


run(many)
run(single)
run(lambda: None)
try:
    run(lambda: {}["k"])
except KeyError as error:
    print("passed on", repr(error))
try:
    try:
        raise ExceptionGroup("mixed", [ValueError("v"), KeyError("k")])
    except* ValueError:
        print("took values")
except ExceptionGroup as left:
    print("left", repr(left))
try:
    try:
        raise ExceptionGroup("two", [ValueError("v"), TypeError("t")])
    except* ValueError:
        raise RuntimeError("new one")
except ExceptionGroup as both:
    print("both", repr(both))
for build in (lambda: ExceptionGroup("x", []), lambda: ExceptionGroup("x", [1]), lambda: ExceptionGroup("x", [KeyboardInterrupt()])):
    try:
        build()
    except (ValueError, TypeError) as error:
        print(type(error).__name__, error)
print(type(BaseExceptionGroup("b", [ValueError()])).__name__, type(BaseExceptionGroup("b", [KeyboardInterrupt()])).__name__)


class Mine(ExceptionGroup):
    def derive(self, excs):
        return Mine(self.message + "!", excs)


try:
    raise Mine("mine", [ValueError(1), KeyError(2)])
except* KeyError as caught:
    print(type(caught).__name__, caught.message)
except* ValueError:
    pass
try:
    raise ExceptionGroup("shown", [ValueError("a"), ExceptionGroup("deeper", [KeyError("b")])])
except ExceptionGroup as error:
    text = traceback.format_exc()
    print("\n".join(line for line in text.splitlines() if "File" not in line))
