# /// lab
# title = "What the GIL divides: bytecodes"
# python = "3.13"
# cores = 1
# ///
import dis

# Python compiles a function to bytecodes and executes these; threads can only change places between two of them. An assignment to a global
# is a read, a sum and a write: whoever is interrupted after the read writes what is out of date by then.
# Look at: the Bytecode tab, with the places where this version may switch. Change: python = "3.9", or the line of spend().

balance = 0


def spend():
    global balance
    balance = balance - 1


steps = [instruction.opname for instruction in dis.get_instructions(spend)]
reads, writes = steps.index("LOAD_GLOBAL"), steps.index("STORE_GLOBAL")
print("read, then compute, then write:", reads < writes - 1)
code = compile("balance = 5", "<typed>", "exec")
exec(code)
print("source became", type(code).__name__, "and was executed:", balance)
