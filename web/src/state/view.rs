//! What of the timeline is in sight, at which moment, and what is selected.

use heddle_timeline::{LaneKey, SliceRef, TimeScale};

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
        }
    }
}
