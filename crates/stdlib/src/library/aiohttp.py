# aiohttp: a small client in the shape of the package of that name, over asyncio's streams. Heddle's own; the README of `stdlib` says what it
# has: ClientSession with get, post, put, patch, delete, head, options and request, each to be awaited or used with `async with`; no server, no
# web sockets, no cookies. `https` costs a handshake of TLS 1.3 and hides nothing, as in `requests`.
import asyncio
import json as _json
import types
from urllib.parse import urlencode, urljoin, urlsplit, urlunsplit

from requests import CaseInsensitiveDict

__version__ = '3.13.2'
_HELLO, _HELLO_ANSWER = b'\x16' + bytes(516), 4096
_MOST_REDIRECTS = 10


class ClientError(Exception):
    """Base of what goes wrong."""


class ClientConnectionError(ClientError):
    """There was no connection, or it broke."""


class ClientConnectorError(ClientConnectionError, OSError):
    """There was no connection."""

    def __init__(self, host, port, os_error):
        super().__init__(os_error.errno, f'Cannot connect to host {host}:{port} [{os_error.strerror}]')
        self.host, self.port, self.os_error = host, port, os_error

    def __str__(self):
        return self.strerror


class ClientConnectorDNSError(ClientConnectorError):
    """The host has no address."""


class ServerDisconnectedError(ClientConnectionError):
    """The server closed the connection before it had answered."""

    def __init__(self, message='Server disconnected'):
        super().__init__(message)
        self.message = message


class ServerTimeoutError(ServerDisconnectedError, asyncio.TimeoutError):
    """The time was over."""


class ConnectionTimeoutError(ServerTimeoutError):
    """The time was over before there was a connection."""


class ClientPayloadError(ClientError):
    """The body ended too early."""


class InvalidURL(ClientError, ValueError):
    """The URL has no host or another scheme than http and https."""


class ClientResponseError(ClientError):
    """The server's answer is an error."""

    def __init__(self, request_info, history=(), *, status=0, message='', headers=None):
        super().__init__(request_info, history)
        self.request_info, self.history, self.status, self.message, self.headers = request_info, history, status, message, headers

    def __str__(self):
        return f'{self.status}, message={self.message!r}, url={self.request_info.url!r}'


class ContentTypeError(ClientResponseError):
    """The body is not of the type that was wanted."""


class TooManyRedirects(ClientResponseError):
    """The server sends from one address to the next."""


class ClientTimeout:
    """Times in seconds; None is for ever."""

    def __init__(self, total=None, connect=None, sock_connect=None, sock_read=None):
        for name, value in ('connect', connect), ('sock_connect', sock_connect), ('sock_read', sock_read):
            if value is not None:
                raise NotImplementedError(f'Heddle does not support aiohttp.ClientTimeout with {name}')
        self.total, self.connect, self.sock_connect, self.sock_read = total, None, None, None


class TCPConnector:
    """How many connections there may be at once: together, and for one server (0 is any number)."""

    def __init__(self, *, limit=100, limit_per_host=0, **unknown):
        for name in unknown:
            raise NotImplementedError(f'Heddle does not support aiohttp.TCPConnector with {name}')
        self.limit, self.limit_per_host = limit, limit_per_host


class ClientResponse:
    """The server's answer; its body is read when it is asked for."""

    def __init__(self, method, url, status, reason, headers, read, history):
        self.method, self.url, self.real_url = method, url, url
        self.status, self.reason, self.headers, self.history = status, reason, headers, history
        self.request_info = types.SimpleNamespace(url=url, method=method, headers=headers)
        self._read, self._body = read, None

    def __repr__(self):
        return f'<ClientResponse({self.url}) [{self.status} {self.reason}]>'

    @property
    def ok(self):
        return self.status < 400

    @property
    def content_type(self):
        return self.headers.get('content-type', 'application/octet-stream').split(';')[0].strip().lower()

    @property
    def charset(self):
        for part in self.headers.get('content-type', '').split(';')[1:]:
            name, _, value = part.strip().partition('=')
            if name.lower() == 'charset':
                return value.strip('"\'')
        return None

    async def read(self):
        if self._body is None:
            self._body = await self._read(True)
        return self._body

    async def text(self, encoding=None, errors='strict'):
        return (await self.read()).decode(encoding or self.charset or 'utf-8', errors)

    async def json(self, *, encoding=None, loads=_json.loads, content_type='application/json'):
        body = await self.text(encoding)
        if content_type and self.content_type != content_type:
            raise ContentTypeError(self.request_info, self.history, status=self.status, headers=self.headers,
                                   message=f'Attempt to decode JSON with unexpected mimetype: {self.content_type}')
        return loads(body) if body.strip() else None

    def raise_for_status(self):
        if not self.ok:
            raise ClientResponseError(self.request_info, self.history, status=self.status, message=self.reason, headers=self.headers)

    async def _finish(self):
        if self._body is None:
            self._body = await self._read(False)

    def release(self):
        return asyncio.ensure_future(self._finish())

    async def __aenter__(self):
        return self

    async def __aexit__(self, *exc):
        await self._finish()


