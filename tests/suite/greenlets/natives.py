# Whatever stands on the stack may be left by a switch: generators, coroutines, natives that call Python, `__del__`, `with`.
import functools
import itertools
import re
from greenlet import getcurrent, greenlet


def ask(question):
    """Asks the parent; its answer is the result."""
    return getcurrent().parent.switch(question)


def dialogue(function):
    """Runs it in a greenlet and answers each question with its negative: questions and result."""
    questions, g = [], greenlet(function)
    answer = g.switch()
    while not g.dead:
        questions.append(answer)
        answer = g.switch(-answer)
    return questions, answer


assert dialogue(lambda: sorted([3, 1, 2], key=ask)) == ([3, 1, 2], [3, 2, 1])
assert dialogue(lambda: list(map(ask, [1, 2, 3]))) == ([1, 2, 3], [-1, -2, -3])
assert dialogue(lambda: [x for x in filter(ask, [1, 0, 2])]) == ([1, 0, 2], [1, 2])
assert dialogue(lambda: max(4, 5, 6, key=ask)) == ([4, 5, 6], 4)
assert dialogue(lambda: functools.reduce(lambda a, b: a + ask(b), [1, 2, 3])) == ([2, 3], -4)
assert dialogue(lambda: sum(ask(x) for x in range(4))) == ([0, 1, 2, 3], -6)
assert dialogue(lambda: re.sub(r'\d', lambda m: str(ask(int(m[0]))), 'a1b2')) == ([1, 2], 'a-1b-2')
assert dialogue(lambda: list(itertools.takewhile(ask, iter([1, 2, 0, 3])))) == ([1, 2, 0], [1, 2])
assert dialogue(lambda: {ask(x): ask(x + 10) for x in (1, 2)}) == ([1, 11, 2, 12], {-1: -11, -2: -12})
assert dialogue(lambda: eval('ask(1) + ask(2)')) == ([1, 2], -3)


class Odd:
    def __init__(self, x):
        self.x = ask(x)

    def __eq__(self, other):
        return ask(100) == -100

    def __hash__(self):
        return ask(200)

    def __iter__(self):
        ask(300)
        yield ask(301)

    def __len__(self):
        return -ask(5)

    def __getattr__(self, name):
        return ask(len(name))

    def __enter__(self):
        return ask(400)

    def __exit__(self, *exc):
        return ask(401) == -401

    def __del__(self):
        ask(500)


def everything():
    odd = Odd(1)
    other = {odd: 'found'}
    found = other[odd], odd == 1, list(odd), len(odd), odd.name, getattr(odd, 'xy')
    with odd as entered:
        raise ValueError
    other.clear()
    del odd
    return found, entered


questions, result = dialogue(everything)
assert result == (('found', True, [-301], 5, -4, -2), -400), result
assert questions == [1, 200, 200, 100, 300, 301, 5, 4, 2, 400, 401, 500], questions


# A greenlet inside a generator, as a generator that may yield from anywhere.
def numbers(n):
    def walk(tree):
        for item in tree:
            if isinstance(item, list):
                walk(item)
            else:
                getcurrent().parent.switch(item)

    g = greenlet(walk)
    item = g.switch(n)
    while not g.dead:
        yield item
        item = g.switch()


assert list(numbers([1, [2, [3, 4], 5], [[6]]])) == [1, 2, 3, 4, 5, 6]
assert [x for pair in zip(numbers([1, [2]]), numbers([[3], 4])) for x in pair] == [1, 3, 2, 4]


# A generator that is left in the middle by a switch, and gone on with from there alone.
def pieces():
    yield 'a'
    yield ask(1)
    yield 'c'


assert dialogue(lambda: list(pieces())) == ([1], ['a', -1, 'c'])
shared = pieces()
g = greenlet(lambda: [next(shared), next(shared)])
assert g.switch() == 1
try:
    next(shared)
except ValueError as e:
    assert str(e) == 'generator already executing'
else:
    raise AssertionError
assert g.switch('b') == ['a', 'b'] and next(shared) == 'c'


# A coroutine whose await is a switch: an event loop of another kind may stand on greenlets.
async def inner(x):
    return await outer_await(x) + 1


async def outer_await(x):
    return ask(x)


def drive(coroutine):
    try:
        coroutine.send(None)
    except StopIteration as e:
        return e.value


assert dialogue(lambda: drive(inner(9))) == ([9], -8)
print('ok')
