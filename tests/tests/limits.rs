//! Hostile input is normal input: endless loops, memory bombs, floods of output and threads, and sources made to hurt.
//!
//! Each ends within the test's time with a message and status 4 (a limit) or as a Python exception (1); none may panic.

use std::process::Command;
use std::time::Duration;

use std::path::Path;

use heddle_tests::program::{self, Said};

/// Status that no program of ours has: the process was ended by a signal (a panic in the release build aborts).
fn must_not_crash(text: &str, said: &Said) {
    assert!(
        said.exit < 128 && said.exit != 101 && !said.stderr.contains("panicked"),
        "the engine crashed with {} on {:.200}\n{:.2000}",
        said.exit,
        text,
        said.stderr
    );
}

fn run_with(flags: &[&str], text: &str) -> Said {
    let said = program::say(Path::new("."), &[&["run"], flags, &["-c", text]].concat());
    must_not_crash(text, &said);
    said
}

/// Asserts that a limit ended the program, and that the message names it.
fn limited(flags: &[&str], text: &str, named: &str) {
    let said = run_with(flags, text);
    assert_eq!(said.exit, 4, "{text}\n{:.1000}", said.stderr);
    assert!(
        said.last_error().to_lowercase().contains(named),
        "`{named}` is missing: {}",
        said.last_error()
    );
}

/// Asserts that Python itself refuses: an exception, named in the last line.
fn refused(flags: &[&str], text: &str, exception: &str) {
    let said = run_with(flags, text);
    assert_eq!(said.exit, 1, "{text:.300}\n{:.1000}", said.stderr);
    assert!(
        said.last_error().starts_with(exception),
        "{text:.300}\n{}",
        said.last_error()
    );
}

#[test]
fn iterators_that_skip_without_end_reach_the_time_limit() {
    for endless in [
        "islice(count(), 10**12, None)",
        "compress(count(), repeat(0))",
        "dropwhile(bool, count(1))",
        "filterfalse(bool, count(1))",
        "chain.from_iterable(repeat(()))",
    ] {
        let text = format!("from itertools import *\nnext({endless})");
        limited(&["--max-time", "5ms"], &text, "time");
    }
}

#[test]
fn endless_loops_end_at_the_time_limit() {
    limited(&["--max-time", "20ms"], "while True: pass", "time");
    limited(
        &["--max-time", "20ms"],
        "def f():\n    try:\n        while True: pass\n    finally:\n        f()\nf()",
        "time",
    );
    limited(
        &["--max-time", "2s"],
        "import time\nwhile True: time.sleep(0.5)",
        "time",
    );
    let threads =
        "import threading\ndef f():\n    while True: pass\nfor _ in range(4): threading.Thread(target=f).start()";
    limited(&["--max-time", "50ms", "--cores", "4"], threads, "time");
    limited(
        &["--max-time", "20ms"],
        "import itertools\nsum(itertools.count())",
        "time",
    );
    // One call of these takes long: the time that they take counts.
    for (setting, call) in [
        ("[1] * 10**5", "sum(x)"),
        ("[1] * 10**5", "x.count(-1)"),
        ("'a' * 10**6", "x.find('b')"),
        ("[1] * 10**5", "sorted(x)"),
        ("b'a' * 10**6", "x.count(b'bb')"),
    ] {
        let program = format!("x = {setting}\nwhile True: {call}");
        limited(&["--max-time", "20ms"], &program, "time");
    }
    limited(
        &["--max-time", "20ms"],
        "try:\n    while True: pass\nexcept BaseException:\n    print('caught a limit')",
        "time",
    );
}

#[test]
fn what_was_said_before_a_limit_is_kept() {
    let said = run_with(&["--max-time", "20ms"], "print('before', flush=True)\nwhile True: pass");
    assert_eq!((said.exit, said.stdout.as_str()), (4, "before\n"));
}