class _Pending:
    """A request that is made when it is awaited or entered."""

    def __init__(self, coroutine):
        self._coroutine, self._response = coroutine, None

    def __await__(self):
        return self._coroutine.__await__()

    async def __aenter__(self):
        self._response = await self._coroutine
        return self._response

    async def __aexit__(self, *exc):
        await self._response._finish()


class ClientSession:
    """Requests that share headers and connections."""

    def __init__(self, base_url=None, *, connector=None, headers=None, timeout=None, raise_for_status=False, **unknown):
        for name in unknown:
            raise NotImplementedError(f'Heddle does not support aiohttp.ClientSession with {name}')
        connector = connector or TCPConnector()
        self._base, self._raise = base_url, raise_for_status
        self._timeout = ClientTimeout(total=300) if timeout is None else timeout
        self.headers = CaseInsensitiveDict({'Accept': '*/*', 'User-Agent': f'aiohttp/{__version__}'})
        self.headers.update(headers or {})
        self._idle, self._limit, self._per_host = {}, connector.limit, connector.limit_per_host
        self._all = asyncio.Semaphore(connector.limit) if connector.limit else None
        self._hosts = {}
        self.closed = False

    async def __aenter__(self):
        return self

    async def __aexit__(self, *exc):
        await self.close()

    async def close(self):
        self.closed = True
        for connections in self._idle.values():
            for _, writer in connections:
                writer.close()
        self._idle.clear()

    def request(self, method, url, **kwargs):
        return _Pending(self._request(method, url, **kwargs))

    async def _request(self, method, url, *, params=None, data=None, json=None, headers=None, timeout=None, allow_redirects=True,
                       raise_for_status=None, **unknown):
        for name in unknown:
            raise NotImplementedError(f'Heddle does not support aiohttp requests with {name}')
        if self.closed:
            raise RuntimeError('Session is closed')
        if timeout is None:
            timeout = self._timeout
        seconds = timeout.total if isinstance(timeout, ClientTimeout) else timeout
        all_headers = self.headers.copy()
        all_headers.update(headers or {})
        body = b''
        if json is not None:
            body = _json.dumps(json).encode()
            all_headers.setdefault('Content-Type', 'application/json')
        elif isinstance(data, (dict, list, tuple)):
            body = urlencode(data, doseq=True).encode()
            all_headers.setdefault('Content-Type', 'application/x-www-form-urlencoded')
        elif data is not None:
            body = data.encode() if isinstance(data, str) else bytes(data)
        url = urljoin(self._base, str(url)) if self._base else str(url)
        if params:
            parts = urlsplit(url)
            more = params if isinstance(params, str) else urlencode(params, doseq=True)
            url = urlunsplit(parts._replace(query=f'{parts.query}&{more}' if parts.query else more))
        history = []
        async with asyncio.timeout(seconds or None):
            while True:
                response = await self._send(method, url, all_headers, body, tuple(history))
                if not (allow_redirects and response.status in (301, 302, 303, 307, 308) and 'location' in response.headers):
                    break
                await response._finish()
                history.append(response)
                if len(history) >= _MOST_REDIRECTS:
                    raise TooManyRedirects(response.request_info, tuple(history))
                url = urljoin(url, response.headers['location'])
                if response.status == 303 or response.status in (301, 302) and method == 'POST':
                    method, body = 'GET', b''
        if self._raise if raise_for_status is None else raise_for_status:
            response.raise_for_status()
        return response

    async def _open(self, parts):
        port = parts.port or (443 if parts.scheme == 'https' else 80)
        try:
            reader, writer = await asyncio.open_connection(parts.hostname, port)
        except OSError as error:
            from socket import gaierror
            kind = ClientConnectorDNSError if isinstance(error, gaierror) else ClientConnectorError
            raise kind(parts.hostname, port, error) from error
        if parts.scheme == 'https':
            writer.write(_HELLO)
            await reader.readexactly(_HELLO_ANSWER)
        return reader, writer

    async def _send(self, method, url, headers, body, history):
        parts = urlsplit(url)
        if parts.scheme not in ('http', 'https') or not parts.hostname:
            raise InvalidURL(url)
        key = parts.scheme, parts.hostname, parts.port
        permits = []
        if self._per_host:
            permits.append(self._hosts.setdefault(key, asyncio.Semaphore(self._per_host)))
        if self._all:
            permits.append(self._all)
        for permit in permits:
            await permit.acquire()
        done = False

        def leave(connection):
            """The connection is kept, or closed when there is none to keep."""
            nonlocal done
            if done:
                return
            done = True
            if connection and not self.closed:
                self._idle.setdefault(key, []).append(connection)
            for permit in permits:
                permit.release()

        writer = None
        try:
            kept = self._idle.get(key)
            again = bool(kept)
            while True:
                reader, writer = kept.pop() if again else await self._open(parts)
                target = urlunsplit(('', '', parts.path or '/', parts.query, ''))
                lines = [f'{method} {target} HTTP/1.1', f'Host: {parts.netloc.rpartition("@")[2]}']
                lines += [f'{name}: {value}' for name, value in headers.items()]
                if body or method in ('POST', 'PUT', 'PATCH'):
                    lines.append(f'Content-Length: {len(body)}')
                writer.write('\r\n'.join(lines).encode('latin-1') + b'\r\n\r\n' + body)
                try:
                    await writer.drain()
                    line = await reader.readline()
                except ConnectionError:
                    line = b''
                if line:
                    break
                writer.close()
                if not again:
                    raise ServerDisconnectedError()
                # The server has closed the connection that was kept: a new one.
                again = bool(kept)
            _, _, rest = line.decode('latin-1').strip().partition(' ')
            status, _, reason = rest.partition(' ')
            found = CaseInsensitiveDict()
            while (line := await reader.readline()) not in (b'\r\n', b'\n', b''):
                name, _, value = line.decode('latin-1').partition(':')
                found[name.strip()] = value.strip()
        except BaseException:
            if writer:
                writer.close()
            leave(None)
            raise
        status = int(status)
        bare = method == 'HEAD' or status in (204, 304)

        async def read(wanted):
            """The body; the connection is free afterwards."""
            if done:
                return b''
            try:
                content, whole = await _body_of(reader, found, bare)
            except BaseException:
                writer.close()
                leave(None)
                raise
            if whole and found.get('connection', '').lower() != 'close':
                leave((reader, writer))
            else:
                writer.close()
                leave(None)
            return content

        return ClientResponse(method, url, status, reason, found, read, history)

    def get(self, url, **kwargs):
        return self.request('GET', url, **kwargs)

    def options(self, url, **kwargs):
        return self.request('OPTIONS', url, **kwargs)

    def head(self, url, **kwargs):
        kwargs.setdefault('allow_redirects', False)
        return self.request('HEAD', url, **kwargs)

    def post(self, url, **kwargs):
        return self.request('POST', url, **kwargs)

    def put(self, url, **kwargs):
        return self.request('PUT', url, **kwargs)

    def patch(self, url, **kwargs):
        return self.request('PATCH', url, **kwargs)

    def delete(self, url, **kwargs):
        return self.request('DELETE', url, **kwargs)


async def _body_of(reader, headers, bare):
    """A body, and whether the connection can be used again behind it."""
    if bare:
        return b'', True
    if 'chunked' in headers.get('transfer-encoding', '').lower():
        parts = []
        while size := int((await reader.readline()).split(b';')[0], 16):
            parts.append(await reader.readexactly(size))
            await reader.readline()
        await reader.readline()
        return b''.join(parts), True
    length = headers.get('content-length')
    if length is None:
        return await reader.read(), False
    try:
        return await reader.readexactly(int(length)), True
    except asyncio.IncompleteReadError as error:
        raise ClientPayloadError(f'Response payload is not completed: {len(error.partial)} of {length} bytes') from error


def request(method, url, **kwargs):
    """A request with a session of its own."""
    async def alone():
        async with ClientSession() as session:
            response = await session._request(method, url, **kwargs)
            await response.read()
            return response
    return _Pending(alone())
