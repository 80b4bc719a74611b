# _io: CPython's own pure Python implementation (_pyio), under the names of the C module. _pyio imports `io` for a few names and
# registers its classes there; `io` itself is built from this module, so a stand-in answers meanwhile.
import sys as _sys
import abc as _abc


class _Registry:
    @staticmethod
    def register(cls):
        return cls


def _load():
    module = type(_sys)
    stand_in = module('io')
    stand_in.__all__ = [
        'BlockingIOError', 'open', 'open_code', 'IOBase', 'RawIOBase', 'FileIO', 'BytesIO', 'StringIO', 'BufferedIOBase', 'BufferedReader',
        'BufferedWriter', 'BufferedRWPair', 'BufferedRandom', 'TextIOBase', 'TextIOWrapper', 'UnsupportedOperation', 'SEEK_SET', 'SEEK_CUR',
        'SEEK_END', 'DEFAULT_BUFFER_SIZE', 'IncrementalNewlineDecoder', 'text_encoding', 'Reader', 'Writer',
    ]
    stand_in.SEEK_SET, stand_in.SEEK_CUR, stand_in.SEEK_END = 0, 1, 2
    stand_in.Reader = stand_in.Writer = object
    for name in ('IOBase', 'RawIOBase', 'BufferedIOBase', 'TextIOBase'):
        setattr(stand_in, name, _Registry)
    before = _sys.modules.get('io')
    _sys.modules['io'] = stand_in
    try:
        import _pyio
    finally:
        if before is None:
            del _sys.modules['io']
        else:
            _sys.modules['io'] = before
    return _pyio


_pyio = _load()

DEFAULT_BUFFER_SIZE = _pyio.DEFAULT_BUFFER_SIZE
BlockingIOError = BlockingIOError
UnsupportedOperation = _pyio.UnsupportedOperation
UnsupportedOperation.__module__ = 'io'
open = _pyio.open
open_code = _pyio.open_code
text_encoding = _pyio.text_encoding

_IOBase = _pyio.IOBase
_RawIOBase = _pyio.RawIOBase
_BufferedIOBase = _pyio.BufferedIOBase
_TextIOBase = _pyio.TextIOBase
FileIO = _pyio.FileIO
BytesIO = _pyio.BytesIO
StringIO = _pyio.StringIO
BufferedReader = _pyio.BufferedReader
BufferedWriter = _pyio.BufferedWriter
BufferedRandom = _pyio.BufferedRandom
BufferedRWPair = _pyio.BufferedRWPair
TextIOWrapper = _pyio.TextIOWrapper
IncrementalNewlineDecoder = _pyio.IncrementalNewlineDecoder

for _name in ('_IOBase', '_RawIOBase', '_BufferedIOBase', '_TextIOBase', 'FileIO', 'BytesIO', 'StringIO', 'BufferedReader', 'BufferedWriter',
              'BufferedRandom', 'BufferedRWPair', 'TextIOWrapper', 'IncrementalNewlineDecoder'):
    _cls = globals()[_name]
    _cls.__module__ = '_io'
    _cls.__name__ = _cls.__qualname__ = _name
del _name, _cls


def _standard_streams():
    """sys.stdin, stdout and stderr as CPython makes them on a terminal: lines are written as they end, stderr at once."""
    import builtins
    builtins.open = open
    for fd, name, mode in ((0, 'stdin', 'r'), (1, 'stdout', 'w'), (2, 'stderr', 'w')):
        raw = FileIO(fd, mode + 'b', closefd=False)
        raw.name = f'<{name}>'
        buffer = BufferedReader(raw) if mode == 'r' else BufferedWriter(raw)
        errors = 'backslashreplace' if name == 'stderr' else 'strict'
        stream = TextIOWrapper(buffer, 'utf-8', errors, None if mode == 'r' else '\n', line_buffering=mode == 'w')
        stream.mode = mode
        setattr(_sys, name, stream)
        setattr(_sys, f'__{name}__', stream)
