# resource: limits that are not there, and what the process or the thread has used, in virtual time.
from _heddle_structseq import make as _make
from _posix import _usage

error = OSError
RLIM_INFINITY = -1
RUSAGE_SELF, RUSAGE_CHILDREN, RUSAGE_THREAD = 0, -1, 1
(RLIMIT_CPU, RLIMIT_FSIZE, RLIMIT_DATA, RLIMIT_STACK, RLIMIT_CORE, RLIMIT_RSS, RLIMIT_NPROC, RLIMIT_NOFILE, RLIMIT_MEMLOCK,
 RLIMIT_AS) = range(10)

struct_rusage = _make('resource', 'struct_rusage', (
    'ru_utime', 'ru_stime', 'ru_maxrss', 'ru_ixrss', 'ru_idrss', 'ru_isrss', 'ru_minflt', 'ru_majflt', 'ru_nswap', 'ru_inblock',
    'ru_oublock', 'ru_msgsnd', 'ru_msgrcv', 'ru_nsignals', 'ru_nvcsw', 'ru_nivcsw'))


def getrusage(who, /):
    """Times in the interpreter (user) and in the kernel (system), memory by model sizes, and how often a core was given up and taken away."""
    if who not in (RUSAGE_SELF, RUSAGE_CHILDREN, RUSAGE_THREAD):
        raise ValueError('invalid who parameter')
    user, system, memory, given_up, taken, *children = _usage(who == RUSAGE_THREAD)
    if who == RUSAGE_CHILDREN:
        return struct_rusage([ns / 1e9 for ns in children] + [0] * 14)
    return struct_rusage((user / 1e9, system / 1e9, memory // 1024) + (0,) * 11 + (given_up, taken))


# There are no core files, so nothing comes of a limit on them.
_limits = {RLIMIT_NOFILE: (1024, 1024)}


def getrlimit(resource, /):
    if resource not in range(16):
        raise ValueError('invalid resource specified')
    return _limits.get(resource, (RLIM_INFINITY, RLIM_INFINITY))


def setrlimit(resource, limits, /):
    soft, hard = getrlimit(resource)
    new_soft, new_hard = limits
    if (new_soft, new_hard) == (soft, hard):
        return
    if new_hard != RLIM_INFINITY and (new_soft > new_hard or new_soft == RLIM_INFINITY):
        raise ValueError('current limit exceeds maximum limit')
    if hard != RLIM_INFINITY and (new_hard > hard or new_hard == RLIM_INFINITY):
        raise ValueError('not allowed to raise maximum limit')
    if resource != RLIMIT_CORE:
        raise NotImplementedError('Heddle does not support resource.setrlimit')
    _limits[resource] = (new_soft, new_hard)


def getpagesize():
    return 4096
