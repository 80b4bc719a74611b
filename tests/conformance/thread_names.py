# Names, identities, representations, current and main thread, enumerate.
import re
import threading


def show():
    me = threading.current_thread()
    print(me.name, me.daemon, me.is_alive(), me.ident == threading.get_ident(), me is threading.main_thread())


def mask(text):
    return re.sub(r"(started|stopped|daemon) -?\d+", r"\1 ID", text)


class Worker(threading.Thread):
    def run(self):
        show()


main = threading.current_thread()
print(main.name, mask(repr(main)), main is threading.main_thread())
a = threading.Thread(target=show)
b = threading.Thread(target=show, name="named")
c = Worker()
d = threading.Thread(target=lambda: show(), daemon=True)
e = Worker(name="worker", daemon=True)
for t in (a, b, c, d, e):
    print(t, t.ident, t.native_id)
    t.start()
    t.join()
    print(mask(repr(t)), isinstance(t.ident, int))
f = threading.Thread(target=show)
print(f.name)
f.name = "renamed"
f.start()
f.join()
print(f.name)
inner = []


def parent():
    child = threading.Thread(target=lambda: inner.append((threading.current_thread().name, threading.current_thread().daemon)))
    child.start()
    child.join()


p = threading.Thread(target=parent, daemon=True)
p.start()
p.join()
print(inner)
stop = threading.Event()
waiting = [threading.Thread(target=stop.wait, name=f"w{n}") for n in range(3)]
for t in waiting:
    t.start()
print(sorted(t.name for t in threading.enumerate()), threading.active_count())
stop.set()
for t in waiting:
    t.join()
print([t.name for t in threading.enumerate()])


class Named:
    def __call__(self):
        print("object called by", threading.current_thread().name)


t = threading.Thread(target=Named())
t.start()
t.join()
