# What natives take that look at many items in one call: nanoseconds for each item, beside what the call costs.
import random
import time

N = 100_000
numbers = list(range(1000, N + 1000))
shuffled = random.Random(1).sample(numbers, N)
text = "abcdefghij" * (N // 10)
words = [str(n) for n in numbers]
table = dict.fromkeys(numbers)


def show(name, call):
    began = time.perf_counter()
    call()
    print(f"{name} {(time.perf_counter() - began) / N * 1e9:.3f}")


show("sum", lambda: sum(numbers))
show("sum of a range", lambda: sum(range(N)))
show("list of a range", lambda: list(range(N)))
show("in", lambda: -1 in numbers)
show("in a tuple", lambda: -1 in tuple(numbers))
show("count", lambda: numbers.count(-1))
show("max", lambda: max(numbers))
show("set", lambda: set(numbers))
show("dict", lambda: dict.fromkeys(numbers))
show("copy", lambda: dict(table))
show("equal", lambda: numbers == list(numbers))
show("order of what is sorted", lambda: sorted(numbers))
show("sort", lambda: sorted(shuffled))
show("repeat", lambda: numbers * 2)
show("find", lambda: text.find("jz"))
show("upper", lambda: text.upper())
show("replace", lambda: text.replace("a", "bb"))
show("split", lambda: text.split("a"))
show("join", lambda: "".join(words))
show("bytes", lambda: text.encode().count(b"jz"))
