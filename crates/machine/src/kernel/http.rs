//! HTTP as the hosts of the simulated network speak it: version 1.1, answers of known length.
//!
//! Every path is answered with the host's page and status, except three that help to try things out: `/status/N` answers with status N,
//! `/delay/S` takes S seconds longer (decimals allowed, an hour at most), `/bytes/N` has a page of N bytes. POST, PUT and PATCH are answered
//! with the body that was sent. A page of a declared size is a line of HTML with the host's name, filled up with `heddle` to that size.

use super::network::RemoteHost;

/// Longest page that `/bytes/N` gives.
const LONGEST_PAGE: u64 = 16 << 20;
/// Longest body of a request; one that says it is longer is none.
const LONGEST_BODY: u64 = 16 << 20;
/// Longest head of a request.
const LONGEST_HEAD: usize = 64 * 1024;

/// What has come of a request.
pub(super) enum Request {
    /// Its end is missing.
    Partial,
    /// It is none.
    Bad,
    /// All of it, and how many bytes it was.
    Whole(Parsed, usize),
}

/// A request.
pub(super) struct Parsed {
    method: String,
    path: String,
    content_type: String,
    body: Vec<u8>,
    /// The connection ends after the answer.
    pub close: bool,
}

/// Reads a request from the beginning of some bytes.
pub(super) fn request(bytes: &[u8]) -> Request {
    let Some(head) = bytes.windows(4).position(|four| four == b"\r\n\r\n") else {
        return if bytes.len() > LONGEST_HEAD {
            Request::Bad
        } else {
            Request::Partial
        };
    };
    let Ok(text) = str::from_utf8(bytes.get(..head).unwrap_or_default()) else {
        return Request::Bad;
    };
    let mut lines = text.split("\r\n");
    let mut words = lines.next().unwrap_or("").split(' ');
    let (Some(method), Some(target), Some(version)) = (words.next(), words.next(), words.next()) else {
        return Request::Bad;
    };
    if !version.starts_with("HTTP/1.") {
        return Request::Bad;
    }
    let mut close = version == "HTTP/1.0";
    let (mut length, mut chunked, mut content_type) = (0usize, false, String::new());
    for line in lines {
        let Some((name, value)) = line.split_once(':') else {
            continue;
        };
        let value = value.trim();
        match name.to_ascii_lowercase().as_str() {
            // Numbers have one size on every host.
            "content-length" => match value.parse::<u64>() {
                Ok(found) if found <= LONGEST_BODY => length = found as usize,
                _ => return Request::Bad,
            },
            "transfer-encoding" => chunked = value.eq_ignore_ascii_case("chunked"),
            "connection" => {
                close = value.eq_ignore_ascii_case("close") || close && !value.eq_ignore_ascii_case("keep-alive")
            }
            "content-type" => value.clone_into(&mut content_type),
            _ => {}
        }
    }
    let rest = bytes.get(head + 4..).unwrap_or_default();
    let found = if chunked {
        chunks(rest)
    } else {
        Ok(rest.get(..length).map(|body| (body.to_vec(), length)))
    };
    let (body, used) = match found {
        Ok(Some(found)) => found,
        Ok(None) => return Request::Partial,
        Err(()) => return Request::Bad,
    };
    // A proxy's form of the target has the whole address.
    let path = target
        .split_once("://")
        .map_or(target, |(_, rest)| rest.find('/').map_or("/", |at| &rest[at..]));
    let parsed = Parsed {
        method: method.to_owned(),
        path: path.to_owned(),
        content_type,
        body,
        close,
    };
    Request::Whole(parsed, head + 4 + used)
}

