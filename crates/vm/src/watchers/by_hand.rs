//! Generators and coroutines that a program drives by hand, in a scheduler of its own: they are told as tasks of [`LoopId::BY_HAND`].
//!
//! Nothing is told of a generator that only produces items. One becomes known when the program's own code (not the library's, and not
//! while an event loop runs in the thread)
//!
//! - sends it something other than None, or throws something into it;
//! - resumes a coroutine with `send`;
//! - resumes it by `next`, `__next__` or `send(None)` again after it has resumed another one so: they take turns.
//!
//! `for`, `yield from`, `list`, unpacking and a generator that is pumped alone never come here, or leave at the second line of
//! [`Process::resumed_by_hand`]. From then on each of its steps is told: by whom it is resumed, what is sent, what it yields; until
//! [`MOST_STEPS`] of them have been told in the process, for a scheduler may go round a million times. The lanes then say so and end.

use crate::contract::{TaskNote, ThreadIndex, Waker};
use crate::frame::Frame;
use crate::native::GeneratorInput;
use crate::process::Process;
use crate::types::core;
use crate::value::Value;
use heddle_trace::{AwaitReason, LoopId, TaskEnd, TaskId, TaskState};
use rustc_hash::FxHashMap;
use std::rc::Rc;

/// So many steps are told, or looked at whether they are to be.
const MOST_STEPS: u32 = 20_000;
/// At most so many generators of a process become known.
const MOST_LANES: u32 = 1000;
/// So many that have been resumed once are remembered; then they are all forgotten.
const MOST_SEEN: usize = 4096;
/// So many texts of values are told, and no more: each different one is kept by the trace.
const MOST_TEXTS: u32 = 4096;
/// Longer texts are cut.
const LONGEST_TEXT: usize = 24;

/// A stack: a thread, and the handle of the greenlet that runs in it, or 0 for the thread's own.
pub(super) type Strand = (ThreadIndex, u32);

/// A generator or greenlet that is told.
#[derive(Clone, Debug)]
pub(super) struct Lane {
    pub task: TaskId,
    pub name: Rc<str>,
}

/// What is known of them, by heap handle. Looked up, never iterated.
#[derive(Clone, Debug, Default)]
pub(crate) struct Hands {
    pub(super) known: FxHashMap<u32, Lane>,
    /// Generators that run now, the innermost of a stack last.
    running: Vec<(Strand, u32)>,
    /// Those that were resumed without becoming known, with the stack on which that was done last; and the last one of each stack.
    seen: FxHashMap<u32, Strand>,
    lasts: FxHashMap<Strand, u32>,
    /// The last one of all, and in which thread; no handle is 0.
    last: (ThreadIndex, u32),
    made: u32,
    texts: u32,
    pub(super) steps: u32,
}

impl Hands {
    /// The one that runs on a stack: its innermost generator, or the greenlet whose stack it is.
    pub(super) fn current(&self, strand: Strand) -> Option<TaskId> {
        let innermost = self.running.iter().rev().find(|(own, _)| *own == strand);
        let handle = innermost.map_or(strand.1, |(_, handle)| *handle);
        self.known.get(&handle).map(|lane| lane.task)
    }

    /// May one more become known?
    pub(super) fn has_room(&self) -> bool {
        self.made < MOST_LANES && self.steps < MOST_STEPS
    }

    /// Is it resumed on this stack in turn with another one? That a thread is preempted by another one, which resumes its own, says nothing.
    fn takes_turns(&mut self, strand: Strand, handle: u32) -> bool {
        if self.seen.len() >= MOST_SEEN {
            self.seen.clear();
            self.lasts.clear();
        }
        self.last = (strand.0, handle);
        let last = self.lasts.insert(strand, handle);
        self.seen.insert(handle, strand) == Some(strand) && last != Some(handle)
    }
}

impl Process {
    /// Somebody resumes a generator by a call. True if that is told: then it must not yield on a short path.
    #[inline]
    pub(crate) fn resumed_by_hand(&mut self, generator: Value, input: GeneratorInput) -> bool {
        let Some(handle) = generator.handle() else { return false };
        let hands = &self.observer.hands;
        let all_told = hands.steps >= MOST_STEPS && hands.known.is_empty();
        if all_told || hands.last == (self.current, handle) && matches!(input, GeneratorInput::Send(v) if v.is_none()) {
            return false;
        }
        self.resumed_in_turn(generator, handle, input)
    }

    #[inline(never)]
    fn resumed_in_turn(&mut self, generator: Value, handle: u32, input: GeneratorInput) -> bool {
        let strand = self.strand();
        let hands = &mut self.observer.hands;
        let known = hands.known.get(&handle).map(|lane| lane.task);
        hands.steps = hands.steps.saturating_add(1);
        let task = match known {
            Some(task) => task,
            None if hands.steps >= MOST_STEPS => return false,
            None => {
                let plain = matches!(input, GeneratorInput::Send(v) if v.is_none());
                let alone = plain && !self.is_exact(generator, core::COROUTINE);
                if alone && !self.observer.hands.takes_turns(strand, handle) || !self.is_driven(generator) {
                    return false;
                }
                self.make_lane(generator, handle)
            }
        };
        let input = match input {
            GeneratorInput::Send(v) if v.is_none() => self.observer.no_text(),
            GeneratorInput::Send(v) => self.text_by_hand("send(", v, ")"),
            GeneratorInput::Throw(e) => self.text_by_hand("throw(", e, ")"),
        };
        let place = self.place_by_hand();
        let by = self.observer.hands.current(strand);
        self.observer.hands.running.push((strand, handle));
        self.tell_hand(task, TaskState::Running, input, place, by);
        true
    }

