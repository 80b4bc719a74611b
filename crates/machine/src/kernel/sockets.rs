//! Sockets of this computer: pairs, and streams and datagrams over the loopback and over names in the file system's manner.
//!
//! What one end sends is at once in the inbox of the other; when that is full, the sender waits. A connection exists from `connect` on,
//! before it is accepted, as under Linux. Connections to hosts of the simulated network (`network.rs`) have no other end here. A stream of the
//! internet's families whose other end is closed takes one more `send`, as the answer (a reset) has to come first; one that is closed with
//! bytes unread resets the connection.

use super::errno::*;
use super::far::Far;
use super::rights::Rights;
use super::{Answer, Behind, Kernel, Outcome};
use heddle_trace::{Between, BlockReason, Flow};
use heddle_vm::contract::{Address, Posix, Resume};
use std::collections::VecDeque;

/// What a stream holds in one direction, and a datagram socket in all: Linux's `rmem_default`.
const SOCKET_BYTES: usize = 212_992;
/// Longest datagram.
const LONGEST_DATAGRAM: usize = 65_507;
/// Ports given out by `bind` to port 0 and by `connect`: Linux's `ip_local_port_range`.
const FIRST_FREE_PORT: u16 = 32_768;
/// This computer's address in the simulated network.
const OWN_ADDRESS: [u8; 4] = [192, 0, 2, 254];

/// One socket.
#[derive(Clone, Debug)]
pub(super) struct Socket {
    domain: i32,
    kind: i32,
    pub(super) local: Option<Address>,
    pub(super) remote: Option<Address>,
    /// The file that its name made: a name that is taken away and made anew belongs to somebody else.
    inode: Option<usize>,
    /// The other end, while it is there.
    peer: Option<usize>,
    /// Bytes that have arrived, of a stream.
    pub(super) bytes: VecDeque<u8>,
    /// How much has arrived so far: bytes, datagrams, connections.
    pub(super) came: u64,
    /// Descriptors that are on their way, by their place in the stream.
    pub(super) rights: VecDeque<Rights>,
    /// Datagrams that have arrived, with their senders.
    datagrams: VecDeque<(Vec<u8>, Option<Address>)>,
    /// Connections that wait to be accepted, and how many may; only of a socket that listens.
    pub(super) backlog: Option<(VecDeque<usize>, usize)>,
    /// It was connected once.
    pub(super) connected: bool,
    /// What the connection met, for who asks next: an `errno`, or 0.
    pub(super) error: i32,
    /// `connect` has begun and nobody was told how it ended.
    pub(super) connecting: bool,
    /// Its connection to a host of the simulated network.
    pub(super) connection: Option<usize>,
    /// Nothing more comes.
    pub(super) read_shut: bool,
    /// Nothing more goes.
    pub(super) write_shut: bool,
    /// Its connection to another computer.
    pub(super) far: Option<Far>,
    /// The number, for the trace, of what comes to it.
    channel: u64,
}

/// Bytes that came, and of a datagram who sent them.
pub(super) type Received = (Vec<u8>, Option<Address>);

impl Socket {
    pub(super) fn new(domain: i32, kind: i32) -> Socket {
        Socket {
            domain,
            kind,
            local: None,
            remote: None,
            inode: None,
            peer: None,
            bytes: VecDeque::new(),
            came: 0,
            rights: VecDeque::new(),
            datagrams: VecDeque::new(),
            backlog: None,
            connected: false,
            error: 0,
            connecting: false,
            connection: None,
            read_shut: false,
            write_shut: false,
            far: None,
            channel: 0,
        }
    }

    /// So many bytes came to it, or were taken, if both ends are processes of this computer that share nothing else.
    fn flow(&self, bytes: usize, total: u64) -> Option<Flow> {
        (self.domain == AF_UNIX).then_some(Flow {
            channel: self.channel,
            bytes: bytes as u64,
            total,
            depth: self.bytes.len() as u64,
        })
    }

    /// The error that the connection has met, once; then it is over in both directions.
    fn fail(&mut self) -> Result<(), i32> {
        match std::mem::take(&mut self.error) {
            0 => Ok(()),
            error => {
                (self.read_shut, self.write_shut) = (true, true);
                Err(error)
            }
        }
    }

