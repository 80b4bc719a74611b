//! The simulated network: hosts that the scenario declares, with latency and bandwidth, which answer requests by HTTP.
//!
//! What a program sends is at the host after the latency (the way there has room for everything); the host reads whole requests, answers each
//! after its own time, requests of one connection one after the other, and its answers share the way back first come first served: a piece
//! of 16 KiB occupies it for its size divided by the bandwidth and arrives a latency later. Connecting takes two latencies, with a refusal for
//! ports other than 80 and 443. On port 443 the first thing that comes is taken for a hello of TLS (517 bytes that begin with 0x16) and
//! answered at once with 4096 bytes: what a handshake costs, without its secrets.
//!
//! A look-up of a host's name takes its `lookup_ns` once; whoever asks meanwhile waits for the same answer. Not modelled: losses, congestion,
//! slow start, datagrams to hosts. Hosts that run programs are computers (`far.rs`). What a program does not read waits behind 4 MiB at its socket, and costs the host nothing.

use super::errno::*;
use super::far::Packet;
use super::http::{self, Request};
use super::{Answer, Kernel};
use heddle_trace::BlockReason;
use heddle_vm::contract::{Posix, Resume};
use std::collections::{BTreeMap, VecDeque};

/// A piece of an answer, bytes.
const PIECE: usize = 16 * 1024;
/// What a client says first on port 443.
pub(super) const HELLO: usize = 517;
/// What it is answered with.
const HELLO_ANSWER: usize = 4096;
/// Longest request, bytes; more is refused with a closed connection.
const LONGEST_REQUEST: usize = 16 << 20;

/// What may be on its way in all, bytes: a host that would send more closes the connection, who sends more waits.
const MOST_HELD: usize = 128 << 20;
/// What a socket takes before it has been read, bytes: what else has arrived waits behind it.
const WINDOW: usize = 4 << 20;

/// A host of the simulated network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RemoteHost {
    /// Its name, in lower case.
    pub name: String,
    /// From here to there, one way, ns.
    pub latency_ns: u64,
    /// Bytes per second on the way back.
    pub bandwidth: u64,
    /// Time of an answer, ns.
    pub takes_ns: u64,
    /// Time of the first look-up of its name, ns.
    pub lookup_ns: u64,
    /// Status of its answers.
    pub status: u16,
    /// Its page.
    pub page: Vec<u8>,
}

/// Something on its way, for the connection with this number.
#[derive(Clone, Debug)]
pub(super) enum Arrival {
    /// The answer to `connect`.
    Connected(usize),
    Refused(usize),
    /// Bytes at the host.
    There(usize, Vec<u8>),
    /// The host has its answer; whether it closes the connection behind it.
    Answered(usize, Vec<u8>, bool),
    /// Bytes here.
    Here(usize, Vec<u8>),
    /// The host's end of the connection is closed.
    End(usize),
    /// Something that is asked for again finds its answer now.
    Look,
    /// Something from the computer with this number.
    Packet(usize, Packet),
}

impl Arrival {
    /// Bytes that it carries.
    fn len(&self) -> usize {
        match self {
            Arrival::There(_, data) | Arrival::Answered(_, data, _) | Arrival::Here(_, data) => data.len(),
            Arrival::Packet(_, packet) => packet.len(),
            Arrival::Connected(_) | Arrival::Refused(_) | Arrival::End(_) | Arrival::Look => 0,
        }
    }
}

/// A connection to a host.
#[derive(Clone, Debug)]
struct Connection {
    /// The socket here, while it is open.
    socket: Option<usize>,
    host: usize,
    /// Whether a hello is due.
    hello: bool,
    /// What has come to the host and is not a whole request yet.
    inbox: Vec<u8>,
    /// What has come back and finds no room at the socket.
    stalled: VecDeque<Vec<u8>>,
    /// The host's end is closed behind that.
    ended: bool,
    /// When the host has answered all that came before, ns.
    busy_until_ns: u64,
    /// Nothing more is read.
    over: bool,
}

/// The network as the kernel sees it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Network {
    hosts: Vec<RemoteHost>,
    /// When the way back of each host is free, ns.
    way_free_ns: Vec<u64>,
    /// When a name is or was known, ns, by host.
    known_ns: BTreeMap<usize, u64>,
    connections: Vec<Connection>,
    /// By time and order of entry.
    arrivals: BTreeMap<(u64, u64), Arrival>,
    sequence: u64,
    /// Bytes on their way, at hosts and stalled.
    held: usize,
}

impl Network {
    pub fn new(hosts: Vec<RemoteHost>) -> Network {
        Network {
            way_free_ns: vec![0; hosts.len()],
            hosts,
            ..Network::default()
        }
    }

    pub(super) fn enter(&mut self, time_ns: u64, arrival: Arrival) {
        self.sequence += 1;
        self.held += arrival.len();
        self.arrivals.insert((time_ns, self.sequence), arrival);
    }

