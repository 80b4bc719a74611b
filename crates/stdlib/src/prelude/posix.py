# posix: the virtual kernel's calls (native, from _posix), and what is easier said in Python.
from _posix import *
from _posix import _environment, _exit, _have_functions, _host_name, _scan, _usage
from _processes import *
from _processes import _close_all, _exec, _fork, _kill as _posix_kill, _space, _wait
import _posix

_S_IFMT, _S_IFDIR, _S_IFREG, _S_IFLNK = 0o170000, 0o040000, 0o100000, 0o120000


class DirEntry:
    __slots__ = ('name', 'path', '_inode', '_kind')

    def __getstate__(self):
        raise TypeError("cannot pickle 'posix.DirEntry' object")

    def __fspath__(self):
        return self.path

    def inode(self):
        return self._inode

    def is_symlink(self):
        return self._kind & _S_IFMT == _S_IFLNK

    def _kind_of(self, follow_symlinks):
        if follow_symlinks and self.is_symlink():
            try:
                return stat(self.path).st_mode
            except FileNotFoundError:
                return 0
        return self._kind

    def is_dir(self, *, follow_symlinks=True):
        return self._kind_of(follow_symlinks) & _S_IFMT == _S_IFDIR

    def is_file(self, *, follow_symlinks=True):
        return self._kind_of(follow_symlinks) & _S_IFMT == _S_IFREG

    def is_junction(self):
        return False

    def stat(self, *, follow_symlinks=True):
        return stat(self.path) if follow_symlinks else lstat(self.path)

    def __repr__(self):
        return f'<DirEntry {self.name!r}>'


class ScandirIterator:
    def __getstate__(self):
        raise TypeError("cannot pickle 'posix.ScandirIterator' object")

    def __init__(self, entries):
        self._entries = iter(entries)

    def __iter__(self):
        return self

    def __next__(self):
        return next(self._entries)

    def close(self):
        self._entries = iter(())

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self.close()


def scandir(path=None):
    if path is None:
        path = '.'
    folder = fspath(path)
    slash = b'/' if isinstance(folder, bytes) else '/'
    entries = []
    for name, inode, kind in _scan(folder):
        entry = DirEntry()
        entry.name = name
        entry.path = folder + name if folder.endswith(slash) else folder + slash + name
        entry._inode = inode
        entry._kind = kind
        entries.append(entry)
    return ScandirIterator(entries)


def uname():
    return uname_result(('Linux', _host_name(), '6.1.0', '#1 SMP', 'x86_64'))


def get_terminal_size(fd=1, /):
    raise OSError(25, 'Inappropriate ioctl for device')


def truncate(path, length):
    fd = open(path, O_WRONLY)
    try:
        ftruncate(fd, length)
    finally:
        close(fd)


def closerange(fd_low, fd_high, /):
    _close_all(fd_low, fd_high, [])


def waitstatus_to_exitcode(status):
    if not isinstance(status, int):
        from operator import index
        status = index(status)
    if not -2 ** 31 <= status < 2 ** 31:
        raise OverflowError('Python int too large to convert to C int')
    if WIFEXITED(status):
        return WEXITSTATUS(status)
    if WIFSIGNALED(status):
        return -WTERMSIG(status)
    if WIFSTOPPED(status):
        raise ValueError(f'process stopped by delivery of signal {WSTOPSIG(status)}')
    raise ValueError(f'invalid wait status: {status}')


def fsync(fd):
    """Files are in the computer's memory: there is nothing to wait for."""
    from select import _descriptor
    fstat(_descriptor(fd))


fdatasync = fsync


def pread(fd, length, offset, /):
    before = lseek(fd, 0, 1)
    try:
        lseek(fd, offset, 0)
        return read(fd, length)
    finally:
        lseek(fd, before, 0)


def pwrite(fd, buffer, offset, /):
    before = lseek(fd, 0, 1)
    try:
        lseek(fd, offset, 0)
        return write(fd, buffer)
    finally:
        lseek(fd, before, 0)


