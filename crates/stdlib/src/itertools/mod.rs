//! `itertools`: iterators whose step is a function on a *copy* of their state.
//!
//! A step may need Python code (the iterator below, a predicate, `==`), and then runs again from its start (see `heddle_vm::native`).
//! So [`Tool::step`] changes a copy, and [`next`] commits that copy when the step has ended, by an item, by exhaustion or by an error;
//! a step that waits leaves nothing behind. A step that may pass over any number of items ends by [`again`] every [`ROUNDS`] items, so
//! that what has to be replayed stays short.
//!
//! Not modelled: pickling and copying of iterators, which Python 3.14 has removed (`tee` keeps `__copy__`).

mod combinatoric;
mod endless;
mod filters;
mod groups;
mod rows;
mod tee;

use heddle_vm::contract::SystemCall;
use heddle_vm::function::{Args, Native};
use heddle_vm::names;
use heddle_vm::native::{NativeResult, Pending, Unwind};
use heddle_vm::payload::Payload;
use heddle_vm::process::{ModuleDef, Process};
use heddle_vm::types::{Layout, TypeDef, TypeRef, core, type_flags};
use heddle_vm::value::Value;

/// Items that one run of a step passes over at most.
const ROUNDS: usize = 16;

/// An iterator of this module.
trait Tool: Payload + Clone {
    /// The entry of its class.
    const DEF: &'static TypeDef;
    /// The next item (NULL: exhausted). `self` is a copy of the state of `this`; values in it are not counted.
    fn step(&mut self, p: &mut Process, this: Value) -> NativeResult;
}

/// `__next__` of a tool.
fn next<T: Tool>(p: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    let Some(mut state) = p.heap.payload::<T>(this).cloned() else {
        return Err(wrong_self(p, T::DEF, "__next__", this));
    };
    let result = state.step(p, this);
    let waits = match &result {
        Err(Unwind::Pending(pending)) => !matches!(
            **pending,
            Pending::TailCall(_) | Pending::Generator { tail: true, .. } | Pending::Switch { tail: true, .. }
        ),
        _ => false,
    };
    if !waits {
        commit(p, this, state);
    }
    result
}

/// Makes a changed copy the state of the object.
fn commit<T: Payload>(p: &mut Process, this: Value, new: T) {
    new.children(&mut |v| p.heap.incref(v));
    if let Some(slot) = p.heap.payload_mut::<T>(this) {
        let old = std::mem::replace(slot, new);
        old.children(&mut |v| p.heap.decref(v));
    }
}

/// An item that is skipped, ns.
const SKIP_NS: u64 = 20;

/// Ends a step by starting it over, with what it has changed so far committed.
fn again<T: Tool>(p: &mut Process, this: Value) -> NativeResult {
    p.worked(ROUNDS, SKIP_NS);
    // C code that keeps the GIL; but the computer must see that the time of the run is over.
    let due = p.once(|p| Ok(Value::from_bool(p.clock_ns() >= p.limit_ns)))?;
    if due == Value::TRUE {
        p.system_call(SystemCall::Compute {
            cost_ns: 0,
            release_gil: false,
        })?;
    }
    let class = p.native_type(T::DEF);
    match p.lookup_in_type(class, names::NEXT) {
        Some(step) => p.tail_call(step, &[this]),
        None => Ok(Value::NULL),
    }
}

#[cold]
fn wrong_self(p: &mut Process, def: &TypeDef, method: &str, this: Value) -> Unwind {
    let name = p.type_name(this);
    let (module, class) = (def.module, def.name);
    p.type_error(&format!(
        "descriptor '{method}' requires a '{module}.{class}' object but received a '{name}'"
    ))
}

fn iter_self(_: &mut Process, args: Args<'_>) -> NativeResult {
    Ok(args.this())
}

/// Positional arguments of a `__new__`: from `least` to `most`, with CPython's messages. Keywords are refused unless a subclass has an
/// `__init__` of its own to take them.
fn positional(p: &mut Process, args: Args<'_>, def: &'static TypeDef, least: usize, most: usize) -> NativeResult<()> {
    let name = def.name;
    let class = args.this();
    if !args.kw.is_empty() && p.lookup_in_type(class, names::INIT) == p.lookup_in_type(core::OBJECT, names::INIT) {
        return Err(p.type_error(&format!("{name}() takes no keyword arguments")));
    }
    let given = args.rest().len();
    if (least..=most).contains(&given) {
        return Ok(());
    }
    let wanted = if given < least { least } else { most };
    let bound = match (least == most, given < least) {
        (true, _) => "",
        (false, true) => "at least ",
        (false, false) => "at most ",
    };
    let plural = if wanted == 1 { "" } else { "s" };
    Err(p.type_error(&format!(
        "{name} expected {bound}{wanted} argument{plural}, got {given}"
    )))
}

/// Arguments of a `__new__` by name or position; see [`Process::bind`].
fn named<const N: usize>(
    p: &mut Process,
    args: Args<'_>,
    def: &'static TypeDef,
    names: [&str; N],
    required: usize,
) -> NativeResult<[Option<Value>; N]> {
    p.bind(args.rest(), def.name, names, required)
}

/// The entry of a class of this module.
const fn class(name: &'static str, number: u32, members: &'static [&'static [Native]]) -> TypeDef {
    TypeDef {
        name,
        module: "itertools",
        base: Some(TypeRef::Core(core::OBJECT)),
        layout: Layout::Payload(number),
        flags: type_flags::BASETYPE,
        members,
        doc: "",
        finish: None,
    }
}

/// Entry of a tool's class, and the tool's [`Tool::DEF`] with its step: `tool!(COUNT: Count, "count", 0x1101, count_new, [more members]);`
macro_rules! tool {
    ($constant:ident: $state:ty, $name:literal, $number:literal, $new:expr, [$($extra:expr),*]) => {
        pub static $constant: TypeDef = super::class(
            $name,
            $number,
            &[&[
                Native::static_method("__new__", $new),
                Native::method("__iter__", super::iter_self),
                Native::method("__next__", super::next::<$state>),
                $($extra),*
            ]],
        );
    };
}
use tool;

/// The module.
pub static MODULE: ModuleDef = ModuleDef {
    name: "itertools",
    doc: "Functional tools for creating and using iterators.",
    functions: &[Native::function("tee", tee::tee).sig("($module, iterable, n=2, /)")],
    types: &[
        &rows::ACCUMULATE,
        &rows::BATCHED,
        &filters::CHAIN,
        &combinatoric::COMBINATIONS,
        &combinatoric::COMBINATIONS_WITH_REPLACEMENT,
        &filters::COMPRESS,
        &endless::COUNT,
        &endless::CYCLE,
        &filters::DROPWHILE,
        &filters::FILTERFALSE,
        &groups::GROUPBY,
        &groups::GROUPER,
        &filters::ISLICE,
        &rows::PAIRWISE,
        &combinatoric::PERMUTATIONS,
        &combinatoric::PRODUCT,
        &endless::REPEAT,
        &rows::STARMAP,
        &filters::TAKEWHILE,
        &tee::TEE,
        &tee::TEE_DATA,
        &rows::ZIP_LONGEST,
    ],
    init: None,
};
