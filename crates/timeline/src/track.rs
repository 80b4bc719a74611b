//! One row of slices, and sums over any stretch of it in logarithmic time.
//!
//! For the view from afar a track keeps, at every sixteenth slice, how long each *kind* lasted before it. The time per
//! kind between any two slices is then a difference of two sums and at most thirty slices: a million slices
//! are drawn with as many look-ups as there are pixels. (These prefix sums serve every zoom; a pyramid of merged
//! slices would serve only its own.)

use heddle_trace::{Density, LoopState, Nanos, ShareOf, StateClass, StringId, TaskState, ThreadKey, ThreadState};

/// Kinds of time that a track tells apart: on thread tracks the classes of states, on owner tracks nobody (0) and
/// the owners' hues (1 to 8).
pub(crate) const KINDS: usize = 9;
/// Time by kind.
pub(crate) type Totals = [Nanos; KINDS];

const BLOCK: usize = 16;

/// What a slice shows.
#[derive(Clone, Debug, PartialEq)]
pub enum What {
    /// A thread's state.
    State(ThreadState),
    /// What an event loop does.
    Loop(LoopState),
    /// A task's state.
    Task(TaskState),
    /// A core, GIL or lock belongs to this thread.
    Owned(ThreadKey),
    /// A thread makes a pickle or reads one.
    Pickle {
        /// Of what, in short.
        text: StringId,
        /// Whether it reads one.
        loads: bool,
    },
    /// The process is over, with this status, and nobody has asked for it yet.
    Zombie(i32),
    /// A core is idle, a GIL or lock free.
    Nobody,
    /// Many short slices, merged by the recorder.
    Density(Box<Density>),
}

impl What {
    /// The class of states that it is one of; a pickle is something that a running thread does. None where it belongs to somebody or nobody.
    #[must_use]
    pub fn class(&self) -> Option<StateClass> {
        match self {
            What::State(state) => Some(state.class()),
            What::Loop(state) => Some(state.class()),
            What::Task(state) => Some(state.class()),
            What::Pickle { .. } => Some(StateClass::Running),
            What::Zombie(_) => Some(StateClass::Finished),
            What::Owned(_) | What::Nobody | What::Density(_) => None,
        }
    }
}

/// A stretch of a track.
#[derive(Clone, Debug, PartialEq)]
pub struct Slice {
    /// When it begins.
    pub start: Nanos,
    /// When it ends; of an open slice, how far the trace is known.
    pub end: Nanos,
    /// What it shows.
    pub what: What,
    /// The index (in the trace) of the event that begins it.
    pub event: u32,
    /// The index of the event that ends it, once it has ended.
    pub end_event: Option<u32>,
    /// The index of the `Ran` event that describes it.
    pub run: Option<u32>,
}

impl Slice {
    /// How long it lasts, in ns.
    #[must_use]
    pub fn length(&self) -> Nanos {
        self.end.saturating_sub(self.start)
    }
}

/// One row of slices without gaps that matter: a gap is a time when the thread or object did not exist.
#[derive(Clone, Debug, Default)]
pub(crate) struct Track {
    slices: Vec<Slice>,
    /// Whether the last slice has not ended.
    open: bool,
    /// `sums[k]` is the time by kind over the first `k * BLOCK` slices, all of them ended.
    sums: Vec<Totals>,
}

impl Track {
    pub fn slices(&self) -> &[Slice] {
        &self.slices
    }

    pub fn get(&self, index: usize) -> Option<&Slice> {
        self.slices.get(index)
    }

    pub fn is_open(&self) -> bool {
        self.open
    }

    /// Ends the open slice. A slice of no length is forgotten.
    pub fn close(&mut self, at: Nanos, event: u32) {
        if !self.open {
            return;
        }
        self.open = false;
        if let Some(last) = self.slices.last_mut() {
            last.end = at;
            last.end_event = Some(event);
            if last.start >= at {
                self.slices.pop();
            }
        }
    }

    /// Begins a slice, ending the one before.
    pub fn begin(&mut self, at: Nanos, what: What, event: u32) {
        self.close(at, event);
        self.slices.push(Slice {
            start: at,
            end: at,
            what,
            event,
            end_event: None,
            run: None,
        });
        self.open = true;
    }

