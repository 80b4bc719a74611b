//! The settings of a scenario: which machine runs the program, and how.

use crate::units::{format_duration, format_size, parse_duration_ns, parse_size_bytes};
use serde::{Deserialize, Serialize};

/// The largest number of cores a machine can have.
pub const MAX_CORES: u16 = 64;

/// How often Ctrl-C may be pressed.
pub const MOST_INTERRUPTS: usize = 64;

/// The computers that a scenario may name.
pub const COMPUTERS: &[&str] = &["laptop-2026", "macbook-2009"];

/// The table of costs used where the scenario names none.
pub const DEFAULT_COMPUTER: &str = "laptop-2026";

/// Which Python's GIL, switch points, costs and start method the machine follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub enum PythonVersion {
    V2_7,
    V3_2,
    V3_9,
    V3_10,
    V3_11,
    V3_12,
    #[default]
    V3_13,
    V3_13t,
    V3_14,
    V3_14t,
}

impl PythonVersion {
    /// All that a scenario may name.
    pub const ALL: [PythonVersion; 10] = [
        PythonVersion::V2_7,
        PythonVersion::V3_2,
        PythonVersion::V3_9,
        PythonVersion::V3_10,
        PythonVersion::V3_11,
        PythonVersion::V3_12,
        PythonVersion::V3_13,
        PythonVersion::V3_13t,
        PythonVersion::V3_14,
        PythonVersion::V3_14t,
    ];

    /// As written in a scenario.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            PythonVersion::V2_7 => "2.7",
            PythonVersion::V3_2 => "3.2",
            PythonVersion::V3_9 => "3.9",
            PythonVersion::V3_10 => "3.10",
            PythonVersion::V3_11 => "3.11",
            PythonVersion::V3_12 => "3.12",
            PythonVersion::V3_13 => "3.13",
            PythonVersion::V3_13t => "3.13t",
            PythonVersion::V3_14 => "3.14",
            PythonVersion::V3_14t => "3.14t",
        }
    }

    /// Whether one thread at a time runs bytecode.
    #[must_use]
    pub fn has_gil(self) -> bool {
        !matches!(self, PythonVersion::V3_13t | PythonVersion::V3_14t)
    }

    /// How its threads share the interpreter, in words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            PythonVersion::V2_7 => "one GIL, let go every 100 ticks",
            PythonVersion::V3_2 | PythonVersion::V3_9 => "one GIL, may switch at most instructions",
            PythonVersion::V3_10 => "one GIL, may switch at loops and all calls",
            PythonVersion::V3_13t | PythonVersion::V3_14t => "no GIL, a thread per core",
            _ => "one GIL, may switch at loops and calls",
        }
    }
}

/// How the operating system shares its cores.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub enum OsScheduler {
    /// Fair shares by niceness, with a quantum and wake-up preemption.
    #[default]
    FairShare,
    /// In turn, a quantum each.
    RoundRobin,
    /// Nobody loses a core before it waits, yields or ends.
    Cooperative,
}

impl OsScheduler {
    /// All of them.
    pub const ALL: [OsScheduler; 3] = [
        OsScheduler::FairShare,
        OsScheduler::RoundRobin,
        OsScheduler::Cooperative,
    ];

    /// As written in a scenario.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            OsScheduler::FairShare => "fair-share",
            OsScheduler::RoundRobin => "round-robin",
            OsScheduler::Cooperative => "cooperative",
        }
    }
}

/// Who answers the scheduler's choices.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub enum Policy {
    /// Fair and deterministic.
    #[default]
    Fair,
    /// Uniformly random from the seed.
    Random,
    /// Probabilistic concurrency testing (Burckhardt et al. 2010).
    Pct,
}

impl Policy {
    /// All policies.
    pub const ALL: [Policy; 3] = [Policy::Fair, Policy::Random, Policy::Pct];

    /// As written in a scenario.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Policy::Fair => "fair",
            Policy::Random => "random",
            Policy::Pct => "pct",
        }
    }
}

/// How `multiprocessing` makes processes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum StartMethod {
    Fork,
    Spawn,
    ForkServer,
}

