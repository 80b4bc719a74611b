//! What a person calls the things that threads wait for.
//!
//! CPython's library builds everything from locks. Two questions are answered here by looking at variables and frames, without running
//! Python code: what is this wait really about ([`Process::wait_reason`]: a lock, or an item of a queue?), and which expression of the
//! program leads to this object ([`Process::name_of_object`]: `account.lock`, `forks[2]`?).

use crate::contract::ThreadIndex;
use crate::frame::{Frame, PyFrame};
use crate::lock::{RLock, ThreadHandle};
use crate::object::Obj;
use crate::process::Process;
use crate::value::Value;
use heddle_trace::{BlockReason, ObjectId, ThreadId};

/// Containers longer than this are not searched for names.
const LONGEST_CONTAINER: usize = 256;
/// Beyond so many threads, and activations of each, the variables are not searched for names.
const MOST_THREADS: usize = 16;
const MOST_FRAMES: usize = 32;

/// Makes the reason of the object that is waited for.
type Meaning = fn(ObjectId) -> BlockReason;

/// A method of the library in which a thread waits, and what that means; `self` is the object meant.
const WAITS: &[(&str, Meaning)] = &[
    ("Condition.wait", |object| BlockReason::Condition { object }),
    ("Event.wait", |object| BlockReason::Event { object }),
    ("Semaphore.acquire", |object| BlockReason::Semaphore { object }),
    ("Barrier._enter", |object| BlockReason::Barrier { object }),
    ("Barrier._wait", |object| BlockReason::Barrier { object }),
    ("Queue.get", |object| BlockReason::QueueGet { object }),
    ("Queue.put", |object| BlockReason::QueuePut { object }),
    ("_PySimpleQueue.get", |object| BlockReason::QueueGet { object }),
    ("Queue.join", |object| BlockReason::QueueJoin { object }),
    ("Future.result", |object| BlockReason::Future { object }),
    ("Future.exception", |object| BlockReason::Future { object }),
];

/// Methods that only pass a wait on to those of [`WAITS`].
const PASSED_ON: &[&str] = &["Condition.wait_for", "Barrier.wait"];

impl Process {
    /// Why the running thread waits for a lock, RLock or thread handle: found from the frames it stands in.
    #[must_use]
    pub fn wait_reason(&self, object: Value) -> BlockReason {
        let id = ObjectId(object.handle().unwrap_or(0));
        if let Some(handle) = self.heap.payload::<ThreadHandle>(object) {
            return BlockReason::Join {
                thread: ThreadId(handle.thread.unwrap_or(0)),
            };
        }
        let own = match self.heap.payload::<RLock>(object) {
            Some(_) => BlockReason::RLock { object: id },
            None => BlockReason::Lock { object: id },
        };
        let thread = self.current;
        let mut frames = self.python_frames(thread);
        // Only inside `Condition.wait`, and only for the lock it made for this waiter, is the wait about more than the lock.
        let inner = frames.next().filter(|frame| {
            self.frame_name(frame) == b"Condition.wait" && self.slot(thread, frame, "waiter") == Some(object)
        });
        let Some(inner) = inner else {
            return self.module_lock(thread).unwrap_or(own);
        };
        let mut reason = self.reason_of(thread, inner).unwrap_or(own);
        for frame in frames {
            let name = self.frame_name(frame);
            if name == b"Thread.start" {
                return self.started_by(thread, frame).unwrap_or(reason);
            }
            match self.reason_of(thread, frame) {
                Some(outer) => reason = outer,
                None if PASSED_ON.iter().any(|known| known.as_bytes() == name) => {}
                None => break,
            }
        }
        reason
    }

    /// What a wait in this frame means, if it is one of the library's waiting methods.
    fn reason_of(&self, thread: ThreadIndex, frame: &PyFrame) -> Option<BlockReason> {
        let name = self.frame_name(frame);
        let (_, make) = WAITS.iter().find(|(known, _)| known.as_bytes() == name)?;
        let own = self.file_of(frame);
        let library = ["threading.py", "queue.py", "_base.py"]
            .iter()
            .any(|file| own.ends_with(file.as_bytes()));
        let this = self.slot(thread, frame, "self")?.handle()?;
        library.then(|| make(ObjectId(this)))
    }

