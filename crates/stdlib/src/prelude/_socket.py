# _socket: the kernel's sockets with the methods of CPython's. This computer is called `localhost` and by its own name (`heddle`, if it is
# the first); the other hosts of its network are those that the scenario declares.
import _sockets
from time import monotonic as _now

error = OSError
timeout = TimeoutError
has_ipv6 = True


class herror(OSError):
    pass


class gaierror(OSError):
    pass


herror.__module__ = gaierror.__module__ = 'socket'

AF_UNSPEC, AF_UNIX, AF_INET, AF_INET6 = 0, 1, 2, 10
SOCK_STREAM, SOCK_DGRAM, SOCK_RAW, SOCK_SEQPACKET, SOCK_NONBLOCK, SOCK_CLOEXEC = 1, 2, 3, 5, 2048, 524288
SOL_SOCKET, SO_DEBUG, SO_REUSEADDR, SO_TYPE, SO_ERROR, SO_DONTROUTE, SO_BROADCAST = 1, 1, 2, 3, 4, 5, 6
SO_SNDBUF, SO_RCVBUF, SO_KEEPALIVE, SO_OOBINLINE, SO_LINGER, SO_REUSEPORT = 7, 8, 9, 10, 13, 15
SO_RCVTIMEO, SO_SNDTIMEO, SO_ACCEPTCONN, SO_PROTOCOL, SO_DOMAIN = 20, 21, 30, 38, 39
SOMAXCONN = 4096
IPPROTO_IP, IPPROTO_ICMP, IPPROTO_TCP, IPPROTO_UDP, IPPROTO_IPV6, IPPROTO_RAW = 0, 1, 6, 17, 41, 255
SOL_IP, SOL_TCP, SOL_UDP = 0, 6, 17
TCP_NODELAY, TCP_KEEPIDLE, TCP_KEEPINTVL, TCP_KEEPCNT = 1, 4, 5, 6
IPV6_V6ONLY, IPV6_UNICAST_HOPS = 26, 16
INADDR_ANY, INADDR_BROADCAST, INADDR_LOOPBACK, INADDR_NONE = 0, 0xffffffff, 0x7f000001, 0xffffffff
MSG_OOB, MSG_PEEK, MSG_DONTROUTE, MSG_CTRUNC, MSG_TRUNC, MSG_DONTWAIT, MSG_EOR, MSG_WAITALL, MSG_NOSIGNAL = 1, 2, 4, 8, 32, 64, 128, 256, 16384
SHUT_RD, SHUT_WR, SHUT_RDWR = 0, 1, 2
SCM_RIGHTS = 1
AI_PASSIVE, AI_CANONNAME, AI_NUMERICHOST, AI_V4MAPPED, AI_ALL, AI_ADDRCONFIG, AI_NUMERICSERV = 1, 2, 4, 8, 16, 32, 1024
EAI_BADFLAGS, EAI_NONAME, EAI_AGAIN, EAI_FAIL, EAI_FAMILY, EAI_SOCKTYPE, EAI_SERVICE, EAI_MEMORY = -1, -2, -3, -4, -6, -7, -8, -10
NI_NUMERICHOST, NI_NUMERICSERV, NI_NOFQDN, NI_NAMEREQD, NI_DGRAM, NI_MAXHOST, NI_MAXSERV = 1, 2, 4, 8, 16, 1025, 32

_default_timeout = None
_POLLIN, _POLLOUT = 1, 4


def _timeout_of(value):
    if value is None:
        return None
    if not isinstance(value, (int, float)) and not hasattr(type(value), '__index__'):
        raise TypeError(f"'{type(value).__name__}' object cannot be interpreted as an integer")
    value = float(value)
    if value != value:
        raise ValueError('Invalid value NaN (not a number)')
    if not -2 ** 63 <= value * 1e9 < 2 ** 63:
        raise OverflowError('timestamp too large to convert to C PyTime_t')
    if value < 0:
        raise ValueError('Timeout value out of range')
    return value


