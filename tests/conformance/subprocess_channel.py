# Two programs that talk in pickles over standard input and output, each message led by its length: a parent that keeps a child as its worker.
import os
import pickle
import struct
import subprocess
import sys

CHILD = '''
import channel, sys, traceback

out = sys.stdout.buffer
sys.stdout = sys.stderr
for name, args in iter(lambda: channel.receive(sys.stdin.buffer), None):
    try:
        answer = 'ok', {'add': lambda a, b: a + b, 'size': len, 'fail': lambda: 1 / 0, 'path': lambda: sys.argv}[name](*args)
    except Exception as error:
        answer = 'error', repr(error)
    channel.send(out, answer)
print('child is done', file=sys.stderr)
'''
CHANNEL = '''
import pickle, struct

def send(file, item):
    data = pickle.dumps(item)
    file.write(struct.pack('!I', len(data)) + data)
    file.flush()

def receive(file):
    head = file.read(4)
    if len(head) < 4:
        raise EOFError
    return pickle.loads(file.read(*struct.unpack('!I', head)))
'''
for name, text in (('channel.py', CHANNEL), ('child.py', CHILD)):
    with open(name, 'w') as file:
        file.write(text)
sys.path.insert(0, os.getcwd())
import channel

with subprocess.Popen([sys.executable, 'child.py', 'an argument'], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as child:
    for request in (('add', (2, 3)), ('add', ('a', 'b')), ('size', (bytes(100_000),)), ('fail', ()), ('path', ())):
        channel.send(child.stdin, request)
        print(channel.receive(child.stdout))
    channel.send(child.stdin, None)
    print(child.wait(), child.stderr.read())
    try:
        channel.receive(child.stdout)
    except EOFError:
        print('EOF')
for name in ('channel.py', 'child.py'):
    os.unlink(name)
