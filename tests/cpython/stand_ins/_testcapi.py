# Stands for CPython's module that tests its C API, as `_testlimitedcapi.py` beside it does: whatever is called of it skips the test.
import unittest

INT_MAX, INT_MIN, UINT_MAX = 2**31 - 1, -2**31, 2**32 - 1
LONG_MAX, LONG_MIN, ULONG_MAX = 2**63 - 1, -2**63, 2**64 - 1
LLONG_MAX, LLONG_MIN, ULLONG_MAX = LONG_MAX, LONG_MIN, ULONG_MAX
PY_SSIZE_T_MAX, PY_SSIZE_T_MIN = LONG_MAX, LONG_MIN
SHRT_MAX, SHRT_MIN, USHRT_MAX = 2**15 - 1, -2**15, 2**16 - 1
CHAR_MAX, CHAR_MIN, UCHAR_MAX = 127, -128, 255
SIZEOF_TIME_T, SIZEOF_WCHAR_T = 8, 4
WITH_PYMALLOC = 1
Py_C_RECURSION_LIMIT = 10_000
FLT_MAX, FLT_MIN = 3.4028234663852886e+38, 1.1754943508222875e-38
DBL_MAX, DBL_MIN = 1.7976931348623157e+308, 2.2250738585072014e-308


def __getattr__(name):
    if name.startswith('__') or name == 'with_tp_del':
        raise AttributeError(name)

    def skip(*args, **kwargs):
        raise unittest.SkipTest('tests the C API')

    skip.__name__ = name
    return skip