def _packed(family, host):
    if isinstance(host, (bytes, bytearray)):
        host = host.decode('ascii')
    if not isinstance(host, str):
        raise TypeError(f'str, bytes or bytearray expected, not {type(host).__name__}')
    if host == '':
        return bytes(4 if family == AF_INET else 16)
    if host == '<broadcast>' and family == AF_INET:
        return b'\xff' * 4
    for name, number in getaddrinfo_of(host, family):
        if name == family:
            return number
    raise gaierror(EAI_NONAME, 'Name or service not known')


def getaddrinfo_of(host, family):
    """Pairs of family and packed address of a name that is known here."""
    for known in AF_INET, AF_INET6:
        if family in (AF_UNSPEC, known):
            try:
                return [(known, inet_pton(known, host))]
            except OSError:
                pass
    if host in ('localhost', 'heddle', 'localhost.localdomain'):
        both = [(AF_INET6, bytes(15) + b'\1'), (AF_INET, b'\x7f\0\0\1')]
        if host == 'heddle':
            both = [(AF_INET, _sockets.resolve(b'heddle') or b'\x7f\0\0\1')]
        return [pair for pair in both if family in (AF_UNSPEC, pair[0])]
    if family in (AF_UNSPEC, AF_INET) and host:
        try:
            found = _sockets.resolve(host.encode('ascii' if host.isascii() else 'idna'))
        except UnicodeError:
            found = None
        if found is not None:
            return [(AF_INET, found)]
    return []


def _to_kernel(family, address, function):
    if family == AF_UNIX:
        if isinstance(address, str):
            address = address.encode('utf-8', 'surrogateescape')
        try:
            address = bytes(memoryview(address))
        except TypeError:
            raise TypeError(f"a bytes-like object is required, not '{type(address).__name__}'") from None
        if len(address) > 108 or len(address) == 108 and address[0]:
            raise OSError('AF_UNIX path too long')
        return address
    if not isinstance(address, tuple):
        raise TypeError(f'{function}(): AF_INET{"6" if family == AF_INET6 else ""} address must be tuple, not {type(address).__name__}')
    if len(address) < 2 or len(address) > (2 if family == AF_INET else 4):
        raise TypeError(f'{function}(): AF_INET address must be a pair (host, port)' if family == AF_INET else
                        f'{function}(): AF_INET6 address must be a tuple (host, port[, flowinfo[, scopeid]])')
    host, port = address[:2]
    if not isinstance(port, int):
        raise TypeError(f"'{type(port).__name__}' object cannot be interpreted as an integer")
    if not 0 <= port <= 65535:
        raise OverflowError(f'{function}(): port must be 0-65535.')
    return _packed(family, host), port


def _from_kernel(address):
    if address is None:
        return None
    if isinstance(address, bytes):
        return address if address[:1] == b'\0' else address.decode('utf-8', 'surrogateescape')
    host, port = address
    if len(host) == 4:
        return '.'.join(map(str, host)), port
    return inet_ntop(AF_INET6, host), port, 0, 0


# Bytes of `struct cmsghdr`, a multiple of what it is aligned to.
_CMSG_HEADER = 16


def CMSG_LEN(length, /):
    if not 0 <= length <= 0x7fffffff - _CMSG_HEADER:
        raise OverflowError('CMSG_LEN() argument out of range')
    return _CMSG_HEADER + length


def CMSG_SPACE(length, /):
    if not 0 <= length <= 0x7fffffff - _CMSG_HEADER - 7:
        raise OverflowError('CMSG_SPACE() argument out of range')
    return _CMSG_HEADER + (length + 7 & ~7)


def _rights(ancdata, address):
    """The descriptors in ancillary data; there is no other kind of it here."""
    found = []
    for level, kind, data in ancdata:
        if (level, kind) != (SOL_SOCKET, SCM_RIGHTS) or address is not None:
            raise NotImplementedError('Heddle supports no ancillary data but SCM_RIGHTS over connected Unix sockets')
        data = bytes(data)
        found += [int.from_bytes(data[at:at + 4], 'little', signed=True) for at in range(0, len(data) - 3, 4)]
    return found


