# threading.stack_size and what a Thread keeps after its end.
import threading

print(threading.stack_size(262144), threading.stack_size())
print(threading.stack_size(0), threading.stack_size())
try:
    threading.stack_size(-5)
except ValueError as error:
    print(error)
result = []
t = threading.Thread(target=result.append, args=(threading.stack_size(),), name="sized")
t.start()
t.join()
print(result, t.name, t.is_alive(), t.ident is not None, t.daemon)
