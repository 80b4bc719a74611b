# _signal: keeps the handlers of signals and runs them; the computer decides which signals come (natives in `_signals`).
import _signals
SIG_DFL, SIG_IGN = 0, 1
SIG_BLOCK, SIG_UNBLOCK, SIG_SETMASK = 0, 1, 2
SIGHUP, SIGINT, SIGQUIT, SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGKILL, SIGUSR1, SIGSEGV, SIGUSR2, SIGPIPE, SIGALRM, SIGTERM = range(1, 16)
SIGCHLD, SIGCONT, SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU, SIGURG, SIGXCPU, SIGXFSZ, SIGVTALRM, SIGPROF, SIGWINCH, SIGIO = range(17, 30)
SIGSYS = 31
NSIG = 65
ITIMER_REAL, ITIMER_VIRTUAL, ITIMER_PROF = 0, 1, 2
SIGPOLL, SIGPWR, SIGSTKFLT, SIGCLD = 29, 30, 16, 17
SIGIOT, SIGRTMIN, SIGRTMAX = 6, 34, 64


class itimer_error(OSError):
    pass


itimer_error.__module__ = 'signal'
ItimerError = itimer_error
del itimer_error

_names = {
    1: 'Hangup', 2: 'Interrupt', 3: 'Quit', 4: 'Illegal instruction', 5: 'Trace/breakpoint trap', 6: 'Aborted', 7: 'Bus error',
    8: 'Floating point exception', 9: 'Killed', 10: 'User defined signal 1', 11: 'Segmentation fault', 12: 'User defined signal 2',
    13: 'Broken pipe', 14: 'Alarm clock', 15: 'Terminated', 17: 'Child exited', 18: 'Continued', 19: 'Stopped (signal)', 20: 'Stopped',
    16: 'Stack fault', 21: 'Stopped (tty input)', 22: 'Stopped (tty output)', 23: 'Urgent I/O condition', 24: 'CPU time limit exceeded',
    25: 'File size limit exceeded', 26: 'Virtual timer expired', 27: 'Profiling timer expired', 28: 'Window changed', 29: 'I/O possible',
    30: 'Power failure', 31: 'Bad system call',
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
_handlers.update({number: SIG_IGN for number in range(1, NSIG) if _signals.ignored_at_start() >> number - 1 & 1})


def _check(signalnum):
    if not 1 <= signalnum < NSIG:
        raise ValueError('signal number out of range')


def _is_main():
    from _thread import _get_main_thread_ident, _is_main_interpreter, get_ident
    return get_ident() == _get_main_thread_ident() and _is_main_interpreter()


def signal(signalnum, handler, /):
    signalnum = _index(signalnum)
    if not _is_main():
        raise ValueError('signal only works in main thread of the main interpreter')
    _check(signalnum)
    # By identity, so that no method of the handler is called; the enum Handlers has the numbers 0 and 1.
    if isinstance(handler, int) and handler in (SIG_DFL, SIG_IGN):
        what = int(handler)
    elif callable(handler):
        what = 2
    else:
        raise TypeError('signal handler must be signal.SIG_IGN, signal.SIG_DFL, or a callable object')
    if signalnum in (SIGKILL, SIGSTOP, 32, 33):
        raise OSError(22, 'Invalid argument')
    _deliver()
    _signals.action(signalnum, what)
    old = _handlers[signalnum]
    _handlers[signalnum] = what if what < 2 else handler
    return old


def _index(number):
    from operator import index
    return index(number)


def getsignal(signalnum, /):
    _check(signalnum)
    return _handlers[signalnum]


def raise_signal(signalnum, /):
    signalnum = _index(signalnum)
    if not 1 <= signalnum < NSIG:
        raise OSError(22, 'Invalid argument')
    from _thread import get_ident
    _signals.send(signalnum, get_ident())
    _run_here()


def _kill(signalnum):
    """`os.kill` of this process."""
    if not 1 <= signalnum < NSIG:
        raise OSError(22, 'Invalid argument')
    _signals.send(signalnum, None)
    _run_here()


def pthread_kill(thread_id, signalnum, /):
    if signalnum == 0:
        return _signals.exists(thread_id)
    if not 1 <= signalnum < NSIG:
        raise OSError(22, 'Invalid argument')
    _signals.send(signalnum, thread_id)
    _run_here()


def _run_here():
    """The caller is the main thread: handlers that are due run before the call returns."""
    if _is_main():
        _deliver()


def _deliver():
    """Runs the handlers of all signals that have come, in the main thread."""
    while signalnum := _signals.take():
        handler = _handlers[signalnum]
        if handler is SIG_IGN or handler is SIG_DFL:
            continue
        if _wakeup_fd != -1:
            _wake(signalnum)
        from sys import _getframe
        handler(signalnum, _getframe())


def _interrupt(signalnum):
    """`_thread.interrupt_main`: as if the signal had come, if it has a handler."""
    _check(signalnum)
    handler = _handlers[signalnum]
    if handler is SIG_IGN or handler is SIG_DFL:
        return
    _signals.trip(signalnum)
    _run_here()


def strsignal(signalnum, /):
    _check(signalnum)
    if 34 <= signalnum <= 64:
        return f'Real-time signal {int(signalnum) - 34}'
    if signalnum in (32, 33):
        return f'Unknown signal {int(signalnum)}'
    return _names.get(signalnum, f'Unknown signal {int(signalnum)}')


def valid_signals():
    return set(range(1, NSIG)) - {32, 33}


def siginterrupt(signalnum, flag, /):
    """Either way calls go on after a handler (PEP 475), so that there is nothing to change."""
    _check(signalnum)


_wakeup_fd, _warns = -1, True


def set_wakeup_fd(fd, /, *, warn_on_full_buffer=True):
    global _wakeup_fd, _warns
    fd = _index(fd)
    if not _is_main():
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


def alarm(seconds, /):
    from math import ceil
    seconds = _index(seconds)
    if not -2 ** 31 <= seconds < 2 ** 31:
        raise OverflowError('signed integer is greater than maximum' if seconds > 0 else 'signed integer is less than minimum')
    left, _ = _signals.timer(ITIMER_REAL, (seconds % 2 ** 32, 0))
    return ceil(left)


def setitimer(which, seconds, interval=0.0, /):
    for value in (seconds, interval):
        if not isinstance(value, (int, float)) and not hasattr(type(value), '__index__'):
            raise TypeError(f"'{type(value).__name__}' object cannot be interpreted as an integer")
    if which not in (ITIMER_REAL, ITIMER_VIRTUAL, ITIMER_PROF) or seconds < 0 or interval < 0:
        raise ItimerError(22, 'Invalid argument')
    # Whole microseconds, as POSIX has them; less than one is one.
    seconds, interval = (max(int(value * 1e6), 1 if value > 0 else 0) / 1e6 for value in (seconds, interval))
    return _signals.timer(which, (seconds, interval))


def getitimer(which, /):
    if which not in (ITIMER_REAL, ITIMER_VIRTUAL, ITIMER_PROF):
        raise ItimerError(22, 'Invalid argument')
    return _signals.timer(which, None)


def pause():
    _signals.pause()


def _bits_of(signals):
    bits = 0
    for signalnum in signals:
        signalnum = _index(signalnum)
        if not 1 <= signalnum < NSIG:
            raise ValueError(f'signal number {signalnum} out of range [1; {NSIG - 1}]')
        bits |= 1 << signalnum - 1
    return bits - (1 << 64) if bits >> 63 else bits


def _set_of(bits):
    return {number for number in range(1, NSIG) if bits >> number - 1 & 1 and number not in (32, 33)}


def pthread_sigmask(how, mask, /):
    wanted = _bits_of(mask)
    if how not in (SIG_BLOCK, SIG_UNBLOCK, SIG_SETMASK):
        raise OSError(22, 'Invalid argument')
    old = _signals.mask(None)
    _signals.mask(old | wanted if how == SIG_BLOCK else old & ~wanted if how == SIG_UNBLOCK else wanted)
    _run_here()
    return _set_of(old)


def sigpending():
    return _set_of(_signals.pending())


def sigwait(sigset, /):
    return _signals.wait(_bits_of(sigset), None)


from _heddle_structseq import make as _make

struct_siginfo = _make('signal', 'struct_siginfo', ('si_signo', 'si_code', 'si_errno', 'si_pid', 'si_uid', 'si_status', 'si_band'))
del _make


def _info(signalnum):
    from posix import getpid, getuid
    return struct_siginfo((signalnum, 0, 0, getpid(), getuid(), 0, 0))


def sigwaitinfo(sigset, /):
    return _info(_signals.wait(_bits_of(sigset), None))


def sigtimedwait(sigset, timeout, /):
    if timeout < 0:
        raise ValueError('timeout must be non-negative')
    signalnum = _signals.wait(_bits_of(sigset), timeout)
    return _info(signalnum) if signalnum else None


_signals.run_by(_deliver)
for _item in list(globals().values()):
    if type(_item) is type(_check) and not _item.__name__.startswith('_'):
        _item.__module__ = 'signal'
del _item