#[test]
fn memory_is_bounded() {
    let small = &["--max-memory", "64MiB"];
    for bomb in [
        "a = []\nwhile True: a.append('x' * 100_000 + str(len(a)))",
        "x = 'ab'\nwhile True: x += x",
        "d = {}\nfor n in range(10**9): d[n] = [n]",
        "x = b'x' * 10**12",
        "x = [0] * 10**12",
        "x = list(range(10**10))",
        "x = bytearray(10**12)",
        "'%0999999999d' % 1",
        "x = [[]]\nwhile True: x = [x, x, list(x)]",
    ] {
        let said = run_with(small, bomb);
        let ended = said.exit == 4 && said.last_error().contains("memory");
        let refused = said.exit == 1 && said.last_error().starts_with("MemoryError");
        assert!(ended || refused, "{bomb}: {} {}", said.exit, said.last_error());
    }
}

/// What a private mapping takes is counted once, however long the kernel lets it wait, and given back.
#[test]
fn what_closed_mappings_took_is_free_again() {
    let text = "import mmap\nwith open('f', 'wb') as f: f.write(bytes(8 << 20))\nf = open('f', 'rb')\nfor _ in range(50):\n    mmap.mmap(f.fileno(), 0, access=mmap.ACCESS_COPY).close()\nwhole = mmap.mmap(f.fileno(), 0, access=mmap.ACCESS_COPY)\nprint(len(whole))";
    let said = run_with(&["--max-memory", "64MiB"], text);
    assert_eq!(
        (said.exit, said.stdout.as_str()),
        (0, "8388608\n"),
        "{}",
        said.last_error()
    );
}

#[test]
fn a_program_can_catch_a_memory_error_and_go_on() {
    for bomb in [
        "while True: a.append('x' * 1000 + str(len(a)))",
        "while True: a += a + [1]",
        "while True: a = [a, a[:], {}]",
        "while True: a = (a, 1, 2, 3)",
        "a = 'ab'\n  while True: a += a",
        "a = {}\n  for n in range(10**9): a[n] = [n]",
        "a = [[n] for n in range(10**9)]",
        "a = 3\n  while True: a *= a",
        "a = set()\n  for n in range(10**9): a.add(n)",
        "a = bytearray()\n  while True: a += b'x' * 1000",
    ] {
        let text = format!(
            "for i in range(3):\n try:\n  a = []\n  {bomb}\n except MemoryError:\n  a = None\n  print('caught', i)\nprint(sum([1] * 1000))"
        );
        let said = run_with(&["--max-memory", "16MiB"], &text);
        let expected = "caught 0\ncaught 1\ncaught 2\n1000\n";
        assert_eq!(
            (said.exit, said.stdout.as_str()),
            (0, expected),
            "{bomb}: {}",
            said.last_error()
        );
    }
}

