# /// lab
# title = "Two requests, one after the other and in threads"
# hosts = "www.example.com  latency=75ms lookup=283ms takes=225ms size=1256"
# ///
# A request is four times a way of 75 ms there and back for the connection and the handshake, two more for the
# question and the answer, and what the server needs; the first one also looks the name up.
import threading
import time

import requests


def read_example() -> None:
    response = requests.get('https://www.example.com')
    print(response.status_code)


sync_start = time.time()
read_example()
read_example()
sync_end = time.time()
print(f'Running synchronously took {sync_end - sync_start} seconds.')

thread_1 = threading.Thread(target=read_example)
thread_2 = threading.Thread(target=read_example)

thread_start = time.time()
thread_1.start()
thread_2.start()
print('All threads running!')
thread_1.join()
thread_2.join()
thread_end = time.time()
print(f'Running with threads took {thread_end - thread_start} seconds.')
