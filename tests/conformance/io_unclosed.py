# Files nobody closes: what they held is written, and ResourceWarning tells of them.
import io
import os
import sys
import tempfile
import warnings

os.chdir(tempfile.mkdtemp())
f = open('kept.txt', 'w')
f.write('not lost')
del f
print(open('kept.txt').read())
with warnings.catch_warnings(record=True) as seen:
    warnings.simplefilter('always')
    open('kept.txt')
    open('kept.txt', 'rb')
    open('kept.txt', 'rb', buffering=0)
    io.TextIOWrapper(io.BytesIO())
    with open('kept.txt'):
        pass
for w in seen:
    print(w.category.__name__, w.message, w.source)
with warnings.catch_warnings(record=True) as seen:
    warnings.simplefilter('always')
    open('kept.txt', 'wb', buffering=1).close()
for w in seen:
    print(w.category.__name__, w.message)
print(sys.stdout.name, sys.stdout.mode, sys.stdout.encoding, sys.stdout.buffer.name, sys.stdin.name, sys.stderr.errors)
print(sys.stdout.fileno(), sys.stderr.line_buffering, sys.__stdout__ is sys.stdout)
sys.stdout.write('straight\n')
sys.stdout.flush()
sys.stdout.buffer.write(b'bytes\n')
sys.stdout.buffer.flush()
os.write(1, b'os\n')
print('a', 'b', sep='', end='')
sys.stdout.flush()
print()
old, sys.stdout = sys.stdout, io.StringIO()
print('captured')
text = sys.stdout.getvalue()
sys.stdout = old
print(text, end='')
last = open('last.txt', 'w')
last.write('written at exit')