F_ULOCK, F_LOCK, F_TLOCK, F_TEST = 0, 1, 2, 3


def lockf(fd, command, length, /):
    """Locks from the file's position on; `fcntl.lockf` says more."""
    from _processes import _find_lock, _lock
    if command == F_TEST:
        if _find_lock(fd, 1, 1, 0, length) is not None:
            raise PermissionError(13, 'Permission denied')
    elif command in (F_ULOCK, F_LOCK, F_TLOCK):
        _lock(fd, 2 if command == F_ULOCK else 1, 1, 0, length, command == F_LOCK)
    else:
        raise OSError(22, 'Invalid argument')


GRND_NONBLOCK, GRND_RANDOM = 1, 2


def getrandom(size, flags=0):
    return urandom(size)


def abort():
    """Ends the process by SIGABRT, whatever handler there is."""
    from _signals import action, mask, send
    mask(mask(None) & ~(1 << 5))
    action(6, 0)
    send(6, None)


def sync():
    pass


def readinto(fd, buffer, /):
    data = read(fd, len(buffer))
    buffer[:len(data)] = data
    return len(data)



WNOHANG, WUNTRACED, WCONTINUED, WEXITED, WSTOPPED, WNOWAIT = 1, 2, 8, 4, 2, 0x1000000
P_ALL, P_PID, P_PGID = 0, 1, 2
CLD_EXITED, CLD_KILLED, CLD_DUMPED, CLD_TRAPPED, CLD_STOPPED, CLD_CONTINUED = 1, 2, 3, 4, 5, 6


_before_fork, _after_in_child, _after_in_parent = [], [], []


def register_at_fork(*, before=None, after_in_child=None, after_in_parent=None):
    if before is None and after_in_child is None and after_in_parent is None:
        raise TypeError('At least one argument is required.')
    for hook in before, after_in_child, after_in_parent:
        if hook is not None and not callable(hook):
            raise TypeError(f"'{'before' if hook is before else 'after_in_child' if hook is after_in_child else 'after_in_parent'}' must be callable, not {type(hook).__name__}")
    if before is not None:
        _before_fork.insert(0, before)
    if after_in_child is not None:
        _after_in_child.append(after_in_child)
    if after_in_parent is not None:
        _after_in_parent.append(after_in_parent)


def _run_hooks(hooks):
    for hook in hooks:
        try:
            hook()
        except BaseException as error:
            from sys import unraisablehook
            from types import SimpleNamespace
            unraisablehook(SimpleNamespace(exc_type=type(error), exc_value=error, exc_traceback=error.__traceback__,
                                           err_msg='Exception ignored in', object=hook))


def fork():
    from _thread import _count
    threads = _count()
    _run_hooks(_before_fork)
    try:
        pid = _fork()
    except OSError:
        _run_hooks(_after_in_parent)
        raise
    if pid == 0:
        _run_hooks(_after_in_child)
        return 0
    _run_hooks(_after_in_parent)
    if threads:
        from warnings import warn
        warn(f'This process (pid={getpid()}) is multi-threaded, use of fork() may lead to deadlocks in the child.',
             DeprecationWarning)
    return pid


def _encoded(text):
    """A str, bytes or path as the bytes that the kernel takes."""
    from os import fsencode
    data = fsencode(text)
    if b'\0' in data:
        raise ValueError('embedded null byte')
    return data


def _arguments(argv, what):
    if not isinstance(argv, (tuple, list)):
        raise TypeError(f'{what} arg 2 must be a tuple or list')
    if not argv:
        raise ValueError(f'{what} arg 2 must not be empty')
    argv = [_encoded(argument) for argument in argv]
    if not argv[0]:
        raise ValueError(f'{what} arg 2 first element cannot be empty')
    return argv


def execv(path, argv, /):
    argv = _arguments(argv, 'execv()')
    # What `putenv` has set; `os.environ` sets it too.
    names, values = _environment()
    _exec(_encoded(path), argv, names, values)


