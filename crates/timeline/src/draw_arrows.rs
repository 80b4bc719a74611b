//! Which arrows are drawn, where they begin and end, and what is written at them.

use crate::arrows::{ARROWS_IN_VIEW, Arrow};
use crate::draw::{Painter, RUN_PX, Viewport};
use crate::layout::Layout;
use crate::model::{LaneKey, Timeline};
use crate::vocabulary::DrawItem;
use heddle_trace::Nanos;

/// With more arrows that carry something than this, none says what.
const TEXTS_AT_ARROWS: usize = 6;
/// About the size of a character of theirs, with room around it.
const CHAR_PX: f64 = 6.5;
const TEXT_HEIGHT_PX: f64 = 16.0;

/// An arrow, where it begins and where it ends.
type Drawn = (Arrow, (f64, f64), (f64, f64));

impl Timeline {
    /// The arrows that are drawn, in px from the upper left corner of the lanes.
    pub(crate) fn drawn_arrows(&self, layout: &Layout, view: &Viewport) -> Vec<Drawn> {
        if !view.arrows {
            return Vec::new();
        }
        let (from, to) = view.scale.range();
        let mut all: Vec<Arrow> = self
            .arrows
            .between(from, to)
            .take(ARROWS_IN_VIEW + 1)
            .copied()
            .collect();
        if all.len() > ARROWS_IN_VIEW {
            all = self.selected_arrows(view, from, to);
        }
        let placed = |arrow: Arrow| {
            let y = |key| {
                let row = layout.row_of(key)?;
                let base = row.top(view.scroll_y) + row.height - 4.0;
                // Where a row is scrolled away under the pinned ones, its arrows end at their edge.
                Some(if row.pinned { base } else { base.max(layout.pinned_px) })
            };
            let (y0, y1) = (y(arrow.from.0)?, y(arrow.to.0)?);
            // Leave the bar on the side where the other one is.
            let (y0, y1) = if y0 < y1 { (y0, y1 - RUN_PX) } else { (y0 - RUN_PX, y1) };
            let x = |ns| view.scale.px(ns);
            Some((arrow, (x(arrow.from.1), y0), (x(arrow.to.1), y1)))
        };
        all.into_iter().filter_map(placed).collect()
    }

    /// The arrows that begin or end at the selected slice.
    fn selected_arrows(&self, view: &Viewport, from: Nanos, to: Nanos) -> Vec<Arrow> {
        let Some(selected) = view.selected else {
            return Vec::new();
        };
        let Some(slice) = self.slice(selected) else {
            return Vec::new();
        };
        let touches = |(who, at): (LaneKey, Nanos)| who == selected.lane && slice.start <= at && at <= slice.end;
        let mine = self.arrows.between(from, to);
        let mine = mine.filter(|arrow| touches(arrow.from) || touches(arrow.to));
        mine.take(ARROWS_IN_VIEW).copied().collect()
    }
}

impl Painter<'_> {
    pub fn arrows(&mut self, layout: &Layout) {
        let drawn = self.timeline.drawn_arrows(layout, self.view);
        let told = drawn.iter().filter(|(arrow, ..)| arrow.carries.is_some()).count() <= TEXTS_AT_ARROWS;
        // About where the texts stand: one that would cover another is left to the card.
        let mut taken: Vec<(f64, f64, f64)> = Vec::new();
        for (arrow, from, to) in drawn {
            let text = told.then(|| self.timeline.arrow_text(self.trace, &arrow)).flatten();
            let text = text.filter(|text| {
                let (x, y) = (f64::midpoint(from.0, to.0), f64::midpoint(from.1, to.1));
                let right = x + CHAR_PX * text.chars().count() as f64;
                let is_free = right < self.view.scale.width_px
                    && taken
                        .iter()
                        .all(|one| (one.2 - y).abs() > TEXT_HEIGHT_PX || one.1 < x || right < one.0);
                if is_free {
                    taken.push((x, right, y));
                }
                is_free
            });
            let form = arrow.form;
            self.items.push(DrawItem::Arrow { form, from, to, text });
        }
    }
}
