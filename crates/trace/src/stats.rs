//! Where the time went: per run, process, thread, core, GIL and lock.
//!
//! A run's recorder counts everything ([`crate::Recorder::stats`], `tally.rs`). [`Stats::of`] adds up what a trace tells, exactly also where it
//! was folded; it leaves out what no event says or what folding forgets: system calls, failed attempts, who waited for which lock, messages, speed-up.

use crate::event::{EventKind, ObjectClass, Share, ShareOf};
use crate::fold::{add_share, share_of, weight_of};
use crate::ids::{Nanos, ObjectId, ProcessId, ThreadKey, TrackKey};
use crate::own_time::FunctionStats;
use crate::slices::{SliceOf, slices};
use crate::state::StateClass;
use crate::trace::Trace;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The number of a row that stands for several threads or objects.
pub const OTHERS: u32 = u32::MAX;

/// System calls of one name.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct SystemCalls {
    /// As in POSIX or Linux ("futex_wake", "read").
    pub name: String,
    /// How many.
    pub count: u64,
}

/// Waits for one object.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Waited {
    /// Its process.
    pub process: u32,
    /// Its number there.
    pub object: u32,
    /// Its name, or its class and number.
    pub name: String,
    /// How long, ns.
    pub ns: Nanos,
    /// How often.
    pub times: u64,
}

/// The numbers of [`Totals`] that simply add up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Sums {
    /// Time by class of states in ns, in the order of [`StateClass::ALL`].
    pub times_ns: [Nanos; 9],
    /// Time holding the GIL, ns.
    pub gil_ns: Nanos,
    /// How often it stopped running because it had to.
    pub forced: u64,
    /// How often because it waited for something.
    pub voluntary: u64,
    /// How often it asked for the GIL.
    pub requests: u64,
    /// Attempts to take the GIL, or a lock it was woken for, that found it taken.
    pub failed: u64,
    /// CPU time that only contention for the GIL cost, ns.
    pub contended_ns: Nanos,
    /// Messages that it sent by connections and queues between processes.
    pub messages: u64,
    /// How long those were together, bytes.
    pub message_bytes: u64,
}

impl Sums {
    /// Adds those of another thread.
    pub(crate) fn add(&mut self, other: &Sums) {
        let times = self.times_ns.iter_mut().zip(other.times_ns);
        times.for_each(|(total, more)| *total += more);
        self.gil_ns += other.gil_ns;
        self.forced += other.forced;
        self.voluntary += other.voluntary;
        self.requests += other.requests;
        self.failed += other.failed;
        self.contended_ns += other.contended_ns;
        self.messages += other.messages;
        self.message_bytes = self.message_bytes.saturating_add(other.message_bytes);
    }
}

/// What a thread did, or several of them together.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Totals {
    /// Times and counts.
    #[serde(flatten)]
    pub sums: Sums,
    /// Waits by object, longest first.
    pub waits: Vec<Waited>,
    /// System calls by name, most frequent first.
    pub calls: Vec<SystemCalls>,
}

impl Totals {
    /// Time in a class of states, ns.
    #[must_use]
    pub fn time(&self, class: StateClass) -> Nanos {
        self.sums.times_ns.get(class.index()).copied().unwrap_or(0)
    }

    /// Time on cores: bytecode, C code and the kernel, ns.
    #[must_use]
    pub fn cpu_ns(&self) -> Nanos {
        self.time(StateClass::Running) + self.time(StateClass::Native)
    }

    /// How many system calls it made.
    #[must_use]
    pub fn system_calls(&self) -> u64 {
        self.calls.iter().map(|calls| calls.count).sum()
    }

    /// Adds those of another thread.
    pub(crate) fn add(&mut self, other: &Totals) {
        self.sums.add(&other.sums);
        for calls in &other.calls {
            match self.calls.iter_mut().find(|known| known.name == calls.name) {
                Some(known) => known.count += calls.count,
                None => self.calls.push(calls.clone()),
            }
        }
        for waited in &other.waits {
            let known = self
                .waits
                .iter_mut()
                .find(|known| (known.process, known.object) == (waited.process, waited.object));
            match known {
                Some(known) => {
                    known.ns += waited.ns;
                    known.times += waited.times;
                }
                None => self.waits.push(waited.clone()),
            }
        }
    }

