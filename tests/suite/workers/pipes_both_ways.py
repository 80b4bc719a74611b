# /// lab
# title = "Messages to and fro, and an end of file"
# ///
import multiprocessing


def answer(connection, other):
    other.close()
    while True:
        try:
            message = connection.recv()
        except EOFError:
            print("no more")
            return
        connection.send((message, len(message) * 2))


def relay(source, target):
    for _ in range(30):
        target.send_bytes(source.recv_bytes() + b"!")


if __name__ == "__main__":
    a, b = multiprocessing.Pipe(duplex=False)
    c, d = multiprocessing.Pipe(duplex=False)
    between = multiprocessing.Process(target=relay, args=(a, d))
    between.start()
    here, there = multiprocessing.Pipe()
    child = multiprocessing.Process(target=answer, args=(there, here))
    child.start()
    there.close()
    for number in range(30):
        here.send("x" * number)
        b.send_bytes(b"message %d" % number)
        print(here.recv()[1], c.recv_bytes())
    here.send("y" * 200_000)
    print(here.recv()[1])
    here.close()
    child.join()
    between.join()
    print(child.exitcode, between.exitcode)
