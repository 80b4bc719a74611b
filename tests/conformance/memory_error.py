# What asks for far more memory than there is raises MemoryError, which a program can catch, and goes on.
def attempt(name, f):
    try:
        f()
        print(name, 'ok')
    except (MemoryError, OverflowError) as e:
        print(name, type(e).__name__)


attempt('str', lambda: 'x' * 10**15)
attempt('bytes', lambda: bytes(10**15))
attempt('list', lambda: [0] * 10**15)
attempt('tuple', lambda: (0,) * 10**15)
attempt('bytearray', lambda: bytearray(10**15))
attempt('center', lambda: 'x'.center(10**15))
attempt('zfill', lambda: 'x'.zfill(10**15))
attempt('format', lambda: f'{1:>{10**15}}')
attempt('ljust', lambda: b'x'.ljust(10**15))
print('alive')
