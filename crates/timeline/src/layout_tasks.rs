//! The rows of event loops and their tasks. A few tasks have a lane each; many are put together by the function that they run, and are
//! found by their names.

use crate::format::counted;
use crate::layout::{COUNTER_PX, GroupKey, Layout, Row, RowKind, THREAD_PX};
use crate::model::{LaneKey, Timeline};
use crate::tasks::{Loop, Task};
use heddle_trace::{GroupId, LoopId, ProcessId, TaskId};
use std::collections::{BTreeMap, BTreeSet};

/// Up to so many tasks of a loop have a lane each.
const ALL_TASKS: usize = 40;
/// Of tasks that run the same function up to so many have lanes without being unfolded.
const FEW: usize = 8;
/// At most so many lanes are made for a group of tasks, or for those found: more cannot be looked at.
pub(crate) const MOST_LANES: usize = 200;

impl Timeline {
    pub(crate) fn lay_loops(&self, layout: &mut Layout, process: ProcessId, collapsed: &BTreeSet<GroupKey>) {
        let loops = self.tasks.loops.keys().filter(|(_, id)| *id != LoopId::BY_HAND);
        let several = loops.count() > 1;
        let range = (process, LoopId(0))..=(process, LoopId(u32::MAX));
        for ((_, id), one) in self.tasks.loops.range(range) {
            if *id == LoopId::BY_HAND {
                self.lay_tasks(layout, process, *id, one, collapsed);
                continue;
            }
            let title = match several {
                true => format!("Event loop {}", id.0),
                false => "Event loop".to_owned(),
            };
            let caption = self.people().get(one.thread).map(|person| person.caption().to_owned());
            if layout.group(
                GroupKey::Loop(process, *id),
                &title,
                caption.unwrap_or_default(),
                collapsed,
            ) {
                layout.lane(THREAD_PX, LaneKey::Loop(process, *id), "loop runs");
                if one.most_ready() > 0 {
                    layout.lane(COUNTER_PX, LaneKey::ReadyTasks(process, *id), "ready tasks");
                }
            }
            if !one.tasks.is_empty() {
                self.lay_tasks(layout, process, *id, one, collapsed);
            }
        }
    }

    fn lay_tasks(
        &self,
        layout: &mut Layout,
        process: ProcessId,
        id: LoopId,
        one: &Loop,
        collapsed: &BTreeSet<GroupKey>,
    ) {
        let find = layout.find.clone();
        let total = one.tasks.len();
        let found: Vec<(TaskId, &Task)> = self.found_tasks(process, one, &find).collect();
        let note = match (find.is_empty(), found.len() > MOST_LANES) {
            (true, _) => total.to_string(),
            (false, false) => format!("{} of {total}", found.len()),
            (false, true) => format!("{} of {total}, the first {MOST_LANES}", found.len()),
        };
        let title = match id {
            LoopId::BY_HAND => "Driven by hand",
            _ => "Tasks",
        };
        if !layout.group(GroupKey::Tasks(process, id), title, note, collapsed) {
            return;
        }
        if !find.is_empty() || total <= ALL_TASKS {
            let first = layout.rows.len();
            let groups: Vec<_> = found.iter().take(MOST_LANES).map(|(_, task)| task.group).collect();
            for (id, task) in found.into_iter().take(MOST_LANES) {
                lay_task(layout, process, id, task);
            }
            bracket(layout.rows.get_mut(first..).unwrap_or_default(), &groups);
            return;
        }
        let mut families: BTreeMap<&str, Vec<(TaskId, &Task)>> = BTreeMap::new();
        for (id, task) in found {
            families.entry(&task.coroutine).or_default().push((id, task));
        }
        let mut families: Vec<_> = families.into_iter().collect();
        families.sort_by_key(|(_, tasks)| tasks.first().map(|(id, _)| *id));
        layout.outer.push(GroupKey::Tasks(process, id));
        for (coroutine, tasks) in families {
            layout.current = layout.outer.last().copied();
            self.lay_family(layout, process, coroutine, &tasks, collapsed);
        }
        layout.outer.pop();
    }

    fn lay_family(
        &self,
        layout: &mut Layout,
        process: ProcessId,
        coroutine: &str,
        tasks: &[(TaskId, &Task)],
        collapsed: &BTreeSet<GroupKey>,
    ) {
        let Some((first, _)) = tasks.first() else { return };
        let mut shown = tasks.len().min(MOST_LANES);
        if tasks.len() > FEW {
            let key = GroupKey::Alike(process, *first);
            let unfolded = collapsed.contains(&key);
            let mut note = counted(tasks.len() as u64, "task", "tasks");
            if unfolded && tasks.len() > MOST_LANES {
                note.push_str(&format!(", the first {MOST_LANES}"));
            }
            layout.push(
                crate::layout::GROUP_PX,
                RowKind::Group {
                    key,
                    title: coroutine.to_owned(),
                    note,
                    more: String::new(),
                    collapsed: !unfolded,
                },
            );
            shown = if unfolded { shown } else { 0 };
        }
        layout.depth += 1;
        let first = layout.rows.len();
        let groups: Vec<_> = tasks.iter().take(shown).map(|(_, task)| task.group).collect();
        for (id, task) in tasks.iter().take(shown) {
            lay_task(layout, process, *id, task);
        }
        bracket(layout.rows.get_mut(first..).unwrap_or_default(), &groups);
        layout.depth -= 1;
    }
}

impl Timeline {
    /// Puts brackets around the tasks of a group anew, after rows were moved or left out.
    pub(crate) fn bracket_again(&self, rows: &mut [Row]) {
        let group_of = |row: &Row| match row.lane() {
            Some(LaneKey::Task(process, task)) => self.task((process, task))?.group.map(|group| (row.group, group)),
            _ => None,
        };
        let groups: Vec<_> = rows.iter().map(group_of).collect();
        for (at, row) in rows.iter_mut().enumerate() {
            let group = groups.get(at).copied().flatten();
            let same = |other: Option<usize>| other.and_then(|other| groups.get(other).copied().flatten()) == group;
            row.bracket = group.map(|_| (!same(at.checked_sub(1)), !same(Some(at + 1))));
        }
    }
}

/// Puts brackets around neighbours that belong to the same task group.
fn bracket(rows: &mut [Row], groups: &[Option<GroupId>]) {
    for (at, row) in rows.iter_mut().enumerate() {
        let group = groups.get(at).copied().flatten();
        let same = |other: Option<usize>| other.and_then(|other| groups.get(other).copied().flatten()) == group;
        row.bracket = group.map(|_| (!same(at.checked_sub(1)), !same(Some(at + 1))));
    }
}

fn lay_task(layout: &mut Layout, process: ProcessId, id: TaskId, task: &Task) {
    let named = !task.name.starts_with("Task-") && task.name != task.chip;
    let caption = if named { &task.name } else { &task.coroutine };
    layout.push(
        THREAD_PX,
        RowKind::Lane {
            key: LaneKey::Task(process, id),
            chip: Some((task.chip.clone(), task.hue)),
            caption: caption.clone(),
        },
    );
}
