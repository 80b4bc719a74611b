# Details of built-in types that CPython's own tests look at: views, merging, sorting, properties, classes, `match`.
import copy
import pickle
import warnings

print({1: [2]}.items() == {1: [2]}.items(), {1: [2]}.items() <= {1: [2], 3: []}.items(), {1: [2]}.items() != {1: [3]}.items())
print({1: []}.items().isdisjoint([(1, [0])]), {1: []}.keys().isdisjoint(iter([2])))


class Odd:
    def __hash__(self):
        return 1

    def __eq__(self, other):
        grown[len(grown)] = 1
        return False


grown = {Odd(): 1, 5: 2}
try:
    {Odd(): 1}.update(grown)
except RuntimeError as error:
    print(error)

numbers = [3, 1, 2]
try:
    numbers.sort(key=lambda n: numbers.append(n) or n)
except ValueError as error:
    print(error, numbers)


def fails(n):
    numbers.append(n)
    raise KeyError(n)


try:
    numbers.sort(key=fails)
except KeyError as error:
    print('key', error, numbers)

for iterator in [reversed([1, 2, 3]), reversed((1, 2, 3)), reversed('abc'), iter(range(2**70, 2**70 + 3)), reversed([]), iter({1: 2})]:
    next(iterator, None)
    again = pickle.loads(pickle.dumps(iterator))
    print(type(iterator).__name__, list(copy.copy(iterator)), list(again))


class Doc(property):
    """class doc"""


def documented(self):
    """getter doc"""


def bare(self):
    pass


print(Doc(documented).__doc__, Doc(bare).__doc__, Doc(bare, doc='given').__doc__, property(bare, doc='given').getter(documented).__doc__)
p = property(documented)
p.__doc__ = 'user'
print(p.__doc__, p.getter(bare).__doc__)


class Meta(type):
    pass


class Plain(metaclass=Meta):
    pass


print(type(Plain.__dict__).__name__, type(Meta.__dict__).__name__)
for action in [
    lambda: setattr(Plain, b'x', 1), lambda: type.__getattribute__(list, int), lambda: object.__setattr__(Plain(), 3, 4),
    lambda: type('X', (), {'__classcell__': 3}), lambda: exec("Plain.__dict__['a'] = 1"),
]:
    try:
        action()
    except TypeError as error:
        print(error)


class Slots:
    __slots__ = ('a', 'b')


class Others:
    __slots__ = ('a', 'c')


try:
    Slots().__class__ = Others
except TypeError as error:
    print(error)


class Half(int):
    def __int__(self):
        return True

    def __index__(self):
        return True


class Whole:
    def __index__(self):
        return Half(4)

    def __float__(self):
        return Real(2.5)


class Real(float):
    def __float__(self):
        return 42.0


with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter('always')
    print(int(Half(3)), [10, 20, 30, 40, 50][Whole()], float(Whole()), float(Real(1)), (-0.0) ** float('-inf'))
for warning in caught:
    print(warning.category.__name__, warning.message)


class Base1:
    def method(self):
        return 'base'


class Class1(Base1):
    def method(self):
        super = lambda *args: 'shadow'
        return super()


print(Class1().method())
empty = ()
print(empty is tuple([]), tuple() is empty)


class Node:
    def __init__(self, items):
        self.items = items

    def __repr__(self):
        return f'Node({self.items!r})'


loop = [1]
loop.append(Node(loop))
print(loop)
table = {}
table['self'] = Node([table])
print(table)


class Pair:
    __match_args__ = ('x', 'x')
    x = 1


try:
    match Pair():
        case Pair(a, b):
            pass
except TypeError as error:
    print(error)


class Kept(dict):
    def __getnewargs_ex__(self):
        return (1, 2)


class Kept2:
    def __new__(cls, *args, **kw):
        self = super().__new__(cls)
        self.args = args, kw
        return self

    def __init__(self):
        self.__getnewargs__ = lambda: ('instance',)


try:
    pickle.dumps(Kept(), 2)
except TypeError as error:
    print(error)
print(Kept2().__reduce_ex__(2)[1][1:])


class Seq(list):
    pass


print(pickle.loads(pickle.dumps(ImportError('m', name='n', path='p'))).__dict__ or 'no dict')
error = ImportError('m', name='n')
error.__init__()
print(error.msg, error.name, pickle.loads(pickle.dumps(ImportError('m', name='n'))).name)
