# The command line of python: -c, -m, -, scripts, folders, and the switches in sys.flags.
import os
import subprocess
import sys
import tempfile

os.chdir(tempfile.mkdtemp())
os.environ.pop('PYTHONUNBUFFERED', None)


def python(*arguments, **options):
    done = subprocess.run([sys.executable, *arguments], capture_output=True, text=True, **options)
    last = done.stderr.strip().splitlines()[-1:] or ['']
    print(arguments, done.returncode, repr(done.stdout).replace(os.getcwd(), 'HERE'),
          last[0].replace(sys.executable, 'python').replace(os.getcwd(), 'HERE'))


with open('script.py', 'w') as file:
    file.write('import sys\nprint(__name__, __file__, sys.argv, sys.path[0] == __import__("os").getcwd())\n')
os.mkdir('package')
with open('package/__init__.py', 'w') as file:
    file.write('print("package")\n')
with open('package/__main__.py', 'w') as file:
    file.write('print("main of package", __package__, __name__)\n')
os.mkdir('folder')
with open('folder/__main__.py', 'w') as file:
    file.write('import helper\nprint(__name__, helper.x)\n')
with open('folder/helper.py', 'w') as file:
    file.write('x = 5\n')
python('script.py', '-c', 'x')
python('-m', 'package')
python('folder')
python('package/__init__.py')
python('missing.py')
python('-m', 'missing')
python('-', 'a', input='import sys; print(sys.argv)')
python(input='print(__name__)')
python('-c', 'import sys; print(sys.flags.optimize, sys.flags.isolated, sys.flags.ignore_environment, sys.flags.safe_path)')
python('-OO', '-I', '-c', 'import sys; print(sys.flags.optimize, sys.flags.isolated, sys.flags.ignore_environment, sys.flags.safe_path)')
python('-O', '-c', 'assert False; print(__debug__)')
python('-c', 'assert False')
python('-W', 'error', '-c', 'import sys, warnings; print(sys.warnoptions); warnings.warn("now")')
python('-X', 'a=b', '-Xc', '-c', 'import sys; print(sys._xoptions)')
python('-c', 'import sys; print(sys.path[0] == "")')
python('-c', 'import sys; print(sys.path[1].endswith("extra"))', env={**os.environ, 'PYTHONPATH': 'extra'})
python('-E', '-c', 'import sys; print(any(p.endswith("extra") for p in sys.path))', env={**os.environ, 'PYTHONPATH': 'extra'})
python('-c', 'import sys; print(sys.warnoptions)', env={**os.environ, 'PYTHONWARNINGS': 'ignore'})
python('-c')
python('-c', 'import sys; print(sys.orig_argv[1:])', '-x', 'y')
python('-c', 'x = (')
python('-u', '-c', 'import sys; sys.stdout.write("a"); import os; os.write(1, b"b"); sys.stdout.write("c")')
python('-c', 'import sys; sys.stdout.write("a"); import os; os.write(1, b"b"); sys.stdout.write("c")')
python('-c', 'import sys; sys.stderr.write("a\\n"); import os; os.write(2, b"b\\n")')
