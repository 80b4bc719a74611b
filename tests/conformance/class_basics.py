# Classes: attributes, methods, inheritance, class and static methods, isinstance.
class Account:
    bank = "First"
    count = 0

    def __init__(self, owner, balance=0):
        self.owner = owner
        self.balance = balance
        Account.count += 1

    def deposit(self, amount):
        self.balance += amount
        return self

    @classmethod
    def empty(cls, owner):
        return cls(owner)

    @staticmethod
    def fee(amount):
        return amount // 100

    def __repr__(self):
        return f"{type(self).__name__}({self.owner!r}, {self.balance})"


class Savings(Account):
    rate = 3

    def __init__(self, owner, balance=0, *, rate=None):
        super().__init__(owner, balance)
        if rate is not None:
            self.rate = rate

    def grow(self):
        self.balance += self.balance * self.rate // 100


a = Account("ann", 100)
b = Savings("bob", 200, rate=5)
c = Savings.empty("cid")
a.deposit(5).deposit(6)
b.grow()
print(a, b, c)
print(Account.count, Savings.count, b.bank, c.rate, b.rate)
print(isinstance(b, Account), isinstance(a, Savings), issubclass(Savings, Account))
print(Savings.__mro__)
print(Savings.__bases__, Account.__name__, Account.__qualname__, Account.__module__)
print(sorted(vars(b).items()))
print(Account.fee(1234), b.fee(999))
print(hasattr(a, "rate"), getattr(a, "rate", "none"), hasattr(b, "rate"))
setattr(a, "rate", 9)
print(a.rate, a.__dict__)
delattr(a, "rate")
try:
    a.rate
except AttributeError as error:
    print(error)
try:
    Account()
except TypeError as error:
    print(error)
print(a.deposit.__name__, a.deposit.__self__ is a, Account.deposit is Account.__dict__["deposit"])
print(type(a) is Account, a.__class__.__name__, type(type(a)))
Account.bank = "Second"
b.bank = "Own"
print(a.bank, b.bank, c.bank)
