# csv: dialects, reading and writing, with right and wrong arguments.
import array, binascii, copy, csv, gzip, hashlib, io, json, pickle, zlib
def show(label, f):
    try:
        r = f()
    except BaseException as e:
        r = f'{type(e).__name__}: {e}'
    print(ascii(label), '->', ascii(r))
# csv
for text in ['a,b,c\n1,2,3\n', '"a ""q""",b\r\n,,\r\n', 'x;"y\nz";w', '', '\n\na,b', 'a b', '"unterminated', "a,'b,c',d", 'a\rb\n', '"a"b,c', 'é,ü', '1,"2",abc', 'a,b\\,c,d', '""', '"",', ' a, b', '"a"\n"b']:
    for kw in [{}, {'delimiter': ';'}, {'quotechar': "'"}, {'strict': True}, {'skipinitialspace': True}, {'escapechar': '\\'}, {'quoting': csv.QUOTE_NONE}, {'quoting': csv.QUOTE_NONNUMERIC}, {'quoting': csv.QUOTE_STRINGS}, {'quoting': csv.QUOTE_NOTNULL}, {'doublequote': False}, {'dialect': 'excel-tab'}]:
        show(f'{text!r} {kw}', lambda: list(csv.reader(io.StringIO(text, newline=''), **kw)))
for row in [['a', 1, None, 2.5], ['a"b', 'c,d', 'e\nf'], [''], ['', ''], [], [None], [' x', "q'"], ['\\', 'a;b'], 'abc', 5, [True, 1e30], ['a\rb']]:
    for kw in [{}, {'delimiter': ';'}, {'quoting': csv.QUOTE_ALL}, {'quoting': csv.QUOTE_NONE}, {'quoting': csv.QUOTE_NONE, 'escapechar': '\\'}, {'quoting': csv.QUOTE_NONNUMERIC}, {'quoting': csv.QUOTE_STRINGS}, {'quoting': csv.QUOTE_NOTNULL}, {'lineterminator': '!'}, {'doublequote': False, 'escapechar': '\\'}, {'quotechar': None}, {'skipinitialspace': True}, {'delimiter': ' ', 'skipinitialspace': True}]:
        def f():
            o = io.StringIO(newline=''); r = csv.writer(o, **kw).writerow(row); return r, o.getvalue()
        show(f'{row!r} {kw}', f)
for kw in [{'quoting': 9}, {'bad': 1}, {'delimiter': '"'}, {'delimiter': '\n'}, {'quotechar': None, 'quoting': 1}, {'dialect': 'nope'}]:
    show(f'{kw}', lambda: csv.reader([], **kw))
show('', lambda: csv.writer(5)); show('', lambda: csv.reader(5)); show('', lambda: list(csv.reader([5])))
show('dialects', lambda: (csv.list_dialects(), csv.get_dialect('excel').delimiter, csv.get_dialect('unix').quoting, csv.field_size_limit()))
csv.register_dialect('mine', delimiter='|', quotechar=None); show('mine', lambda: list(csv.reader(['a|b"c'], 'mine')))
csv.unregister_dialect('mine'); show('', lambda: csv.unregister_dialect('mine')); show('', lambda: csv.register_dialect(5)); show('', lambda: csv.get_dialect('x'))
show('dict', lambda: list(csv.DictReader(io.StringIO('a,b\n1,2\n3\n4,5,6\n'))))
o = io.StringIO(); w = csv.DictWriter(o, ['a', 'b'], lineterminator='\n'); w.writeheader(); w.writerows([{'a': 1, 'b': 2}, {'b': 3}]); show('dw', o.getvalue)
show('dw', lambda: w.writerow({'z': 1}))
show('sniff', lambda: csv.Sniffer().sniff('a;b;c\n1;2;3\n4;5;6\n').delimiter)
r = csv.reader(['a,b', '"c', 'd"']); show('line_num', lambda: (next(r), r.line_num, next(r), r.line_num))
csv.field_size_limit(5); show('limit', lambda: list(csv.reader(['abcdefgh']))); csv.field_size_limit(131072)
def gen():
    for i in range(3): yield f'{i},{i*i}'
show('gen', lambda: list(csv.reader(gen())))
