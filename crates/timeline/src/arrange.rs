//! What a person makes of the tracks: which groups are folded, what is left out, what is pinned, in which order the others stand.
//!
//! Rows are moved among their siblings, those of the same group. Of the siblings that were ever moved the order is kept as a list; a row that the
//! list does not know (it came later, or was folded away) stands after the one that it follows by itself.

use crate::filter::Filter;
use crate::layout::{GroupKey, Layout, Row, RowKind};
use crate::model::{LaneKey, Timeline};
use crate::search::Found;
use std::collections::{BTreeMap, BTreeSet};

/// More tracks cannot be pinned: the others would have no room.
pub const MOST_PINNED: usize = 8;

/// A row's name: it stays the same when other rows come and go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RowKey {
    /// A group's head, and all that is in the group.
    Group(GroupKey),
    /// A lane.
    Lane(LaneKey),
}

impl Row {
    /// Its name.
    #[must_use]
    pub fn key(&self) -> RowKey {
        match &self.kind {
            RowKind::Group { key, .. } => RowKey::Group(*key),
            RowKind::Lane { key, .. } => RowKey::Lane(*key),
        }
    }

    /// What a person calls it: a chip with its caption, a caption, or a group's title.
    #[must_use]
    pub fn name(&self) -> String {
        match &self.kind {
            RowKind::Group { title, .. } => title.clone(),
            RowKind::Lane {
                chip: Some((chip, _)),
                caption,
                ..
            } if chip != caption => format!("{chip} {caption}"),
            RowKind::Lane { caption, .. } => caption.clone(),
        }
    }
}

/// See the module.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Arrangement {
    /// The folded groups (of tasks that are alike, the unfolded ones).
    pub folded: BTreeSet<GroupKey>,
    /// Only tasks with these letters in their names have lanes.
    pub find: String,
    /// What is left out.
    pub filter: Filter,
    pinned: Vec<LaneKey>,
    /// The order of the rows of a group, or of those in no group.
    order: BTreeMap<Option<GroupKey>, Vec<RowKey>>,
}

impl Arrangement {
    /// Folds or unfolds a group.
    pub fn fold(&mut self, group: GroupKey) {
        if !self.folded.remove(&group) {
            self.folded.insert(group);
        }
    }

    /// Whether a track is pinned.
    #[must_use]
    pub fn is_pinned(&self, lane: LaneKey) -> bool {
        self.pinned.contains(&lane)
    }

    /// Pins a track, or lets it go; whether there was room.
    pub fn pin(&mut self, lane: LaneKey) -> bool {
        if let Some(at) = self.pinned.iter().position(|one| *one == lane) {
            self.pinned.remove(at);
        } else if self.pinned.len() < MOST_PINNED {
            self.pinned.push(lane);
        } else {
            return false;
        }
        true
    }

    /// Whether rows were moved or pinned.
    #[must_use]
    pub fn is_moved(&self) -> bool {
        !self.order.is_empty() || !self.pinned.is_empty()
    }

    /// Gives all rows their own places back.
    pub fn reset_places(&mut self) {
        self.order.clear();
        self.pinned.clear();
    }

    /// Moves a row up or down among its siblings in a layout, by one: its new place, counted from 1, and how many they are. `None` where it is
    /// at the end already, or not in the layout.
    pub fn shift(&mut self, layout: &Layout, row: RowKey, down: bool) -> Option<(usize, usize)> {
        let siblings = layout.siblings(row);
        let at = siblings.iter().position(|one| *one == row)?;
        let to = if down { at + 1 } else { at.checked_sub(1)? };
        let before = siblings.get(if down { at + 2 } else { to }).copied();
        if to >= siblings.len() || !self.put(layout, row, before) {
            return None;
        }
        Some((to + 1, siblings.len()))
    }

    /// Puts a row before one of its siblings in a layout, or after all of them; whether that moves it.
    pub fn put(&mut self, layout: &Layout, row: RowKey, before: Option<RowKey>) -> bool {
        let siblings = layout.siblings(row);
        let mut order: Vec<RowKey> = siblings.iter().copied().filter(|one| *one != row).collect();
        let to = match before {
            Some(before) if before == row => return false,
            Some(before) => match order.iter().position(|one| *one == before) {
                Some(to) => to,
                None => return false,
            },
            None => order.len(),
        };
        order.insert(to, row);
        if order == siblings {
            return false;
        }
        let Some(first) = layout.rows.iter().find(|one| one.key() == row) else {
            return false;
        };
        if first.pinned {
            let lanes = order.iter().filter_map(|key| match key {
                RowKey::Lane(lane) => Some(*lane),
                RowKey::Group(_) => None,
            });
            self.pinned = lanes.collect();
        } else {
            self.order.insert(first.group, order);
        }
        true
    }

