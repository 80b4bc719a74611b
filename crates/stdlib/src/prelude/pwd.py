# pwd: the one user of the machine.
from _heddle_structseq import make as _make

struct_passwd = _make('pwd', 'struct_passwd', ('pw_name', 'pw_passwd', 'pw_uid', 'pw_gid', 'pw_gecos', 'pw_dir', 'pw_shell'))
_USER = struct_passwd(('user', 'x', 1000, 1000, '', '/home/user', '/bin/sh'))


def getpwuid(uid, /):
    if not isinstance(uid, int):
        raise TypeError(f'uid should be integer, not {type(uid).__name__}')
    if uid == _USER.pw_uid:
        return _USER
    raise KeyError(f'getpwuid(): uid not found: {uid}')


def getpwnam(name, /):
    if not isinstance(name, str):
        raise TypeError(f'getpwnam() argument must be str, not {type(name).__name__}')
    if name == _USER.pw_name:
        return _USER
    raise KeyError(f'getpwnam(): name not found: {name!r}')


def getpwall():
    return [_USER]