    /// The host with this address: 192.0.2.1 (a block kept for documentation) and on, in the order of declaration.
    pub fn host_at(&self, address: [u8; 4]) -> Option<usize> {
        let at = usize::from(address[3]).checked_sub(1)?;
        (address[..3] == [192, 0, 2] && at < self.hosts.len()).then_some(at)
    }

    fn host_named(&self, name: &[u8]) -> Option<usize> {
        let name = name.strip_suffix(b".").unwrap_or(name);
        self.hosts
            .iter()
            .position(|host| host.name.as_bytes().eq_ignore_ascii_case(name))
    }

    /// Begins to connect a socket to a host; answers the number of the connection.
    pub fn connect(&mut self, now_ns: u64, socket: usize, host: usize, port: u16) -> usize {
        let number = self.connections.len();
        self.connections.push(Connection {
            socket: Some(socket),
            host,
            hello: port == 443,
            inbox: Vec::new(),
            stalled: VecDeque::new(),
            ended: false,
            busy_until_ns: 0,
            over: false,
        });
        let both_ways = self.hosts.get(host).map_or(0, |host| host.latency_ns.saturating_mul(2));
        let arrival = if port == 80 || port == 443 {
            Arrival::Connected(number)
        } else {
            Arrival::Refused(number)
        };
        self.enter(now_ns.saturating_add(both_ways), arrival);
        number
    }

    /// Whether more may be sent.
    pub fn has_room(&self) -> bool {
        self.held < MOST_HELD
    }

    /// Bytes go to the host.
    pub fn send(&mut self, now_ns: u64, connection: usize, data: &[u8]) {
        let latency = self.latency(connection);
        self.enter(
            now_ns.saturating_add(latency),
            Arrival::There(connection, data.to_vec()),
        );
    }

    /// The socket here is closed: what is still on its way to it is dropped.
    pub fn close(&mut self, connection: usize) {
        if let Some(connection) = self.connections.get_mut(connection) {
            connection.socket = None;
            connection.over = true;
            let inbox = std::mem::take(&mut connection.inbox);
            let stalled: usize = connection.stalled.drain(..).map(|piece| piece.len()).sum();
            self.held = self.held.saturating_sub(inbox.len() + stalled);
        }
    }

    fn latency(&self, connection: usize) -> u64 {
        let host = self.connections.get(connection).map(|connection| connection.host);
        host.and_then(|host| self.hosts.get(host))
            .map_or(0, |host| host.latency_ns)
    }

    /// When the next thing arrives, ns.
    pub fn next_ns(&self) -> Option<u64> {
        self.arrivals.first_key_value().map(|(&(time_ns, _), _)| time_ns)
    }

    /// Bytes have come to the host: it answers whole requests.
    fn came(&mut self, now_ns: u64, number: usize, data: &[u8]) {
        let Some(connection) = self.connections.get_mut(number) else {
            return;
        };
        if connection.over {
            return;
        }
        connection.inbox.extend_from_slice(data);
        self.held += data.len();
        if connection.hello {
            if connection.inbox.len() < HELLO {
                return;
            }
            connection.inbox.drain(..HELLO);
            self.held = self.held.saturating_sub(HELLO);
            connection.hello = false;
            self.answer(now_ns, number, &[0x16; HELLO_ANSWER]);
        }
        loop {
            let Some(connection) = self.connections.get_mut(number) else {
                return;
            };
            let Some(host) = self.hosts.get(connection.host) else {
                return;
            };
            let (answer, takes_ns, over) = match http::request(&connection.inbox) {
                Request::Partial if connection.inbox.len() <= LONGEST_REQUEST => return,
                Request::Partial | Request::Bad => (http::refusal(), 0, true),
                Request::Whole(request, length) => {
                    connection.inbox.drain(..length);
                    self.held = self.held.saturating_sub(length);
                    let (answer, extra_ns) = http::answer(host, &request);
                    let full = self.held.saturating_add(answer.len()) > MOST_HELD;
                    let answer = if full { Vec::new() } else { answer };
                    (answer, host.takes_ns.saturating_add(extra_ns), request.close || full)
                }
            };
            let begins_ns = now_ns.max(connection.busy_until_ns).saturating_add(takes_ns);
            connection.busy_until_ns = begins_ns;
            connection.over |= over;
            // The way back is taken when the answer is there, not when it was asked for.
            self.enter(begins_ns, Arrival::Answered(number, answer, over));
            if over {
                return;
            }
        }
    }