class socket:
    """A socket of this computer's kernel."""

    __slots__ = '_fd', '_family', '_type', '_proto', '_timeout', '_options'

    def __getstate__(self):
        raise TypeError("cannot pickle '_socket.socket' object")

    def __init__(self, family=-1, type=-1, proto=-1, fileno=None):
        self._fd, self._timeout, self._options = -1, _default_timeout, {}
        flags = 0
        if fileno is not None:
            if isinstance(fileno, float):
                raise TypeError('integer argument expected, got float')
            if fileno < 0:
                raise ValueError('negative file descriptor')
            own = _sockets.name(fileno, False)
            found = AF_UNIX if isinstance(own, bytes) else AF_INET if len(own[0]) == 4 else AF_INET6
            family = found if family == -1 else family
            type = SOCK_STREAM if type == -1 else type
            self._fd = int(fileno)
        else:
            family = AF_INET if family == -1 else family
            type = SOCK_STREAM if type == -1 else type
            flags = type & (SOCK_NONBLOCK | SOCK_CLOEXEC)
            self._fd = _sockets.socket(family, type & 0xf)
        self._family, self._type, self._proto = int(family), type & ~(SOCK_NONBLOCK | SOCK_CLOEXEC), 0 if proto == -1 else proto
        if flags & SOCK_NONBLOCK:
            self._timeout = 0.0
        if self._timeout is not None:
            _sockets.nonblocking(self._fd, True)

    def __del__(self):
        if getattr(self, '_fd', -1) >= 0:
            import warnings
            warnings.warn(f'unclosed {self!r}', ResourceWarning, source=self)
            self.close()

    def __repr__(self):
        return (f'<socket object, fd={self._fd}, family={self._family}, type={self._type}, proto={self._proto}>')

    # Waiting, with the timeout of the socket: the kernel's own calls never wait then.
    def _do(self, events, call, *args):
        if self._fd < 0:
            raise OSError(9, 'Bad file descriptor')
        if not self._timeout:
            return call(self._fd, *args)
        deadline = _now() + self._timeout
        while True:
            left = deadline - _now()
            if left <= 0 or not _sockets.poll([(self._fd, events)], left):
                raise TimeoutError('timed out')
            try:
                return call(self._fd, *args)
            except BlockingIOError:
                pass

    @property
    def family(self):
        return self._family

    @property
    def type(self):
        return self._type

    @property
    def proto(self):
        return self._proto

    def fileno(self):
        return self._fd

    def close(self):
        fd, self._fd = self._fd, -1
        if fd >= 0:
            close(fd)

    def detach(self):
        fd, self._fd = self._fd, -1
        return fd

    def settimeout(self, value, /):
        self._timeout = _timeout_of(value)
        _sockets.nonblocking(self._fd, self._timeout is not None)

    def gettimeout(self):
        return self._timeout

    @property
    def timeout(self):
        return self._timeout

    def setblocking(self, flag, /):
        self.settimeout(None if flag else 0.0)

    def getblocking(self):
        return self._timeout != 0.0

    def bind(self, address, /):
        _sockets.bind(self._fd, _to_kernel(self._family, address, 'bind'))

    def listen(self, backlog=128, /):
        _sockets.listen(self._fd, backlog)

    def _accept(self):
        fd, address = self._do(_POLLIN, _sockets.accept)
        return fd, _from_kernel(address)

    def connect(self, address, /):
        error = self._connect(_to_kernel(self._family, address, 'connect'))
        if error == -1:
            raise TimeoutError('timed out')
        if error:
            from posix import strerror
            raise OSError(error, strerror(error))

    def connect_ex(self, address, /):
        error = self._connect(_to_kernel(self._family, address, 'connect_ex'))
        return 11 if error == -1 else error

    def _connect(self, address):
        """Connects within the timeout; an errno, 0 for success, -1 when the time is over."""
        try:
            _sockets.connect(self._fd, address)
        except OSError as error:
            if error.errno != 115 or not self._timeout:
                return error.errno
        else:
            return 0
        if not _sockets.poll([(self._fd, _POLLOUT)], self._timeout):
            return -1
        return _sockets.error(self._fd)

    def send(self, data, flags=0, /):
        return self._do(_POLLOUT, _sockets.send, data, None, not flags & MSG_DONTWAIT)

    def sendall(self, data, flags=0, /):
        with memoryview(data) as view:
            if not view.c_contiguous:
                raise BufferError('memoryview: underlying buffer is not C-contiguous')
            with view.cast('B') as view:
                done = 0
                while done < len(view):
                    done += self.send(view[done:done + 65536], flags)

    def sendto(self, data, *args):
        if not 1 <= len(args) <= 2:
            raise TypeError(f'sendto() takes 2 or 3 arguments ({len(args) + 1} given)')
        flags = args[0] if len(args) == 2 else 0
        address = _to_kernel(self._family, args[-1], 'sendto')
        return self._do(_POLLOUT, _sockets.send, data, address, not flags & MSG_DONTWAIT)

    def sendmsg(self, buffers, ancdata=(), flags=0, address=None, /):
        data = b''.join(bytes(buffer) for buffer in buffers)
        if ancdata := list(ancdata):
            return self._do(_POLLOUT, _sockets.send_rights, data, _rights(ancdata, address), not flags & MSG_DONTWAIT)
        address = None if address is None else _to_kernel(self._family, address, 'sendmsg')
        return self._do(_POLLOUT, _sockets.send, data, address, not flags & MSG_DONTWAIT)

    def recv(self, bufsize, flags=0, /):
        return self._receive(bufsize, flags)[0]

    def _receive(self, bufsize, flags):
        if bufsize < 0:
            raise ValueError('negative buffersize in recv')
        data, address = self._do(_POLLIN, _sockets.receive, bufsize, flags & MSG_PEEK, not flags & MSG_DONTWAIT)
        while flags & MSG_WAITALL and data and len(data) < bufsize and not flags & MSG_PEEK:
            more, _ = self._do(_POLLIN, _sockets.receive, bufsize - len(data), 0, True)
            if not more:
                break
            data += more
        return data, address

    def recvfrom(self, bufsize, flags=0, /):
        data, address = self._receive(bufsize, flags)
        return data, _from_kernel(address)

    def recv_into(self, buffer, nbytes=0, flags=0):
        return self._into('recv_into', buffer, nbytes, flags)[0]

    def recvfrom_into(self, buffer, nbytes=0, flags=0):
        return self._into('recvfrom_into', buffer, nbytes, flags)

    def _into(self, function, buffer, nbytes, flags):
        with memoryview(buffer) as view:
            if view.readonly or not view.c_contiguous:
                raise TypeError(f'{function}() argument 1 must be read-write bytes-like object, not {type(buffer).__name__}')
            with view.cast('B') as view:
                if nbytes < 0:
                    raise ValueError(f'negative buffersize in {function}')
                if nbytes > len(view):
                    raise ValueError('nbytes is greater than the length of the buffer')
                data, address = self._receive(nbytes or len(view), flags)
                view[:len(data)] = data
                return len(data), _from_kernel(address)

    def recvmsg(self, bufsize, ancbufsize=0, flags=0, /):
        if ancbufsize < 0:
            raise ValueError('invalid ancillary data buffer length')
        most = max(ancbufsize - _CMSG_HEADER, 0) // 4
        if self._family == AF_UNIX and self._type == SOCK_STREAM and most and not flags & MSG_PEEK:
            if bufsize < 0:
                raise ValueError('negative buffer size in recvmsg()')
            data, found, cut = self._do(_POLLIN, _sockets.receive_rights, bufsize, most, not flags & MSG_DONTWAIT)
            packed = b''.join(fd.to_bytes(4, 'little') for fd in found)
            return data, [(SOL_SOCKET, SCM_RIGHTS, packed)] if found else [], MSG_CTRUNC if cut else 0, None
        data, address = self._receive(bufsize, flags)
        return data, [], 0, _from_kernel(address)

    def shutdown(self, how, /):
        _sockets.shutdown(self._fd, how)

    def getsockname(self):
        return _from_kernel(_sockets.name(self._fd, False))

    def getpeername(self):
        return _from_kernel(_sockets.name(self._fd, True))

    def setsockopt(self, level, optname, value, optlen=None, /):
        if value is None:
            raise NotImplementedError('Heddle does not support setsockopt with None')
        _sockets.name(self._fd, False)
        self._options[level, optname] = value if isinstance(value, int) else bytes(value)

    def getsockopt(self, level, optname, buflen=0, /):
        _sockets.name(self._fd, False)
        value = self._options.get((level, optname), 0)
        if level == SOL_SOCKET:
            if optname == SO_ERROR:
                value = _sockets.error(self._fd)
            elif optname in (SO_RCVBUF, SO_SNDBUF):
                # The kernel keeps twice of what is asked for, within its bounds.
                value = min(max(2 * value, 4608), 425984) if value else 212992
            else:
                value = {SO_TYPE: self._type, SO_DOMAIN: self._family, SO_PROTOCOL: self._proto}.get(optname, value)
        if buflen:
            return value if isinstance(value, bytes) else value.to_bytes(4, 'little')[:buflen]
        return value if isinstance(value, int) else int.from_bytes(value[:4], 'little')


