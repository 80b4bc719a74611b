"""2000 messages to and fro between two processes that do nothing else."""
# messages: 4000
import multiprocessing

TIMES = 2_000


def answer(connection):
    for _ in range(TIMES):
        connection.send(connection.recv())


def ask(connection):
    for number in range(TIMES):
        connection.send(number)
        connection.recv()


if __name__ == "__main__":
    left, right = multiprocessing.Pipe()
    processes = [multiprocessing.Process(target=target, args=(end,)) for target, end in ((answer, left), (ask, right))]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    print("done")
