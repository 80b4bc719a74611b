# Arguments that calls of `os`, `socket` and `select` refuse: how many, of which kind, and out of what range.
import os
import select
import signal
import socket
import sys


def attempt(call, *args, **more):
    try:
        print(call.__name__, 'gives', call(*args, **more))
    except Exception as error:
        print(call.__name__, type(error).__name__, error)


def kind(call, *args, **more):
    try:
        call(*args, **more)
    except Exception as error:
        print(call.__name__, type(error).__name__, getattr(error, 'errno', None))
    else:
        print(call.__name__, 'is done')


sys.unraisablehook = lambda unraisable: print('unraisable', unraisable.exc_value)

kind(os.unlink, 'none', 7)
kind(os.rmdir, 'none', 7)
kind(os.rename, 'a', 'b', True)
kind(os.replace, 'a', 'b', 3)
kind(os.chdir, '.', dir_fd=None)
kind(os.chdir, '.', 0o777)
kind(os.chmod, '.')
kind(os.stat, '.', 3)
kind(os.lstat, '.', follow_symlinks=False)
kind(os.mkdir, '.', follow_symlinks=False)
attempt(os.unlink, 'none', dir_fd='x')
kind(os.stat, 0, follow_symlinks=False)
kind(os.stat, 1, follow_symlinks=False)

old = os.umask(0o077)
print(oct(old), oct(os.umask(0o027)))
folder = f'{os.environ.get("TMPDIR", "/tmp")}/os_arguments-{os.getpid()}'
os.mkdir(folder)
with open(folder + '/file', 'w') as file:
    os.fsync(file)
os.close(os.open(folder + '/other', os.O_CREAT | os.O_WRONLY))
for path in folder, folder + '/file', folder + '/other':
    print(oct(os.stat(path).st_mode))
os.umask(old)
os.unlink(folder + '/file')
os.unlink(folder + '/other', dir_fd=None)
os.rmdir(folder)

kind(os.fsync, 999)
kind(os.fsync, -1)
kind(os.fsync, 'x')
kind(os.set_inheritable, 999, False)
kind(os.sched_getaffinity, -1)
kind(os.sched_getaffinity, 2 ** 22 + 1)
print(os.sched_getaffinity(0) == os.sched_getaffinity(os.getpid()))
for status in 0, 256, 9, 255 << 8, 0x137f, -1, 0xffff:
    attempt(os.waitstatus_to_exitcode, status)
kind(os.waitstatus_to_exitcode, 'x')
for number in 88, 90, 91, 93, 95:
    print(number, os.strerror(number))

with socket.socket() as plain:
    for timeout in float('nan'), 10 ** 30, float('inf'), -1, 'x':
        kind(plain.settimeout, timeout)
    print(plain.gettimeout())
kind(socket.setdefaulttimeout, float('nan'))
with socket.socket(socket.AF_UNIX) as named:
    attempt(named.bind, 5)
    attempt(named.bind, None)
kind(select.epoll, -5)
kind(select.epoll, 0)
