//! What a process image holds at one moment, for people: the calls of its threads with their variables, the modules' globals, and what threads wait
//! for and hand to each other.
//!
//! Texts are what `repr` says. Where that runs Python code, it runs in this image, on a thread of its own and for a short time, so that an image that
//! was asked is let go afterwards: who asks has made a copy.

mod glimpse;
mod listing;
mod things;

use crate::contract::ThreadIndex;
use crate::frame::{Frame, PyFrame};
use crate::image::is_library;
use crate::object::Obj;
use crate::process::Process;
use crate::value::Value;
use heddle_trace::{FrameScene, Handle, Inside, Listing, Scope, Thing, Variable};

/// So many calls of a thread, and variables of a scope, are told.
const MOST_FRAMES: usize = 60;
const MOST_VARIABLES: usize = 200;

/// A value and what leads to it.
pub(crate) type Named = (String, Value);

/// What an image tells.
#[derive(Clone, Debug, Default)]
pub struct Sight {
    /// Of each thread its calls, innermost first, and how many more there are.
    pub stacks: Vec<(ThreadIndex, Vec<FrameScene>, u32)>,
    /// What there is between threads, with the locks in which its waiters wait, longest first.
    pub things: Vec<(Thing, Vec<u32>)>,
    /// The globals of the program's modules.
    pub modules: Vec<Scope>,
    /// What was asked for.
    pub insides: Vec<Inside>,
    /// What was asked for.
    pub listing: Option<Listing>,
}

impl Process {
    /// Tells what it holds: of these threads, the insides of these objects, and the code that this thread executes.
    pub fn see(&mut self, threads: &[ThreadIndex], insides: &[Handle], code_of: Option<ThreadIndex>) -> Sight {
        self.slice_start_ns = self.clock_ns();
        self.now_ns = self.slice_start_ns;
        let scopes = self.scopes();
        let things = self.things(threads, &scopes);
        let stacks: Vec<_> = threads.iter().map(|&thread| (thread, self.calls_of(thread))).collect();
        let frame = |process: &mut Process, (scene, values): (FrameScene, Vec<Named>)| FrameScene {
            variables: process.variables_seen(values),
            ..scene
        };
        let mut sight = Sight {
            things,
            listing: code_of.and_then(|thread| self.listing(threads, thread)),
            ..Sight::default()
        };
        for (thread, (calls, more)) in stacks {
            let calls = calls.into_iter().map(|call| frame(self, call)).collect();
            sight.stacks.push((thread, calls, more));
        }
        for (name, dict) in scopes {
            let variables = self.globals_seen(dict);
            sight.modules.push(self.scope_seen(name, variables));
        }
        for &handle in insides {
            let variables = self.inside(Value::from_handle(handle.object));
            sight.insides.push(Inside {
                of: handle,
                scope: self.scope_seen(String::new(), variables),
            });
        }
        sight
    }

    fn scope_seen(&mut self, name: String, mut variables: Vec<Named>) -> Scope {
        let more = variables.len().saturating_sub(MOST_VARIABLES) as u32;
        variables.truncate(MOST_VARIABLES);
        Scope {
            name,
            variables: self.variables_seen(variables),
            more,
        }
    }

    fn variables_seen(&mut self, variables: Vec<Named>) -> Vec<Variable> {
        let seen = |(name, value)| Variable {
            name,
            value: self.glimpse(value),
        };
        variables.into_iter().take(MOST_VARIABLES).map(seen).collect()
    }

    /// The modules that come from files of the program, the main one first: name and dict.
    fn scopes(&self) -> Vec<Named> {
        let Some(modules) = self.as_dict(self.modules) else {
            return Vec::new();
        };
        let mut scopes: Vec<Named> = Vec::new();
        for entry in modules.iter() {
            let Some(name) = self.as_str(entry.key) else { continue };
            let Some(Obj::Module(module)) = self.heap.object(entry.value) else {
                continue;
            };
            // `__mp_main__` is `__main__` under another name.
            if self.is_own_module(name, module.dict) && scopes.iter().all(|(_, dict)| *dict != module.dict) {
                scopes.push((name.to_owned(), module.dict));
            }
        }
        scopes.sort_by_key(|(name, _)| name != "__main__");
        scopes
    }