    /// Unfolds all around a track and lets it through the filter.
    pub fn show(&mut self, timeline: &Timeline, lane: LaneKey) {
        if let LaneKey::Task(process, task) = lane {
            self.folded.extend(timeline.alike(process, task));
        }
        let whole = timeline.layout_finding(&alike_only(&self.folded), &self.find);
        let mut around = whole.row_of(lane).and_then(|row| row.group);
        while let Some(group) = around {
            if !matches!(group, GroupKey::Alike(..)) {
                self.folded.remove(&group);
            }
            let head = whole.rows.iter().find(|row| row.key() == RowKey::Group(group));
            around = head.and_then(|row| row.group);
        }
    }
}

/// Those of the folded groups that stand in the set when they are unfolded.
fn alike_only(folded: &BTreeSet<GroupKey>) -> BTreeSet<GroupKey> {
    let alike = folded.iter().filter(|key| matches!(key, GroupKey::Alike(..)));
    alike.copied().collect()
}

impl Layout {
    /// The rows among which a row can be moved, in their order, itself included: those of its group, or the pinned ones.
    #[must_use]
    pub fn siblings(&self, row: RowKey) -> Vec<RowKey> {
        let Some(own) = self.rows.iter().find(|one| one.key() == row) else {
            return Vec::new();
        };
        let same = |one: &&Row| one.pinned == own.pinned && (own.pinned || one.group == own.group);
        self.rows.iter().filter(same).map(Row::key).collect()
    }

    /// Where a row would come to stand that is dropped at a height, from the top of what is in sight: before which of its siblings (`None`: after
    /// all), and at which height the line is that shows it.
    #[must_use]
    pub fn drop_place(&self, row: RowKey, y: f64, scroll_y: f64) -> Option<(Option<RowKey>, f64)> {
        let own = self.row(row)?;
        let among = |one: &Row| one.pinned == own.pinned && (own.pinned || one.group == own.group);
        let mut siblings: Vec<(RowKey, f64, f64)> = Vec::new();
        // The groups whose rows belong to the latest sibling.
        let mut inside: BTreeSet<GroupKey> = BTreeSet::new();
        for one in self.rows.iter().filter(|one| one.pinned == own.pinned) {
            let (top, key) = (one.top(scroll_y), one.key());
            let belongs = !own.pinned && one.group.is_some_and(|group| inside.contains(&group));
            if among(one) {
                inside.clear();
                siblings.push((key, top, top + one.height));
            } else if belongs && let Some(last) = siblings.last_mut() {
                last.2 = top + one.height;
            } else {
                continue;
            }
            if let RowKey::Group(group) = key {
                inside.insert(group);
            }
        }
        let next = siblings.iter().find(|(_, top, end)| y < f64::midpoint(*top, *end));
        match next {
            Some((key, top, _)) => Some((Some(*key), *top)),
            None => siblings.last().map(|(.., end)| (None, *end)),
        }
    }

    /// The row of this name.
    #[must_use]
    pub fn row(&self, key: RowKey) -> Option<&Row> {
        self.rows.iter().find(|row| row.key() == key)
    }
}

impl Timeline {
    /// The rows as a person has arranged them; `found` is what the search has found.
    #[must_use]
    pub fn arranged(&self, arrangement: &Arrangement, found: &Found) -> Layout {
        let filter = &arrangement.filter;
        let mut layout = if filter.is_active() {
            let mut whole = self.layout_finding(&alike_only(&arrangement.folded), &arrangement.find);
            let rows = self.filtered(std::mem::take(&mut whole.rows), filter, found);
            whole.rows = fold(rows, &arrangement.folded);
            whole
        } else {
            self.layout_finding(&arrangement.folded, &arrangement.find)
        };
        if !filter.is_active() && !arrangement.is_moved() {
            return layout;
        }
        let rows = std::mem::take(&mut layout.rows);
        let rows = in_order(rows, &arrangement.order);
        layout.rows = self.pin(rows, &arrangement.pinned);
        self.bracket_again(&mut layout.rows);
        layout.height = 0.0;
        layout.pinned_px = 0.0;
        for row in &mut layout.rows {
            row.y = layout.height;
            layout.height += row.height;
            if row.pinned {
                layout.pinned_px = layout.height;
                row.bracket = None;
            }
        }
        layout
    }

