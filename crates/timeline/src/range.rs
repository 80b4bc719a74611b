//! What happened in a stretch of time, in three numbers: for a range that a person selects.

use crate::model::Timeline;
use crate::track::{Slice, Track, What};
use heddle_trace::{Nanos, ShareOf};

/// A stretch of time, summed up over all cores.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RangeSummary {
    /// How long it is.
    pub length: Nanos,
    /// How often a core began to run a thread in it.
    pub switches: u64,
    /// Time that cores were busy, of `length` times the number of cores.
    pub busy: Nanos,
    /// The number of cores.
    pub cores: u16,
}

impl RangeSummary {
    /// "12.729 ms · 14 switches · 61 % busy".
    #[must_use]
    pub fn words(&self) -> String {
        let plural = if self.switches == 1 { "" } else { "es" };
        let all = self.length.saturating_mul(u64::from(self.cores.max(1)));
        format!(
            "{} \u{b7} {} switch{plural} \u{b7} {} busy",
            crate::format::duration(self.length),
            self.switches,
            crate::format::percent(self.busy, all.max(1)),
        )
    }
}

impl Timeline {
    /// What the cores did from one moment to another.
    #[must_use]
    pub fn range_summary(&self, from: Nanos, to: Nanos) -> RangeSummary {
        let mut summary = RangeSummary {
            length: to.saturating_sub(from),
            cores: self.core_count,
            ..RangeSummary::default()
        };
        for track in self.cores.values() {
            add(track, from, to, &mut summary);
        }
        summary
    }
}

fn add(track: &Track, from: Nanos, to: Nanos, summary: &mut RangeSummary) {
    let (first, last) = (track.first_after(from), track.first_from(to));
    for slice in track.slices().get(first..last.max(first)).unwrap_or_default() {
        let inside = slice.end.min(to).saturating_sub(slice.start.max(from));
        let (busy, begun) = of_slice(slice);
        // Of a merged stretch, its share.
        let share = inside as f64 / slice.length().max(1) as f64;
        summary.busy = summary.busy.saturating_add((busy as f64 * share) as Nanos);
        summary.switches += match slice.what {
            What::Density(_) => (begun as f64 * share) as u64,
            _ if slice.start >= from => begun,
            _ => 0,
        };
    }
}

/// Of a core's slice: its busy time and how many turns begin in it.
fn of_slice(slice: &Slice) -> (Nanos, u64) {
    match &slice.what {
        What::Owned(_) => (slice.length(), 1),
        What::Density(density) => {
            let shares = density.shares.iter().filter(|share| share.of != ShareOf::Nobody);
            // Idle and busy stretches alternate.
            (shares.map(|share| share.ns).sum(), density.slices.div_ceil(2))
        }
        _ => (0, 0),
    }
}
