//! The hosts of the simulated network, as the key `hosts` declares them: one a line (or `;` between them), a name and then properties.
//!
//! ```text
//! www.example.com  latency=50ms bandwidth=2MB takes=200ms lookup=30ms size=1256
//! ```
//!
//! | property | means | default |
//! |---|---|---|
//! | `latency` | time from here to there, one way | `10ms` |
//! | `bandwidth` | bytes per second that the way back carries, shared by all connections | `10MB` |
//! | `takes` | time for an answer, each request by itself | `0us` |
//! | `lookup` | time of the first look-up of the name; later ones are remembered | `0us` |
//! | `size` | bytes of the page | `1256` |
//! | `status` | what a request is answered with | `200` |
//! | `text` | the page itself, in place of one of this size: `text="hello"` | |
//! | `script` | a file of the scenario that serves, in place of all that: it runs on a computer of its own | |
//! | `argv`, `cores` | of that computer, see [`crate::computers`] | none, 2 |

use crate::computers::{Remote, cores_of};
use crate::units::{parse_duration_ns, parse_size_bytes};

/// Most hosts of a scenario.
const MOST_HOSTS: usize = 64;
/// Longest page, bytes.
const LONGEST_PAGE: u64 = 16 << 20;

/// A computer in the network that answers requests by HTTP, or runs a program that serves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Host {
    /// Its name.
    pub name: String,
    /// From here to there, one way, ns.
    pub latency_ns: u64,
    /// Bytes per second on the way back.
    pub bandwidth: u64,
    /// Time of an answer, ns.
    pub takes_ns: u64,
    /// Time of the first look-up of its name, ns.
    pub lookup_ns: u64,
    /// Bytes of the page.
    pub size: u64,
    /// HTTP status.
    pub status: u16,
    /// The page, if it is given.
    pub text: Option<String>,
    /// The program that serves, if there is one.
    pub script: Option<String>,
    /// Its arguments.
    pub argv: Vec<String>,
    /// The cores it has.
    pub cores: Option<u16>,
}

impl Host {
    fn named(name: &str) -> Host {
        Host {
            name: name.to_owned(),
            latency_ns: 10_000_000,
            bandwidth: 10_000_000,
            takes_ns: 0,
            lookup_ns: 0,
            size: 1256,
            status: 200,
            text: None,
            script: None,
            argv: Vec::new(),
            cores: None,
        }
    }

    /// The computer that runs its program, if it has one.
    pub(crate) fn computer(&self) -> Option<Remote> {
        Some(Remote {
            name: self.name.clone(),
            script: self.script.clone()?,
            argv: self.argv.clone(),
            cores: self.cores.unwrap_or(2),
            latency_ns: self.latency_ns,
            bandwidth: self.bandwidth,
            is_host: true,
            is_daemon: true,
        })
    }

    fn set(&mut self, property: &str, value: &str) -> Result<(), String> {
        match property {
            "latency" => self.latency_ns = parse_duration_ns(value)?,
            "takes" => self.takes_ns = parse_duration_ns(value)?,
            "lookup" => self.lookup_ns = parse_duration_ns(value)?,
            "bandwidth" => {
                let value = value.trim_end_matches("/s");
                self.bandwidth = parse_size_bytes(value)?;
                if self.bandwidth == 0 {
                    return Err("the bandwidth of a host must be more than zero".to_owned());
                }
            }
            "size" => {
                self.size = parse_size_bytes(value)?;
                if self.size > LONGEST_PAGE {
                    return Err("the page of a host may have 16 MiB at most".to_owned());
                }
            }
            "status" => {
                let status = value.parse().ok().filter(|status| (100..=599).contains(status));
                self.status = status.ok_or_else(|| format!("\"{value}\" is not an HTTP status (100 to 599)"))?;
            }
            "text" => self.text = Some(value.to_owned()),
            "script" if value.is_empty() => return Err("script should name a file of the scenario".to_owned()),
            "script" => self.script = Some(value.to_owned()),
            "argv" => self.argv = value.split_whitespace().map(str::to_owned).collect(),
            "cores" => self.cores = Some(cores_of(value)?),
            _ => {
                return Err(format!(
                    "\"{property}\" is not a property of a host; there are latency, bandwidth, takes, lookup, size, status, text, script, argv, cores"
                ));
            }
        }
        Ok(())
    }
}

