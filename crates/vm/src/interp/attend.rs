//! What the loop sees to between two instructions when it is told to: a change of who watches, memory.

use crate::collect::COLLECT_OBJECT_NS;
use crate::contract::{HostLimit, Stop};
use crate::frame::{Frame, bits};
use crate::native::Unwind;
use crate::process::Process;
use crate::value::Value;

impl Process {
    /// Looks at everything that raises the heap's alarm. `watched` says which copy of the loop asks. A stop if the loop has to be left.
    #[cold]
    #[inline(never)]
    pub(crate) fn attend(&mut self, watched: bool) -> Option<Stop> {
        self.shortcuts.disturbances += 1;
        if self.needs_care() != watched {
            self.retrace = true;
            return Some(Stop::Limit);
        }
        // The careful copy comes by at every call, the fast one when something is the matter: they have to see to it at the same instructions.
        if watched && !self.heap.alarmed() {
            return None;
        }
        if self.heap.collection_due() {
            self.collect_by_itself();
        }
        if self.heap.far_over_limit() {
            return Some(Stop::LimitReached(HostLimit::Memory));
        }
        if !self.heap.over_limit() {
            self.heap.error_bytes = self.heap.limit_bytes;
        }
        if !self.current_thread().pending_exception.is_null() {
            return self.interrupt();
        }
        if self.tripped != 0 && self.current == 0 && self.run_handlers() {
            return None;
        }
        let too_much = self.heap.is_exceeded();
        self.heap.set_alarm(self.heap.error_bytes);
        if self.tripped != 0 && self.current == 0 {
            // The frame is no place for handlers: look again at the next.
            self.heap.alarm();
        }
        if too_much { self.out_of_memory() } else { None }
    }

    /// Raises what another thread has left for this one, instead of the next instruction. A native that waits is left alone until it is done.
    fn interrupt(&mut self) -> Option<Stop> {
        if !matches!(self.frames.last(), Some(Frame::Python(_))) {
            return None;
        }
        self.top().pc += 1;
        let exception = std::mem::take(&mut self.current_thread().pending_exception);
        let step = self.raise_here(Unwind::Raise(exception));
        self.heap.decref(exception);
        step.err()
    }

    /// More is in use than allowed: the next instruction raises `MemoryError` instead of being executed. A native that waits is left alone
    /// until it is done.
    fn out_of_memory(&mut self) -> Option<Stop> {
        if !matches!(self.frames.last(), Some(Frame::Python(_))) {
            return None;
        }
        // The frame may just have entered a handler, with nothing executed in it: it is the next instruction that raises.
        self.top().pc += 1;
        let error = self.memory_error();
        self.raise_here(error).err()
    }

    /// A collection that the program did not ask for. Without callbacks and garbage it is over at once; else Python code goes on.
    fn collect_by_itself(&mut self) {
        if self.prelude_function("_gc_finish").is_none() {
            // The process is being started.
            return;
        }
        self.heap.collector.running = true;
        self.heap.collector.set_due();
        let generation = self.heap.generation_due();
        let callbacks = self.module_state.get("gc").and_then(|s| s.first().copied());
        let callbacks = callbacks.filter(|&c| self.as_list(c).is_some_and(|l| !l.is_empty()));
        let mut args = vec![Value::from_i32(generation as i32)];
        let function = if callbacks.is_some() {
            self.prelude_function("_gc_collect_told")
        } else {
            let (garbage, looked_at) = self.heap.find_unreachable(generation);
            self.now_ns += COLLECT_OBJECT_NS * looked_at as u64;
            let stats = &mut self.heap.collector.stats[generation];
            stats.collections += 1;
            if garbage.is_empty() {
                self.heap.collector.running = false;
                self.heap.collector.set_due();
                return;
            }
            args.push(self.new_list(garbage));
            self.prelude_function("_gc_finish")
        };
        for &v in &args {
            self.heap.incref(v);
        }
        self.heap.incref(function);
        // A Python function: a frame is pushed and nothing can stop here.
        let _ = self.call_counted(function, args, Vec::new(), bits::DISCARD);
    }
}