/// A body in chunks, and how long it was as sent; `None`: its end is missing.
fn chunks(bytes: &[u8]) -> Result<Option<(Vec<u8>, usize)>, ()> {
    let (mut body, mut at) = (Vec::new(), 0usize);
    loop {
        let rest = bytes.get(at..).unwrap_or_default();
        let Some(end) = rest.windows(2).position(|two| two == b"\r\n") else {
            return if rest.len() > 64 { Err(()) } else { Ok(None) };
        };
        let line = str::from_utf8(rest.get(..end).unwrap_or_default()).map_err(|_| ())?;
        let size = line.split(';').next().unwrap_or("").trim();
        let size = u64::from_str_radix(size, 16).map_err(|_| ())?;
        if size > LONGEST_BODY {
            return Err(());
        }
        let size = size as usize;
        at += end + 2;
        let Some(piece) = bytes.get(at..at + size + 2) else {
            return Ok(None);
        };
        body.extend_from_slice(piece.get(..size).unwrap_or_default());
        at += size + 2;
        if size == 0 {
            return Ok(Some((body, at)));
        }
    }
}

/// What is said of a status.
fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        201 => "Created",
        204 => "No Content",
        301 => "Moved Permanently",
        302 => "Found",
        304 => "Not Modified",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        418 => "I'm a Teapot",
        429 => "Too Many Requests",
        500 => "Internal Server Error",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        _ => "Unknown",
    }
}

fn response(status: u16, content_type: &str, body: &[u8], head_only: bool, close: bool) -> Vec<u8> {
    let mut head = format!("HTTP/1.1 {status} {}\r\nServer: heddle\r\n", reason(status));
    let bare = status == 204 || status == 304 || status < 200;
    if !bare {
        head.push_str(&format!(
            "Content-Type: {content_type}\r\nContent-Length: {}\r\n",
            body.len()
        ));
    }
    if close {
        head.push_str("Connection: close\r\n");
    }
    head.push_str("\r\n");
    let mut all = head.into_bytes();
    if !head_only && !bare {
        all.extend_from_slice(body);
    }
    all
}

/// The answer to what is no request.
pub(super) fn refusal() -> Vec<u8> {
    response(400, "text/plain", b"Bad Request\n", false, true)
}

/// A host's answer, and how much longer than usual it takes, ns.
pub(super) fn answer(host: &RemoteHost, request: &Parsed) -> (Vec<u8>, u64) {
    let head_only = request.method == "HEAD";
    let path = request.path.split(['?', '#']).next().unwrap_or("");
    let mut parts = path.trim_start_matches('/').split('/');
    let (mut status, mut extra_ns, mut page) = (host.status, 0, None);
    match (parts.next(), parts.next()) {
        (Some("status"), Some(code)) => {
            let code = code.parse().ok().filter(|code| (200..=599).contains(code));
            status = code.unwrap_or(404);
        }
        (Some("delay"), Some(seconds)) => {
            let seconds: f64 = seconds.parse().unwrap_or(0.0);
            if seconds.is_finite() {
                extra_ns = (seconds.clamp(0.0, 3600.0) * 1e9) as u64;
            }
        }
        (Some("bytes"), Some(size)) => {
            let size: u64 = size.parse().unwrap_or(0);
            page = Some(filled(&host.name, size.min(LONGEST_PAGE) as usize));
        }
        _ => {}
    }
    if matches!(request.method.as_str(), "POST" | "PUT" | "PATCH") {
        let kind = if request.content_type.is_empty() {
            "application/octet-stream"
        } else {
            &request.content_type
        };
        return (response(status, kind, &request.body, false, request.close), extra_ns);
    }
    let page = page.as_deref().unwrap_or(&host.page);
    let kind = match page.first() {
        Some(b'{' | b'[') => "application/json",
        Some(b'<') => "text/html; charset=utf-8",
        _ => "text/plain; charset=utf-8",
    };
    (response(status, kind, page, head_only, request.close), extra_ns)
}

/// A page of this many bytes.
#[must_use]
pub fn filled(name: &str, size: usize) -> Vec<u8> {
    let mut page = format!("<!doctype html><title>{name}</title><h1>{name}</h1>\n").into_bytes();
    while page.len() < size {
        page.extend_from_slice(b"heddle\n");
    }
    page.truncate(size);
    page
}
