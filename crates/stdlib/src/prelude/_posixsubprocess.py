# _posixsubprocess: programs cannot be started.


def fork_exec(*args):
    raise NotImplementedError('Heddle does not support subprocess')
