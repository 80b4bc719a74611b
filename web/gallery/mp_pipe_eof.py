# /// lab
# title = "A pipe that ends: EOFError"
# python = "3.13"
# cores = 2
# seed = 1
# ///
# Look at: the consumer leaves its loop when the last copy of the producer's end is closed.
# Change: leave out p1.close() in the consumer. It now holds a copy of the other end itself, and waits for ever.
from multiprocessing import Pipe, Process

def consumer(p1, p2):
    p1.close()                              # the producer's end, not used here
    while True:
        try:
            item = p2.recv()
        except EOFError:
            break
        print(item)
    print("no more")

def producer(sequence, output):
    for item in sequence:
        output.send(item)

if __name__ == "__main__":
    p1, p2 = Pipe()
    cons = Process(target=consumer, args=(p1, p2))
    cons.start()
    p2.close()                              # the consumer's end, not used here
    producer(["one", {"two": 2}, [3, 3, 3]], p1)
    p1.close()
    cons.join()
