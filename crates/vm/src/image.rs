//! The process image as the computer sees it.

use crate::contract::{
    FIRST_SEMAPHORE, Footing, Here, Image, ImageEvent, ObjectIndex, Place, Ran, Resume, Stop, ThreadIndex, Until,
};
use crate::frame::{Frame, PyFrame};
use crate::native::LogEntry;
use crate::process::Process;
use crate::value::Value;

/// Whether a file is not one of the program's.
pub(crate) fn is_library(file: &str) -> bool {
    file.starts_with("/usr/lib/") || file.starts_with("<frozen ")
}

impl Process {
    /// Makes a thread the running one: its frames and slots move into the process.
    fn swap_in(&mut self, thread: ThreadIndex) {
        self.current = thread;
        if let Some(t) = self.threads.get_mut(thread as usize) {
            self.frames = std::mem::take(&mut t.frames);
            self.stack = std::mem::take(&mut t.stack);
        }
        self.depth = self.frames.iter().filter(|f| matches!(f, Frame::Python(_))).count() as u32;
    }

    fn swap_out(&mut self) {
        let (frames, stack) = (std::mem::take(&mut self.frames), std::mem::take(&mut self.stack));
        let thread = self.current_thread();
        thread.frames = frames;
        thread.stack = stack;
    }

    fn run_current(&mut self) -> Stop {
        self.shortcuts.disturbances += 1;
        let thread = self.current_thread();
        match thread.answer.take() {
            Some(Resume::Interrupted(call)) => self.interrupted(call),
            Some(answer) => {
                if let Some(Frame::Native(n)) = self.frames.last_mut() {
                    n.log.push(LogEntry::Resume(answer));
                }
            }
            None => {}
        }
        if !self.heap.over_limit() {
            self.heap.alarm();
        }
        let stop = loop {
            let stop = if self.choose_copy() {
                self.run_loop::<true>()
            } else {
                self.run_loop::<false>()
            };
            let retraced = std::mem::take(&mut self.retrace);
            if !(retraced || stop == Stop::Limit && self.goes_on_carefully()) {
                break stop;
            }
        };
        match stop {
            Stop::SystemCall(crate::contract::SystemCall::Posix(_)) | Stop::Limit if self.heap.far_over_limit() => {
                Stop::LimitReached(crate::contract::HostLimit::Memory)
            }
            stop => stop,
        }
    }

    fn place_of(&self, frame: &PyFrame) -> Place {
        let code = self.code_of(frame.code);
        Place {
            function: code.code.qualname.clone(),
            file: code.code.filename.to_string(),
            line: self.line_of(frame),
        }
    }

    fn line_of(&self, frame: &PyFrame) -> u32 {
        self.line_at(frame, frame.pc.saturating_sub(1))
    }

    /// The line of an instruction of the frame's code.
    fn line_at(&self, frame: &PyFrame, pc: u32) -> u32 {
        let code = self.code_of(frame.code);
        let at = pc as usize;
        code.code.positions.get(at).map_or(0, |p| p.line)
    }

    fn visible_frames(&self, thread: ThreadIndex) -> impl Iterator<Item = &PyFrame> {
        let frames = self.threads.get(thread as usize).map_or(&[][..], |t| &t.frames);
        let frames = if frames.is_empty() && thread == self.current {
            &self.frames[..]
        } else {
            frames
        };
        frames.iter().rev().filter_map(|f| match f {
            Frame::Python(f) if !self.code_of(f.code).hidden => Some(f),
            _ => None,
        })
    }
}

impl Image for Process {
    fn run(&mut self, thread: ThreadIndex, until: Until) -> Ran {
        (self.now_ns, self.slice_start_ns) = match self.halted.take() {
            Some(halted) if until.goes_on => halted,
            _ => (until.now_ns, until.now_ns),
        };
        if self.threads.get(thread as usize).is_none_or(|t| t.ended) {
            return Ran {
                now_ns: until.now_ns,
                stop: Stop::ThreadEnd,
            };
        }
        self.begin_slice(&until, self.when(until.limit_ns));
        self.swap_in(thread);
        let stop = self.run_current();
        self.swap_out();
        if stop == Stop::Halt {
            self.halted = Some((self.now_ns, self.slice_start_ns));
            return Ran {
                now_ns: self.clock_ns(),
                stop,
            };
        }
        self.now_ns = self.clock_ns();
        let ran_ns = self.now_ns.saturating_sub(self.slice_start_ns);
        self.slice_start_ns = self.now_ns;
        self.current_thread().cpu_ns += ran_ns;
        Ran {
            now_ns: self.now_ns,
            stop,
        }
    }

