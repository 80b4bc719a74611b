# /// lab
# title = "My processes"
# python = "3.13"
# cores = 2
# ///
import multiprocessing


def work(name):
    print("hello from", name)


if __name__ == "__main__":
    processes = [multiprocessing.Process(target=work, args=(name,), name=name) for name in ("A", "B")]
    for p in processes:
        p.start()
    for p in processes:
        p.join()
