//! A value as people see it: its `repr`, and what is inside.

use crate::contract::{Image, Stop, Until};
use crate::function::{Args, Native};
use crate::native::{NativeResult, Unwind};
use crate::object::Obj;
use crate::process::Process;
use crate::value::Value;
use heddle_trace::{Glimpse, Handle};

/// A text longer than this is cut, characters.
const LONGEST: usize = 160;
/// How long a `repr` may take, virtual ns.
const PATIENCE_NS: u64 = 200_000;
/// Longer ints are not written out, bits.
const LONGEST_INT: u64 = 2_000;
/// Containers with more items than this, and texts of more characters, are told in short without asking for their whole `repr`.
const MOST_ITEMS: usize = 40;
const MOST_CHARS: usize = 1_000;
/// So many keys of a dict are told as text.
const LONGEST_KEY: usize = 40;

/// `repr` of the first argument goes into the list that is the second.
static ASIDE: Native = Native::function("<repr aside>", say_aside);

fn say_aside(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let &[value, into] = args.pos else {
        return Ok(Value::NONE);
    };
    let said = match vm.repr(value) {
        Err(Unwind::Raise(_)) => return Ok(Value::NONE),
        said => said?,
    };
    vm.once(|vm| {
        vm.list_push(into, said);
        Ok(Value::NONE)
    })
}

impl Process {
    /// A value as it is shown.
    pub(super) fn glimpse(&mut self, value: Value) -> Glimpse {
        Glimpse {
            text: self.shown(value),
            class: self.type_name(value),
            handle: self.has_inside(value).then(|| Handle {
                interpreter: self.interpreter,
                object: value.handle().unwrap_or(0),
            }),
        }
    }

    /// About what `repr` says.
    fn shown(&mut self, value: Value) -> String {
        if self.is_plain(value, 3) {
            return self.in_short(value, LONGEST);
        }
        match self.heap.object(value) {
            Some(Obj::Int(number)) if number.bits() > LONGEST_INT => return format!("<int of {} bits>", number.bits()),
            Some(Obj::Module(_)) => return format!("<{}>", self.type_name(value)),
            _ => {}
        }
        if self.is_long(value) {
            return self.in_short(value, LONGEST);
        }
        let text = self.repr_aside(value).unwrap_or_else(|| self.in_short(value, LONGEST));
        let text = text.replace('\n', "\u{21b5}");
        match text.char_indices().nth(LONGEST) {
            Some((end, _)) => format!("{}…", &text[..end]),
            None => text,
        }
    }

    /// Whether [`Process::in_short`] says the same as `repr`: nothing in it, so deep, but numbers, short texts and short containers of them.
    fn is_plain(&self, value: Value, deep: u32) -> bool {
        if value.is_none() || value.is_null() || value.as_bool().is_some() || self.as_i64(value).is_some() {
            return true;
        }
        let class = self.type_of(value);
        if self.as_type(class).is_none_or(|class| class.def.is_none()) {
            return false;
        }
        let all =
            |items: &[Value]| deep > 0 && items.len() <= 4 && items.iter().all(|&item| self.is_plain(item, deep - 1));
        match self.heap.object(value) {
            Some(Obj::Float(_)) => true,
            Some(Obj::Str(text)) => {
                text.bytes().len() <= 20 && text.bytes().iter().all(|&b| (b' '..0x7f).contains(&b) && b != b'\'')
            }
            Some(Obj::Tuple(items)) => all(items),
            Some(Obj::List(items)) => all(items),
            _ => false,
        }
    }

    /// Whether its whole `repr` would be far too long.
    fn is_long(&self, value: Value) -> bool {
        match self.heap.object(value) {
            Some(Obj::Str(text)) => text.bytes().len() > MOST_CHARS,
            Some(Obj::Bytes(bytes)) => bytes.len() > MOST_CHARS,
            Some(Obj::ByteArray(bytes)) => bytes.len() > MOST_CHARS,
            Some(Obj::Tuple(items)) => items.len() > MOST_ITEMS,
            Some(Obj::List(items)) => items.len() > MOST_ITEMS,
            Some(Obj::Dict(items) | Obj::Set(items)) => items.len() > MOST_ITEMS,
            _ => false,
        }
    }

    /// What `repr` says, called on a thread of its own; `None` if it does not say it in time, waits for something, or raises.
    fn repr_aside(&mut self, value: Value) -> Option<String> {
        let into = self.new_list(Vec::new());
        self.heap.incref(into);
        let thread = self.native_thread(&ASIDE, vec![value, into]);
        let now_ns = self.slice_start_ns;
        let until = Until {
            now_ns,
            limit_ns: now_ns.saturating_add(PATIENCE_NS),
            ticks: None,
            halt_ns: u64::MAX,
            goes_on: false,
        };
        let ran = self.run(thread, until);
        (self.now_ns, self.slice_start_ns) = (now_ns, now_ns);
        self.events.clear();
        if ran.stop != Stop::ThreadEnd {
            // What it has begun stays begun.
            self.threads[thread as usize].ended = true;
            return None;
        }
        let said = *self.as_list(into)?.first()?;
        self.as_pystr(said).map(|text| text.lossy().into_owned())
    }

