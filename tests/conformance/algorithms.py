# Classic algorithms: sorts, searches, graphs, dynamic programming, queens, matrices, primes, game of life.
from functools import lru_cache


def quicksort(items):
    if len(items) < 2:
        return items
    pivot, *rest = items
    return quicksort([x for x in rest if x < pivot]) + [pivot] + quicksort([x for x in rest if x >= pivot])


def mergesort(items):
    if len(items) < 2:
        return items
    middle = len(items) // 2
    left, right = mergesort(items[:middle]), mergesort(items[middle:])
    out = []
    while left and right:
        out.append(left.pop(0) if left[0] <= right[0] else right.pop(0))
    return out + left + right


numbers = [(n * 7919) % 101 for n in range(40)]
print(quicksort(numbers) == mergesort(numbers) == sorted(numbers), quicksort(numbers)[:8])


def queens(n, row=0, columns=(), diagonals=(), anti=()):
    if row == n:
        yield columns
        return
    for c in range(n):
        if c not in columns and row + c not in diagonals and row - c not in anti:
            yield from queens(n, row + 1, columns + (c,), diagonals + (row + c,), anti + (row - c,))


print(len(list(queens(6))), next(queens(8)))


@lru_cache(None)
def lcs(a, b):
    if not a or not b:
        return ""
    if a[0] == b[0]:
        return a[0] + lcs(a[1:], b[1:])
    return max(lcs(a[1:], b), lcs(a, b[1:]), key=len)


print(lcs("programming", "gaming"), lcs("AGGTAB", "GXTXAYB"))


def bfs(maze):
    start = next((r, row.index("S")) for r, row in enumerate(maze) if "S" in row)
    frontier, seen = [(start, 0)], {start}
    for (r, c), steps in frontier:
        if maze[r][c] == "E":
            return steps
        for nr, nc in ((r + 1, c), (r - 1, c), (r, c + 1), (r, c - 1)):
            if 0 <= nr < len(maze) and 0 <= nc < len(maze[0]) and maze[nr][nc] != "#" and (nr, nc) not in seen:
                seen.add((nr, nc))
                frontier.append(((nr, nc), steps + 1))


print(bfs(["S.#.", "..#E", "#...", "...#"]))


def topological(graph):
    order, state = [], {}

    def visit(node):
        if state.get(node) == "open":
            raise ValueError(f"cycle at {node}")
        if node not in state:
            state[node] = "open"
            for other in graph.get(node, ()):
                visit(other)
            state[node] = "done"
            order.append(node)

    for node in graph:
        visit(node)
    return order[::-1]


print(topological({"shirt": ["tie"], "tie": ["jacket"], "trousers": ["shoes", "jacket"]}))
try:
    topological({"a": ["b"], "b": ["a"]})
except ValueError as error:
    print(error)


def matmul(a, b):
    return [[sum(x * y for x, y in zip(row, column)) for column in zip(*b)] for row in a]


def power(m, n):
    result = [[int(i == j) for j in range(len(m))] for i in range(len(m))]
    while n:
        if n & 1:
            result = matmul(result, m)
        m = matmul(m, m)
        n >>= 1
    return result


print(power([[1, 1], [1, 0]], 200)[0][1])


def life(cells):
    neighbours = {}
    for r, c in cells:
        for dr in (-1, 0, 1):
            for dc in (-1, 0, 1):
                if dr or dc:
                    neighbours[r + dr, c + dc] = neighbours.get((r + dr, c + dc), 0) + 1
    return {cell for cell, count in neighbours.items() if count == 3 or count == 2 and cell in cells}


glider = {(0, 1), (1, 2), (2, 0), (2, 1), (2, 2)}
for _ in range(4):
    glider = life(glider)
print(sorted(glider))


def knapsack(items, capacity):
    best = [0] * (capacity + 1)
    for weight, value in items:
        for room in range(capacity, weight - 1, -1):
            best[room] = max(best[room], best[room - weight] + value)
    return best[-1]


print(knapsack([(3, 4), (4, 5), (7, 10), (8, 11)], 14))


def permutations(items):
    if not items:
        yield []
    for i, item in enumerate(items):
        for rest in permutations(items[:i] + items[i + 1:]):
            yield [item] + rest


print(["".join(p) for p in permutations("abc")], sum(1 for _ in permutations(list(range(5)))))
edit = lambda a, b: len(a) + len(b) if not a or not b else min(edit(a[1:], b) + 1, edit(a, b[1:]) + 1, edit(a[1:], b[1:]) + (a[0] != b[0]))
print(edit("kitten", "sit"))
