# What threads refuse: starting twice, joining oneself or too early, wrong arguments, changing daemon while running.
import threading


def attempt(label, action):
    try:
        print(label, "->", action())
    except Exception as error:
        print(label, "->", type(error).__name__ + ":", error)


t = threading.Thread(target=print, args=("ran",))
attempt("join before start", t.join)
t.start()
t.join()
attempt("start twice", t.start)
attempt("join oneself", threading.current_thread().join)
attempt("group", lambda: threading.Thread(group="x"))
attempt("daemon after start", lambda: setattr(threading.current_thread(), "daemon", True))


class Forgetful(threading.Thread):
    def __init__(self):
        self.value = 1


attempt("no super().__init__", lambda: Forgetful().start())
attempt("run by hand", lambda: threading.Thread(target=lambda: print("in", threading.current_thread().name)).run())


def inner():
    attempt("self join in thread", threading.current_thread().join)


s = threading.Thread(target=inner)
s.start()
s.join()
d = threading.Thread(target=print)
d.daemon = True
print(d.daemon, d.isDaemon.__name__)
attempt("negative join", lambda: t.join(-1))
attempt("args not a tuple", lambda: threading.Thread(target=print, args=5).run())
