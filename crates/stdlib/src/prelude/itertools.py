# itertools: the iterators that are not native (those come from _itertools). Hidden code of the library: see pack.rs.
from _itertools import chain, count, islice, repeat, starmap


class _Iterator:
    """An iterator whose steps a generator makes."""
    __slots__ = ('_steps', '__weakref__')

    def __iter__(self):
        return self

    def __next__(self):
        return self._steps.__next__()


class accumulate(_Iterator):
    __slots__ = ()

    def __new__(cls, iterable, func=None, *, initial=None):
        self = object.__new__(cls)
        self._steps = cls._run(iter(iterable), func, initial)
        return self

    @staticmethod
    def _run(iterator, func, total):
        if total is None:
            for total in iterator:
                break
            else:
                return
        yield total
        if func is None:
            for item in iterator:
                total = total + item
                yield total
        else:
            for item in iterator:
                total = func(total, item)
                yield total


class batched(_Iterator):
    __slots__ = ()

    def __new__(cls, iterable, n, *, strict=False):
        if n < 1:
            raise ValueError('n must be at least one')
        self = object.__new__(cls)
        self._steps = cls._run(iter(iterable), n, strict)
        return self

    @staticmethod
    def _run(iterator, n, strict):
        while batch := tuple(islice(iterator, n)):
            if strict and len(batch) != n:
                raise ValueError('batched(): incomplete batch')
            yield batch


class combinations(_Iterator):
    __slots__ = ()

    def __new__(cls, iterable, r):
        if r < 0:
            raise ValueError('r must be non-negative')
        self = object.__new__(cls)
        self._steps = cls._run(tuple(iterable), r)
        return self

    @staticmethod
    def _run(pool, r):
        n = len(pool)
        if r > n:
            return
        indices = list(range(r))
        while True:
            yield tuple([pool[i] for i in indices])
            at = r - 1
            while at >= 0 and indices[at] == at + n - r:
                at -= 1
            if at < 0:
                return
            indices[at] += 1
            for j in range(at + 1, r):
                indices[j] = indices[j - 1] + 1


class combinations_with_replacement(_Iterator):
    __slots__ = ()

    def __new__(cls, iterable, r):
        if r < 0:
            raise ValueError('r must be non-negative')
        self = object.__new__(cls)
        self._steps = cls._run(tuple(iterable), r)
        return self

    @staticmethod
    def _run(pool, r):
        n = len(pool)
        if not n and r:
            return
        indices = [0] * r
        while True:
            yield tuple([pool[i] for i in indices])
            at = r - 1
            while at >= 0 and indices[at] == n - 1:
                at -= 1
            if at < 0:
                return
            indices[at:] = [indices[at] + 1] * (r - at)


class compress(_Iterator):
    __slots__ = ()

    def __new__(cls, data, selectors):
        self = object.__new__(cls)
        self._steps = cls._run(iter(data), iter(selectors))
        return self

    @staticmethod
    def _run(data, selectors):
        for item, wanted in zip(data, selectors):
            if wanted:
                yield item


class cycle(_Iterator):
    __slots__ = ()

    def __new__(cls, iterable):
        self = object.__new__(cls)
        self._steps = cls._run(iter(iterable))
        return self

    @staticmethod
    def _run(iterator):
        saved = []
        for item in iterator:
            saved.append(item)
            yield item
        while saved:
            for item in saved:
                yield item


class dropwhile(_Iterator):
    __slots__ = ()

    def __new__(cls, predicate, iterable):
        self = object.__new__(cls)
        self._steps = cls._run(predicate, iter(iterable))
        return self

    @staticmethod
    def _run(predicate, iterator):
        for item in iterator:
            if not predicate(item):
                yield item
                break
        for item in iterator:
            yield item


class filterfalse(_Iterator):
    __slots__ = ()

    def __new__(cls, predicate, iterable):
        self = object.__new__(cls)
        self._steps = cls._run(bool if predicate is None else predicate, iter(iterable))
        return self

    @staticmethod
    def _run(predicate, iterator):
        for item in iterator:
            if not predicate(item):
                yield item


class _grouper:
    __slots__ = ('_parent', '_key')

    def __init__(self, parent, key):
        self._parent = parent
        self._key = key

    def __iter__(self):
        return self

    def __next__(self):
        parent = self._parent
        if parent._group is not self:
            raise StopIteration
        if not parent._pending and not parent._advance():
            raise StopIteration
        if not self._key == parent._current_key:
            raise StopIteration
        parent._pending = False
        return parent._current


