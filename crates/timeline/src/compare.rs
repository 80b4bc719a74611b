//! Two runs side by side: what their totals say of each other.

use crate::format::brief;
use heddle_trace::Nanos;

/// Shares that differ by less than this are told as the same, of the longer one.
const SAME: f64 = 0.0005;

/// What a person reads of two runs that took so long: "B takes 27.4 ms less: 2.0× as fast".
#[must_use]
pub fn difference(a: Nanos, b: Nanos) -> String {
    let apart = a.abs_diff(b);
    if a == b || (apart as f64) < a.max(b) as f64 * SAME {
        return match apart {
            0 => "both take the same time".to_owned(),
            apart => format!("they differ by {}", brief(apart)),
        };
    }
    let way = if b < a { "less" } else { "more" };
    let times = |long: Nanos, short: Nanos| {
        let times = long as f64 / short.max(1) as f64;
        if times < 10.0 {
            format!("{times:.2}")
        } else {
            format!("{times:.0}")
        }
    };
    let rate = if b < a {
        format!("{}\u{d7} as fast", times(a, b))
    } else {
        format!("{}\u{d7} as long", times(b, a))
    };
    format!("B takes {} {way}: {rate}", brief(apart))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn totals_are_told() {
        assert_eq!(
            difference(50_000_000, 25_000_000),
            "B takes 25.0 ms less: 2.00\u{d7} as fast"
        );
        assert_eq!(
            difference(25_000_000, 100_000_000),
            "B takes 75.0 ms more: 4.00\u{d7} as long"
        );
        assert_eq!(difference(1_000, 50_000), "B takes 49.0 \u{b5}s more: 50\u{d7} as long");
        assert_eq!(difference(7, 7), "both take the same time");
        assert_eq!(difference(0, 0), "both take the same time");
        assert_eq!(difference(100_000_000, 100_000_001), "they differ by 1 ns");
        assert!(difference(5, 0).contains("less"));
    }
}
