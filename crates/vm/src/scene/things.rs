//! What threads wait for and hand to each other: locks, conditions, semaphores, events, barriers, queues and futures that the program's variables
//! lead to, read from the objects of CPython's library without running Python code.

use crate::contract::ThreadIndex;
use crate::frame::Frame;
use crate::image::is_library;
use crate::lock::{Lock, RLock};
use crate::object::Obj;
use crate::process::Process;
use crate::value::Value;
use heddle_trace::{ObjectClass, ObjectId, Thing, ThreadId};
use rustc_hash::FxHashSet;

/// So many of them are told, and so many values are looked at for them.
const MOST_THINGS: usize = 100;
const MOST_VALUES: usize = 5_000;
/// How far below a variable they are looked for.
const DEEPEST: u32 = 3;
/// So much of what is in a queue is told.
const MOST_CONTENTS: usize = 20;

/// A search.
struct Search<'a> {
    process: &'a Process,
    seen: FxHashSet<Value>,
    left: usize,
    found: Vec<(String, Value, ObjectClass)>,
}

impl Process {
    /// All of them, with the locks in which their waiters wait.
    pub(super) fn things(&mut self, threads: &[ThreadIndex], scopes: &[(String, Value)]) -> Vec<(Thing, Vec<u32>)> {
        let mut search = Search {
            process: self,
            seen: FxHashSet::default(),
            left: MOST_VALUES,
            found: Vec::new(),
        };
        for (name, dict) in scopes {
            let prefix = if name == "__main__" {
                String::new()
            } else {
                format!("{name}.")
            };
            let globals = self.globals_seen(*dict);
            search.all(
                globals
                    .into_iter()
                    .map(|(name, value)| (format!("{prefix}{name}"), value)),
            );
        }
        for &thread in threads {
            let Some(record) = self.threads.get(thread as usize) else {
                continue;
            };
            // From the outside in: the program's own functions before the library's.
            for frame in &record.frames {
                let Frame::Python(frame) = frame else { continue };
                let code = &self.code_of(frame.code).code;
                if !is_library(&code.filename) {
                    search.all(self.locals_of(frame, &record.stack).into_iter());
                }
            }
        }
        let found = std::mem::take(&mut search.found);
        found
            .into_iter()
            .map(|(name, value, class)| self.thing(name, value, class))
            .collect()
    }

    /// What kind of thing a value is.
    fn thing_class(&self, value: Value) -> Option<ObjectClass> {
        if !value.is_heap() {
            return None;
        }
        if self.heap.payload::<Lock>(value).is_some() {
            return Some(ObjectClass::Lock);
        }
        if self.heap.payload::<RLock>(value).is_some() {
            return Some(ObjectClass::RLock);
        }
        let class = self.as_type(self.type_of(value))?;
        let mro = self.as_tuple(class.mro)?;
        mro.iter().find_map(|&base| self.library_class(base))
    }

    /// A class of the library that is one of them.
    fn library_class(&self, class: Value) -> Option<ObjectClass> {
        let class = self.as_type(class)?;
        let name = self.as_str(class.name)?;
        let module = self.interned.get(b"__module__".as_slice())?;
        let module = self.as_str(self.dict_get_str(class.dict, *module)?)?;
        Some(match (module, name) {
            ("threading", "Condition") | ("asyncio.locks", "Condition") => ObjectClass::Condition,
            ("threading" | "asyncio.locks", "Semaphore") => ObjectClass::Semaphore,
            ("threading" | "asyncio.locks", "Event") => ObjectClass::Event,
            ("threading" | "asyncio.locks", "Barrier") => ObjectClass::Barrier,
            ("asyncio.locks", "Lock") => ObjectClass::Lock,
            ("queue", "Queue" | "_PySimpleQueue") | ("asyncio.queues", "Queue") | ("_queue", "SimpleQueue") => {
                ObjectClass::Queue
            }
            ("concurrent.futures._base", "Future") | ("_asyncio" | "asyncio.futures", "Future") => ObjectClass::Future,
            _ => return None,
        })
    }

    fn thing(&mut self, name: String, value: Value, class: ObjectClass) -> (Thing, Vec<u32>) {
        let (standing, contents) = self.standing(value, class);
        let contents = contents
            .into_iter()
            .take(MOST_CONTENTS)
            .map(|item| self.glimpse(item))
            .collect();
        let lock = self.look_up(value, "_lock").filter(|_| class == ObjectClass::Condition);
        let thing = Thing {
            object: ObjectId(value.handle().unwrap_or(0)),
            class,
            name,
            owner: self.lock_owner(lock.unwrap_or(value)).map(ThreadId),
            standing,
            contents,
            waiters: Vec::new(),
        };
        let mut locks = Vec::new();
        self.waiting_locks(value, &mut locks);
        (thing, locks)
    }