def execve(path, argv, env):
    if isinstance(path, int):
        raise NotImplementedError('execve: path should be string, bytes or os.PathLike, not int')
    argv = _arguments(argv, 'execve:')
    if not hasattr(env, 'keys'):
        raise TypeError('execve: environment must be a mapping object')
    names = [_encoded(name) for name in env.keys()]
    values = [_encoded(value) for value in env.values()]
    if any(not name or b'=' in name for name in names):
        raise ValueError('illegal environment variable name')
    try:
        _exec(_encoded(path), argv, names, values)
    except OSError as error:
        raise OSError(error.errno, error.strerror, path) from None


def wait():
    return waitpid(-1, 0)


def waitid(idtype, id, options, /):
    if idtype not in (P_ALL, P_PID, P_PGID) or not options & (WEXITED | WSTOPPED | WCONTINUED):
        raise OSError(22, 'Invalid argument')
    if idtype == P_PID and id <= 0 or idtype == P_PGID and id < 0:
        raise OSError(22, 'Invalid argument')
    # No group has the number 1, which `waitpid` could not name.
    pid, status = _wait(-1 if idtype == P_ALL else id if idtype == P_PID else -id, options)
    if pid == 0:
        return None
    if WIFEXITED(status):
        code, status = CLD_EXITED, WEXITSTATUS(status)
    elif WIFCONTINUED(status):
        code, status = CLD_CONTINUED, 18
    elif WIFSTOPPED(status):
        code, status = CLD_STOPPED, WSTOPSIG(status)
    else:
        code, status = CLD_KILLED, WTERMSIG(status)
    return waitid_result((pid, getuid(), 17, status, code))


def WIFEXITED(status):
    return status & 0x7f == 0


def WEXITSTATUS(status):
    return status >> 8 & 0xff


def WIFSIGNALED(status):
    return 0 < status & 0x7f < 0x7f


def WTERMSIG(status):
    return status & 0x7f


def WIFSTOPPED(status):
    return status & 0xff == 0x7f


def WSTOPSIG(status):
    return status >> 8 & 0xff


def WIFCONTINUED(status):
    return status == 0xffff


def WCOREDUMP(status):
    return bool(status & 0x80)


sysconf_names = {
    'SC_ARG_MAX': 0, 'SC_CHILD_MAX': 1, 'SC_CLK_TCK': 2, 'SC_NGROUPS_MAX': 3, 'SC_OPEN_MAX': 4, 'SC_PAGESIZE': 30, 'SC_PAGE_SIZE': 30,
    'SC_IOV_MAX': 60, 'SC_GETPW_R_SIZE_MAX': 70, 'SC_NPROCESSORS_CONF': 83, 'SC_NPROCESSORS_ONLN': 84, 'SC_PHYS_PAGES': 85,
    'SC_AVPHYS_PAGES': 86, 'SC_SEM_NSEMS_MAX': 32, 'SC_SEM_VALUE_MAX': 33,
}


def sysconf(name, /):
    if isinstance(name, str):
        try:
            name = sysconf_names[name]
        except KeyError:
            raise ValueError('unrecognized configuration name') from None
    elif not isinstance(name, int):
        raise TypeError('configuration names must be strings or integers')
    values = {0: 2097152, 1: 127235, 2: 100, 3: 65536, 4: 1024, 30: 4096, 32: -1, 33: 2147483647, 60: 1024, 70: 1024,
              83: cpu_count(), 84: cpu_count(), 85: 2097152, 86: 1048576}
    if name not in values:
        raise OSError(22, 'Invalid argument')
    return values[name]


def pipe2(flags, /):
    read, write = pipe()
    if flags & O_NONBLOCK:
        set_blocking(read, False)
        set_blocking(write, False)
    return read, write


def writev(fd, buffers, /):
    return write(fd, b''.join(bytes(buffer) for buffer in buffers))


def readv(fd, buffers, /):
    data = read(fd, sum(memoryview(buffer).nbytes for buffer in buffers))
    done = 0
    for buffer in buffers:
        with memoryview(buffer) as view, view.cast('B') as view:
            part = data[done:done + len(view)]
            view[:len(part)] = part
            done += len(part)
    return done