/// One call of one native cannot get past the limit: it raises before its result is there, and the program goes on. A native that went on
/// to its end would end the run instead (status 4).
#[test]
fn natives_that_make_much_are_stopped_on_the_way() {
    let natives = [
        "list(s)",
        "tuple(s)",
        "set(r)",
        "frozenset(range(1_500_000))",
        "dict.fromkeys(range(1_000_000))",
        "dict(zip(r, r))",
        "sorted(r)",
        "[*r]",
        "{*r}",
        "collections.deque(r)",
        "[].extend(r)",
        "('abc ' * 600_000).split()",
        "('abc\\n' * 600_000).splitlines()",
        "s.encode().split()",
        "bytearray(s.encode()).split()",
        "s.translate({97: 'x' * 1000})",
        "s.replace('a', 'b' * 1000)",
        "s.join(s * 10)",
        "b''.join([s.encode()] * 1000)",
        "re.findall('a', s)",
        "re.finditer('a', s)",
        "re.split(' ', s)",
        "re.sub('a', 'b' * 1000, s)",
        "re.sub('a', lambda m: 'b' * 1000, s)",
        "json.loads('[' + '[],' * 400_000 + '[]]')",
        "memoryview(bytes(8_000_000)).tolist()",
        "array.array('b', bytes(5_000_000)).tolist()",
        "list(bytes(8_000_000))",
        "bytes(8_000_000).split(b'\\0')",
        "list(csv.reader([s.replace(' ', ',')]))",
        "hex(1 << 10**8)",
        "list(map(str, r))",
        "list(itertools.combinations(range(30), 10))",
        "list(itertools.repeat([], 10**8))",
        "print(*r)",
    ];
    let calls: String = natives.iter().map(|call| format!("    lambda: {call},\n")).collect();
    let text = format!(
        "import array, collections, csv, itertools, json, re\ns = 'a ' * 500_000\nr = range(10**7)\ncalls = [\n{calls}]\nfor n, call in enumerate(calls):\n    try:\n        call()\n    except MemoryError:\n        continue\n    print(n, 'was not stopped')\nprint(len(calls))\n"
    );
    let said = run_with(&["--max-memory", "24MiB"], &text);
    let expected = format!("{}\n", natives.len());
    assert_eq!(
        (said.exit, said.stdout.as_str()),
        (0, expected.as_str()),
        "{}",
        said.last_error()
    );
}

/// The lines of a mapped file of 4 MB are found by looking at 4 MB, not at 200 GB.
#[test]
fn lines_of_a_mapping_take_the_time_of_their_length() {
    let text = "import mmap\nm = mmap.mmap(-1, 4_000_000)\nm[:] = (b'x' * 39 + b'\\n') * 100_000\nn = 0\nwhile m.readline(): n += 1\nprint(n)";
    let said = run_with(&["--max-time", "4s"], text);
    assert_eq!(
        (said.exit, said.stdout.as_str()),
        (0, "100000\n"),
        "{}",
        said.last_error()
    );
}

#[test]
fn a_pattern_that_needs_for_ever_is_stopped_by_the_limit_on_time() {
    for text in [
        "re.match('(a+)+$', 'a' * 40 + 'b')",
        "re.sub('(a|aa)+$', lambda m: '', 'a' * 60 + 'b')",
        "re.findall('(.*?,){20}x', '1,' * 60)",
        "re.search('(x+x+)+y', 'x' * 50 + '\u{e9}')",
        "list(re.finditer('(a*)*b', 'a' * 50))",
    ] {
        limited(&["--max-time", "50ms"], &format!("import re\n{text}"), "time");
    }
}

#[test]
fn deep_structures_end_in_an_exception_or_in_an_answer() {
    for text in [
        "c = int\nfor i in range(10**5): c = (c,)\nisinstance('a', c)",
        "c = int\nfor i in range(10**5): c = (c,)\nissubclass(str, c)",
        "def g(x): yield from x\nx = iter([1])\nfor i in range(10**5): x = g(x)\nx = None",
        "def g(x): yield from x\nx = iter([1])\nfor i in range(10**5): x = g(x)\nnext(x)",
        "l = []\nfor i in range(10**5): l = [l]\nrepr(l)",
        "l = []\nfor i in range(10**5): l = [l]\nl == [l]",
        "import json\njson.loads('[' * 10**5)",
        "l = ()\nfor i in range(10**5): l = (l,)\nhash(l)",
        "import types\nm = print\nfor i in range(10**5): m = types.MethodType(m, 1)\nm()",
        "import types\nm = print\nfor i in range(10**5): m = types.MethodType(m, 1)\nm(**5)",
        "c = print\nfor i in range(2000): c = type('C', (), {'__call__': c})()\nc()",
        "import types\nc = print\nfor i in range(2000): c = types.MethodType(type('C', (), {'__call__': c})(), 1)\nmap(c, [1]).__next__()",
    ] {
        let said = run_with(&[], text);
        let refused = said.exit == 1 && said.last_error().starts_with("RecursionError");
        let not_called = said.exit == 1 && said.last_error().starts_with("TypeError");
        assert!(
            said.exit == 0 || refused || not_called,
            "{text}: {} {}",
            said.exit,
            said.last_error()
        );
    }
}