    /// How it stands, and what is in it.
    fn standing(&self, value: Value, class: ObjectClass) -> (String, Vec<Value>) {
        let field = |name: &str| self.look_up(value, name);
        let number = |name: &str| field(name).and_then(|value| self.as_i64(value));
        let truth = |name: &str| field(name).and_then(Value::as_bool);
        let nothing = Vec::new;
        match class {
            ObjectClass::Lock => {
                let held = self
                    .heap
                    .payload::<Lock>(value)
                    .map_or_else(|| truth("_locked").unwrap_or(false), |lock| lock.locked);
                ((if held { "locked" } else { "free" }).to_owned(), nothing())
            }
            ObjectClass::RLock => match self.heap.payload::<RLock>(value) {
                Some(lock) if lock.owner.is_some() && lock.count > 1 => {
                    (format!("locked {} times", lock.count), nothing())
                }
                Some(lock) if lock.owner.is_some() => ("locked".to_owned(), nothing()),
                _ => ("free".to_owned(), nothing()),
            },
            ObjectClass::Semaphore => (
                number("_value").map_or_else(String::new, |n| format!("{n} left")),
                nothing(),
            ),
            ObjectClass::Event => {
                let set = truth("_flag").or_else(|| truth("_value")).unwrap_or(false);
                ((if set { "set" } else { "not set" }).to_owned(), nothing())
            }
            ObjectClass::Barrier => {
                let (count, parties) = (number("_count").unwrap_or(0), number("_parties").unwrap_or(0));
                (format!("{count} of {parties} are there"), nothing())
            }
            ObjectClass::Queue => {
                let items = field("queue")
                    .or_else(|| field("_queue"))
                    .map(|held| self.held_by_queue(held))
                    .unwrap_or_default();
                let unfinished = number("unfinished_tasks")
                    .or_else(|| number("_unfinished_tasks"))
                    .unwrap_or(0);
                let mut text = match number("maxsize")
                    .or_else(|| number("_maxsize"))
                    .filter(|most| *most > 0)
                {
                    Some(most) => format!("{} of {most} items", items.len()),
                    None => format!("{} item{}", items.len(), if items.len() == 1 { "" } else { "s" }),
                };
                if unfinished > 0 {
                    text.push_str(&format!(", {unfinished} not done"));
                }
                (text, items)
            }
            ObjectClass::Future => {
                let state = field("_state").and_then(|state| self.as_str(state)).unwrap_or_default();
                let result =
                    field("_result").filter(|result| !result.is_none() && state.eq_ignore_ascii_case("finished"));
                (state.to_ascii_lowercase(), result.into_iter().collect())
            }
            ObjectClass::Condition | ObjectClass::ImportLock | ObjectClass::Memory | ObjectClass::Other => {
                (String::new(), nothing())
            }
        }
    }

    /// The items of a queue's deque, or of its heap.
    fn held_by_queue(&self, held: Value) -> Vec<Value> {
        self.items_of(held)
            .or_else(|| self.as_list(held).cloned())
            .unwrap_or_default()
    }

    /// The locks in which those wait who wait for it, longest first: of a condition one for each, of what is built upon conditions theirs.
    fn waiting_locks(&self, value: Value, into: &mut Vec<u32>) {
        let waiters = self.look_up(value, "_waiters");
        if let Some(locks) = waiters.and_then(|waiters| self.items_of(waiters)) {
            into.extend(locks.iter().filter_map(|lock| lock.handle()));
        }
        for name in ["_cond", "_condition", "not_empty", "not_full", "all_tasks_done"] {
            if let Some(condition) = self.look_up(value, name).filter(|v| v.is_heap() && *v != value) {
                self.waiting_locks(condition, into);
            }
        }
    }
}

impl Search<'_> {
    fn all(&mut self, variables: impl Iterator<Item = (String, Value)>) {
        // What has a name of its own is called by it.
        let variables: Vec<_> = variables.collect();
        for (name, value) in &variables {
            self.take(name, *value);
        }
        for (name, value) in variables {
            self.below(&name, value, DEEPEST);
        }
    }

    fn take(&mut self, name: &str, value: Value) -> bool {
        let Some(class) = self.process.thing_class(value) else {
            return false;
        };
        if self.found.len() < MOST_THINGS && self.seen.insert(value) {
            self.found.push((name.to_owned(), value, class));
        }
        true
    }

    fn below(&mut self, name: &str, value: Value, deep: u32) {
        // What things are made of is their own business.
        if deep == 0 || self.left == 0 || self.process.thing_class(value).is_some() || !self.seen.insert(value) {
            return;
        }
        let process = self.process;
        // What is inside objects of the library is its own business too.
        let is_open = match process.heap.object(value) {
            Some(Obj::Instance(_)) => process.is_of_program(process.type_of(value)),
            Some(Obj::List(_) | Obj::Tuple(_) | Obj::Dict(_)) => true,
            _ => false,
        };
        if !is_open {
            return;
        }
        let is_attribute = matches!(process.heap.object(value), Some(Obj::Instance(_)));
        let inside: Vec<_> = process.inside(value).into_iter().take(self.left.min(256)).collect();
        self.left = self.left.saturating_sub(inside.len());
        let named = |own: &str| {
            if is_attribute {
                format!("{name}.{own}")
            } else {
                format!("{name}{own}")
            }
        };
        for (own, held) in &inside {
            self.take(&named(own), *held);
        }
        for (own, held) in inside {
            self.below(&named(&own), held, deep - 1);
        }
    }
}
