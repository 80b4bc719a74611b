# Dictionaries, lists and strings: 250,000 rounds of everyday operations.
def rounds(n):
    counts = {}
    recent = []
    for i in range(n):
        key = "key" + str(i % 1000)
        counts[key] = counts.get(key, 0) + 1
        recent.append((i, key))
        if len(recent) > 100:
            del recent[:50]
        parts = key.upper().split("E")
        if parts[-1] in counts:
            counts.pop(parts[-1])
    return len(counts), len(recent), sum(counts.values())


print(rounds(250_000))
