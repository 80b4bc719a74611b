# bytes, bytearray, memoryview.
b = b"hello \x00\xff world"
print(b, b[0], b[1:3], len(b), b.hex(), b.hex(" ", 2), bytes.fromhex("68 69"), list(b[:3]))
print(b.upper(), b.split(), b.find(b"w"), b.replace(b"o", b"0"), b.startswith(b"he"), 104 in b, b"ell" in b, b.count(b"l"))
print(bytes(3), bytes([1, 2, 3]), bytes("é", "utf8"), bytes(range(65, 70)), b"a" + b"b", b"ab" * 2, b"-".join([b"a", b"b"]))
a = bytearray(b"abc")
a[0] = 88
a.append(100)
a += b"ef"
a[1:3] = b"--!"
print(a, a.pop(), a.decode(), bytes(a), a == b"X--!de", a.reverse(), a)
del a[0]
a.extend([49, 50])
a.insert(0, 33)
a.remove(33)
print(a, a.find(b"1"), bytearray(2), a.isalnum())
for expression in ("bytes([256])", "bytes(-1)", "b'a'[9]", "b'a' + 'a'", "bytes('x')", "bytearray(b'a').append(300)", "b'x' in 'x'", "bytes.fromhex('zz')"):
    try:
        print(eval(expression))
    except Exception as error:
        print(expression, type(error).__name__, error)
m = memoryview(bytearray(b"memory"))
m[0] = 77
print(m[0], bytes(m[1:3]), len(m), m.tobytes(), m.readonly, memoryview(b"x").readonly, list(m[:2]))
print(b"%d %s" % (5, b"x"), b"abc".translate(None, b"b"), b" x ".strip(), b"a,b".partition(b","), b"Ab".swapcase(), b"1".isdigit(), repr(b"it's \"q\""))
print(b"abc" < b"abd", sorted([b"b", b"a"]), hash(b"x") == hash(b"x"), {b"k": 1}[b"k"], b"" or "empty", b"\\ \t\n\r\x7f'")
