# Awaitables by hand: coroutines driven by send and throw, objects with __await__, types.coroutine, what a task may be given.
import asyncio
import inspect
import types


class Asks:
    def __init__(self, *questions):
        self.questions = questions

    def __await__(self):
        answers = []
        for q in self.questions:
            answers.append((yield q))
        return answers


async def dialogue():
    print('got', await Asks('name', 'age'))
    try:
        await Asks('trouble')
    except ValueError as e:
        print('handled', e)
    return 'over'


c = dialogue()
print(inspect.getcoroutinestate(c), c.send(None))
print(c.cr_await is not None, inspect.getcoroutinestate(c), c.send('Ann'))
print(c.send(42))
try:
    c.throw(ValueError('bad'))
except StopIteration as e:
    print(e.value, inspect.getcoroutinestate(c))
try:
    c.send(None)
except RuntimeError as e:
    print(e)


@types.coroutine
def switch(x):
    y = yield x
    return y


async def chain(n):
    if n:
        return await chain(n - 1) + 1
    return await switch('bottom')


c = chain(50)
print(c.send(None))
try:
    c.send(100)
except StopIteration as e:
    print(e.value)
c = chain(3)
c.send(None)
c.close()
print(inspect.getcoroutinestate(c))


class Ready:
    def __await__(self):
        return iter(())


class Wrong:
    def __await__(self):
        return 5


async def tries():
    print(await Ready())
    for bad in (Wrong(), chain(1)):
        try:
            await bad
        except TypeError as e:
            print('TypeError', str(e).split(' that')[0])
        except RuntimeError as e:
            print('RuntimeError', str(e)[:40])

    class Gives:
        def __init__(self, x):
            self.x = x

        def __await__(self):
            yield self.x

    for thing in (5, 'text'):
        try:
            await Gives(thing)
        except RuntimeError as e:
            print('RuntimeError', str(e).split('<')[0].split(': ')[0])
    await Gives(None)
    print('None is a turn')

    def plain():
        yield

    try:
        await plain()
    except TypeError:
        print('a generator is not awaitable')
    t = asyncio.ensure_future(Ready())
    print(type(t).__name__, await t)
    for bad in (5, plain()):
        try:
            asyncio.ensure_future(bad)
        except TypeError as e:
            print(str(e)[:30])
    c = chain(0)
    try:
        asyncio.get_running_loop().run_until_complete(c)
    except RuntimeError as e:
        print(e)
    c.close()
    print(asyncio.iscoroutine(c), inspect.iscoroutinefunction(chain), inspect.isawaitable(Ready()))


asyncio.run(tries())
