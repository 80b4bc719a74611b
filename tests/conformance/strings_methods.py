# String methods and their corner cases.
s = "  Hello, World  "
print(repr(s.strip()), repr(s.lstrip()), repr(s.rstrip()), "xxhixx".strip("x"), "abc".strip("ca"))
print("a,b,,c".split(","), "a b  c ".split(), "a b c".split(None, 1), "a,b,c".rsplit(",", 1), "x".split("y"), "".split(), "".split(","))
print("one\ntwo\r\nthree\x0bfour".splitlines(), "a\nb\n".splitlines(True))
print("-".join(["a", "b"]), "".join([]), "abc".replace("b", "xx"), "aaa".replace("a", "b", 2), "abc".replace("", "-"))
print("hello".find("l"), "hello".rfind("l"), "hello".find("z"), "hello".index("o"), "hello".count("l"), "aaaa".count("aa"), "abc".count(""))
print("Hello".upper(), "Hello".lower(), "hello world".title(), "hELLO".capitalize(), "Hello".swapcase(), "Straße".casefold(), "straße".upper())
print("abc".startswith("ab"), "abc".startswith(("x", "a")), "abc".endswith("bc", 1), "abc".startswith("b", 1), "abc".endswith(""))
print("abc".isalpha(), "ab1".isalnum(), "12".isdigit(), "½".isnumeric(), "²".isdigit(), "²".isdecimal(), " ".isspace(), "Ab".istitle(), "a_1".isidentifier(), "".isalpha(), "é".isascii(), "\n".isprintable())
print("abc".center(9, "*"), "abc".ljust(5, ".") + "|", "abc".rjust(5), "42".zfill(5), "-42".zfill(5), "abc".center(2))
print("a=b=c".partition("="), "a=b=c".rpartition("="), "abc".partition("x"), "abc".rpartition("x"))
print("a\tbc\td".expandtabs(4), "hello".translate({ord("l"): "L", ord("h"): None, ord("o"): 48}), str.maketrans("ab", "xy", "c"))
print("prefix-x".removeprefix("prefix-"), "x.py".removesuffix(".py"), "abc".removeprefix("z"))
print("héllo".encode(), "héllo".encode("latin-1"), b"h\xc3\xa9".decode(), "x".encode("ascii"), "é".encode("ascii", "replace"), "é".encode("ascii", "backslashreplace"))
print("abc"[1], "abc"[-1], "abcdef"[1:4], "abcdef"[::-1], "abcdef"[::2], "abc"[5:], "abcdef"[-3:-1], "abc"[10:2:-1])
print("a" * 3, "ab" + "cd", "b" in "abc", "" in "abc", "a" < "b", "Z" < "a", "abc" < "abd", min("hello"), sorted("hello"))
print(repr("it's"), repr('say "hi"'), repr("both ' and \""), repr("tab\t nl\n nul\0 esc\x1b é 中 \U0001f600 \x7f \xa0 \ud800"))
print(len("中文😀"), ord("😀"), chr(128512), "😀"[0], ascii("é😀"), "\N{GREEK SMALL LETTER ALPHA}", "\u0041\x42\103")
print("%s" % "x", "abc".__len__(), "abc".__contains__("a"), str(b"x"), str(b"x", "ascii"), str(5), str(None), str())
for expression in ("'abc'.index('z')", "'abc'[5]", "s['a']", "'a' + 1", "'a' * 'b'", "','.join([1])", "'é'.encode('ascii')", "b'\\xff'.decode()", "'abc'.split('')",
                   "chr(-1)", "ord('ab')", "'x'.center(5, 'ab')", "'abc'.nothing", "'a'.encode('nope')", "int('٣')"):
    try:
        print(expression, eval(expression))
    except Exception as error:
        print(expression, type(error).__name__, error)
print("{}".join("abc"), "abc".join("-"), "a-b_c".replace("-", "_").split("_"), "x" "y", "line \
continued")
print("ǆ".title(), "ß".title(), "İ".lower() == "i̇", "ΑΣ".lower(), "ﬁ".upper())
text = "the quick brown the lazy the end"
print({word: text.split().count(word) for word in dict.fromkeys(text.split())})
print("".join(reversed("abc")), list(enumerate("ab")), list(zip("abc", range(2))), "abc".__iter__().__next__())
print("a".join(str(n) for n in range(3)), "%-10s|" % "left", "é" == "e\u0301", hash("") == hash(""))
