# Runs on the computer node1 of manager.py.
import queue
import socket
import threading
import time
from multiprocessing.managers import BaseManager, DictProxy

tasks, results, table = queue.Queue(), queue.Queue(), {'from': socket.gethostname()}


class Work(BaseManager):
    pass


Work.register('tasks', callable=lambda: tasks)
Work.register('results', callable=lambda: results)
Work.register('table', callable=lambda: table, proxytype=DictProxy)
server = Work(address=('', 50000), authkey=b'the key').get_server()
print('serves on', server.address, flush=True)
threading.Thread(target=server.serve_forever, daemon=True).start()
while tasks.qsize() == 0 or tasks.queue[-1] != 'stop':
    time.sleep(0.05)
print('stops', flush=True)
