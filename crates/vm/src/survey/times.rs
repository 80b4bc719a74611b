//! Times of functions and lines, as they would be with a profiler that costs nothing.

use super::places::{CodePlaces, NONE};
use heddle_trace::{Findings, Nanos};

/// A thread before an instruction.
#[derive(Clone, Copy, Debug)]
pub(super) struct Timed {
    pub at: Nanos,
    /// When it was last given a core and what else it needs.
    pub slice_start: Nanos,
    /// How many frames it has.
    pub depth: u32,
    pub pc: usize,
}

/// A call that is not over.
#[derive(Clone, Copy, Debug)]
struct Call {
    depth: u32,
    function: u32,
    began: Nanos,
    /// Whether it has come to its start: what is before it makes a generator, and no call of it.
    has_started: bool,
    /// The line it is in, and since when.
    row: u32,
    row_began: Nanos,
    pc: usize,
}

/// Where a thread is.
#[derive(Clone, Debug, Default)]
pub(super) struct ThreadTimes {
    calls: Vec<Call>,
    /// The instruction before: when, in which function and line.
    last: Option<(Nanos, u32, u32)>,
    /// How many calls of each function there are in `calls`.
    open: Vec<u32>,
}

impl ThreadTimes {
    pub fn step(&mut self, findings: &mut Findings, places: &CodePlaces, now: Timed) {
        self.pass(findings, now);
        let is_start = places.is_resume(now.pc);
        while let Some(top) = self.calls.last() {
            let is_another = top.function != places.function || is_start && top.has_started;
            if top.depth < now.depth || top.depth == now.depth && !is_another {
                break;
            }
            self.leave(findings, now.at);
        }
        if self.calls.last().is_none_or(|top| top.depth < now.depth) {
            self.enter(places, now);
        }
        self.go(findings, places, now, is_start);
    }

    /// The time since the instruction before is that one's.
    fn pass(&mut self, findings: &mut Findings, now: Timed) {
        let Some((then, function, row)) = self.last else { return };
        let passed = now.at.saturating_sub(then);
        let waited = now.slice_start.saturating_sub(then).min(passed);
        if let Some(times) = findings.functions.get_mut(function as usize) {
            times.own_ns += passed;
            times.waited_ns += waited;
        }
        if let Some(times) = findings.lines.get_mut(row as usize) {
            times.own_ns += passed;
            times.waited_ns += waited;
        }
    }

    fn enter(&mut self, places: &CodePlaces, now: Timed) {
        let function = places.function as usize;
        if self.open.len() <= function {
            self.open.resize(function + 1, 0);
        }
        self.open[function] += 1;
        self.calls.push(Call {
            depth: now.depth,
            function: places.function,
            began: now.at,
            has_started: false,
            row: NONE,
            row_began: now.at,
            pc: 0,
        });
    }

    fn leave(&mut self, findings: &mut Findings, at: Nanos) {
        let Some(call) = self.calls.pop() else { return };
        self.close(findings, call, at);
        if let Some(open) = self.open.get_mut(call.function as usize) {
            *open = open.saturating_sub(1);
        }
    }

    /// Adds a call's time and that of its line, as if it were over.
    fn close(&self, findings: &mut Findings, call: Call, at: Nanos) {
        let is_outermost = self.open.get(call.function as usize) == Some(&1);
        if let Some(times) = findings
            .functions
            .get_mut(call.function as usize)
            .filter(|_| is_outermost)
        {
            times.total_ns += at.saturating_sub(call.began);
        }
        if let Some(times) = findings.lines.get_mut(call.row as usize) {
            times.total_ns += at.saturating_sub(call.row_began);
        }
    }

    fn go(&mut self, findings: &mut Findings, places: &CodePlaces, now: Timed, is_start: bool) {
        let Some(call) = self.calls.last_mut() else { return };
        if is_start && !call.has_started {
            call.has_started = true;
            if let Some(times) = findings.functions.get_mut(call.function as usize) {
                times.calls += 1;
                times.outer_calls += u64::from(self.open.get(call.function as usize) == Some(&1));
            }
        }
        let row = places.row(now.pc);
        if row != NONE {
            // As for a trace function: another line, or the same one from its beginning.
            if places.begins_line(now.pc)
                && (row != call.row || now.pc <= call.pc)
                && let Some(times) = findings.lines.get_mut(row as usize)
            {
                times.hits += 1;
            }
            if row != call.row {
                if let Some(times) = findings.lines.get_mut(call.row as usize) {
                    times.total_ns += now.at.saturating_sub(call.row_began);
                }
                (call.row, call.row_began) = (row, now.at);
            }
        }
        // What follows the start of a call is a line of it.
        call.pc = if is_start { usize::MAX } else { now.pc };
        self.last = Some((now.at, call.function, call.row));
    }

    /// Adds the times of the calls that are not over, up to the thread's last instruction.
    pub fn close_all(&self, findings: &mut Findings) {
        let Some((at, ..)) = self.last else { return };
        let mut seen = self.clone();
        while let Some(call) = seen.calls.pop() {
            seen.close(findings, call, at);
            if let Some(open) = seen.open.get_mut(call.function as usize) {
                *open = open.saturating_sub(1);
            }
        }
    }
}
