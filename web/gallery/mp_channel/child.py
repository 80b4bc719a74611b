import sys

import channel

ch = channel.Channel(sys.stdout.buffer, sys.stdin.buffer)
while True:
    try:
        item = ch.recv()
    except EOFError:
        break
    ch.send(("child", item))
