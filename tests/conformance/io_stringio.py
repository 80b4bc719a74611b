# io.StringIO and BytesIO, print to files, sys.stdout and sys.stderr replaced.
import io
import sys

s = io.StringIO()
print("one", 2, file=s)
s.write("three\n")
print(s.getvalue().splitlines(), s.tell(), s.seek(0), s.readline(), s.read(2), s.read(), s.read())
s.seek(0)
print(list(s), s.truncate(3), s.getvalue())
s = io.StringIO("a\nb\nc")
print(s.readlines(), s.closed)
with io.StringIO("text") as f:
    print(f.read(), f.readable(), f.writable())
try:
    f.read()
except ValueError as error:
    print(type(error).__name__)
b = io.BytesIO(b"bytes")
print(b.read(2), b.tell(), b.getvalue(), b.write(b"!!"), b.getvalue(), b.readlines())
kept = sys.stdout
sys.stdout = captured = io.StringIO()
print("hidden")
sys.stdout = kept
print(repr(captured.getvalue()), sys.stdout is sys.__stdout__)
sys.stdout.write("written\n")
print("to stderr", file=sys.stderr)
print("flushed", flush=True)
for bad in (lambda: print("x", file=5), lambda: s.write(5), lambda: io.StringIO(5), lambda: b.write("text")):
    try:
        bad()
    except (TypeError, AttributeError) as error:
        print(type(error).__name__)
print(sys.stdin.read() == "", sys.stdout.encoding, sys.stderr.writable())


class Tee:
    def __init__(self):
        self.parts = []

    def write(self, text):
        self.parts.append(text)


t = Tee()
print("a", "b", sep="-", file=t)
print(t.parts)
try:
    input("prompt? ")
except EOFError as error:
    print("\nEOF:", error)
