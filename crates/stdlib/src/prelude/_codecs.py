# _codecs: the registry and the codecs of the pure Python version in CPython's library tree, with the common ones done by str and bytes.
from _pycodecs import *
import _pycodecs
from _pycodecs import register, lookup, encode, decode, register_error, lookup_error


def _cut(data, errors, final):
    """Length of what can be decoded now: without `final`, an incomplete UTF-8 sequence at the end stays for later."""
    n = len(data)
    if final or not n:
        return n
    for back in range(1, min(3, n) + 1):
        byte = data[n - back]
        if byte & 0xC0 == 0x80:
            continue
        need = 2 if byte & 0xE0 == 0xC0 else 3 if byte & 0xF0 == 0xE0 else 4 if byte & 0xF8 == 0xF0 else 1
        return n - back if need > back else n
    return n


def utf_8_encode(string, errors=None, /):
    return str.encode(string, 'utf-8', errors or 'strict'), len(string)


def utf_8_decode(data, errors=None, final=False, /):
    data = bytes(data)
    n = _cut(data, errors, final)
    return data[:n].decode('utf-8', errors or 'strict'), n


def ascii_encode(string, errors=None, /):
    return str.encode(string, 'ascii', errors or 'strict'), len(string)


def ascii_decode(data, errors=None, /):
    data = bytes(data)
    return data.decode('ascii', errors or 'strict'), len(data)


def latin_1_encode(string, errors=None, /):
    return str.encode(string, 'latin-1', errors or 'strict'), len(string)


def latin_1_decode(data, errors=None, /):
    data = bytes(data)
    return data.decode('latin-1', errors or 'strict'), len(data)


def readbuffer_encode(data, errors=None, /):
    data = data.encode('utf-8') if isinstance(data, str) else bytes(data)
    return data, len(data)
