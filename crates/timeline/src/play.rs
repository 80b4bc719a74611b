//! Play as an animation: how far the moment t goes in a stretch of real time.

use heddle_trace::Nanos;

/// A whole run takes this long to play, where that is chosen, ms.
const WHOLE_MS: f64 = 10_000.0;

/// How fast virtual time goes by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Rate {
    /// The whole run in ten seconds.
    #[default]
    Whole,
    /// As fast as real time.
    Real,
    /// A tenth of that.
    Tenth,
    /// A hundredth.
    Hundredth,
    /// A thousandth.
    Thousandth,
    /// From event to event.
    Events,
}

impl Rate {
    /// All of them, the fastest of the fixed ones first.
    pub const ALL: [Rate; 6] = [
        Rate::Whole,
        Rate::Real,
        Rate::Tenth,
        Rate::Hundredth,
        Rate::Thousandth,
        Rate::Events,
    ];

    /// A few letters for a menu.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Rate::Whole => "in 10 s",
            Rate::Real => "1\u{d7}",
            Rate::Tenth => "0.1\u{d7}",
            Rate::Hundredth => "0.01\u{d7}",
            Rate::Thousandth => "0.001\u{d7}",
            Rate::Events => "events",
        }
    }

    /// Its name in a menu's values.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Rate::Whole => "whole",
            Rate::Real => "1",
            Rate::Tenth => "0.1",
            Rate::Hundredth => "0.01",
            Rate::Thousandth => "0.001",
            Rate::Events => "events",
        }
    }

    /// The rate of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Rate> {
        Rate::ALL.into_iter().find(|rate| rate.name() == name)
    }

    /// How much of a run of this length goes by in so many ms of real time, in ns of virtual time, at least 1; `None` where t jumps from event to
    /// event.
    #[must_use]
    pub fn advance(self, length: Nanos, real_ms: f64) -> Option<Nanos> {
        let ns_per_ms = match self {
            Rate::Whole => length as f64 / WHOLE_MS,
            Rate::Real => 1e6,
            Rate::Tenth => 1e5,
            Rate::Hundredth => 1e4,
            Rate::Thousandth => 1e3,
            Rate::Events => return None,
        };
        // `as` saturates, and makes 0 of what is no number.
        Some(((ns_per_ms * real_ms.max(0.0)) as Nanos).max(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_virtual_time_by_real_time() {
        assert_eq!(Rate::Whole.advance(50_000_000, 10_000.0), Some(50_000_000));
        assert_eq!(Rate::Whole.advance(50_000_000, 100.0), Some(500_000));
        assert_eq!(Rate::Real.advance(7, 1000.0), Some(1_000_000_000));
        assert_eq!(Rate::Hundredth.advance(7, 33.0), Some(330_000));
        assert_eq!(Rate::Thousandth.advance(7, 1000.0), Some(1_000_000));
        assert_eq!(Rate::Events.advance(7, 33.0), None);
        // It always gets on.
        for rate in Rate::ALL.into_iter().filter(|rate| *rate != Rate::Events) {
            for ms in [0.0, -5.0, f64::NAN] {
                assert_eq!(rate.advance(0, ms), Some(1));
            }
        }
    }

    #[test]
    fn names_lead_back() {
        assert!(Rate::ALL.into_iter().all(|rate| Rate::named(rate.name()) == Some(rate)));
        assert_eq!(Rate::named("2"), None);
    }
}
