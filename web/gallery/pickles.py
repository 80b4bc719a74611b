# /// lab
# title = "What can go to another process"
# python = "3.13"
# cores = 2
# ///
import pickle
import threading

# Processes share no objects: what one sends to another is turned into bytes and made anew there. Data can be, also if it refers to itself;
# functions and classes go by their name; what lives in this process alone cannot.
# Look at: the messages in the chapter on processes say how many bytes they have. Change: give Point a __reduce__.


class Point:
    def __init__(self, x, y):
        self.x, self.y = x, y


ring = [1, 2]
ring.append(ring)
copy = pickle.loads(pickle.dumps(ring))
print("a copy:", copy is not ring, "that refers to itself:", copy[2] is copy)
point = pickle.loads(pickle.dumps(Point(3, 4)))
print(type(point).__name__, point.x, point.y)
print("a function goes by its name:", pickle.loads(pickle.dumps(len)) is len)
for name, thing in [("lambda", lambda: 0), ("lock", threading.Lock()), ("generator", (n for n in ring))]:
    try:
        pickle.dumps(thing)
    except (TypeError, AttributeError, pickle.PicklingError) as error:
        print(f"{name}: {type(error).__name__}")
