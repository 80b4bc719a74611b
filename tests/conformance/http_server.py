# A server of http.server in a thread, and clients of http.client and urllib.request, over the loopback.
import http.client
import http.server
import json
import socket
import socketserver
import threading
import urllib.error
import urllib.parse
import urllib.request


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'

    def answer(self, status, kind, body):
        self.send_response(status)
        self.send_header('Content-Type', kind)
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        if self.command != 'HEAD':
            self.wfile.write(body)

    def do_GET(self):
        url = urllib.parse.urlsplit(self.path)
        if url.path == '/missing':
            self.send_error(404, 'not here')
        elif url.path == '/moved':
            self.send_response(302)
            self.send_header('Location', '/echo?moved=yes')
            self.send_header('Content-Length', '0')
            self.end_headers()
        else:
            self.answer(200, 'application/json', json.dumps([self.command, url.path, urllib.parse.parse_qs(url.query)]).encode())

    do_HEAD = do_GET

    def do_POST(self):
        body = self.rfile.read(int(self.headers['Content-Length']))
        self.answer(201, self.headers['Content-Type'], body[::-1])

    def log_message(self, format, *args):
        print('log:', format % args)


with http.server.ThreadingHTTPServer(('127.0.0.1', 0), Handler) as server:
    threading.Thread(target=server.serve_forever, daemon=True).start()
    host, port = server.server_address
    url = f'http://localhost:{port}'
    with urllib.request.urlopen(f'{url}/echo?a=1&b=2&a=3') as response:
        print(response.status, response.headers['Content-Type'], json.load(response))
    with urllib.request.urlopen(f'{url}/moved') as response:
        print(response.url.removeprefix(url), json.load(response))
    try:
        urllib.request.urlopen(f'{url}/missing')
    except urllib.error.HTTPError as error:
        print(error.code, error.reason)
        error.close()
    request = urllib.request.Request(f'{url}/post', data=b'stressed', headers={'Content-Type': 'text/plain'})
    with urllib.request.urlopen(request) as response:
        print(response.status, response.read())
    connection = http.client.HTTPConnection(host, port, timeout=5)
    for method in 'GET', 'HEAD', 'GET':
        connection.request(method, '/again')
        response = connection.getresponse()
        print(method, response.status, response.getheader('Content-Length'), len(response.read()))
    connection.request('PUT', '/x', body=b'1')
    print(connection.getresponse().status)
    connection.close()
    server.shutdown()
try:
    urllib.request.urlopen(url)
except urllib.error.URLError as error:
    print(type(error.reason).__name__)


class Echo(socketserver.StreamRequestHandler):
    def handle(self):
        for line in self.rfile:
            self.wfile.write(line.upper())


class Shout(socketserver.BaseRequestHandler):
    def handle(self):
        data, sock = self.request
        sock.sendto(data.upper(), self.client_address)


with socketserver.ThreadingTCPServer(('127.0.0.1', 0), Echo) as server:
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with socket.create_connection(server.server_address) as client, client.makefile('rw', newline='\n') as file:
        for word in 'warp', 'weft':
            file.write(word + '\n')
            file.flush()
            print(file.readline())
    server.shutdown()
with socketserver.UDPServer(('127.0.0.1', 0), Shout) as server:
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.sendto(b'heddle', server.server_address)
        print(client.recv(100))
    server.shutdown()