#[test]
fn a_long_chain_of_elif_is_refused_by_those_who_show_its_tree() {
    let text =
        "import ast\ntext = 'if a: pass\\n' + 'elif a: pass\\n' * 30_000\ncompile(text, '', 'exec')\nast.parse(text)";
    refused(&[], text, "MemoryError");
}

/// A pointer of ctypes knows its object and is no address: where memory would have to hold one, that is said.
#[test]
fn pointers_are_not_lost_in_memory() {
    for text in [
        "class Node(c.Structure): pass\nNode._fields_ = [('next', c.POINTER(Node))]",
        "class Both(c.Union): _fields_ = [('to', c.POINTER(c.c_int)), ('number', c.c_long)]",
        "c.POINTER(c.c_int) * 2",
        "c.POINTER(c.c_int).from_buffer(bytearray(8))",
        "c.POINTER(c.c_int).from_buffer_copy(bytes(8))",
        "bytes(c.pointer(c.c_int(3)))",
    ] {
        refused(
            &[],
            &format!("import ctypes as c\n{text}"),
            "NotImplementedError: Heddle does not support",
        );
    }
}

#[test]
fn output_is_bounded() {
    limited(
        &["--max-output", "100KiB"],
        "while True: print('flood' * 100)",
        "output",
    );
    limited(
        &["--max-output", "100KiB"],
        "import sys\nwhile True: sys.stderr.write('flood' * 100)",
        "output",
    );
    limited(&["--max-output", "1KiB"], "print('x' * 10**6)", "output");
}

#[test]
fn threads_are_bounded() {
    let said = run_with(
        &[],
        "import threading\nwhile True: threading.Thread(target=threading.Event().wait).start()",
    );
    let refused = said.exit == 1 && said.last_error().contains("thread");
    let ended = said.exit == 4 && said.last_error().contains("thread");
    assert!(refused || ended, "{} {}", said.exit, said.last_error());
}

#[test]
fn numbers_that_grow_for_ever_are_bounded() {
    let flags = &["--max-time", "1s", "--max-memory", "64MiB"];
    for bomb in [
        "x = 3\nwhile True: x *= x",
        "9**9**9",
        "1 << 10**15",
        "pow(7, 10**9)",
        "2**(2**40)",
        "int('9' * 10**7)",
    ] {
        let said = run_with(flags, bomb);
        assert!(
            matches!(said.exit, 1 | 4),
            "{bomb}: {} {}",
            said.exit,
            said.last_error()
        );
    }
}

/// One call works for minutes or hours: its time is told first, so the limit ends the run before it begins.
#[test]
fn one_operation_on_huge_numbers_does_not_outlast_the_limit() {
    let flags = &["--max-time", "300ms"];
    for call in [
        "math.comb(10**9, 10**7)",
        "math.factorial(10**7)",
        "math.perm(10**7, 10**6)",
        "math.prod(range(1, 10**7))",
        "math.gcd(3**10**6, 7**10**6)",
        "math.lcm(3**10**6, 7**10**6)",
        "math.isqrt(1 << 10**8)",
        "pow(3, 10**8)",
        "10**(10**8)",
        "pow(3, 2**100000, 3**100000)",
        "pow(3, -1, 7**100000)",
        "int('9' * 10**8)",
        "int('z' * 10**6, 36)",
        "str(1 << 10**8)",
        "f'{1 << 10**8}'",
        "'%d' % (1 << 10**8)",
        "round(1 << 10**8, -10**7)",
        "x * (x + 1)",
        "divmod(x, 3**10**6)",
        "x // 3**10**6",
        "x % 3**10**6",
        "tuple(itertools.chain.from_iterable(itertools.repeat([])))",
    ] {
        let text = format!(
            "import itertools, math, sys\nsys.set_int_max_str_digits(0)\nx = (1 << 10**8) + 1\ntry:\n    {call}\nexcept BaseException:\n    pass"
        );
        limited(flags, &text, "time");
    }
}

