//! The same events as a table, for people who do not see the canvas, and the moments around t in words.

use crate::model::{LaneKey, SliceRef, Timeline};
use crate::track::What;
use heddle_trace::{Nanos, ThreadKey, Trace};

/// A row of the table.
#[derive(Clone, Debug, PartialEq)]
pub struct TableRow {
    /// When it begins.
    pub at: Nanos,
    /// Whose; of a task, the thread that runs its loop.
    pub thread: ThreadKey,
    /// The thread's or task's chip.
    pub chip: String,
    /// Its hue.
    pub hue: u8,
    /// "running", "waits for the GIL" …
    pub state: String,
    /// How long.
    pub length: Nanos,
    /// Why, in a sentence.
    pub reason: String,
    /// The slice.
    pub slice: SliceRef,
}

impl Timeline {
    /// The states of all threads and tasks that begin in a stretch of time, in order of time; at most `limit` rows.
    #[must_use]
    pub fn table(&self, trace: &Trace, from: Nanos, to: Nanos, limit: usize) -> Vec<TableRow> {
        self.table_of(trace, from, to, limit, |_| true)
    }

    /// The same of some tracks only.
    #[must_use]
    pub fn table_of(
        &self,
        trace: &Trace,
        from: Nanos,
        to: Nanos,
        limit: usize,
        keeps: impl Fn(LaneKey) -> bool,
    ) -> Vec<TableRow> {
        let mut starts: Vec<(Nanos, SliceRef)> = Vec::new();
        let threads = self.threads.iter().map(|(key, track)| (LaneKey::Thread(*key), track));
        let tasks = self.tasks.all.iter();
        let tasks = tasks.map(|((process, task), one)| (LaneKey::Task(*process, *task), &one.track));
        for (lane, track) in threads.chain(tasks).filter(|(lane, _)| keeps(*lane)) {
            let first = track.first_from(from);
            for (index, slice) in track.slices().iter().enumerate().skip(first).take(limit) {
                if slice.start > to {
                    break;
                }
                let index = u32::try_from(index).unwrap_or(u32::MAX);
                starts.push((slice.start, SliceRef { lane, row: 0, index }));
            }
        }
        starts.sort_unstable();
        starts
            .into_iter()
            .take(limit)
            .filter_map(|(_, slice)| self.table_row(trace, slice))
            .collect()
    }

    fn table_row(&self, trace: &Trace, at: SliceRef) -> Option<TableRow> {
        let (thread, chip, hue) = match at.lane {
            LaneKey::Thread(thread) => {
                let person = self.people().get(thread)?;
                (thread, &person.chip, person.hue)
            }
            LaneKey::Task(process, id) => {
                let task = self.task((process, id))?;
                let thread = self.tasks.loops.get(&(process, task.event_loop))?.thread;
                (thread, &task.chip, task.hue)
            }
            _ => return None,
        };
        let slice = self.slice(at)?;
        let card = self.describe(trace, at)?;
        let state = match slice.what {
            What::Density(_) => "many short states".to_owned(),
            _ => card.title.clone(),
        };
        Some(TableRow {
            at: slice.start,
            thread,
            chip: chip.clone(),
            hue,
            state,
            length: slice.length(),
            reason: card.why_text(),
            slice: at,
        })
    }
}
