//! Times and durations in words, always with their unit.

use heddle_trace::Nanos;

/// A name with what cannot be seen in it, or what would turn the words around it, spelled as Python spells it: `\x1b`, `\u202e`.
pub(crate) fn visible(name: &str) -> String {
    let hidden = |c: char| {
        c.is_control()
            || matches!(c, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
    };
    let mut seen = String::with_capacity(name.len());
    for c in name.chars() {
        match u32::from(c) {
            code if hidden(c) && code < 0x100 => seen.push_str(&format!("\\x{code:02x}")),
            code if hidden(c) => seen.push_str(&format!("\\u{code:04x}")),
            _ => seen.push(c),
        }
    }
    seen
}

/// Units of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TimeUnit {
    Seconds,
    Millis,
    Micros,
    Nanos,
}

impl TimeUnit {
    const ALL: [TimeUnit; 4] = [TimeUnit::Seconds, TimeUnit::Millis, TimeUnit::Micros, TimeUnit::Nanos];

    fn ns(self) -> Nanos {
        match self {
            TimeUnit::Seconds => 1_000_000_000,
            TimeUnit::Millis => 1_000_000,
            TimeUnit::Micros => 1_000,
            TimeUnit::Nanos => 1,
        }
    }

    fn name(self) -> &'static str {
        match self {
            TimeUnit::Seconds => "s",
            TimeUnit::Millis => "ms",
            TimeUnit::Micros => "\u{b5}s",
            TimeUnit::Nanos => "ns",
        }
    }

    /// The unit of a ruler that reaches `to` in steps of `step`: the largest that needs at most two decimals.
    pub(crate) fn for_ruler(step: Nanos, to: Nanos) -> TimeUnit {
        let fits = |unit: &TimeUnit| to >= unit.ns() && step >= (unit.ns() / 100).max(1);
        TimeUnit::ALL.into_iter().find(fits).unwrap_or(TimeUnit::Nanos)
    }

    fn for_duration(ns: Nanos) -> TimeUnit {
        TimeUnit::ALL
            .into_iter()
            .find(|unit| ns >= unit.ns())
            .unwrap_or(TimeUnit::Nanos)
    }
}

/// `ns` in `unit` with this many decimals, rounded to the nearest; exact for every `u64`.
fn decimal(ns: Nanos, unit: TimeUnit, places: u32) -> String {
    let scale = 10u128.pow(places);
    let unit_ns = u128::from(unit.ns());
    let scaled = (u128::from(ns) * scale + unit_ns / 2) / unit_ns;
    let (whole, part) = (scaled / scale, scaled % scale);
    if places == 0 {
        whole.to_string()
    } else {
        format!("{whole}.{part:0width$}", width = places as usize)
    }
}

pub(crate) fn tick_label(ns: Nanos, step: Nanos, unit: TimeUnit) -> String {
    let mut places = 0;
    let mut size = unit.ns();
    while !step.is_multiple_of(size) && size >= 10 {
        size /= 10;
        places += 1;
    }
    let number = decimal(ns, unit, places);
    // "1 ms" among "0.8 ms" and "1.2 ms"; but close views keep all their digits, so that labels do not jump.
    let number = if ns < unit.ns() * 1000 && number.contains('.') && number.ends_with('0') {
        number.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        number
    };
    format!("{number} {}", unit.name())
}

/// A duration with three decimals: "5.012 ms", "850 ns", "1.250 s".
#[must_use]
pub fn duration(ns: Nanos) -> String {
    let unit = TimeUnit::for_duration(ns);
    let places = if unit == TimeUnit::Nanos { 0 } else { 3 };
    format!("{} {}", decimal(ns, unit, places), unit.name())
}

/// A duration in about three digits: "42.5 ms", "55.3 ms", "2.20 s".
#[must_use]
pub fn brief(ns: Nanos) -> String {
    let unit = TimeUnit::for_duration(ns);
    let places = match ns / unit.ns() {
        _ if unit == TimeUnit::Nanos => 0,
        0..=9 => 2,
        10..=99 => 1,
        _ => 0,
    };
    format!("{} {}", decimal(ns, unit, places), unit.name())
}

/// A moment: "23.412 ms"; from one second on "1.234567 s". To the microsecond.
#[must_use]
pub fn moment(ns: Nanos) -> String {
    if ns < TimeUnit::Seconds.ns() {
        format!("{} ms", decimal(ns, TimeUnit::Millis, 3))
    } else {
        format!("{} s", decimal(ns, TimeUnit::Seconds, 6))
    }
}

/// "25.936 → 30.948 ms": two moments in the unit of the later one.
#[must_use]
pub fn from_to(from: Nanos, to: Nanos) -> String {
    let (unit, places) = if to < TimeUnit::Seconds.ns() {
        (TimeUnit::Millis, 3)
    } else {
        (TimeUnit::Seconds, 6)
    };
    format!(
        "{} \u{2192} {} {}",
        decimal(from, unit, places),
        decimal(to, unit, places),
        unit.name()
    )
}

/// Seconds as Python code would say them: "0.5", "2", "0.00044".
#[must_use]
pub(crate) fn seconds(ns: Nanos) -> String {
    // A float's rounding is nobody's wish: of a sleep longer than a ms, µs are enough.
    let ns = if ns < 1_000_000 { ns } else { (ns + 500) / 1_000 * 1_000 };
    let text = decimal(ns, TimeUnit::Seconds, 9);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// "34 B", "3.1 KB", "8.2 MB".
#[must_use]
pub fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} B"),
        1_000..1_000_000 => format!("{:.1} KB", bytes as f64 / 1e3),
        _ => format!("{:.1} MB", bytes as f64 / 1e6),
    }
}

/// "1 thread", "3 threads".
pub(crate) fn counted(n: u64, one: &str, several: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { several })
}

/// A share of a whole in percent: "41 %"; "0 %" of nothing.
#[must_use]
pub fn percent(part: Nanos, whole: Nanos) -> String {
    let whole = u128::from(whole).max(1);
    let share = u128::from(part) * 100;
    if part > 0 && share < whole {
        "< 1 %".to_owned()
    } else {
        format!("{} %", (share + whole / 2) / whole)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words() {
        assert_eq!(duration(5_012_000), "5.012 ms");
        assert_eq!(duration(850), "850 ns");
        assert_eq!(duration(6_120), "6.120 \u{b5}s");
        assert_eq!(duration(1_250_000_000), "1.250 s");
        assert_eq!(duration(0), "0 ns");
        assert_eq!(brief(42_500_000), "42.5 ms");
        assert_eq!(brief(2_200_000_000), "2.20 s");
        assert_eq!(brief(118_000_000_000), "118 s");
        assert_eq!(moment(23_412_000), "23.412 ms");
        assert_eq!(moment(1_234_567_400), "1.234567 s");
        assert_eq!(from_to(25_936_000, 30_948_000), "25.936 \u{2192} 30.948 ms");
        assert_eq!(seconds(500_000_000), "0.5");
        assert_eq!(seconds(2_000_000_000), "2");
        assert_eq!([seconds(60_000_001), seconds(440_000)], ["0.06", "0.00044"]);
        assert_eq!(percent(41, 100), "41 %");
        assert_eq!(percent(1, 1000), "< 1 %");
        assert_eq!(percent(0, 0), "0 %");
        assert_eq!(duration(u64::MAX), "18446744073.710 s");
    }
}
