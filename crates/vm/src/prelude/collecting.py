# A collection of unreachable cycles, in CPython's order; the parts are in `collecting.rs`. Hidden in tracebacks.


def _gc_finish(generation, garbage):
    # What was found is given up, or some of it comes back to life.
    for callback, reference in _gc_weakrefs(garbage):
        _gc_callback(callback, reference)
    callback = reference = None
    for dying in _gc_finalizers(garbage):
        _gc_finalize(dying)
    dying = None
    return _gc_clear(generation, garbage)


def _gc_collect(generation, itself=False):
    garbage = _gc_find(generation, itself)
    return _gc_finish(generation, garbage) if garbage else 0


def _gc_collect_told(generation, itself=True):
    # The same with gc.callbacks, which cannot begin another collection.
    if not _gc_begin(itself):
        return 0
    try:
        for callback in _gc_callbacks():
            _gc_callback(callback, 'start', {'generation': generation, 'collected': 0, 'uncollectable': 0})
        collected = _gc_collect(generation, True)
        _gc_begin(True)
        for callback in _gc_callbacks():
            _gc_callback(callback, 'stop', {'generation': generation, 'collected': collected, 'uncollectable': 0})
        return collected
    finally:
        _gc_end()


def _gc_finish_main():
    # The last collection: what only __main__ held.
    garbage = _gc_find_main()
    if garbage:
        _gc_finish(2, garbage)
