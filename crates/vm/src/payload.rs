//! Heap payloads that need no place of their own in [`crate::object::Obj`]: iterators, locks, `deque`, compiled patterns …
//!
//! A payload is plain data: it can be cloned with the process image, and names every value it holds.

use crate::native::NativeResult;
use crate::process::Process;
use crate::value::Value;
use std::any::Any;
use std::fmt;

/// Data of a native type. Implement it with `impl_payload!(Type, |this, f| …)`.
pub trait Payload: Any + fmt::Debug {
    /// A copy for a cloned image.
    fn clone_payload(&self) -> Box<dyn Payload>;
    /// Calls `f` with every value the payload holds a count of.
    fn children(&self, f: &mut dyn FnMut(Value));
    /// The bytes of a type with the buffer protocol (`array`, `mmap`): one row of items.
    fn buffer(&self) -> Option<&[u8]> {
        None
    }
    /// The same, to be changed in place; `None` for read-only ones.
    fn buffer_mut(&mut self) -> Option<&mut [u8]> {
        None
    }
    /// Type code of `struct` for the items of [`Payload::buffer`].
    fn buffer_format(&self) -> char {
        'B'
    }
    /// Bytes that stand in the kernel, for all processes that map them, instead of in [`Payload::buffer`].
    fn mapped(&self) -> Option<Mapped> {
        None
    }
    /// Whether its owner asks [`Process::is_viewed`] before it lets go of its bytes.
    fn counts_views(&self) -> bool {
        self.mapped().is_some()
    }
    /// How an awaitable iterator (what `__await__` of a native type gives) answers `send(None)`, without running Python code: its object
    /// goes in. `None`: by its `__next__`, which costs more.
    fn sending(&self) -> Option<fn(&mut Process, Value) -> NativeResult<Sent>> {
        None
    }
    /// For downcasts.
    fn as_any(&self) -> &dyn Any;
    /// For downcasts.
    fn as_any_mut(&mut self) -> &mut dyn Any;
}

/// Memory that the kernel keeps for several processes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mapped {
    /// The kernel's number for it.
    pub mapping: u32,
    /// Bytes.
    pub len: usize,
    /// Whether it must not be written to.
    pub readonly: bool,
}

/// What something that is awaited answers.
#[derive(Clone, Copy, Debug)]
pub enum Sent {
    /// It yields this to whoever drives the coroutine.
    Yielded(Value),
    /// It is done, and this is the value of the `await`.
    Done(Value),
}

impl Clone for Box<dyn Payload> {
    fn clone(&self) -> Self {
        (**self).clone_payload()
    }
}

/// Implements [`Payload`] for a `Clone + Debug + 'static` type: `impl_payload!(Deque, |this, f| this.items.iter().copied().for_each(f));`
#[macro_export]
macro_rules! impl_payload {
    ($type:ty) => {
        $crate::impl_payload!($type, |_this, _f| {});
    };
    ($type:ty, |$this:ident, $f:ident| $children:expr) => {
        impl $crate::payload::Payload for $type {
            fn clone_payload(&self) -> Box<dyn $crate::payload::Payload> {
                Box::new(self.clone())
            }
            fn children(&self, $f: &mut dyn FnMut($crate::value::Value)) {
                let $this = self;
                $children;
            }
            fn as_any(&self) -> &dyn std::any::Any {
                self
            }
            fn as_any_mut(&mut self) -> &mut dyn std::any::Any {
                self
            }
        }
    };
}
