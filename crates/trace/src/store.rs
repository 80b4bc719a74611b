//! The stored events: settled, with the cores' tracks derived, and under the budget.

use crate::event::{Event, EventKind};
use crate::fold::{FIRST_DELTA_NS, Shown, fold};
use crate::ids::{CoreId, Nanos, ThreadKey};
use crate::recorder::Budget;
use rustc_hash::FxHashMap;

/// See the module.
#[derive(Clone, Debug)]
pub(crate) struct Store {
    budget: Budget,
    events: Vec<Event>,
    /// Where each thread that occupies a core runs. Looked up, never iterated.
    core_of: FxHashMap<ThreadKey, CoreId>,
    /// Who occupies each core.
    cores: Vec<Option<ThreadKey>>,
    output_bytes: usize,
    fold_ns: Nanos,
    folds: u64,
    /// The events up to this index have been folded with `fold_ns`; what their tracks showed last.
    folded: usize,
    shown: Shown,
    /// The number of events at which to fold next.
    fold_at: usize,
}

impl Store {
    pub(crate) fn new(budget: Budget) -> Self {
        Store {
            budget,
            events: Vec::new(),
            core_of: FxHashMap::default(),
            cores: Vec::new(),
            output_bytes: 0,
            fold_ns: 0,
            folds: 0,
            folded: 0,
            shown: Shown::default(),
            fold_at: budget.events,
        }
    }

    pub(crate) fn events(&self) -> &[Event] {
        &self.events
    }

    pub(crate) fn fold_ns(&self) -> Nanos {
        self.fold_ns
    }

    /// How often the events have been folded.
    pub(crate) fn folds(&self) -> u64 {
        self.folds
    }

    /// Adds a settled event; times never fall.
    pub(crate) fn push(&mut self, event: Event) {
        if self.events.len() >= self.fold_at {
            self.fold(event.time);
        }
        match &event.kind {
            EventKind::State { state, .. } => {
                let (key, now) = (event.key(), state.core());
                let (id, time) = (event.id, event.time);
                self.events.push(event);
                self.occupy(key, now, |core, running| Event {
                    id,
                    time,
                    thread: key.thread,
                    kind: EventKind::Core { core, running },
                    cause: None,
                });
            }
            EventKind::Output { bytes, .. } => {
                self.output_bytes = self.output_bytes.saturating_add(bytes.len());
                if self.output_bytes <= self.budget.output_bytes {
                    self.events.push(event);
                }
            }
            _ => self.events.push(event),
        }
    }

    /// Notes that a thread is now on this core, or on none.
    fn occupy(&mut self, key: ThreadKey, now: Option<CoreId>, event: impl Fn(CoreId, Option<ThreadKey>) -> Event) {
        let before = match now {
            Some(core) => self.core_of.insert(key, core),
            None => self.core_of.remove(&key),
        };
        if before == now {
            return;
        }
        if let Some(core) = before
            && let Some(slot) = self.cores.get_mut(usize::from(core.0))
            && *slot == Some(key)
        {
            *slot = None;
            self.events.push(event(core, None));
        }
        if let Some(core) = now {
            let place = usize::from(core.0);
            if self.cores.len() <= place {
                self.cores.resize(place + 1, None);
            }
            self.cores[place] = Some(key);
            self.events.push(event(core, Some(key)));
        }
    }

    /// Makes room: what came since the last time is folded with the same δ; if that is not enough, everything is with
    /// larger ones, until half of the budget is free.
    fn fold(&mut self, now: Nanos) {
        let (same, full) = (self.fold_ns, self.budget.events / 4 * 3);
        if same > 0 && fold(&mut self.events, self.folded, same, same, &mut self.shown).is_some() {
            self.folds += 1;
        }
        if self.events.len() > full {
            self.fold_all(now);
        }
        self.folded = self.events.len();
        // Where there are more tracks than room (a million threads), the budget gives way rather than
        // folding at every event.
        let crowded = self.events.len() > full;
        self.fold_at = if crowded {
            self.events.len().saturating_mul(2)
        } else {
            self.budget.events
        };
    }

    fn fold_all(&mut self, now: Nanos) {
        while self.events.len() > self.budget.events / 2 && self.fold_ns <= now {
            let delta = self.fold_ns.saturating_mul(2).max(FIRST_DELTA_NS);
            self.shown.clear();
            let Some(used) = fold(&mut self.events, 0, delta, now.max(delta), &mut self.shown) else {
                break;
            };
            self.fold_ns = used;
            self.folds += 1;
        }
    }
}
