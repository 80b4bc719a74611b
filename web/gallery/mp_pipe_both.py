# /// lab
# title = "Question and answer over one pipe"
# python = "3.13"
# cores = 2
# seed = 1
# ///
# Look at: an arrow for each message, from send() to recv(), with what was sent and how many bytes of pickle that took.
# Change: send a list of 10,000 numbers and look at the time for pickling. Pipe(duplex=False) has one direction only.
from multiprocessing import Pipe, Process

def child(conn):
    question = conn.recv()
    print("in the child:", question)
    conn.send(["Good", "Night"])
    conn.send_bytes(b"raw bytes are not pickled")
    conn.close()

if __name__ == "__main__":
    here, there = Pipe()
    p = Process(target=child, args=(there,))
    p.start()
    here.send(["Hello", "World"])
    print("in the parent:", here.recv())
    print("in the parent:", here.recv_bytes().decode())
    print("more to read?", here.poll(0))
    p.join()
