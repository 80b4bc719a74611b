//! What each instruction costs in virtual nanoseconds.
//!
//! Calibrated so that the sums come near CPython 3.13 on a current laptop: one round of `while n < N: n += 1` is 28 ns, a call of a
//! small Python function about 45 ns, a call of a built-in function about 35 ns. The loop adds them as immediates. What is not listed
//! costs [`OTHER`]; a path that has to leave the loop (a special method, an attribute search) adds [`SLOW`].

/// Loading or storing a slot, a small constant, rearranging the stack.
pub const MOVE: u64 = 2;
/// A binary operation on numbers.
pub const BINARY: u64 = 5;
/// A comparison.
pub const COMPARE: u64 = 4;
/// A conditional jump.
pub const BRANCH: u64 = 3;
/// A jump back, with the look at the eval breaker.
pub const JUMP_BACK: u64 = 5;
/// A global or built-in name, an attribute or method found by an inline cache.
pub const NAME: u64 = 4;
/// A step of an iterator.
pub const ITERATE: u64 = 6;
/// A call of a Python function: the caller's share.
pub const CALL: u64 = 18;
/// The start of a function, with the look at the eval breaker.
pub const RESUME: u64 = 4;
/// Return to the caller.
pub const RETURN: u64 = 10;
/// `yield`, or going on after it.
pub const YIELD: u64 = 12;
/// Making a list, tuple …, and for each item.
pub const BUILD: u64 = 12;
/// For each item of a new container.
pub const BUILD_ITEM: u64 = 2;
/// Everything else.
pub const OTHER: u64 = 5;
/// What a way through the slow path adds.
pub const SLOW: u64 = 25;
/// A call of a function written in C, besides the caller's share.
pub const NATIVE: u64 = 18;
/// Raising an exception, per frame it passes.
pub const RAISE: u64 = 120;
/// Looking at one exception of a chain of contexts: whoever raises goes through it, and chains may grow without end.
pub const CONTEXT: u64 = 2;
/// Making an instance of a class written in Python, besides `__init__`.
pub const INSTANCE: u64 = 40;