#[test]
fn deep_recursion_is_an_exception() {
    for text in [
        "def f(): f()\nf()",
        "f = lambda: f()\nf()",
        "class A:\n    def __getattr__(self, n): return getattr(self, n + 'x')\nA().a",
        "class A:\n    def __eq__(self, o): return self == o\nA() == 1",
        "class A:\n    def __repr__(self): return repr(self)\nrepr(A())",
        "class A:\n    def __lt__(self, o): return sorted([self, o]) and True\nsorted([A(), A()])",
        "def g(): yield from g()\nlist(g())",
        "import functools\nf = functools.partial(lambda: f())\nf()",
        "def f(n): return max([n], key=f)\nf(1)",
    ] {
        refused(&[], text, "RecursionError");
    }
}

#[test]
fn deep_values_do_not_overflow_the_engines_own_stack() {
    for text in [
        "x = []\nfor _ in range(200_000): x = [x]\nx == x\ndel x\nprint('ok')",
        "x = ()\nfor _ in range(200_000): x = (x,)\ntry:\n    hash(x)\nexcept RecursionError: pass\ndel x\nprint('ok')",
        "x = []\nfor _ in range(100_000): x = [x]\ntry:\n    repr(x)\nexcept RecursionError: pass\nprint('ok')",
        "x = []\ny = []\nfor _ in range(100_000): x, y = [x], [y]\ntry:\n    x == y\nexcept RecursionError: pass\nprint('ok')",
        "e = None\nfor n in range(20_000):\n    new = ValueError(n)\n    new.__context__ = e\n    e = new\ndel e, new\nprint('ok')",
        "import copy\nx = []\nfor _ in range(5_000): x = [x]\ntry:\n    copy.deepcopy(x)\nexcept RecursionError: pass\nprint('ok')",
        "class N: pass\nhead = None\nfor _ in range(100_000):\n    n = N()\n    n.next = head\n    head = n\nhead = n = None\nprint('ok')",
    ] {
        let said = run_with(&[], text);
        assert_eq!(
            (said.exit, said.stdout.as_str()),
            (0, "ok\n"),
            "{text}\n{:.500}",
            said.stderr
        );
    }
}

#[test]
fn sources_made_to_hurt_are_refused() {
    for (name, text) in [
        ("brackets", format!("x = {}{}", "(".repeat(50_000), ")".repeat(50_000))),
        ("unary", format!("x = {}1", "-".repeat(50_000))),
        ("not", format!("x = {}1", "not ".repeat(50_000))),
        ("attributes", format!("x = a{}", ".b".repeat(50_000))),
        ("calls", format!("x = f{}", "()".repeat(50_000))),
        ("sum", format!("x = 1{}", " + 1".repeat(50_000))),
        ("power", format!("x = 1{}", " ** 1".repeat(50_000))),
        ("lists", format!("x = {}{}", "[".repeat(50_000), "]".repeat(50_000))),
        ("lambdas", format!("x = {}1", "lambda: ".repeat(20_000))),
        ("conditions", format!("x = {}1", "1 if 1 else ".repeat(20_000))),
        (
            "indents",
            (0..3_000)
                .map(|n| format!("{}if 1:\n", " ".repeat(n)))
                .collect::<String>(),
        ),
        ("elifs", format!("if 0: pass\n{}", "elif 0: pass\n".repeat(20_000))),
        (
            "patterns",
            format!("match 1:\n    case {}1{}: pass", "[".repeat(20_000), "]".repeat(20_000)),
        ),
        ("f-strings", format!("x = {}1{}", "f'{".repeat(500), "}'".repeat(500))),
        ("compares", format!("x = 1{}", " < 1".repeat(50_000))),
        ("subscripts", format!("x = a{}", "[0]".repeat(50_000))),
        ("nul", "x = 1\0".to_string()),
        (
            "lone surrogate",
            "x = '\\ud800'\nprint(x.encode('utf-8', 'replace'))".to_string(),
        ),
        ("long name", format!("{} = 1", "n".repeat(1_000_000))),
        ("long line", format!("x = '{}'", "s".repeat(3_000_000))),
        ("many names", (0..20_000).map(|n| format!("v{n} = {n}\n")).collect()),
        (
            "many arguments",
            format!("def f(*a): pass\nf({})", "1, ".repeat(20_000)),
        ),
        (
            "many locals",
            format!(
                "def f():\n{}f()",
                (0..20_000).map(|n| format!("    v{n} = {n}\n")).collect::<String>()
            ),
        ),
        ("tabs", "if 1:\n\tx = 1\n        y = 2\n".to_string()),
    ] {
        let file = std::env::temp_dir().join(format!("heddle-hostile-{}-{name}.py", std::process::id()));
        std::fs::write(&file, &text).expect("a temporary file");
        let mut command = Command::new(program::heddle().expect("heddle"));
        command.arg("run").arg(&file);
        let said = program::run(&mut command, Duration::from_secs(60));
        std::fs::remove_file(&file).expect("the temporary file");
        let said = said.unwrap_or_else(|error| panic!("{name}: {error}"));
        must_not_crash(name, &said);
        assert!(
            matches!(said.exit, 0 | 1 | 2 | 4),
            "{name}: {} {:.300}",
            said.exit,
            said.last_error()
        );
    }
}

