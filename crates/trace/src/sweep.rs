//! What a sweep measures: one point per value, and the quantities that can be plotted over them.

use crate::state::StateClass;
use crate::stats::Stats;
use serde::{Deserialize, Serialize};

/// The run with one value.
#[derive(Clone, Debug, PartialEq, Default, Serialize, Deserialize)]
pub struct Point {
    /// The value as written.
    pub value: String,
    /// The value as a number (durations in ms); `None` if it is none.
    pub x: Option<f64>,
    /// What [`Quantity`] chooses from, in the order of [`Quantity::ALL`]; the speed-up against the first value is computed later.
    pub figures: [Option<f64>; Quantity::ALL.len()],
    /// How the run ended, where it did not end well, in a sentence.
    pub problem: Option<String>,
}

/// A quantity of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Quantity {
    /// Virtual time from start to end, ms.
    Time,
    /// CPU time, ms.
    Cpu,
    /// Virtual time with the first value, divided by that with this one.
    SpeedUp,
    /// The speed-up against the run's own sequential time.
    Sequential,
    /// Amdahl's bound for the cores of the machine.
    Bound,
    /// Used part of the cores, %.
    Utilisation,
    /// Time waiting for the GIL, ms.
    GilWait,
    /// Time waiting for a core, ms.
    CoreWait,
    /// Time waiting for locks and other objects, ms.
    LockWait,
    /// Attempts that found GIL or lock taken.
    Failed,
    /// Forced switches.
    Forced,
    /// System calls.
    Calls,
    /// The last number that the program wrote to standard output.
    Printed,
}

impl Quantity {
    /// All of them.
    pub const ALL: [Quantity; 13] = [
        Quantity::Time,
        Quantity::Cpu,
        Quantity::SpeedUp,
        Quantity::Sequential,
        Quantity::Bound,
        Quantity::Utilisation,
        Quantity::GilWait,
        Quantity::CoreWait,
        Quantity::LockWait,
        Quantity::Failed,
        Quantity::Forced,
        Quantity::Calls,
        Quantity::Printed,
    ];

    /// As written on the command line and in the head of a CSV file.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Quantity::Time => "time",
            Quantity::Cpu => "cpu",
            Quantity::SpeedUp => "speed-up",
            Quantity::Sequential => "against-sequential",
            Quantity::Bound => "amdahl",
            Quantity::Utilisation => "utilisation",
            Quantity::GilWait => "gil-wait",
            Quantity::CoreWait => "core-wait",
            Quantity::LockWait => "lock-wait",
            Quantity::Failed => "failed",
            Quantity::Forced => "forced",
            Quantity::Calls => "calls",
            Quantity::Printed => "printed",
        }
    }

    /// As a person reads it.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Quantity::Time => "virtual time, ms",
            Quantity::Cpu => "CPU time, ms",
            Quantity::SpeedUp => "speed-up against the first value",
            Quantity::Sequential => "speed-up against sequential",
            Quantity::Bound => "Amdahl's bound",
            Quantity::Utilisation => "use of the cores, %",
            Quantity::GilWait => "waiting for the GIL, ms",
            Quantity::CoreWait => "waiting for a core, ms",
            Quantity::LockWait => "waiting for locks, ms",
            Quantity::Failed => "failed attempts to take GIL or lock",
            Quantity::Forced => "forced switches",
            Quantity::Calls => "system calls",
            Quantity::Printed => "last number printed",
        }
    }

    /// The quantity of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Quantity> {
        Quantity::ALL.into_iter().find(|one| one.name() == name)
    }

    /// Whether 1 means "no gain".
    #[must_use]
    pub fn is_ratio(self) -> bool {
        matches!(self, Quantity::SpeedUp | Quantity::Sequential | Quantity::Bound)
    }

    fn place(self) -> usize {
        Quantity::ALL.iter().position(|one| *one == self).unwrap_or(0)
    }

    /// Its values over a sweep.
    #[must_use]
    pub fn of(self, points: &[Point]) -> Vec<Option<f64>> {
        let figure = |point: &Point, which: Quantity| point.figures.get(which.place()).copied().flatten();
        if self != Quantity::SpeedUp {
            return points.iter().map(|point| figure(point, self)).collect();
        }
        let first = points.first().and_then(|point| figure(point, Quantity::Time));
        let against_first = |point: &Point| {
            let time = figure(point, Quantity::Time).filter(|time| *time > 0.0)?;
            Some(first? / time)
        };
        points.iter().map(against_first).collect()
    }
}

