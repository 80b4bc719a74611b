# What forks and copies make of interpreters: a child has the main one alone, an isolated one cannot fork, and copies have a limit.
import os
from concurrent import interpreters

other = interpreters.create()
try:
    other.exec('import os; os.fork()')
except interpreters.ExecutionFailed as error:
    print(error.excinfo.msg, flush=True)
pid = os.fork()
if pid == 0:
    print([one.id for one in interpreters.list_all()], flush=True)
    os._exit(0)
os.waitpid(pid, 0)
print([one.id for one in interpreters.list_all()])

# Forty objects here, more than can be counted to there.
pairs = ()
for _ in range(40):
    pairs = (pairs, pairs)
try:
    interpreters.create_queue().put(pairs)
except MemoryError:
    print('MemoryError')
