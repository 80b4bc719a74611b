//! Running the engine over a subject: text or bytes.

use heddle_vm::contract::SystemCall;
use heddle_vm::native::{NativeResult, Unwind};
use heddle_vm::object::Obj;
use heddle_vm::process::Process;
use heddle_vm::pystr::PyStr;
use heddle_vm::types::{Layout, TypeDef, TypeRef, core};
use heddle_vm::value::Value;
use std::cell::RefCell;
use std::rc::Rc;

use super::Pattern;
use super::machine::{Machine, Task};

/// Group boundaries of a match in positions of the subject: the whole first; None for groups that took no part.
#[derive(Clone, Debug)]
pub struct Found {
    /// (start, end) by group number.
    pub spans: Vec<Option<(usize, usize)>>,
    /// Number of the last group that matched.
    pub last: Option<usize>,
}

/// What is searched, kept alive while it is.
#[derive(Clone, Debug)]
pub enum Subject {
    /// A `str`.
    Text(PyStr),
    /// A bytes-like object's bytes.
    Bytes(Rc<[u8]>),
}

/// How to search.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// At the start only.
    Match,
    /// At the start, to the end.
    Full,
    /// Anywhere.
    Search,
}

impl Subject {
    /// The subject behind a value; TypeError where pattern and subject do not go together.
    pub fn of(p: &mut Process, pattern: &Pattern, v: Value) -> NativeResult<Subject> {
        if let Some(text) = p.as_pystr(v).cloned() {
            if pattern.is_bytes && !pattern.any {
                return Err(p.type_error("cannot use a bytes pattern on a string-like object"));
            }
            return Ok(Subject::Text(text));
        }
        let bytes: Rc<[u8]> = match p.heap.object(v) {
            Some(Obj::Bytes(b)) => Rc::clone(b),
            _ => match p.buffer_bytes(v) {
                Ok(bytes) => bytes.into(),
                Err(pending @ Unwind::Pending(_)) => return Err(pending),
                Err(Unwind::Raise(_)) => {
                    let name = p.type_name(v);
                    return Err(p.type_error(&format!("expected string or bytes-like object, got '{name}'")));
                }
            },
        };
        if !pattern.is_bytes && !pattern.any {
            return Err(p.type_error("cannot use a string pattern on a bytes-like object"));
        }
        Ok(Subject::Bytes(bytes))
    }

    /// Length in characters or bytes.
    pub fn len(&self) -> usize {
        match self {
            Subject::Text(s) => s.len(),
            Subject::Bytes(b) => b.len(),
        }
    }

    /// A piece as a value.
    pub fn piece(&self, p: &mut Process, start: usize, end: usize) -> Value {
        match self {
            Subject::Text(s) if start == 0 && end == s.len() => p.new_wtf8(s.wtf8().to_wtf8_buf()),
            Subject::Text(s) => {
                let piece = s.slice(start, end);
                p.new_wtf8(piece)
            }
            Subject::Bytes(b) => {
                let piece = b.get(start..end).unwrap_or(&[]).to_vec();
                p.new_bytes(&piece)
            }
        }
    }

    /// The characters of a text that is not all ASCII.
    fn wide(&self) -> Option<Rc<[u32]>> {
        match self {
            Subject::Text(s) if !s.is_ascii() => Some(code_points(s)),
            _ => None,
        }
    }

    /// Everything that the task asks for. A match that takes long gives way to the computer from time to time; the state of it is
    /// kept in a log, so with `more`, which says that the native makes calls behind this, it always is.
    pub fn find(&self, p: &mut Process, pattern: &Pattern, task: Task, more: bool) -> NativeResult<Vec<Found>> {
        self.find_but(p, pattern, task, more, None)
    }

