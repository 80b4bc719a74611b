# /// lab
# title = "Three web sites of two seconds each"
# hosts = """
#   one.example    latency=20ms takes=2s
#   two.example    latency=20ms takes=2s
#   three.example  latency=20ms takes=2s
# """
# ///
# A report on data of three sites, first by a program with one thread, then by one with three.
import threading
import time
import urllib.request

SITES = ['http://one.example/', 'http://two.example/', 'http://three.example/']


def get_website(url):
    with urllib.request.urlopen(url) as response:
        return response.read()


def combine(parts):
    return sum(len(part) for part in parts)


start = time.perf_counter()
print(combine([get_website(url) for url in SITES]))
print(f'one thread: {time.perf_counter() - start:.3f} s')

found = {}
start = time.perf_counter()
threads = [threading.Thread(target=lambda url=url: found.update({url: get_website(url)})) for url in SITES]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(combine(found.values()))
print(f'three threads: {time.perf_counter() - start:.3f} s')
