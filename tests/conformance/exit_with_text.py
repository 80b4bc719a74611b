# sys.exit with a text writes it to stderr and exits with 1.
import sys

try:
    sys.exit("inner")
except SystemExit as stop:
    print(repr(stop), stop.code)
print("leaving")
sys.exit("stopped: no more paper")
