//! A static file server for the built page: GET and HEAD over HTTP/1.1, one thread a connection, nothing else.
//!
//! It stands in for any web host, so it sends no special headers: what works here works on a course's own server. With a base
//! path (`/course/week3/`) it serves the page below that path only, which is how the tests prove that all URLs are relative.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use crate::Outcome;

/// No request line or header of a browser is longer; more ends the connection.
const MAX_LINE_BYTES: usize = 16 * 1024;

/// A server that is bound to its port and not yet answering.
pub struct Server {
    listener: TcpListener,
    folder: PathBuf,
    base: String,
}

impl Server {
    /// Binds 127.0.0.1 at `port` (0: any free one) to serve `folder` below the URL path `base`.
    pub fn bind(port: u16, folder: PathBuf, base: &str) -> Outcome<Server> {
        let listener = TcpListener::bind(("127.0.0.1", port))
            .map_err(|error| format!("cannot listen on 127.0.0.1:{port} ({error}): choose another port with --port"))?;
        let inner = base.trim_matches('/');
        let base = if inner.is_empty() {
            "/".to_string()
        } else {
            format!("/{inner}/")
        };
        Ok(Server { listener, folder, base })
    }

    /// The page's address.
    pub fn address(&self) -> String {
        let port = self.listener.local_addr().map_or(0, |address| address.port());
        format!("http://127.0.0.1:{port}{}", self.base)
    }

    /// Answers for ever.
    pub fn serve(self) {
        for stream in self.listener.incoming().flatten() {
            let (folder, base) = (self.folder.clone(), self.base.clone());
            thread::spawn(move || {
                // A browser that goes away in mid-answer is no event.
                let _ = connection(&stream, &folder, &base);
            });
        }
    }
}

fn connection(stream: &TcpStream, folder: &Path, base: &str) -> std::io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(30)))?;
    stream.set_nodelay(true)?;
    let mut reader = BufReader::new(stream);
    while let Some(request) = line(&mut reader)? {
        let mut keep_alive = true;
        while let Some(header) = line(&mut reader)?.filter(|header| !header.is_empty()) {
            if header.to_ascii_lowercase().replace(' ', "") == "connection:close" {
                keep_alive = false;
            }
        }
        answer(stream, &request, folder, base)?;
        if !keep_alive {
            break;
        }
    }
    Ok(())
}

fn line(reader: &mut impl BufRead) -> std::io::Result<Option<String>> {
    let mut bytes = Vec::new();
    std::io::Read::take(&mut *reader, MAX_LINE_BYTES as u64).read_until(b'\n', &mut bytes)?;
    if bytes.last() != Some(&b'\n') {
        return Ok(None);
    }
    Ok(Some(String::from_utf8_lossy(&bytes).trim_end().to_string()))
}

fn answer(mut stream: &TcpStream, request: &str, folder: &Path, base: &str) -> std::io::Result<()> {
    let mut words = request.split(' ');
    let (method, target) = (words.next().unwrap_or(""), words.next().unwrap_or("/"));
    let (status, kind, body) = if matches!(method, "GET" | "HEAD") {
        respond(target, folder, base)
    } else {
        (
            "405 Method Not Allowed",
            "text/plain; charset=utf-8".to_string(),
            b"only GET and HEAD\n".to_vec(),
        )
    };
    let extra = if status.starts_with("308") {
        format!("Location: {base}\r\n")
    } else {
        String::new()
    };
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nCache-Control: no-cache\r\n{extra}\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes())?;
    if method != "HEAD" {
        stream.write_all(&body)?;
    }
    stream.flush()
}

fn respond(target: &str, folder: &Path, base: &str) -> (&'static str, String, Vec<u8>) {
    let text = "text/plain; charset=utf-8".to_string();
    let path = target.split(['?', '#']).next().unwrap_or("/");
    if format!("{path}/") == base {
        return ("308 Permanent Redirect", text, Vec::new());
    }
    let found = path
        .strip_prefix(base)
        .and_then(decode)
        .and_then(|relative| locate(folder, &relative));
    match found.and_then(|file| Some((kind_of(&file).to_string(), fs::read(&file).ok()?))) {
        Some((kind, body)) => ("200 OK", kind, body),
        None => ("404 Not Found", text, format!("nothing at {path}\n").into_bytes()),
    }
}

/// The file for a relative URL path; `index.html` for a folder; nothing outside `folder`.
fn locate(folder: &Path, relative: &str) -> Option<PathBuf> {
    let mut file = folder.to_path_buf();
    for part in relative.split('/').filter(|part| !part.is_empty() && *part != ".") {
        if part == ".." || part.contains(['\\', '\0', ':']) {
            return None;
        }
        file.push(part);
    }
    if file.is_dir() {
        file.push("index.html");
    }
    file.is_file().then_some(file)
}

fn decode(path: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let high = char::from(rest.next()?).to_digit(16)?;
            let low = char::from(rest.next()?).to_digit(16)?;
            bytes.push(u8::try_from(high * 16 + low).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}

fn kind_of(file: &Path) -> &'static str {
    match file.extension().and_then(|extension| extension.to_str()).unwrap_or("") {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "py" | "txt" | "md" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_path_leaves_the_folder() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
        assert!(locate(folder, "src/server.rs").is_some());
        assert!(locate(folder, "./src//server.rs").is_some());
        assert!(locate(folder, "../Cargo.toml").is_none());
        assert!(
            decode("%2e%2e/Cargo.toml")
                .and_then(|path| locate(folder, &path))
                .is_none()
        );
        assert!(decode("%zz").is_none() && decode("%4").is_none());
    }

    #[test]
    fn a_base_path_is_the_only_door() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
        let status = |target: &str| respond(target, folder, "/course/week3/").0;
        assert_eq!(status("/course/week3/Cargo.toml?x=1"), "200 OK");
        assert_eq!(status("/Cargo.toml"), "404 Not Found");
        assert_eq!(status("/course/week3"), "308 Permanent Redirect");
    }
}
