# A small text program: words, counts, tables, a Caesar cipher, run lengths, roman numerals, a tokenizer.
from collections import Counter
from itertools import groupby

TEXT = """Shuttle to and fro, the weaver lets the weft go;
the heddle holds the thread, until its time is said."""
words = [w.strip(",;.").lower() for w in TEXT.split()]
for word, count in sorted(Counter(words).items(), key=lambda wc: (-wc[1], wc[0]))[:4]:
    print(f"{word:<8}|{'#' * count:>5}|{count / len(words):7.2%}")
print("".join(chr((ord(c) - 97 + 13) % 26 + 97) if c.isalpha() else c for c in "hello, loom"))
print([(k, len(list(g))) for k, g in groupby("aaabccd")])


def roman(n):
    out = ""
    for value, letters in ((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")):
        while n >= value:
            out += letters
            n -= value
    return out


print([roman(n) for n in (4, 9, 14, 1994, 2024)])


def tokens(text):
    i = 0
    while i < len(text):
        c = text[i]
        if c.isspace():
            i += 1
        elif c.isdigit():
            j = i
            while j < len(text) and (text[j].isdigit() or text[j] == "."):
                j += 1
            yield float(text[i:j])
            i = j
        else:
            yield c
            i += 1


def evaluate(text):
    stream = list(tokens(text))
    position = 0

    def take():
        nonlocal position
        position += 1
        return stream[position - 1]

    def peek():
        return stream[position] if position < len(stream) else None

    def atom():
        token = take()
        if token == "(":
            value = total()
            assert take() == ")"
            return value
        if token == "-":
            return -atom()
        return token

    def product():
        value = atom()
        while peek() in ("*", "/"):
            value = value * atom() if take() == "*" else value / atom()
        return value

    def total():
        value = product()
        while peek() in ("+", "-"):
            value = value + product() if take() == "+" else value - product()
        return value

    return total()


for expression in ("1 + 2 * 3", "(1 + 2) * 3", "10 / 4 - -1.5", "2*(3+(4-1))*2"):
    print(expression, "=", evaluate(expression))
rows = [("name", "n"), ("ann", 1), ("benjamin", 22)]
widths = [max(len(str(row[i])) for row in rows) for i in range(2)]
for row in rows:
    print("  ".join(f"{str(cell):<{w}}" for cell, w in zip(row, widths)).rstrip())
palindromes = [w for w in "level noon heddle radar loom".split() if w == w[::-1]]
print(palindromes, "".join(sorted("weaver")), "-".join(f"{ord(c):02x}" for c in "yarn"))