class groupby:
    __slots__ = ('_iterator', '_keyfunc', '_target', '_current_key', '_current', '_pending', '_group', '_started', '__weakref__')

    def __new__(cls, iterable, key=None):
        self = object.__new__(cls)
        self._iterator = iter(iterable)
        self._keyfunc = key
        self._started = False
        self._pending = False
        self._group = None
        return self

    def __iter__(self):
        return self

    def _advance(self):
        for item in self._iterator:
            self._current = item
            self._current_key = item if self._keyfunc is None else self._keyfunc(item)
            self._pending = True
            return True
        return False

    def __next__(self):
        self._group = None
        if not self._started:
            if not self._advance():
                raise StopIteration
            self._started = True
        else:
            while not self._pending or self._current_key == self._target:
                if not self._advance():
                    raise StopIteration
        self._target = self._current_key
        self._group = group = _grouper(self, self._target)
        return self._target, group


class pairwise(_Iterator):
    __slots__ = ()

    def __new__(cls, iterable):
        self = object.__new__(cls)
        self._steps = cls._run(iter(iterable))
        return self

    @staticmethod
    def _run(iterator):
        for previous in iterator:
            break
        else:
            return
        for item in iterator:
            yield previous, item
            previous = item


class permutations(_Iterator):
    __slots__ = ()

    def __new__(cls, iterable, r=None):
        pool = tuple(iterable)
        if r is None:
            r = len(pool)
        elif not isinstance(r, int):
            raise TypeError('Expected int as r')
        if r < 0:
            raise ValueError('r must be non-negative')
        self = object.__new__(cls)
        self._steps = cls._run(pool, r)
        return self

    @staticmethod
    def _run(pool, r):
        n = len(pool)
        if r > n:
            return
        indices = list(range(n))
        cycles = list(range(n, n - r, -1))
        yield tuple([pool[i] for i in indices[:r]])
        while n:
            at = r - 1
            while at >= 0:
                cycles[at] -= 1
                if cycles[at]:
                    break
                indices[at:] = indices[at + 1:] + indices[at:at + 1]
                cycles[at] = n - at
                at -= 1
            if at < 0:
                return
            other = n - cycles[at]
            indices[at], indices[other] = indices[other], indices[at]
            yield tuple([pool[i] for i in indices[:r]])


class product(_Iterator):
    __slots__ = ()

    def __new__(cls, *iterables, repeat=1):
        if repeat < 0:
            raise ValueError('repeat argument cannot be negative')
        self = object.__new__(cls)
        self._steps = cls._run([tuple(pool) for pool in iterables] * repeat)
        return self

    @staticmethod
    def _run(pools):
        if not all(pools):
            return
        places = [0] * len(pools)
        while True:
            yield tuple([pool[i] for pool, i in zip(pools, places)])
            at = len(pools) - 1
            while at >= 0:
                places[at] += 1
                if places[at] < len(pools[at]):
                    break
                places[at] = 0
                at -= 1
            if at < 0:
                return


class takewhile(_Iterator):
    __slots__ = ()

    def __new__(cls, predicate, iterable):
        self = object.__new__(cls)
        self._steps = cls._run(predicate, iter(iterable))
        return self

    @staticmethod
    def _run(predicate, iterator):
        for item in iterator:
            if not predicate(item):
                return
            yield item


class _tee:
    __slots__ = ('_iterator', '_link', '__weakref__')

    def __new__(cls, iterable):
        self = object.__new__(cls)
        if isinstance(iterable, _tee):
            self._iterator = iterable._iterator
            self._link = iterable._link
        else:
            self._iterator = iter(iterable)
            self._link = [None, None]
        return self

    def __iter__(self):
        return self

    def __copy__(self):
        return _tee(self)

    def __next__(self):
        link = self._link
        if link[1] is None:
            item = next(self._iterator)
            link[0] = item
            link[1] = [None, None]
        item, self._link = link
        return item


def tee(iterable, n=2, /):
    if n < 0:
        raise ValueError('n must be >= 0')
    if n == 0:
        return ()
    first = _tee(iterable)
    return (first,) + tuple([_tee(first) for _ in range(n - 1)])


class zip_longest(_Iterator):
    __slots__ = ()

    def __new__(cls, *iterables, fillvalue=None):
        self = object.__new__(cls)
        self._steps = cls._run([iter(it) for it in iterables], fillvalue)
        return self

    @staticmethod
    def _run(iterators, fillvalue):
        active = len(iterators)
        exhausted = object()
        while active:
            row = []
            for i, iterator in enumerate(iterators):
                if iterator is None:
                    row.append(fillvalue)
                    continue
                item = next(iterator, exhausted)
                if item is exhausted:
                    active -= 1
                    if not active:
                        return
                    iterators[i] = None
                    item = fillvalue
                row.append(item)
            yield tuple(row)
