//! The other computers of a scenario, as the key `computers` declares them: one a line (or `;` between them), a name and then properties.
//!
//! ```text
//! node1  cores=4 latency=100us bandwidth=125MB script=worker.py argv="1 fast"
//! ```
//!
//! | property | means | default |
//! |---|---|---|
//! | `script` | the file of the scenario that runs there | `__main__`: the program itself |
//! | `argv` | its arguments, between spaces | none |
//! | `cores` | its cores, 1 to 64 | `2` |
//! | `latency` | time of one way over its link, 10us at least; between two computers, the longer one of both | `100us` |
//! | `bandwidth` | bytes per second that its link carries, each way; between two computers, the smaller one of both | `125MB` |
//! | `daemon` | `yes`: the run does not wait for its end | `no` |
//!
//! A host with a script ([`crate::hosts`]) is such a computer too, always a daemon. The computer on which the program itself runs is called
//! `heddle` and has the scenario's cores.

use crate::hosts::{declarations, is_name, parse_hosts};
use crate::settings::{MAX_CORES, Settings};
use crate::units::{parse_duration_ns, parse_size_bytes};

/// Most computers beside the first, hosts with scripts among them.
pub const MOST_COMPUTERS: usize = 32;
/// What a `script` says that means the program itself.
pub const PROGRAM: &str = "__main__";
/// Shortest latency between two computers, ns: they are simulated in steps of it.
const SHORTEST_LATENCY_NS: u64 = 10_000;

/// A computer beside the first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remote {
    /// Its name in the network.
    pub name: String,
    /// The file it runs, or [`PROGRAM`].
    pub script: String,
    /// Arguments after the script's name.
    pub argv: Vec<String>,
    /// Its cores.
    pub cores: u16,
    /// One way over its link, ns.
    pub latency_ns: u64,
    /// Bytes per second over its link, each way.
    pub bandwidth: u64,
    /// Declared by `hosts`.
    pub is_host: bool,
    /// Whether the run ends without it.
    pub is_daemon: bool,
}

impl Remote {
    fn named(name: &str) -> Remote {
        Remote {
            name: name.to_owned(),
            script: PROGRAM.to_owned(),
            argv: Vec::new(),
            cores: 2,
            latency_ns: 100_000,
            bandwidth: 125_000_000,
            is_host: false,
            is_daemon: false,
        }
    }

    fn set(&mut self, property: &str, value: &str) -> Result<(), String> {
        match property {
            "script" if value.is_empty() => return Err("script should name a file of the scenario".to_owned()),
            "script" => value.clone_into(&mut self.script),
            "argv" => self.argv = value.split_whitespace().map(str::to_owned).collect(),
            "cores" => self.cores = cores_of(value)?,
            "latency" => self.latency_ns = parse_duration_ns(value)?,
            "bandwidth" => self.bandwidth = parse_size_bytes(value.trim_end_matches("/s"))?,
            "daemon" if value == "yes" || value == "no" => self.is_daemon = value == "yes",
            "daemon" => return Err(format!("daemon is yes or no, not \"{value}\"")),
            _ => {
                return Err(format!(
                    "\"{property}\" is not a property of a computer; there are script, argv, cores, latency, bandwidth, daemon"
                ));
            }
        }
        Ok(())
    }

    /// What all computers must have.
    fn check(&self) -> Result<(), String> {
        if leaves_the_folder(&self.script) {
            return Err(format!(
                "script should name a file in the program's folder, without \"..\" and not from the root, not \"{}\"",
                self.script
            ));
        }
        if self.latency_ns < SHORTEST_LATENCY_NS {
            return Err("the latency of a computer must be 10us at least".to_owned());
        }
        if self.bandwidth == 0 {
            return Err("the bandwidth of a computer must be more than zero".to_owned());
        }
        Ok(())
    }
}

/// Whether a path could lead out of the folder it begins in, on any system: a link or a run must not read the reader's other files.
fn leaves_the_folder(path: &str) -> bool {
    let separators = ['/', '\\'];
    path.starts_with(separators) || path.contains(':') || path.split(separators).any(|part| part == "..")
}

/// A number of cores.
pub(crate) fn cores_of(value: &str) -> Result<u16, String> {
    let cores = value.parse().ok().filter(|cores| (1..=MAX_CORES).contains(cores));
    cores.ok_or_else(|| format!("cores must be 1 to {MAX_CORES}, not \"{value}\""))
}

