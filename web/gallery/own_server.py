# /// lab
# title = "A web server of your own, far away"
# python = "3.13"
# cores = 2
# seed = 1
# hosts = "shop.example script=__main__ latency=30ms cores=1"
# ///
import json
import socket
import threading
import time
import urllib.request
from http.server import BaseHTTPRequestHandler, HTTPServer, ThreadingHTTPServer

# The host shop.example runs this same program and serves; here are its customers.
class Shop(BaseHTTPRequestHandler):
    def do_GET(self):
        time.sleep(0.1)                     # the database thinks
        body = json.dumps({"price of": self.path[1:], "is": 42}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass

def serve():
    one_by_one = HTTPServer(("", 80), Shop)
    threading.Thread(target=one_by_one.serve_forever, name="one by one").start()
    ThreadingHTTPServer(("", 8080), Shop).serve_forever()

def ask(url):
    with urllib.request.urlopen(url) as answer:
        print(json.load(answer))

def customers(port):
    begin = time.perf_counter()
    threads = [threading.Thread(target=ask, args=(f"http://shop.example:{port}/{thing}",))
               for thing in ("tea", "cup", "pot")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return time.perf_counter() - begin

if socket.gethostname() == "shop.example":
    serve()
else:
    print(f"one after the other: {customers(80):.2f} s")
    print(f"a thread for each: {customers(8080):.2f} s")
