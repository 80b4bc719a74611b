//! Findings as text, for terminals.

use crate::{Findings, FunctionTimes, Hit, LineTimes, Nanos, Order, Seen};
use std::fmt::Write;

/// So many functions and hits are written.
const MOST_FUNCTIONS: usize = 30;
const MOST_WRITTEN: usize = 1_000;

impl Findings {
    /// Tables of times as cProfile and line_profiler have them, and a line for each hit.
    #[must_use]
    pub fn in_words(&self, order: &Order) -> String {
        let mut text = String::new();
        // Writing to a string cannot fail.
        if order.times {
            let _ = self.write_functions(&mut text);
            let _ = self.write_lines(&mut text);
        }
        for hit in self.hits.iter().take(MOST_WRITTEN) {
            let _ = self.write_hit(&mut text, hit, order);
        }
        let more = self.hits.len().saturating_sub(MOST_WRITTEN) as u64 + self.more_hits;
        if more > 0 {
            let _ = writeln!(text, "and {more} more");
        }
        text
    }

    fn write_functions(&self, text: &mut String) -> std::fmt::Result {
        writeln!(
            text,
            "   ncalls      tottime       waited      cumtime  function (times in ms)"
        )?;
        let mut all: Vec<&FunctionTimes> = self.functions.iter().filter(|one| one.calls > 0).collect();
        all.sort_by_key(|one| (std::cmp::Reverse(one.own_ns), &one.file, one.line));
        for one in all.iter().take(MOST_FUNCTIONS) {
            let calls = match one.outer_calls == one.calls {
                true => one.calls.to_string(),
                false => format!("{}/{}", one.calls, one.outer_calls),
            };
            let (own, waited, total) = (ms(one.own_ns), ms(one.waited_ns), ms(one.total_ns));
            let place = format!("{}:{}({})", one.file, one.line, one.function);
            writeln!(text, "{calls:>9} {own:>12} {waited:>12} {total:>12}  {place}")?;
        }
        match all.len().saturating_sub(MOST_FUNCTIONS) {
            0 => writeln!(text),
            more => writeln!(text, "and {more} more functions\n"),
        }
    }

    fn write_lines(&self, text: &mut String) -> std::fmt::Result {
        writeln!(
            text,
            "     hits         time       waited   with calls  line (times in ms)"
        )?;
        let mut all: Vec<&LineTimes> = self.lines.iter().filter(|one| one.hits > 0).collect();
        all.sort_by_key(|one| (&one.file, one.line));
        for one in all {
            let (own, waited, total) = (ms(one.own_ns), ms(one.waited_ns), ms(one.total_ns));
            writeln!(
                text,
                "{:>9} {own:>12} {waited:>12} {total:>12}  {}:{}",
                one.hits, one.file, one.line
            )?;
        }
        writeln!(text)
    }

    fn write_hit(&self, text: &mut String, hit: &Hit, order: &Order) -> std::fmt::Result {
        write!(
            text,
            "{:>12} ms  process {} thread {}  line {}: ",
            ms(hit.at),
            hit.process.0,
            hit.thread.0,
            hit.line
        )?;
        match &hit.what {
            Seen::Line(_) => writeln!(text, "comes here"),
            Seen::Write {
                variable, value, loses, ..
            } => {
                let name = order
                    .variables
                    .get(*variable as usize)
                    .map(ToString::to_string)
                    .unwrap_or_default();
                match value {
                    Some(value) => write!(text, "{name} = {value}")?,
                    None => write!(text, "del {name}")?,
                }
                if let Some(lost) = loses.and_then(|lost| self.hits.get(lost as usize)) {
                    write!(
                        text,
                        "   without having seen what thread {} wrote at {} ms",
                        lost.thread.0,
                        ms(lost.at)
                    )?;
                }
                writeln!(text)
            }
        }
    }
}

fn ms(ns: Nanos) -> String {
    format!("{}.{:06}", ns / 1_000_000, ns % 1_000_000)
}