    /// [`Subject::find`], where an empty match at `refused` does not count.
    pub fn find_but(
        &self,
        p: &mut Process,
        pattern: &Pattern,
        task: Task,
        more: bool,
        refused: Option<usize>,
    ) -> NativeResult<Vec<Found>> {
        let wide = self.wide();
        let run = |machine: &mut Machine| match (self, &wide) {
            (_, Some(wide)) => machine.run(&**wide, SLICE_STEPS),
            (Subject::Text(s), None) => machine.run(s.bytes(), SLICE_STEPS),
            (Subject::Bytes(b), None) => machine.run(&**b, SLICE_STEPS),
        };
        let fresh = || Machine::new(Rc::clone(&pattern.codes), pattern.groups, task, refused);
        let mut kept = None;
        if !more && !p.replaying() {
            let mut machine = fresh();
            if run(&mut machine) {
                p.charge(STEP_NS * machine.steps);
                return Ok(machine.found);
            }
            kept = Some(machine);
        }
        let class = p.native_type(&MATCHING);
        let under_way = p.once(|p| {
            let (machine, done) = match kept {
                Some(machine) => (machine, false),
                None => {
                    let mut machine = fresh();
                    let done = run(&mut machine);
                    (machine, done)
                }
            };
            let waited = 0;
            Ok(p.new_payload(class, UnderWay { machine, done, waited }))
        })?;
        let mut seen = 0;
        loop {
            let Some(state) = p.heap.payload_mut::<UnderWay>(under_way) else {
                return Ok(Vec::new());
            };
            let (waited, done) = (state.waited, state.done);
            let cost_ns = STEP_NS * std::mem::take(&mut state.machine.steps);
            if seen == waited && done {
                let found = state.machine.found.clone();
                p.charge(cost_ns);
                return Ok(found);
            }
            p.system_call(SystemCall::Compute {
                cost_ns,
                release_gil: false,
            })?;
            seen += 1;
            if seen > waited
                && let Some(state) = p.heap.payload_mut::<UnderWay>(under_way)
            {
                state.waited = seen;
                state.done = run(&mut state.machine);
            }
        }
    }

    /// The first match, at `start` or behind it.
    pub fn first(
        &self,
        p: &mut Process,
        pattern: &Pattern,
        start: usize,
        end: usize,
        how: How,
    ) -> NativeResult<Option<Found>> {
        let limit = 1;
        let task = Task { start, end, how, limit };
        Ok(self.find(p, pattern, task, false)?.pop())
    }
}

/// Virtual time of a step, ns.
const STEP_NS: u64 = 5;
/// Steps after which a match gives way: about a millisecond of virtual time.
const SLICE_STEPS: u64 = 200_000;

/// A match that takes long.
#[derive(Clone, Debug)]
struct UnderWay {
    machine: Machine,
    done: bool,
    /// How often it has given way.
    waited: u32,
}
heddle_vm::impl_payload!(UnderWay);

/// The type of matches under way; programs never see one.
static MATCHING: TypeDef = TypeDef {
    name: "SRE_Matching",
    module: "_sre",
    base: Some(TypeRef::Core(core::OBJECT)),
    layout: Layout::Payload(0x1305),
    flags: 0,
    members: &[],
    doc: "",
    finish: None,
};

/// A text and its code points.
type Wide = (PyStr, Rc<[u32]>);

thread_local! {
    // The last long text that was taken apart: `finditer` and scanners ask for the same one again and again.
    static LAST_WIDE: RefCell<Option<Wide>> = const { RefCell::new(None) };
}

/// Texts shorter than this are taken apart each time.
const LONG_TEXT: usize = 64;

fn code_points(text: &PyStr) -> Rc<[u32]> {
    let decode = || text.wtf8().code_points().map(|c| c.to_u32()).collect::<Rc<[u32]>>();
    if text.len() < LONG_TEXT {
        return decode();
    }
    LAST_WIDE.with_borrow_mut(|last| match last {
        Some((known, wide)) if known.is_same(text) => Rc::clone(wide),
        _ => {
            let wide = decode();
            *last = Some((text.clone(), Rc::clone(&wide)));
            wide
        }
    })
}