    /// Where the program resumes somebody, as an await chain.
    pub(super) fn place_by_hand(&self) -> Rc<str> {
        let mut place = String::new();
        if let Some(Frame::Python(frame)) = self.frames.last() {
            self.chain_row(&mut place, frame.code, frame.pc.saturating_sub(1));
        }
        Rc::from(place)
    }

    /// Is it the program that resumes, and may one more be known?
    fn is_driven(&self, generator: Value) -> bool {
        let Some(Frame::Python(frame)) = self.frames.last() else {
            return false;
        };
        let own = |code| {
            let file = self.names_of_code(code).map_or("", |(file, _)| file);
            super::library_file(file).is_none()
        };
        self.observer.hands.has_room()
            && !self.observer.runs_loop(self.current)
            && own(frame.code)
            && self.as_generator(generator).is_some_and(|g| own(g.frame.code))
    }

    fn make_lane(&mut self, generator: Value, handle: u32) -> TaskId {
        let names = match self.as_generator(generator) {
            Some(g) => [self.text(g.name), self.text(g.qualname)],
            None => Default::default(),
        };
        self.add_lane(handle, names)
    }

    /// Name (a number is put behind it) and qualified name are those of the function.
    pub(super) fn add_lane(&mut self, handle: u32, [name, qualname]: [String; 2]) -> TaskId {
        let (task, strand) = (self.observer.new_task_id(), self.strand());
        let hands = &mut self.observer.hands;
        hands.made += 1;
        hands.last = (0, 0);
        let name: Rc<str> = Rc::from(format!("{name}-{}", hands.made));
        let parent = hands.current(strand);
        let lane = Lane {
            task,
            name: Rc::clone(&name),
        };
        hands.known.insert(handle, lane);
        self.tell_task(TaskNote::Created {
            task,
            event_loop: LoopId::BY_HAND,
            parent,
            group: None,
            name,
            coroutine: Rc::from(qualname),
            at: self.observer.no_text(),
        });
        task
    }

    /// What is said in place of anything else when so much has been told of all that this one is not told further.
    pub(super) fn told_enough(&mut self, generator: Value) -> Option<Rc<str>> {
        let hands = &mut self.observer.hands;
        let handle = generator.handle().filter(|_| hands.steps >= MOST_STEPS)?;
        hands.known.remove(&handle);
        Some(Rc::from("and on; further steps are not told"))
    }

    pub(super) fn tell_hand(
        &mut self,
        task: TaskId,
        state: TaskState,
        label: Rc<str>,
        chain: Rc<str>,
        by: Option<TaskId>,
    ) {
        let by = by.map_or(Waker::Nobody, Waker::Task);
        self.tell_task(TaskNote::State {
            task,
            state,
            label,
            chain,
            by,
        });
    }

    /// The generator gives this value to whoever resumed it. Its frame has gone back into it.
    #[inline]
    pub(crate) fn yields_by_hand(&mut self, generator: Value, value: Value) {
        if self.observer.hands.running.is_empty() {
            return;
        }
        let Some(handle) = generator.handle() else { return };
        if let Some(task) = self.stops_by_hand(handle) {
            let label = match self.told_enough(generator) {
                Some(label) => label,
                None => self.text_by_hand("", value, ""),
            };
            let chain = self.chain_of(generator);
            self.tell_hand(task, TaskState::Awaiting(AwaitReason::Resumer), label, chain, None);
        }
    }

    /// The generator is over, whoever resumed it last.
    #[inline]
    pub(crate) fn ends_by_hand(&mut self, generator: Value, end: TaskEnd, value: Value) {
        if self.observer.hands.known.is_empty() {
            return;
        }
        let Some(handle) = generator.handle() else { return };
        self.stops_by_hand(handle);
        if let Some(lane) = self.observer.hands.known.remove(&handle) {
            let label = self.text_by_hand("", value, "");
            let nowhere = self.observer.no_text();
            self.tell_hand(lane.task, TaskState::Done(end), label, nowhere, None);
        }
    }

    /// A suspended generator or greenlet never goes on, because it is closed or dies; or one is made, perhaps in the place of one that was forgotten.
    #[inline]
    pub(crate) fn forget_by_hand(&mut self, generator: Value, end: TaskEnd) {
        let hands = &self.observer.hands;
        if hands.seen.is_empty() && hands.known.is_empty() {
            return;
        }
        self.forgotten(generator, end);
    }

    #[inline(never)]
    fn forgotten(&mut self, generator: Value, end: TaskEnd) {
        let Some(handle) = generator.handle() else { return };
        let by = self.observer.hands.current(self.strand());
        let hands = &mut self.observer.hands;
        hands.seen.remove(&handle);
        if hands.last.1 == handle {
            hands.last = (0, 0);
        }
        if let Some(lane) = hands.known.remove(&handle) {
            let nothing = self.observer.no_text();
            self.tell_hand(lane.task, TaskState::Done(end), Rc::clone(&nothing), nothing, by);
        }
    }

    /// The task of a generator that runs, which it does not do any more.
    fn stops_by_hand(&mut self, handle: u32) -> Option<TaskId> {
        let hands = &mut self.observer.hands;
        let at = hands.running.iter().rposition(|(_, running)| *running == handle)?;
        hands.running.remove(at);
        hands.known.get(&handle).map(|lane| lane.task)
    }

    /// A value in a few letters, without running Python code; nothing for None.
    pub(super) fn text_by_hand(&mut self, before: &str, v: Value, after: &str) -> Rc<str> {
        if v.is_none() || v.is_null() || self.observer.hands.texts >= MOST_TEXTS {
            return self.observer.no_text();
        }
        self.observer.hands.texts += 1;
        Rc::from(format!("{before}{}{after}", self.in_short(v, LONGEST_TEXT)))
    }
}
