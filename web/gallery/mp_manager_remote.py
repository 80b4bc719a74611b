# /// lab
# title = "A manager on another computer"
# python = "3.13"
# cores = 2
# hosts = "office script=__main__ latency=1ms cores=1"
# ///
import socket
import time
from multiprocessing.managers import BaseManager

# A manager can be on another computer: whoever knows its address and its key gets proxies for what it shares. Every call of a method goes
# there and back through the network.
# Look at: the two computers, and how long a call waits. Change: latency=20ms, and count what a call costs.

ADDRESS = ("office", 5000)
KEY = b"secret"
notes = {}


class Notes(BaseManager):
    pass


if socket.gethostname() == "office":
    Notes.register("get_notes", callable=lambda: notes)
    server = Notes(address=("", 5000), authkey=KEY).get_server()
    server.serve_forever()
else:
    Notes.register("get_notes")
    time.sleep(0.3)             # the office opens
    manager = Notes(address=ADDRESS, authkey=KEY)
    manager.connect()
    shared = manager.get_notes()
    shared.update({"text": "hello \N{SNAKE}", 1: "one", (2, 3): [4, 5]})
    print("in the office:", shared.get("text"), shared.get((2, 3)))
    start = time.perf_counter()
    shared.get(1)
    print("a call takes the way there and back:", time.perf_counter() - start > 0.002)
    print("here:", notes)
