# itertools, every function.
import itertools as it

print(list(it.chain("ab", [1])), list(it.chain.from_iterable(["ab", "c"])), list(it.islice(it.count(5, 2), 4)), list(it.islice("abcdefg", 1, 6, 2)))
print(list(it.islice(it.cycle("ab"), 5)), list(it.repeat("x", 3)), list(it.accumulate([1, 2, 3])), list(it.accumulate([1, 2, 3], lambda a, b: a * b, initial=10)))
print(list(it.takewhile(lambda n: n < 3, [1, 2, 3, 1])), list(it.dropwhile(lambda n: n < 3, [1, 2, 3, 1])), list(it.filterfalse(None, [0, 1, ""])), list(it.compress("abc", [1, 0, 1])))
print(list(it.zip_longest("ab", [1], fillvalue="-")), list(it.starmap(pow, [(2, 3), (3, 2)])), list(it.pairwise("abcd")), list(it.batched("abcdefg", 3)))
print(list(it.product("ab", [1, 2])), list(it.product([0, 1], repeat=2)), list(it.permutations("abc", 2)), list(it.combinations("abcd", 2)), list(it.combinations_with_replacement("ab", 2)))
print([(k, list(g)) for k, g in it.groupby("aabbbc")], [(k, len(list(g))) for k, g in it.groupby([1, 3, 2, 4], key=lambda n: n % 2)])
a, b = it.tee([1, 2, 3])
print(next(a), list(b), list(a))
print(len(list(it.permutations(range(5)))), len(list(it.combinations(range(10), 4))), list(it.permutations([1])), list(it.product()))
print(it.count(1), it.repeat(5, 2), it.count(1.5, 0.5), list(zip(it.count(), "ab")))
g = it.groupby("aab")
k, first = next(g)
next(g)
print(list(first))
for action in (lambda: list(it.islice([1], -1)), lambda: it.repeat(), lambda: list(it.batched("a", 0)), lambda: list(it.combinations("a", -1)), lambda: list(it.batched("abc", 2, strict=True))):
    try:
        print(action())
    except (ValueError, TypeError) as error:
        print(type(error).__name__, error)


def primes():
    numbers = it.count(2)
    while True:
        prime = next(numbers)
        yield prime
        numbers = filter(lambda n, p=prime: n % p, numbers)


print(list(it.islice(primes(), 12)))
print(sum(it.takewhile(lambda n: n < 1000, (a for a in it.accumulate(it.repeat(1))))), dict(zip("abc", it.count())))
