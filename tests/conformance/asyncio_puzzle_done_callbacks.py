# Callbacks of a future: in the order they were added, each by `call_soon`, also those added when it is done.
import asyncio


async def main():
    loop = asyncio.get_running_loop()
    future = loop.create_future()
    said = []

    def note(name):
        def callback(f):
            said.append((name, f is future, f.done()))
        return callback

    again = note('again')
    for callback in (note('a'), again, note('b'), again, note('c'), again):
        future.add_done_callback(callback)
    print(future.remove_done_callback(again), future.remove_done_callback(again))
    future.add_done_callback(again)
    loop.call_soon(said.append, 'before')
    future.set_result(42)
    loop.call_soon(said.append, 'after')
    future.add_done_callback(note('late'))
    print(said)
    await asyncio.sleep(0)
    for line in said:
        print(line)
    print(future.result())

    order = []
    future = loop.create_future()
    future.add_done_callback(lambda f: (order.append(1), f.add_done_callback(lambda f: order.append(3))))
    future.add_done_callback(lambda f: order.append(2))
    future.set_result(None)
    await future
    print(order)
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    print(order)


asyncio.run(main())
