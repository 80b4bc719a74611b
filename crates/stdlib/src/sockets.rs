//! `_sockets`: the kernel's sockets and `poll`, on descriptors and plain values. `prelude/_socket.py` and `prelude/select.py` make of
//! them the modules that programs know.
//!
//! An address is `(packed host, port)` for the internet's families, bytes for a name.

use crate::posix::ask;
use heddle_vm::contract::{Address, Posix, Resume};
use heddle_vm::function::{Args, Native};
use heddle_vm::native::NativeResult;
use heddle_vm::process::{ModuleDef, Process};
use heddle_vm::value::Value;

fn int_of(p: &mut Process, v: Value) -> NativeResult<i32> {
    let n = p.index_i64(v)?;
    i32::try_from(n).map_err(|_| p.overflow_error("Python int too large to convert to C int"))
}

fn odd(p: &mut Process, answer: &Resume) -> NativeResult {
    Err(p.system_error(&format!("the kernel answered {answer:?}")))
}

fn address_of(p: &mut Process, v: Value) -> NativeResult<Address> {
    if let Some(path) = p.as_bytes(v) {
        return Ok(Address::Unix(path.to_vec()));
    }
    let parts = p.as_tuple(v).map(<[Value]>::to_vec).unwrap_or_default();
    let [host, port] = parts.as_slice() else {
        return Err(p.type_error("an address is bytes or a pair"));
    };
    let port = p.index_i64(*port)?;
    let Ok(port) = u16::try_from(port) else {
        return Err(p.overflow_error("port must be 0-65535."));
    };
    let host = p.buffer_bytes(*host)?;
    if let Ok(host) = <[u8; 4]>::try_from(host.as_slice()) {
        return Ok(Address::Inet { host, port });
    }
    match <[u8; 16]>::try_from(host.as_slice()) {
        Ok(host) => Ok(Address::Inet6 { host, port }),
        Err(_) => Err(p.value_error("a packed host has 4 or 16 bytes")),
    }
}

fn address_value(p: &mut Process, address: &Address) -> Value {
    let (host, port): (&[u8], u16) = match address {
        Address::Unix(path) => return p.new_bytes(path),
        Address::Inet { host, port } => (host, *port),
        Address::Inet6 { host, port } => (host, *port),
    };
    let parts = vec![p.new_bytes(host), Value::from_i32(i32::from(port))];
    p.new_tuple(parts)
}

/// `poll(pairs, seconds or None)`: pairs of descriptor and bits wanted; gives pairs of those with something to say.
fn poll(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [pairs, timeout] = p.exactly(args, "poll")?;
    let mut wanted = Vec::new();
    for pair in p.list_from_iterable(pairs)? {
        let parts = p.as_tuple(pair).map(<[Value]>::to_vec).unwrap_or_default();
        let [fd, events] = parts.as_slice() else {
            return Err(p.type_error("poll wants pairs"));
        };
        let (fd, events) = (int_of(p, *fd)?, p.index_i64(*events)?);
        wanted.push((fd, (events & 0x7FFF) as i16));
    }
    let deadline_ns = deadline_of(p, timeout)?;
    let answer = ask(p, Posix::Poll { wanted, deadline_ns }, None)?;
    ready(p, answer)
}

/// The moment so many seconds from now, ns; None is none.
fn deadline_of(p: &mut Process, timeout: Value) -> NativeResult<Option<u64>> {
    if timeout.is_none() {
        return Ok(None);
    }
    let seconds = crate::time::duration_of(p, timeout)?;
    Ok(Some(
        p.clock_ns().saturating_add((seconds.max(0.0) * 1e9).ceil() as u64),
    ))
}

/// Pairs of descriptors and what can be done with them.
fn ready(p: &mut Process, answer: Resume) -> NativeResult {
    let found = match answer {
        Resume::Ready(found) => found,
        Resume::TimedOut => Vec::new(),
        other => return odd(p, &other),
    };
    let found = found
        .into_iter()
        .map(|(fd, events)| p.new_tuple(vec![Value::from_i32(fd), Value::from_i32(i32::from(events))]))
        .collect();
    Ok(p.new_list(found))
}

