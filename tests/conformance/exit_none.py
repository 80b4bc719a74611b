# raise SystemExit without a value is success; with True it is status 1.
import sys

for value in (None, 0, 3, "text", True):
    try:
        sys.exit(value)
    except SystemExit as stop:
        print(repr(stop.code), stop.args)
print("out")
raise SystemExit
