//! Generators, coroutines and asynchronous generators: a suspended activation with its slots and operands copied out.

use crate::frame::PyFrame;
use crate::value::Value;

/// Where a generator stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GeneratorState {
    Created,
    Suspended,
    Running,
    Finished,
}

/// The payload of `generator`, `coroutine` and `async_generator`; the class tells which.
#[derive(Clone, Debug)]
pub struct Generator {
    /// The activation; `base` and `return_to` are meaningless while suspended. Its values are counted here while suspended.
    pub frame: PyFrame,
    /// Slots, then operands, while suspended.
    pub values: Vec<Value>,
    /// How many values its slots and operands need at most.
    pub room: u32,
    /// State.
    pub state: GeneratorState,
    /// The exception being handled inside (`sys.exc_info()` of the generator), or NULL.
    pub handled: Value,
    /// `__name__`
    pub name: Value,
    /// `__qualname__`
    pub qualname: Value,
    /// `cr_origin`, or NULL.
    pub origin: Value,
    /// Asynchronous generators: the finalizer hook, or NULL.
    pub finalizer: Value,
    /// Asynchronous generators: `firstiter` has been called.
    pub hooks_inited: bool,
    /// Asynchronous generators: an `asend`/`athrow` is running.
    pub ag_running: bool,
    /// Asynchronous generators: closed.
    pub closed: bool,
}

impl Generator {
    /// Calls `f` with every value held.
    pub fn children<F: FnMut(Value) + ?Sized>(&self, f: &mut F) {
        if self.state != GeneratorState::Running {
            [self.frame.locals, self.frame.generator, self.frame.object]
                .into_iter()
                .for_each(&mut *f);
        }
        [
            self.frame.function,
            self.handled,
            self.name,
            self.qualname,
            self.origin,
            self.finalizer,
        ]
        .into_iter()
        .for_each(&mut *f);
        self.values.iter().copied().for_each(f);
    }
}
