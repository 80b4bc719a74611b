# string and textwrap.
import string
import textwrap

print(string.ascii_lowercase, string.digits, string.punctuation, string.hexdigits, repr(string.whitespace))
print(string.capwords("hello big world"), string.Template("$who likes ${what}, $$5").substitute(who="tim", what="cake"))
print(string.Template("$a $b").safe_substitute(a=1))
for template in ("$missing", "bad $"):
    try:
        string.Template(template).substitute()
    except (KeyError, ValueError) as error:
        print(type(error).__name__, error)
print(string.Formatter().format("{0} {name!r:>6}", 1, name="x"), list(string.Formatter().parse("a{b!r:c}d")))
text = "The quick brown fox jumps over the lazy dog, then it rests for a-very-long-hyphenated while."
print(textwrap.fill(text, 30))
print(textwrap.wrap(text, 20, initial_indent="* ", subsequent_indent="  "))
print(textwrap.shorten(text, 30), textwrap.shorten(text, 25, placeholder=" [...]"))
print(repr(textwrap.dedent("""
    first
      second
    third
""")))
print(textwrap.indent("a\n\nb\n", "> "), textwrap.indent("a\nb", "- ", lambda line: "b" in line))
print(textwrap.wrap("averyveryverylongword short", 8), textwrap.wrap("averyveryverylongword", 8, break_long_words=False), textwrap.wrap("", 5))
print(textwrap.TextWrapper(width=15, max_lines=2).wrap(text))
