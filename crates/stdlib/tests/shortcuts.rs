//! Functions of `asyncio` that are not run (`heddle_vm::shortcuts`) take the time that their code took when it was run.

use heddle_vm::testing::{process_with, run_in_slices};

/// Each of these is done by code the first time, by a shortcut later; `handles` asks where the objects that it makes lie.
const PROGRAM: &str = "\
import gc, heapq, time
from asyncio import base_events, events
gc.disable()
loop = base_events.BaseEventLoop()
def timed(act):
    before = time.perf_counter_ns()
    act()
    return time.perf_counter_ns() - before
def timers(*when):
    return [events.TimerHandle(w, print, (), loop, None) for w in when]
def push():
    heap = timers(1.0, 2.0, 3.0)
    return timed(lambda: heapq.heappush(heap, heap.pop()))
def pop():
    heap = timers(1, 2, 1.5, 4)
    return timed(lambda: heapq.heappop(heap))
def result():
    future = loop.create_future()
    future.add_done_callback(print)
    return timed(lambda: future.set_result(1))
for act in push, pop, result:
    print(act.__name__, len({act() for _ in range(ROUNDS)}))
future = loop.create_future()
future.add_done_callback(print)
future.set_result(1)
handle = loop._ready[-1]
print(handle._callback is print, handle._args == (future,), handle._loop is loop, handle.cancelled(), future in handle._args)
loop.close()
";

fn run(program: &str) -> (String, u64) {
    heddle_stdlib::start();
    let mut taken = 0;
    let process = process_with(program, &heddle_stdlib::LIBRARY);
    let outcome = run_in_slices(process, 5_000_000, |process| taken = process.shortcuts_taken());
    (outcome.stdout + &outcome.stderr, taken)
}

#[test]
fn shortcuts_take_the_time_of_the_code() {
    let (printed, taken) = run(&PROGRAM.replace("ROUNDS", "20"));
    assert_eq!(printed, "push 1\npop 1\nresult 1\nTrue True True False True\n");
    assert!(taken >= 70, "{taken} shortcuts: the code was run instead");
}

/// A program that replaces one of the functions has its own run.
#[test]
fn a_patched_function_is_run() {
    let patch = "\
def call_soon(self, callback, args, context, own=base_events.BaseEventLoop._call_soon):
    return own(self, callback, args, context)
base_events.BaseEventLoop._call_soon = call_soon
def less(self, other, own=events.TimerHandle.__lt__):
    return own(self, other)
events.TimerHandle.__lt__ = less
for act in";
    let program = PROGRAM.replace("ROUNDS", "20").replacen("for act in", patch, 1);
    let (printed, taken) = run(&program);
    assert_eq!(printed, "push 1\npop 1\nresult 1\nTrue True True False True\n");
    assert_eq!(taken, 0);
}
