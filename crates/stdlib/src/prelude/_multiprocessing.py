# _multiprocessing: semaphores between processes are not there yet.
flags = {'HAVE_SEM_OPEN': 1, 'HAVE_SEM_TIMEDWAIT': 1}


class SemLock:
    SEM_VALUE_MAX = 2147483647

    def __new__(cls, kind, value, maxvalue, name, unlink):
        raise NotImplementedError('Heddle does not support multiprocessing semaphores')

    @classmethod
    def _rebuild(cls, handle, kind, maxvalue, name):
        raise NotImplementedError('Heddle does not support multiprocessing semaphores')


def sem_unlink(name, /):
    raise NotImplementedError('Heddle does not support multiprocessing semaphores')
