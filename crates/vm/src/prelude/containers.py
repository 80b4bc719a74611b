# What containers need Python code for: loops that call back, of any length. Hidden in tracebacks; see native.rs, rule 3.
# Natives given to it: _sort_by_keys, _list_take, _list_give, _missing (boot.rs puts them beside the builtins).


_missing = object()


def _collect(iterable):
    return [item for item in iterable]


def _filter_next(function, iterator):
    advance = type(iterator).__next__
    if function is None or function is bool:
        while True:
            item = advance(iterator)
            if item:
                return item
    while True:
        item = advance(iterator)
        if function(item):
            return item


def _dict_fill(target, keys, values):
    store = dict.__setitem__
    for i in range(len(keys)):
        store(target, keys[i], values[i])


def _dict_merge(target, source):
    store, length = dict.__setitem__, dict.__len__(source)
    for key, value in list(dict.items(source)):
        store(target, key, value)
        if dict.__len__(source) != length:
            raise RuntimeError('dict mutated during update')


def _same_entries(one, other):
    for key, value in list(dict.items(one)):
        found = dict.get(other, key, _missing)
        if found is _missing or not (value is found or value == found):
            return False
    return True


def _all_in(items, container):
    for item in items:
        if item not in container:
            return False
    return True


def _none_in(items, container):
    for item in items:
        if item in container:
            return False
    return True


def _fromkeys(cls, keys, value):
    result = cls()
    for key in keys:
        result[key] = value
    return result


def _first_difference(a, b, i):
    kind = list if isinstance(a, list) else tuple
    length, item = kind.__len__, kind.__getitem__
    while i < length(a) and i < length(b):
        x, y = item(a, i), item(b, i)
        if not (x is y or x == y):
            return x, y
        i += 1


def _members(items, container, wanted):
    has = set.__contains__ if isinstance(container, set) else frozenset.__contains__
    return [item for item in items if has(container, item) == wanted]


def _set_fill(target, items):
    add = set.add
    for item in items:
        add(target, item)


def _sort_list(target, key, reverse):
    items = _list_take(target)
    try:
        items = _sorted_items(items, key, reverse)
    except BaseException:
        _list_give(target, items, False)
        raise
    _list_give(target, items, True)


def _sorted_items(items, key, reverse):
    keys = items if key is None else [key(item) for item in items]
    result = _sort_by_keys(keys, items, reverse)
    if result is not None:
        return result
    # Reversing before and after keeps equal items in their order.
    order = list(range(len(items)))
    if reverse:
        order.reverse()
    order = _merge_sort(order, keys)
    if reverse:
        order.reverse()
    return [items[i] for i in order]


def _merge_sort(order, keys):
    # Binary insertion into short runs, then merging; only `<` is asked, left operand the later item, as CPython does.
    n = len(order)
    if n < 2:
        return order
    run = 32
    for start in range(0, n, run):
        _insertion_sort(order, keys, start, min(start + run, n))
    while run < n:
        merged = []
        for start in range(0, n, 2 * run):
            middle = min(start + run, n)
            _merge(order, keys, start, middle, min(start + 2 * run, n), merged)
        order = merged
        run *= 2
    return order


def _insertion_sort(order, keys, low, high):
    # A run that is already in order, or strictly falling, costs one comparison an item.
    at = low + 1
    if at < high and keys[order[at]] < keys[order[low]]:
        at += 1
        while at < high and keys[order[at]] < keys[order[at - 1]]:
            at += 1
        order[low:at] = order[low:at][::-1]
    else:
        at += 1
        while at < high and not (keys[order[at]] < keys[order[at - 1]]):
            at += 1
    while at < high:
        pivot = order[at]
        key = keys[pivot]
        left = low
        right = at
        while left < right:
            middle = (left + right) >> 1
            if key < keys[order[middle]]:
                right = middle
            else:
                left = middle + 1
        order[left + 1:at + 1] = order[left:at]
        order[left] = pivot
        at += 1


def _merge(order, keys, start, middle, end, merged):
    left = start
    right = middle
    while left < middle and right < end:
        if keys[order[right]] < keys[order[left]]:
            merged.append(order[right])
            right += 1
        else:
            merged.append(order[left])
            left += 1
    merged.extend(order[left:middle])
    merged.extend(order[right:end])


def _sorted(iterable, key, reverse):
    return _sorted_items(_collect(iterable), key, reverse)


def _sum(iterable, start):
    for item in iterable:
        start = start + item
    return start


def _min_max(iterable, key, default, largest, name):
    iterator = iter(iterable)
    for best in iterator:
        break
    else:
        if default is _missing:
            raise ValueError(f'{name}() iterable argument is empty')
        return default
    if key is None:
        if largest:
            for item in iterator:
                if item > best:
                    best = item
        else:
            for item in iterator:
                if item < best:
                    best = item
        return best
    best_key = key(best)
    for item in iterator:
        item_key = key(item)
        if (item_key > best_key) if largest else (item_key < best_key):
            best = item
            best_key = item_key
    return best


def _any(iterable):
    for item in iterable:
        if item:
            return True
    return False


def _all(iterable):
    for item in iterable:
        if not item:
            return False
    return True


def _contains(iterable, wanted):
    for item in iterable:
        if item is wanted or item == wanted:
            return True
    return False


async def _anext_default(awaitable, default):
    try:
        return await awaitable
    except StopAsyncIteration:
        return default
