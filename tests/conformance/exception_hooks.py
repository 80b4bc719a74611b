# sys.excepthook and sys.unraisablehook set by the program.
import sys


class Noisy:
    def __del__(self):
        raise ValueError('from __del__')


def unraisable(info):
    print('unraisable', info.exc_type.__name__, info.exc_value, info.err_msg is None or info.err_msg[:17], info.object is not None, type(info).__name__)


sys.unraisablehook = unraisable
Noisy()
sys.unraisablehook = sys.__unraisablehook__


def hook(kind, value, traceback):
    print('hook', kind.__name__, value, traceback.tb_lineno)
    raise KeyError('inside the hook')


sys.excepthook = hook
raise RuntimeError('uncaught')
