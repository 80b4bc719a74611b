//! The same events as a table, for people who do not see the canvas, and the moments around t in words.

use crate::model::{LaneKey, SliceRef, Timeline};
use crate::track::What;
use heddle_trace::{Nanos, ThreadKey, Trace};

/// A row of the table.
#[derive(Clone, Debug, PartialEq)]
pub struct TableRow {
    /// When it begins.
    pub at: Nanos,
    /// Whose.
    pub thread: ThreadKey,
    /// The thread's chip.
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
    /// The states of all threads that begin in a stretch of time, in order of time; at most `limit` rows.
    #[must_use]
    pub fn table(&self, trace: &Trace, from: Nanos, to: Nanos, limit: usize) -> Vec<TableRow> {
        let mut starts: Vec<(Nanos, SliceRef)> = Vec::new();
        for (key, track) in &self.threads {
            let lane = LaneKey::Thread(*key);
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
        let LaneKey::Thread(thread) = at.lane else { return None };
        let slice = self.slice(at)?;
        let card = self.describe(trace, at)?;
        let person = self.people().get(thread)?;
        let state = match slice.what {
            What::Density(_) => "many short states".to_owned(),
            _ => card.title.clone(),
        };
        Some(TableRow {
            at: slice.start,
            thread,
            chip: person.chip.clone(),
            hue: person.hue,
            state,
            length: slice.length(),
            reason: card.why_text(),
            slice: at,
        })
    }
}