    /// What reading and writing meet before there is a connection: how `connect` failed, if nobody was told; nothing yet, while it is
    /// under way; or this error.
    fn not_connected(&mut self, otherwise: i32) -> Result<(), i32> {
        match std::mem::take(&mut self.error) {
            0 if self.connecting => Ok(()),
            0 => Err(otherwise),
            error => {
                self.connecting = false;
                Err(error)
            }
        }
    }

    /// A datagram has come; false: there is no room for it.
    pub(super) fn take_datagram(&mut self, data: Vec<u8>, from: Option<Address>) -> bool {
        let fits = self.held() + data.len() <= SOCKET_BYTES;
        if fits {
            self.datagrams.push_back((data, from));
            self.came += 1;
        }
        fits
    }

    /// Whether descriptors can be sent over it.
    pub(super) fn takes_rights(&self) -> bool {
        self.domain == AF_UNIX && self.is_stream() && self.connected
    }

    fn is_stream(&self) -> bool {
        self.kind != SOCK_DGRAM
    }

    pub(super) fn held(&self) -> usize {
        self.bytes.len() + self.datagrams.iter().map(|(data, _)| data.len() + 64).sum::<usize>()
    }
}

impl Kernel {
    /// How much has come to a socket so far, and how much the other end has taken of what was sent to it.
    pub(super) fn traffic(&self, at: usize) -> (u64, u64) {
        let Ok(socket) = self.socket(at) else { return (0, 0) };
        let peer = socket.peer.and_then(|peer| self.socket(peer).ok());
        let waiting = |peer: &Socket| (peer.bytes.len() + peer.datagrams.len()) as u64;
        (
            socket.came,
            peer.map_or(0, |peer| peer.came.saturating_sub(waiting(peer))),
        )
    }

    /// The other end.
    pub(super) fn peer_of(&self, at: usize) -> Option<usize> {
        self.socket(at).ok()?.peer
    }

    /// The calls about sockets that never block.
    pub(super) fn socket_call(&mut self, call: Posix) -> Outcome {
        match call {
            Posix::Socket { domain, kind } => {
                if ![AF_UNIX, AF_INET, AF_INET6].contains(&domain) {
                    return Err(EAFNOSUPPORT);
                }
                if ![SOCK_STREAM, SOCK_DGRAM].contains(&kind) {
                    return Err(EPROTONOSUPPORT);
                }
                let socket = self.add_socket(Socket::new(domain, kind));
                self.open_socket(socket)
            }
            Posix::SocketPair { domain, kind } => self.socket_pair(domain, kind),
            Posix::Bind { fd, address } => self.bind(fd, address),
            Posix::Listen { fd, backlog } => {
                let at = self.socket_of(fd)?;
                let socket = self.socket_mut(at)?;
                if !socket.is_stream() {
                    return Err(EOPNOTSUPP);
                }
                if socket.local.is_none() && socket.domain == AF_UNIX {
                    return Err(EINVAL);
                }
                let is_new = socket.backlog.is_none();
                let waiting = socket.backlog.take().map(|(waiting, _)| waiting).unwrap_or_default();
                socket.backlog = Some((waiting, backlog.clamp(0, 4096) as usize + 1));
                if socket.local.is_none() {
                    self.bind_freely(at)?;
                }
                if is_new {
                    self.first_listener();
                }
                Ok(Resume::Done)
            }
            Posix::Shutdown { fd, how } => self.shutdown(fd, how),
            Posix::SocketError { fd } => {
                let at = self.socket_of(fd)?;
                let socket = self.socket_mut(at)?;
                Ok(Resume::Int(i64::from(std::mem::take(&mut socket.error))))
            }
            Posix::SocketName { fd, peer } => {
                let at = self.socket_of(fd)?;
                let socket = self.socket(at)?;
                let unnamed = nowhere(socket.domain);
                match (peer, &socket.remote) {
                    (false, _) => Ok(Resume::Address(socket.local.clone().unwrap_or(unnamed))),
                    (true, Some(address)) => Ok(Resume::Address(address.clone())),
                    (true, None) if socket.connected => Ok(Resume::Address(unnamed)),
                    (true, None) => Err(ENOTCONN),
                }
            }
            _ => Err(EINVAL),
        }
    }

