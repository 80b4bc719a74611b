# line_profiler: hits and time of every line of chosen functions. The interface of the package of this name, in virtual time.
#
# Written for Heddle over sys.monitoring. A line's time runs from its beginning to the beginning of the next line of the same function in
# the same thread, calls and waiting included; what the profiler itself takes is left out. What differs from the package: `profile` prints
# its table at the end and writes no files, and colours (`rich`) and settings files are not there.
__all__ = ['LineProfiler', 'LineStats', 'load_stats', 'main', 'profile', 'show_func', 'show_text']

import atexit
import functools
import inspect
import linecache
import os
import pickle
import sys
import types
from _thread import allocate_lock, get_ident
from time import perf_counter_ns as _now

_events = sys.monitoring.events
_TOOL = sys.monitoring.PROFILER_ID
_LOCAL = _events.LINE | _events.PY_RETURN | _events.PY_YIELD
_UNIT = 1e-9
_WIDTHS = (6, 9, 12, 8, 8)
_watching = []
_changing = allocate_lock()


def _on_line(code, line):
    now = _now()
    for profiler in _watching:
        profiler._line(code, line, now)


def _on_leaving(code, *_):
    now = _now()
    for profiler in _watching:
        profiler._leave(code, now)


def _watch(profiler):
    with _changing:
        if profiler in _watching:
            return
        if not _watching:
            sys.monitoring.use_tool_id(_TOOL, 'line_profiler')
            sys.monitoring.register_callback(_TOOL, _events.LINE, _on_line)
            for event in (_events.PY_RETURN, _events.PY_YIELD, _events.PY_UNWIND):
                sys.monitoring.register_callback(_TOOL, event, _on_leaving)
            sys.monitoring.set_events(_TOOL, _events.PY_UNWIND)
        _watching.append(profiler)
        for code in profiler._lines:
            sys.monitoring.set_local_events(_TOOL, code, _LOCAL)


def _unwatch(profiler):
    with _changing:
        if profiler._enabled or profiler not in _watching:
            return
        _watching.remove(profiler)
        if not _watching:
            sys.monitoring.clear_tool_id(_TOOL)
            sys.monitoring.free_tool_id(_TOOL)


class LineStats:
    """What was measured: timings by (file, first line, name), each a list of (line, hits, time), and the unit of time in seconds."""

    def __init__(self, timings, unit):
        self.timings = timings
        self.unit = unit

    def __repr__(self):
        return f'{type(self).__name__}({self.timings}, {self.unit:.3G})'

    def __eq__(self, other):
        if not isinstance(other, LineStats):
            return NotImplemented
        return (self.timings, self.unit) == (other.timings, other.unit)

    def print(self, stream=None, **options):
        show_text(self.timings, self.unit, stream=stream, **options)

    def to_file(self, filename):
        with open(filename, 'wb') as file:
            pickle.dump(self, file, pickle.HIGHEST_PROTOCOL)

    @classmethod
    def from_files(cls, file, /, *files):
        timings = {}
        for name in (file, *files):
            with open(name, 'rb') as stream:
                stats = pickle.load(stream)
            for key, lines in stats.timings.items():
                sums = {line: (hits, time) for line, hits, time in timings.get(key, ())}
                for line, hits, time in lines:
                    more_hits, more_time = sums.get(line, (0, 0))
                    sums[line] = hits + more_hits, time + more_time
                timings[key] = [(line, *sums[line]) for line in sorted(sums)]
        return cls(timings, _UNIT)


