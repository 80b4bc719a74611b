# /// lab
# title = "A channel of pickles to a subprocess"
# python = "3.13"
# cores = 2
# seed = 1
# ///
# David Beazley's channel (USENIX 2009): two files with a layer of pickle around them carry almost any object to another Python. This is
# parent.py; child.py and channel.py are beside it.
# Look at: the child is another program (exec), not a copy; its standard input and output are the two pipes.
# Change: send a function of this file, or a generator. Which one can be pickled here, and which one can be read there?
import subprocess
import sys

import channel

p = subprocess.Popen([sys.executable, "child.py"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
ch = channel.Channel(p.stdin, p.stdout)
for item in ("Hello World", 42, [1, 2, 3, 4], {"host": "python.org", "port": 80}):
    ch.send(item)
    print(ch.recv())
p.stdin.close()
print("the child has ended with", p.wait())
