# random with a seed gives CPython's very numbers.
import random

random.seed(42)
print(random.random(), random.random())
print([random.randint(1, 100) for _ in range(8)], random.randrange(0, 100, 7), random.uniform(1, 5))
print(random.choice("abcdef"), random.choices([1, 2, 3], k=5), random.choices("ab", weights=[9, 1], k=6), random.sample(range(50), 5))
deck = list(range(10))
random.shuffle(deck)
print(deck, random.getrandbits(70), random.gauss(0, 1), random.normalvariate(5, 2))
print(random.expovariate(1.5), random.triangular(0, 10, 3), random.betavariate(2, 3), random.gammavariate(2, 1), random.paretovariate(3), random.vonmisesvariate(0, 4))
r = random.Random("text seed")
print(r.random(), r.randint(0, 10 ** 12), r.randbytes(4))
state = r.getstate()
a = [r.random() for _ in range(3)]
r.setstate(state)
print(a == [r.random() for _ in range(3)])
print(random.Random(1.5).random(), random.Random(-7).random(), random.Random(10 ** 30).random(), random.Random(b"bytes").random())
for action in (lambda: random.choice([]), lambda: random.sample([1], 2), lambda: random.randrange(0), lambda: random.choices([], k=1)):
    try:
        action()
    except (ValueError, IndexError) as error:
        print(type(error).__name__, error)
random.seed(7)
inside = sum(random.random() ** 2 + random.random() ** 2 < 1 for _ in range(2000))
print(inside)
