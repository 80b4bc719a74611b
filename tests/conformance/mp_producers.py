# Producers and consumers over bounded queues: nothing is lost or doubled, pills end the consumers, back pressure holds the producers.
import multiprocessing as mp
import time


def produce(queue, name, count):
    for i in range(count):
        queue.put((name, i))


def consume(queue, out, pause):
    mine = []
    while (item := queue.get()) is not None:
        mine.append(item)
        time.sleep(pause)
    out.send(mine)
    out.close()


def fast(queue, stamps):
    for i in range(6):
        queue.put(i)
        stamps.put((i, time.monotonic()))


if __name__ == '__main__':
    mp.set_start_method('fork')
    queue = mp.Queue(maxsize=5)
    producers = [mp.Process(target=produce, args=(queue, name, 25)) for name in 'abc']
    pipes = [mp.Pipe(duplex=False) for _ in range(4)]
    consumers = [mp.Process(target=consume, args=(queue, send, 0.001)) for _, send in pipes]
    for process in producers + consumers:
        process.start()
    for producer in producers:
        producer.join()
    for _ in consumers:
        queue.put(None)
    shares = [receive.recv() for receive, _ in pipes]
    for consumer in consumers:
        consumer.join()
    everything = sorted(item for share in shares for item in share)
    print(len(everything), everything == [(name, i) for name in 'abc' for i in range(25)])
    print(all([i for name, i in share if name == 'b'] == sorted(i for name, i in share if name == 'b') for share in shares))
    print([process.exitcode for process in producers + consumers], queue.empty())

    narrow, stamps = mp.Queue(2), mp.SimpleQueue()
    began = time.monotonic()
    producer = mp.Process(target=fast, args=(narrow, stamps))
    producer.start()
    for i in range(6):
        time.sleep(0.1)
        assert narrow.get() == i
    producer.join()
    times = [stamps.get()[1] - began for _ in range(6)]
    print([round(t * 10) // 1 for t in times][-1] >= 3, times[1] < 0.2)
