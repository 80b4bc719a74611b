//! Stopping between any two instructions, and Python 2's ticks.
//!
//! The loop looks at its limit only where CPython 3.11 and later do. Versions that can be stopped elsewhere run in it too, up to a safe
//! distance before their limit; the rest of the way they go in the loop's second copy (`run_loop::<true>`, the one for traced threads),
//! which asks before each instruction and runs none of them fused. While ticks are counted the thread stays in the second copy.
//!
//! CPython's loops before 3.10 came past their check only behind instructions that went to the top of the loop: [`counts`]. They did not
//! check before `SETUP_FINALLY`, `SETUP_WITH`, `BEFORE_ASYNC_WITH` and `YIELD_FROM`; here these are the first instruction of a range with
//! a handler, `LOAD_SPECIAL` and `SEND`.

use crate::code::CodeObj;
use crate::contract::{Stop, SwitchPoints, Until};
use crate::process::Process;
use heddle_compiler::Op;

/// How long before its limit a thread changes over to the careful copy, in ns of the default pace. Instructions between two looks of the
/// fast copy that take longer are run through.
const DISTANCE_NS: u64 = 20_000;

/// What the careful copy stops for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Mode {
    /// The fast copy runs, or the careful one because the thread is traced.
    #[default]
    Off,
    /// The end of the ticks; also the limit, anywhere.
    Ticks,
    /// The limit, behind instructions that count.
    Instructions,
    /// The limit, anywhere.
    Everywhere,
    /// The halt alone: the limit is looked for where the fast copy does.
    Halt,
}

/// State of the careful copy.
#[derive(Clone, Debug, Default)]
pub(crate) struct Careful {
    /// What is looked for now.
    mode: Mode,
    /// What this slice looks for when its limit is near.
    wanted: Mode,
    /// The limit of the slice.
    end_ns: u64,
    /// See [`Until::halt_ns`].
    halt_ns: u64,
    /// The instruction before; `None` at the start of a slice, so that every slice gets on.
    last: Option<Op>,
    /// Ticks left, of all threads.
    ticks: u32,
    /// Why the loop is to be left.
    stop: Option<Stop>,
}

impl Careful {
    /// Does the careful copy look at each instruction?
    pub fn is_on(&self) -> bool {
        self.mode != Mode::Off
    }
}

impl Process {
    /// A slice begins; its limit is `end_ns`.
    pub(crate) fn begin_slice(&mut self, until: &Until, end_ns: u64) {
        let halt_ns = match until.halt_ns {
            u64::MAX => u64::MAX,
            at_ns => self.when(at_ns),
        };
        let careful = &mut self.careful;
        careful.halt_ns = halt_ns;
        careful.mode = Mode::Off;
        careful.end_ns = end_ns;
        careful.last = None;
        careful.stop = None;
        careful.wanted = match (until.ticks, self.config.rules.switch_points) {
            (Some(interval), _) => {
                if careful.ticks == 0 || careful.ticks > interval {
                    careful.ticks = interval.max(1);
                }
                Mode::Ticks
            }
            (None, SwitchPoints::Instructions) if !self.config.rules.ticks => Mode::Instructions,
            (None, SwitchPoints::Everywhere) => Mode::Everywhere,
            _ => Mode::Off,
        };
    }

    /// Whether the careful copy of the loop has to run.
    pub(crate) fn needs_care(&self) -> bool {
        self.careful.is_on() || self.is_watched() || self.surveyor.is_some()
    }

    /// Whether items are stored under the container's lock: without a GIL, but where the fast copy would run if nobody looked.
    #[inline]
    pub(crate) fn locks_containers(&self) -> bool {
        !self.config.rules.gil && (!matches!(self.careful.mode, Mode::Off | Mode::Halt) || self.is_watched())
    }

    /// Chooses the copy of the loop that goes on, and its limit. True: the careful one.
    pub(crate) fn choose_copy(&mut self) -> bool {
        let careful = &mut self.careful;
        let soon_ns = self.now_ns.saturating_add(DISTANCE_NS);
        careful.mode = match careful.wanted {
            Mode::Ticks => Mode::Ticks,
            wanted if wanted != Mode::Off && soon_ns >= careful.end_ns => wanted,
            _ if soon_ns >= careful.halt_ns => Mode::Halt,
            _ => Mode::Off,
        };
        self.limit_ns = match (careful.mode, careful.wanted) {
            (Mode::Off | Mode::Halt, Mode::Instructions | Mode::Everywhere) => careful.end_ns - DISTANCE_NS,
            _ => careful.end_ns,
        };
        if careful.mode == Mode::Off && careful.halt_ns != u64::MAX {
            self.limit_ns = self.limit_ns.min(careful.halt_ns - DISTANCE_NS);
        }
        self.needs_care()
    }

    /// The fast copy has stopped at the safe distance: there is more to run.
    pub(crate) fn goes_on_carefully(&self) -> bool {
        let careful = &self.careful;
        let is_midway = match careful.mode {
            Mode::Off => careful.wanted != Mode::Off || careful.halt_ns != u64::MAX,
            Mode::Halt => careful.wanted != Mode::Off,
            _ => false,
        };
        is_midway && self.now_ns < careful.end_ns && self.now_ns < careful.halt_ns
    }

