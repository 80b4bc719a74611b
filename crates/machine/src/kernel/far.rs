//! Sockets whose other end is on another computer: streams and datagrams over [`crate::wire`].
//!
//! An end sends packets to the computer of the other; each knows the connection by the same number. Who connects asks (`Open`); a listener
//! with room answers `Opened`, nobody `Failed`. A sender may have [`WINDOW`] bytes on their way or unread; the reader gives room back as it
//! reads. A closed end says `End`, or `Reset` if it has bytes unread, and to whatever comes later. A full listener lets the caller try again
//! after 1 s, 2 s, 4 s … as TCP does, and in vain after six times. An address of the network that nobody has is given up after 3 s.
//!
//! A host that serves was there before the run: what comes before its program listens for the first time waits for that.

use super::errno::*;
use super::network::Arrival;
use super::sockets::{Socket, is_loopback, nowhere};
use super::{EPOCH_NS, Kernel};
use crate::wire::Neighbours;
use heddle_vm::contract::Address;
use std::collections::BTreeMap;

/// What may be on its way or unread of one direction of a connection, bytes.
const WINDOW: usize = 1 << 20;
/// What a computer may have on its way or unread in all, bytes.
const MOST_OUT: usize = 32 << 20;
/// Longest piece of a stream, bytes.
const PIECE: usize = 16 * 1024;
/// How often a full listener is tried after the first time, and when first, ns.
const TRIES: u8 = 6;
const FIRST_RETRY_NS: u64 = 1_000_000_000;
/// How long nobody is looked for, ns.
const LOOKED_FOR_NS: u64 = 3_000_000_000;

/// What goes from computer to computer.
#[derive(Clone, Debug)]
pub(crate) enum Packet {
    /// A connection is wanted.
    Open {
        id: u64,
        from: Address,
        to: Address,
        tries: u8,
    },
    /// It is there.
    Opened(u64),
    /// It is not, with this `errno`.
    Failed(u64, i32),
    /// Bytes of a stream.
    Data(u64, Vec<u8>),
    /// So many bytes were read.
    Room(u64, usize),
    /// No more bytes come.
    End(u64),
    /// The connection is broken.
    Reset(u64),
    /// A datagram.
    Datagram { from: Address, to: Address, data: Vec<u8> },
}

impl Packet {
    /// Bytes that it carries.
    pub fn len(&self) -> usize {
        match self {
            Packet::Data(_, data) | Packet::Datagram { data, .. } => data.len(),
            _ => 0,
        }
    }
}

/// A socket's part of a connection to another computer.
#[derive(Clone, Debug)]
pub(super) struct Far {
    id: u64,
    computer: usize,
    /// Bytes that may still be sent.
    room: usize,
}

/// The kernel's part.
#[derive(Clone, Debug, Default)]
pub(crate) struct Outside {
    /// The computers of the network, and which of them this is.
    pub neighbours: Neighbours,
    pub own: usize,
    /// Whether this is a host whose program was there before the run.
    pub serves: bool,
    /// What is to be sent, and to whom.
    pub outbox: Vec<(usize, Packet)>,
    /// Sockets by the numbers of their connections.
    sockets: BTreeMap<u64, usize>,
    opened: u32,
    /// Bytes on their way or unread elsewhere.
    out: usize,
    /// Connections that wait for the first listener; `None` once there was one.
    early: Option<Vec<(usize, Packet)>>,
}

impl Outside {
    pub fn new(neighbours: Neighbours, own: usize, serves: bool) -> Outside {
        Outside {
            neighbours,
            own,
            serves,
            early: serves.then(Vec::new),
            ..Outside::default()
        }
    }

    /// This computer's address in the network.
    pub fn address(&self) -> Option<[u8; 4]> {
        self.neighbours.get(self.own).map(|own| own.address)
    }

    /// The other computer with this address.
    pub fn neighbour(&self, address: &Address) -> Option<usize> {
        let Address::Inet { host, .. } = address else {
            return None;
        };
        let found = self.neighbours.iter().position(|other| other.address == *host);
        found.filter(|&found| found != self.own)
    }

    /// The address of a computer by its name.
    pub fn named(&self, name: &[u8]) -> Option<[u8; 4]> {
        let name = name.strip_suffix(b".").unwrap_or(name);
        let found = self
            .neighbours
            .iter()
            .find(|other| other.name.as_bytes().eq_ignore_ascii_case(name));
        found.map(|found| found.address)
    }

    /// Whether the address belongs to the network and to nobody in it.
    fn is_nobody(&self, address: &Address) -> bool {
        let Address::Inet { host, .. } = address else {
            return false;
        };
        let inside = self.neighbours.iter().any(|other| other.address[..3] == host[..3]);
        inside && !self.neighbours.iter().any(|other| other.address == *host)
    }

    /// A number for a new connection of this computer.
    fn number(&mut self) -> u64 {
        self.opened = self.opened.wrapping_add(1);
        (self.own as u64) << 32 | u64::from(self.opened)
    }
}

