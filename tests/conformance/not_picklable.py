"""What cannot be pickled: objects of C types that have nothing to say of how they are made."""
import _thread, contextvars, functools, hashlib, io, json, mmap, multiprocessing, os, pickle, re, select, socket, struct, sys, threading, weakref, zlib

def gen():
    yield 1
async def coro():
    pass
async def agen():
    yield 1

class A: pass
a = A()
c = coro()
left, right = socket.socketpair()
things = {
    'lock': threading.Lock(), 'rlock': threading.RLock(), 'local': threading.local(), 
    'epoll': select.epoll(), 'poll': select.poll(), 'blake2b': hashlib.blake2b(), 
    'compressobj': zlib.compressobj(), 'decompressobj': zlib.decompressobj(), 'match': re.match('a', 'a'), 'scanner': re.compile('a').scanner('a'),
    'context': contextvars.copy_context(), 'ContextVar': contextvars.ContextVar('v'), 'generator': gen(), 'coroutine': c, 'agen': agen(),
    'module': os, 'frame': sys._getframe(), 'mappingproxy': A.__dict__, 'weakref': weakref.ref(a), 'proxy': weakref.proxy(a),
    'socket': left, '_socket': socket.socket.__base__(), 'mmap': mmap.mmap(-1, 10), 'SemLock': multiprocessing.Lock()._semlock,
    'SemLock.acquire': multiprocessing.Lock()._semlock.acquire, 'StringIO': io.StringIO, 'BytesIO': io.BytesIO(b'a'), 'FileIO': io.FileIO(0, closefd=False),
    'Struct': struct.Struct('i'), 'scanstring': json.JSONDecoder().scan_once,
    'dict_keys': {}.keys(), 'dict_keyiterator': iter({}), 'handle': _thread.start_joinable_thread(lambda: None), 'cell': (lambda: a).__closure__,
    'lambda': lambda: 1, 'TextIOWrapper': sys.stdout, 'lru': functools.lru_cache(gen), 'property': property(gen),
    'DirEntry': next(iter(os.scandir('/'))), 'scandir': os.scandir('/'), 'traceback': None,
}
try:
    1 / 0
except ZeroDivisionError as e:
    things['traceback'] = e.__traceback__
for name, thing in things.items():
    try:
        print(name, type(pickle.loads(pickle.dumps(thing))).__name__)
    except Exception as e:
        text = str(e).split(' at 0x')[0]
        print(name, type(e).__name__, text)
c.close()
things['epoll'].close()
things['_socket'].close()
