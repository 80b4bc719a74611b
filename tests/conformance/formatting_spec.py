# The formatting mini-language over ints, floats, strings, and what it refuses.
for spec in ("", "d", "5", "<5", ">5", "^5", "05", "+", " ", "-", "x", "X", "#x", "o", "#b", "b", "c", "n", ",", "_", "_x", "e", ".2f", "%", "*^9", "=+7", "010,"):
    print(spec, "|" + format(65, spec) + "|")
for spec in ("", "f", ".0f", ".3f", "e", ".2e", "E", "g", ".3g", "G", "%", ".1%", "10.2f", "<10.2f", "+.1f", "010.3f", ",.2f", "_", "#.0f", "z.1f", "n"):
    print(spec, "|" + format(1234.5678, spec) + "|" + format(-0.04, spec) + "|" + format(float("inf"), spec) + "|")
for spec in ("", "s", "10", "<10", ">10", "^10", ".2", "10.2", "*^10.3"):
    print(spec, "|" + format("wording", spec) + "|")
for value, spec in ((5, "s"), ("x", "d"), ("x", "="), ("x", "+"), (5, ".2d"), (5, "q"), (1.5, "d"), (1.5, "x"), ("x", ","), (5, ",x"), ([], "5"), (None, "d"), (10, "99999999999999999999")):
    try:
        print(format(value, spec))
    except (ValueError, TypeError, OverflowError) as error:
        print(type(error).__name__, error)
print(format(True, "d"), format(True, ""), format(2 + 3j, ".1f"), format(10**20, ",d"), format(-255, "#010x"), format(0.1 + 0.2, ".20f"))
print(repr(1e16), repr(1e15), 1e-5, 0.0001, 123456789012345678.0, 1 / 3, -0.0, 1e308 * 10, float("-inf"), 5e-324)
print(round(2.5), round(3.5), round(-2.5), round(2.675, 2), round(1234, -2), round(1e20), round(0.5), round(1.0000000001, 5))
print(str(100000000000000000000.0), 1.0, 1e22, 1.5e-7, 12345678.9)
