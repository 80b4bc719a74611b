//! The whole run in a strip: one thin row per thread, then per task, in each px what it mostly did.

use crate::model::Timeline;
use crate::track::{Slice, Totals, Track, add_kinds};
use crate::vocabulary::Token;
use heddle_trace::{Nanos, StateClass};

/// The least height of a row; with more threads than fit, the later ones are left out. Of too many tasks some are shown, evenly spread.
const ROW_PX: f64 = 2.0;
const CELL_PX: f64 = 1.0;

/// A stretch of one row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MiniBar {
    /// Its left edge.
    pub x: f64,
    /// Its upper edge.
    pub y: f64,
    /// Its width.
    pub w: f64,
    /// Its height.
    pub h: f64,
    /// Its colour.
    pub token: Token,
}

impl Timeline {
    /// The strip for a width and height in px; its time goes from 0 to [`Timeline::extent`].
    #[must_use]
    pub fn minimap(&self, width: f64, height: f64) -> Vec<MiniBar> {
        let tracks = self.minimap_tracks(height);
        let pitch = height / tracks.len().max(1) as f64;
        let ns_per_px = self.extent() as f64 / width.max(1.0);
        let mut bars = Vec::new();
        for (row, (hue, track)) in tracks.into_iter().enumerate() {
            let kinds = |slice: &Slice, totals: &mut Totals| add_kinds(slice, totals, |_| 0);
            let y = row as f64 * pitch;
            let mut last: Option<MiniBar> = None;
            let mut x = 0.0;
            while x < width {
                let (from, to) = ((x * ns_per_px) as Nanos, ((x + CELL_PX) * ns_per_px) as Nanos);
                let (first, end) = (track.first_after(from), track.first_from(to.max(from + 1)));
                let totals = if first < end {
                    track.totals(first, end, kinds)
                } else {
                    Totals::default()
                };
                let bar = dominant(&totals).map(|class| mini(class, hue, (x, y), pitch));
                match (&mut last, bar) {
                    (Some(open), Some(bar)) if open.token == bar.token && open.h == bar.h => open.w += CELL_PX,
                    (open, bar) => bars.extend(std::mem::replace(open, bar)),
                }
                x += CELL_PX;
            }
            bars.extend(last);
        }
        bars
    }

    /// How many rows the strip has in this height, px.
    #[must_use]
    pub fn minimap_rows(&self, height: f64) -> usize {
        self.minimap_tracks(height).len()
    }

    /// Hue and track of each row.
    fn minimap_tracks(&self, height: f64) -> Vec<(u8, &Track)> {
        let room = ((height / ROW_PX) as usize).max(1);
        let threads = self.threads.iter().take(room);
        let mut tracks: Vec<(u8, &Track)> = threads.map(|(key, track)| (self.people().hue(*key), track)).collect();
        let tasks = self.tasks.all.values().filter(|task| !task.track.slices().is_empty());
        let each = self.tasks.all.len().div_ceil((room - tracks.len()).max(1)).max(1);
        tracks.extend(tasks.step_by(each).map(|task| (task.hue, &task.track)));
        tracks.truncate(room);
        tracks
    }
}

/// The class most time went to.
fn dominant(totals: &Totals) -> Option<StateClass> {
    let most = totals.iter().max().copied().filter(|ns| *ns > 0)?;
    StateClass::ALL
        .into_iter()
        .find(|class| totals.get(class.index()) == Some(&most))
}

fn mini(class: StateClass, hue: u8, (x, y): (f64, f64), pitch: f64) -> MiniBar {
    let (token, share) = match class {
        StateClass::Running | StateClass::Native => (Token::Thread(hue), 0.8),
        StateClass::GilWait => (Token::Gil, 0.4),
        StateClass::Ready => (Token::Core, 0.4),
        StateClass::Blocked => (Token::Lock, 0.4),
        StateClass::Joining | StateClass::Asleep | StateClass::Io | StateClass::Finished => (Token::Idle, 0.2),
    };
    let h = (pitch * share).max(1.0);
    MiniBar {
        x,
        y: y + pitch * 0.9 - h,
        w: CELL_PX,
        h,
        token,
    }
}
