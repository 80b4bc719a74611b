# Eager starts in a loop that does not run yet, with a context of their own, and inside each other.
import asyncio
import contextvars

var = contextvars.ContextVar('var', default=0)


async def count(depth):
    var.set(var.get() + 1)
    print('  ' * depth, depth, var.get(), asyncio.current_task().get_name())
    if depth < 3:
        child = asyncio.Task(count(depth + 1), loop=asyncio.get_running_loop(), name=f'level {depth + 1}', eager_start=True)
        print('  ' * depth, 'child done:', child.done(), asyncio.current_task().get_name())
        if depth == 1:
            await asyncio.sleep(0)
        await child
    else:
        await asyncio.sleep(0)
    print('  ' * depth, depth, 'ends', var.get())


async def main():
    await count(0)
    context = contextvars.copy_context()
    task = asyncio.Task(count(3), loop=asyncio.get_running_loop(), context=context, eager_start=True, name='in context')
    print(var.get(), context[var])
    await task

    async def cancels_itself():
        asyncio.current_task().cancel()
        await asyncio.sleep(0)

    task = asyncio.Task(cancels_itself(), loop=asyncio.get_running_loop(), eager_start=True)
    print(task.done(), task.cancelling())
    print(await asyncio.gather(task, return_exceptions=True))


loop = asyncio.new_event_loop()
task = asyncio.Task(asyncio.sleep(0, 'not eager'), loop=loop, eager_start=True)
print(task.done(), loop.run_until_complete(task))
loop.run_until_complete(main())
loop.close()
