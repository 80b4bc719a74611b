# An exception in a thread: traceback on stderr, the program goes on, exit status 0; a hook of one's own.
import sys
import threading


def fails(text):
    raise ValueError(text)


def hook(args):
    print("hook:", args.exc_type.__name__, args.exc_value, args.thread.name, args.exc_traceback is not None)


default = threading.excepthook
threading.excepthook = hook
t = threading.Thread(target=fails, args=("seen by the hook",), name="one")
t.start()
t.join()
print(t.is_alive(), threading.__excepthook__ is default)
threading.excepthook = default
t = threading.Thread(target=sys.exit, args=(5,), name="silent exit")
t.start()
t.join()
t = threading.Thread(target=fails, args=("seen on stderr",), name="two")
t.start()
t.join()
print("main goes on")


class Replaced(threading.Thread):
    def run(self):
        try:
            fails("handled inside")
        except ValueError as error:
            print(self.name, "caught", error)


r = Replaced(name="three")
r.start()
r.join()
t = threading.Thread(target=lambda: [][1], name="four")
t.start()
t.join()