SocketType = socket


def socketpair(family=AF_UNIX, type=SOCK_STREAM, proto=0, /):
    a, b = _sockets.socketpair(family, type & 0xf)
    return socket(family, type, proto, a), socket(family, type, proto, b)


def close(fd, /):
    from posix import close
    close(fd)


def dup(fd, /):
    from posix import dup
    return dup(fd)


_services = {'echo': 7, 'ftp': 21, 'ssh': 22, 'telnet': 23, 'smtp': 25, 'domain': 53, 'http': 80, 'pop3': 110, 'imap': 143, 'https': 443}


def getservbyname(service, protocol=None, /):
    try:
        return _services[service]
    except KeyError:
        raise OSError('service/proto not found') from None


def getservbyport(port, protocol=None, /):
    for name, number in _services.items():
        if number == port:
            return name
    raise OSError('port/proto not found')


def getprotobyname(name, /):
    try:
        return {'icmp': 1, 'tcp': 6, 'udp': 17, 'ip': 0}[name]
    except KeyError:
        raise OSError('protocol not found') from None


def getaddrinfo(host, port, family=0, type=0, proto=0, flags=0):
    if isinstance(host, (bytes, bytearray)):
        host = host.decode('ascii')
    if host is not None and not isinstance(host, str):
        raise TypeError('getaddrinfo() argument 1 must be string or None')
    if isinstance(port, (str, bytes)):
        text = port if isinstance(port, str) else port.decode()
        if text.isdigit():
            port = int(text)
        elif flags & AI_NUMERICSERV:
            raise gaierror(EAI_NONAME, 'Name or service not known')
        else:
            try:
                port = getservbyname(text)
            except OSError:
                raise gaierror(EAI_SERVICE, 'Servname not supported for ai_socktype') from None
    elif port is None:
        port = 0
    elif not isinstance(port, int):
        raise OSError('Int or String expected')
    if family not in (AF_UNSPEC, AF_INET, AF_INET6):
        raise gaierror(EAI_FAMILY, 'ai_family not supported')
    scope = 0
    if not host:
        passive = flags & AI_PASSIVE
        found = [(AF_INET, bytes(4) if passive else b'\x7f\0\0\1'), (AF_INET6, bytes(16) if passive else bytes(15) + b'\1')]
        found = [pair for pair in found if family in (AF_UNSPEC, pair[0])]
    else:
        host, scope = _without_scope(host)
        found = getaddrinfo_of(host, family)
        if flags & AI_NUMERICHOST and host[-1:] not in '0123456789:abcdefABCDEF':
            found = []
    if not found:
        raise gaierror(EAI_NONAME, 'Name or service not known')
    kinds = [(SOCK_STREAM, IPPROTO_TCP), (SOCK_DGRAM, IPPROTO_UDP), (SOCK_RAW, 0)]
    kinds = [kind for kind in kinds if type in (0, kind[0]) and proto in (0, kind[1])]
    name = host or '' if flags & AI_CANONNAME else ''
    return [(known, kind, number, name, _from_kernel((packed, port)) if known == AF_INET else (inet_ntop(known, packed), port, 0, scope))
            for known, packed in found for kind, number in kinds]


