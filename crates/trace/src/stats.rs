//! Where the time went: per core, thread, GIL and lock. Exact also where the trace was folded.

use crate::event::{EventKind, ObjectClass, Share, ShareOf};
use crate::fold::{add_share, share_of, weight_of};
use crate::ids::{Nanos, ObjectId, ProcessId, ThreadKey, TrackKey};
use crate::slices::{SliceOf, slices};
use crate::state::StateClass;
use crate::trace::Trace;
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt::Write;

/// A core.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize)]
pub struct CoreStats {
    /// Its number.
    pub core: u16,
    /// Time it ran a thread, ns.
    pub busy_ns: Nanos,
    /// Time it ran nothing, ns.
    pub idle_ns: Nanos,
}

/// A thread.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize)]
pub struct ThreadStats {
    /// Its process.
    pub process: u32,
    /// Its number there.
    pub thread: u32,
    /// Its name.
    pub name: String,
    /// Time by class of states in ns, in the order of [`StateClass::ALL`].
    pub times_ns: [Nanos; 9],
    /// How often it stopped running because it had to.
    pub forced: u64,
    /// How often because it waited for something.
    pub voluntary: u64,
    /// How often it asked for the GIL.
    pub requests: u64,
}

/// A GIL.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize)]
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
    /// How often it was let go on request.
    pub forced: u64,
    /// How often because its holder was about to wait or ended.
    pub voluntary: u64,
}

/// A lock.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize)]
pub struct LockStats {
    /// Its process.
    pub process: u32,
    /// Its number there.
    pub object: u32,
    /// Its name, or its class and number.
    pub name: String,
    /// Time somebody held it, ns.
    pub held_ns: Nanos,
    /// How often it was acquired.
    pub acquired: u64,
}

/// The statistics of a trace.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize)]
pub struct Stats {
    /// How long the run took, in virtual ns.
    pub elapsed_ns: Nanos,
    /// The cores, those of the machine that never ran included.
    pub cores: Vec<CoreStats>,
    /// The threads, by process and number.
    pub threads: Vec<ThreadStats>,
    /// The GILs.
    pub gils: Vec<GilStats>,
    /// The locks that were acquired.
    pub locks: Vec<LockStats>,
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
                });
            }
        }
        stats.cores.sort_by_key(|core| core.core);
        for event in &trace.events {
            if let EventKind::GilRequest { .. } = event.kind {
                let key = event.key();
                let asker = |one: &&mut ThreadStats| (one.process, one.thread) == (key.process.0, key.thread.0);
                if let Some(thread) = stats.threads.iter_mut().find(asker) {
                    thread.requests += 1;
                }
            }
        }
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
                let (forced, voluntary, requests) = (sum.forced, sum.voluntary, sum.requests);
                self.threads.push(ThreadStats {
                    process,
                    thread,
                    name: names.thread(key),
                    times_ns,
                    forced,
                    voluntary,
                    requests,
                });
            }
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
                });
            }
        }
    }

    /// The statistics as JSON, on several lines.
    #[must_use]
    pub fn to_json(&self) -> String {
        self.to_json_with("", &[])
    }

    /// The same with an object of counts under a name of its own, if there are any.
    #[must_use]
    pub fn to_json_with(&self, name: &str, counts: &[(&str, u64)]) -> String {
        let mut value = serde_json::to_value(self).unwrap_or_default();
        if let Some(all) = value.as_object_mut().filter(|_| !counts.is_empty()) {
            let counts = counts.iter().map(|&(name, count)| (name.to_owned(), count.into()));
            all.insert(name.to_owned(), serde_json::Value::Object(counts.collect()));
        }
        if let Some(threads) = value.get_mut("threads").and_then(|threads| threads.as_array_mut()) {
            for thread in threads {
                name_times(thread);
            }
        }
        serde_json::to_string_pretty(&value).unwrap_or_default()
    }

    /// The statistics as tables for a terminal. Times are in ms.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut text = String::new();
        // Writing into a String does not fail.
        let _ = self.write_text(&mut text);
        text
    }

    fn write_text(&self, out: &mut String) -> std::fmt::Result {
        let ms = |ns: Nanos| format!("{}.{:03}", ns / 1_000_000, ns / 1_000 % 1_000);
        writeln!(out, "elapsed {} ms of virtual time", ms(self.elapsed_ns))?;
        writeln!(out, "\n{:<26}{:>12}{:>12}", "core", "busy", "idle")?;
        for core in &self.cores {
            writeln!(
                out,
                "{:<26}{:>12}{:>12}",
                format!("core {}", core.core),
                ms(core.busy_ns),
                ms(core.idle_ns)
            )?;
        }
        let used = |class: &StateClass| self.threads.iter().any(|thread| thread.times_ns[class.index()] > 0);
        let classes: Vec<_> = StateClass::ALL
            .into_iter()
            .filter(|class| *class != StateClass::Finished && used(class))
            .collect();
        write!(out, "\n{:<26}", "thread")?;
        for class in &classes {
            write!(out, "{:>12}", class.word())?;
        }
        writeln!(out, "{:>9}{:>11}{:>10}", "forced", "voluntary", "requests")?;
        for thread in &self.threads {
            write!(out, "{:<26}", shorten(&thread.name, 25))?;
            for class in &classes {
                write!(out, "{:>12}", ms(thread.times_ns[class.index()]))?;
            }
            writeln!(
                out,
                "{:>9}{:>11}{:>10}",
                thread.forced, thread.voluntary, thread.requests
            )?;
        }
        if !self.gils.is_empty() {
            writeln!(
                out,
                "\n{:<26}{:>12}{:>12}{:>12}{:>9}{:>11}",
                "GIL", "held", "free", "taken", "forced", "voluntary"
            )?;
        }
        for gil in &self.gils {
            let name = format!("process {}", gil.process);
            let (held, free) = (ms(gil.held_ns), ms(gil.free_ns));
            writeln!(
                out,
                "{name:<26}{held:>12}{free:>12}{:>12}{:>9}{:>11}",
                gil.takes, gil.forced, gil.voluntary
            )?;
        }
        if !self.locks.is_empty() {
            writeln!(out, "\n{:<26}{:>12}{:>12}", "lock", "held", "acquired")?;
        }
        for lock in &self.locks {
            writeln!(
                out,
                "{:<26}{:>12}{:>12}",
                shorten(&lock.name, 25),
                ms(lock.held_ns),
                lock.acquired
            )?;
        }
        Ok(())
    }
}

/// Gives the nine times of a thread their names.
fn name_times(thread: &mut serde_json::Value) {
    let Some(times) = thread.get("times_ns").and_then(|times| times.as_array()) else {
        return;
    };
    let named: serde_json::Map<_, _> = StateClass::ALL
        .into_iter()
        .map(|class| class.word().to_owned())
        .zip(times.iter().cloned())
        .collect();
    if let Some(all) = thread.as_object_mut() {
        all.insert("times_ns".to_owned(), named.into());
    }
}

fn shorten(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let mut short: String = text.chars().take(most - 1).collect();
    short.push('\u{2026}');
    short
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
