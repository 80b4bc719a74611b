//! Reading what stands in objects of the library, without running Python code.

use crate::class::Slot;
use crate::object::Obj;
use crate::process::Process;
use crate::value::Value;
use heddle_trace::TaskEnd;
use std::rc::Rc;

/// What the native modules of `stdlib` tell of their objects: the VM does not know their types.
#[derive(Clone, Copy, Debug)]
pub struct Eyes {
    /// The number of items of a `deque`.
    pub length: fn(&Process, Value) -> Option<usize>,
    /// The task whose next step a callback is, if `_asyncio` has made it.
    pub task_of_step: fn(&Process, Value) -> Option<Value>,
    /// What `_asyncio` knows of one of its tasks.
    pub task: fn(&Process, Value) -> Option<TaskParts>,
    /// Whether a future of `_asyncio` is done.
    pub is_done: fn(&Process, Value) -> Option<bool>,
}

/// For libraries without such modules.
impl Default for Eyes {
    fn default() -> Eyes {
        Eyes::BLIND
    }
}

impl Eyes {
    /// Sees nothing.
    pub const BLIND: Eyes = Eyes {
        length: |_, _| None,
        task_of_step: |_, _| None,
        task: |_, _| None,
        is_done: |_, _| None,
    };
}

/// What a task consists of, in Python or in Rust. Values are NULL where there is none.
#[derive(Clone, Debug)]
pub struct TaskParts {
    /// Its coroutine.
    pub coroutine: Value,
    /// The future it waits for.
    pub waiter: Value,
    /// Its loop.
    pub event_loop: Value,
    /// Its name.
    pub name: Rc<str>,
    /// How it ended, if it is done.
    pub end: Option<TaskEnd>,
    /// The exception that ended it.
    pub exception: Value,
}

/// The fields that are read at every callback: of a handle, of a handle, of a loop.
#[derive(Clone, Copy, Debug)]
pub(super) enum Field {
    Loop,
    Callback,
    Ready,
}

/// Where each [`Field`] stood last, for two shapes (those of handles and timers): shape, [`Process::field_epoch`], place.
pub(super) type Seen = [[(u32, u64, u32); 2]; 3];

impl Process {
    /// A field of an instance, NULL for None and for nothing.
    pub(super) fn watched_field(&mut self, object: Value, field: Field) -> Value {
        let name = ["_loop", "_callback", "_ready"][field as usize];
        let Some(Obj::Instance(instance)) = self.heap.object(object).filter(|_| object.is_heap()) else {
            return self.look_up_some(object, name);
        };
        let (shape, epoch) = (instance.shape, self.field_epoch);
        let seen = self.observer.seen[field as usize][shape as usize & 1];
        let known = (seen.0, seen.1) == (shape, epoch) && instance.dict.is_null();
        if let Some(&v) = instance.values.get(seen.2 as usize).filter(|v| known && !v.is_null()) {
            return if v.is_none() { Value::NULL } else { v };
        }
        if instance.dict.is_null()
            && let Some(&interned) = self.interned.get(name.as_bytes())
        {
            let slot = || {
                let (_, found) = self.walk_mro(self.type_of(object), interned)?;
                self.heap.payload::<Slot>(found).map(|slot| slot.place)
            };
            if let Some(place) = self.shapes.find(shape, interned).or_else(slot) {
                self.observer.seen[field as usize][shape as usize & 1] = (shape, epoch, place);
            }
        }
        self.look_up_some(object, name)
    }

    /// An attribute of an instance: its own, a slot's, or a plain value of its class. None where there is none, or where Python code
    /// would have to say.
    pub(crate) fn look_up(&self, object: Value, name: &str) -> Option<Value> {
        let name = *self.interned.get(name.as_bytes())?;
        let Obj::Instance(instance) = self.heap.object(object)? else {
            // Instances of classes below one that is written in Rust have a dict.
            return self.dict_get_str(self.existing_dict(object)?, name);
        };
        let own = match self.shapes.find(instance.shape, name) {
            Some(at) if instance.dict.is_null() => instance.values.get(at as usize).copied(),
            _ => self.dict_get_str(instance.dict, name),
        };
        if let Some(own) = own.filter(|v| !v.is_null()) {
            return Some(own);
        }
        let (_, found) = self.walk_mro(self.type_of(object), name)?;
        match self.heap.payload::<Slot>(found) {
            Some(slot) => instance
                .values
                .get(slot.place as usize)
                .copied()
                .filter(|v| !v.is_null()),
            None => Some(found),
        }
    }