    pub(super) fn add_socket(&mut self, mut socket: Socket) -> usize {
        socket.channel = self.channels;
        self.channels += 1;
        if let Some(at) = self.sockets.iter().position(Option::is_none) {
            self.sockets[at] = Some(socket);
            return at;
        }
        self.sockets.push(Some(socket));
        self.sockets.len() - 1
    }

    fn open_socket(&mut self, socket: usize) -> Outcome {
        let index = self.add_open(Behind::Socket(socket), O_RDWR);
        self.install(index)
    }

    pub(super) fn socket(&self, at: usize) -> Result<&Socket, i32> {
        self.sockets.get(at).and_then(Option::as_ref).ok_or(EBADF)
    }

    pub(super) fn socket_mut(&mut self, at: usize) -> Result<&mut Socket, i32> {
        self.sockets.get_mut(at).and_then(Option::as_mut).ok_or(EBADF)
    }

    /// The socket behind a descriptor.
    pub(super) fn socket_of(&self, fd: i32) -> Result<usize, i32> {
        match self.file(fd)?.behind {
            Behind::Socket(at) => Ok(at),
            _ => Err(ENOTSOCK),
        }
    }

    fn socket_pair(&mut self, domain: i32, kind: i32) -> Outcome {
        if domain != AF_UNIX {
            return Err(EOPNOTSUPP);
        }
        let first = self.add_socket(Socket::new(domain, kind));
        let second = self.add_socket(Socket::new(domain, kind));
        self.join(first, second)?;
        let Resume::Int(a) = self.open_socket(first)? else {
            return Err(EINVAL);
        };
        match self.open_socket(second) {
            Ok(Resume::Int(b)) => Ok(Resume::Pair(a as i32, b as i32)),
            other => {
                self.close(a as i32)?;
                other
            }
        }
    }

    /// Makes two sockets the ends of one connection.
    fn join(&mut self, a: usize, b: usize) -> Result<(), i32> {
        for (this, other) in [(a, b), (b, a)] {
            let socket = self.socket_mut(this)?;
            socket.peer = Some(other);
            socket.connected = true;
        }
        Ok(())
    }

    fn bind(&mut self, fd: i32, address: Address) -> Outcome {
        let at = self.socket_of(fd)?;
        let socket = self.socket(at)?;
        if socket.local.is_some() {
            return Err(EINVAL);
        }
        if !fits(&address, socket.domain) {
            return Err(EAFNOSUPPORT);
        }
        if matches!(address, Address::Inet { port: 0, .. } | Address::Inet6 { port: 0, .. }) {
            self.socket_mut(at)?.local = Some(address);
            self.bind_freely(at)?;
            return Ok(Resume::Done);
        }
        if !self.is_here(&address) {
            return Err(EADDRNOTAVAIL);
        }
        let kind = socket.kind;
        if let Some(path) = path_of(&address) {
            let place = self.fs.walk(path, false)?;
            if place.inode.is_some() {
                return Err(EADDRINUSE);
            }
            let inode = self.fs.link(place.folder, &place.name, super::Node::Socket, 0o777)?;
            self.socket_mut(at)?.inode = Some(inode);
        } else if self.bound_to(&address, kind).is_some() {
            return Err(EADDRINUSE);
        }
        self.socket_mut(at)?.local = Some(address);
        Ok(Resume::Done)
    }

    /// Gives the socket a free port (or a free name).
    pub(super) fn bind_freely(&mut self, at: usize) -> Result<(), i32> {
        let socket = self.socket(at)?;
        let kind = socket.kind;
        let base = socket.local.clone().unwrap_or_else(|| nowhere(socket.domain));
        for port in FIRST_FREE_PORT..u16::MAX {
            let address = match &base {
                Address::Inet { host, .. } => Address::Inet { host: *host, port },
                Address::Inet6 { host, .. } => Address::Inet6 { host: *host, port },
                Address::Unix(_) => Address::Unix(format!("\0{port:05x}").into_bytes()),
            };
            let taken = self.sockets.iter().flatten().any(|other| {
                other.kind == kind && other.local.as_ref().is_some_and(|local| same_port(local, &address))
            });
            if !taken {
                self.socket_mut(at)?.local = Some(address);
                return Ok(());
            }
        }
        Err(EADDRINUSE)
    }