    /// Whether a class is defined in a file of the program.
    fn is_of_program(&self, class: Value) -> bool {
        let module = || {
            let name = *self.interned.get(b"__module__".as_slice())?;
            self.dict_get_str(self.as_type(class)?.dict, name)
        };
        let is_own = |module: Value| {
            let found = self.heap.object(self.dict_get_str(self.modules, module)?);
            let Some(Obj::Module(found)) = found else { return None };
            Some(self.is_own_module(self.as_str(module)?, found.dict))
        };
        module().and_then(is_own).unwrap_or(false)
    }

    /// Whether a module comes from a file of the program.
    fn is_own_module(&self, name: &str, dict: Value) -> bool {
        let file = || {
            let key = *self.interned.get(b"__file__".as_slice())?;
            self.as_str(self.dict_get_str(dict, key)?)
        };
        name == "__main__" || file().is_some_and(|file| !is_library(file))
    }

    /// The variables of a module: data first, then what it has defined. What it has imported, and the names that every module has, are left out.
    fn globals_seen(&self, dict: Value) -> Vec<Named> {
        let Some(entries) = self.as_dict(dict) else {
            return Vec::new();
        };
        let (mut data, mut defined) = (Vec::new(), Vec::new());
        for entry in entries.iter() {
            let Some(name) = self.as_str(entry.key) else { continue };
            let is_given = name.starts_with("__") && name.ends_with("__");
            match self.heap.object(entry.value) {
                _ if is_given => {}
                Some(Obj::Module(_)) => {}
                Some(Obj::Function(function)) if function.globals == dict => {
                    defined.push((name.to_owned(), entry.value))
                }
                Some(Obj::Type(_)) if self.is_of_program(entry.value) => defined.push((name.to_owned(), entry.value)),
                Some(Obj::Function(_) | Obj::Type(_) | Obj::Native { .. }) => {}
                _ => data.push((name.to_owned(), entry.value)),
            }
        }
        data.append(&mut defined);
        data
    }

    /// A thread's calls, innermost first, with their variables, and how many more there are.
    fn calls_of(&self, thread: ThreadIndex) -> (Vec<(FrameScene, Vec<Named>)>, u32) {
        let Some(record) = self.threads.get(thread as usize) else {
            return (Vec::new(), 0);
        };
        let is_shown = |frame: &Frame| match frame {
            Frame::Python(frame) => Some(*frame).filter(|frame| !self.code_of(frame.code).hidden),
            Frame::Native(_) => None,
        };
        let shown: Vec<PyFrame> = record.frames.iter().rev().filter_map(is_shown).collect();
        // Who stands between two instructions is before the next one; who is called by nobody's code is in the call.
        let top = match record.frames.last() {
            Some(Frame::Python(frame)) => Some(frame.base),
            _ => None,
        };
        let more = shown.len().saturating_sub(MOST_FRAMES) as u32;
        let call = |frame: &PyFrame| {
            let code = &self.code_of(frame.code).code;
            let before = u32::from(top != Some(frame.base));
            let instruction = frame.pc.saturating_sub(before);
            let scene = FrameScene {
                function: code.qualname.clone(),
                file: code.filename.to_string(),
                line: code.positions.get(instruction as usize).map_or(0, |place| place.line),
                instruction,
                variables: Vec::new(),
            };
            (scene, self.locals_of(frame, &record.stack))
        };
        (shown.iter().take(MOST_FRAMES).map(call).collect(), more)
    }

    /// The bound variables of a call; of a module's none, as they are its globals.
    fn locals_of(&self, frame: &PyFrame, stack: &[Value]) -> Vec<Named> {
        let slots = stack.get(frame.base as usize..).unwrap_or(&[]);
        let named = |(name, value): (&str, Value)| (name.to_owned(), value);
        let mut all: Vec<_> = self.variables_among(frame.code, slots).into_iter().map(named).collect();
        let (globals, _) = self.namespaces_of(frame.function);
        if frame.locals != globals
            && let Some(entries) = self.as_dict(frame.locals)
        {
            let entries = entries
                .iter()
                .filter_map(|entry| Some((self.as_str(entry.key)?, entry.value)));
            all.extend(entries.map(named));
        }
        all
    }
}
