# Method calls and attribute access: a million of each, with and without __slots__, through a base class and a property.
class Counter:
    def __init__(self):
        self.value = 0

    def add(self, amount):
        self.value += amount


class Slotted:
    __slots__ = ("value", "step")

    def __init__(self, step):
        self.value = 0
        self.step = step

    def advance(self):
        self.value = self.value + self.step
        return self.value


class Limited(Counter):
    limit = 1_000

    def add(self, amount):
        super().add(amount)
        if self.value > self.limit:
            self.value -= self.limit

    @property
    def half(self):
        return self.value // 2


def work(n):
    plain, slotted, limited = Counter(), Slotted(3), Limited()
    total = 0
    for i in range(n):
        plain.add(i)
        slotted.advance()
        total += plain.value - slotted.value
        if i % 4 == 0:
            limited.add(i & 7)
            total += limited.half
    return total, plain.value, slotted.value, limited.value


print(work(500_000))
