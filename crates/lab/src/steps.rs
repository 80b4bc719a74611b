//! Steps: from one moment to the next or last one at which a thread stands somewhere else.
//!
//! Nothing can be undone, so a step backward looks for the last change before the moment: in a stretch of time just before it, and if there is none, in a
//! longer one before that.

use crate::boot::Engine;
use crate::look::{Checkpoints, Look};
use heddle_machine::Machine;
use heddle_trace::{Nanos, Step, Stride, ThreadKey};
use heddle_vm::contract::Footing;

/// The first stretch of time in which a step backward looks, and how much longer each further one is.
const FIRST_STRETCH: Nanos = 2_000;
const LONGER: Nanos = 8;
/// A step that takes more than so many changes finds nothing.
const MOST_CHANGES: u64 = 3_000_000;
/// What a change costs where each needs a look of its own, as where there are several processes.
const LOOK_CHANGES: u64 = 10_000;

/// A step that is under way.
pub struct Stepping {
    step: Step,
    state: State,
    changes_left: u64,
}

enum State {
    /// On the way to where the search begins; how long the stretch is, backward.
    SetsOut(Box<Look>, Nanos),
    /// At the first machine's place, with what was found so far.
    Searches(Box<Search>, Nanos),
    /// Needs a look at this moment.
    Wants(Nanos, Nanos),
    Over(Option<Nanos>),
}

struct Search {
    machine: Machine<Engine>,
    at: Nanos,
    stands: Vec<(u32, u32, Footing)>,
    found: Option<Nanos>,
}

impl Stepping {
    /// Begins; [`Stepping::wants`] says what it needs.
    #[must_use]
    pub fn new(step: Step) -> Stepping {
        let mut stepping = Stepping {
            step,
            state: State::Over(None),
            changes_left: MOST_CHANGES,
        };
        stepping.state = match step.back {
            false => State::Wants(step.from, 0),
            true if step.from == 0 => State::Over(Some(0)),
            true => stepping.stretch(FIRST_STRETCH),
        };
        stepping
    }

    fn stretch(&self, length: Nanos) -> State {
        State::Wants(self.step.from.saturating_sub(length), length)
    }

    /// The moment for which it needs a look, to be given to [`Stepping::give`].
    #[must_use]
    pub fn wants(&self) -> Option<Nanos> {
        match self.state {
            State::Wants(at, _) => Some(at),
            _ => None,
        }
    }

    /// Here is the look it wants.
    pub fn give(&mut self, look: Look) {
        if let State::Wants(_, length) = self.state {
            self.state = State::SetsOut(Box::new(look), length);
        }
    }

    /// Goes on, for about so much work; true when it is over or wants something.
    pub fn advance(&mut self, checkpoints: &mut Checkpoints, work: u64) -> bool {
        match std::mem::replace(&mut self.state, State::Over(None)) {
            State::SetsOut(mut look, length) => {
                if !checkpoints.advance(&mut look, work) {
                    self.state = State::SetsOut(look, length);
                    return false;
                }
                let at = match self.step.back {
                    true => self.step.from.saturating_sub(length),
                    false => self.step.from,
                };
                let search = Search::new(look.machine, at, self.of());
                self.state = State::Searches(Box::new(search), length);
                false
            }
            State::Searches(search, length) => {
                self.search(checkpoints, search, length, work);
                !matches!(self.state, State::Searches(..))
            }
            state => {
                self.state = state;
                true
            }
        }
    }

    /// The moment it leads to, once it is over: `None` if nothing is within reach.
    #[must_use]
    pub fn result(&self) -> Option<Option<Nanos>> {
        match self.state {
            State::Over(found) => Some(found),
            _ => None,
        }
    }

    fn of(&self) -> Option<(u32, u32)> {
        self.step.of.map(|ThreadKey { process, thread }| (process.0, thread.0))
    }

    fn search(&mut self, checkpoints: &Checkpoints, mut search: Box<Search>, length: Nanos, work: u64) {
        let until = if self.step.back { self.step.from } else { Nanos::MAX };
        // A change takes about so much.
        let mut left = work / 1_000;
        while left > 0 {
            let changes = if search.machine.has_several() { LOOK_CHANGES } else { 1 };
            left = left.saturating_sub(changes);
            self.changes_left = self.changes_left.saturating_sub(changes);
            let is_spent = self.changes_left == 0;
            match search.next(checkpoints, self.of(), self.step.stride, until) {
                Found::Nothing if !is_spent => {}
                Found::Here if !self.step.back => {
                    self.state = State::Over(Some(search.at));
                    return;
                }
                Found::Here if !is_spent => search.found = Some(search.at),
                Found::Here | Found::Nothing | Found::End => {
                    self.state = match (self.step.back, search.found) {
                        (true, None) if length < self.step.from && !is_spent => {
                            self.stretch(length.saturating_mul(LONGER))
                        }
                        // Before everything stands the beginning.
                        (true, None) if !is_spent && matches!(self.step.stride, Stride::Line | Stride::Instruction) => {
                            State::Over(Some(0))
                        }
                        (_, found) => State::Over(found),
                    };
                    return;
                }
            }
        }
        self.state = State::Searches(search, length);
    }
}

enum Found {
    Nothing,
    Here,
    End,
}

impl Search {
    fn new(machine: Machine<Engine>, at: Nanos, of: Option<(u32, u32)>) -> Search {
        Search {
            at: if machine.has_several() {
                at
            } else {
                at.max(machine.furthest_ns())
            },
            stands: machine.stands(of),
            found: None,
            machine,
        }
    }

    /// Goes on to the next change, before the moment `until`.
    fn next(&mut self, checkpoints: &Checkpoints, of: Option<(u32, u32)>, stride: Stride, until: Nanos) -> Found {
        let Some(next) = self.machine.next_ns(self.at) else {
            return Found::End;
        };
        if next >= until {
            return Found::End;
        }
        if self.machine.has_several() {
            // Others have gone on past this moment already.
            let Some(look) = checkpoints.look(next) else {
                return Found::End;
            };
            self.machine = look.machine;
        }
        while !self.machine.advance_to(next, 1_000_000) {}
        self.machine.take_output();
        self.at = match self.machine.has_several() {
            true => next,
            false => next.max(self.machine.furthest_ns()),
        };
        let stands = self.machine.stands(of);
        let is_found = changes(&self.stands, &stands, stride);
        self.stands = stands;
        if is_found && self.at < until {
            Found::Here
        } else {
            Found::Nothing
        }
    }
}

/// Whether what a step looks for lies between two stands.
fn changes(before: &[(u32, u32, Footing)], after: &[(u32, u32, Footing)], stride: Stride) -> bool {
    let has_come = |(pid, thread, now): &(u32, u32, Footing)| {
        let then = before
            .iter()
            .find(|one| (one.0, one.1) == (*pid, *thread))
            .map(|one| one.2);
        let then = then.unwrap_or_default();
        let new_line = (then.own_depth, then.own_line) != (now.own_depth, now.own_line)
            || now.own_instruction < then.own_instruction;
        match stride {
            Stride::Instruction => (then.depth, then.instruction) != (now.depth, now.instruction),
            Stride::Line => new_line && now.own_line > 0,
            Stride::To(line) => new_line && now.own_line == line,
        }
    };
    after.iter().any(has_come)
}
