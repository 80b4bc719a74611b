"""What asks for a contiguous buffer, and what takes any."""
import array, binascii, hashlib, io, os, re, socket, struct, zlib, pickle, codecs

def say(name, f):
    try:
        r = f()
    except BaseException as e:
        print(name, type(e).__name__, e)
    else:
        print(name, repr(r)[:80])

v = memoryview(b"0123456789")[::2]
one = memoryview(b"0123456789")[4:5][::2]
rev = memoryview(b"0123")[::-1]
w = memoryview(bytearray(b"0123456789"))[::2]
for name, x in ("v", v), ("one", one), ("rev", rev), ("w", w):
    print("---", name, x.contiguous)
    say("bytes", lambda: bytes(x))
    say("bytearray", lambda: bytearray(x))
    say("bytes ==", lambda: (b"02468" == x, x == b"02468"))
    say("bytes +", lambda: b"a" + x)
    say("bytearray +", lambda: bytearray(b"a") + x)
    def iadd():
        a = bytearray(b"a"); a += x; return a
    say("bytearray +=", iadd)
    def extend():
        a = bytearray(b"a"); a.extend(x); return a
    say("bytearray.extend", extend)
    def setslice():
        a = bytearray(b"abc"); a[1:2] = x; return a
    say("bytearray[1:2] =", setslice)
    def setview():
        a = bytearray(b"abcde"); memoryview(a)[:len(x)] = x; return a
    say("memoryview[:] =", setview)
    say("join", lambda: b",".join([x, x]))
    say("in", lambda: x in b"0123456789")
    say("find", lambda: b"0123456789".find(x))
    say("startswith", lambda: b"02468".startswith(x))
    say("split", lambda: b"0123".split(x))
    say("replace", lambda: b"0123".replace(x, b""))
    say("strip", lambda: b"0123".strip(x))
    say("partition", lambda: b"0123".partition(x))
    say("translate", lambda: b"0123".translate(None, x))
    say("removeprefix", lambda: b"0123".removeprefix(x))
    say("%b", lambda: b"%b" % x)
    say("%s", lambda: b"%s" % (x,))
    say("%a", lambda: len(b"%a" % (x,)) > 10)
    say("str", lambda: str(x, "ascii"))
    say("decode", lambda: codecs.utf_8_decode(x))
    say("ascii_decode", lambda: codecs.ascii_decode(x))
    say("latin_1_decode", lambda: codecs.latin_1_decode(x))
    say("utf_16_decode", lambda: codecs.utf_16_le_decode(x))
    say("charmap_decode", lambda: codecs.charmap_decode(x))
    say("escape_decode", lambda: codecs.escape_decode(x))
    say("unicode_escape_decode", lambda: codecs.unicode_escape_decode(x))
    say("raw_unicode_escape_decode", lambda: codecs.raw_unicode_escape_decode(x))
    say("utf_7_decode", lambda: codecs.utf_7_decode(x))
    say("readbuffer_encode", lambda: codecs.readbuffer_encode(x))
    say("int", lambda: int(x))
    say("int 16", lambda: int(x, 16))
    say("float", lambda: float(x))
    say("from_bytes", lambda: int.from_bytes(x, "big"))
    say("array", lambda: array.array("B", x))
    say("array.frombytes", lambda: array.array("B").frombytes(x))
    say("struct.unpack", lambda: struct.unpack("5B", x))
    say("struct.unpack_from", lambda: struct.unpack_from("B", x))
    say("struct.iter_unpack", lambda: list(struct.iter_unpack("B", x)))
    say("struct.pack_into", lambda: struct.pack_into("B", x, 0, 1))
    say("crc32", lambda: zlib.crc32(x))
    say("adler32", lambda: zlib.adler32(x))
    say("compress", lambda: zlib.decompress(zlib.compress(x)))
    say("hexlify", lambda: binascii.hexlify(x))
    say("unhexlify", lambda: binascii.unhexlify(x))
    say("b2a_base64", lambda: binascii.b2a_base64(x))
    say("a2b_base64", lambda: binascii.a2b_base64(x))
    say("sha256", lambda: hashlib.sha256(x).hexdigest())
    say("md5 update", lambda: hashlib.md5().update(x))
    say("blake2b", lambda: hashlib.blake2b(x).hexdigest())
    say("BytesIO", lambda: io.BytesIO(x).getvalue())
    say("BytesIO.write", lambda: io.BytesIO().write(x))
    say("BytesIO.readinto", lambda: io.BytesIO(b"ab").readinto(x))
    say("open.write", lambda: open("not_contiguous.bin", "wb").write(x))
    say("FileIO.write", lambda: open("not_contiguous.bin", "wb", 0).write(x))
    say("Buffered readinto", lambda: open("not_contiguous.bin", "rb").readinto(x))
    r, p = os.pipe()
    say("os.write", lambda: os.write(p, x))
    a, b = socket.socketpair()
    say("send", lambda: a.send(x))
    say("sendall", lambda: a.sendall(x))
    say("recv_into", lambda: b.recv_into(x))
    a.close(); b.close()
    from multiprocessing import Pipe
    c, d = Pipe()
    say("send_bytes", lambda: c.send_bytes(x))
    say("PickleBuffer", lambda: len(pickle.dumps(bytearray(x))) > 5)
    say("pickle.loads", lambda: pickle.loads(x))
    say("exec", lambda: eval(x))
    say("tobytes", lambda: x.tobytes())
    say("hex", lambda: x.hex())
    say("hash", lambda: hash(x) is not None)
    say("memoryview", lambda: memoryview(x).tolist())
    say("join sep", lambda: bytearray(b",").join([x]))
    say("endswith", lambda: bytearray(b",").endswith(x))
    say("ljust", lambda: b"a".ljust(3, x))
    say("count", lambda: b"0".count(x))
    say("maketrans", lambda: len(bytes.maketrans(x, x)))
    say("hmac", lambda: __import__("hmac").compare_digest(x, b"02468"))
os.unlink("not_contiguous.bin")
