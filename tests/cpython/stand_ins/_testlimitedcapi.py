# Stands for a module of CPython's own that tests its C API, so that test files that name it at their top can run at all: whatever is
# called of it skips the test.
from _testcapi import __getattr__  # noqa: F401