    /// Puts waits and calls in their order.
    pub(crate) fn order(&mut self) {
        self.waits
            .sort_by(|a, b| (b.ns, a.process, a.object).cmp(&(a.ns, b.process, b.object)));
        self.calls.sort_by(|a, b| (b.count, &a.name).cmp(&(a.count, &b.name)));
    }
}

/// A core.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct CoreStats {
    /// Its number.
    pub core: u16,
    /// Time it ran a thread, ns.
    pub busy_ns: Nanos,
    /// Time it ran nothing, ns.
    pub idle_ns: Nanos,
    /// How often another thread than before came to it.
    pub switches: u64,
}

/// A thread.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ThreadStats {
    /// Its process.
    pub process: u32,
    /// Its number there, or [`OTHERS`].
    pub thread: u32,
    /// Its name.
    pub name: String,
    /// 1, or how many threads this row stands for.
    pub stands_for: u64,
    /// What it did.
    #[serde(flatten)]
    pub totals: Totals,
}

/// A process.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ProcessStats {
    /// Its number.
    pub process: u32,
    /// Its name.
    pub name: String,
    /// How many threads it has had.
    pub threads: u64,
    /// What they did together.
    #[serde(flatten)]
    pub totals: Totals,
}

/// A GIL.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct GilStats {
    /// Its process.
    pub process: u32,
    /// Its number there.
    pub gil: u32,
    /// Time somebody held it, ns.
    pub held_ns: Nanos,
    /// Time nobody did, ns.
    pub free_ns: Nanos,
    /// How often it was taken.
    pub takes: u64,
    /// How often it was let go on request, or because its ticks were used up (Python 2).
    pub forced: u64,
    /// How often because its holder was about to wait or ended.
    pub voluntary: u64,
}

/// A lock, or something else that threads waited for.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct LockStats {
    /// Its process.
    pub process: u32,
    /// Its number there, or [`OTHERS`].
    pub object: u32,
    /// Its name, or its class and number.
    pub name: String,
    /// Whether it has a name.
    pub named: bool,
    /// Time somebody held it, ns.
    pub held_ns: Nanos,
    /// How often it was acquired.
    pub acquired: u64,
    /// Time that threads waited for it, together, ns.
    pub waited_ns: Nanos,
    /// How often a thread began to wait for it.
    pub waits: u64,
}

/// How parallel a run was. The words are defined in `tally.rs`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Speed {
    /// Time in which no thread wanted to run, ns.
    pub idle_ns: Nanos,
    /// Work done while one thread wanted to run, ns.
    pub serial_ns: Nanos,
    /// Work done while at least two wanted to, without what contention cost, ns.
    pub parallel_ns: Nanos,
    /// How long the run took, ns.
    pub elapsed_ns: Nanos,
}

impl LockStats {
    /// Whether people want to see it: it has a name, or somebody waited for it.
    #[must_use]
    pub fn is_of_interest(&self) -> bool {
        self.named || self.waits > 0
    }
}

impl Speed {
    /// What one core would take without contention, ns.
    #[must_use]
    pub fn sequential_ns(&self) -> Nanos {
        self.idle_ns + self.serial_ns + self.parallel_ns
    }

    /// How many times as fast as that the run was; 1 for an empty one.
    #[must_use]
    pub fn speed_up(&self) -> f64 {
        ratio(self.sequential_ns(), self.elapsed_ns, 1.0)
    }

    /// The part of the sequential time that nothing else could run beside, 0 to 1.
    #[must_use]
    pub fn serial_part(&self) -> f64 {
        ratio(self.idle_ns + self.serial_ns, self.sequential_ns(), 1.0)
    }

