//! Statistics for people's terminals and for other programs.

use crate::ids::{Nanos, ProcessId};
use crate::state::StateClass;
use crate::stats::{Stats, Totals};
use std::fmt::{Result, Write};

/// How many locks, waits and system calls a table shows; JSON has them all.
const ROWS: usize = 20;

impl Stats {
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
        for rows in ["threads", "processes"] {
            if let Some(rows) = value.get_mut(rows).and_then(|rows| rows.as_array_mut()) {
                rows.iter_mut().for_each(name_times);
            }
        }
        if let Some(totals) = value.get_mut("totals") {
            name_times(totals);
        }
        if let (Some(speed), Some(object)) = (self.speed, value.as_object_mut()) {
            let cores = u16::try_from(self.cores.len()).unwrap_or(u16::MAX);
            let limit = speed.bound(None);
            let derived = serde_json::json!({
                "utilisation": self.utilisation(),
                "sequential_ns": speed.sequential_ns(),
                "speed_up": speed.speed_up(),
                "serial_part": speed.serial_part(),
                "amdahl_bound": speed.bound(Some(cores)),
                "amdahl_limit": if limit.is_finite() { Some(limit) } else { None },
            });
            object.insert("derived".to_owned(), derived);
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

    fn write_text(&self, out: &mut String) -> Result {
        writeln!(out, "elapsed {} ms of virtual time", ms(self.elapsed_ns))?;
        self.write_speed(out)?;
        writeln!(
            out,
            "\n{:<26}{:>12}{:>12}{:>10}{:>10}",
            "core", "busy", "idle", "used", "switches"
        )?;
        for core in &self.cores {
            let used = percent(core.busy_ns, self.elapsed_ns);
            let name = format!("core {}", core.core);
            let (busy, idle) = (ms(core.busy_ns), ms(core.idle_ns));
            writeln!(out, "{name:<26}{busy:>12}{idle:>12}{used:>10}{:>10}", core.switches)?;
        }
        self.write_threads(out)?;
        self.write_gils_and_locks(out)?;
        self.write_waits(out)?;
        if !self.totals.calls.is_empty() {
            writeln!(out, "\n{:<26}{:>12}", "system call", "count")?;
        }
        for calls in self.totals.calls.iter().take(ROWS) {
            writeln!(out, "{:<26}{:>12}", calls.name, calls.count)?;
        }
        left_out(out, self.totals.calls.len())
    }

    fn write_speed(&self, out: &mut String) -> Result {
        let Some(speed) = self.speed else { return Ok(()) };
        let cores = u16::try_from(self.cores.len()).unwrap_or(u16::MAX);
        let used = self.utilisation() * 100.0;
        writeln!(
            out,
            "CPU time {} ms, {used:.1} % of {cores} core{}",
            ms(self.totals.cpu_ns()),
            if cores == 1 { "" } else { "s" }
        )?;
        writeln!(
            out,
            "speed-up {:.2} against {} ms on one core without contention",
            speed.speed_up(),
            ms(speed.sequential_ns())
        )?;
        let bound = speed.bound(Some(cores));
        let limit = speed.bound(None);
        let limit = if limit.is_finite() {
            format!("{limit:.2}")
        } else {
            "no bound".to_owned()
        };
        let serial = speed.serial_part() * 100.0;
        writeln!(
            out,
            "Amdahl's bound {bound:.2} on {cores}, {limit} on any number of cores: {serial:.1} % is serial"
        )
    }

    fn write_threads(&self, out: &mut String) -> Result {
        let used = |class: &StateClass| self.totals.time(*class) > 0;
        let classes: Vec<_> = StateClass::ALL
            .into_iter()
            .filter(|class| *class != StateClass::Finished && used(class))
            .collect();
        write!(out, "\n{:<26}", "thread")?;
        for class in &classes {
            write!(out, "{:>12}", class.word())?;
        }
        writeln!(
            out,
            "{:>12}{:>9}{:>11}{:>10}{:>8}",
            "holds GIL", "forced", "voluntary", "requests", "failed"
        )?;
        let row = |out: &mut String, name: &str, totals: &Totals| {
            write!(out, "{:<26}", shorten(name, 25))?;
            for class in &classes {
                write!(out, "{:>12}", ms(totals.time(*class)))?;
            }
            writeln!(
                out,
                "{:>12}{:>9}{:>11}{:>10}{:>8}",
                ms(totals.sums.gil_ns),
                totals.sums.forced,
                totals.sums.voluntary,
                totals.sums.requests,
                totals.sums.failed
            )
        };
        let several = self.processes.len() > 1;
        for process in &self.processes {
            if several {
                row(
                    out,
                    &format!("process {}: {}", ProcessId(process.process).number(), process.name),
                    &process.totals,
                )?;
            }
            for thread in self.threads.iter().filter(|thread| thread.process == process.process) {
                row(out, &thread.name, &thread.totals)?;
            }
        }
        if self.processes.is_empty() {
            for thread in &self.threads {
                row(out, &thread.name, &thread.totals)?;
            }
        }
        if self.threads.len() > 1 {
            row(out, "all", &self.totals)?;
        }
        Ok(())
    }

    fn write_gils_and_locks(&self, out: &mut String) -> Result {
        if !self.gils.is_empty() {
            writeln!(
                out,
                "\n{:<26}{:>12}{:>12}{:>12}{:>9}{:>11}",
                "GIL", "held", "free", "taken", "forced", "voluntary"
            )?;
        }
        for gil in &self.gils {
            let name = match gil.gil {
                0 => format!("process {}", ProcessId(gil.process).number()),
                number => format!("process {}, GIL {number}", ProcessId(gil.process).number()),
            };
            let (held, free) = (ms(gil.held_ns), ms(gil.free_ns));
            writeln!(
                out,
                "{name:<26}{held:>12}{free:>12}{:>12}{:>9}{:>11}",
                gil.takes, gil.forced, gil.voluntary
            )?;
        }
        let mut locks: Vec<_> = self.locks.iter().filter(|lock| lock.is_of_interest()).collect();
        locks.sort_by_key(|lock| std::cmp::Reverse(lock.waited_ns));
        if !locks.is_empty() {
            writeln!(
                out,
                "\n{:<26}{:>12}{:>12}{:>12}{:>12}",
                "lock, waited for", "held", "acquired", "waited", "waits"
            )?;
        }
        for lock in locks.iter().take(ROWS) {
            let name = shorten(&lock.name, 25);
            let (held, waited) = (ms(lock.held_ns), ms(lock.waited_ns));
            writeln!(
                out,
                "{name:<26}{held:>12}{:>12}{waited:>12}{:>12}",
                lock.acquired, lock.waits
            )?;
        }
        left_out(out, locks.len())
    }

    /// Which thread waited for which lock.
    fn write_waits(&self, out: &mut String) -> Result {
        let mut all: Vec<_> = self
            .threads
            .iter()
            .flat_map(|thread| thread.totals.waits.iter().map(move |waited| (thread, waited)))
            .collect();
        all.sort_by_key(|(_, waited)| std::cmp::Reverse(waited.ns));
        if !all.is_empty() {
            writeln!(
                out,
                "\n{:<26}{:<26}{:>12}{:>12}",
                "thread", "waited for", "time", "times"
            )?;
        }
        for (thread, waited) in all.iter().take(ROWS) {
            let (who, what) = (shorten(&thread.name, 25), shorten(&waited.name, 25));
            writeln!(out, "{who:<26}{what:<26}{:>12}{:>12}", ms(waited.ns), waited.times)?;
        }
        left_out(out, all.len())
    }
}

fn left_out(out: &mut String, rows: usize) -> Result {
    match rows.saturating_sub(ROWS) {
        0 => Ok(()),
        more => writeln!(out, "and {more} more"),
    }
}

fn ms(ns: Nanos) -> String {
    format!("{}.{:03}", ns / 1_000_000, ns / 1_000 % 1_000)
}

fn percent(part: Nanos, whole: Nanos) -> String {
    format!("{:.1} %", crate::stats::ratio(part, whole, 0.0) * 100.0)
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
