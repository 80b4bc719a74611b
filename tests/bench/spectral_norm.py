# The spectral norm of an infinite matrix, cut to 160 rows: nested loops of float arithmetic through function calls.
def entry(i, j):
    return 1.0 / ((i + j) * (i + j + 1) // 2 + i + 1)


def times(vector):
    n = range(len(vector))
    return [sum(entry(i, j) * vector[j] for j in n) for i in n]


def transposed_times(vector):
    n = range(len(vector))
    result = []
    for i in n:
        total = 0.0
        for j in n:
            total += entry(j, i) * vector[j]
        result.append(total)
    return result


def norm(size, rounds=10):
    u = [1.0] * size
    for _ in range(rounds):
        v = transposed_times(times(u))
        u = transposed_times(times(v))
    return (sum(a * b for a, b in zip(u, v)) / sum(b * b for b in v)) ** 0.5


print(f"{norm(160):.9f}")
