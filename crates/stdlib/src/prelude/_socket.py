# _socket: constants, and conversions that need no network. There are no sockets yet.
error = OSError
timeout = TimeoutError
has_ipv6 = True
SocketType = None


class herror(OSError):
    pass


class gaierror(OSError):
    pass


herror.__module__ = gaierror.__module__ = 'socket'

AF_UNSPEC, AF_UNIX, AF_INET, AF_INET6 = 0, 1, 2, 10
SOCK_STREAM, SOCK_DGRAM, SOCK_RAW, SOCK_SEQPACKET, SOCK_NONBLOCK, SOCK_CLOEXEC = 1, 2, 3, 5, 2048, 524288
SOL_SOCKET, SO_DEBUG, SO_REUSEADDR, SO_TYPE, SO_ERROR, SO_DONTROUTE, SO_BROADCAST = 1, 1, 2, 3, 4, 5, 6
SO_SNDBUF, SO_RCVBUF, SO_KEEPALIVE, SO_OOBINLINE, SO_LINGER, SO_REUSEPORT = 7, 8, 9, 10, 13, 15
SO_RCVTIMEO, SO_SNDTIMEO, SO_ACCEPTCONN = 20, 21, 30
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


class socket:
    __slots__ = ()

    def __init__(self, family=-1, type=-1, proto=-1, fileno=None):
        raise OSError(97, 'Heddle does not support sockets')


SocketType = socket


def _none(name):
    def function(*args, **kwargs):
        raise OSError(38, f'Heddle does not support socket.{name}')
    function.__name__ = function.__qualname__ = name
    return function


for _name in ('socketpair', 'dup', 'close', 'getaddrinfo', 'getnameinfo', 'gethostbyname', 'gethostbyname_ex', 'gethostbyaddr',
              'getservbyname', 'getservbyport', 'getprotobyname', 'if_nametoindex', 'if_indextoname', 'if_nameindex', 'sethostname',
              'CMSG_LEN', 'CMSG_SPACE'):
    globals()[_name] = _none(_name)


def gethostname():
    return 'heddle'


def getdefaulttimeout():
    return _default_timeout


def setdefaulttimeout(timeout, /):
    global _default_timeout
    if timeout is not None:
        timeout = float(timeout)
        if timeout < 0:
            raise ValueError('Timeout value out of range')
    _default_timeout = timeout


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
del _name
