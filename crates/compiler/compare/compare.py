"""Writes the code objects of files as `examples/dump.rs` does, from a real CPython 3.14.

Run under Pyodide by `compare.mjs`; what Heddle's compiler leaves out (caches, fused instructions …) is undone here.
"""

import dis
import opcode
import struct
import types
import warnings

warnings.simplefilter("ignore")
FUSED = {
    "LOAD_FAST_LOAD_FAST": ("LOAD_FAST", "LOAD_FAST"),
    "LOAD_FAST_BORROW_LOAD_FAST_BORROW": ("LOAD_FAST", "LOAD_FAST"),
    "STORE_FAST_LOAD_FAST": ("STORE_FAST", "LOAD_FAST"),
    "STORE_FAST_STORE_FAST": ("STORE_FAST", "STORE_FAST"),
}
FORWARD = {"JUMP_FORWARD", "POP_JUMP_IF_FALSE", "POP_JUMP_IF_TRUE", "POP_JUMP_IF_NONE", "POP_JUMP_IF_NOT_NONE", "FOR_ITER", "SEND"}
BACKWARD = {"JUMP_BACKWARD", "JUMP_BACKWARD_NO_INTERRUPT"}


def bits(value):
    return struct.pack(">d", value).hex()


def constant(value):
    if isinstance(value, types.CodeType):
        return "code " + value.co_qualname
    if value is None or value is True or value is False or value is ...:
        return repr(value)
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return "f" + bits(value)
    if isinstance(value, complex):
        return "c" + bits(value.real) + bits(value.imag)
    if isinstance(value, str):
        return "s" + value.encode("utf-8", "surrogatepass").hex()
    if isinstance(value, bytes):
        return "b" + value.hex()
    if isinstance(value, tuple):
        return "(" + ",".join(map(constant, value)) + ")"
    if isinstance(value, frozenset):
        return "{" + ",".join(sorted(map(constant, value))) + "}"
    if isinstance(value, slice):
        return "[" + ",".join(map(constant, (value.start, value.stop, value.step))) + "]"
    raise TypeError(value)


def dump(code, out):
    stack = code.co_stacksize
    out.append(f"CODE {code.co_qualname} {code.co_firstlineno} {code.co_argcount} {code.co_posonlyargcount} "
               f"{code.co_kwonlyargcount} {code.co_flags:x} {stack}")
    out.append("V " + " ".join(code.co_varnames))
    out.append("C " + " ".join(code.co_cellvars))
    out.append("F " + " ".join(code.co_freevars))
    out.append("N " + " ".join(code.co_names))
    out.append("K " + " ".join(map(constant, code.co_consts)))
    raw = code.co_code
    positions = list(code.co_positions())
    rows, index_of = [], {}
    extended = 0
    at = 0
    pending = []
    while at < len(raw):
        name, arg = opcode.opname[raw[at]], raw[at + 1] | extended << 8
        unit = at // 2
        pending.append(unit)
        at += 2
        if name == "EXTENDED_ARG":
            extended = arg
            continue
        extended = 0
        caches = opcode._inline_cache_entries.get(name, 0)
        for one in pending:
            index_of[one] = len(rows)
        pending = []
        place = positions[unit]
        after = unit + 1 + caches
        at = after * 2
        for cache in range(unit + 1, after):
            index_of[cache] = len(rows)
        if name == "NOT_TAKEN":
            continue
        if name == "LOAD_FAST_BORROW":
            name = "LOAD_FAST"
        if name in FUSED:
            first, second = FUSED[name]
            rows.append([first, arg >> 4, place, None])
            rows.append([second, arg & 15, (-1, -1, -1, -1), None])
            continue
        target = None
        if name in FORWARD:
            target = after + arg
        elif name in BACKWARD:
            target = after - arg
        if name == "RESUME":
            arg &= 3
        if name in ("END_ASYNC_FOR", "CALL_FUNCTION_EX"):
            arg = 0
        rows.append([name, arg, place, target])
    index_of[len(raw) // 2] = len(rows)
    for name, arg, place, target in rows:
        if target is not None:
            arg = index_of[target]
        if opcode.opmap[name] <= 43:
            arg = 0
        place = [0 if part is None else part for part in place]
        out.append(f"I {name} {arg} {place[0]} {place[1]} {place[2]} {place[3]}")
    merged = []
    for entry in dis._parse_exception_table(code):
        one = [index_of[entry.start // 2], index_of[entry.end // 2], index_of[entry.target // 2], entry.depth, int(entry.lasti)]
        if one[0] == one[1]:
            continue
        if merged and merged[-1][1] == one[0] and merged[-1][2:] == one[2:]:
            merged[-1][1] = one[1]
        else:
            merged.append(one)
    out.extend("E " + " ".join(map(str, one)) for one in merged)
    for value in code.co_consts:
        if isinstance(value, types.CodeType):
            dump(value, out)


def write(paths):
    for path in paths:
        out = ["FILE " + path]
        try:
            with open("/w" + path, "rb") as file:
                source = file.read().decode("utf-8")
        except (UnicodeDecodeError, OSError):
            out.append("UNREADABLE")
        else:
            try:
                dump(compile(source, "file", "exec", dont_inherit=True), out)
            except (SyntaxError, MemoryError, RecursionError, ValueError) as error:
                out.append(f"ERROR {getattr(error, 'lineno', 0)} {getattr(error, 'offset', 0)} {getattr(error, 'msg', error)}")
        print("\n".join(out))


write(ARGV[1:])
