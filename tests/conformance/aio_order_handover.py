# Hand-overs: ping-pong by events, conditions, queues and futures; pipelines; who overtakes whom with sleep(0).
import asyncio
from collections import deque

log = []


def show(title):
    print(title, ''.join(log))
    log.clear()


async def by_events():
    a, b = asyncio.Event(), asyncio.Event()

    async def player(name, mine, other):
        for _ in range(4):
            await mine.wait()
            mine.clear()
            log.append(name)
            other.set()

    a.set()
    await asyncio.gather(player('i', a, b), player('o', b, a))


async def by_condition():
    cond, turn = asyncio.Condition(), [0]

    async def player(i, name):
        for _ in range(3):
            async with cond:
                await cond.wait_for(lambda: turn[0] == i)
                log.append(name)
                turn[0] = (i + 1) % 3
                cond.notify_all()

    await asyncio.gather(*(player(i, n) for i, n in enumerate('xyz')))


async def by_queues():
    stages = [asyncio.Queue(1) for _ in range(3)]

    async def stage(name, source, sink):
        while (item := await source.get()) is not None:
            log.append(f'{name}{item} ')
            await sink.put(item)
        await sink.put(None)

    async def source():
        for i in range(4):
            log.append(f'>{i} ')
            await stages[0].put(i)
        await stages[0].put(None)

    async def sink():
        while (item := await stages[2].get()) is not None:
            log.append(f'<{item} ')

    await asyncio.gather(sink(), stage('a', stages[0], stages[1]), stage('b', stages[1], stages[2]), source())


async def by_futures():
    loop = asyncio.get_running_loop()
    balls = deque([loop.create_future()])

    async def player(name):
        for _ in range(3):
            ball = balls.popleft()
            balls.append(loop.create_future())
            n = await ball
            log.append(f'{name}{n} ')
            balls[-1].set_result(n + 1)

    balls[0].set_result(0)
    await player('p')
    waiting = [loop.create_future() for _ in range(3)]

    async def relay(i):
        await waiting[i]
        log.append(f'r{i} ')
        if i:
            waiting[i - 1].set_result(None)
        log.append(f'd{i} ')

    waiting[2].add_done_callback(lambda f: log.append('cb '))
    ts = [asyncio.create_task(relay(i)) for i in range(3)]
    await asyncio.sleep(0)
    waiting[2].add_done_callback(lambda f: log.append('cb2 '))
    waiting[2].set_result(None)
    await asyncio.gather(*ts)


async def overtaking():
    async def hops(name, n):
        for _ in range(n):
            await asyncio.sleep(0)
        log.append(name)

    await asyncio.gather(*(hops(n, k) for n, k in zip('abcdef', (3, 1, 2, 0, 2, 1))))
    log.append(' ')

    async def deep(name, n):
        if n:
            return await deep(name, n - 1)
        log.append(name)

    # Awaiting coroutines costs no turn, awaiting tasks does.
    async def deep_tasks(name, n):
        if n:
            return await asyncio.create_task(deep_tasks(name, n - 1))
        log.append(name)

    await asyncio.gather(deep_tasks('A', 3), deep('B', 9), deep_tasks('C', 1), hops('D', 2), deep_tasks('E', 2))


async def lock_and_sleep():
    lock = asyncio.Lock()

    async def greedy(name):
        for _ in range(3):
            async with lock:
                log.append(name)

    async def polite(name):
        for _ in range(3):
            async with lock:
                log.append(name)
                await asyncio.sleep(0)

    await asyncio.gather(greedy('g'), polite('p'), greedy('h'), polite('q'))


async def semaphores():
    sem = asyncio.Semaphore(1)

    async def user(name, n):
        for _ in range(n):
            async with sem:
                log.append(name)
                await asyncio.sleep(0)

    ts = [asyncio.create_task(user(n, 2)) for n in 'abc']
    await asyncio.sleep(0)
    ts[1].cancel()
    await asyncio.gather(*ts, return_exceptions=True)


for play in by_events, by_condition, by_queues, by_futures, overtaking, lock_and_sleep, semaphores:
    asyncio.run(play())
    show(play.__name__)
