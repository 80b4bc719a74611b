# subprocess: pipelines of programs, communicate with both streams and time-outs, environments, working folders, descriptors passed on, signals, errors.
import os
import signal
import subprocess
import sys
import time
from subprocess import DEVNULL, PIPE, STDOUT, CalledProcessError, Popen, TimeoutExpired, check_call, check_output, run


def python(code, *args):
    return [sys.executable, '-c', code, *args]


def attempt(do, *args, **kwargs):
    try:
        print(do(*args, **kwargs))
    except Exception as error:
        print(type(error).__name__, str(error).replace(sys.executable, 'python'))


first = Popen(python('for i in range(5): print(i * i)'), stdout=PIPE)
second = Popen(python('import sys; print(sum(int(line) for line in sys.stdin))'), stdin=first.stdout, stdout=PIPE, text=True)
first.stdout.close()
print(second.communicate(), first.wait())

both = python('import sys; data = sys.stdin.read(); print(data.upper(), end=""); print(len(data), file=sys.stderr)')
print(run(both, input='abc', capture_output=True, text=True).stdout)
done = run(both, input=b'x' * 70_000, stdout=PIPE, stderr=PIPE)
print(len(done.stdout), done.stderr, done.returncode, done.args == both)
print(run(python('import sys; print(1, flush=True); print(2, file=sys.stderr)'), stdout=PIPE, stderr=STDOUT, text=True).stdout.split())
print(run(python('print(input())'), stdin=DEVNULL, stderr=DEVNULL).returncode)
print(check_output(python('import os; print(os.environ["COLOUR"], "HOME" in os.environ)'), env={'COLOUR': 'blue'}, text=True))
os.mkdir('below')
print(os.path.basename(check_output(python('import os; print(os.getcwd())'), cwd='below', text=True).strip()))
os.rmdir('below')
read, write = os.pipe()
print(run(python(f'import os; os.write({write}, b"passed")'), pass_fds=[write]).returncode, os.read(read, 10))
print(run(python(f'import os; os.write({write}, b"not passed")'), stderr=DEVNULL).returncode)
try:
    run(python('import time; print("begun", flush=True); time.sleep(10)'), timeout=0.8, stdout=PIPE)
except TimeoutExpired as error:
    print(error.timeout, error.stdout)
child = Popen(python('import time; time.sleep(10)'))
print(child.poll(), child.returncode)
child.terminate()
print(child.wait(), child.poll(), child.returncode == -signal.SIGTERM)
child = Popen(python('import signal, sys; signal.signal(signal.SIGUSR1, lambda *_: sys.exit(9)); print("ready", flush=True); signal.pause()'), stdout=PIPE)
child.stdout.readline()
child.send_signal(signal.SIGUSR1)
print(child.wait(), child.kill())
child.stdout.close()
try:
    check_call(python('import sys; sys.exit(3)'))
except CalledProcessError as error:
    print(error.returncode)
try:
    run(python('import os; os.kill(os.getpid(), 9)'), check=True)
except CalledProcessError as error:
    print(error.returncode, str(error).endswith('died with <Signals.SIGKILL: 9>.'))
attempt(run, ['/no/such/program'])
attempt(run, python(''), cwd='/no/such/folder')
attempt(run, python(''), stdin=PIPE, input='x')
attempt(run, python(''), capture_output=True, stdout=PIPE)
attempt(Popen, python(''), bufsize='x')
attempt(Popen, 5)
print(subprocess.getstatusoutput is not None, subprocess.list2cmdline(['a b', 'c"d']))
with Popen(python('import sys\nfor line in sys.stdin: print(line.strip()[::-1], flush=True)'), stdin=PIPE, stdout=PIPE, text=True, bufsize=1) as child:
    for word in ('abc', 'xyz'):
        child.stdin.write(word + '\n')
        print(child.stdout.readline(), end='')
print(child.returncode)
os.close(read)
os.close(write)
