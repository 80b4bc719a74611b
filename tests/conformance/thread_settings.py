# sys.setswitchinterval, stack_size, setprofile hooks absent by default, get_ident, excepthook fields, TIMEOUT_MAX.
import sys
import threading

print(sys.getswitchinterval())
sys.setswitchinterval(0.001)
print(sys.getswitchinterval())
for value in (0, -1, "x"):
    try:
        sys.setswitchinterval(value)
    except (ValueError, TypeError) as error:
        print(type(error).__name__, error)
print(threading.stack_size(), threading.TIMEOUT_MAX > 1e6, isinstance(threading.get_ident(), int), isinstance(threading.get_native_id(), int))
print(threading.main_thread() is threading.current_thread(), threading.gettrace(), threading.getprofile())
import _thread
print(_thread.error is RuntimeError, threading.ThreadError is RuntimeError, type(_thread.allocate_lock()).__name__, type(threading.Lock()) is _thread.LockType)
log = []
done = _thread.allocate_lock()
done.acquire()


def raw(a, b=2):
    log.append((a, b, threading.current_thread().name.startswith("Dummy")))
    done.release()


_thread.start_new_thread(raw, (1,), {"b": 3})
done.acquire()
print(log)


def leave():
    log.append("before")
    try:
        _thread.exit()
    finally:
        done.release()
    log.append("never")


log.clear()
_thread.start_new_thread(leave, ())
done.acquire()
print(log)
for bad in (lambda: _thread.start_new_thread(5, ()), lambda: _thread.start_new_thread(raw, [1])):
    try:
        bad()
    except TypeError as error:
        print(error)
