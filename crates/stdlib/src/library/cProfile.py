# cProfile: the interface of CPython's module over _lsprof.
__all__ = ['run', 'runctx', 'Profile']

import _lsprof
import importlib.machinery
import importlib.util
import io
import profile as _pyprofile


def run(statement, filename=None, sort=-1):
    return _pyprofile._Utils(Profile).run(statement, filename, sort)


def runctx(statement, globals, locals, filename=None, sort=-1):
    return _pyprofile._Utils(Profile).runctx(statement, globals, locals, filename, sort)


run.__doc__ = _pyprofile.run.__doc__
runctx.__doc__ = _pyprofile.runctx.__doc__


class Profile(_lsprof.Profiler):
    """Profile(timer=None, timeunit=None, subcalls=True, builtins=True)

    Counts calls and measures times of functions, in virtual time unless a timer is given."""

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
        entries = self.getstats()
        callers = {}
        self.stats = {}
        for entry in entries:
            of_this = callers.setdefault(label(entry.code), {})
            primitive = entry.callcount - entry.reccallcount
            self.stats[label(entry.code)] = (primitive, entry.callcount, entry.inlinetime, entry.totaltime, of_this)
        for entry in entries:
            for callee in entry.calls or ():
                row = (callee.callcount, callee.callcount - callee.reccallcount, callee.inlinetime, callee.totaltime)
                of_callee = callers[label(callee.code)]
                before = of_callee.get(label(entry.code))
                of_callee[label(entry.code)] = row if before is None else tuple(map(sum, zip(before, row)))

    def run(self, cmd):
        import __main__
        return self.runctx(cmd, __main__.__dict__, __main__.__dict__)

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


def label(code):
    if isinstance(code, str):
        return ('~', 0, code)
    return (code.co_filename, code.co_firstlineno, code.co_name)


def main():
    import os
    import sys
    import runpy
    import pstats
    from optparse import OptionParser
    parser = OptionParser(usage='cProfile.py [-o output_file_path] [-s sort] [-m module | scriptfile] [arg] ...')
    parser.allow_interspersed_args = False
    parser.add_option('-o', '--outfile', dest='outfile', help='Save stats to <outfile>', default=None)
    parser.add_option('-s', '--sort', dest='sort', default=2, choices=sorted(pstats.Stats.sort_arg_dict_default),
                      help='Sort order when printing to stdout, based on pstats.Stats class')
    parser.add_option('-m', dest='module', action='store_true', help='Profile a library module', default=False)
    if not sys.argv[1:]:
        parser.print_usage()
        sys.exit(2)
    options, args = parser.parse_args()
    sys.argv[:] = args
    if options.outfile is not None:
        options.outfile = os.path.abspath(options.outfile)
    if not args:
        parser.print_usage()
        return parser
    if options.module:
        code = "run_module(modname, run_name='__main__')"
        names = {'run_module': runpy.run_module, 'modname': args[0]}
    else:
        script = args[0]
        sys.path.insert(0, os.path.dirname(script))
        with io.open_code(script) as f:
            code = compile(f.read(), script, 'exec')
        spec = importlib.machinery.ModuleSpec(name='__main__', loader=None, origin=script)
        module = importlib.util.module_from_spec(spec)
        sys.modules['__main__'] = module
        names = module.__dict__
        names.update({'__spec__': spec, '__file__': spec.origin, '__name__': '__main__', '__package__': None, '__cached__': None})
    try:
        runctx(code, names, None, options.outfile, options.sort)
    except BrokenPipeError as exc:
        # Nobody reads what is printed.
        sys.stdout = None
        sys.exit(exc.errno)
    return parser


if __name__ == '__main__':
    main()