impl Kernel {
    /// Makes this computer one of several.
    pub fn join_network(&mut self, neighbours: Neighbours, own: usize, serves: bool) {
        self.outside = Outside::new(neighbours, own, serves);
    }

    /// A packet of another computer will arrive.
    pub fn expect(&mut self, time_ns: u64, from: usize, packet: Packet) {
        self.network.enter(time_ns, Arrival::Packet(from, packet));
    }

    fn post(&mut self, to: usize, packet: Packet) {
        self.outside.outbox.push((to, packet));
    }

    /// The address a socket has in the network.
    pub(super) fn outer_address(&self) -> Address {
        Address::Inet {
            host: self.outside.address().unwrap_or_default(),
            port: 0,
        }
    }

    /// Whether this address leads to another computer of the network, or would.
    pub(super) fn is_outside(&self, address: &Address) -> bool {
        self.outside.neighbour(address).is_some() || self.outside.is_nobody(address)
    }

    /// `connect` to another computer begins.
    pub(super) fn connect_far(&mut self, now_ns: u64, at: usize, address: &Address) -> Result<(), i32> {
        if self.socket(at)?.local.as_ref().is_some_and(is_loopback) {
            return Err(EINVAL);
        }
        self.bind_outside(at)?;
        let from = self.socket(at)?.local.clone().unwrap_or_else(|| self.outer_address());
        let id = self.outside.number();
        let computer = self.outside.neighbour(address).unwrap_or(self.outside.own);
        self.outside.sockets.insert(id, at);
        let socket = self.socket_mut(at)?;
        socket.far = Some(Far {
            id,
            computer,
            room: WINDOW,
        });
        socket.remote = Some(address.clone());
        socket.connecting = true;
        if computer == self.outside.own {
            self.expect(
                now_ns.saturating_add(LOOKED_FOR_NS),
                computer,
                Packet::Failed(id, EHOSTUNREACH),
            );
            return Ok(());
        }
        let to = address.clone();
        self.post(computer, Packet::Open { id, from, to, tries: 0 });
        Ok(())
    }

    /// Gives a socket an address that others can answer to.
    pub(super) fn bind_outside(&mut self, at: usize) -> Result<(), i32> {
        let outer = self.outer_address();
        let socket = self.socket_mut(at)?;
        match &mut socket.local {
            Some(Address::Inet { host, port }) if *host == [0; 4] => {
                if let Address::Inet { host: own, .. } = outer {
                    *host = own;
                }
                if *port != 0 {
                    return Ok(());
                }
            }
            Some(Address::Inet { port, .. }) if *port != 0 => return Ok(()),
            local => *local = Some(outer),
        }
        self.bind_freely(at)
    }

    /// Sends bytes of a stream; how many went, `None`: there is no room yet.
    pub(super) fn send_far(&mut self, at: usize, data: &[u8]) -> Result<Option<usize>, i32> {
        let free = MOST_OUT.saturating_sub(self.outside.out);
        let Some(far) = &mut self.socket_mut(at)?.far else {
            return Err(ENOTCONN);
        };
        let take = data.len().min(far.room).min(free);
        if take == 0 && !data.is_empty() {
            return Ok(None);
        }
        far.room -= take;
        let (id, computer) = (far.id, far.computer);
        self.outside.out += take;
        for piece in data.get(..take).unwrap_or_default().chunks(PIECE) {
            self.post(computer, Packet::Data(id, piece.to_vec()));
        }
        Ok(Some(take))
    }

    /// The program has read so many bytes.
    pub(super) fn taken_far(&mut self, at: usize, bytes: usize) {
        if let Ok(Socket { far: Some(far), .. }) = self.socket(at) {
            let (id, computer) = (far.id, far.computer);
            self.post(computer, Packet::Room(id, bytes));
        }
    }

    /// Nothing more will be sent.
    pub(super) fn end_far(&mut self, at: usize) {
        if let Ok(Socket { far: Some(far), .. }) = self.socket(at) {
            let (id, computer) = (far.id, far.computer);
            self.post(computer, Packet::End(id));
        }
    }

    /// The socket is closed.
    pub(super) fn close_far(&mut self, socket: &Socket, ended: bool) {
        let Some(far) = &socket.far else { return };
        self.outside.sockets.remove(&far.id);
        self.outside.out = self.outside.out.saturating_sub(WINDOW - far.room);
        if far.computer == self.outside.own || !socket.connected || socket.error != 0 {
            return;
        }
        if !socket.bytes.is_empty() {
            self.post(far.computer, Packet::Reset(far.id));
        } else if !ended {
            self.post(far.computer, Packet::End(far.id));
        }
    }

    /// Somebody listens: those who came before get their answer now.
    pub(super) fn first_listener(&mut self) {
        let now_ns = self.fs.time_ns.saturating_sub(EPOCH_NS).unsigned_abs();
        for (from, packet) in self.outside.early.take().unwrap_or_default() {
            self.expect(now_ns, from, packet);
        }
    }

