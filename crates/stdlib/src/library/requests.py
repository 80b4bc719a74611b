# requests: a small client in the shape of the package of that name, over http.client. Heddle's own; the README of `stdlib` says what it has.
#
# There are get, post, put, patch, delete, head, options, request and Session, with params, data, json, headers, timeout, auth (name and
# password), allow_redirects and stream (the body is read at once all the same); there are no cookies, proxies, adapters, files or hooks.
# `https` costs what a handshake of TLS 1.3 costs (one round trip and 4.5 KB) and hides nothing: it reaches the simulated network's hosts alone.
import base64
import http.client
import json as _json
import sys
import types
from datetime import timedelta
from time import perf_counter
from urllib.parse import urlencode, urljoin, urlsplit, urlunsplit

__version__ = '2.32.5'
_HELLO, _HELLO_ANSWER = b'\x16' + bytes(516), 4096
_MOST_REDIRECTS = 30


class RequestException(OSError):
    """Something went wrong with a request."""

    def __init__(self, *args, request=None, response=None):
        self.request, self.response = request, response
        super().__init__(*args)


class HTTPError(RequestException):
    """The server's answer is an error."""


class ConnectionError(RequestException):
    """There was no connection, or it broke."""


class Timeout(RequestException):
    """The time was over."""


class ConnectTimeout(ConnectionError, Timeout):
    """The time was over before there was a connection."""


class ReadTimeout(Timeout):
    """The time was over before there was an answer."""


class TooManyRedirects(RequestException):
    """The server sends from one address to the next."""


class MissingSchema(RequestException, ValueError):
    """The URL does not begin with http:// or https://."""


class InvalidSchema(RequestException, ValueError):
    """The URL begins with something else."""


class InvalidURL(RequestException, ValueError):
    """The URL has no host."""


class JSONDecodeError(RequestException, _json.JSONDecodeError):
    """The body is no JSON."""

    def __init__(self, error):
        _json.JSONDecodeError.__init__(self, error.msg, error.doc, error.pos)
        self.request = self.response = None

    def __reduce__(self):
        return _json.JSONDecodeError.__reduce__(self)


exceptions = types.ModuleType('requests.exceptions', 'Exceptions of requests.')
for _class in (RequestException, HTTPError, ConnectionError, Timeout, ConnectTimeout, ReadTimeout, TooManyRedirects, MissingSchema,
               InvalidSchema, InvalidURL, JSONDecodeError):
    _class.__module__ = 'requests.exceptions'
    setattr(exceptions, _class.__name__, _class)
del _class
sys.modules['requests.exceptions'] = exceptions


class _Codes:
    """`requests.codes.ok`, `requests.codes.not_found` …"""

    def __init__(self):
        from http import HTTPStatus
        for status in HTTPStatus:
            setattr(self, status.name.lower(), int(status))

    def __getitem__(self, name):
        return getattr(self, name)


codes = _Codes()


class CaseInsensitiveDict(dict):
    """A dict whose keys (header names) are found in any spelling."""

    def __init__(self, items=()):
        super().__init__()
        self.update(items)

    def _key(self, key):
        if dict.__contains__(self, key):
            return key
        return next((known for known in self.keys() if known.lower() == key.lower()), key)

    def __setitem__(self, key, value):
        known = self._key(key)
        if known != key:
            dict.pop(self, known)
        dict.__setitem__(self, key, value)

    def __getitem__(self, key):
        return dict.__getitem__(self, self._key(key))

    def __delitem__(self, key):
        dict.__delitem__(self, self._key(key))

    def __contains__(self, key):
        return dict.__contains__(self, self._key(key))

    def get(self, key, default=None):
        return dict.get(self, self._key(key), default)

    def pop(self, key, *default):
        return dict.pop(self, self._key(key), *default)

    def update(self, items=(), **more):
        for key, value in dict(items, **more).items():
            self[key] = value

    def copy(self):
        return CaseInsensitiveDict(self)


class Request:
    """What was asked for."""

    def __init__(self, method, url, headers, body):
        self.method, self.url, self.headers, self.body = method, url, headers, body

    def __repr__(self):
        return f'<PreparedRequest [{self.method}]>'


