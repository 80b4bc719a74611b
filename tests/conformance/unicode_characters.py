# What `unicodedata` knows of characters, and the normal forms of text and of names in programs.
import unicodedata

for c in "aZ5²⅓५ é(中\u05d0\u0301가ﬁ½\n\u212b\uf951\U0002f868":
    print(
        ascii(c),
        unicodedata.category(c),
        unicodedata.bidirectional(c),
        unicodedata.east_asian_width(c),
        unicodedata.combining(c),
        unicodedata.mirrored(c),
        unicodedata.digit(c, None),
        unicodedata.decimal(c, None),
        unicodedata.numeric(c, None),
        unicodedata.decomposition(c),
    )
texts = ["e\u0301", "\u1e9b\u0323", "각", "\u1100\u1161\u11a8", "ﬁ½Å", "a\u0315\u0300\u05ae\u0062", "\u0958", "\ud800e\u0301", "plain"]
for text in texts:
    for form in ("NFC", "NFD", "NFKC", "NFKD"):
        print(form, ascii(unicodedata.normalize(form, text)), unicodedata.is_normalized(form, text), end="; ")
    print()
try:
    unicodedata.normalize("NFX", "é")
except ValueError as error:
    print(error)
print(repr(unicodedata.ucd_3_2_0.category("\u20b9")), repr(unicodedata.ucd_3_2_0.bidirectional("\u20b9")))
print(unicodedata.ucd_3_2_0.category("a"), unicodedata.ucd_3_2_0.bidirectional("\u05d0"))

ﬁne = 3
print(fine, sorted(name for name in dir() if name.startswith("f")), int("५५"), int(" \u3000٣"), "a\u3000b\x85c\u200bd".split())