impl StartMethod {
    /// All start methods.
    pub const ALL: [StartMethod; 3] = [StartMethod::Fork, StartMethod::Spawn, StartMethod::ForkServer];

    /// As written in a scenario.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            StartMethod::Fork => "fork",
            StartMethod::Spawn => "spawn",
            StartMethod::ForkServer => "forkserver",
        }
    }
}

/// Limits that end a run. `None` leaves the host's limit; a value above the host's counts as the host's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Limits {
    /// Virtual time in ns.
    pub time_ns: Option<u64>,
    /// Memory of all processes together in bytes, by model sizes.
    pub memory_bytes: Option<u64>,
    /// Bytecode instructions.
    pub steps: Option<u64>,
    /// Bytes written to terminals.
    pub output_bytes: Option<u64>,
}

/// Everything about a scenario but its files.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// What people call the scenario; may be empty.
    pub title: String,
    /// The profile.
    pub python: PythonVersion,
    /// 1 to [`MAX_CORES`].
    pub cores: u16,
    /// Selects one of the equally real runs.
    pub seed: u64,
    /// Who answers the scheduler's choices.
    pub policy: Policy,
    /// The GIL's switch interval in ns; `None` is the profile's own (5 ms).
    pub switch_interval_ns: Option<u64>,
    /// How the operating system shares its cores.
    pub os_scheduler: OsScheduler,
    /// The operating system's time slice in ns; `None` is the computer's own.
    pub quantum_ns: Option<u64>,
    /// What a context switch costs, ns; `None` is the computer's own.
    pub context_switch_ns: Option<u64>,
    /// How long a woken thread needs to its core, ns, when that has been idle for a moment; `None` is the computer's own.
    pub wake_up_ns: Option<u64>,
    /// What waking another thread costs, ns; `None` is the computer's own.
    pub signal_ns: Option<u64>,
    /// `None` is the profile's own.
    pub start_method: Option<StartMethod>,
    /// The name of a table of costs.
    pub computer: String,
    /// What the program reads from its standard input.
    pub stdin: String,
    /// When Ctrl-C is pressed, in virtual ns.
    #[serde(default)]
    pub interrupts: Vec<u64>,
    /// The hosts of the simulated network, as [`crate::parse_hosts`] reads them.
    #[serde(default)]
    pub hosts: String,
    /// The computers beside the first, as [`crate::parse_computers`] reads them.
    #[serde(default)]
    pub computers: String,
    /// Limits below the host's.
    pub limits: Limits,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            title: String::new(),
            python: PythonVersion::default(),
            cores: 2,
            seed: 1,
            policy: Policy::default(),
            switch_interval_ns: None,
            os_scheduler: OsScheduler::default(),
            quantum_ns: None,
            context_switch_ns: None,
            wake_up_ns: None,
            signal_ns: None,
            start_method: None,
            computer: DEFAULT_COMPUTER.to_owned(),
            stdin: String::new(),
            interrupts: Vec::new(),
            hosts: String::new(),
            computers: String::new(),
            limits: Limits::default(),
        }
    }
}

/// A key of the `# /// lab` block. Keys of the table `limits` are keys of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Key {
    Title,
    Python,
    Cores,
    Seed,
    Policy,
    SwitchInterval,
    OsScheduler,
    Quantum,
    ContextSwitch,
    WakeUp,
    Signal,
    StartMethod,
    Computer,
    Stdin,
    Interrupt,
    Hosts,
    Computers,
    LimitTime,
    LimitMemory,
    LimitSteps,
    LimitOutput,
}

impl Key {
    /// All keys, in the order in which they are written into a new block.
    pub const ALL: [Key; 21] = [
        Key::Title,
        Key::Python,
        Key::Cores,
        Key::Seed,
        Key::Policy,
        Key::SwitchInterval,
        Key::OsScheduler,
        Key::Quantum,
        Key::ContextSwitch,
        Key::WakeUp,
        Key::Signal,
        Key::StartMethod,
        Key::Computer,
        Key::Stdin,
        Key::Interrupt,
        Key::Hosts,
        Key::Computers,
        Key::LimitTime,
        Key::LimitMemory,
        Key::LimitSteps,
        Key::LimitOutput,
    ];