class Response:
    """The server's answer."""

    def __init__(self):
        self.status_code = self.reason = self.url = self.request = self.encoding = None
        self.headers, self.history, self.elapsed = CaseInsensitiveDict(), [], timedelta(0)
        self.content = b''

    def __repr__(self):
        return f'<Response [{self.status_code}]>'

    def __bool__(self):
        return self.ok

    def __iter__(self):
        return self.iter_content(128)

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self.close()

    @property
    def ok(self):
        return self.status_code < 400

    @property
    def is_redirect(self):
        return 'location' in self.headers and self.status_code in (301, 302, 303, 307, 308)

    @property
    def apparent_encoding(self):
        return 'utf-8'

    @property
    def text(self):
        return self.content.decode(self.encoding or 'utf-8', 'replace')

    def json(self, **kwargs):
        try:
            return _json.loads(self.content, **kwargs)
        except _json.JSONDecodeError as error:
            raise JSONDecodeError(error) from None

    def raise_for_status(self):
        kind = 'Client' if 400 <= self.status_code < 500 else 'Server' if 500 <= self.status_code < 600 else None
        if kind:
            raise HTTPError(f'{self.status_code} {kind} Error: {self.reason} for url: {self.url}', request=self.request, response=self)

    def iter_content(self, chunk_size=1, decode_unicode=False):
        content = self.text if decode_unicode else self.content
        size = chunk_size or max(len(content), 1)
        return (content[at:at + size] for at in range(0, len(content), size))

    def iter_lines(self, chunk_size=512, decode_unicode=False, delimiter=None):
        content = self.text if decode_unicode else self.content
        return iter(content.split(delimiter) if delimiter else content.splitlines())

    def close(self):
        pass


class _Secure(http.client.HTTPConnection):
    """A connection that begins as TLS does."""

    default_port = 443

    def connect(self):
        super().connect()
        self.sock.sendall(_HELLO)
        left = _HELLO_ANSWER
        while left:
            data = self.sock.recv(left)
            if not data:
                raise ConnectionResetError(104, 'Connection reset by peer')
            left -= len(data)


def _default_headers():
    return CaseInsensitiveDict({'User-Agent': f'python-requests/{__version__}', 'Accept-Encoding': 'identity', 'Accept': '*/*',
                                'Connection': 'keep-alive'})


class Session:
    """Requests that share headers and connections: one is kept for each server."""

    def __init__(self):
        self.headers = _default_headers()
        self.params, self.auth, self.max_redirects = {}, None, _MOST_REDIRECTS
        self._idle = {}

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self.close()

    def close(self):
        while self._idle:
            self._idle.popitem()[1].close()

    def request(self, method, url, params=None, data=None, headers=None, json=None, timeout=None, auth=None, allow_redirects=True,
                stream=False, **unknown):
        for name in [*unknown, *(['stream'] if stream else [])]:
            raise NotImplementedError(f'Heddle does not support requests with {name}')
        start, history = perf_counter(), []
        all_headers = self.headers.copy()
        all_headers.update(headers or {})
        for name in [name for name, value in all_headers.items() if value is None]:
            del all_headers[name]
        body = _body(data, json, all_headers)
        if auth := auth or self.auth:
            all_headers['Authorization'] = 'Basic ' + base64.b64encode(f'{auth[0]}:{auth[1]}'.encode()).decode()
        method, url = method.upper(), _with_params(url, {**self.params, **params} if isinstance(params, dict) else params or self.params)
        while True:
            response = self._send(Request(method, url, all_headers, body), timeout)
            response.elapsed = timedelta(seconds=perf_counter() - start)
            if not (allow_redirects and response.is_redirect):
                response.history = history
                return response
            history.append(response)
            if len(history) > self.max_redirects:
                raise TooManyRedirects(f'Exceeded {self.max_redirects} redirects.', response=response)
            url = urljoin(url, response.headers['location'])
            if response.status_code == 303 or response.status_code in (301, 302) and method == 'POST':
                method, body = ('HEAD' if method == 'HEAD' else 'GET'), None

    def _send(self, request, timeout):
        parts = urlsplit(request.url)
        connect_time, read_time = timeout if isinstance(timeout, tuple) else (timeout, timeout)
        key = parts.scheme, parts.hostname, parts.port
        target = urlunsplit(('', '', parts.path or '/', parts.query, ''))
        kept = self._idle.pop(key, None)
        while True:
            connection = kept or (_Secure if parts.scheme == 'https' else http.client.HTTPConnection)(
                parts.hostname, parts.port, timeout=connect_time)
            try:
                if connection.sock is None:
                    connection.connect()
                connection.sock.settimeout(read_time)
                connection.request(request.method, target, request.body, request.headers)
                answer = connection.getresponse()
                content = answer.read()
                break
            except TimeoutError as error:
                connected = connection.sock is not None
                connection.close()
                where = f'HTTPConnectionPool(host={parts.hostname!r}, port={connection.port})'
                if connected:
                    raise ReadTimeout(f'{where}: Read timed out. (read timeout={read_time})', request=request) from error
                raise ConnectTimeout(f'{where}: Connection to {parts.hostname} timed out. (connect timeout={connect_time})',
                                     request=request) from error
            except (OSError, http.client.HTTPException) as error:
                connection.close()
                if kept is not None:
                    # The server has closed the connection that was kept: a new one.
                    kept = None
                    continue
                raise ConnectionError(error, request=request) from error
        if answer.will_close:
            connection.close()
        else:
            if old := self._idle.pop(key, None):
                old.close()
            self._idle[key] = connection
        return _response(request, answer, content)

    def get(self, url, **kwargs):
        return self.request('GET', url, **kwargs)

    def options(self, url, **kwargs):
        return self.request('OPTIONS', url, **kwargs)

    def head(self, url, **kwargs):
        kwargs.setdefault('allow_redirects', False)
        return self.request('HEAD', url, **kwargs)

    def post(self, url, data=None, json=None, **kwargs):
        return self.request('POST', url, data=data, json=json, **kwargs)

    def put(self, url, data=None, **kwargs):
        return self.request('PUT', url, data=data, **kwargs)

    def patch(self, url, data=None, **kwargs):
        return self.request('PATCH', url, data=data, **kwargs)

    def delete(self, url, **kwargs):
        return self.request('DELETE', url, **kwargs)


