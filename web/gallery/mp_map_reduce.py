# /// lab
# title = "Map and reduce: count words in a pool"
# python = "3.13"
# cores = 2
# seed = 1
# ///
# Look at: the map phase in the workers at the same time, the shuffle in the parent alone, the reduce phase in the workers again. The part
# in the middle is what Amdahl's law is about.
# Change: cores = 4 and Pool(4): by how much is it faster? Longer TEXTS: what grows, the work or the messages?
from collections import defaultdict
from multiprocessing import Pool

TEXTS = [
    "the heddle holds the thread and the thread holds the cloth",
    "a thread waits for the lock and the lock waits for a thread",
    "one process has one lock and many a thread",
] * 4

def mapper(text):
    return [(word, 1) for word in text.split()]

def reducer(pair):
    word, ones = pair
    return word, sum(ones)

if __name__ == "__main__":
    with Pool(2) as pool:
        mapped = pool.map(mapper, TEXTS, chunksize=3)
        groups = defaultdict(list)
        for pairs in mapped:
            for word, one in pairs:
                groups[word].append(one)
        counts = dict(pool.map(reducer, sorted(groups.items()), chunksize=5))
    for word in sorted(counts, key=lambda word: (-counts[word], word))[:4]:
        print(word, counts[word])