    /// Gives the socket a port if its address has none.
    fn bind_freely_if_new(&mut self, at: usize) -> Result<(), i32> {
        match self.socket(at)?.local {
            Some(Address::Inet { port: 0, .. } | Address::Inet6 { port: 0, .. }) => self.bind_freely(at),
            _ => Ok(()),
        }
    }

    /// The socket that has this address: who is bound to it exactly, or to its port on all interfaces, or made the file at this path.
    pub(super) fn bound_to(&mut self, address: &Address, kind: i32) -> Option<usize> {
        let file = match path_of(address) {
            Some(path) => Some(self.fs.find(path, true).ok()?),
            None => None,
        };
        let matches = |socket: &Socket| {
            let open = !socket.connected || !socket.is_stream();
            let has = match file {
                Some(_) => socket.inode == file,
                None => socket.local.as_ref().is_some_and(|local| reaches(local, address)),
            };
            open && socket.kind == kind && has
        };
        self.sockets
            .iter()
            .position(|socket| socket.as_ref().is_some_and(matches))
    }

    /// `connect`: at once on this computer where there is room at the listener; over the network when the answer has come.
    pub(super) fn connect(&mut self, now_ns: u64, fd: i32, address: Address) -> Answer {
        match self.connect_now(now_ns, fd, &address) {
            Ok(true) => Answer::Now(Resume::Done),
            Ok(false) => {
                let reason = BlockReason::Connect { fd: fd.unsigned_abs() };
                Answer::Later(reason, Posix::Connect { fd, address })
            }
            Err(error) => Answer::Now(Resume::Error(error)),
        }
    }

    /// `false`: it has to wait.
    fn connect_now(&mut self, now_ns: u64, fd: i32, address: &Address) -> Result<bool, i32> {
        let at = self.socket_of(fd)?;
        let nonblocking = self.is_nonblocking(fd);
        let socket = self.socket_mut(at)?;
        if !fits(address, socket.domain) {
            return Err(EAFNOSUPPORT);
        }
        if !socket.is_stream() {
            return self.connect_datagrams(at, address);
        }
        if socket.connecting {
            let error = std::mem::take(&mut socket.error);
            socket.connecting = error == 0 && !socket.connected;
            return match (error, socket.connected) {
                (0, true) => Ok(true),
                (0, false) if nonblocking => Err(EALREADY),
                (0, false) => Ok(false),
                (error, _) => Err(error),
            };
        }
        if socket.connected {
            return Err(EISCONN);
        }
        if let Some(host) = self.host_of(address) {
            let &Address::Inet { port, .. } = address else {
                return Err(ENETUNREACH);
            };
            let local = Address::Inet {
                host: OWN_ADDRESS,
                port: 0,
            };
            self.socket_mut(at)?.local.get_or_insert(local);
            self.bind_freely_if_new(at)?;
            let connection = self.network.connect(now_ns, at, host, port);
            let socket = self.socket_mut(at)?;
            socket.connection = Some(connection);
            socket.remote = Some(address.clone());
            socket.connecting = true;
            return if nonblocking { Err(EINPROGRESS) } else { Ok(false) };
        }
        if self.is_outside(address) {
            self.connect_far(now_ns, at, address)?;
            return if nonblocking { Err(EINPROGRESS) } else { Ok(false) };
        }
        let done = self.connect_here(at, address);
        if nonblocking && !matches!(address, Address::Unix(_)) && matches!(done, Ok(true) | Err(ECONNREFUSED)) {
            // The answer to the first packet is handled after the call.
            let socket = self.socket_mut(at)?;
            socket.connecting = true;
            socket.error = done.err().unwrap_or(0);
            self.changed = true;
            return Err(EINPROGRESS);
        }
        match done {
            Ok(false) if nonblocking => Err(EAGAIN),
            done => done,
        }
    }