    /// The key as written (tables with a dot).
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Key::Title => "title",
            Key::Python => "python",
            Key::Cores => "cores",
            Key::Seed => "seed",
            Key::Policy => "policy",
            Key::SwitchInterval => "switch-interval",
            Key::OsScheduler => "os-scheduler",
            Key::Quantum => "quantum",
            Key::ContextSwitch => "context-switch",
            Key::WakeUp => "wake-up",
            Key::Signal => "signal",
            Key::StartMethod => "start-method",
            Key::Computer => "computer",
            Key::Stdin => "stdin",
            Key::Interrupt => "interrupt",
            Key::Hosts => "hosts",
            Key::Computers => "computers",
            Key::LimitTime => "limits.time",
            Key::LimitMemory => "limits.memory",
            Key::LimitSteps => "limits.steps",
            Key::LimitOutput => "limits.output",
        }
    }

    /// The key with this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Key> {
        Key::ALL.into_iter().find(|key| key.name() == name)
    }
}

/// A value as the block holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scalar {
    /// A string.
    Text(String),
    /// A whole number.
    Number(u64),
}

impl Settings {
    /// The value of a key as the block would hold it; `None` where it is left open.
    #[must_use]
    pub fn get(&self, key: Key) -> Option<Scalar> {
        let text = |s: &str| Some(Scalar::Text(s.to_owned()));
        let duration = |ns: Option<u64>| ns.map(|ns| Scalar::Text(format_duration(ns)));
        let size = |bytes: Option<u64>| bytes.map(|bytes| Scalar::Text(format_size(bytes)));
        match key {
            Key::Title => text(&self.title),
            Key::Python => text(self.python.name()),
            Key::Cores => Some(Scalar::Number(self.cores.into())),
            Key::Seed => Some(Scalar::Number(self.seed)),
            Key::Policy => text(self.policy.name()),
            Key::SwitchInterval => duration(self.switch_interval_ns),
            Key::OsScheduler => text(self.os_scheduler.name()),
            Key::Quantum => duration(self.quantum_ns),
            Key::ContextSwitch => duration(self.context_switch_ns),
            Key::WakeUp => duration(self.wake_up_ns),
            Key::Signal => duration(self.signal_ns),
            Key::StartMethod => text(self.start_method?.name()),
            Key::Computer => text(&self.computer),
            Key::Stdin => text(&self.stdin),
            Key::Interrupt => moments(&self.interrupts),
            Key::Hosts => text(&self.hosts),
            Key::Computers => text(&self.computers),
            Key::LimitTime => duration(self.limits.time_ns),
            Key::LimitMemory => size(self.limits.memory_bytes),
            Key::LimitSteps => self.limits.steps.map(Scalar::Number),
            Key::LimitOutput => size(self.limits.output_bytes),
        }
    }

    /// Sets a key.
    ///
    /// # Errors
    /// A sentence that says what the key accepts; the settings are then as they were.
    pub fn set(&mut self, key: Key, value: &Scalar) -> Result<(), String> {
        match key {
            Key::Title => self.title = string(key, value)?.to_owned(),
            Key::Python => self.python = named(key, value, &PythonVersion::ALL, PythonVersion::name)?,
            Key::Cores => {
                let cores = whole(key, value)?;
                self.cores = u16::try_from(cores)
                    .ok()
                    .filter(|cores| (1..=MAX_CORES).contains(cores))
                    .ok_or_else(|| format!("cores must be 1 to {MAX_CORES}, not {cores}"))?;
            }
            Key::Seed => self.seed = whole(key, value)?,
            Key::Policy => self.policy = named(key, value, &Policy::ALL, Policy::name)?,
            Key::SwitchInterval => self.switch_interval_ns = Some(positive_duration(key, value)?),
            Key::OsScheduler => self.os_scheduler = named(key, value, &OsScheduler::ALL, OsScheduler::name)?,
            Key::Quantum => self.quantum_ns = Some(positive_duration(key, value)?),
            Key::ContextSwitch => self.context_switch_ns = Some(positive_duration(key, value)?),
            Key::WakeUp => self.wake_up_ns = Some(positive_duration(key, value)?),
            Key::Signal => self.signal_ns = Some(positive_duration(key, value)?),
            Key::StartMethod => {
                self.start_method = Some(named(key, value, &StartMethod::ALL, StartMethod::name)?);
            }
            Key::Computer => self.computer = string(key, value)?.to_owned(),
            Key::Stdin => self.stdin = string(key, value)?.to_owned(),
            Key::Interrupt => self.interrupts = read_moments(string(key, value)?)?,
            Key::Hosts => {
                let hosts = string(key, value)?;
                crate::hosts::parse_hosts(hosts)?;
                self.hosts = hosts.to_owned();
            }
            Key::Computers => {
                let computers = string(key, value)?;
                crate::computers::parse_computers(computers)?;
                self.computers = computers.to_owned();
            }
            Key::LimitTime => self.limits.time_ns = Some(positive_duration(key, value)?),
            Key::LimitMemory => self.limits.memory_bytes = Some(size(key, value)?),
            Key::LimitSteps => self.limits.steps = Some(whole(key, value)?),
            Key::LimitOutput => self.limits.output_bytes = Some(size(key, value)?),
        }
        Ok(())
    }

