# _posixshmem: memory shared between processes is not there yet.


def shm_open(path, flags, mode=511):
    raise NotImplementedError('Heddle does not support shared memory')


def shm_unlink(path):
    raise NotImplementedError('Heddle does not support shared memory')
