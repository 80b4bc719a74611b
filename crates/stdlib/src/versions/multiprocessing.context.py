

# The end of multiprocessing/context.py: the default start method follows the version of Python, or what the scenario says.
from _posix import _library_rules
_default_context._default_context = _concrete_contexts[_library_rules()[0]]
del _library_rules
