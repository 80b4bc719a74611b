//! How accesses to shared memory look: a tick for each, low where it reads, high where it writes, crossed where it loses what another thread wrote.
//! Ticks that would touch are one.

use crate::draw::{MIN_PX, OVER_PX, Painter, Viewport};
use crate::layout::ACCESS_ROW_PX;
use crate::memory::{AccessRow, MOST_ROWS, SharedMemory, Within};
use crate::vocabulary::{DrawItem, Token};
use heddle_trace::Nanos;

const TICK_PX: f64 = 2.0;
const READ_PX: f64 = 3.0;
const WRITE_PX: f64 = 8.0;

impl Painter<'_> {
    /// The rows of a memory from a height on.
    pub fn accesses(&mut self, memory: &SharedMemory, y: f64) {
        let mut crosses = Vec::new();
        for (number, (key, row)) in memory.rows.iter().enumerate().take(MOST_ROWS) {
            let base = y + ACCESS_ROW_PX * (number + 1) as f64 - 1.0;
            let token = Token::Thread(self.timeline.people().hue(*key));
            let (from, to) = self.view.scale.range();
            let over = (OVER_PX * self.view.scale.ns_per_px) as Nanos;
            let mut at = from.saturating_sub(over);
            while let Some((within, first)) = cell(row, at, self.view).filter(|(_, first)| *first <= to) {
                let x = self.view.scale.px(first);
                let h = if within.writes > 0 { WRITE_PX } else { READ_PX };
                let (w, y) = (TICK_PX, base - h);
                self.items.push(DrawItem::Cap { x, y, w, h, token });
                if within.losses > 0 {
                    crosses.push(DrawItem::Cross {
                        x: x + TICK_PX / 2.0,
                        y: base - WRITE_PX / 2.0,
                    });
                }
                at = row
                    .all
                    .get(within.first + within.count - 1)
                    .map_or(Nanos::MAX, |last| last.at.saturating_add(1));
            }
        }
        // No row hides another one's crosses.
        self.items.append(&mut crosses);
    }
}

/// The accesses of a row that are one tick: the first ones from a moment on, as far as they are in one cell of a grid fixed in time. And when
/// the first one is.
pub(crate) fn cell(row: &AccessRow, from: Nanos, view: &Viewport) -> Option<(Within, Nanos)> {
    let first = row.all.get(row.all.partition_point(|access| access.at < from))?.at;
    let size = ((MIN_PX * view.scale.ns_per_px) as Nanos).max(1);
    let end = (first / size).saturating_add(1).saturating_mul(size);
    Some((row.within(first, end), first))
}
