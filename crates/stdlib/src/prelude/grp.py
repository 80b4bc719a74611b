# grp: the one group of the machine.
from _heddle_structseq import make as _make

struct_group = _make('grp', 'struct_group', ('gr_name', 'gr_passwd', 'gr_gid', 'gr_mem'))
_GROUP = struct_group(('user', 'x', 1000, []))


def getgrgid(id):
    if not isinstance(id, int):
        raise TypeError(f'gid should be integer, not {type(id).__name__}')
    if id == _GROUP.gr_gid:
        return _GROUP
    raise KeyError(f'getgrgid(): gid not found: {id}')


def getgrnam(name):
    if not isinstance(name, str):
        raise TypeError(f"getgrnam() argument 'name' must be str, not {type(name).__name__}")
    if name == _GROUP.gr_name:
        return _GROUP
    raise KeyError(f'getgrnam(): name not found: {name!r}')


def getgrall():
    return [_GROUP]
