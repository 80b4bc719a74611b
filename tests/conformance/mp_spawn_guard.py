# Spawn of a program without `if __name__ == '__main__'`: the child stops with a RuntimeError that says what to do, instead of making processes for ever.
import os
import subprocess
import sys

CODE = '''
import multiprocessing as mp

def work():
    print('worked')

mp.set_start_method('spawn')
child = mp.Process(target=work)
child.start()
child.join()
print(child.exitcode)
'''
with open('unguarded.py', 'w') as file:
    file.write(CODE)
with open('guarded.py', 'w') as file:
    file.write('print("imported as", __name__)\n' + CODE.replace('mp.set', 'if __name__ == "__main__":\n  mp.set', 1).replace('\nchild', '\n  child').replace(
        '\nprint', '\n  print'))
for name in ('unguarded.py', 'guarded.py'):
    run = subprocess.run([sys.executable, name], capture_output=True, text=True)
    print(name, run.returncode, run.stdout.split('\n'))
    errors = run.stderr.splitlines()
    print([line for line in errors if line.startswith('RuntimeError')])
    start = next((i for i, line in enumerate(errors) if line.startswith('RuntimeError')), 0)
    print('\n'.join(line.strip() for line in errors[start:start + 14]))
    os.unlink(name)
