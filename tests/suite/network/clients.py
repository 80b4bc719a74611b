# /// lab
# hosts = """
#   api.example   latency=10ms takes=5ms text='{"name": "heddle", "threads": 2}'
#   big.example   latency=10ms bandwidth=1MB size=500kB
#   gone.example  status=404 latency=1ms text="not here"
#   far.example   latency=3s
# """
# ///
# What the hosts answer, by every client.
import asyncio
import socket
import time
import urllib.error
import urllib.request

import aiohttp
import requests


def timed(name, function):
    start = time.perf_counter()
    try:
        said = function()
    except Exception as error:
        said = f'{type(error).__module__}.{type(error).__qualname__}: {error}'
    print(f'{name}: {said} after {time.perf_counter() - start:.2f} s')


def big():
    with urllib.request.urlopen('http://big.example/') as response:
        return len(response.read())


def session():
    with requests.Session() as session:
        return [session.get('http://api.example/').status_code for _ in range(10)]


def checked(url):
    requests.get(url).raise_for_status()


timed('json', lambda: requests.get('http://api.example/').json())
timed('big', big)
timed('ten in a session', session)
timed('posted', lambda: requests.post('http://api.example/', json={'a': [1, 2]}).json())
timed('form', lambda: requests.post('http://api.example/', data={'a': 'b c'}).text)
timed('status', lambda: (requests.get('http://gone.example/').ok, requests.get('http://gone.example/').text))
timed('checked', lambda: checked('http://gone.example/x'))
timed('urllib', lambda: urllib.request.urlopen('http://gone.example/'))
timed('delay', lambda: requests.get('http://api.example/delay/1.5').status_code)
timed('bytes', lambda: len(requests.get('http://api.example/bytes/1000').content))
timed('parameters', lambda: requests.get('http://api.example/', params={'q': 'x y', 'n': 1}).url)
timed('unknown', lambda: socket.getaddrinfo('nowhere.example', 80))
timed('unknown by requests', lambda: requests.get('http://nowhere.example/'))
timed('port', lambda: socket.create_connection(('api.example', 25)))
timed('connecting too long', lambda: requests.get('http://far.example/', timeout=1))
timed('answering too long', lambda: requests.get('http://api.example/delay/9', timeout=(1, 2)))
timed('no scheme', lambda: requests.get('api.example'))


async def fetch(session, url):
    async with session.get(url) as response:
        return response.status, len(await response.text())


async def together():
    async with aiohttp.ClientSession() as session:
        return await asyncio.gather(*(fetch(session, f'http://api.example/delay/{n}') for n in (1, 2, 3)))


async def one_by_one():
    async with aiohttp.ClientSession() as session:
        async with session.post('https://api.example/', json=[1, 2]) as response:
            answer = await response.json()
        async with session.get('http://gone.example/') as response:
            try:
                response.raise_for_status()
            except aiohttp.ClientResponseError as error:
                return answer, error.status, str(error)


async def failing(url, **kwargs):
    async with aiohttp.ClientSession(**kwargs) as session:
        async with session.get(url) as response:
            return response.status


timed('gather', lambda: asyncio.run(together()))
timed('one by one', lambda: asyncio.run(one_by_one()))
timed('no host', lambda: asyncio.run(failing('http://nowhere.example/')))
timed('total', lambda: asyncio.run(failing('http://api.example/delay/9', timeout=aiohttp.ClientTimeout(total=1))))