    /// Asked by the careful copy before each instruction: is there anything to do but to execute it? [`Process::see_to`] does it.
    #[inline]
    pub(crate) fn looks_up(&mut self, code: &CodeObj, pc: usize, now_ns: u64) -> bool {
        if self.careful.mode == Mode::Off {
            return self.is_watched() || self.surveyor.is_some() && self.survey_step(code, pc, now_ns);
        }
        let next = code.plain().get(pc).map_or(Op::Nop, |i| i.op);
        if let Some(last) = self.careful.last.replace(next) {
            self.careful.stop = self.careful.look(last, next, now_ns);
            if let Some(stop) = &self.careful.stop {
                if *stop != Stop::Limit || self.careful.mode != Mode::Instructions || !shielded(code, next, pc) {
                    return true;
                }
                self.careful.stop = (now_ns >= self.careful.halt_ns).then_some(Stop::Halt);
                if self.careful.stop.is_some() {
                    return true;
                }
            }
        }
        // Who is watched may be sent away first, and come here again.
        self.is_watched() || self.surveyor.is_some() && self.survey_step(code, pc, now_ns)
    }

    /// What [`Process::looks_up`] has found: a stop, or somebody to be told ([`Process::before_instruction`]). The frame is saved.
    pub(crate) fn see_to(&mut self, pc: usize) -> Result<bool, Stop> {
        match self.careful.stop.take() {
            Some(stop) => Err(stop),
            None => {
                let goes_on = !self.is_watched() || self.before_instruction(pc);
                if goes_on && self.surveyor.is_some() {
                    self.survey_saved(pc);
                }
                Ok(goes_on)
            }
        }
    }
}

impl Careful {
    fn look(&mut self, last: Op, next: Op, now_ns: u64) -> Option<Stop> {
        let counted = counts(last, next);
        let stop = match self.mode {
            Mode::Ticks => {
                if counted {
                    self.ticks = self.ticks.saturating_sub(1);
                    if self.ticks == 0 && !matches!(next, Op::LoadSpecial | Op::Send) {
                        return Some(Stop::Check);
                    }
                }
                (now_ns >= self.end_ns).then_some(Stop::Limit)
            }
            Mode::Instructions => (counted && now_ns >= self.end_ns).then_some(Stop::Limit),
            Mode::Everywhere => (now_ns >= self.end_ns).then_some(Stop::Limit),
            Mode::Off | Mode::Halt => None,
        };
        // A check that is due comes at the next instruction.
        let is_due = self.mode == Mode::Ticks && self.ticks == 0;
        stop.or((now_ns >= self.halt_ns && !is_due).then_some(Stop::Halt))
    }
}

/// Whether a version that can be stopped between instructions can be between these two.
pub(crate) fn may_stop(code: &CodeObj, last: Op, next: Op, pc: usize) -> bool {
    counts(last, next) && !shielded(code, next, pc)
}

/// Must the thread not be stopped before this instruction?
fn shielded(code: &CodeObj, next: Op, pc: usize) -> bool {
    matches!(next, Op::LoadSpecial | Op::Send) || code.code.exceptions.iter().any(|e| e.start as usize == pc)
}

/// Did CPython before 3.10 go through the top of its loop between these two instructions, as far as it had them? In 2.7 that is a tick.
/// Instructions that went straight to the next one, and comparisons with the jump that their successor was predicted to be, did not.
#[inline]
fn counts(last: Op, next: Op) -> bool {
    match last {
        Op::Nop
        | Op::LoadFast
        | Op::LoadFastCheck
        | Op::LoadFastAndClear
        | Op::LoadConst
        | Op::LoadSmallInt
        | Op::LoadCommonConstant
        | Op::StoreFast
        | Op::PopTop
        | Op::PopIter
        | Op::EndFor
        | Op::EndSend
        | Op::PushNull
        | Op::Copy
        | Op::Swap
        | Op::JumpForward
        | Op::JumpBackwardNoInterrupt
        | Op::PopJumpIfFalse
        | Op::PopJumpIfTrue
        | Op::PopJumpIfNone
        | Op::PopJumpIfNotNone
        | Op::MakeCell
        | Op::CopyFreeVars => false,
        Op::CompareOp | Op::IsOp | Op::ContainsOp | Op::ToBool => {
            !matches!(next, Op::PopJumpIfFalse | Op::PopJumpIfTrue | Op::ToBool)
        }
        Op::GetIter => next != Op::ForIter,
        Op::ForIter => !matches!(next, Op::StoreFast | Op::UnpackSequence),
        Op::ListAppend => next != Op::JumpBackward,
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `while n > 0: n -= 1`, a round.
    #[test]
    fn a_round_of_the_countdown_is_two_ticks() {
        let round = [
            Op::LoadFast,
            Op::LoadSmallInt,
            Op::BinaryOp,
            Op::StoreFast,
            Op::LoadFast,
            Op::LoadSmallInt,
            Op::CompareOp,
            Op::PopJumpIfFalse,
            Op::JumpBackward,
            Op::LoadFast,
        ];
        let ticks = round.windows(2).filter(|pair| counts(pair[0], pair[1])).count();
        assert_eq!(ticks, 2);
    }
}
