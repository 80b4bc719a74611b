# Sorting 200,000 records: by a function, by a method of str, by a tuple, and the pairs as they are.
def numbers(n, seed=12345):
    for _ in range(n):
        seed = (seed * 1103515245 + 12345) % 2147483648
        yield seed >> 8


records = [(number % 1000, f"name{number % 77777}", number) for number in numbers(200_000)]
by_last = sorted(records, key=lambda record: record[2])
by_name = sorted(records, key=lambda record: record[1].upper())
by_both = sorted(records, key=lambda record: (record[0], -record[2]), reverse=True)
records.sort()
print(by_last[0], by_name[0], by_both[0], records[0], records[-1])
