# Exceptions in a loop: raised and caught near and far, with `finally`, chaining, and a class of their own.
class Refused(Exception):
    def __init__(self, number):
        super().__init__(f"{number} is refused")
        self.number = number


def check(number):
    if number % 3 == 0:
        raise Refused(number)
    return number


def deep(number, levels):
    if levels:
        return deep(number, levels - 1)
    return check(number)


def rounds(n):
    caught = finished = chained = total = 0
    table = {"known": 1}
    for i in range(n):
        try:
            total += check(i)
        except Refused as refused:
            caught += refused.number
        finally:
            finished += 1
        try:
            table["unknown"]
        except KeyError:
            pass
        if i % 8 == 0:
            try:
                try:
                    deep(i, 5)
                except Refused as refused:
                    raise ValueError("no") from refused
            except (TypeError, ValueError) as error:
                chained += error.__cause__.number
    return caught, finished, chained, total


print(rounds(300_000))