def _without_scope(host):
    """`fe80::1%1` as address and scope: the number or name of an interface."""
    address, percent, scope = host.partition('%')
    if not percent or ':' not in address:
        return host, 0
    if scope.isdigit():
        return address, int(scope)
    try:
        return address, if_nametoindex(scope)
    except OSError:
        raise gaierror(EAI_NONAME, 'Name or service not known') from None


def getnameinfo(sockaddr, flags, /):
    host, port = sockaddr[:2]
    if not flags & NI_NUMERICHOST and host in ('127.0.0.1', '::1'):
        host = 'localhost'
    elif flags & NI_NAMEREQD:
        raise gaierror(EAI_NONAME, 'Name or service not known')
    if not flags & NI_NUMERICSERV:
        try:
            return host, getservbyport(port)
        except OSError:
            pass
    return host, str(port)


def gethostbyname(hostname, /):
    return '.'.join(map(str, _packed(AF_INET, hostname)))


def gethostbyname_ex(hostname, /):
    return hostname, [], [gethostbyname(hostname)]


def gethostbyaddr(ip_address, /):
    if ip_address in ('127.0.0.1', '::1', 'localhost', 'heddle'):
        return 'localhost', [], ['127.0.0.1' if ip_address != '::1' else '::1']
    raise herror(1, 'Unknown host')