from _heddle_structseq import make as _make

times_result = _make('posix', 'times_result', ('user', 'system', 'children_user', 'children_system', 'elapsed'))
waitid_result = _make('posix', 'waitid_result', ('si_pid', 'si_uid', 'si_signo', 'si_status', 'si_code'))
sched_param = _make('posix', 'sched_param', ('sched_priority',))
statvfs_result = _make('os', 'statvfs_result', (
    'f_bsize', 'f_frsize', 'f_blocks', 'f_bfree', 'f_bavail', 'f_files', 'f_ffree', 'f_favail', 'f_flag', 'f_namemax'))
statvfs_result.f_fsid = 1
del _make
SCHED_OTHER, SCHED_FIFO, SCHED_RR, SCHED_BATCH, SCHED_IDLE = 0, 1, 2, 3, 5


def statvfs(path):
    """There is one file system, for a million files."""
    fstat(path) if isinstance(path, int) else stat(path)
    free, pages = _space()
    return statvfs_result((4096, 4096, pages, free, free, 1_000_000, 1_000_000, 1_000_000, 0, 255))


def fstatvfs(fd, /):
    return statvfs(fd)


def times():
    """Times of the process in ticks of a hundredth of a second, as the kernel counts them."""
    from time import monotonic
    user, system, _, _, _, *children = _usage(False)
    return times_result([ns // 10_000_000 / 100 for ns in (user, system, *children)] + [int(monotonic() * 100) / 100])


def wait4(pid, options):
    """As waitpid, and what the child has used."""
    from resource import RUSAGE_CHILDREN, getrusage, struct_rusage
    before = getrusage(RUSAGE_CHILDREN)
    found, status = waitpid(pid, options)
    used = (now - then for now, then in zip(getrusage(RUSAGE_CHILDREN), before))
    return found, status, struct_rusage(used)


def wait3(options):
    return wait4(-1, options)


PRIO_PROCESS, PRIO_PGRP, PRIO_USER = 0, 1, 2


def _own_priority(which, who, name):
    if which not in (PRIO_PROCESS, PRIO_PGRP, PRIO_USER):
        raise OSError(22, 'Invalid argument')
    if which != PRIO_PROCESS or who not in (0, getpid()):
        raise NotImplementedError(f'Heddle does not support os.{name} of anything but the calling thread')


def getpriority(which, who):
    _own_priority(which, who, 'getpriority')
    return nice(0)


def setpriority(which, who, priority):
    _own_priority(which, who, 'setpriority')
    nice(max(-20, min(19, priority)) - nice(0))


def getloadavg():
    """The machine keeps its averages from the beginning of the run: the mean number of cores in use, three times."""
    from time import monotonic
    elapsed = monotonic()
    load = sum(_usage(False)[:2]) / 1e9 / elapsed if elapsed else 0.0
    return (load, load, load)


def sched_getscheduler(pid, /):
    return SCHED_OTHER


def sched_get_priority_min(policy):
    return 1 if policy in (SCHED_FIFO, SCHED_RR) else 0


def sched_get_priority_max(policy):
    return 99 if policy in (SCHED_FIFO, SCHED_RR) else 0


def getpgrp():
    return getpgid(0)


def setpgrp():
    setpgid(0, 0)


def getlogin():
    return 'lab'


def getgroups():
    return [1000]


def ttyname(fd, /):
    fstat(fd)
    raise OSError(25, 'Inappropriate ioctl for device')


def kill(pid, signal, /):
    from _signal import _kill, _run_here
    if pid != getpid():
        _posix_kill(pid, signal)
        # A group may be the own one.
        if pid <= 0:
            _run_here()
    elif signal:
        _kill(signal)


def killpg(pgid, signal, /):
    if pgid < 0 or pgid == 1:
        raise OSError(3, 'No such process') if pgid == 1 else OSError(22, 'Invalid argument')
    kill(-pgid, signal)
