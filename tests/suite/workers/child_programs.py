# /// lab
# title = "Programs that a program starts: pickles over pipes, a time-out, an exit code"
# ///
import pickle, subprocess, sys

CHILD = """
import pickle, sys
while True:
    try:
        task = pickle.load(sys.stdin.buffer)
    except EOFError:
        break
    pickle.dump(sum(range(task)), sys.stdout.buffer)
    sys.stdout.buffer.flush()
"""
children = [subprocess.Popen([sys.executable, "-c", CHILD], stdin=subprocess.PIPE, stdout=subprocess.PIPE) for _ in range(2)]
for task in (10, 1_000, 30_000):
    for child in children:
        pickle.dump(task, child.stdin)
        child.stdin.flush()
    print([pickle.load(child.stdout) for child in children])
for child in children:
    child.stdin.close()
print([child.wait() for child in children])
print(subprocess.run([sys.executable, "-c", "import sys; sys.exit(7)"]).returncode)
try:
    subprocess.run([sys.executable, "-c", "while True: pass"], timeout=0.05)
except subprocess.TimeoutExpired as error:
    print(error.timeout)
