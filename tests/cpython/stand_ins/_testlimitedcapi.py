# Stands for a module of CPython's own that tests its C API, so that test files that name it at their top can run at all: whatever is
# called of it skips the test.
import unittest


def __getattr__(name):
    if name.startswith('__'):
        raise AttributeError(name)

    def skip(*args, **kwargs):
        raise unittest.SkipTest('tests the C API')

    skip.__name__ = name
    return skip
