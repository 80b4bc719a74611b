//! From virtual time to pixels and back: zoom at the pointer, pan, and the ruler's ticks.

use crate::format::{TimeUnit, tick_label};
use heddle_trace::Nanos;

/// The closest view: this many nanoseconds to a pixel.
const MIN_NS_PER_PX: f64 = 0.05;
/// Ticks with a label are at least this far apart.
const MIN_TICK_PX: f64 = 84.0;
/// A view has at most this many marks, however wide it claims to be.
const MAX_TICKS: usize = 10_000;
/// A view of everything leaves this share of its width empty at the right.
const MARGIN: f64 = 0.02;

/// Which stretch of time is in view, and how wide.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TimeScale {
    /// The moment at the left edge, in ns; never negative.
    pub from_ns: f64,
    /// Nanoseconds per pixel.
    pub ns_per_px: f64,
    /// The width of the view in px.
    pub width_px: f64,
}

/// A mark on the ruler.
#[derive(Clone, Debug, PartialEq)]
pub struct Tick {
    /// Where, in px from the left edge.
    pub x: f64,
    /// When.
    pub ns: Nanos,
    /// "5 ms"; `None` for a small mark between two labels.
    pub label: Option<String>,
}

impl TimeScale {
    /// Everything from 0 to `extent_ns`, with a little air at the right.
    #[must_use]
    pub fn fit(extent_ns: Nanos, width_px: f64) -> Self {
        let width_px = width_px.max(1.0);
        let ns_per_px = ((extent_ns.max(1) as f64) * (1.0 + MARGIN) / width_px).max(MIN_NS_PER_PX);
        TimeScale {
            from_ns: 0.0,
            ns_per_px,
            width_px,
        }
    }

    /// Exactly this stretch (clamped as by [`TimeScale::clamp`]).
    #[must_use]
    pub fn of_range(from_ns: Nanos, to_ns: Nanos, extent_ns: Nanos, width_px: f64) -> Self {
        let width_px = width_px.max(1.0);
        let ns_per_px = (to_ns.saturating_sub(from_ns).max(1) as f64) / width_px;
        TimeScale {
            from_ns: from_ns as f64,
            ns_per_px,
            width_px,
        }
        .clamp(extent_ns)
    }

    /// A slice with some of its surroundings, as a double click shows it.
    #[must_use]
    pub fn around(start: Nanos, end: Nanos, extent_ns: Nanos, width_px: f64) -> Self {
        let air = (end.saturating_sub(start) / 5).max(1);
        Self::of_range(start.saturating_sub(air), end.saturating_add(air), extent_ns, width_px)
    }

    /// The moment at the right edge, in ns.
    #[must_use]
    pub fn to_ns(&self) -> f64 {
        self.from_ns + self.width_px * self.ns_per_px
    }

    /// Where a moment is, in px from the left edge.
    #[must_use]
    pub fn px(&self, ns: Nanos) -> f64 {
        (ns as f64 - self.from_ns) / self.ns_per_px
    }

    /// The moment at a place, rounded to a nanosecond; never negative.
    #[must_use]
    pub fn ns(&self, px: f64) -> Nanos {
        // `as` saturates: negative becomes 0, too large the maximum.
        (self.from_ns + px * self.ns_per_px + 0.5) as Nanos
    }

    /// The whole nanoseconds in view, from and to.
    #[must_use]
    pub fn range(&self) -> (Nanos, Nanos) {
        (self.from_ns as Nanos, (self.to_ns() + 1.0) as Nanos)
    }

    /// Zooms by `factor` (above 1: closer) so that what is at `px` stays there.
    #[must_use]
    pub fn zoom(self, px: f64, factor: f64, extent_ns: Nanos) -> Self {
        if !(factor.is_finite() && factor > 0.0) {
            return self;
        }
        let at = self.from_ns + px * self.ns_per_px;
        let most = Self::fit(extent_ns, self.width_px).ns_per_px;
        let ns_per_px = (self.ns_per_px / factor).clamp(MIN_NS_PER_PX, most.max(MIN_NS_PER_PX));
        TimeScale {
            from_ns: at - px * ns_per_px,
            ns_per_px,
            ..self
        }
        .clamp(extent_ns)
    }

    /// Moves the view so that what was at 0 is at `px`: a drag.
    #[must_use]
    pub fn pan(self, px: f64, extent_ns: Nanos) -> Self {
        TimeScale {
            from_ns: self.from_ns - px * self.ns_per_px,
            ..self
        }
        .clamp(extent_ns)
    }

    /// The same stretch in another width; the left edge stays.
    #[must_use]
    pub fn resize(self, width_px: f64, extent_ns: Nanos) -> Self {
        TimeScale {
            width_px: width_px.max(1.0),
            ..self
        }
        .clamp(extent_ns)
    }

    /// The view moved by as little as brings a moment into its middle four fifths.
    #[must_use]
    pub fn reveal(self, ns: Nanos, extent_ns: Nanos) -> Self {
        let (x, low, high) = (self.px(ns), self.width_px * 0.1, self.width_px * 0.9);
        if x < low {
            self.pan(low - x, extent_ns)
        } else if x > high {
            self.pan(high - x, extent_ns)
        } else {
            self
        }
    }

