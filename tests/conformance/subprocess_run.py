# subprocess.run, call, check_call and check_output: what they give back and what they raise.
import subprocess
import sys


def child(code, *arguments, **options):
    return subprocess.run([sys.executable, '-c', code, *arguments], **options)


done = child('import sys; print("hello", *sys.argv[1:]); print("oops", file=sys.stderr); sys.exit(3)', 'a b', 'c',
             capture_output=True, text=True)
print(done.returncode, repr(done.stdout), repr(done.stderr))
print(child('import sys; print(sys.stdin.read().upper(), end="")', input='some text', capture_output=True, text=True).stdout)
print(child('print(b"\\xff".hex())', stdout=subprocess.PIPE).stdout)
print(child('import sys; sys.stdout.write("out"); sys.stdout.flush(); sys.stderr.write("err")', stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT).stdout)
print(child('print(1)', stdout=subprocess.DEVNULL).stdout)
print(subprocess.call([sys.executable, '-c', 'raise SystemExit(7)']))
try:
    subprocess.check_call([sys.executable, '-c', 'raise SystemExit("said")'], stderr=subprocess.DEVNULL)
except subprocess.CalledProcessError as error:
    print(error.returncode, error.cmd[1:])
try:
    subprocess.check_output([sys.executable, '-c', 'print("half"); raise SystemExit(2)'])
except subprocess.CalledProcessError as error:
    print(error.returncode, error.output)
done = child('1/0', capture_output=True, text=True)
print(done.returncode, done.stderr.splitlines()[-1])
try:
    done.check_returncode()
except subprocess.CalledProcessError as error:
    print(str(error).replace(sys.executable, 'python'))
try:
    child('import time; print("begun", flush=True); time.sleep(60)', timeout=1.5, capture_output=True)
except subprocess.TimeoutExpired as error:
    print(error.timeout, error.output)
for wrong in ['no_such_program'], [sys.executable + '/x'], ['/']:
    try:
        subprocess.run(wrong)
    except OSError as error:
        print(type(error).__name__, error.errno, error.filename == wrong[0])
try:
    child('pass', cwd='/no/such/folder')
except FileNotFoundError as error:
    print(error.filename)
print(child('import os; print(sorted(k for k in os.environ if k.startswith("MY_")), os.environ["MY_A"])',
            env={'MY_A': '1', 'MY_B': '2'}, capture_output=True, text=True).stdout)
print(child('import os; print(os.getcwd())', cwd='/tmp', capture_output=True, text=True).stdout)
try:
    subprocess.run([sys.executable], input=b'', stdin=subprocess.PIPE)
except ValueError as error:
    print(error)