    /// A datagram socket gets a fixed receiver.
    fn connect_datagrams(&mut self, at: usize, address: &Address) -> Result<bool, i32> {
        let outside = self.is_outside(address);
        if !self.is_here(address) && self.host_of(address).is_none() && !outside {
            return Err(ENETUNREACH);
        }
        if let Some(path) = path_of(address) {
            self.fs.find(path, true)?;
        }
        let socket = self.socket(at)?;
        if socket.local.is_none() && socket.domain != AF_UNIX {
            let local = if outside {
                self.outer_address()
            } else {
                loopback(address)
            };
            self.socket_mut(at)?.local = Some(local);
            self.bind_freely(at)?;
        }
        let socket = self.socket_mut(at)?;
        socket.remote = Some(address.clone());
        socket.connected = true;
        Ok(true)
    }

    /// A stream to a listener of this computer; `false`: the listener has no room.
    fn connect_here(&mut self, at: usize, address: &Address) -> Result<bool, i32> {
        if !self.is_here(address) {
            return Err(ENETUNREACH);
        }
        let socket = self.socket(at)?;
        let kind = socket.kind;
        if socket.local.is_none() && socket.domain != AF_UNIX {
            self.socket_mut(at)?.local = Some(loopback(address));
            self.bind_freely(at)?;
        }
        if let Some(path) = path_of(address) {
            self.fs.find(path, true)?;
        }
        let listener = self.bound_to(address, kind).ok_or(ECONNREFUSED)?;
        let Some((waiting, most)) = &self.socket(listener)?.backlog else {
            return Err(ECONNREFUSED);
        };
        if waiting.len() >= *most {
            return Ok(false);
        }
        let client = self.socket(at)?;
        let mut server = Socket::new(client.domain, kind);
        server.local = Some(address.clone());
        server.remote = client.local.clone();
        let server = self.add_socket(server);
        self.join(at, server)?;
        self.socket_mut(at)?.remote = Some(address.clone());
        let listening = self.socket_mut(listener)?;
        if let Some((waiting, _)) = &mut listening.backlog {
            waiting.push_back(server);
            listening.came += 1;
        }
        self.changed = true;
        Ok(true)
    }

    /// Is it one of this computer's own addresses?
    fn is_here(&self, address: &Address) -> bool {
        match address {
            Address::Unix(_) => true,
            Address::Inet { host, .. } => host[0] == 127 || *host == [0; 4] || self.outside.address() == Some(*host),
            Address::Inet6 { host, .. } => *host == LOOPBACK_6 || *host == [0; 16],
        }
    }

    /// The host of the simulated network that has this address.
    fn host_of(&self, address: &Address) -> Option<usize> {
        match address {
            Address::Inet { host, .. } => self.network.host_at(*host),
            Address::Inet6 { .. } | Address::Unix(_) => None,
        }
    }

    /// `accept`
    pub(super) fn accept(&mut self, fd: i32) -> Answer {
        let nonblocking = self.is_nonblocking(fd);
        let taken = self
            .socket_of(fd)
            .and_then(|at| match &mut self.socket_mut(at)?.backlog {
                Some((waiting, _)) => Ok(waiting.pop_front()),
                None => Err(EINVAL),
            });
        let opened = match taken {
            Ok(Some(socket)) => self.open_socket(socket).map(|opened| (opened, socket)),
            Ok(None) if nonblocking => Err(EAGAIN),
            Ok(None) => {
                let reason = BlockReason::Accept { fd: fd.unsigned_abs() };
                return Answer::Later(reason, Posix::Accept { fd });
            }
            Err(error) => Err(error),
        };
        self.changed = true;
        match opened {
            Ok((Resume::Int(fd), socket)) => {
                let remote = self.socket(socket).ok().and_then(|s| s.remote.clone());
                let address = remote.unwrap_or(Address::Unix(Vec::new()));
                Answer::Now(Resume::Accepted(fd as i32, address))
            }
            Ok(_) => Answer::Now(Resume::Error(EINVAL)),
            Err(error) => Answer::Now(Resume::Error(error)),
        }
    }

    /// `recv` and `recvfrom`; `peek` leaves what it shows.
    pub(super) fn receive(&mut self, fd: i32, len: u64, peek: bool, wait: bool) -> Answer {
        self.receive_or_wait(
            (fd, len, peek, wait),
            |kernel, (data, from)| {
                kernel.changed |= !peek;
                kernel.drop_arrived();
                Resume::Received(data, from)
            },
            Posix::Receive { fd, len, peek, wait },
        )
    }

