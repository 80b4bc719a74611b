# /// lab
# title = "ProcessPoolExecutor: map over two lists"
# python = "3.13"
# cores = 2
# seed = 1
# ///
# Look at: the management thread of the parent between the call queue and the results; a worker is started when there is work for it.
# Change: ThreadPoolExecutor, with the same lines. Let worker_function raise for one pair.
from concurrent.futures import ProcessPoolExecutor

def worker_function(x, y):
    return x * y

def main():
    x_values = (1, 2, 3)
    y_values = (9, -5, -9)
    with ProcessPoolExecutor(max_workers=2) as executor:
        print(list(executor.map(worker_function, x_values, y_values)))

if __name__ == "__main__":
    main()
