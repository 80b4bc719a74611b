//! Events of exceptions on their way through frames.

use super::Event;
use super::fire::next;
use crate::frame::Frame;
use crate::process::Process;
use crate::value::Value;

/// Stages of an exception in one frame; see [`Process::unwind_from`].
pub(crate) mod stage {
    /// It has just arrived.
    pub const ARRIVED: u8 = 0;
    /// The call that it came from has been told.
    pub const RAISED: u8 = 1;
    /// Looking for a handler.
    pub const HANDLER: u8 = 2;
    /// There is no handler.
    pub const LEAVING: u8 = 3;
    /// The frame goes.
    pub const GONE: u8 = 4;
}

impl Process {
    /// Is the top frame one that whoever watches hears of?
    pub(crate) fn top_is_watched(&self) -> bool {
        self.is_watched() && matches!(self.frames.last(), Some(Frame::Python(f)) if !self.code_of(f.code).hidden)
    }

    /// Tells about an exception in the top frame at one stage; true if somebody was told, and unwinding goes on afterwards at the
    /// stage behind. `fresh`: raised here or by a callee, not raised again.
    pub(crate) fn tell_exception(&mut self, e: Value, fresh: bool, at: u8) -> bool {
        let then = next::UNWIND + 2 * i32::from(at + 1) + i32::from(fresh);
        match at {
            stage::ARRIVED => self.tell_c_raise(e, then),
            stage::RAISED => {
                let event = if fresh { Event::Raise } else { Event::Reraise };
                self.fire_exception(event, e, then)
            }
            stage::LEAVING => self.fire_exception(Event::PyUnwind, e, then),
            _ => false,
        }
    }

    /// An exception that no handler of the frame waits for is raised again.
    pub(crate) fn tell_reraised(&mut self, e: Value) -> bool {
        self.fire_exception(Event::Reraise, e, next::UNWIND + 2 * i32::from(stage::LEAVING))
    }

    fn tell_c_raise(&mut self, e: Value, then: i32) -> bool {
        let depth = self.frames.len() as u32;
        self.forget_watched_calls(depth);
        let Some(&(at, callable, first)) = self.current_thread().watch.calls.last() else {
            return false;
        };
        if at != depth {
            return false;
        }
        self.current_thread().watch.calls.pop();
        let told = self.fire_c_raise(callable, first, e, then);
        self.heap.decref(callable);
        self.heap.decref(first);
        told
    }

    /// A handler has been entered.
    pub(crate) fn tell_handled(&mut self, e: Value, raised_at: u32) {
        let depth = self.frames.len();
        let watch = &mut self.current_thread().watch;
        if let Some(previous) = watch.previous.get_mut(depth) {
            *previous = raised_at;
        }
        self.fire_exception(Event::ExceptionHandled, e, next::NOTHING);
    }

    /// An exception (counted) is thrown into the generator on top; true if somebody was told first.
    pub(crate) fn tell_thrown(&mut self, e: Value) -> bool {
        if !self.top_is_watched() {
            return false;
        }
        let (depth, pc) = (self.frames.len(), self.top().pc);
        let watch = &mut self.current_thread().watch;
        if watch.previous.len() <= depth {
            watch.previous.resize(depth + 1, 0);
        }
        watch.previous[depth] = pc;
        let told = self.fire_exception(Event::PyThrow, e, next::THROW);
        if told {
            // The event holds a count of its own.
            self.heap.decref(e);
        }
        told
    }
}