    /// The same view within 0 and the extent (with its margin), no wider than everything and no closer than allowed.
    #[must_use]
    pub fn clamp(self, extent_ns: Nanos) -> Self {
        let all = Self::fit(extent_ns, self.width_px);
        let ns_per_px = if self.ns_per_px.is_finite() {
            self.ns_per_px
        } else {
            all.ns_per_px
        };
        let ns_per_px = ns_per_px.clamp(MIN_NS_PER_PX, all.ns_per_px);
        let last = (all.to_ns() - self.width_px * ns_per_px).max(0.0);
        let from_ns = if self.from_ns.is_finite() {
            self.from_ns.clamp(0.0, last)
        } else {
            0.0
        };
        TimeScale {
            from_ns,
            ns_per_px,
            ..self
        }
    }

    /// The ruler: labels at steps of 1, 2 or 5, small marks between.
    #[must_use]
    pub fn ticks(&self) -> Vec<Tick> {
        let (step, parts) = step_for(self.ns_per_px * MIN_TICK_PX);
        let unit = TimeUnit::for_ruler(step, self.to_ns() as Nanos);
        let small = (step / parts).max(1);
        let (from, to) = self.range();
        let mut ticks = Vec::new();
        let mut ns = from / step * step;
        while ns <= to && ticks.len() < MAX_TICKS {
            let x = self.px(ns);
            if x >= -MIN_TICK_PX {
                let label = ns.is_multiple_of(step).then(|| tick_label(ns, step, unit));
                ticks.push(Tick { x, ns, label });
            }
            let Some(next) = ns.checked_add(small) else { break };
            ns = next;
        }
        ticks
    }
}

/// The smallest step of the form 1, 2 or 5 times a power of ten that is not below `least` ns, and into how many parts
/// it is divided.
fn step_for(least: f64) -> (Nanos, Nanos) {
    let mut power: Nanos = 1;
    loop {
        for (factor, parts) in [(1, 5), (2, 4), (5, 5)] {
            let Some(step) = power.checked_mul(factor) else {
                return (Nanos::MAX, 1);
            };
            if step as f64 >= least {
                return (step, parts.min(step));
            }
        }
        let Some(next) = power.checked_mul(10) else {
            return (Nanos::MAX, 1);
        };
        power = next;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zoom_keeps_the_pointer() {
        let scale = TimeScale::fit(50_000_000, 1000.0);
        let at = scale.ns(700.0);
        let near = scale.zoom(700.0, 8.0, 50_000_000);
        assert!((near.px(at) - 700.0).abs() < 0.01);
        assert!((near.ns_per_px * 8.0 - scale.ns_per_px).abs() < 1e-6);
        let far = near.zoom(700.0, 1e-9, 50_000_000);
        assert_eq!(far, scale);
        assert_eq!(near.zoom(1.0, f64::NAN, 50_000_000), near);
        assert!(near.zoom(700.0, 1e30, 50_000_000).ns_per_px >= MIN_NS_PER_PX);
    }

    #[test]
    fn pan_is_clamped() {
        let scale = TimeScale::of_range(10_000_000, 20_000_000, 50_000_000, 1000.0);
        assert_eq!(scale.pan(1e12, 50_000_000).from_ns, 0.0);
        let right = scale.pan(-1e12, 50_000_000);
        assert!((right.to_ns() - 51_000_000.0).abs() < 1.0);
        assert!((scale.pan(100.0, 50_000_000).from_ns - 9_000_000.0).abs() < 1e-3);
    }

    #[test]
    fn ruler_labels() {
        let labels = |from, to, width| {
            let ticks = TimeScale::of_range(from, to, to.max(1) * 2, width).ticks();
            let labels: Vec<_> = ticks
                .into_iter()
                .filter(|t| t.x >= 0.0)
                .filter_map(|t| t.label)
                .collect();
            labels.join("|")
        };
        assert_eq!(
            labels(0, 42_500_000, 1231.0),
            "0 ms|5 ms|10 ms|15 ms|20 ms|25 ms|30 ms|35 ms|40 ms"
        );
        assert_eq!(
            labels(0, 2_200_000, 1231.0),
            "0 ms|0.2 ms|0.4 ms|0.6 ms|0.8 ms|1 ms|1.2 ms|1.4 ms|1.6 ms|1.8 ms|2 ms|2.2 ms"
        );
        assert_eq!(labels(0, 3_000_000_000, 400.0), "0 s|1 s|2 s|3 s");
        assert_eq!(
            labels(1_000_000, 1_000_500, 500.0),
            "1000.0 \u{b5}s|1000.1 \u{b5}s|1000.2 \u{b5}s|1000.3 \u{b5}s|1000.4 \u{b5}s|1000.5 \u{b5}s"
        );
        assert_eq!(labels(0, 30, 300.0), "0 ns|10 ns|20 ns|30 ns");
    }

    #[test]
    fn hostile_sizes() {
        for scale in [
            TimeScale::fit(0, 0.0),
            TimeScale::fit(u64::MAX, 1e9),
            TimeScale {
                from_ns: f64::NAN,
                ns_per_px: f64::INFINITY,
                width_px: 100.0,
            }
            .clamp(u64::MAX),
        ] {
            assert!(scale.ticks().len() <= MAX_TICKS);
            assert!(scale.from_ns >= 0.0 && scale.px(u64::MAX).is_finite());
        }
    }
}
