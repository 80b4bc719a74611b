# Map and reduce with processes: words of texts counted, digests of files, primes by parts, a matrix by rows, merge sort.
import functools
import hashlib
import multiprocessing as mp
import operator
import os
from collections import Counter
from concurrent.futures import ProcessPoolExecutor

TEXTS = ['the cat sat on the mat', 'the dog sat on the log', 'a cat and a dog', ''] * 3


def words(text):
    return Counter(text.split())


def digest(path):
    with open(path, 'rb') as file:
        return path, hashlib.sha512(file.read()).hexdigest()[:16]


def primes(bounds):
    return [n for n in range(*bounds) if n > 1 and all(n % d for d in range(2, int(n ** 0.5) + 1))]


def row_times(matrix, row):
    return [sum(a * b for a, b in zip(row, column)) for column in zip(*matrix)]


def merge(a, b):
    out, i, j = [], 0, 0
    while i < len(a) and j < len(b):
        if a[i] <= b[j]:
            out.append(a[i])
            i += 1
        else:
            out.append(b[j])
            j += 1
    return out + a[i:] + b[j:]


def merge_pair(pair):
    return merge(*pair)


if __name__ == '__main__':
    mp.set_start_method('fork')
    with mp.Pool(3) as pool:
        total = functools.reduce(operator.add, pool.imap_unordered(words, TEXTS))
        print(sorted(total.items(), key=lambda item: (-item[1], item[0])))
        found = pool.map(primes, [(i, i + 50) for i in range(0, 300, 50)])
        print(sum(map(len, found)), found[-1])
        matrix = [[1, 2, 3], [4, 5, 6], [7, 8, 10]]
        print(pool.map(functools.partial(row_times, matrix), matrix))
        numbers = [(i * 7919) % 1009 for i in range(120)]
        parts = pool.map(sorted, [numbers[i::8] for i in range(8)])
        while len(parts) > 1:
            parts = pool.map(merge_pair, list(zip(parts[::2], parts[1::2])))
        print(parts[0] == sorted(numbers), parts[0][:5])
    names = [f'part{i}.bin' for i in range(5)]
    for i, name in enumerate(names):
        with open(name, 'wb') as file:
            file.write(bytes([i]) * 1000)
    with ProcessPoolExecutor(2) as executor:
        for path, value in executor.map(digest, names):
            print(path, value)
            os.unlink(path)