/// Reads the declarations.
///
/// # Errors
/// A sentence that says what is wrong with which computer.
pub fn parse_computers(text: &str) -> Result<Vec<Remote>, String> {
    let mut all: Vec<Remote> = Vec::new();
    for words in declarations(text)? {
        let Some((name, properties)) = words.split_first() else {
            continue;
        };
        if !is_name(name) {
            return Err(format!("\"{name}\" is not a name for a computer"));
        }
        let mut computer = Remote::named(&name.to_ascii_lowercase());
        for word in properties {
            let Some((property, value)) = word.split_once('=') else {
                return Err(format!("computer {name}: \"{word}\" should be a property like cores=4"));
            };
            computer
                .set(property, value)
                .map_err(|why| format!("computer {name}: {why}"))?;
        }
        computer.check().map_err(|why| format!("computer {name}: {why}"))?;
        if ["localhost", "heddle"].contains(&computer.name.as_str()) || all.iter().any(|c| c.name == computer.name) {
            return Err(format!("there is a computer \"{name}\" already"));
        }
        all.push(computer);
        too_many(all.len())?;
    }
    Ok(all)
}

fn too_many(found: usize) -> Result<(), String> {
    if found > MOST_COMPUTERS {
        return Err(format!("there may be {MOST_COMPUTERS} more computers at most"));
    }
    Ok(())
}

impl Settings {
    /// All computers beside the first: those of `computers`, then the hosts with scripts.
    ///
    /// # Errors
    /// A sentence that says what is wrong.
    pub fn remotes(&self) -> Result<Vec<Remote>, String> {
        let mut all = parse_computers(&self.computers)?;
        for host in parse_hosts(&self.hosts)? {
            if all.iter().any(|other| other.name == host.name) {
                return Err(format!("there is a computer \"{}\" already", host.name));
            }
            if let Some(computer) = host.computer() {
                let wrong = |why| format!("host {}: {why}", computer.name);
                computer.check().map_err(wrong)?;
                all.push(computer);
            }
        }
        too_many(all.len())?;
        Ok(all)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_stay_in_the_folder_of_the_program() {
        for path in ["/etc/hostname", "../a.py", "a/../../b.py", "..", r"..\a.py", r"C:\a.py"] {
            let why = parse_computers(&format!("n1 script={path}")).unwrap_err();
            assert!(why.contains("in the program's folder"), "{path}: {why}");
            let settings = Settings {
                hosts: format!("a.example script={path}"),
                ..Settings::default()
            };
            let why = settings.remotes().unwrap_err();
            assert!(why.contains("in the program's folder"), "{path}: {why}");
        }
        assert!(parse_computers("n1 script=more/a..b.py").is_ok());
    }

    #[test]
    fn computers_are_read_with_their_properties() {
        let all = parse_computers("node1 cores=4 argv=\"1 fast\"; Node2 script=w.py latency=1ms daemon=yes").unwrap();
        assert_eq!((all[0].cores, all[0].script.as_str()), (4, PROGRAM));
        assert_eq!(all[0].argv, ["1", "fast"]);
        assert_eq!((all[1].name.as_str(), all[1].script.as_str()), ("node2", "w.py"));
        assert_eq!((all[1].latency_ns, all[1].is_daemon), (1_000_000, true));
    }

    #[test]
    fn hosts_with_scripts_are_computers() {
        let settings = Settings {
            computers: "node1".to_owned(),
            hosts: "a.example; b.example script=server.py latency=5ms".to_owned(),
            ..Settings::default()
        };
        let all = settings.remotes().unwrap();
        let names: Vec<_> = all.iter().map(|c| (c.name.as_str(), c.is_daemon)).collect();
        assert_eq!(names, [("node1", false), ("b.example", true)]);
        let twice = Settings {
            hosts: "node1".to_owned(),
            ..settings
        };
        assert!(twice.remotes().unwrap_err().contains("already"));
    }

    #[test]
    fn mistakes_are_named() {
        for (text, part) in [
            ("17", "not a name"),
            ("a cores", "should be a property"),
            ("a cores=65", "1 to 64"),
            ("a speed=5", "is not a property"),
            ("a latency=1us", "10us at least"),
            ("a bandwidth=0", "more than zero"),
            ("a daemon=perhaps", "yes or no"),
            ("a; A", "already"),
            ("heddle", "already"),
            ("a script=", "should name a file"),
        ] {
            let found = parse_computers(text).unwrap_err();
            assert!(found.contains(part), "{text}: {found}");
        }
    }
}
