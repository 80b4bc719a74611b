# _heddle_structseq: classes like those of C's struct sequences (os.stat_result, pwd.struct_passwd …) for modules written in Python.


def make(module, name, fields):
    def __new__(cls, sequence, dict=None, /):
        items = tuple(sequence)
        if len(items) != len(fields):
            raise TypeError(f'{module}.{name}() takes a {len(fields)}-sequence ({len(items)}-sequence given)')
        return tuple.__new__(cls, items)

    def __repr__(self):
        return f'{module}.{name}({", ".join(f"{k}={v!r}" for k, v in zip(fields, self))})'

    def __reduce__(self):
        return type(self), (tuple(self), {})

    namespace = {
        '__slots__': (), '__module__': module, '__new__': __new__, '__repr__': __repr__, '__reduce__': __reduce__,
        '__match_args__': fields, 'n_fields': len(fields), 'n_sequence_fields': len(fields), 'n_unnamed_fields': 0,
    }
    for i, field in enumerate(fields):
        namespace[field] = property(lambda self, i=i: self[i])
    made = type(name, (tuple,), namespace)
    # C's have none to be seen.
    del made.__slots__
    return made