    /// In `Thread.start`: the thread that is being started.
    fn started_by(&self, thread: ThreadIndex, frame: &PyFrame) -> Option<BlockReason> {
        let this = self.slot(thread, frame, "self")?;
        let handle = self.look_up(this, "_os_thread_handle")?;
        let started = self.heap.payload::<ThreadHandle>(handle)?.thread?;
        Some(BlockReason::ThreadStart {
            thread: ThreadId(started),
        })
    }

    /// In `_ModuleLock.acquire` of the import system: the module's lock.
    fn module_lock(&self, thread: ThreadIndex) -> Option<BlockReason> {
        let frame = self.python_frames(thread).next()?;
        if self.frame_name(frame) != b"_ModuleLock.acquire" {
            return None;
        }
        let object = ObjectId(self.slot(thread, frame, "self")?.handle()?);
        Some(BlockReason::ImportLock { object })
    }

    /// An expression of the program that leads to the object: a global variable of the main module, one of its attributes or items,
    /// or the same starting from a local variable of a thread that lives. Empty if there is none.
    #[must_use]
    pub fn name_of_object(&self, object: Value) -> String {
        let globals = self.main_globals();
        self.name_in_dict(globals, object)
            .or_else(|| self.name_in_frames(object))
            .unwrap_or_default()
    }

    /// The same for a semaphore of the kernel: the way to the lock, condition, queue … of `multiprocessing` that stands on it.
    pub(crate) fn name_of_semaphore(&self, number: u32) -> String {
        let stands_on_it = |value: Value| {
            let Obj::Instance(_) = self.heap.object(value)? else {
                return None;
            };
            let semaphore = self.look_up(value, "_semlock")?;
            let handle = self.look_up(semaphore, "_handle")?;
            (handle.as_small() == Some(number.into())).then_some(value)
        };
        let mut objects = (1..self.heap.slot_count()).map(|at| Value::from_handle(at as u32));
        objects
            .find_map(stands_on_it)
            .map_or_else(String::new, |object| self.name_of_object(object))
    }

    /// The dict of `__main__`.
    fn main_globals(&self) -> Value {
        let main = self.interned.get(b"__main__".as_slice());
        let module = main.and_then(|&name| self.dict_get_str(self.modules, name));
        match module.and_then(|module| self.heap.object(module)) {
            Some(Obj::Module(module)) => module.dict,
            _ => Value::NULL,
        }
    }

    /// Variables of a namespace first, then what they hold.
    fn name_in_dict(&self, dict: Value, object: Value) -> Option<String> {
        let variables: Vec<(&str, Value)> = self
            .as_dict(dict)?
            .iter()
            .filter_map(|entry| Some((self.as_str(entry.key)?, entry.value)))
            .collect();
        self.name_among(&variables, object)
    }

    /// Local variables of the thread that ran last, then of the first few others.
    fn name_in_frames(&self, object: Value) -> Option<String> {
        let others = (0..self.threads.len().min(MOST_THREADS) as ThreadIndex).filter(|&thread| thread != self.current);
        std::iter::once(self.current).chain(others).find_map(|thread| {
            let frames: Vec<&PyFrame> = self.python_frames(thread).take(MOST_FRAMES).collect();
            // From the outside in: the program's own functions before the library's.
            frames
                .iter()
                .rev()
                .find_map(|frame| self.name_among(&self.variables(thread, frame), object))
        })
    }

    pub(crate) fn name_among(&self, variables: &[(&str, Value)], object: Value) -> Option<String> {
        let direct = variables
            .iter()
            .find(|(_, value)| *value == object)
            .map(|(name, _)| (*name).to_owned());
        direct.or_else(|| {
            let below = |(name, value): &(&str, Value)| Some(format!("{name}{}", self.way_to(*value, object)?));
            variables.iter().find_map(below)
        })
    }