    fn resume(&mut self, thread: ThreadIndex, answer: Resume) {
        if let Some(t) = self.threads.get_mut(thread as usize) {
            t.answer = Some(answer);
        }
    }

    fn try_take(&mut self, thread: ThreadIndex, object: ObjectIndex) -> bool {
        self.take_waitable(thread, Value::from_handle(object))
    }

    fn signal(&mut self, signal: u8) {
        self.trip(signal);
    }

    fn forked(&mut self, thread: ThreadIndex, pid: u32, parent_pid: u32) {
        (self.config.pid, self.config.parent_pid) = (pid, parent_pid);
        if thread != 0 && (thread as usize) < self.threads.len() {
            self.threads.swap(0, thread as usize);
            self.renumber_owners(thread);
        }
        self.threads.iter_mut().for_each(|thread| thread.cpu_ns = 0);
        self.entropy ^= u64::from(pid).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        // The other threads are gone: they count as ended, and what they held stays as it was.
        self.end_handles_of_others();
        for thread in self.threads.iter_mut().skip(1) {
            thread.ended = true;
            thread.answer = None;
        }
        self.renumber_greenlets();
        self.forget_tasks();
        self.waiters.clear();
        self.observer.forget();
        self.survey_forked();
        self.events.clear();
        self.tripped = 0;
    }

    fn adopted(&mut self, parent_pid: u32) {
        self.config.parent_pid = parent_pid;
    }

    fn user_ns(&self) -> u64 {
        self.threads.iter().map(|thread| thread.cpu_ns).sum()
    }

    fn stack(&self, thread: ThreadIndex) -> Vec<Place> {
        self.visible_frames(thread).map(|f| self.place_of(f)).collect()
    }

    fn here(&self, thread: ThreadIndex) -> Here<'_> {
        // The program's own line says more than the library's; a thread that runs only library code has no other.
        let own = |f: &&PyFrame| !self.code_of(f.code).code.filename.starts_with("/usr/lib/");
        let frame = self
            .visible_frames(thread)
            .find(own)
            .or_else(|| self.visible_frames(thread).next());
        let frames = self.threads.get(thread as usize).map_or(&[][..], |t| &t.frames);
        let top = match frames.last() {
            Some(Frame::Python(top)) => Some(top.base),
            _ => None,
        };
        frame.map_or_else(Here::default, |f| {
            let code = self.code_of(f.code);
            // A thread taken off its core stands before its next instruction: after a jump back, the one jumped to.
            let line = if top == Some(f.base) {
                self.line_at(f, f.pc)
            } else {
                self.line_of(f)
            };
            Here {
                function: &code.code.qualname,
                file: &code.code.filename,
                line,
            }
        })
    }

    fn stands(&self, thread: ThreadIndex) -> Footing {
        let frames = self.threads.get(thread as usize).map_or(&[][..], |t| &t.frames);
        // Who is called by nobody's code stands before its next instruction.
        let top = match frames.last() {
            Some(Frame::Python(top)) => Some(top.base),
            _ => None,
        };
        let mut footing = Footing::default();
        for frame in frames {
            let Frame::Python(frame) = frame else { continue };
            let code = self.code_of(frame.code);
            if code.hidden {
                continue;
            }
            let instruction = frame.pc.saturating_sub(u32::from(top != Some(frame.base)));
            footing.depth += 1;
            footing.instruction = instruction;
            if !is_library(&code.code.filename) {
                footing.own_depth += 1;
                footing.own_instruction = instruction;
                footing.own_line = self.line_at(frame, instruction);
            }
        }
        footing
    }

    fn owner(&self, object: ObjectIndex) -> Option<ThreadIndex> {
        self.lock_owner(Value::from_handle(object))
    }

    fn describe(&self, object: ObjectIndex) -> String {
        match object.checked_sub(FIRST_SEMAPHORE) {
            Some(number) => self.name_of_semaphore(number),
            None => self.name_of_object(Value::from_handle(object)),
        }
    }

    fn thread_name(&self, thread: ThreadIndex) -> String {
        self.threads
            .get(thread as usize)
            .map_or_else(String::new, |t| t.name.clone())
    }

    fn drain_events(&mut self, into: &mut Vec<ImageEvent>) {
        into.append(&mut self.events);
    }
}
