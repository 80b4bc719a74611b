//! What is under the pointer.

use crate::arrows::Arrow;
use crate::draw::{MIN_PX, Viewport};
use crate::draw_memory::cell as access_cell;
use crate::layout::{ACCESS_ROW_PX, Layout, WAIT_ROW_PX};
use crate::memory::{MOST_ROWS, MemoryKey};
use crate::model::{LaneKey, SliceRef, Timeline};
use crate::track::{Track, What};
use crate::words::Description;
use heddle_trace::{Nanos, Trace};

/// How far beside a narrow slice the pointer still means it, in px.
const REACH_PX: f64 = 2.0;

/// How far around the ends of an arrow the pointer means it, in px.
const ARROW_REACH_PX: f64 = 6.0;
/// How far down in a thread's lane the pointer means a pickle, in px.
const PICKLE_REACH_PX: f64 = 8.0;

/// How far beside the tick of an access the pointer means it, in px.
const ACCESS_REACH_PX: f64 = 4.0;

/// An access, and the stretch that is drawn as one with it.
type TickHit = (Option<SliceRef>, Option<(Nanos, Nanos)>);

/// What is at a place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hit {
    /// The lane.
    pub lane: LaneKey,
    /// The moment.
    pub at: Nanos,
    /// The slice, where there is one.
    pub slice: Option<SliceRef>,
    /// The stretch that is drawn as one bar because its slices are narrow.
    pub merged: Option<(Nanos, Nanos)>,
    /// The arrow whose end is there, if it carries something.
    pub arrow: Option<Arrow>,
}

impl Hit {
    /// Whether something can be said of it.
    #[must_use]
    pub fn has_card(&self) -> bool {
        self.slice.is_some() || self.arrow.is_some() || matches!(self.lane, LaneKey::Channel(..))
    }

    /// Whether the same is said of both. What a counter says changes from moment to moment.
    #[must_use]
    pub fn has_same_card(&self, other: &Hit) -> bool {
        let is_same = (self.lane, self.slice, self.arrow) == (other.lane, other.slice, other.arrow);
        is_same && (self.slice.is_some() || self.arrow.is_some() || self.at == other.at)
    }
}

impl Timeline {
    /// What is at a place, in px from the upper left corner of the lanes.
    #[must_use]
    pub fn hit(&self, layout: &Layout, view: &Viewport, x: f64, y: f64) -> Option<Hit> {
        let row = layout.row_at(y, view.scroll_y)?;
        let lane = row.lane()?;
        let at = view.scale.ns(x);
        let inside = y - row.top(view.scroll_y);
        let reach = (REACH_PX * view.scale.ns_per_px) as Nanos;
        let rows = self.rows(lane);
        let number = match lane {
            LaneKey::GilWaiting(..) => ((inside - 3.0) / WAIT_ROW_PX).max(0.0) as usize,
            LaneKey::Lock(..) => ((inside - 10.0) / WAIT_ROW_PX).max(0.0) as usize,
            // Pickles stand above the states, as far as there are any.
            LaneKey::Thread(_) if inside < PICKLE_REACH_PX => {
                usize::from(rows.get(1).is_some_and(|track| near(track, at, reach).is_some()))
            }
            _ => 0,
        };
        if let LaneKey::Memory(on, object) = lane {
            let arrow = self.arrow_at(layout, view, x, y);
            let hit = |(slice, merged)| Hit {
                lane,
                at,
                slice,
                merged,
                arrow,
            };
            let row = ((inside - 4.0) / ACCESS_ROW_PX).max(0.0) as usize;
            return Some(hit(self.access_at((on, object), row, view, at).unwrap_or_default()));
        }
        let Some(track) = rows.get(number) else {
            return Some(Hit {
                lane,
                at,
                slice: None,
                merged: None,
                arrow: None,
            });
        };
        let index = near(track, at, reach);
        let slice = index.and_then(|index| {
            Some(SliceRef {
                lane,
                row: u8::try_from(number).ok()?,
                index: u32::try_from(index).ok()?,
            })
        });
        let is_open = |index: usize| track.is_open() && index + 1 == track.slices().len();
        let ended = index.filter(|index| !is_open(*index));
        let narrow = ended.and_then(|index| track.get(index)).is_some_and(|slice| {
            (slice.length() as f64) < MIN_PX * view.scale.ns_per_px && !matches!(slice.what, What::Density(_))
        });
        let merged = narrow.then(|| cell(track, at, view)).flatten();
        Some(Hit {
            lane,
            at,
            slice,
            merged,
            arrow: self.arrow_at(layout, view, x, y),
        })
    }