    /// A packet has arrived.
    pub(super) fn receive_packet(&mut self, now_ns: u64, from: usize, packet: Packet) {
        match packet {
            Packet::Open { .. } => self.opened_from(now_ns, from, packet),
            Packet::Datagram { from, to, data } => self.datagram_from(from, &to, data),
            Packet::Opened(id)
            | Packet::Failed(id, _)
            | Packet::Data(id, _)
            | Packet::Room(id, _)
            | Packet::End(id)
            | Packet::Reset(id) => {
                let known = self.outside.sockets.get(&id).copied();
                let Some(Some(socket)) = known.and_then(|at| self.sockets.get_mut(at)) else {
                    if matches!(packet, Packet::Opened(_) | Packet::Data(..)) {
                        self.post(from, Packet::Reset(id));
                    }
                    return;
                };
                match packet {
                    Packet::Opened(_) => socket.connected = true,
                    Packet::Failed(_, error) => socket.error = error,
                    Packet::Data(_, data) => {
                        socket.came += data.len() as u64;
                        socket.bytes.extend(data);
                    }
                    Packet::Room(_, bytes) => {
                        if let Some(far) = &mut socket.far {
                            let bytes = bytes.min(WINDOW - far.room);
                            far.room += bytes;
                            self.outside.out = self.outside.out.saturating_sub(bytes);
                        }
                    }
                    Packet::End(_) => socket.read_shut = true,
                    Packet::Reset(_) => socket.error = ECONNRESET,
                    Packet::Open { .. } | Packet::Datagram { .. } => {}
                }
                if matches!(socket.error, ECONNREFUSED | ETIMEDOUT | EHOSTUNREACH) && !socket.connected {
                    // The socket may be used for another attempt.
                    socket.far = None;
                    self.outside.sockets.remove(&id);
                }
            }
        }
    }

    /// A connection is wanted from elsewhere.
    fn opened_from(&mut self, now_ns: u64, computer: usize, packet: Packet) {
        let Packet::Open { id, from, to, tries } = packet else {
            return;
        };
        let listener = self.bound_to(&to, SOCK_STREAM);
        let backlog = listener
            .and_then(|at| self.socket(at).ok())
            .and_then(|s| s.backlog.as_ref());
        let Some((waiting, most)) = backlog else {
            let again = Packet::Open { id, from, to, tries };
            match &mut self.outside.early {
                Some(early) if early.len() < 4096 => early.push((computer, again)),
                _ => self.post(computer, Packet::Failed(id, ECONNREFUSED)),
            }
            return;
        };
        if waiting.len() >= *most {
            if tries >= TRIES {
                return self.post(computer, Packet::Failed(id, ETIMEDOUT));
            }
            let wait_ns = FIRST_RETRY_NS << tries;
            let tries = tries + 1;
            let again = Packet::Open { id, from, to, tries };
            return self.expect(now_ns.saturating_add(wait_ns), computer, again);
        }
        let mut server = Socket::new(AF_INET, SOCK_STREAM);
        server.local = Some(to);
        server.remote = Some(from);
        server.connected = true;
        server.far = Some(Far {
            id,
            computer,
            room: WINDOW,
        });
        let server = self.add_socket(server);
        self.outside.sockets.insert(id, server);
        let listener = listener.and_then(|at| self.socket_mut(at).ok());
        if let Some(listening) = listener
            && let Some((waiting, _)) = &mut listening.backlog
        {
            waiting.push_back(server);
            listening.came += 1;
        }
        self.post(computer, Packet::Opened(id));
    }

    /// Sends a datagram to another computer, where it is lost if nobody takes it.
    pub(super) fn send_datagram_far(&mut self, at: usize, data: &[u8], to: &Address) -> Result<Option<usize>, i32> {
        let Some(computer) = self.outside.neighbour(to) else {
            return Ok(Some(data.len()));
        };
        self.bind_outside(at)?;
        let from = self.socket(at)?.local.clone().unwrap_or_else(|| nowhere(AF_INET));
        self.post(
            computer,
            Packet::Datagram {
                from,
                to: to.clone(),
                data: data.to_vec(),
            },
        );
        Ok(Some(data.len()))
    }

    fn datagram_from(&mut self, from: Address, to: &Address, data: Vec<u8>) {
        let Some(at) = self.bound_to(to, SOCK_DGRAM) else {
            return;
        };
        if let Ok(socket) = self.socket_mut(at) {
            socket.take_datagram(data, Some(from));
        }
    }

    /// What `poll` says of a connection to another computer.
    pub(super) fn far_events(&self, socket: &Socket, far: &Far) -> i16 {
        let ended = socket.read_shut;
        let readable = if ended || !socket.bytes.is_empty() { POLLIN } else { 0 };
        let writable = if far.room > 0 && self.outside.out < MOST_OUT {
            POLLOUT
        } else {
            0
        };
        let over = match (ended, socket.write_shut) {
            (true, true) => POLLRDHUP | POLLHUP,
            (true, false) => POLLRDHUP,
            _ => 0,
        };
        readable | writable | over
    }

    /// A look-up of a name by the network of computers.
    pub(super) fn resolve_computer(&self, name: &[u8]) -> Option<Vec<u8>> {
        self.outside.named(name).map(|address| address.to_vec())
    }
}