def if_nameindex():
    return [(1, 'lo')]


def if_nametoindex(name, /):
    if name in ('lo', b'lo'):
        return 1
    raise OSError(19, 'No such device')


def if_indextoname(index, /):
    if index == 1:
        return 'lo'
    raise OSError(6, 'No such device or address')


def gethostname():
    return _sockets.resolve(b'').decode()


def getdefaulttimeout():
    return _default_timeout


def setdefaulttimeout(timeout, /):
    global _default_timeout
    _default_timeout = _timeout_of(timeout)


def _swapped(name, size):
    def function(x, /):
        if not isinstance(x, int):
            raise TypeError(f"'{type(x).__name__}' object cannot be interpreted as an integer")
        if x < 0:
            raise OverflowError(f"{name}: can't convert negative Python int to C {8 * size}-bit unsigned integer")
        if x >> 8 * size:
            raise OverflowError(f'{name}: Python int too large to convert to C {8 * size}-bit unsigned integer')
        return int.from_bytes(x.to_bytes(size, 'little'), 'big')
    function.__name__ = function.__qualname__ = name
    return function


htons, ntohs = _swapped('htons', 2), _swapped('ntohs', 2)
htonl, ntohl = _swapped('htonl', 4), _swapped('ntohl', 4)


def inet_aton(address, /):
    parts = address.split('.')
    try:
        numbers = [int(part, 0) if part[:1].isdigit() else -1 for part in parts]
    except ValueError:
        numbers = [-1]
    last = 256 ** (5 - len(numbers)) if len(numbers) < 5 else 0
    if not all(0 <= n < 256 for n in numbers[:-1]) or not 0 <= numbers[-1] < last:
        raise OSError('illegal IP address string passed to inet_aton')
    return bytes(numbers[:-1]) + numbers[-1].to_bytes(5 - len(numbers), 'big')


def inet_ntoa(packed, /):
    packed = bytes(packed)
    if len(packed) != 4:
        raise OSError('packed IP wrong length')
    return '.'.join(map(str, packed))


def inet_pton(family, address, /):
    import ipaddress
    try:
        if family == AF_INET:
            return ipaddress.IPv4Address(address).packed
        if family == AF_INET6:
            return ipaddress.IPv6Address(address).packed
    except ValueError:
        raise OSError('illegal IP address string passed to inet_pton') from None
    raise OSError(97, 'Address family not supported by protocol')


def inet_ntop(family, packed, /):
    import ipaddress
    packed = bytes(packed)
    size = {AF_INET: 4, AF_INET6: 16}.get(family)
    if size is None:
        raise ValueError(f'unknown address family {family}')
    if len(packed) != size:
        raise ValueError('invalid length of packed IP address string')
    return str(ipaddress.IPv4Address(packed) if size == 4 else ipaddress.IPv6Address(packed))


CAPI = None