    /// Sends bytes back from a moment on; when the last of them arrives, ns.
    fn answer(&mut self, from_ns: u64, number: usize, data: &[u8]) -> u64 {
        let Some(host) = self.connections.get(number).map(|connection| connection.host) else {
            return from_ns;
        };
        let (latency, bandwidth) = self
            .hosts
            .get(host)
            .map_or((0, 1), |host| (host.latency_ns, host.bandwidth.max(1)));
        let mut free_ns = self.way_free_ns.get(host).copied().unwrap_or(0).max(from_ns);
        for piece in data.chunks(PIECE) {
            let takes = u128::from(piece.len() as u64) * 1_000_000_000 / u128::from(bandwidth);
            free_ns = free_ns.saturating_add(u64::try_from(takes).unwrap_or(u64::MAX));
            self.enter(free_ns.saturating_add(latency), Arrival::Here(number, piece.to_vec()));
        }
        if let Some(way) = self.way_free_ns.get_mut(host) {
            *way = free_ns;
        }
        free_ns.saturating_add(latency)
    }
}

impl Kernel {
    /// When something arrives from the network, ns.
    pub fn next_arrival(&self) -> Option<u64> {
        self.network.next_ns()
    }

    /// Everything that arrives up to now.
    pub fn arrive(&mut self, now_ns: u64) {
        while let Some(entry) = self.network.arrivals.first_entry() {
            if entry.key().0 > now_ns {
                return;
            }
            let ((time_ns, _), arrival) = entry.remove_entry();
            self.network.held = self.network.held.saturating_sub(arrival.len());
            self.changed = true;
            match arrival {
                Arrival::There(connection, data) => self.network.came(time_ns, connection, &data),
                Arrival::Look => {}
                Arrival::Packet(from, packet) => self.receive_packet(time_ns, from, packet),
                Arrival::Answered(connection, data, over) => {
                    let last_ns = self.network.answer(time_ns, connection, &data);
                    if over {
                        self.network.enter(last_ns, Arrival::End(connection));
                    }
                }
                Arrival::Connected(at) | Arrival::Refused(at) | Arrival::Here(at, _) | Arrival::End(at) => {
                    let socket = self
                        .network
                        .connections
                        .get(at)
                        .and_then(|connection| connection.socket);
                    if let Some(socket) = socket {
                        self.arrive_at(socket, at, arrival);
                    }
                }
            }
        }
    }

    fn arrive_at(&mut self, at: usize, connection: usize, arrival: Arrival) {
        let Some(connection) = self.network.connections.get_mut(connection) else {
            return;
        };
        let Some(Some(socket)) = self.sockets.get_mut(at) else {
            return;
        };
        match arrival {
            Arrival::Connected(_) => socket.connected = true,
            Arrival::Refused(_) => {
                socket.error = ECONNREFUSED;
                socket.connection = None;
            }
            Arrival::Here(_, data) if connection.stalled.is_empty() && socket.bytes.len() < WINDOW => {
                socket.came += data.len() as u64;
                socket.bytes.extend(data);
            }
            Arrival::Here(_, data) => {
                self.network.held += data.len();
                connection.stalled.push_back(data);
            }
            Arrival::End(_) if connection.stalled.is_empty() => socket.read_shut = true,
            Arrival::End(_) => connection.ended = true,
            Arrival::There(..) | Arrival::Answered(..) | Arrival::Look | Arrival::Packet(..) => {}
        }
    }

    /// A socket has been read: what has waited for room there comes in.
    pub(super) fn refill(&mut self, at: usize) {
        let Some(Some(socket)) = self.sockets.get_mut(at) else {
            return;
        };
        let connection = socket.connection.and_then(|c| self.network.connections.get_mut(c));
        let Some(connection) = connection else { return };
        while socket.bytes.len() < WINDOW
            && let Some(piece) = connection.stalled.pop_front()
        {
            self.network.held = self.network.held.saturating_sub(piece.len());
            socket.came += piece.len() as u64;
            socket.bytes.extend(piece);
        }
        socket.read_shut |= connection.ended && connection.stalled.is_empty();
    }

    /// The address of a name: four bytes.
    pub(super) fn resolve(&mut self, now_ns: u64, name: Vec<u8>) -> Answer {
        if let Some(address) = self.resolve_computer(&name) {
            return Answer::Now(Resume::Bytes(address));
        }
        let Some(host) = self.network.host_named(&name) else {
            return Answer::Now(Resume::Error(ENOENT));
        };
        let lookup_ns = self.network.hosts.get(host).map_or(0, |host| host.lookup_ns);
        let known_ns = match self.network.known_ns.get(&host) {
            Some(&known_ns) => known_ns,
            None => {
                let known_ns = now_ns.saturating_add(lookup_ns);
                self.network.known_ns.insert(host, known_ns);
                self.network.enter(known_ns, Arrival::Look);
                known_ns
            }
        };
        if known_ns > now_ns {
            return Answer::Later(BlockReason::Select, Posix::Resolve { name });
        }
        Answer::Now(Resume::Bytes(vec![192, 0, 2, host as u8 + 1]))
    }
}
