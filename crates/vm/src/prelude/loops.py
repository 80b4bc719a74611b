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


def _update_mapping(mapping, other, keywords):
    if isinstance(other, dict):
        for key in other:
            mapping[key] = other[key]
    elif hasattr(other, 'keys'):
        for key in other.keys():
            mapping[key] = other[key]
    elif hasattr(other, 'items'):
        for key, value in other.items():
            mapping[key] = value
    else:
        for key, value in other:
            mapping[key] = value
    for key in keywords:
        mapping[key] = keywords[key]


def _call_with_each(function, items):
    for item in items:
        function(item)


def _json_float_text(allow_nan):
    def text(value):
        if value != value:
            result = 'NaN'
        elif value in (float('inf'), float('-inf')):
            result = 'Infinity' if value > 0 else '-Infinity'
        else:
            return float.__repr__(value)
        if not allow_nan:
            raise ValueError('Out of range float values are not JSON compliant: ' + repr(value))
        return result
    return text


def _json_checked(encoder):
    def encode(text):
        result = encoder(text)
        if not isinstance(result, str):
            raise TypeError(f'encoder() must return a string, not {type(result).__name__}')
        return result
    return encode


def _json_run(iterencode, value, level):
    return tuple(iterencode(value, level))
