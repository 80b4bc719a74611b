# String building: joining, formatting, searching, slicing, and adding letter by letter.
def report(n):
    lines = []
    for i in range(n):
        name = f"item-{i:06d}"
        lines.append(f"{name:<16}{i * 1.5:>12.2f}{'even' if i % 2 == 0 else 'odd':>6}")
    return "\n".join(lines)


def letters(n):
    text = ""
    for i in range(n):
        text += chr(97 + i % 26)
    return text


def words(text):
    longest, count = "", 0
    for line in text.splitlines():
        head, _, tail = line.strip().partition(" ")
        if head.startswith("item") and "9" in head:
            count += len(tail.replace(" ", ""))
        if head[-3:] > longest:
            longest = head[-3:]
    return count, longest


text = report(100_000)
print(len(text), words(text))
print(letters(300_000)[-5:], text.count("odd"), text.upper().find("ITEM-099999"))
