# /// lab
# title = "Who runs here?"
# python = "3.13"
# cores = 2
# ///
import threading

# current_thread() is the thread that asks; active_count() counts those that have been started and are not over, the main thread included.
# Look at: the names on the lanes. Change: leave the names out, and Python gives numbers.

meet = threading.Barrier(3)


def introduce():
    me = threading.current_thread()
    meet.wait()                 # all are there now
    names.append(me.name)
    meet.wait()


names = []
print("at first:", threading.current_thread().name, threading.active_count())
threads = [threading.Thread(target=introduce, name=name) for name in ("Ada", "Bob")]
for t in threads:
    t.start()
meet.wait()
print("now:", threading.active_count(), "of them, main thread alive:", threading.main_thread().is_alive())
meet.wait()
for t in threads:
    t.join()
print(sorted(names), "and then", threading.active_count())
