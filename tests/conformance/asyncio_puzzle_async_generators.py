# Asynchronous generators: their steps interleave with tasks; closing runs their cleanup where the loop can see it.
import asyncio


async def numbers(name, n):
    try:
        for i in range(n):
            print(name, 'yields', i)
            yield i
            await asyncio.sleep(0)
    finally:
        print(name, 'closes')
        await asyncio.sleep(0)
        print(name, 'closed')


async def consume(name, n):
    async for i in numbers(name, n):
        print(name, 'got', i)


async def first_only(name):
    async for i in numbers(name, 5):
        return i


async def main():
    await asyncio.gather(consume('a', 2), consume('b', 2))
    print(await first_only('c'))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    agen = numbers('d', 3)
    print(await anext(agen))
    await agen.aclose()
    print(await anext(agen, 'over'))
    agen = numbers('e', 3)
    await anext(agen)
    try:
        await agen.athrow(ValueError('thrown'))
    except ValueError as e:
        print(repr(e))
    global kept
    kept = numbers('f', 3)
    print(await anext(kept))
    print('main ends')


asyncio.run(main())
