# A ring buffer in shared memory between a writer and a reader, with semaphores; a table of records; a matrix that processes fill by rows.
import multiprocessing as mp
import struct
from multiprocessing.shared_memory import SharedMemory

RECORD = struct.Struct('<If8s')
SLOTS = 4


def write(name, free, used, items):
    memory = SharedMemory(name)
    for n, item in enumerate(items):
        free.acquire()
        RECORD.pack_into(memory.buf, n % SLOTS * RECORD.size, n, item, str(item).encode())
        used.release()
    memory.close()


def fill(name, width, row):
    memory = SharedMemory(name)
    view = memory.buf.cast('i')
    for column in range(width):
        view[row * width + column] = row * 10 + column
    view.release()
    memory.close()


if __name__ == '__main__':
    mp.set_start_method('fork')
    memory = SharedMemory(create=True, size=RECORD.size * SLOTS)
    free, used = mp.Semaphore(SLOTS), mp.Semaphore(0)
    items = [n * 0.5 for n in range(11)]
    writer = mp.Process(target=write, args=(memory.name, free, used, items))
    writer.start()
    rows = []
    for n in range(len(items)):
        used.acquire()
        number, value, text = RECORD.unpack_from(memory.buf, n % SLOTS * RECORD.size)
        rows.append((number, value, text.rstrip(b'\0').decode()))
        free.release()
    writer.join()
    print(rows[0], rows[-1], [row[1] for row in rows] == items)
    memory.close()
    memory.unlink()

    memory = SharedMemory(create=True, size=4 * 12)
    children = [mp.Process(target=fill, args=(memory.name, 4, row)) for row in range(3)]
    for child in children:
        child.start()
    for child in children:
        child.join()
    view = memory.buf.cast('i')
    print([view[i:i + 4].tolist() for i in range(0, 12, 4)], sum(view))
    view.release()
    memory.close()
    memory.unlink()