    /// What this version of the engine cannot do yet, by key, as sentences.
    #[must_use]
    pub fn unsupported(&self) -> Vec<(Key, String)> {
        let mut all = Vec::new();
        if !COMPUTERS.contains(&self.computer.as_str()) {
            let known: Vec<_> = COMPUTERS.iter().map(|name| format!("\"{name}\"")).collect();
            let (name, known) = (&self.computer, known.join(" and "));
            all.push((
                Key::Computer,
                format!("the computer \"{name}\" is not known; there are {known}"),
            ));
        }
        all
    }
}

/// Moments as a block holds them: "1.5s, 2s". None are an open value.
fn moments(all: &[u64]) -> Option<Scalar> {
    let written: Vec<_> = all.iter().map(|ns| format_duration(*ns)).collect();
    (!written.is_empty()).then(|| Scalar::Text(written.join(", ")))
}

fn read_moments(text: &str) -> Result<Vec<u64>, String> {
    let mut all = text
        .split(',')
        .filter(|moment| !moment.trim().is_empty())
        .map(|moment| parse_duration_ns(moment.trim()).map_err(|problem| format!("interrupt: {problem}")))
        .collect::<Result<Vec<_>, _>>()?;
    all.sort_unstable();
    all.dedup();
    if all.len() > MOST_INTERRUPTS {
        return Err(format!("interrupt: there may be at most {MOST_INTERRUPTS}"));
    }
    Ok(all)
}

fn string(key: Key, value: &Scalar) -> Result<&str, String> {
    match value {
        Scalar::Text(text) => Ok(text),
        Scalar::Number(n) => Err(format!("{} must be a string in quotes, not the number {n}", key.name())),
    }
}

fn whole(key: Key, value: &Scalar) -> Result<u64, String> {
    match value {
        Scalar::Number(n) => Ok(*n),
        Scalar::Text(text) => Err(format!(
            "{} must be a whole number without quotes, not \"{text}\"",
            key.name()
        )),
    }
}

fn positive_duration(key: Key, value: &Scalar) -> Result<u64, String> {
    let ns = parse_duration_ns(string(key, value)?).map_err(|problem| format!("{}: {problem}", key.name()))?;
    if ns == 0 {
        Err(format!("{} must be longer than zero", key.name()))
    } else {
        Ok(ns)
    }
}

fn size(key: Key, value: &Scalar) -> Result<u64, String> {
    match value {
        Scalar::Number(bytes) => Ok(*bytes),
        Scalar::Text(text) => parse_size_bytes(text).map_err(|problem| format!("{}: {problem}", key.name())),
    }
}

fn named<T: Copy>(key: Key, value: &Scalar, all: &[T], name: fn(T) -> &'static str) -> Result<T, String> {
    let text = string(key, value)?;
    all.iter().copied().find(|one| name(*one) == text).ok_or_else(|| {
        let names: Vec<_> = all.iter().map(|one| format!("\"{}\"", name(*one))).collect();
        format!("{} must be one of {}, not \"{text}\"", key.name(), names.join(", "))
    })
}