    /// How an attribute or item of a value leads to the object: `.lock`, `[2]`, `['a']`.
    fn way_to(&self, value: Value, object: Value) -> Option<String> {
        match self.heap.object(value)? {
            Obj::Instance(instance) => {
                let names = self.shapes.names(instance.shape);
                let slots = self.shapes.get(instance.shape).slots as usize;
                let at = instance.values.iter().position(|held| *held == object);
                if let Some(name) = at.and_then(|at| names.get(at.checked_sub(slots)?)) {
                    return Some(format!(".{}", self.text(*name)));
                }
                let entry = self
                    .as_dict(instance.dict)?
                    .iter()
                    .find(|entry| entry.value == object)?;
                Some(format!(".{}", self.text(entry.key)))
            }
            Obj::Type(class) => {
                let entry = self.as_dict(class.dict)?.iter().find(|entry| entry.value == object)?;
                Some(format!(".{}", self.text(entry.key)))
            }
            Obj::List(items) => index_of(items, object),
            Obj::Tuple(items) => index_of(items, object),
            Obj::Dict(items) if items.len() <= LONGEST_CONTAINER => {
                let entry = items.iter().find(|entry| entry.value == object)?;
                match (self.as_str(entry.key), self.as_i64(entry.key)) {
                    (Some(text), _) => Some(format!("['{text}']")),
                    (None, Some(number)) => Some(format!("[{number}]")),
                    (None, None) => Some("[…]".to_owned()),
                }
            }
            _ => None,
        }
    }

    /// The Python activations of a thread, innermost first, without those of the prelude.
    fn python_frames(&self, thread: ThreadIndex) -> impl Iterator<Item = &PyFrame> {
        let (frames, _) = self.activations(thread);
        let python = frames.iter().rev().filter_map(|frame| match frame {
            Frame::Python(frame) => Some(frame),
            Frame::Native(_) => None,
        });
        python.filter(|frame| !matches!(self.heap.object(frame.code), Some(Obj::Code(code)) if code.hidden))
    }

    /// Frames and values of a thread; those of the running one stand in the process itself.
    fn activations(&self, thread: ThreadIndex) -> (&[Frame], &[Value]) {
        if thread == self.current && !self.frames.is_empty() {
            return (&self.frames, &self.stack);
        }
        self.threads
            .get(thread as usize)
            .map_or((&[], &[]), |record| (&record.frames, &record.stack))
    }

    /// The qualified name of the code that an activation runs.
    fn frame_name(&self, frame: &PyFrame) -> &[u8] {
        match self.heap.object(frame.code) {
            Some(Obj::Code(code)) => self.as_pystr(code.qualname).map_or(&[], |name| name.bytes()),
            _ => &[],
        }
    }

    fn file_of(&self, frame: &PyFrame) -> &[u8] {
        match self.heap.object(frame.code) {
            Some(Obj::Code(code)) => self.as_pystr(code.filename).map_or(&[], |name| name.bytes()),
            _ => &[],
        }
    }

    /// A local variable of an activation, if it is bound. Asked at every wait.
    fn slot(&self, thread: ThreadIndex, frame: &PyFrame, name: &str) -> Option<Value> {
        let (_, stack) = self.activations(thread);
        self.slot_among(frame.code, stack.get(frame.base as usize..)?, name)
    }

    /// The same, of code and the values in its slots.
    pub(crate) fn slot_among(&self, code: Value, slots: &[Value], name: &str) -> Option<Value> {
        let name = *self.interned.get(name.as_bytes())?;
        let Some(Obj::Code(code)) = self.heap.object(code) else {
            return None;
        };
        let (_, &value) = code.slot_names.iter().zip(slots).find(|&(&known, _)| known == name)?;
        Some(self.behind_cell(value)).filter(|v| !v.is_null())
    }

    /// What a slot means: the content, if it is a cell.
    pub(crate) fn behind_cell(&self, value: Value) -> Value {
        match self.heap.object(value) {
            Some(Obj::Cell(inner)) => *inner,
            _ => value,
        }
    }

    /// The bound local variables of an activation.
    fn variables(&self, thread: ThreadIndex, frame: &PyFrame) -> Vec<(&str, Value)> {
        let (_, stack) = self.activations(thread);
        self.variables_among(frame.code, stack.get(frame.base as usize..).unwrap_or(&[]))
    }

    /// The same, of code and the values in its slots.
    pub(crate) fn variables_among(&self, code: Value, slots: &[Value]) -> Vec<(&str, Value)> {
        let Some(Obj::Code(code)) = self.heap.object(code) else {
            return Vec::new();
        };
        let variable = |(&name, &value): (&Value, &Value)| {
            let value = self.behind_cell(value);
            if value.is_null() {
                None
            } else {
                Some((self.as_str(name)?, value))
            }
        };
        code.slot_names.iter().zip(slots).filter_map(variable).collect()
    }
}

fn index_of(items: &[Value], object: Value) -> Option<String> {
    let at = items.iter().take(LONGEST_CONTAINER).position(|item| *item == object)?;
    Some(format!("[{at}]"))
}
