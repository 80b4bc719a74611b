# Daemon processes end with the main program; others are waited for; exit handlers and finalizers in their order; a child of a child.
import subprocess
import sys

CODE = '''
import atexit, multiprocessing as mp, os, sys, time
from multiprocessing import util

def sleep(name, seconds):
    atexit.register(print, 'atexit of', name, flush=True)
    try:
        time.sleep(seconds)
        print(name, 'has slept', flush=True)
    finally:
        print(name, 'leaves', flush=True)

def middle(daemon):
    child = mp.Process(target=sleep, args=('grandchild', 0.2), daemon=daemon)
    child.start()
    print('middle returns', flush=True)

if __name__ == '__main__':
    mp.set_start_method('fork')
    atexit.register(print, 'atexit of main', flush=True)
    util.Finalize(None, print, ('finalizer', 10), {'flush': True}, exitpriority=10)
    util.Finalize(None, print, ('finalizer', 20), {'flush': True}, exitpriority=20)
    util.Finalize(None, print, ('finalizer', -5), {'flush': True}, exitpriority=-5)
    how = sys.argv[1]
    if how == 'daemon':
        mp.Process(target=sleep, args=('daemon', 100), daemon=True).start()
        time.sleep(0.2)
    elif how == 'plain':
        mp.Process(target=sleep, args=('child', 0.3)).start()
    elif how == 'both':
        mp.Process(target=sleep, args=('daemon', 0.3), daemon=True).start()
        mp.Process(target=sleep, args=('child', 0.6)).start()
        time.sleep(0.1)
    elif how == 'error':
        mp.Process(target=sleep, args=('child', 0.3)).start()
        raise SystemExit('ended early')
    elif how == 'middle':
        mp.Process(target=middle, args=(False,)).start()
        time.sleep(0.5)
    elif how == 'middle-daemon':
        mp.Process(target=middle, args=(True,)).start()
        time.sleep(0.5)
    elif how == '_exit':
        child = mp.Process(target=sleep, args=('orphan', 0.3))
        child.start()
        time.sleep(0.1)
        os._exit(4)
    print('main returns', flush=True)
'''
with open('daemons.py', 'w') as file:
    file.write(CODE)
for how in ('daemon', 'plain', 'both', 'error', 'middle', 'middle-daemon', '_exit'):
    run = subprocess.run([sys.executable, 'daemons.py', how], capture_output=True, text=True)
    print(how, run.returncode, run.stdout.splitlines(), run.stderr.splitlines()[-1:])
import os
os.unlink('daemons.py')
