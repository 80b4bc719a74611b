//! The simulated network, as a script of calls, arrivals and answers.

use super::*;
use heddle_vm::contract::Address;

/// A host that needs 1 ms for a way, and a page of 32 KiB that takes 31 ms to send.
fn near() -> Kernel {
    let host = RemoteHost {
        name: "near.example".to_owned(),
        latency_ns: 1_000_000,
        bandwidth: 1 << 20,
        takes_ns: 2_000_000,
        lookup_ns: 5_000_000,
        status: 200,
        page: vec![b'x'; 32 * 1024],
    };
    Kernel::new(Vec::new(), false, 1 << 20, 1, vec![host])
}

fn now(kernel: &mut Kernel, call: Posix) -> Resume {
    match kernel.call(5, call) {
        Answer::Now(answer) => answer,
        Answer::Later(reason, _) => panic!("blocks: {reason:?}"),
    }
}

fn connect(port: u16) -> Posix {
    let host = [192, 0, 2, 1];
    Posix::Connect {
        fd: 3,
        address: Address::Inet { host, port },
    }
}

#[test]
fn a_request_takes_its_ways_its_answer_and_its_size() {
    let k = &mut near();
    assert_eq!(now(k, Posix::Socket { domain: 2, kind: 1 }), Resume::Int(3));
    assert!(matches!(k.call(0, connect(80)), Answer::Later(..)));
    assert_eq!(k.next_arrival(), Some(2_000_000));
    k.arrive(1_999_999);
    assert!(matches!(k.call(1_999_999, connect(80)), Answer::Later(..)));
    k.arrive(2_000_000);
    assert!(matches!(k.call(2_000_000, connect(80)), Answer::Now(Resume::Done)));
    let data = b"GET / HTTP/1.1\r\nHost: near.example\r\n\r\n".to_vec();
    let send = Posix::Write { fd: 3, data };
    assert!(matches!(k.call(10_000_000, send), Answer::Now(Resume::Int(_))));
    // A way, the answer, the first 16 KiB at 1 MiB a second, a way.
    let first_ns = 10_000_000 + 1_000_000 + 2_000_000 + 15_625_000 + 1_000_000;
    k.arrive(first_ns - 1);
    let read = Posix::Read { fd: 3, len: 1 << 20 };
    assert!(matches!(k.call(first_ns - 1, read.clone()), Answer::Later(..)));
    k.arrive(first_ns);
    let Answer::Now(Resume::Bytes(bytes)) = k.call(first_ns, read) else {
        panic!("the first piece is there");
    };
    assert!(bytes.starts_with(b"HTTP/1.1 200 OK\r\n"));
    assert_eq!(bytes.len(), 16 * 1024);
    // Closed, what is still on its way is dropped, and the network comes to rest.
    assert_eq!(now(k, Posix::Close { fd: 3 }), Resume::Done);
    k.arrive(1_000_000_000);
    assert_eq!(k.next_arrival(), None);
}

#[test]
fn a_name_is_looked_up_once() {
    let k = &mut near();
    let resolve = |name: &[u8]| Posix::Resolve { name: name.to_vec() };
    let unknown = k.call(0, resolve(b"no.example"));
    assert!(matches!(unknown, Answer::Now(Resume::Error(ENOENT))));
    assert!(matches!(k.call(0, resolve(b"Near.Example")), Answer::Later(..)));
    assert!(matches!(k.call(3, resolve(b"near.example")), Answer::Later(..)));
    k.arrive(5_000_000);
    for at in [5_000_000, 9_000_000] {
        let Answer::Now(Resume::Bytes(address)) = k.call(at, resolve(b"near.example.")) else {
            panic!("it is known");
        };
        assert_eq!(address, [192, 0, 2, 1]);
    }
}

#[test]
fn ports_that_nobody_serves_are_refused_over_the_network_too() {
    let k = &mut near();
    assert_eq!(now(k, Posix::Socket { domain: 2, kind: 1 }), Resume::Int(3));
    let nonblocking = Posix::Nonblocking { fd: 3, set: Some(true) };
    assert_eq!(now(k, nonblocking), Resume::Int(0));
    assert_eq!(now(k, connect(25)), Resume::Error(EINPROGRESS));
    assert_eq!(now(k, connect(25)), Resume::Error(EALREADY));
    k.arrive(3_000_000);
    assert_eq!(now(k, connect(25)), Resume::Error(ECONNREFUSED));
}

#[test]
fn whatever_is_sent_to_a_host_is_answered_or_refused() {
    let pieces: [&[u8]; 8] = [
        b"POST /x HTTP/1.1\r\n",
        b"Transfer-Encoding: chunked\r\n",
        b"Content-Length: 99999999999999999999\r\n",
        b"\r\n\r\n",
        b"ffffffffffffffff\r\n",
        b"5\r\nhello\r\n0\r\n\r\n",
        b"GET /bytes/99999999999 HTTP/1.0\r\n\r\n",
        b"\xff\x16\0 \r\n",
    ];
    let mut draws = Draws::new(9, 1);
    for round in 0..200 {
        let k = &mut near();
        let port = if round % 2 == 0 { 80 } else { 443 };
        assert_eq!(now(k, Posix::Socket { domain: 2, kind: 1 }), Resume::Int(3));
        assert!(matches!(k.call(0, connect(port)), Answer::Later(..)));
        k.arrive(2_000_000);
        let data: Vec<u8> = (0..8).flat_map(|_| pieces[draws.below(8) as usize].to_vec()).collect();
        let sent = k.call(3_000_000, Posix::Write { fd: 3, data });
        assert!(matches!(sent, Answer::Now(_)));
        k.arrive(1 << 60);
        assert_eq!(k.next_arrival(), None);
    }
}

#[test]
fn what_is_not_read_is_bounded_and_nothing_is_lost() {
    let k = &mut near();
    assert_eq!(now(k, Posix::Socket { domain: 2, kind: 1 }), Resume::Int(3));
    assert!(matches!(k.call(0, connect(80)), Answer::Later(..)));
    k.arrive(2_000_000);
    let size = 3 << 20;
    for _ in 0..100 {
        let data = format!("GET /bytes/{size} HTTP/1.1\r\n\r\n").into_bytes();
        now(k, Posix::Write { fd: 3, data });
    }
    k.arrive(1 << 60);
    let mut got = Vec::new();
    loop {
        match k.call(1 << 60, Posix::Read { fd: 3, len: 1 << 20 }) {
            Answer::Now(Resume::Bytes(bytes)) if bytes.is_empty() => break,
            Answer::Now(Resume::Bytes(bytes)) => got.extend(bytes),
            other => panic!("{other:?}"),
        }
    }
    // The host sent whole answers until it had too much on its way, and closed the connection then.
    assert!(got.len() > 40 * size && got.len() < 45 * size, "{}", got.len());
}