    /// Receives what is there and makes an answer of it, or waits to make the call again.
    pub(super) fn receive_or_wait(
        &mut self,
        (fd, len, peek, wait): (i32, u64, bool, bool),
        answer: impl FnOnce(&mut Kernel, Received) -> Resume,
        again: Posix,
    ) -> Answer {
        let nonblocking = !wait || self.is_nonblocking(fd);
        let found = self
            .socket_of(fd)
            .and_then(|at| self.receive_now(at, len.min(1 << 26) as usize, peek));
        match found {
            Ok(Some(received)) => Answer::Now(answer(self, received)),
            Ok(None) if nonblocking => Answer::Now(Resume::Error(EAGAIN)),
            Ok(None) => Answer::Later(BlockReason::Read { fd: fd.unsigned_abs() }, again),
            Err(error) => Answer::Now(Resume::Error(error)),
        }
    }

    /// `None`: nothing there yet.
    pub(super) fn receive_now(&mut self, at: usize, len: usize, peek: bool) -> Result<Option<Received>, i32> {
        let socket = self.socket_mut(at)?;
        if !socket.is_stream() {
            let found = if peek {
                socket.datagrams.front().cloned()
            } else {
                socket.datagrams.pop_front()
            };
            return Ok(match found {
                Some((mut data, from)) => {
                    data.truncate(len);
                    Some((data, from))
                }
                None if socket.read_shut => Some((Vec::new(), None)),
                None => None,
            });
        }
        if !socket.connected {
            return socket.not_connected(ENOTCONN).map(|()| None);
        }
        let take = self.rights_within(at, len, peek);
        let socket = self.socket_mut(at)?;
        if take > 0 {
            let data = if peek {
                socket.bytes.iter().take(take).copied().collect()
            } else {
                socket.bytes.drain(..take).collect()
            };
            let flow = socket.flow(take, socket.came - socket.bytes.len() as u64);
            self.flows.extend(flow.filter(|_| !peek).map(Between::Read));
            let socket = self.socket(at)?;
            if socket.connection.is_some() {
                self.refill(at);
            } else if !peek {
                self.taken_far(at, take);
            }
            return Ok(Some((data, None)));
        }
        socket.fail()?;
        let over = socket.read_shut || len == 0;
        let peer = socket.peer;
        let over = over
            || socket.connection.is_none()
                && socket.far.is_none()
                && peer.is_none_or(|peer| self.socket(peer).is_ok_and(|peer| peer.write_shut));
        Ok(over.then(|| (Vec::new(), None)))
    }

    /// `send` and `sendto`
    pub(super) fn send(&mut self, now_ns: u64, fd: i32, data: Vec<u8>, to: Option<Address>, wait: bool) -> Answer {
        let nonblocking = !wait || self.is_nonblocking(fd);
        match self
            .socket_of(fd)
            .and_then(|at| self.send_now(now_ns, at, &data, to.as_ref()))
        {
            Ok(Some(sent)) => {
                self.changed = true;
                Answer::Now(Resume::Int(sent as i64))
            }
            Ok(None) if nonblocking => Answer::Now(Resume::Error(EAGAIN)),
            Ok(None) => {
                let reason = BlockReason::Write { fd: fd.unsigned_abs() };
                Answer::Later(reason, Posix::Send { fd, data, to, wait })
            }
            Err(error) => Answer::Now(Resume::Error(error)),
        }
    }

