# _codecs: the registry, the error handlers, and the common codecs done by str and bytes; rarer codecs come from the pure Python version
# in CPython's library tree.
import _pycodecs

for _name in dir(_pycodecs):
    if _name.endswith(('_encode', '_decode', '_build')) and 'mbcs' not in _name:
        globals()[_name] = getattr(_pycodecs, _name)
del _name

_search_functions = []
_found = {}
_handlers = {}


def register(search_function, /):
    if not callable(search_function):
        raise TypeError('argument must be callable')
    _search_functions.append(search_function)


def unregister(search_function, /):
    if search_function in _search_functions:
        _search_functions.remove(search_function)
        _found.clear()


def lookup(encoding, /):
    if '\0' in encoding:
        raise ValueError('embedded null character')
    key = encoding.lower().replace(' ', '-')
    info = _found.get(key)
    if info is not None:
        return info
    if not _search_functions:
        import encodings
    for search in _search_functions:
        info = search(key)
        if info is not None:
            if not isinstance(info, tuple) or len(info) != 4:
                raise TypeError('codec search functions must return 4-tuples')
            _found[key] = info
            return info
    raise LookupError(f'unknown encoding: {encoding}')


def _forget_codec(encoding, /):
    _found.pop(encoding, None)


def encode(obj, encoding='utf-8', errors='strict'):
    result = lookup(encoding)[0](obj, errors)
    if not isinstance(result, tuple) or len(result) != 2:
        raise TypeError('encoder must return a tuple (object, integer)')
    return result[0]


def decode(obj, encoding='utf-8', errors='strict'):
    result = lookup(encoding)[1](obj, errors)
    if not isinstance(result, tuple) or len(result) != 2:
        raise TypeError('decoder must return a tuple (object,integer)')
    return result[0]


def register_error(errors, handler, /):
    if not callable(handler):
        raise TypeError('handler must be callable')
    _handlers[errors] = handler


def lookup_error(name, /):
    try:
        return _handlers[name]
    except KeyError:
        raise LookupError(f"unknown error handler name '{name}'") from None


def _unregister_error(errors, /):
    return _handlers.pop(errors, None) is not None


def _wrong(error):
    raise TypeError(f"don't know how to handle {type(error).__name__} in error callback")


def strict_errors(error):
    if isinstance(error, Exception):
        raise error
    raise TypeError('codec must pass exception instance')


def ignore_errors(error):
    if not isinstance(error, UnicodeError):
        _wrong(error)
    return '', error.end


def replace_errors(error):
    if isinstance(error, UnicodeEncodeError):
        return '?' * (error.end - error.start), error.end
    if isinstance(error, UnicodeDecodeError):
        return '\ufffd', error.end
    if isinstance(error, UnicodeTranslateError):
        return '\ufffd' * (error.end - error.start), error.end
    _wrong(error)


def xmlcharrefreplace_errors(error):
    if not isinstance(error, UnicodeEncodeError):
        _wrong(error)
    return ''.join([f'&#{ord(c)};' for c in error.object[error.start:error.end]]), error.end


def _escape(number):
    if number < 0x100:
        return f'\\x{number:02x}'
    return f'\\u{number:04x}' if number < 0x10000 else f'\\U{number:08x}'


def backslashreplace_errors(error):
    part = error.object[error.start:error.end]
    if isinstance(error, UnicodeDecodeError):
        return ''.join([f'\\x{byte:02x}' for byte in part]), error.end
    return ''.join([_escape(ord(c)) for c in part]), error.end


def namereplace_errors(error):
    import unicodedata
    if not isinstance(error, UnicodeEncodeError):
        _wrong(error)
    parts = []
    for c in error.object[error.start:error.end]:
        name = unicodedata.name(c, None)
        parts.append(_escape(ord(c)) if name is None else f'\\N{{{name}}}')
    return ''.join(parts), error.end


def surrogateescape_errors(error):
    if isinstance(error, UnicodeEncodeError):
        out = []
        for c in error.object[error.start:error.end]:
            if not '\udc80' <= c <= '\udcff':
                raise error
            out.append(ord(c) - 0xdc00)
        return bytes(out), error.end
    if isinstance(error, UnicodeDecodeError):
        out = []
        for byte in error.object[error.start:min(error.end, error.start + 4)]:
            if byte < 128:
                break
            out.append(chr(0xdc00 + byte))
        if not out:
            raise error
        return ''.join(out), error.start + len(out)
    _wrong(error)


def surrogatepass_errors(error):
    raise error


for _name, _handler in (
    ('strict', strict_errors), ('ignore', ignore_errors), ('replace', replace_errors), ('xmlcharrefreplace', xmlcharrefreplace_errors),
    ('backslashreplace', backslashreplace_errors), ('namereplace', namereplace_errors), ('surrogateescape', surrogateescape_errors),
    ('surrogatepass', surrogatepass_errors),
):
    register_error(_name, _handler)
del _name, _handler
_pycodecs.lookup_error = lookup_error


def _cut(data, final):
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
    n = _cut(data, final)
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
