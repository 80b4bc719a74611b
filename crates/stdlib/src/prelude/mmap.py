# mmap: files cannot be mapped yet; the constants are those of Linux.
error = OSError
PAGESIZE = ALLOCATIONGRANULARITY = 4096
ACCESS_DEFAULT, ACCESS_READ, ACCESS_WRITE, ACCESS_COPY = range(4)
MAP_SHARED, MAP_PRIVATE, MAP_ANON, MAP_ANONYMOUS, MAP_POPULATE, MAP_NORESERVE = 1, 2, 32, 32, 32768, 16384
PROT_READ, PROT_WRITE, PROT_EXEC = 1, 2, 4


class mmap:
    def __new__(cls, fileno, length, *args, **kwargs):
        raise NotImplementedError('Heddle does not support mmap')
