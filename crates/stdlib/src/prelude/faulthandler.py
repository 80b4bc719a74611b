# faulthandler: the interpreter has no faults of its own to handle; stacks of threads can be written on demand.
import sys as _sys

_enabled = False


def enable(file=None, all_threads=True, c_stack=True):
    global _enabled
    _enabled = True


def disable():
    global _enabled
    was, _enabled = _enabled, False
    return was


def is_enabled():
    return _enabled


def _write_stack(file, frame):
    while frame is not None:
        code = frame.f_code
        file.write(f'  File "{code.co_filename}", line {frame.f_lineno} in {code.co_name}\n')
        frame = frame.f_back


def dump_traceback(file=None, all_threads=True):
    if file is None:
        file = _sys.stderr
    import _thread
    mine = _thread.get_ident()
    if all_threads:
        for ident, frame in _sys._current_frames().items():
            if ident != mine:
                file.write(f'Thread 0x{ident:016x} (most recent call first):\n')
                _write_stack(file, frame)
                file.write('\n')
    name = f'Current thread 0x{mine:016x}' if all_threads else 'Stack'
    file.write(f'{name} (most recent call first):\n')
    _write_stack(file, _sys._getframe(1))


def dump_c_stack(file=None):
    raise NotImplementedError('Heddle does not support faulthandler.dump_c_stack')


def dump_traceback_later(timeout, repeat=False, file=None, exit=False):
    raise NotImplementedError('Heddle does not support faulthandler.dump_traceback_later')


def cancel_dump_traceback_later():
    pass


def register(signum, file=None, all_threads=True, chain=False):
    raise NotImplementedError('Heddle does not support faulthandler.register')


def unregister(signum, /):
    return False


def _sigsegv(release_gil=False, /):
    """Ends the process as a fault of C code would."""
    import posix
    posix.kill(posix.getpid(), 11)


def _sigabrt():
    import posix
    posix.kill(posix.getpid(), 6)


def _sigfpe():
    import posix
    posix.kill(posix.getpid(), 8)
