# Runs on the host api.example of web.py, for as long as somebody wants something.
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

lock = threading.Lock()
count = 0


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        global count
        with lock:
            count += 1
        if self.path == '/missing':
            return self.send_error(404)
        if self.path.startswith('/slow'):
            time.sleep(0.2)
        body = {'path': self.path, 'client': self.client_address[0]}
        if self.path == '/count':
            body = count
        body = json.dumps(body).encode()
        self.send_response(200)
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format, *args):
        pass


ThreadingHTTPServer(('', 80), Handler).serve_forever()