fn simple(p: &mut Process, call: Posix) -> NativeResult {
    match ask(p, call, None)? {
        Resume::Int(n) => Ok(p.new_int(n)),
        Resume::Pair(a, b) => Ok(p.new_tuple(vec![Value::from_i32(a), Value::from_i32(b)])),
        Resume::Address(address) => Ok(address_value(p, &address)),
        _ => Ok(Value::NONE),
    }
}

fn socket(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [domain, kind] = p.exactly(args, "socket")?;
    let (domain, kind) = (int_of(p, domain)?, int_of(p, kind)?);
    simple(p, Posix::Socket { domain, kind })
}

fn socketpair(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [domain, kind] = p.exactly(args, "socketpair")?;
    let (domain, kind) = (int_of(p, domain)?, int_of(p, kind)?);
    simple(p, Posix::SocketPair { domain, kind })
}

fn bind(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [fd, address] = p.exactly(args, "bind")?;
    let (fd, address) = (int_of(p, fd)?, address_of(p, address)?);
    simple(p, Posix::Bind { fd, address })
}

fn listen(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [fd, backlog] = p.exactly(args, "listen")?;
    let (fd, backlog) = (int_of(p, fd)?, int_of(p, backlog)?);
    simple(p, Posix::Listen { fd, backlog })
}

fn accept(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [fd] = p.exactly(args, "accept")?;
    let fd = int_of(p, fd)?;
    match ask(p, Posix::Accept { fd }, None)? {
        Resume::Accepted(fd, address) => {
            let address = address_value(p, &address);
            Ok(p.new_tuple(vec![Value::from_i32(fd), address]))
        }
        other => odd(p, &other),
    }
}

fn connect(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [fd, address] = p.exactly(args, "connect")?;
    let (fd, address) = (int_of(p, fd)?, address_of(p, address)?);
    simple(p, Posix::Connect { fd, address })
}

/// `send(fd, data, address or None, wait)`
fn send(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [fd, data, to, wait] = p.exactly(args, "send")?;
    let fd = int_of(p, fd)?;
    let data = p.buffer_bytes(data)?;
    let to = if to.is_none() { None } else { Some(address_of(p, to)?) };
    let wait = p.truth(wait)?;
    simple(p, Posix::Send { fd, data, to, wait })
}

/// `receive(fd, size, peek, wait)`: data and sender's address or None.
fn receive(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [fd, len, peek, wait] = p.exactly(args, "receive")?;
    let (fd, len) = (int_of(p, fd)?, p.index_i64(len)?);
    let (peek, wait) = (p.truth(peek)?, p.truth(wait)?);
    let Ok(len) = u64::try_from(len) else {
        return Err(p.value_error("negative buffersize in recv"));
    };
    match ask(p, Posix::Receive { fd, len, peek, wait }, None)? {
        Resume::Received(data, from) => {
            let data = p.new_bytes(&data);
            let from = from.map_or(Value::NONE, |from| address_value(p, &from));
            Ok(p.new_tuple(vec![data, from]))
        }
        other => odd(p, &other),
    }
}

/// `send_rights(fd, data, descriptors, wait)`
fn send_rights(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [fd, data, rights, wait] = p.exactly(args, "send_rights")?;
    let fd = int_of(p, fd)?;
    let data = p.buffer_bytes(data)?;
    let rights = p.as_list(rights).cloned().unwrap_or_default();
    let rights = rights
        .into_iter()
        .map(|fd| int_of(p, fd))
        .collect::<NativeResult<_>>()?;
    let wait = p.truth(wait)?;
    simple(p, Posix::SendRights { fd, data, rights, wait })
}

/// `receive_rights(fd, size, most, wait)`: data, a list of descriptors, whether there were more.
fn receive_rights(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [fd, len, most, wait] = p.exactly(args, "receive_rights")?;
    let (fd, len, most) = (int_of(p, fd)?, p.index_i64(len)?, p.index_i64(most)?);
    let wait = p.truth(wait)?;
    let (Ok(len), Ok(most)) = (u64::try_from(len), usize::try_from(most)) else {
        return Err(p.value_error("negative buffersize in recvmsg"));
    };
    match ask(p, Posix::ReceiveRights { fd, len, most, wait }, None)? {
        Resume::Rights(data, descriptors, cut) => {
            let data = p.new_bytes(&data);
            let descriptors = p.new_list(descriptors.into_iter().map(Value::from_i32).collect());
            Ok(p.new_tuple(vec![data, descriptors, Value::from_bool(cut)]))
        }
        other => odd(p, &other),
    }
}