    /// Takes the pinned rows out of their groups and puts them first, with the group's title where the caption says too little alone.
    fn pin(&self, rows: Vec<Row>, pinned: &[LaneKey]) -> Vec<Row> {
        if pinned.is_empty() {
            return rows;
        }
        let titles: BTreeMap<GroupKey, String> = rows
            .iter()
            .filter_map(|row| match &row.kind {
                RowKind::Group { key, title, .. } => Some((*key, title.clone())),
                RowKind::Lane { .. } => None,
            })
            .collect();
        // Also those whose group is folded, or that the filter would leave out.
        let mut whole: Option<Layout> = None;
        let (mut first, mut others) = (Vec::new(), rows);
        for lane in pinned {
            let at = others.iter().position(|row| row.lane() == Some(*lane));
            let row = match at {
                Some(at) => Some(others.remove(at)),
                None => whole
                    .get_or_insert_with(|| self.layout_finding(&BTreeSet::new(), ""))
                    .row_of(*lane)
                    .cloned(),
            };
            let Some(mut row) = row else { continue };
            if let RowKind::Lane {
                caption,
                chip: None,
                key,
            } = &mut row.kind
                && matches!(key, LaneKey::GilHeld(..) | LaneKey::GilWaiting(..))
                && let Some(title) = row.group.and_then(|group| titles.get(&group))
            {
                *caption = format!("{title} {caption}");
            }
            (row.pinned, row.depth) = (true, 0);
            first.push(row);
        }
        // Heads that have nothing below them any more, though they are not folded.
        let needed: BTreeSet<GroupKey> = others.iter().filter_map(|row| row.group).collect();
        others.retain(|row| match &row.kind {
            RowKind::Group { key, collapsed, .. } => *collapsed || needed.contains(key),
            RowKind::Lane { .. } => true,
        });
        first.append(&mut others);
        first
    }

    /// The group of tasks like this one, if there are so many that they are folded.
    fn alike(&self, process: heddle_trace::ProcessId, task: heddle_trace::TaskId) -> Option<GroupKey> {
        let own = self.task((process, task))?;
        let event_loop = self.tasks.loops.get(&(process, own.event_loop))?;
        let mut all = event_loop.tasks.iter();
        let first = all.find(|id| {
            self.task((process, **id))
                .is_some_and(|one| one.coroutine == own.coroutine)
        })?;
        Some(GroupKey::Alike(process, *first))
    }
}

/// Hides what is in folded groups.
fn fold(rows: Vec<Row>, folded: &BTreeSet<GroupKey>) -> Vec<Row> {
    let is_folded = |group: &GroupKey| folded.contains(group) && !matches!(group, GroupKey::Alike(..));
    let mut hidden: BTreeSet<GroupKey> = BTreeSet::new();
    let mut kept = Vec::with_capacity(rows.len());
    for mut row in rows {
        let inside = row.group.is_some_and(|group| hidden.contains(&group));
        if let RowKind::Group { key, collapsed, .. } = &mut row.kind {
            if is_folded(key) || inside {
                hidden.insert(*key);
            }
            *collapsed |= is_folded(key);
        }
        if !inside {
            kept.push(row);
        }
    }
    kept
}

/// Sorts the rows of each group.
fn in_order(rows: Vec<Row>, order: &BTreeMap<Option<GroupKey>, Vec<RowKey>>) -> Vec<Row> {
    if order.is_empty() {
        return rows;
    }
    let heads: BTreeSet<GroupKey> = rows
        .iter()
        .filter_map(|row| match row.kind {
            RowKind::Group { key, .. } => Some(key),
            RowKind::Lane { .. } => None,
        })
        .collect();
    let mut of: BTreeMap<Option<GroupKey>, Vec<Row>> = BTreeMap::new();
    for row in rows {
        of.entry(row.group.filter(|group| heads.contains(group)))
            .or_default()
            .push(row);
    }
    for (group, rows) in &mut of {
        let Some(list) = order.get(group) else { continue };
        let places: BTreeMap<RowKey, usize> = list.iter().enumerate().map(|(at, key)| (*key, at + 1)).collect();
        // A row that the list does not know stands after the one before it.
        let mut last = 0;
        let mut ranked: Vec<((usize, usize), Row)> = Vec::with_capacity(rows.len());
        for (at, row) in std::mem::take(rows).into_iter().enumerate() {
            let known = places.get(&row.key()).copied();
            last = known.unwrap_or(last);
            ranked.push(((last, if known.is_some() { 0 } else { at + 1 }), row));
        }
        ranked.sort_by_key(|(rank, _)| *rank);
        *rows = ranked.into_iter().map(|(_, row)| row).collect();
    }
    // Groups are few levels deep: a stack of what is still to come.
    let mut sorted = Vec::new();
    let mut to_come: Vec<Row> = of.remove(&None).unwrap_or_default();
    to_come.reverse();
    while let Some(row) = to_come.pop() {
        if let RowKind::Group { key, .. } = row.kind {
            to_come.extend(of.remove(&Some(key)).unwrap_or_default().into_iter().rev());
        }
        sorted.push(row);
    }
    sorted
}
