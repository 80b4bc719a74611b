# _posixsubprocess: starts a program in a child process (what `Modules/_posixsubprocess.c` does between `fork` and `exec`).
from posix import (_encoded, _exit, _run_hooks, chdir, close, dup, dup2, execv, execve, set_inheritable, setpgid, setsid,
                   umask as _set_umask, write, _before_fork, _after_in_child, _after_in_parent)
from _processes import _close_all, _fork


def fork_exec(args, executable_list, close_fds, pass_fds, cwd, env, p2cread, p2cwrite, c2pread, c2pwrite, errread, errwrite, errpipe_read,
              errpipe_write, restore_signals, call_setsid, pgid_to_set, gid, extra_groups, uid, child_umask, preexec_fn, /):
    if close_fds and errpipe_write < 3:
        raise ValueError('errpipe_write must be >= 3')
    previous = -1
    for fd in pass_fds:
        if not isinstance(fd, int) or fd <= previous:
            raise ValueError('bad value(s) in fds_to_keep')
        previous = fd
    if preexec_fn is not None:
        from sys import is_finalizing
        if is_finalizing():
            raise PythonFinalizationError('preexec_fn not supported at interpreter shutdown')
    executable_list = [_encoded(path) for path in executable_list]
    argv = [_encoded(argument) for argument in args]
    if any(b'\0' in item for item in (*argv, *(env or ()))):
        raise ValueError('embedded null byte')
    if env is not None:
        # Names and values stand together, as in C.
        env = dict(bytes(item).split(b'=', 1) for item in env)
    if cwd is not None:
        cwd = _encoded(cwd)
    if preexec_fn is not None:
        _run_hooks(_before_fork)
    try:
        pid = _fork()
    except OSError:
        if preexec_fn is not None:
            _run_hooks(_after_in_parent)
        raise
    if pid:
        if preexec_fn is not None:
            _run_hooks(_after_in_parent)
        return pid
    message = b'SubprocessError:0:'
    try:
        if preexec_fn is not None:
            _run_hooks(_after_in_child)
        _prepare(pass_fds, cwd, p2cread, p2cwrite, c2pread, c2pwrite, errread, errwrite, errpipe_read, errpipe_write, restore_signals,
                 call_setsid, pgid_to_set, gid, extra_groups, uid, child_umask)
        if preexec_fn is not None:
            try:
                preexec_fn()
            except BaseException:
                message += b'Exception occurred in preexec_fn.'
                raise
        if close_fds:
            _close_all(3, 2 ** 31 - 1, [*pass_fds, errpipe_write])
        failure = None
        for path in executable_list:
            try:
                if env is None:
                    execv(path, argv)
                else:
                    execve(path, argv, env)
            except OSError as error:
                # That one of the folders does not have it says least.
                if failure is None or error.errno not in (2, 20):  # ENOENT, ENOTDIR
                    failure = error
        raise failure
    except OSError as error:
        failed = getattr(error, '_where', '')
        message = b'OSError:%x:%s' % (error.errno or 0, failed.encode())
    except BaseException:
        pass
    try:
        write(errpipe_write, message)
    except OSError:
        pass
    _exit(255)


def _prepare(pass_fds, cwd, p2cread, p2cwrite, c2pread, c2pwrite, errread, errwrite, errpipe_read, errpipe_write, restore_signals, call_setsid,
             pgid_to_set, gid, extra_groups, uid, child_umask):
    """What happens in the child before the program begins; a failure that is not `exec`'s own says so to the parent."""
    try:
        for fd in pass_fds:
            if fd != errpipe_write:
                set_inheritable(fd, True)
        # The parent's ends.
        for fd in p2cwrite, c2pread, errread, errpipe_read:
            if fd != -1:
                close(fd)
        # Descriptors that are low are in the way of the standard ones.
        if c2pwrite == 0:
            c2pwrite = dup(c2pwrite)
        while errwrite in (0, 1):
            errwrite = dup(errwrite)
        for fd, standard in (p2cread, 0), (c2pwrite, 1), (errwrite, 2):
            if fd == standard:
                set_inheritable(fd, True)
            elif fd != -1:
                dup2(fd, standard)
        if child_umask >= 0:
            _set_umask(child_umask)
        if restore_signals:
            from _signal import SIG_DFL, SIGPIPE, SIGXFSZ, signal
            signal(SIGPIPE, SIG_DFL)
            signal(SIGXFSZ, SIG_DFL)
        if call_setsid:
            setsid()
        if pgid_to_set >= 0:
            setpgid(0, pgid_to_set)
        _become(uid, gid, extra_groups)
    except OSError as error:
        error._where = 'noexec'
        raise
    if cwd is not None:
        try:
            chdir(cwd)
        except OSError as error:
            error._where = 'noexec:chdir'
            raise


def _become(uid, gid, extra_groups):
    """The only user there is may become who it is."""
    from posix import getgid, getgroups, getuid
    if extra_groups is not None and list(extra_groups) != getgroups() or gid not in (None, getgid()) or uid not in (None, getuid()):
        raise PermissionError(1, 'Operation not permitted')
