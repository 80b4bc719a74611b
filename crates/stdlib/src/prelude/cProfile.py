# cProfile: the profiler of CPython's _lsprof, by sys.setprofile and virtual time.
__all__ = ['run', 'runctx', 'Profile']

import profile as _pyprofile
import sys as _sys
import time as _time


def run(statement, filename=None, sort=-1):
    return _pyprofile._Utils(Profile).run(statement, filename, sort)


def runctx(statement, globals, locals, filename=None, sort=-1):
    return _pyprofile._Utils(Profile).runctx(statement, globals, locals, filename, sort)


class _Entry:
    # Of one function: calls, of these recursive ones, time in it and its callees, time in it alone; and of its callers the same.
    __slots__ = ('calls', 'recursive', 'total', 'inline', 'depth', 'callers')

    def __init__(self):
        self.calls = self.recursive = self.depth = 0
        self.total = self.inline = 0.0
        self.callers = {}


class Profile:
    """Profile(timer=None, timeunit=0.0, subcalls=True, builtins=True)"""

    def __init__(self, timer=None, timeunit=0.0, subcalls=True, builtins=True):
        self._timer = timer or _time.perf_counter
        self._unit = timeunit or (1.0 if timer is None else 1.0)
        self._builtins = builtins
        self._subcalls = subcalls
        self.clear()

    def clear(self):
        self._entries = {}
        self._stack = []

    def enable(self, subcalls=True, builtins=True):
        self._subcalls, self._builtins = subcalls, builtins
        if _sys.getprofile() is not None:
            raise ValueError('Another profiling tool is already active')
        _sys.setprofile(self._event)

    def disable(self):
        _sys.setprofile(None)
        now = self._timer()
        while self._stack:
            self._leave(now)

    def _event(self, frame, event, arg):
        now = self._timer()
        if event == 'call':
            code = frame.f_code
            self._enter((code.co_filename, code.co_firstlineno, code.co_name), now)
        elif event == 'return':
            if self._stack:
                self._leave(now)
        elif self._builtins:
            if event == 'c_call':
                self._enter(_label_of_builtin(arg), now)
            elif self._stack:
                self._leave(now)

    def _enter(self, label, now):
        entry = self._entries.get(label)
        if entry is None:
            entry = self._entries[label] = _Entry()
        entry.depth += 1
        self._stack.append([label, entry, now, 0.0])

    def _leave(self, now):
        label, entry, began, inner = self._stack.pop()
        elapsed = (now - began) * self._unit
        entry.depth -= 1
        entry.calls += 1
        entry.inline += elapsed - inner
        if entry.depth:
            entry.recursive += 1
        else:
            entry.total += elapsed
        if self._stack:
            caller = self._stack[-1]
            caller[3] += elapsed
            if self._subcalls:
                calls, recursive, inline, total = entry.callers.get(caller[0], (0, 0, 0.0, 0.0))
                entry.callers[caller[0]] = (calls + 1, recursive + bool(entry.depth), inline + elapsed - inner, total + elapsed)

    def print_stats(self, sort=-1):
        import pstats
        if not isinstance(sort, tuple):
            sort = (sort,)
        pstats.Stats(self).strip_dirs().sort_stats(*sort).print_stats()

    def dump_stats(self, file):
        import marshal
        with open(file, 'wb') as f:
            self.create_stats()
            marshal.dump(self.stats, f)

    def create_stats(self):
        self.disable()
        self.snapshot_stats()

    def snapshot_stats(self):
        self.stats = {}
        for label, e in self._entries.items():
            callers = {caller: (calls, calls - recursive, inline, total)
                       for caller, (calls, recursive, inline, total) in e.callers.items()}
            self.stats[label] = (e.calls - e.recursive, e.calls, e.inline, e.total, callers)

    def run(self, cmd):
        import __main__
        namespace = __main__.__dict__
        return self.runctx(cmd, namespace, namespace)

    def runctx(self, cmd, globals, locals):
        self.enable()
        try:
            exec(cmd, globals, locals)
        finally:
            self.disable()
        return self

    def runcall(self, func, /, *args, **kw):
        self.enable()
        try:
            return func(*args, **kw)
        finally:
            self.disable()

    def __enter__(self):
        self.enable()
        return self

    def __exit__(self, *exc_info):
        self.disable()


def _label_of_builtin(function):
    owner = getattr(function, '__self__', None)
    if owner is not None and not isinstance(owner, type(_sys)):
        kind = owner if isinstance(owner, type) else type(owner)
        return ('~', 0, f"<method '{function.__name__}' of '{kind.__name__}' objects>")
    module = getattr(function, '__module__', None)
    name = getattr(function, '__qualname__', repr(function))
    return ('~', 0, f'<built-in method {module}.{name}>' if module else f'<built-in method {name}>')


def label(code):
    if isinstance(code, str):
        return ('~', 0, code)
    return (code.co_filename, code.co_firstlineno, code.co_name)