/// Reads the declarations.
///
/// # Errors
/// A sentence that says what is wrong with which host.
pub fn parse_hosts(text: &str) -> Result<Vec<Host>, String> {
    let mut hosts: Vec<Host> = Vec::new();
    for words in declarations(text)? {
        let Some((name, properties)) = words.split_first() else {
            continue;
        };
        if !is_name(name) {
            return Err(format!("\"{name}\" is not a name for a host"));
        }
        if name == "localhost" || name == "heddle" || hosts.iter().any(|host| host.name.eq_ignore_ascii_case(name)) {
            return Err(format!("there is a host \"{name}\" already"));
        }
        let mut host = Host::named(&name.to_ascii_lowercase());
        let mut given: Vec<&str> = Vec::new();
        for word in properties {
            let Some((property, value)) = word.split_once('=') else {
                return Err(format!(
                    "host {name}: \"{word}\" should be a property like latency=50ms"
                ));
            };
            host.set(property, value).map_err(|why| format!("host {name}: {why}"))?;
            given.push(property);
        }
        let (own, other) = if host.script.is_some() {
            (
                ["takes", "size", "status", "text", "lookup"].as_slice(),
                "a host with a script",
            )
        } else {
            (["argv", "cores"].as_slice(), "a host without a script")
        };
        if let Some(wrong) = given.iter().find(|property| own.contains(property)) {
            return Err(format!("host {name}: {wrong} means nothing for {other}"));
        }
        hosts.push(host);
        if hosts.len() > MOST_HOSTS {
            return Err(format!("there may be {MOST_HOSTS} hosts at most"));
        }
    }
    Ok(hosts)
}

/// Can a computer be called this?
pub(crate) fn is_name(name: &str) -> bool {
    let good = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '.';
    name.len() <= 253 && name.chars().all(good) && name.contains(|c: char| c.is_ascii_alphabetic())
}

/// The words of every declaration; spaces and the signs between declarations may stand in quotes, single or double.
pub(crate) fn declarations(text: &str) -> Result<Vec<Vec<String>>, String> {
    let (mut all, mut words, mut word, mut quote) = (Vec::new(), Vec::new(), String::new(), None);
    for c in text.chars().chain(['\n']) {
        match c {
            _ if quote == Some(c) => quote = None,
            _ if quote.is_some() => word.push(c),
            '"' | '\'' => quote = Some(c),
            ';' | '\n' => {
                if !word.is_empty() {
                    words.push(std::mem::take(&mut word));
                }
                all.push(std::mem::take(&mut words));
            }
            c if c.is_whitespace() || c == ',' => {
                if !word.is_empty() {
                    words.push(std::mem::take(&mut word));
                }
            }
            c => word.push(c),
        }
    }
    if quote.is_some() {
        return Err("a quote in hosts is not closed".to_owned());
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_read_with_their_properties() {
        let text = "a.example latency=50ms bandwidth=2MB/s size=2kB\n\n b.example text=\"two words; yes\" status=404; c text='{\"a\": 1}'";
        let hosts = parse_hosts(text).unwrap();
        assert_eq!((hosts.len(), hosts[2].text.as_deref()), (3, Some("{\"a\": 1}")));
        assert_eq!(
            (hosts[0].latency_ns, hosts[0].bandwidth, hosts[0].size),
            (50_000_000, 2_000_000, 2_000)
        );
        assert_eq!(
            (hosts[1].status, hosts[1].text.as_deref()),
            (404, Some("two words; yes"))
        );
    }

    #[test]
    fn mistakes_are_named() {
        for (text, part) in [
            ("a.example latency", "should be a property"),
            ("a.example speed=5", "is not a property"),
            ("a.example latency=fast", "is not a duration"),
            ("a.example bandwidth=0", "more than zero"),
            ("a.example; A.example", "already"),
            ("localhost", "already"),
            ("17", "not a name"),
            ("a.example text=\"open", "not closed"),
            ("a.example script=", "should name a file"),
            ("a.example script=x.py size=5", "means nothing"),
            ("a.example argv=5", "means nothing"),
            ("a.example script=x.py cores=0", "1 to 64"),
        ] {
            let found = parse_hosts(text).unwrap_err();
            assert!(found.contains(part), "{text}: {found}");
        }
    }
}
