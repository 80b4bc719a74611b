# /// lab
# title = "A host that runs a program"
# hosts = """
# api.example script=web_server.py latency=20ms cores=1
# static.example latency=5ms text=hello
# """
# ///
import json
import threading
import time
import urllib.error
import urllib.request


def get(path):
    try:
        with urllib.request.urlopen('http://api.example' + path) as response:
            return response.status, json.load(response)
    except urllib.error.HTTPError as error:
        return error.code, error.reason


# The connection waits until the server listens for the first time.
for path in '/', '/items/3', '/missing':
    print(get(path))
with urllib.request.urlopen('http://static.example/') as response:
    print(response.read())
try:
    urllib.request.urlopen('http://api.example:81/')
except urllib.error.URLError as error:
    print(error.reason)
before = time.perf_counter()
threads = [threading.Thread(target=get, args=(f'/slow/{n}',)) for n in range(3)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print('three at once:', 0.28 < time.perf_counter() - before < 0.4)
print(get('/count'))
