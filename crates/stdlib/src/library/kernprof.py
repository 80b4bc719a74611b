# kernprof: runs a program with `profile` among its builtins. The command of the package line_profiler, written for Heddle.
#
#     kernprof.main(['-l', '-v', 'script.py'])        as `kernprof -l -v script.py`
__all__ = ['main']

import argparse
import builtins
import cProfile
import os
import sys

from line_profiler import LineProfiler, profile as _explicit


class ContextualProfile(cProfile.Profile):
    """cProfile's, as a decorator."""

    def __call__(self, function):
        import functools

        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            return self.runcall(function, *args, **kwargs)
        return wrapper


def _parser():
    parser = argparse.ArgumentParser(prog='kernprof', description='Runs and profiles a Python program.')
    parser.add_argument('-l', '--line-by-line', action='store_true', help='time the lines of functions under @profile')
    parser.add_argument('-b', '--builtin', action='store_true', help='put profile into builtins; time only what it decorates')
    parser.add_argument('-o', '--outfile', help="where to write; default: the script's name with .lprof or .prof")
    parser.add_argument('-v', '--view', action='store_true', help='show the result at the end')
    parser.add_argument('-u', '--unit', type=float, default=1e-6, help='unit of time in the table, in seconds')
    parser.add_argument('-z', '--skip-zero', action='store_true', help='leave out functions that were not called')
    parser.add_argument('-s', '--setup', help='a program to run before')
    parser.add_argument('script', help='the program to run')
    parser.add_argument('args', nargs=argparse.REMAINDER, help='its arguments')
    return parser


def _execute(filename, namespace):
    with open(filename, 'rb') as file:
        code = compile(file.read(), filename, 'exec')
    exec(code, namespace, namespace)


def main(args=None):
    options = _parser().parse_args(args)
    outfile = options.outfile or f'{os.path.basename(options.script)}.{"lprof" if options.line_by_line else "prof"}'
    profiler = LineProfiler() if options.line_by_line else ContextualProfile()
    old_argv, old_main = sys.argv, sys.modules.get('__main__')
    sys.argv = [options.script, *options.args]
    sys.path.insert(0, os.path.dirname(os.path.abspath(options.script)))
    module = type(sys)('__main__')
    module.__file__ = options.script
    try:
        if options.setup:
            _execute(options.setup, {'__name__': '__main__', '__file__': options.setup})
        if options.line_by_line or options.builtin:
            builtins.profile = profiler
            if options.line_by_line:
                _explicit._kernprof_overwrite(profiler)
        sys.modules['__main__'] = module
        try:
            if options.line_by_line or options.builtin:
                _execute(options.script, vars(module))
            else:
                with profiler:
                    _execute(options.script, vars(module))
        except (KeyboardInterrupt, SystemExit):
            pass
    finally:
        sys.argv = old_argv
        sys.modules['__main__'] = old_main
        sys.path.pop(0)
        vars(builtins).pop('profile', None)
        profiler.dump_stats(outfile)
        print(f"Wrote profile results to '{outfile}'")
        if not options.view:
            print(f'Inspect results with:\npython -m {"line_profiler" if options.line_by_line else "pstats"} {outfile}')
        elif options.line_by_line:
            profiler.print_stats(output_unit=options.unit, stripzeros=options.skip_zero)
        else:
            profiler.print_stats()


if __name__ == '__main__':
    main()
