# subprocess.Popen: pipes that both sides hold, poll, wait, signals, descriptors handed down.
import os
import signal
import subprocess
import sys

ECHO = '''
import sys
for line in sys.stdin:
    print('got', line.strip(), flush=True)
print('end', flush=True)
'''
with subprocess.Popen([sys.executable, '-c', ECHO], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
    for word in 'one', 'two':
        process.stdin.write(word + '\n')
        process.stdin.flush()
        print(process.stdout.readline().strip(), process.poll())
    process.stdin.close()
    print(process.stdout.read().strip())
print(process.returncode, process.args[1])

for number in signal.SIGTERM, signal.SIGKILL, signal.SIGINT:
    process = subprocess.Popen([sys.executable, '-c', 'import time; print("ready", flush=True); time.sleep(60)'],
                               stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    process.stdout.readline()
    process.send_signal(number)
    print(number.name, process.wait())
    process.stdout.close()

process = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(0.3)'])
print(process.poll())
try:
    process.wait(timeout=0.05)
except subprocess.TimeoutExpired as error:
    print(error.timeout)
print(process.wait(), process.poll())
process.kill()

# A pipeline: the first's output is the second's input.
first = subprocess.Popen([sys.executable, '-c', 'for i in range(5): print(i)'], stdout=subprocess.PIPE)
second = subprocess.Popen([sys.executable, '-c', 'import sys; print(sum(map(int, sys.stdin)))'], stdin=first.stdout,
                          stdout=subprocess.PIPE, text=True)
first.stdout.close()
print(second.communicate(), first.wait())

read, write = os.pipe()
told = 'import os, sys; os.write(int(sys.argv[1]), b"by number"); os.close(int(sys.argv[1]))'
process = subprocess.Popen([sys.executable, '-c', told, str(write)], pass_fds=[write])
os.close(write)
print(os.read(read, 100), os.read(read, 100), process.wait())
os.close(read)

read, write = os.pipe()
print(os.get_inheritable(read), os.get_inheritable(1))
closed = 'import os, sys\ntry: os.fstat(int(sys.argv[1]))\nexcept OSError as e: print(e.errno)'
subprocess.run([sys.executable, '-c', closed, str(write)])
os.set_inheritable(write, True)
subprocess.run([sys.executable, '-c', closed, str(write)])
subprocess.run([sys.executable, '-c', 'import os, sys; print(os.fstat(int(sys.argv[1])).st_mode >> 12)', str(write)],
               close_fds=False)

big = 'x' * 200_000
process = subprocess.Popen([sys.executable, '-c', 'import sys; d = sys.stdin.read(); print(len(d)); sys.stderr.write(d)'],
                           stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
out, err = process.communicate(big)
print(out.strip(), len(err), process.returncode)


def prepare():
    os.write(1, b'before the program\n')


subprocess.run([sys.executable, '-c', 'print("the program")'], preexec_fn=prepare)


def fail():
    raise ValueError


try:
    subprocess.run([sys.executable, '-c', 'print("never")'], preexec_fn=fail)
except subprocess.SubprocessError as error:
    print(error)
process = subprocess.Popen([sys.executable, '-c', 'import os; print(os.getsid(0) == os.getpid())'], start_new_session=True)
process.wait()
