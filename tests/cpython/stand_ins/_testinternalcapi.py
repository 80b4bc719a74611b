# Stands for a module of CPython's own that tests its C API, so that test files that name it at their top can run at all: whatever is
# called of it skips the test, but for what a helper of the suite asks of the interpreter.
import sys

from _testcapi import __getattr__  # noqa: F401


def get_config():
    return {'code_debug_ranges': 1}


def get_recursion_depth():
    frame, depth = sys._getframe(1), 0
    while frame is not None:
        frame, depth = frame.f_back, depth + 1
    return depth