    /// Whether there is something to see in it.
    fn has_inside(&self, value: Value) -> bool {
        match self.heap.object(value) {
            Some(Obj::Instance(instance)) => !instance.values.is_empty() || !instance.dict.is_null(),
            Some(Obj::Tuple(items)) => !items.is_empty(),
            Some(Obj::List(items)) => !items.is_empty(),
            Some(Obj::Dict(items) | Obj::Set(items)) => !items.is_empty(),
            Some(Obj::Exception(_)) => true,
            Some(Obj::Generator(generator)) => {
                !self.variables_among(generator.frame.code, &generator.values).is_empty()
            }
            Some(Obj::Payload(_)) => {
                self.items_of(value).is_some_and(|items| !items.is_empty()) || self.existing_dict(value).is_some()
            }
            _ => false,
        }
    }

    /// The items of a deque.
    pub(super) fn items_of(&self, value: Value) -> Option<Vec<Value>> {
        (self.config.library.eyes.length)(self, value)?;
        let mut items = Vec::new();
        if let Some(Obj::Payload(payload)) = self.heap.object(value) {
            payload.children(&mut |item| items.push(item));
        }
        Some(items)
    }

    /// Its attributes and items by name.
    pub(super) fn inside(&self, value: Value) -> Vec<(String, Value)> {
        let numbered = |items: &[Value]| {
            let item = |(at, item): (usize, &Value)| (format!("[{at}]"), *item);
            items.iter().enumerate().map(item).collect::<Vec<_>>()
        };
        let mut all = self.attributes(value);
        match self.heap.object(value) {
            Some(Obj::Tuple(items)) => all.extend(numbered(items)),
            Some(Obj::List(items)) => all.extend(numbered(items)),
            Some(Obj::Dict(entries)) => {
                let entry =
                    |entry: &crate::dict::Entry| (format!("[{}]", self.in_short(entry.key, LONGEST_KEY)), entry.value);
                all.extend(entries.iter().map(entry));
            }
            Some(Obj::Set(entries)) => all.extend(entries.iter().map(|entry| (String::new(), entry.key))),
            Some(Obj::Exception(exception)) => {
                let parts = [
                    ("args", exception.args),
                    ("__cause__", exception.cause),
                    ("__context__", exception.context),
                ];
                let parts = parts.into_iter().filter(|(_, part)| !part.is_null() && !part.is_none());
                all.extend(parts.map(|(name, part)| (name.to_owned(), part)));
            }
            Some(Obj::Generator(generator)) => {
                let variables = self.variables_among(generator.frame.code, &generator.values);
                all.extend(variables.into_iter().map(|(name, value)| (name.to_owned(), value)));
            }
            Some(Obj::Payload(_)) => all.extend(numbered(&self.items_of(value).unwrap_or_default())),
            _ => {}
        }
        all
    }

    /// The attributes that are its own.
    pub(super) fn attributes(&self, value: Value) -> Vec<(String, Value)> {
        let mut all = Vec::new();
        let dict = match self.heap.object(value) {
            Some(Obj::Instance(instance)) => {
                let slots = self.shapes.get(instance.shape).slots as usize;
                let names = self.shapes.names(instance.shape);
                let own = names.iter().zip(instance.values.iter().skip(slots));
                let bound = own.filter(|(_, value)| !value.is_null());
                if instance.dict.is_null() {
                    all.extend(bound.map(|(name, value)| (self.text(*name), *value)));
                }
                all.extend(self.slots_of(value));
                instance.dict
            }
            Some(Obj::Module(_) | Obj::Type(_) | Obj::Function(_)) => Value::NULL,
            _ => self.existing_dict(value).unwrap_or(Value::NULL),
        };
        if let Some(entries) = self.as_dict(dict) {
            all.extend(entries.iter().map(|entry| (self.text(entry.key), entry.value)));
        }
        all
    }

    /// What stands in its `__slots__`.
    fn slots_of(&self, value: Value) -> Vec<(String, Value)> {
        let Some(Obj::Instance(instance)) = self.heap.object(value) else {
            return Vec::new();
        };
        let class = self.as_type(self.type_of(value));
        let mro = class.and_then(|class| self.as_tuple(class.mro)).unwrap_or(&[]);
        let dicts = mro.iter().filter_map(|&base| self.as_dict(self.as_type(base)?.dict));
        let slot = |entry: &crate::dict::Entry| {
            let slot = self.heap.payload::<crate::class::Slot>(entry.value)?;
            let held = *instance.values.get(slot.place as usize)?;
            (!held.is_null()).then(|| (self.text(entry.key), held))
        };
        dicts
            .flat_map(|dict| dict.iter().filter_map(slot).collect::<Vec<_>>())
            .collect()
    }
}