impl Point {
    /// A run's point. `printed` is the end of what it wrote to standard output.
    #[must_use]
    pub fn new(value: &str, x: Option<f64>, stats: &Stats, printed: &str, problem: Option<String>) -> Point {
        let ms = |ns: u64| Some(ns as f64 / 1e6);
        let totals = &stats.totals;
        let cores = u16::try_from(stats.cores.len()).unwrap_or(u16::MAX);
        let figures = Quantity::ALL.map(|quantity| match quantity {
            Quantity::Time => ms(stats.elapsed_ns),
            Quantity::Cpu => ms(totals.cpu_ns()),
            Quantity::SpeedUp => None,
            Quantity::Sequential => stats.speed.map(|speed| speed.speed_up()),
            Quantity::Bound => stats.speed.map(|speed| speed.bound(Some(cores))),
            Quantity::Utilisation => Some(stats.utilisation() * 100.0),
            Quantity::GilWait => ms(totals.time(StateClass::GilWait)),
            Quantity::CoreWait => ms(totals.time(StateClass::Ready)),
            Quantity::LockWait => ms(totals.time(StateClass::Blocked)),
            Quantity::Failed => Some(totals.sums.failed as f64),
            Quantity::Forced => Some(totals.sums.forced as f64),
            Quantity::Calls => Some(totals.system_calls() as f64),
            Quantity::Printed => last_number(printed),
        });
        Point {
            value: value.to_owned(),
            x,
            figures,
            problem,
        }
    }

    /// A run that could not begin.
    #[must_use]
    pub fn failed(value: &str, problem: String) -> Point {
        Point {
            value: value.to_owned(),
            problem: Some(problem),
            ..Point::default()
        }
    }
}

/// The last number of a text: digits with at most one point, perhaps a sign and an exponent.
fn last_number(text: &str) -> Option<f64> {
    let part = |c: char| c.is_ascii_digit() || matches!(c, '.' | '-' | '+' | 'e' | 'E' | '_');
    text.split(|c: char| !part(c)).rev().find_map(|word| {
        // "1.5." ends a sentence, "e" and "-" are no numbers.
        let word = word
            .trim_end_matches(['.', '-', '+', 'e', 'E'])
            .trim_start_matches(['e', 'E', '_', '+']);
        let starts = word.trim_start_matches('-').starts_with(|c: char| c.is_ascii_digit());
        let number = word.replace('_', "").parse::<f64>().ok()?;
        (starts && number.is_finite()).then_some(number)
    })
}

/// A sweep as CSV (RFC 4180): a line per value, a column per quantity; where a run did not end well, the last column says so.
#[must_use]
pub fn to_csv(over: &str, points: &[Point]) -> String {
    let mut csv = field(over);
    for quantity in Quantity::ALL {
        csv.push(',');
        csv.push_str(quantity.name());
    }
    csv.push_str(",problem\r\n");
    let columns: Vec<_> = Quantity::ALL.iter().map(|quantity| quantity.of(points)).collect();
    for (at, point) in points.iter().enumerate() {
        csv.push_str(&field(&point.value));
        for column in &columns {
            csv.push(',');
            if let Some(Some(number)) = column.get(at)
                && number.is_finite()
            {
                csv.push_str(&number.to_string());
            }
        }
        csv.push(',');
        csv.push_str(&field(point.problem.as_deref().unwrap_or("")));
        csv.push_str("\r\n");
    }
    csv
}

fn field(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}

/// A number as a person reads it: four digits that count.
#[must_use]
pub fn rounded(number: f64) -> String {
    if !number.is_finite() {
        return "no bound".to_owned();
    }
    let places = match number.abs() {
        n if n == n.trunc() && n < 1e15 => 0,
        n if n >= 1000.0 => 0,
        n if n >= 100.0 => 1,
        n if n >= 10.0 => 2,
        n if n >= 0.1 => 3,
        _ => 5,
    };
    format!("{number:.places$}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point(value: &str, ms: f64) -> Point {
        let stats = Stats {
            elapsed_ns: (ms * 1e6) as u64,
            ..Stats::default()
        };
        Point::new(value, value.parse().ok(), &stats, "took 1.5 s, or 2e-3.", None)
    }

    #[test]
    fn quantities_of_a_sweep() {
        let points = [point("1", 30.0), point("2", 20.0), Point::failed("x", "No.".into())];
        assert_eq!(Quantity::Time.of(&points), [Some(30.0), Some(20.0), None]);
        assert_eq!(Quantity::SpeedUp.of(&points), [Some(1.0), Some(1.5), None]);
        assert_eq!(Quantity::Printed.of(&points)[0], Some(2e-3));
        let csv = to_csv("a,b", &points);
        let lines: Vec<_> = csv.split("\r\n").collect();
        assert!(lines[0].starts_with("\"a,b\",time,cpu,speed-up,"));
        assert!(
            lines[2].starts_with("2,20,0,1.5,") && lines[3].ends_with(",No."),
            "{csv}"
        );
    }

    #[test]
    fn numbers_are_found_at_the_end() {
        for (text, number) in [
            ("3.0x faster", Some(3.0)),
            ("1 2 -3", Some(-3.0)),
            ("took 12 ms.\n", Some(12.0)),
            ("one\n", None),
            ("", None),
            ("1_000", Some(1000.0)),
            ("7 e", Some(7.0)),
        ] {
            assert_eq!(last_number(text), number, "{text}");
        }
    }
}
