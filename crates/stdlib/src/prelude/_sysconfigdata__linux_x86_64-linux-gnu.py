# What a CPython build writes down about itself, as far as it says anything here: nothing is compiled or installed.
build_time_vars = {
    'CC': 'cc',
    'CFLAGS': '',
    'CONFIG_ARGS': '',
    'EXT_SUFFIX': '.cpython-314-x86_64-linux-gnu.so',
    'LDFLAGS': '',
    'MULTIARCH': 'x86_64-linux-gnu',
    'Py_DEBUG': 0,
    'Py_ENABLE_SHARED': 0,
    'Py_GIL_DISABLED': 0,
    'SIZEOF_LONG': 8,
    'SIZEOF_SIZE_T': 8,
    'SIZEOF_VOID_P': 8,
    'SO': '.cpython-314-x86_64-linux-gnu.so',
    'SOABI': 'cpython-314-x86_64-linux-gnu',
    'VERSION': '3.14',
    'WITH_PYMALLOC': 1,
}
