# heapq and bisect.
import bisect
import heapq

h = []
for n in (5, 1, 8, 3, 2):
    heapq.heappush(h, n)
print(h, [heapq.heappop(h) for _ in range(5)])
values = [9, 4, 7, 1, 8, 2]
heapq.heapify(values)
print(values, heapq.heappushpop(values, 0), heapq.heapreplace(values, 5), values)
print(heapq.nlargest(3, [5, 1, 9, 3]), heapq.nsmallest(2, ["ccc", "a", "bb"], key=len), list(heapq.merge([1, 4], [2, 3], [0, 9])), list(heapq.merge([5, 1], [4], reverse=True)))
tasks = []
for priority, name in ((2, "write"), (1, "read"), (2, "alpha")):
    heapq.heappush(tasks, (priority, name))
print([heapq.heappop(tasks) for _ in range(3)])
try:
    heapq.heappop([])
except IndexError as error:
    print(type(error).__name__)


class Job:
    def __init__(self, n):
        self.n = n

    def __lt__(self, other):
        return self.n > other.n


jobs = [Job(n) for n in (1, 5, 3)]
heapq.heapify(jobs)
print([heapq.heappop(jobs).n for _ in range(3)])
a = [1, 3, 3, 5]
print(bisect.bisect(a, 3), bisect.bisect_left(a, 3), bisect.bisect_right(a, 0), bisect.insort(a, 4), a, bisect.bisect_left(["a", "bb"], 2, key=len))


def dijkstra(graph, start):
    distance, heap = {start: 0}, [(0, start)]
    while heap:
        d, node = heapq.heappop(heap)
        for other, weight in graph[node].items():
            if d + weight < distance.get(other, float("inf")):
                distance[other] = d + weight
                heapq.heappush(heap, (d + weight, other))
    return distance


print(dijkstra({"a": {"b": 7, "c": 3}, "b": {"d": 2}, "c": {"b": 1, "d": 8}, "d": {}}, "a"))
