# Loops of native modules of `stdlib` that call Python code any number of times. Hidden in tracebacks; see native.rs, rule 3.


def _reduce(function, iterator, value):
    for item in iterator:
        value = function(value, item)
    return value


def _count_of(iterable, wanted):
    count = 0
    for item in iterable:
        if item is wanted or item == wanted:
            count += 1
    return count


def _index_of(iterable, wanted):
    at = 0
    for item in iterable:
        if item is wanted or item == wanted:
            return at
        at += 1
    raise ValueError('sequence.index(x): x not in sequence')


def _count_elements(mapping, iterable):
    get = mapping.get
    for item in iterable:
        mapping[item] = get(item, 0) + 1


def _heapify(heap, sink):
    for at in range(len(heap) // 2 - 1, -1, -1):
        sink(heap, at)
