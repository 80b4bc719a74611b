# The loop of every talk about threads: ten million steps down.
def count(n):
    while n > 0:
        n -= 1


count(10_000_000)
