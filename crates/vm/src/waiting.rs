//! Waiters and what native modules tell the computer and the trace; small services for modules.

use crate::contract::{ImageEvent, ImageEventKind, ObjectIndex, Resume, SystemCall};
use crate::heap::flags;
use crate::native::NativeResult;
use crate::object::Obj;
use crate::process::Process;
use crate::value::Value;

impl Process {
    /// Tells the trace something that happened now in this thread.
    pub fn tell(&mut self, kind: ImageEventKind) {
        self.events.push(ImageEvent {
            time_ns: self.clock_ns(),
            thread: self.current,
            kind,
        });
    }

    /// Threads of this image that wait on the object.
    pub fn waiters_of(&self, object: ObjectIndex) -> u32 {
        self.waiters.get(&object).copied().unwrap_or(0)
    }

    /// A [`SystemCall::Wait`]: counts the waiter while it waits, so that releases without waiters stay inside the image.
    pub fn wait_on(&mut self, object: ObjectIndex, call: SystemCall) -> NativeResult<Resume> {
        if !self.replaying() {
            *self.waiters.entry(object).or_insert(0) += 1;
            return self.system_call(call);
        }
        let answer = self.system_call(call);
        if matches!(answer, Err(crate::native::Unwind::Pending(_))) {
            return answer;
        }
        // The answer is read once per run of the native; only the first reading ends the wait.
        if self.activation.cursor == self.activation.log.len() {
            match self.waiters.get_mut(&object) {
                Some(n) if *n > 1 => *n -= 1,
                _ => {
                    self.waiters.remove(&object);
                }
            }
        }
        answer
    }

    /// The running thread got a name.
    pub fn name_current_thread(&mut self, name: String) {
        let thread = self.current;
        if let Some(t) = self.threads.get_mut(thread as usize) {
            t.name.clone_from(&name);
        }
        self.tell(ImageEventKind::ThreadNamed { thread, name });
    }

    /// The dict of a module object; a dict is its own.
    pub fn module_dict(&self, module: Value) -> Option<Value> {
        match self.heap.object(module)? {
            Obj::Module(m) => Some(m.dict),
            Obj::Dict(_) => Some(module),
            _ => None,
        }
    }

    /// A `_thread._local` has been made: no thread has a dict of it yet, and it wants to be asked after when it dies.
    pub fn new_thread_local(&mut self, local: Value) {
        self.drop_thread_local(local);
        self.heap.header_mut(local).flags |= flags::HAS_FINALIZER;
    }

    /// No thread has a dict of this object any more.
    pub(crate) fn drop_thread_local(&mut self, local: Value) {
        let Some(index) = local.handle() else { return };
        for thread in &mut self.threads {
            if let Some(dict) = thread.locals.remove(&index) {
                self.heap.decref(dict);
            }
        }
    }

    /// What the running thread, which is at its end, has for itself: its context, and its dicts of `_thread._local` objects. All that goes. False
    /// if there was nothing.
    pub(crate) fn drop_own_values(&mut self) -> bool {
        let thread = self.current_thread();
        let locals = std::mem::take(&mut thread.locals);
        let context = std::mem::replace(&mut thread.context, Value::NULL);
        let any = !locals.is_empty() || !context.is_null();
        locals.into_values().chain([context]).for_each(|v| self.heap.decref(v));
        any
    }

    /// Sets this thread's dict of a `_thread._local`.
    pub fn set_thread_local(&mut self, local: Value, dict: Value) {
        self.heap.incref(dict);
        let index = local.handle().unwrap_or(0);
        if let Some(old) = self.threads[self.current as usize].locals.insert(index, dict) {
            self.heap.decref(old);
        }
    }

    /// A class like CPython's struct sequences: a tuple with named fields, the first `visible` of which are items.
    pub fn new_structseq_type(&mut self, module: &str, name: &str, fields: &[&str], visible: usize) -> NativeResult {
        let fields = fields.iter().map(|f| self.intern(f)).collect();
        let fields = self.new_tuple(fields);
        let (module, name) = (self.new_str(module), self.new_str(name));
        crate::builtin::structseq::make(self, module, name, fields, visible)
    }
}
