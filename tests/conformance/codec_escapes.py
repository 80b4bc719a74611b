# Codecs of escapes and UTF-7 with whole, broken and partial data; the text encodings of the package.
import warnings
warnings.simplefilter('ignore')
import codecs, functools
def show(label, f):
    try: r = f()
    except BaseException as e: r = f'{type(e).__name__}: {e}'
    print(ascii(label), '->', ascii(r))
for d in [b'abc', b'a\\nb\\x41\\u20ac\\U0001f600\\101\\0', b'\\', b'\\x4', b'\\u12', b'\\U00110000', b'\\N{DASH}', b'\\N{EM DASH}', b'\\N', b'\\N{', b'\\N{}', b'a\\\nb', b'\xe9', b'\\ud83d\\ude00']:
    for e in ('strict', 'replace', 'ignore', 'backslashreplace'):
        show(f'ue {d} {e}', lambda: codecs.unicode_escape_decode(d, e))
        show(f'raw {d} {e}', lambda: codecs.raw_unicode_escape_decode(d, e))
        show(f'esc {d} {e}', lambda: codecs.escape_decode(d, e))
        show(f'u7 {d} {e}', lambda: codecs.utf_7_decode(d, e, True))
    show(f'ee {d}', lambda: codecs.escape_encode(d))
    show(f'part', lambda: codecs.unicode_escape_decode(d, 'strict', False))
    show(f'part', lambda: codecs.raw_unicode_escape_decode(d, 'strict', False))
for s in ['abc', 'a+b', 'é€', '\U0001f600x', '+', 'a-é-b', 'é+', '~\\', '\ud800', '日本語 text!', '']:
    show(f'u7e {s!r}', lambda: s.encode('utf-7'))
    show(f'u7r {s!r}', lambda: s.encode('utf-7').decode('utf-7'))
for d in [b'+AGE-', b'+AG', b'+', b'+-', b'+/-', b'+\xe9', b'\xe9', b'+AGEx-', b'+2D3eAA-', b'+2D0-', b'a+AGE', b'+AGF-', b'+!']:
    for e in ('strict', 'replace', 'ignore'):
        show(f'u7d {d} {e}', lambda: codecs.utf_7_decode(d, e, True))
    show(f'u7p {d}', lambda: codecs.utf_7_decode(d))
class X:
    n = 0
    def __hash__(self): X.n += 1; return 5
@functools.lru_cache(1)
def f(x, y): return 1
x = X(); f(x, 1); print(X.n); f(x, 1); print(X.n); f(6, 2); print(X.n); f(x, 1); print(X.n)
show('unicode-escape', lambda: 'a\u20ac'.encode('unicode_escape').decode('unicode_escape'))
for enc in 'utf-16 utf-32 utf-8-sig idna punycode cp1252 koi8-r hex base64 rot13 quopri uu zlib charmap raw_unicode_escape mac_roman'.split():
    show(enc, lambda: codecs.getencoder(enc)('abc') if enc not in ('hex','base64','quopri','uu','zlib') else codecs.decode(codecs.encode(b'abc', enc), enc))
