//! Greenlets are told like generators that are driven by hand: each has a lane from its first switch to its end, which says by whom it goes on, with what,
//! and to whom it gives way. A thread's main greenlet has none: its lane is that of the thread. Limits are those of `by_hand`.

use super::by_hand::{Hands, Lane, Strand};
use super::chain::Places;
use crate::frame::Frame;
use crate::greenlet::{Passed, Role};
use crate::object::Obj;
use crate::process::Process;
use crate::value::Value;
use heddle_trace::{AwaitReason, TaskEnd, TaskState};
use std::rc::Rc;

/// So many frames of a waiting greenlet are told, the innermost ones.
const MOST_FRAMES: usize = 12;

impl Hands {
    fn lane_of(&self, greenlet: Value) -> Option<Lane> {
        self.known.get(&greenlet.handle()?).cloned()
    }
}

impl Process {
    /// On which stack the running thread is.
    pub(super) fn strand(&self) -> Strand {
        let thread = self.threads.get(self.current as usize);
        let known = thread.and_then(|thread| thread.greenlets.as_deref());
        let child = known.filter(|known| known.current != known.main);
        (
            self.current,
            child.and_then(|known| known.current.handle()).unwrap_or(0),
        )
    }

    /// A greenlet gets a stack on which `run` will be called.
    pub(crate) fn greenlet_begins(&mut self, greenlet: Value, run: Value) {
        if let Some(handle) = greenlet.handle().filter(|_| self.observer.hands.has_room()) {
            let qualname = self.callback_name(run);
            let name = qualname.rsplit('.').next().unwrap_or_default().to_owned();
            self.add_lane(handle, [name, qualname]);
        }
    }

    /// The running greenlet, whose stack is the thread's still, gives way to another one.
    pub(crate) fn greenlet_switches(&mut self, origin: Value, target: Value, passed: Passed) {
        let hands = &mut self.observer.hands;
        let (from, to) = (hands.lane_of(origin), hands.lane_of(target));
        if from.is_none() && to.is_none() {
            return;
        }
        hands.steps = hands.steps.saturating_add(1);
        let is_main = self
            .greenlet(target)
            .is_some_and(|greenlet| greenlet.role != Role::Child);
        let name = match &to {
            Some(lane) => &*lane.name,
            None if is_main => "main",
            None => "another",
        };
        let gives_way: Rc<str> = Rc::from(format!("to {name}"));
        // First the one that goes on: it does so by something that the other one does while it runs.
        if let Some(to) = to {
            let text = self.passed_by_hand(passed);
            let place = self.place_by_hand();
            let by = self.observer.hands.current(self.strand());
            self.tell_hand(to.task, TaskState::Running, text, place, by);
        }
        if let Some(from) = from {
            let label = self.told_enough(origin).unwrap_or(gives_way);
            let chain = self.chain_of_frames();
            self.tell_hand(from.task, TaskState::Awaiting(AwaitReason::Resumer), label, chain, None);
        }
    }

    /// The running greenlet is over.
    pub(crate) fn greenlet_ends(&mut self, greenlet: Value, end: TaskEnd, value: Value) {
        let known = &mut self.observer.hands.known;
        if let Some(lane) = greenlet.handle().and_then(|handle| known.remove(&handle)) {
            let label = self.text_by_hand("", value, "");
            let nowhere = self.observer.no_text();
            self.tell_hand(lane.task, TaskState::Done(end), label, nowhere, None);
        }
    }

    fn passed_by_hand(&mut self, passed: Passed) -> Rc<str> {
        match passed {
            Passed::Throw(e) => self.text_by_hand("throw(", e, ")"),
            Passed::Arguments(_, named) if self.as_dict(named).is_some_and(|named| !named.is_empty()) => {
                self.text_by_hand("switch(**", named, ")")
            }
            Passed::Arguments(args, _) => match self.as_tuple(args).unwrap_or_default() {
                [] => self.observer.no_text(),
                &[only] => self.text_by_hand("switch(", only, ")"),
                _ => self.text_by_hand("switch", args, ""),
            },
        }
    }

    /// Where the stack of the running thread stands, as the await chain of a task.
    fn chain_of_frames(&mut self) -> Rc<str> {
        let mut rows: Vec<(Value, u32)> = self
            .frames
            .iter()
            .rev()
            .filter_map(|frame| match frame {
                Frame::Python(frame) if !self.code_of(frame.code).hidden => Some((frame.code, frame.pc)),
                _ => None,
            })
            .take(MOST_FRAMES)
            .collect();
        rows.reverse();
        let mut places = Places::new();
        for (code, pc) in &rows {
            if let Some(Obj::Code(code)) = self.heap.object(*code) {
                places.push((code.number, *pc));
            }
        }
        if let Some(known) = self.observer.known_chain(&places) {
            return known;
        }
        let mut chain = String::new();
        for (code, pc) in rows {
            self.chain_row(&mut chain, code, pc.saturating_sub(1));
        }
        self.observer.keep_chain(places, chain)
    }
}
