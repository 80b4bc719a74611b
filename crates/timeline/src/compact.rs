//! What of the rows and signs is kept where there is little room, as inside another page: who holds the GIL, the threads, tasks, locks and
//! pipes, without the heads that say nothing new there.

use crate::layout::{GroupKey, Layout, Row, RowKind};
use crate::model::{LaneKey, Timeline};
use heddle_trace::StateClass;

impl Layout {
    /// These rows without cores, counters and who waits for the GIL (threads say it themselves), and without the heads of groups that are
    /// the only ones of their kind. The lane of a GIL has the name of its group.
    #[must_use]
    pub fn compact(self) -> Layout {
        let processes = self.rows.iter().filter(|row| is_process(row)).count();
        let mut rows = Layout {
            find: self.find,
            ..Layout::default()
        };
        let mut title = String::new();
        for row in self.rows {
            let height = row.height;
            let kind = match row.kind {
                RowKind::Group { key, title: name, .. } if is_dropped(key, processes) => {
                    title = name;
                    continue;
                }
                RowKind::Lane { key, .. } if is_counted(key) => continue,
                RowKind::Lane { key, chip, .. } if matches!(key, LaneKey::GilHeld(..)) => RowKind::Lane {
                    key,
                    chip,
                    caption: std::mem::take(&mut title),
                },
                kind => kind,
            };
            rows.depth = row.depth;
            rows.push(height, kind);
            if let Some(last) = rows.rows.last_mut() {
                last.bracket = row.bracket;
                last.group = row.group;
            }
        }
        rows.depth = 0;
        rows
    }
}

fn is_process(row: &Row) -> bool {
    matches!(
        row.kind,
        RowKind::Group {
            key: GroupKey::Process(_),
            ..
        }
    )
}

/// Whether the head of a group is left out, in a run of so many processes.
fn is_dropped(key: GroupKey, processes: usize) -> bool {
    match key {
        GroupKey::Cores(_) | GroupKey::Gil(..) | GroupKey::Counters(_) => true,
        GroupKey::Process(_) => processes == 1,
        _ => false,
    }
}

fn is_counted(key: LaneKey) -> bool {
    matches!(key, LaneKey::Core(_) | LaneKey::GilWaiting(..) | LaneKey::Waiting(..))
}

impl Timeline {
    /// The classes of states that threads are ever in, those first in which most time is spent.
    #[must_use]
    pub fn classes(&self) -> Vec<StateClass> {
        let mut spent = [None::<u64>; StateClass::ALL.len()];
        for slice in self.threads.values().flat_map(|track| track.slices()) {
            if let Some(class) = slice.what.class() {
                let sum = &mut spent[class as usize];
                *sum = Some(sum.unwrap_or(0).saturating_add(slice.length()));
            }
        }
        let mut found: Vec<_> = StateClass::ALL
            .into_iter()
            .filter(|class| spent[*class as usize].is_some())
            .collect();
        found.sort_by_key(|class| std::cmp::Reverse(spent[*class as usize]));
        found
    }

    /// Whether it ends in a deadlock.
    #[must_use]
    pub fn is_deadlocked(&self) -> bool {
        self.deadlock.is_some()
    }
}