#[test]
fn tricks_with_the_interpreters_own_parts_are_exceptions() {
    for text in [
        "type.__call__()",
        "object.__new__(int)",
        "[].__init__.__self__.__class__.__base__.__subclasses__()[0].__new__(5)",
        "int.__add__('a', 1)",
        "list.append(5, 1)",
        "dict.__getitem__([], 1)",
        "import threading\nl = threading.Lock()\ntype(l).acquire(5)",
        "(lambda: 0).__code__.replace(co_code=b'\\xff' * 100)\nraise ValueError",
        "def f(): pass\nf.__code__ = 5",
        "type('X', (int, str), {})",
        "class A:\n    __slots__ = ('a',)\nA.a.__get__(5)",
        "x = iter([])\nx.__setstate__(10**30)",
        "''.join([''] * 5 + [5])",
        "eval('(' * 1000)",
        "import sys\nsys.setrecursionlimit(10**9)\ndef f(): f()\nf()",
        "g = (x for x in g2)",
        "def g():\n    yield\nx = g()\nnext(x)\nx.gi_frame.f_lineno = 5\nraise ValueError",
        "class M(type):\n    def mro(cls): return [5]\nclass A(metaclass=M): pass",
        "import gc\n[o for o in gc.get_objects()][10**9]",
        "memoryview(b'abc')[5]",
        "'{0.__class__.__mro__[5]}'.format(1)",
        "__import__('sys').modules.clear()\nimport threading\nraise ValueError",
        "del __builtins__\nprint(1)\nraise ValueError",
        "raise BaseException('base')",
        "import threading\nthreading.Thread.__init__(5)",
        "b''.__getitem__(10**30)",
        "[1, 2, 3][10**30]",
        "range(10**30)[10**31]",
        "'a' * -1 + 5",
        "float('1' * 100_000) + []",
        "[].sort(key=lambda: 0, reverse='x', bad=1)",
        "a = [1]\na.sort(key=lambda x: a.clear())\nraise ValueError",
        "d = {1: 1}\nfor k in d: d.clear(); d[k + 1] = 1\nraise ValueError",
    ] {
        let said = run_with(&["--max-time", "5s", "--max-memory", "256MiB"], text);
        assert!(
            matches!(said.exit, 1 | 4),
            "{text}: {} {:.300}",
            said.exit,
            said.last_error()
        );
    }
}