    /// The access of a row of a memory that is nearest to a moment; where a tick stands for several, the first one of them and all of their time.
    fn access_at(&self, key: MemoryKey, number: usize, view: &Viewport, at: Nanos) -> Option<TickHit> {
        let (_, row) = self.memories.get(&key)?.row(number).filter(|_| number < MOST_ROWS)?;
        let reach = (ACCESS_REACH_PX * view.scale.ns_per_px) as Nanos;
        let size = ((MIN_PX * view.scale.ns_per_px) as Nanos).max(1);
        // From the beginning of a cell on, as ticks are made.
        let mut from = at.saturating_sub(reach) / size * size;
        let mut nearest: Option<(Nanos, usize, usize)> = None;
        while let Some((within, first)) =
            access_cell(row, from, view).filter(|(_, first)| *first <= at.saturating_add(reach))
        {
            let away = first.abs_diff(at);
            if away <= reach.max(size) && nearest.is_none_or(|(best, ..)| away < best) {
                nearest = Some((away, within.first, within.count));
            }
            from = first / size * size + size;
        }
        let (_, first, count) = nearest?;
        let slice = SliceRef {
            lane: LaneKey::Memory(key.0, key.1),
            row: u8::try_from(number).ok()?,
            index: u32::try_from(first).ok()?,
        };
        let merged = row.span(first, count).filter(|_| count > 1);
        Some((Some(slice), merged))
    }

    /// The arrow that begins or ends at a place.
    fn arrow_at(&self, layout: &Layout, view: &Viewport, x: f64, y: f64) -> Option<Arrow> {
        let near = |(at_x, at_y): (f64, f64)| (at_x - x).abs() <= ARROW_REACH_PX && (at_y - y).abs() <= ARROW_REACH_PX;
        let drawn = self.drawn_arrows(layout, view);
        let found = drawn
            .into_iter()
            .find(|(arrow, from, to)| arrow.carries.is_some() && (near(*from) || near(*to)));
        found.map(|(arrow, ..)| arrow)
    }

    /// The hover card of what was hit.
    #[must_use]
    pub fn describe_hit(&self, trace: &Trace, hit: &Hit) -> Option<Description> {
        if let Some(card) = hit.arrow.and_then(|arrow| self.describe_arrow(trace, &arrow)) {
            return Some(card);
        }
        if let LaneKey::Channel(on, number) = hit.lane {
            return self.describe_channel((on, number), hit.at);
        }
        match (hit.merged, hit.slice) {
            (Some((from, to)), Some(at)) if matches!(hit.lane, LaneKey::Memory(..)) => {
                self.describe_accesses(hit.lane, at.row, from, to)
            }
            (Some((from, to)), Some(slice)) => self.describe_many(hit.lane, slice.row, from, to),
            (_, Some(slice)) => self.describe(trace, slice),
            _ => None,
        }
    }
}

/// The slice at a moment; else the nearest within reach that shows something.
fn near(track: &Track, at: Nanos, reach: Nanos) -> Option<usize> {
    let shows = |index: &usize| track.get(*index).is_some_and(|slice| slice.what != What::Nobody);
    let exact = track.at(at);
    if let Some(index) = exact.filter(shows) {
        return Some(index);
    }
    let after = track.first_from(at);
    let close = |index: &usize| {
        track
            .get(*index)
            .is_some_and(|s| s.start <= at.saturating_add(reach) && s.end.saturating_add(reach) >= at)
    };
    [Some(after), after.checked_sub(1), after.checked_sub(2)]
        .into_iter()
        .flatten()
        .find(|i| close(i) && shows(i))
        .or(exact)
}

/// The cell of the drawing grid around a moment, if more than one slice begins in it.
fn cell(track: &Track, at: Nanos, view: &Viewport) -> Option<(Nanos, Nanos)> {
    let size = ((MIN_PX * view.scale.ns_per_px) as Nanos).max(1);
    let start = at / size * size;
    let (first, last) = (track.first_from(start), track.first_from(start.saturating_add(size)));
    let (from, to) = (track.get(first)?.start, track.get(last.checked_sub(1)?)?.end);
    (last > first + 1).then_some((from, to))
}
