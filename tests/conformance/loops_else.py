# Loops: else, break, continue, nested, while with walrus, ranges, changing the variable, loops over many kinds.
for n in range(2, 20):
    for d in range(2, n):
        if n % d == 0:
            break
    else:
        print(n, end=" ")
print()
n = 27
steps = 0
while n != 1:
    n = n // 2 if n % 2 == 0 else 3 * n + 1
    steps += 1
else:
    print("collatz", steps)
for i in range(3):
    i += 10
print(i)
for i in []:
    pass
else:
    print("empty else", i)
i = 0
while True:
    i += 1
    if i % 2:
        continue
    if i > 7:
        break
    print(i, end=",")
print()
for a, b in {"x": 1, "y": 2}.items():
    print(a, b, end=";")
for i, (x, y) in enumerate(zip("ab", range(5, 9))):
    print(i, x, y, end=";")
for line in "one\ntwo".splitlines():
    print(line, end=";")
for n in range(10, 0, -3):
    print(n, end=" ")
for c in b"ab":
    print(c, end=" ")
print()
data = iter([3, 1, 4, 0, 5])
while (value := next(data)) != 0:
    print("value", value)
grid = [[1, 2], [3, 4]]
print([(r, c) for r, row in enumerate(grid) for c, cell in enumerate(row) if cell % 2 == 0])
found = next(((x, y, z) for x in range(1, 30) for y in range(x, 30) for z in range(y, 30) if x * x + y * y == z * z and x + y + z > 40), None)
print(found)
sieve = [True] * 60
for p in range(2, 8):
    if sieve[p]:
        sieve[p * p::p] = [False] * len(sieve[p * p::p])
print([p for p in range(2, 60) if sieve[p]])
total = 0
for outer in range(5):
    for inner in range(5):
        if inner == outer:
            break
        if inner == 1:
            continue
        total += inner * outer
print(total)
