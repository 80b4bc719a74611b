# Two threads of another interpreter hold what the other one wants.
from concurrent import interpreters

one = interpreters.create()
one.exec('''if True:
    import threading
    import time
    first, second = threading.Lock(), threading.Lock()
    def work(mine, other):
        with mine:
            time.sleep(0.01)
            with other:
                pass
    a = threading.Thread(target=work, args=(first, second), name="A")
    b = threading.Thread(target=work, args=(second, first), name="B")
    a.start()
    b.start()
    a.join()
''')
