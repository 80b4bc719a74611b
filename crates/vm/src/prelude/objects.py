# Parts of the object model that loop over Python code: called by natives, hidden in tracebacks.


def _collect(iterable):
    return [item for item in iterable]


def _iterate_contains(container, item):
    for other in container:
        if other is item or other == item:
            return True
    return False