class LineProfiler:
    """Counts and times the lines of functions that were added, while it is enabled."""

    def __init__(self, *functions, **_):
        self.functions = []
        # For each code object: line -> [hits, time].
        self._lines = {}
        # What runs, by thread and code: (line, when it began).
        self._running = {}
        # One entry for each enable_by_count: changes of a list are not torn by a switch of threads.
        self._enabled = []
        for function in functions:
            self.add_callable(function)

    def __call__(self, function):
        self.add_callable(function)
        return self.wrap_callable(function)

    @property
    def enable_count(self):
        return len(self._enabled)

    timer_unit = _UNIT

    # What is watched.

    def add_callable(self, function, **_):
        """Adds a function; 1 if it was new."""
        new = 0
        for inner in _functions_of(function):
            if inner.__code__ not in self._lines:
                self._lines[inner.__code__] = {}
                self.functions.append(inner)
                new = 1
                if self in _watching:
                    sys.monitoring.set_local_events(_TOOL, inner.__code__, _LOCAL)
        return new

    add_function = add_callable

    def add_class(self, cls, **_):
        """Adds the functions that a class defines; how many were new."""
        return sum(self.add_callable(v) for v in vars(cls).values() if _is_profilable(v))

    def add_module(self, module, **_):
        """Adds the functions and the classes' functions that a module defines; how many were new."""
        added = 0
        for value in vars(module).values():
            if getattr(value, '__module__', None) == module.__name__:
                if isinstance(value, type):
                    added += self.add_class(value)
                elif _is_profilable(value):
                    added += self.add_callable(value)
        return added

    def wrap_callable(self, function):
        """A function that enables the profiler while it runs."""
        if isinstance(function, (classmethod, staticmethod)):
            return type(function)(self.wrap_callable(function.__func__))
        if isinstance(function, property):
            parts = (function.fget, function.fset, function.fdel)
            return property(*(part and self.wrap_callable(part) for part in parts), function.__doc__)
        if isinstance(function, type):
            for name, value in list(vars(function).items()):
                if _is_profilable(value):
                    setattr(function, name, self.wrap_callable(value))
            return function
        if inspect.iscoroutinefunction(function):
            async def wrapper(*args, **kwargs):
                with self:
                    return await function(*args, **kwargs)
        elif inspect.isasyncgenfunction(function):
            async def wrapper(*args, **kwargs):
                with self:
                    async for item in function(*args, **kwargs):
                        yield item
        elif inspect.isgeneratorfunction(function):
            def wrapper(*args, **kwargs):
                with self:
                    return (yield from function(*args, **kwargs))
        else:
            def wrapper(*args, **kwargs):
                with self:
                    return function(*args, **kwargs)
        return functools.wraps(function)(wrapper)

    # When it watches.

    def enable(self):
        if not self._enabled:
            self.enable_by_count()

    def disable(self):
        self._enabled.clear()
        _unwatch(self)
        self._running.clear()

    def enable_by_count(self):
        self._enabled.append(True)
        _watch(self)

    def disable_by_count(self):
        if self._enabled:
            self._enabled.pop()
        if not self._enabled:
            _unwatch(self)

    def __enter__(self):
        self.enable_by_count()
        return self

    def __exit__(self, *_):
        self.disable_by_count()

    def _line(self, code, line, now):
        if code in self._lines:
            self._leave(code, now)
            if self._enabled:
                self._running[get_ident(), code] = line, _now()

    def _leave(self, code, now):
        began = self._running.pop((get_ident(), code), None)
        if began:
            entry = self._lines[code].setdefault(began[0], [0, 0])
            entry[0] += 1
            entry[1] += now - began[1]

    # Running something.

    def run(self, command):
        import __main__
        return self.runctx(command, vars(__main__), vars(__main__))

    def runctx(self, command, globals, locals):
        with self:
            exec(command, globals, locals)
        return self

    def runcall(self, function, /, *args, **kwargs):
        with self:
            return function(*args, **kwargs)

    # What came out.

    def get_stats(self):
        timings = {}
        for code, lines in self._lines.items():
            key = (code.co_filename, code.co_firstlineno, code.co_qualname.replace('<locals>.', ''))
            timings[key] = [(line, *lines[line]) for line in sorted(lines)]
        return LineStats(timings, _UNIT)

    def dump_stats(self, filename):
        self.get_stats().to_file(filename)

    def print_stats(self, stream=None, **options):
        self.get_stats().print(stream, **options)


def _is_profilable(value):
    return isinstance(value, (types.FunctionType, classmethod, staticmethod, property))


def _functions_of(value):
    # The Python functions behind a method, a decorator's result or a property.
    if isinstance(value, type):
        return [f for v in vars(value).values() if _is_profilable(v) for f in _functions_of(v)]
    if isinstance(value, property):
        return [f for part in (value.fget, value.fset, value.fdel) if part for f in _functions_of(part)]
    if isinstance(value, functools.partial):
        return _functions_of(value.func)
    value = inspect.unwrap(getattr(value, '__func__', value))
    if not hasattr(value, '__code__'):
        raise TypeError(f'cannot profile {value!r}: it is no Python function')
    return [value]


def load_stats(filename, *filenames):
    """What `dump_stats` or `kernprof -l` has written."""
    return LineStats.from_files(filename, *filenames)


def _number(value, width):
    text = f'{value:5.1f}'
    return text if len(text) <= width else f'{value:5.3g}'