    /// The same, NULL for None and for nothing.
    pub(crate) fn look_up_some(&self, object: Value, name: &str) -> Value {
        self.look_up(object, name)
            .filter(|v| !v.is_none())
            .unwrap_or(Value::NULL)
    }

    /// What is known of a task of any class that has a coroutine.
    pub(crate) fn task_parts(&self, task: Value) -> Option<TaskParts> {
        if let Some(parts) = (self.config.library.eyes.task)(self, task) {
            return Some(parts);
        }
        let coroutine = self.look_up(task, "_coro").filter(|v| !v.is_null())?;
        let exception = self.look_up_some(task, "_exception");
        let end = match self.look_up(task, "_state").and_then(|state| self.as_str(state)) {
            Some("CANCELLED") => Some(TaskEnd::Cancelled),
            Some("FINISHED") if exception.is_null() => Some(TaskEnd::Returned),
            Some("FINISHED") => Some(TaskEnd::Raised),
            _ => None,
        };
        let name = self.look_up(task, "_name").and_then(|name| self.as_str(name));
        Some(TaskParts {
            coroutine,
            waiter: self.look_up_some(task, "_fut_waiter"),
            event_loop: self.look_up_some(task, "_loop"),
            name: Rc::from(name.unwrap_or_default()),
            end,
            exception,
        })
    }

    /// The task whose step or wake-up this callback is.
    pub(crate) fn task_of_callback(&self, callback: Value) -> Option<Value> {
        if let Some(task) = (self.config.library.eyes.task_of_step)(self, callback) {
            return Some(task);
        }
        let Some(Obj::BoundMethod(bound)) = self.heap.object(callback) else {
            return None;
        };
        let Obj::Function(function) = self.heap.object(bound.function)? else {
            return None;
        };
        let (file, qualname) = self.names_of_code(function.code)?;
        let step = matches!(qualname, "Task.__step" | "Task.__wakeup");
        (step && super::library_file(file) == Some("asyncio/tasks.py")).then_some(bound.this)
    }

    /// File and qualified name of code.
    pub(crate) fn names_of_code(&self, code: Value) -> Option<(&str, &str)> {
        match self.heap.object(code)? {
            Obj::Code(code) => Some((self.as_str(code.filename)?, self.as_str(code.qualname)?)),
            _ => None,
        }
    }

    /// What a person calls a callback: its function's name, or its class's.
    pub(crate) fn callback_name(&self, callback: Value) -> String {
        match self.heap.object(callback) {
            Some(Obj::BoundMethod(bound)) => self.callback_name(bound.function),
            Some(Obj::Function(function)) => self.as_str(function.qualname).unwrap_or_default().to_owned(),
            _ => match self.native_name(callback) {
                Some(name) => name.to_owned(),
                None => self.type_name(callback),
            },
        }
    }

    fn native_name(&self, callable: Value) -> Option<&'static str> {
        match self.heap.object(callable)? {
            Obj::Native { def, .. } => Some(def.name),
            _ => None,
        }
    }

    /// An exception in one line, if its message is plain: "ValueError: no".
    pub(crate) fn exception_line(&self, exception: Value) -> String {
        let class = self.type_name(exception);
        let message = match self.heap.object(exception) {
            Some(Obj::Exception(e)) => self
                .as_tuple(e.args)
                .and_then(|args| args.first())
                .and_then(|first| self.as_str(*first)),
            _ => None,
        };
        match message.and_then(|text| text.lines().next()) {
            Some(line) => format!("{class}: {line}"),
            None => class,
        }
    }
}
