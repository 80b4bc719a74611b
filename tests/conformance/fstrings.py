# f-strings: expressions, conversions, nested fields, debugging, quotes, multi-line, format specs.
name, value, width = "Ann", 3.14159, 10
print(f"{name} {name!r} {name!s:>6}|{name!a}")
print(f"{value:.2f} {value:{width}.3f}| {value:<{width}}|{value:^+{width}.1f}|")
print(f"{name=} {value=:.1f} {1 + 2 = } {name = !s}")
print(f"{{literal}} {'nested ' + f'{name}'} {name.upper()} {[n for n in range(3)]} {dict(a=1)['a']}")
print(f"{1_000_000:,} {255:x} {255:#o} {5:08b} {0.25:%} {1e10:g} {12345.678:e}")
print(f"{'a' if value > 3 else 'b'} {(lambda x: x * 2)(4)} {value:>10.2f}")
print(f"{name!r:^9}|{None}|{True:d}|{'left':<8}|{'mid':*^9}|{'right':>8}|")
print(f"""multi
{name
    + '!'} end""")
print(f"same {"quotes"} {'\n'.join(['a', 'b'])}")
print(rf"raw \n {name}", f"{name}" "plain" f"{value:.0f}")


class Temp:
    def __init__(self, degrees):
        self.degrees = degrees

    def __format__(self, spec):
        if spec == "f":
            return f"{self.degrees * 9 / 5 + 32:.1f}F"
        return f"{self.degrees}C[{spec}]"


t = Temp(20)
print(f"{t} {t:f} {t:any spec} {t!r:.5}")
print("{0} {1} {a} {0!r}".format("x", 2, a=3))
print("{:>5}|{:<5}|{:^5}".format(1, 2, 3), "{a[k]} {b.real} {c[0]}".format(a={"k": 1}, b=5, c=[7]))
for broken in ("{", "}", "{0} {}", "{a}", "{5}", "{0!x}", "{0:zz}"):
    try:
        print(broken.format(1))
    except (ValueError, KeyError, IndexError) as error:
        print(type(error).__name__, error)
print(f"{3:{'0' + '4'}} {x if (x := 5) else 0} {[*'ab']}")
print("%s %r %d %5.2f %x %05d %-5s| %+d %% %c %e" % ("s", "r", 42, 3.14159, 255, 42, "ab", 7, "c", 12345.678))
print("%(a)s %(b)03d" % {"a": 1, "b": 2}, "%s" % (1,), "%s" % [1, 2], "%*d" % (5, 42))
for broken, args in (("%d", "x"), ("%s %s", (1,)), ("%s", (1, 2)), ("%q", 1)):
    try:
        print(broken % args)
    except (TypeError, ValueError) as error:
        print(type(error).__name__, error)
print(format(255, "b"), format(3.0, ".3g"), format("x", ">3"), format([1]))