def show_func(filename, start_lineno, func_name, timings, unit, output_unit=None, stream=None, stripzeros=False, **_):
    """Writes the table of one function."""
    stream = stream or sys.stdout
    total_hits = sum(hits for _, hits, _ in timings)
    total = sum(time for _, _, time in timings)
    if stripzeros and not total_hits:
        return
    scale = unit / (output_unit or unit)
    stream.write(f'Total time: {total * unit:g} s\n')
    source = linecache.getlines(filename)
    stream.write(f'File: {filename}\nFunction: {func_name} at line {start_lineno}\n')
    by_line = {line: (hits, time) for line, hits, time in timings}
    if source:
        block = inspect.getblock(source[start_lineno - 1:])
    else:
        stream.write(f'\nThe text of {filename} is not here; its lines are shown by their numbers.\n')
        block = [''] * (max(by_line, default=start_lineno) - start_lineno + 1)
    heads = ('Line #', 'Hits', 'Time', 'Per Hit', '% Time')
    head = ' '.join(f'{word:>{width}}' for word, width in zip(heads, _WIDTHS)) + '  Line Contents'
    stream.write(f'\n{head}\n{"=" * len(head)}\n')
    for line, text in enumerate(block, start_lineno):
        cells = ['', '', '', '']
        if line in by_line:
            hits, time = by_line[line]
            cells[0] = str(hits) if len(str(hits)) <= _WIDTHS[1] else f'{hits:.3g}'
            cells[1] = _number(time * scale, _WIDTHS[2])
            cells[2] = _number(time * scale / hits, _WIDTHS[3])
            cells[3] = f'{100 * time / total:5.1f}' if total else ''
        row = ' '.join(f'{cell:>{width}}' for cell, width in zip((line, *cells), _WIDTHS))
        stream.write(f'{row}  {text.rstrip()}'.rstrip() + '\n')
    stream.write('\n')


def show_text(stats, unit, output_unit=None, stream=None, stripzeros=False, details=True, summarize=False, sort=False, **_):
    """Writes the tables of all functions."""
    stream = stream or sys.stdout
    stream.write(f'Timer unit: {output_unit or unit:g} s\n\n')
    order = list(stats.items())
    if sort:
        order.sort(key=lambda item: sum(time for _, _, time in item[1]))
    if details:
        for (filename, line, name), timings in order:
            show_func(filename, line, name, timings, unit, output_unit, stream, stripzeros)
    if summarize:
        for (filename, line, name), timings in order:
            total = sum(time for _, _, time in timings) * unit
            if total or not stripzeros:
                stream.write(f'{total:6.2f} seconds - {filename}:{line} - {name}\n')


class GlobalProfiler:
    """`from line_profiler import profile`: decorates; measures if LINE_PROFILE=1 is in the environment, `--line-profile` among the
    arguments, or after `profile.enable()`; prints its table at the end."""

    def __init__(self):
        self._profile = None
        self.enabled = None

    def enable(self, *_, **__):
        if self._profile is None:
            self._profile = LineProfiler()
            atexit.register(self.show)
        self.enabled = True

    def disable(self):
        self.enabled = False

    def show(self):
        self._profile.print_stats()

    def __call__(self, function):
        if self.enabled is None:
            wanted = os.environ.get('LINE_PROFILE', '').lower() not in ('', '0', 'off', 'false', 'no')
            if wanted or '--line-profile' in sys.argv:
                self.enable()
            else:
                self.enabled = False
        return self._profile(function) if self.enabled else function

    def _kernprof_overwrite(self, profiler):
        self._profile = profiler
        self.enabled = True


profile = GlobalProfiler()


def main(args=None):
    """`python -m line_profiler FILE.lprof …`"""
    import argparse
    parser = argparse.ArgumentParser(prog='line_profiler', description='Shows what kernprof -l has measured.')
    parser.add_argument('-u', '--unit', type=float, default=1e-6, help='unit of time in the table, in seconds')
    parser.add_argument('-z', '--skip-zero', action='store_true', help='leave out functions that were not called')
    parser.add_argument('-t', '--sort', action='store_true', help='the longest last')
    parser.add_argument('-m', '--summarize', action='store_true', help='a line for each function at the end')
    parser.add_argument('-r', '--rich', action='store_true', help='taken, without colours')
    parser.add_argument('profile_output', nargs='+', help='*.lprof files')
    options = parser.parse_args(args)
    load_stats(*options.profile_output).print(
        output_unit=options.unit, stripzeros=options.skip_zero, sort=options.sort, summarize=options.summarize)


if __name__ == '__main__':
    # Under its own name, as what was pickled says.
    from line_profiler import main
    main()