    /// Amdahl's bound for so many cores; `None`: for any number of them. Infinite where nothing is serial.
    #[must_use]
    pub fn bound(&self, cores: Option<u16>) -> f64 {
        let serial = self.serial_part();
        serial_inverse(serial + cores.map_or(0.0, |n| (1.0 - serial) / f64::from(n.max(1))))
    }
}

fn serial_inverse(part: f64) -> f64 {
    if part > 0.0 { 1.0 / part } else { f64::INFINITY }
}

pub(crate) fn ratio(a: Nanos, b: Nanos, otherwise: f64) -> f64 {
    if b == 0 { otherwise } else { a as f64 / b as f64 }
}

/// The statistics of a run, as [`crate::Recorder::stats`] has counted them, or of a trace.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Stats {
    /// How long the run took, in virtual ns.
    pub elapsed_ns: Nanos,
    /// All threads together.
    pub totals: Totals,
    /// How parallel it was; a trace does not tell.
    pub speed: Option<Speed>,
    /// The cores, those of the machine that never ran included.
    pub cores: Vec<CoreStats>,
    /// The processes.
    pub processes: Vec<ProcessStats>,
    /// The threads, by process and number.
    pub threads: Vec<ThreadStats>,
    /// The GILs.
    pub gils: Vec<GilStats>,
    /// The locks that were acquired, and what was waited for.
    pub locks: Vec<LockStats>,
    /// The program's functions by the time spent in them, longest first; a trace does not tell.
    #[serde(default)]
    pub functions: Vec<FunctionStats>,
}

/// Sums of one track.
#[derive(Default)]
struct Sum {
    shares: Vec<Share>,
    forced: u64,
    voluntary: u64,
    requests: u64,
}

impl Sum {
    fn add(&mut self, slice: &SliceOf) {
        let weight = weight_of(slice.event, slice.before);
        self.forced += weight.forced;
        self.voluntary += weight.voluntary;
        if let EventKind::Density { density, .. } = &slice.event.kind {
            self.requests += density.requests;
            density
                .shares
                .iter()
                .for_each(|share| add_share(&mut self.shares, *share));
        } else {
            add_share(
                &mut self.shares,
                Share {
                    of: share_of(slice.event),
                    ns: slice.length(),
                    slices: 1,
                },
            );
        }
    }

    /// Time and number of the slices that belonged to somebody.
    fn owned(&self) -> (Nanos, u64) {
        let owned = self
            .shares
            .iter()
            .filter(|share| matches!(share.of, ShareOf::Thread(_)));
        owned.fold((0, 0), |(ns, count), share| (ns + share.ns, count + share.slices))
    }
}

impl Stats {
    /// Time that threads had cores, of the time of all cores: 0 to 1.
    #[must_use]
    pub fn utilisation(&self) -> f64 {
        let busy = self.cores.iter().map(|core| core.busy_ns).sum();
        ratio(busy, self.elapsed_ns.saturating_mul(self.cores.len() as u64), 0.0)
    }

