"""A defaultdict that holds itself, also by its factory."""
from collections import defaultdict
class sub(defaultdict):
    def __init__(self): self.default_factory = self._factory
    def _factory(self): return []
    def __repr__(self): return super().__repr__()
class S2(defaultdict): pass
d = sub(); r = repr(d); print(r[:r.index(' object')] if ' object' in r else r)
d = defaultdict(int); d['self'] = d; print(d)
print(S2(list, a=1), defaultdict(None, b=2))