    /// How much went; `None`: there is no room yet.
    fn send_now(&mut self, now_ns: u64, at: usize, data: &[u8], to: Option<&Address>) -> Result<Option<usize>, i32> {
        let socket = self.socket_mut(at)?;
        if socket.connected {
            socket.fail()?;
        }
        if socket.write_shut {
            return Err(EPIPE);
        }
        if !socket.is_stream() {
            return self.send_datagram(at, data, to);
        }
        if !socket.connected {
            let otherwise = if socket.domain == AF_UNIX { ENOTCONN } else { EPIPE };
            return socket.not_connected(otherwise).map(|()| None);
        }
        if let Some(connection) = socket.connection {
            if !self.network.has_room() {
                return Ok(None);
            }
            self.network.send(now_ns, connection, data);
            return Ok(Some(data.len()));
        }
        if socket.far.is_some() {
            return self.send_far(at, data);
        }
        let Some(peer) = socket.peer else {
            if socket.domain == AF_UNIX {
                return Err(EPIPE);
            }
            // It goes, and a reset comes back.
            socket.error = EPIPE;
            return Ok(Some(data.len()));
        };
        let other = self.socket_mut(peer)?;
        if other.read_shut && other.domain == AF_UNIX {
            return Err(EPIPE);
        }
        let take = data.len().min(SOCKET_BYTES.saturating_sub(other.bytes.len()));
        if take == 0 && !data.is_empty() {
            return Ok(None);
        }
        other.bytes.extend(data.iter().take(take));
        other.came += take as u64;
        let flow = other.flow(take, other.came);
        self.flows.extend(flow.map(Between::Written));
        Ok(Some(take))
    }

    fn send_datagram(&mut self, at: usize, data: &[u8], to: Option<&Address>) -> Result<Option<usize>, i32> {
        if data.len() > LONGEST_DATAGRAM {
            return Err(EMSGSIZE);
        }
        let socket = self.socket(at)?;
        let (kind, peer) = (socket.kind, socket.peer);
        let address = to.or(socket.remote.as_ref()).cloned();
        if let Some(address) = &address {
            if !fits(address, socket.domain) {
                return Err(EAFNOSUPPORT);
            }
            if self.is_outside(address) {
                let to = address.clone();
                return self.send_datagram_far(at, data, &to);
            }
            if !self.is_here(address) {
                return Err(ENETUNREACH);
            }
            if socket.local.is_none() && socket.domain != AF_UNIX {
                self.socket_mut(at)?.local = Some(loopback(address));
                self.bind_freely(at)?;
            }
        }
        if let Some(path) = to.and_then(path_of) {
            self.fs.find(path, true)?;
        }
        let target = match (&address, peer) {
            (None, Some(peer)) => Some(peer),
            (Some(address), _) => self.bound_to(address, kind),
            (None, None) => return Err(EDESTADDRREQ),
        };
        let from = self.socket(at)?.local.clone();
        let Some(target) = target else {
            // Nobody there: a datagram over a network is lost, one over a name is refused.
            return if matches!(address, Some(Address::Unix(_))) {
                Err(ECONNREFUSED)
            } else {
                Ok(Some(data.len()))
            };
        };
        let other = self.socket_mut(target)?;
        if !other.take_datagram(data.to_vec(), from) && matches!(address, Some(Address::Unix(_)) | None) {
            return Ok(None);
        }
        Ok(Some(data.len()))
    }

    fn shutdown(&mut self, fd: i32, how: i32) -> Outcome {
        let at = self.socket_of(fd)?;
        let socket = self.socket_mut(at)?;
        if !socket.connected && socket.backlog.is_none() {
            return Err(ENOTCONN);
        }
        if !(0..=2).contains(&how) {
            return Err(EINVAL);
        }
        socket.read_shut |= how != 1;
        let ends = how != 0 && !socket.write_shut;
        socket.write_shut |= how != 0;
        if ends {
            self.end_far(at);
        }
        self.changed = true;
        Ok(Resume::Done)
    }

    /// The last descriptor of a socket is closed.
    pub(super) fn close_socket(&mut self, at: usize) {
        let Some(socket) = self.sockets.get_mut(at).and_then(Option::take) else {
            return;
        };
        if let Some(connection) = socket.connection {
            self.network.close(connection);
        }
        self.close_far(&socket, socket.write_shut);
        if let Some(Some(peer)) = socket.peer.and_then(|peer| self.sockets.get_mut(peer)) {
            peer.peer = None;
            if !socket.bytes.is_empty() && socket.is_stream() {
                peer.error = ECONNRESET;
            }
        }
        self.drop_rights(socket.rights);
        for waiting in socket.backlog.map(|(waiting, _)| waiting).unwrap_or_default() {
            self.close_socket(waiting);
        }
    }

