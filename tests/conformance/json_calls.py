# json: documents right and wrong, and values of all kinds in every style.
import array, binascii, copy, csv, gzip, hashlib, io, json, pickle, zlib
def show(label, f):
    try:
        r = f()
    except BaseException as e:
        r = f'{type(e).__name__}: {e}'
    print(ascii(label), '->', ascii(r))
# json
docs = ['1', '-0', '1.5e3', '"a\\u00e9\\n"', '[1, 2, [3, {"a": null}]]', '{"a": 1, "a": 2}', 'true', 'NaN', '[Infinity, -Infinity]', '', ' ', '[', '[1', '[1,', '[1,]', '{', '{"a"', '{"a":', '{"a":1', '{"a":1,', '{"a":1,}', '{a:1}', "{'a':1}", '"abc', '"\\x"', '"\\u12"', '"a\nb"', '01', '1.', '1e', '-', 'nul', '[1 2]', '{"a" 1}', '{"a":1 "b":2}', '1 2', '"\\ud83d\\ude00"', '"\\ud83d"', '123456789012345678901234567890', '1e999', '\ufeff1', '[[]]', '{"a":[]}', '["é", "日本"]', '[1,\n2,\n x]', 'é']
for d in docs:
    show(f'loads {d!r}', lambda: json.loads(d))
    show(f'loads pairs {d!r}', lambda: json.loads(d, object_pairs_hook=list, parse_float=str, parse_int=lambda s: 'i' + s, parse_constant=lambda s: 'c' + s))
show('strict', lambda: json.loads('"a\tb"', strict=False))
show('bytes', lambda: json.loads('{"a": "é"}'.encode('utf-16')))
show('type', lambda: json.loads(5))
show('hook', lambda: json.loads('[{"a": 1}, {"b": {"c": 2}}]', object_hook=lambda d: sorted(d.items())))
show('raw', lambda: json.JSONDecoder().raw_decode('  [1] x', 2))
class O: pass
class I(int): pass
class D(dict): pass
rec = []; rec.append(rec)
objs = [1, -1.5, 'aé"\\\n\x00\x7f😀', None, True, [1, [2, (3,)]], {'a': 1, 'b': [1, {}], 3: 4, None: 1, True: 2, 1.5: 3}, {}, [], (), float('nan'), [float('inf')], O, {1, 2}, {(1,): 2}, rec, b'x', I(5), D(a=1), 10**30, '\ud800', [object] , {'b': 1, 'a': 2}, [[[[]]]], {'x': {'y': {'z': []}}}, 1e16, 1e-7]
for o in objs:
    for kw in [{}, {'indent': 2}, {'sort_keys': True}, {'skipkeys': True}, {'allow_nan': False}, {'ensure_ascii': False}, {'separators': (',', ':')}, {'indent': '\t', 'separators': ('; ', '= ')}, {'default': lambda o: f'<{type(o).__name__}>'}, {'check_circular': False} if o is not rec else {}]:
        show(f'dumps {str(o)[:30]!r} {list(kw)}', lambda: json.dumps(o, **kw))
show('deep', lambda: json.loads('[' * 100000))
o = io.StringIO(); json.dump({'a': [1, 2]}, o, indent=1); show('dump', o.getvalue)
show('enc', lambda: (json.encoder.encode_basestring('a"é'), json.encoder.encode_basestring_ascii('a"é'), json.decoder.scanstring('ab"c', 0)))
show('enc', lambda: json.encoder.encode_basestring(5))
