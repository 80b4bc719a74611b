# os.exec*: another program in the same process; scripts with a first line that names their interpreter.
import os
import stat
import sys
import tempfile

folder = tempfile.mkdtemp()
os.chdir(folder)


def wait(pid):
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def run(act):
    sys.stdout.flush()
    pid = os.fork()
    if pid == 0:
        try:
            act()
        except OSError as error:
            print(type(error).__name__, error.errno, error.filename)
            sys.stdout.flush()
        os._exit(9)
    print('status', wait(pid))


python = sys.executable
run(lambda: os.execv(python, [python, '-c', 'import os, sys; print(sys.argv, os.getppid() != 1)', 'x']))
run(lambda: os.execl(python, python, '-c', 'raise SystemExit(4)'))
run(lambda: os.execve(python, [python, '-c', 'import os; print(os.environ.get("A"), "HOME" in os.environ)'], {'A': 'b'}))
os.environ['PATH'] = '/nowhere'
run(lambda: os.execvpe('no_such_program', ['x'], os.environ))
run(lambda: os.execve('/no/such', ['x'], {}))
run(lambda: os.execv('/no/such', ['x']))
run(lambda: os.execv('.', ['x']))
with open('plain', 'w') as file:
    file.write('just text\n')
run(lambda: os.execv('./plain', ['plain']))
os.chmod('plain', 0o755)
run(lambda: os.execv('./plain', ['plain']))
with open('script', 'w') as file:
    file.write(f'#!{python} -u\nimport sys\nprint(len(sys.argv[0]) > 6, sys.argv[1:], __name__)\nsys.exit(len(sys.argv))\n')
os.chmod('script', stat.S_IRWXU)
run(lambda: os.execv('./script', ['called', 'one', 'two']))
os.environ['PATH'] = folder
run(lambda: os.execlp('script', 'script', 'by path'))
os.environ['PUT'] = 'there'
run(lambda: os.execv(python, [python, '-c', 'import os; print(os.environ["PUT"])']))
for wrong in (lambda: os.execv(python, []), lambda: os.execv(python, ['']), lambda: os.execv(python, 'text'),
              lambda: os.execv(python, ['a\0b']), lambda: os.execve(python, ['x'], {'a=b': 'c'}), lambda: os.execve(python, ['x'], 5)):
    try:
        wrong()
    except (ValueError, TypeError) as error:
        print(type(error).__name__, error)


def in_another_folder():
    os.chdir('/')
    os.umask(0o027)
    os.execv(python, [python, '-c', 'import os; print(os.getcwd(), oct(os.umask(0)))'])


run(in_another_folder)
os.spawnv(os.P_WAIT, python, [python, '-c', 'print("spawned")'])
print(os.spawnl(os.P_WAIT, python, python, '-c', 'raise SystemExit(5)'))
