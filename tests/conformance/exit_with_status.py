# sys.exit with a number passes through finally and atexit.
import atexit
import sys

atexit.register(print, "atexit runs", 1)
try:
    sys.exit(7)
finally:
    print("finally runs")