    /// The statistics for another program of ours: [`Stats::from_bytes`] reads them.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// What [`Stats::to_bytes`] wrote.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Stats> {
        serde_json::from_slice(bytes).ok()
    }

    /// The statistics of what is known of a trace.
    #[must_use]
    pub fn of(trace: &Trace) -> Stats {
        let mut sums: BTreeMap<TrackKey, Sum> = BTreeMap::new();
        slices(trace, |slice| sums.entry(slice.track).or_default().add(&slice));
        let names = Names::of(trace);
        let mut stats = Stats {
            elapsed_ns: trace.end,
            ..Stats::default()
        };
        let mut idle = trace.header.cores;
        for (track, sum) in &sums {
            stats.add(*track, sum, &names, trace.end);
            if let TrackKey::Core(core) = track {
                idle = idle.max(core.0 + 1);
            }
        }
        for core in 0..idle {
            if !stats.cores.iter().any(|one| one.core == core) {
                stats.cores.push(CoreStats {
                    core,
                    busy_ns: 0,
                    idle_ns: trace.end,
                    switches: 0,
                });
            }
        }
        stats.cores.sort_by_key(|core| core.core);
        for event in &trace.events {
            if let EventKind::GilRequest { .. } = event.kind {
                let key = event.key();
                let asker = |one: &&mut ThreadStats| (one.process, one.thread) == (key.process.0, key.thread.0);
                if let Some(thread) = stats.threads.iter_mut().find(asker) {
                    thread.totals.sums.requests += 1;
                }
            }
        }
        let mut totals = Totals::default();
        stats.threads.iter().for_each(|thread| totals.add(&thread.totals));
        stats.totals = totals;
        stats
    }

    fn add(&mut self, track: TrackKey, sum: &Sum, names: &Names, end: Nanos) {
        let (held_ns, count) = sum.owned();
        match track {
            TrackKey::Core(core) => {
                self.cores.push(CoreStats {
                    core: core.0,
                    busy_ns: held_ns,
                    idle_ns: end.saturating_sub(held_ns),
                    switches: 0,
                });
            }
            TrackKey::Thread(key) => {
                let mut times_ns = [0; 9];
                for share in &sum.shares {
                    if let ShareOf::State(class) = share.of {
                        times_ns[class.index()] += share.ns;
                    }
                }
                let (process, thread) = (key.process.0, key.thread.0);
                let sums = Sums {
                    times_ns,
                    forced: sum.forced,
                    voluntary: sum.voluntary,
                    requests: sum.requests,
                    ..Sums::default()
                };
                self.threads.push(ThreadStats {
                    process,
                    thread,
                    name: names.thread(key),
                    stands_for: 1,
                    totals: Totals {
                        sums,
                        ..Totals::default()
                    },
                });
            }
            // What a loop did and its tasks waited for says nothing of threads, cores and locks.
            TrackKey::Loop(..) | TrackKey::Task(..) => {}
            TrackKey::Gil(process, gil) => {
                let free_ns = end.saturating_sub(held_ns);
                let (process, gil) = (process.0, gil.0);
                let (forced, voluntary) = (sum.forced, sum.voluntary);
                self.gils.push(GilStats {
                    process,
                    gil,
                    held_ns,
                    free_ns,
                    takes: count,
                    forced,
                    voluntary,
                });
            }
            TrackKey::Object(process, object) => {
                let name = names.object(process, object);
                self.locks.push(LockStats {
                    process: process.0,
                    object: object.0,
                    name,
                    held_ns,
                    acquired: count,
                    ..LockStats::default()
                });
            }
        }
    }
}

/// The last name of each thread and object.
pub(crate) struct Names {
    threads: BTreeMap<ThreadKey, String>,
    objects: BTreeMap<(ProcessId, ObjectId), (ObjectClass, String)>,
}

impl Names {
    pub fn of(trace: &Trace) -> Names {
        let mut names = Names {
            threads: BTreeMap::new(),
            objects: BTreeMap::new(),
        };
        for event in &trace.events {
            match &event.kind {
                EventKind::ProcessStart { .. } => {
                    names.threads.insert(event.key(), "MainThread".to_owned());
                }
                EventKind::ThreadCreated { name, .. } | EventKind::ThreadRenamed { name, .. } if !name.is_empty() => {
                    names.threads.insert(event.key(), trace.text(*name).to_owned());
                }
                EventKind::ObjectNamed { object, class, name } => {
                    let name = trace.text(*name).to_owned();
                    names.objects.insert((event.id.process, *object), (*class, name));
                }
                _ => {}
            }
        }
        names
    }

    pub fn thread(&self, key: ThreadKey) -> String {
        self.threads
            .get(&key)
            .cloned()
            .unwrap_or_else(|| format!("thread {}", key.thread.0))
    }

    pub fn object(&self, process: ProcessId, object: ObjectId) -> String {
        match self.objects.get(&(process, object)) {
            Some((_, name)) if !name.is_empty() => name.clone(),
            Some((class, _)) => format!("{} {}", class.word(), object.0),
            None => format!("lock {}", object.0),
        }
    }
}