fn shutdown(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [fd, how] = p.exactly(args, "shutdown")?;
    let (fd, how) = (int_of(p, fd)?, int_of(p, how)?);
    simple(p, Posix::Shutdown { fd, how })
}

/// `name(fd, peer)`: the address of this or of the other end.
fn name(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [fd, peer] = p.exactly(args, "name")?;
    let (fd, peer) = (int_of(p, fd)?, p.truth(peer)?);
    simple(p, Posix::SocketName { fd, peer })
}

/// `nonblocking(fd, on or None)`: sets or asks; gives what it was.
fn nonblocking(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [fd, set] = p.exactly(args, "nonblocking")?;
    let fd = int_of(p, fd)?;
    let set = if set.is_none() { None } else { Some(p.truth(set)?) };
    match ask(p, Posix::Nonblocking { fd, set }, None)? {
        Resume::Int(before) => Ok(Value::from_bool(before != 0)),
        other => odd(p, &other),
    }
}

/// `error(fd)`: the error that the connection has met, which is forgotten; 0 for none.
fn error(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [fd] = p.exactly(args, "error")?;
    let fd = int_of(p, fd)?;
    simple(p, Posix::SocketError { fd })
}

/// `available(fd)`: bytes that could be read at once.
fn available(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [fd] = p.exactly(args, "available")?;
    let fd = int_of(p, fd)?;
    simple(p, Posix::Available { fd })
}

/// `resolve(name)`: the packed address of a host of the simulated network, or None; of no name, this computer's own name.
fn resolve(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [name] = p.exactly(args, "resolve")?;
    let name = p.buffer_bytes(name)?;
    if name.is_empty() {
        let own = p.config.host_name.clone().into_bytes();
        return Ok(p.new_bytes(&own));
    }
    match p.system_call(heddle_vm::contract::SystemCall::Posix(Posix::Resolve { name }))? {
        Resume::Bytes(address) => Ok(p.new_bytes(&address)),
        _ => Ok(Value::NONE),
    }
}

/// `epoll_create()`: the descriptor of an empty set.
fn epoll_create(p: &mut Process, _args: Args<'_>) -> NativeResult {
    simple(p, Posix::EpollCreate)
}

/// `epoll_control(epoll, operation, fd, events)`
fn epoll_control(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [epoll, operation, fd, events] = p.exactly(args, "epoll_control")?;
    let call = Posix::EpollControl {
        epoll: int_of(p, epoll)?,
        operation: int_of(p, operation)?,
        fd: int_of(p, fd)?,
        events: (p.index_i64(events)? & 0xffff_ffff) as u32,
    };
    simple(p, call)
}

/// `epoll_wait(epoll, most, seconds or None)`: gives pairs as `poll` does.
fn epoll_wait(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [epoll, most, timeout] = p.exactly(args, "epoll_wait")?;
    let call = Posix::EpollWait {
        epoll: int_of(p, epoll)?,
        most: usize::try_from(p.index_i64(most)?).unwrap_or(1),
        deadline_ns: deadline_of(p, timeout)?,
    };
    let answer = ask(p, call, None)?;
    ready(p, answer)
}

/// The module.
pub static MODULE: ModuleDef = ModuleDef {
    name: "_sockets",
    doc: "",
    functions: &[
        Native::function("poll", poll),
        Native::function("epoll_create", epoll_create),
        Native::function("epoll_control", epoll_control),
        Native::function("epoll_wait", epoll_wait),
        Native::function("socket", socket),
        Native::function("socketpair", socketpair),
        Native::function("bind", bind),
        Native::function("listen", listen),
        Native::function("accept", accept),
        Native::function("connect", connect),
        Native::function("send", send),
        Native::function("receive", receive),
        Native::function("send_rights", send_rights),
        Native::function("receive_rights", receive_rights),
        Native::function("shutdown", shutdown),
        Native::function("name", name),
        Native::function("nonblocking", nonblocking),
        Native::function("error", error),
        Native::function("available", available),
        Native::function("resolve", resolve),
    ],
    types: &[],
    init: None,
};