    /// Drops the slices that begin at this moment or after it.
    pub fn forget_from(&mut self, at: Nanos) {
        let left = self.first_from(at);
        if left < self.slices.len() {
            self.slices.truncate(left);
            self.sums.truncate(left / BLOCK + 1);
            self.open = false;
        }
    }

    /// Adds a slice that has an end already.
    pub fn add_density(&mut self, at: Nanos, density: &Density, event: u32) {
        self.begin(at, What::Density(Box::new(density.clone())), event);
        self.close(density.until, event);
    }

    pub fn last_mut(&mut self) -> Option<&mut Slice> {
        self.slices.last_mut()
    }

    /// Draws the open slice out to the end of the trace, and brings the sums up to date.
    pub fn grow(&mut self, end: Nanos, kind: impl Fn(&Slice, &mut Totals)) {
        if self.open
            && let Some(last) = self.slices.last_mut()
        {
            last.end = last.end.max(end);
        }
        let ended = self.slices.len() - usize::from(self.open);
        if self.sums.is_empty() {
            self.sums.push([0; KINDS]);
        }
        while self.sums.len() * BLOCK <= ended {
            let from = (self.sums.len() - 1) * BLOCK;
            let mut sum = self.sums.last().copied().unwrap_or_default();
            for slice in &self.slices[from..from + BLOCK] {
                kind(slice, &mut sum);
            }
            self.sums.push(sum);
        }
    }

    /// Time by kind over the slices `from..to`.
    pub fn totals(&self, from: usize, to: usize, kind: impl Fn(&Slice, &mut Totals)) -> Totals {
        let before = self.before(from, &kind);
        let mut totals = self.before(to, &kind);
        for (total, before) in totals.iter_mut().zip(before) {
            *total = total.saturating_sub(before);
        }
        totals
    }

    fn before(&self, index: usize, kind: &impl Fn(&Slice, &mut Totals)) -> Totals {
        let index = index.min(self.slices.len());
        let block = (index / BLOCK).min(self.sums.len().saturating_sub(1));
        let mut sum = self.sums.get(block).copied().unwrap_or_default();
        for slice in self.slices.get(block * BLOCK..index).unwrap_or(&[]) {
            kind(slice, &mut sum);
        }
        sum
    }

    /// The index of the first slice that ends after this moment.
    pub fn first_after(&self, at: Nanos) -> usize {
        self.slices.partition_point(|slice| slice.end <= at)
    }

    /// The index of the first slice that begins at or after this moment.
    pub fn first_from(&self, at: Nanos) -> usize {
        self.slices.partition_point(|slice| slice.start < at)
    }

    /// The slice that covers this moment; an open one covers all that comes.
    pub fn at(&self, at: Nanos) -> Option<usize> {
        let last = self.slices.len().checked_sub(1).filter(|_| self.open);
        let index = self.first_after(at).min(last.unwrap_or(usize::MAX));
        self.slices.get(index).filter(|slice| slice.start <= at).map(|_| index)
    }
}

/// The kind of an owner: its hue, after nobody.
pub(crate) fn owner_kind(hue: u8) -> usize {
    1 + usize::from(hue) % (KINDS - 1)
}

/// Adds a slice's time to the totals; `hue` says how an owner is drawn.
pub(crate) fn add_kinds(slice: &Slice, totals: &mut Totals, hue: impl Fn(ThreadKey) -> u8) {
    match &slice.what {
        What::Owned(key) => totals[owner_kind(hue(*key))] += slice.length(),
        What::Density(density) => {
            for share in &density.shares {
                let kind = match share.of {
                    ShareOf::Nobody => 0,
                    ShareOf::State(class) => class.index(),
                    ShareOf::Thread(key) => owner_kind(hue(key)),
                };
                totals[kind] = totals[kind].saturating_add(share.ns);
            }
        }
        what => totals[what.class().map_or(0, StateClass::index)] += slice.length(),
    }
}

/// The time of a density slice spent in one class of states.
pub(crate) fn share_of(density: &Density, class: StateClass) -> Nanos {
    density
        .shares
        .iter()
        .filter(|share| share.of == ShareOf::State(class))
        .map(|share| share.ns)
        .sum()
}