    /// What `poll` says of a socket.
    pub(super) fn socket_events(&self, at: usize) -> i16 {
        let Ok(socket) = self.socket(at) else { return POLLNVAL };
        if let Some((waiting, _)) = &socket.backlog {
            return if waiting.is_empty() { 0 } else { POLLIN };
        }
        if !socket.is_stream() {
            let readable = !socket.datagrams.is_empty() || socket.read_shut;
            let peer = socket.peer.and_then(|peer| self.socket(peer).ok());
            let full = peer.is_some_and(|peer| peer.held() >= SOCKET_BYTES);
            return if readable { POLLIN } else { 0 } | if full { 0 } else { POLLOUT };
        }
        if socket.error != 0 {
            return POLLIN | POLLOUT | POLLERR | POLLHUP;
        }
        if !socket.connected {
            return if socket.connecting { 0 } else { POLLOUT | POLLHUP };
        }
        if socket.connection.is_some() {
            let ended = if socket.read_shut { POLLIN | POLLRDHUP } else { 0 };
            return ended | POLLOUT | if socket.bytes.is_empty() { 0 } else { POLLIN };
        }
        if let Some(far) = &socket.far {
            return self.far_events(socket, far);
        }
        let peer = socket.peer.and_then(|peer| self.socket(peer).ok());
        let ended = socket.read_shut || peer.is_none_or(|peer| peer.write_shut);
        let mut events = 0;
        if ended || !socket.bytes.is_empty() {
            events |= POLLIN;
        }
        if ended {
            events |= POLLRDHUP;
        }
        if ended && (socket.write_shut || peer.is_none()) {
            events |= POLLHUP;
        }
        if peer.is_none_or(|peer| peer.bytes.len() < SOCKET_BYTES) {
            events |= POLLOUT;
        }
        events
    }
}

/// No particular address of a family.
pub(super) fn nowhere(domain: i32) -> Address {
    match domain {
        AF_INET => Address::Inet { host: [0; 4], port: 0 },
        AF_INET6 => Address::Inet6 { host: [0; 16], port: 0 },
        _ => Address::Unix(Vec::new()),
    }
}

const LOOPBACK_6: [u8; 16] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1];

/// Where a socket speaks from that speaks to this address.
fn loopback(address: &Address) -> Address {
    match address {
        Address::Inet { host: [0, 0, 0, 0], .. } => Address::Inet {
            host: [127, 0, 0, 1],
            port: 0,
        },
        Address::Inet { host, .. } => Address::Inet { host: *host, port: 0 },
        Address::Inet6 { .. } => Address::Inet6 {
            host: LOOPBACK_6,
            port: 0,
        },
        Address::Unix(_) => Address::Unix(Vec::new()),
    }
}

/// Is the address of this family?
fn fits(address: &Address, domain: i32) -> bool {
    match address {
        Address::Unix(_) => domain == AF_UNIX,
        Address::Inet { .. } => domain == AF_INET,
        Address::Inet6 { .. } => domain == AF_INET6,
    }
}

/// Can only this computer reach it?
pub(super) fn is_loopback(address: &Address) -> bool {
    matches!(address, Address::Inet { host: [127, ..], .. })
}

/// Does who is bound to `local` get what goes to `address`?
fn reaches(local: &Address, address: &Address) -> bool {
    match (local, address) {
        (Address::Inet { host, port }, Address::Inet { host: to, port: at }) => {
            port == at && (host == to || *host == [0; 4] || *to == [0; 4])
        }
        (Address::Inet6 { host, port }, Address::Inet6 { host: to, port: at }) => {
            port == at && (host == to || *host == [0; 16] || *to == [0; 16])
        }
        (Address::Unix(name), Address::Unix(to)) => !name.is_empty() && name == to,
        _ => false,
    }
}

/// The path of a name in the file system; names that begin with NUL are of another kind.
fn path_of(address: &Address) -> Option<&[u8]> {
    match address {
        Address::Unix(path) if path.first().is_some_and(|&b| b != 0) => Some(path),
        _ => None,
    }
}

fn same_port(a: &Address, b: &Address) -> bool {
    match (a, b) {
        (
            Address::Inet { port, .. } | Address::Inet6 { port, .. },
            Address::Inet { port: other, .. } | Address::Inet6 { port: other, .. },
        ) => port == other,
        (Address::Unix(a), Address::Unix(b)) => a == b,
        _ => false,
    }
}
