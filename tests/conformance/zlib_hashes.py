# zlib and gzip by their round trips; every hash algorithm.
import array, binascii, copy, csv, gzip, hashlib, io, json, pickle, zlib
def show(label, f):
    try:
        r = f()
    except BaseException as e:
        r = f'{type(e).__name__}: {e}'
    print(ascii(label), '->', ascii(r))
# zlib, hashes
data = b'hello world ' * 100
show('z', lambda: (zlib.decompress(zlib.compress(data)) == data, zlib.crc32(b'abc'), zlib.adler32(b'abc'), zlib.crc32(b'abc', 5), zlib.adler32(b'x', 9), len(zlib.compress(data)) < 60))
for w in (15, -15, 31): show(f'z{w}', lambda: zlib.decompress(zlib.compress(data, wbits=w), wbits=w) == data)
show('z', lambda: zlib.decompress(b'garbage'))
show('z', lambda: zlib.decompress(zlib.compress(data)[:-5]))
show('z', lambda: zlib.compress('x'))
show('z', lambda: zlib.compress(b'x', 10))
c = zlib.compressobj(); s = c.compress(data) + c.flush(zlib.Z_SYNC_FLUSH) + c.compress(b'more') + c.flush(); d = zlib.decompressobj()
show('zo', lambda: (d.decompress(s + b'tail') == data + b'more', d.unused_data, d.eof, d.unconsumed_tail))
d = zlib.decompressobj(); show('zo', lambda: (d.decompress(s, 10), len(d.unconsumed_tail) > 0, d.eof, (d.decompress(d.unconsumed_tail) + d.flush())[-4:], d.eof))
d = zlib.decompressobj(); show('zo', lambda: b''.join(d.decompress(s[i:i+1]) for i in range(len(s))) == data + b'more')
show('gz', lambda: gzip.decompress(gzip.compress(data)) == data)
show('gz', lambda: gzip.GzipFile(fileobj=io.BytesIO(gzip.compress(data))).read() == data)
for n in sorted(hashlib.algorithms_guaranteed):
    h = hashlib.new(n, b'abc'); h.update(b'x' * 500)
    show(n, lambda: (h.hexdigest(20) if 'shake' in n else h.hexdigest(), h.digest_size, h.block_size, h.name, h.copy().hexdigest(5) if 'shake' in n else h.copy().hexdigest() == h.hexdigest()))
show('b2', lambda: hashlib.blake2b(b'x', key=b'k', digest_size=20, salt=b's', person=b'p').hexdigest())
show('b2', lambda: hashlib.blake2s(b'x' * 300, key=b'k', fanout=2, depth=2, leaf_size=100, node_offset=3, node_depth=1, inner_size=5, last_node=True).hexdigest())
show('b2', lambda: hashlib.blake2b(digest_size=65)); show('b2', lambda: hashlib.blake2b(key=b'x'*65)); show('b2', lambda: hashlib.blake2s(salt=b'x' * 9))
show('h', lambda: hashlib.sha256('x')); show('h', lambda: hashlib.new('nope')); show('h', lambda: hashlib.shake_128(b'x').hexdigest())
show('crc', lambda: binascii.crc32(b'hello'))
