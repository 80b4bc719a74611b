//! What of the timeline is in sight, at which moment, and what is selected.

use heddle_scenario::View as Shared;
use heddle_timeline::{LaneKey, Rate, SliceRef, TimeScale};
use heddle_trace::{ProcessId, ThreadId, ThreadKey};

/// What is selected on the timeline.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct Selection {
    /// The row.
    pub lane: Option<LaneKey>,
    /// The slice on it.
    pub slice: Option<SliceRef>,
    /// A range of time that was drawn with Shift, from and to in ns.
    pub range: Option<(u64, u64)>,
}

/// The timeline's view.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct View {
    /// The stretch of time; `None` shows the whole run, also while it grows.
    pub scale: Option<TimeScale>,
    /// How far the tracks are scrolled, in px.
    pub scroll: f64,
    /// The moment t in ns.
    pub moment: u64,
    /// What is selected.
    pub selection: Selection,
    /// Whether arrows are drawn.
    pub arrows: bool,
    /// Whether the table is shown in place of the canvas.
    pub table: bool,
    /// Whether t moves by itself.
    pub playing: bool,
    /// What an opened link wants to be seen, once the run that it leads to is over.
    pub wanted: Option<Shared>,
    /// How fast; `None` until somebody has chosen: then the whole run in ten seconds, or with reduced motion by event.
    pub rate: Option<Rate>,
    /// How far the tracks of the run that was kept are scrolled, in px.
    pub kept_scroll: f64,
}

impl View {
    /// As a link carries it: the moment, the stretch of time (nothing for the whole run) and the selected thread.
    pub fn shared(&self) -> Shared {
        let selected = match self.selection.lane {
            Some(LaneKey::Thread(key)) => Some((key.process.0, key.thread.0)),
            _ => None,
        };
        Shared {
            from_ns: self.scale.map_or(0, |scale| scale.from_ns.max(0.0) as u64),
            to_ns: self.scale.map_or(0, |scale| scale.to_ns().max(0.0) as u64),
            moment_ns: Some(self.moment),
            selected,
        }
    }

    /// Shows what the link wanted on a timeline that ends at `extent_ns` and is `width_px` wide.
    pub fn restore(&mut self, extent_ns: u64, width_px: f64) {
        let Some(wanted) = self.wanted.take() else {
            return;
        };
        if let Some(moment) = wanted.moment_ns {
            self.moment = moment.min(extent_ns);
        }
        self.scale = (wanted.from_ns < wanted.to_ns)
            .then(|| TimeScale::of_range(wanted.from_ns, wanted.to_ns, extent_ns, width_px));
        self.selection.lane = wanted.selected.map(|(process, thread)| {
            LaneKey::Thread(ThreadKey {
                process: ProcessId(process),
                thread: ThreadId(thread),
            })
        });
    }
}

impl Default for View {
    fn default() -> Self {
        View {
            scale: None,
            scroll: 0.0,
            moment: 0,
            selection: Selection::default(),
            arrows: true,
            table: false,
            playing: false,
            wanted: None,
            rate: None,
            kept_scroll: 0.0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shared_is_what_is_restored() {
        let key = ThreadKey {
            process: ProcessId(1),
            thread: ThreadId(2),
        };
        let mut view = View {
            moment: 3_000,
            scale: Some(TimeScale::of_range(2_000, 4_000, 10_000, 500.0)),
            ..View::default()
        };
        view.selection.lane = Some(LaneKey::Thread(key));
        let shared = view.shared();
        let mut other = View {
            wanted: Some(shared),
            ..View::default()
        };
        other.restore(10_000, 500.0);
        assert_eq!((other.shared(), other.wanted), (shared, None));
        // A later version may end the run earlier.
        other.wanted = Some(shared);
        other.restore(2_500, 500.0);
        assert_eq!(other.moment, 2_500);
        assert_eq!(View::default().shared().to_ns, 0);
        let before = other;
        other.restore(10, 10.0);
        assert_eq!(other, before);
    }
}
