# _signal: handlers are kept and run by raise_signal; nothing else sends signals in this computer yet.
SIG_DFL, SIG_IGN = 0, 1
SIG_BLOCK, SIG_UNBLOCK, SIG_SETMASK = 0, 1, 2
SIGHUP, SIGINT, SIGQUIT, SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGKILL, SIGUSR1, SIGSEGV, SIGUSR2, SIGPIPE, SIGALRM, SIGTERM = range(1, 16)
SIGCHLD, SIGCONT, SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU, SIGURG, SIGXCPU, SIGXFSZ, SIGVTALRM, SIGPROF, SIGWINCH, SIGIO = range(17, 30)
SIGSYS = 31
NSIG = 65
ITIMER_REAL, ITIMER_VIRTUAL, ITIMER_PROF = 0, 1, 2
ItimerError = OSError

_names = {
    1: 'Hangup', 2: 'Interrupt', 3: 'Quit', 4: 'Illegal instruction', 5: 'Trace/breakpoint trap', 6: 'Aborted', 7: 'Bus error',
    8: 'Floating point exception', 9: 'Killed', 10: 'User defined signal 1', 11: 'Segmentation fault', 12: 'User defined signal 2',
    13: 'Broken pipe', 14: 'Alarm clock', 15: 'Terminated', 17: 'Child exited', 18: 'Continued', 19: 'Stopped (signal)', 20: 'Stopped',
}


class _Handler:
    """The default handler of SIGINT: a function that does not become a method of the class it stands in."""

    __name__ = __qualname__ = 'default_int_handler'
    __module__ = '_signal'
    __doc__ = 'The default handler for SIGINT installed by Python.\n\nIt raises KeyboardInterrupt.'

    def __call__(self, signalnum, frame, /):
        raise KeyboardInterrupt

    def __repr__(self):
        return '<built-in function default_int_handler>'

    def __reduce__(self):
        return 'default_int_handler'


default_int_handler = _Handler()
del _Handler


_handlers = {number: SIG_DFL for number in range(1, NSIG)}
_handlers[SIGINT] = default_int_handler
_handlers[SIGPIPE] = SIG_IGN


def _check(signalnum):
    if not 1 <= signalnum < NSIG:
        raise ValueError('signal number out of range')


def signal(signalnum, handler, /):
    _check(signalnum)
    if not callable(handler) and handler not in (SIG_DFL, SIG_IGN):
        raise TypeError('signal handler must be signal.SIG_IGN, signal.SIG_DFL, or a callable object')
    if signalnum in (SIGKILL, SIGSTOP):
        raise OSError(22, 'Invalid argument')
    old = _handlers[signalnum]
    _handlers[signalnum] = handler
    return old


def getsignal(signalnum, /):
    _check(signalnum)
    return _handlers[signalnum]


def raise_signal(signalnum, /):
    _check(signalnum)
    handler = _handlers[signalnum]
    if _wakeup_fd != -1 and handler != SIG_IGN and handler != SIG_DFL:
        _wake(signalnum)
    if callable(handler):
        handler(signalnum, None)
    elif handler == SIG_DFL and signalnum not in (SIGCHLD, SIGCONT, SIGURG, SIGWINCH):
        raise NotImplementedError(f'Heddle does not support the default action of signal {int(signalnum)}')


def _interrupt(signalnum):
    """`_thread.interrupt_main`. A handler of the program runs in the thread that asks for it."""
    _check(signalnum)
    handler = _handlers[signalnum]
    if handler is default_int_handler:
        from _thread import _interrupt
        _interrupt()
    elif callable(handler):
        handler(signalnum, None)


def strsignal(signalnum, /):
    _check(signalnum)
    return _names.get(signalnum, f'Unknown signal {int(signalnum)}')


def valid_signals():
    return set(range(1, NSIG)) - {32, 33}


def siginterrupt(signalnum, flag, /):
    _check(signalnum)


_wakeup_fd, _warns = -1, True


def set_wakeup_fd(fd, /, *, warn_on_full_buffer=True):
    global _wakeup_fd, _warns
    from _thread import _get_main_thread_ident, get_ident
    if get_ident() != _get_main_thread_ident():
        raise ValueError('set_wakeup_fd only works in main thread of the main interpreter')
    if fd != -1:
        from posix import fstat, get_blocking
        fstat(fd)
        if get_blocking(fd):
            raise ValueError(f'the fd {fd} must be in non-blocking mode')
    old, _wakeup_fd, _warns = _wakeup_fd, fd, warn_on_full_buffer
    return old


def _wake(signalnum):
    """Writes the signal's number to the descriptor that an event loop waits for."""
    from posix import write
    try:
        write(_wakeup_fd, bytes([signalnum]))
    except BlockingIOError as error:
        if _warns:
            import sys
            sys.stderr.write(f'Exception ignored when trying to send to the signal wakeup fd:\nBlockingIOError: {error}\n')
    except OSError as error:
        import sys
        sys.stderr.write(f'Exception ignored when trying to write to the signal wakeup fd:\nOSError: {error}\n')


def _refuse(name):
    def function(*args, **kwargs):
        raise NotImplementedError(f'Heddle does not support signal.{name}')
    function.__name__ = function.__qualname__ = name
    return function


alarm = _refuse('alarm')
setitimer = _refuse('setitimer')
getitimer = _refuse('getitimer')
pause = _refuse('pause')
pthread_kill = _refuse('pthread_kill')
pthread_sigmask = _refuse('pthread_sigmask')