def _with_params(url, params):
    parts = urlsplit(url)
    if not parts.scheme:
        raise MissingSchema(f"Invalid URL {url!r}: No scheme supplied. Perhaps you meant https://{url}?")
    if parts.scheme not in ('http', 'https'):
        raise InvalidSchema(f'No connection adapters were found for {url!r}')
    if not parts.hostname:
        raise InvalidURL(f'Invalid URL {url!r}: No host supplied')
    if not params:
        return url
    more = params if isinstance(params, str) else urlencode(params, doseq=True)
    return urlunsplit(parts._replace(query=f'{parts.query}&{more}' if parts.query else more))


def _body(data, json, headers):
    if data is None and json is not None:
        body, kind = _json.dumps(json).encode(), 'application/json'
    elif isinstance(data, (dict, list, tuple)):
        body, kind = urlencode(data, doseq=True).encode(), 'application/x-www-form-urlencoded'
    else:
        body, kind = data.encode() if isinstance(data, str) else data, None
    if kind and 'content-type' not in headers:
        headers['Content-Type'] = kind
    return body


def _response(request, answer, content):
    response = Response()
    response.request, response.url = request, request.url
    response.status_code, response.reason, response.content = answer.status, answer.reason, content
    response.headers = CaseInsensitiveDict(answer.getheaders())
    kind = response.headers.get('content-type', '')
    for part in kind.split(';')[1:]:
        name, _, value = part.strip().partition('=')
        if name.lower() == 'charset':
            response.encoding = value.strip('"\'')
    if response.encoding is None and kind.startswith('text/'):
        response.encoding = 'ISO-8859-1'
    elif response.encoding is None and kind.startswith('application/json'):
        response.encoding = 'utf-8'
    return response


def session():
    return Session()


def request(method, url, **kwargs):
    with Session() as session:
        return session.request(method, url, **kwargs)


def get(url, params=None, **kwargs):
    return request('GET', url, params=params, **kwargs)


def options(url, **kwargs):
    return request('OPTIONS', url, **kwargs)


def head(url, **kwargs):
    kwargs.setdefault('allow_redirects', False)
    return request('HEAD', url, **kwargs)


def post(url, data=None, json=None, **kwargs):
    return request('POST', url, data=data, json=json, **kwargs)


def put(url, data=None, **kwargs):
    return request('PUT', url, data=data, **kwargs)


def patch(url, data=None, **kwargs):
    return request('PATCH', url, data=data, **kwargs)


def delete(url, **kwargs):
    return request('DELETE', url, **kwargs)
