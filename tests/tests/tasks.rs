//! What a trace says of event loops and tasks: programs whose events follow from what they say.

mod run;

use heddle_scenario::Scenario;
use heddle_trace::{
    AwaitReason, Event, EventKind, GroupPhase, LoopState, ProcessId, SliceOf, StateClass, TaskEnd, TaskId, TaskState,
    Trace, TrackKey, await_chain, slices,
};

const MS: u64 = 1_000_000;
const MAIN: ProcessId = ProcessId(1);

/// A trace, asked by names.
struct Told {
    trace: Trace,
    output: String,
}

/// Runs the body of a program that has imported asyncio and time.
fn told(body: &str) -> Told {
    let program = format!("import asyncio, time\n{body}");
    let scenario = Scenario::from_source("main.py", &program).expect("a scenario");
    let ended = run::to_end(&scenario, 10_000_000);
    Told {
        output: ended.output(),
        trace: ended.run.trace(),
    }
}

impl Told {
    fn task(&self, name: &str) -> TaskId {
        let found = self.trace.events.iter().find_map(|event| match event.kind {
            EventKind::TaskCreated { task, name: own, .. } if self.trace.text(own) == name => Some(task),
            _ => None,
        });
        found.unwrap_or_else(|| panic!("no task {name}; output: {}", self.output))
    }

    fn slices(&self, track: TrackKey) -> Vec<SliceOf<'_>> {
        let mut all = Vec::new();
        slices(&self.trace, |slice| {
            if slice.track == track {
                all.push(slice);
            }
        });
        all
    }

    fn of_task(&self, name: &str) -> Vec<SliceOf<'_>> {
        self.slices(TrackKey::Task(MAIN, self.task(name)))
    }

    fn states(&self, name: &str) -> Vec<TaskState> {
        self.of_task(name).iter().map(state).collect()
    }

    /// What a task awaits, one after the other, with the label.
    fn awaits(&self, name: &str) -> Vec<(AwaitReason, &str)> {
        let awaited = self
            .of_task(name)
            .into_iter()
            .filter_map(|slice| match slice.event.kind {
                EventKind::TaskState {
                    state: TaskState::Awaiting(reason),
                    label,
                    ..
                } => Some((reason, self.trace.text(label))),
                _ => None,
            });
        awaited.collect()
    }

    fn event(&self, event: &Event) -> &Event {
        let cause = event.cause.expect("a cause");
        self.trace.event(cause).expect("the cause is in the trace")
    }

    /// The task whose state caused a beginning of a step; None if nothing did.
    fn task_behind_running(&self, event: &Event) -> Option<TaskId> {
        match self.trace.event(event.cause?)?.kind {
            EventKind::TaskState { task, .. } => Some(task),
            _ => None,
        }
    }

    /// The steps of a task: what each begins with, and the task that caused it.
    fn steps(&self, name: &str) -> Vec<(String, Option<TaskId>)> {
        let slices = self.of_task(name);
        let steps = slices.iter().filter_map(|slice| match slice.event.kind {
            EventKind::TaskState {
                state: TaskState::Running,
                label,
                ..
            } => Some((self.trace.text(label).to_owned(), self.task_behind_running(slice.event))),
            _ => None,
        });
        steps.collect()
    }

    /// The task during whose state an event came about.
    fn task_behind(&self, event: &Event) -> Option<TaskId> {
        match self.event(event).kind {
            EventKind::TaskState { task, .. } => Some(task),
            _ => None,
        }
    }
}

fn state(slice: &SliceOf<'_>) -> TaskState {
    match slice.event.kind {
        EventKind::TaskState { state, .. } => state,
        ref other => panic!("no state of a task: {other:?}"),
    }
}

const BLOCKED: &str = "
async def ticker():
    for _ in range(3):
        await asyncio.sleep(0.01)
async def blocks():
    await asyncio.sleep(0.005)
    time.sleep(0.2)
async def main():
    await asyncio.gather(
        asyncio.create_task(ticker(), name='ticker'),
        asyncio.create_task(blocks(), name='blocks'))
asyncio.run(main())
";

/// `time.sleep` in a coroutine is one long callback of the loop, and who should have run meanwhile is late by its rest.
#[test]
fn a_blocking_call_is_one_long_callback() {
    let told = told(BLOCKED);
    let (blocks, ticker) = (told.task("blocks"), told.task("ticker"));
    let mut long = Vec::new();
    slices(&told.trace, |slice| {
        if matches!(slice.track, TrackKey::Loop(..)) && slice.length() >= 150 * MS {
            long.push(slice);
        }
    });
    let [long] = long.as_slice() else {
        panic!("{} long slices", long.len())
    };
    let EventKind::LoopState {
        state: LoopState::Callback { task, name, .. },
        ..
    } = long.event.kind
    else {
        panic!("{:?}", long.event.kind)
    };
    assert_eq!((task, told.trace.text(name)), (Some(blocks), "blocks"));
    assert!((200 * MS..205 * MS).contains(&long.length()), "{}", long.length());
    // The ticker's first timer was due long before the loop could see to it.
    let late = told
        .slices(TrackKey::Task(MAIN, ticker))
        .iter()
        .filter_map(|slice| match state(slice) {
            TaskState::Awaiting(AwaitReason::Sleep { until }) => slice.end.checked_sub(until),
            _ => None,
        })
        .max();
    assert!(late > Some(190 * MS), "{late:?}");
}

/// Without a blocking call no callback is long, and the loop mostly waits.
#[test]
fn a_loop_that_waits_selects() {
    let told = told("async def main():\n    await asyncio.sleep(0.3)\nasyncio.run(main())\n");
    let mut selected = 0;
    slices(&told.trace, |slice| {
        if let EventKind::LoopState { state, .. } = slice.event.kind {
            match state {
                LoopState::Select { until } => {
                    selected += slice.length();
                    assert!(until.is_some_and(|until| until.abs_diff(slice.end) < MS));
                }
                _ => assert!(slice.length() < MS || state == LoopState::Stopped, "{state:?}"),
            }
        }
    });
    assert!((299 * MS..301 * MS).contains(&selected), "{selected}");
}

#[test]
fn a_sleep_says_until_when_and_its_chain_says_where() {
    let told = told(
        "
async def inner():
    await asyncio.sleep(0.05)
async def outer():
    await inner()
asyncio.run(outer())
",
    );
    let task = told.of_task("Task-1");
    let asleep = task.iter().find(|slice| state(slice).class() == StateClass::Asleep);
    let asleep = asleep.expect("it sleeps");
    let EventKind::TaskState {
        state, label, chain, ..
    } = asleep.event.kind
    else {
        panic!()
    };
    let TaskState::Awaiting(AwaitReason::Sleep { until }) = state else {
        panic!("{state:?}")
    };
    assert!(until.abs_diff(asleep.event.time + 50 * MS) < MS / 10);
    assert_eq!(told.trace.text(label), "sleep(0.05)");
    let chain: Vec<_> = await_chain(told.trace.text(chain))
        .map(|row| (row.function, row.file.rsplit('/').next().unwrap_or(""), row.line))
        .collect();
    assert_eq!(chain[..2], [("outer", "main.py", 6), ("inner", "main.py", 4)]);
    assert_eq!((chain[2].0, chain[2].1), ("sleep", "tasks.py"));
    assert_eq!(chain.len(), 3);
    assert_eq!(task.last().map(self::state), Some(TaskState::Done(TaskEnd::Returned)));
}

const WAITS: &str = "
async def holder(lock):
    async with lock:
        await asyncio.sleep(0.01)
async def waits_for_lock(lock):
    async with lock:
        pass
async def waits_for_event(event):
    await event.wait()
async def waits_for_slot(slots):
    async with slots:
        pass
async def gets(queue):
    await queue.get()
async def puts(full):
    await full.put(2)
async def joins(queue):
    await queue.join()
async def hears(ready):
    async with ready:
        await ready.wait()
async def meets(barrier):
    await barrier.wait()
async def in_thread():
    await asyncio.to_thread(time.sleep, 0.001)
async def awaits_task(task):
    await task
async def awaits_future(future):
    await future
async def waits_for_first(tasks):
    await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
async def main():
    lock, event, slots, queue, full = asyncio.Lock(), asyncio.Event(), asyncio.Semaphore(0), asyncio.Queue(), asyncio.Queue(1)
    ready, barrier, future = asyncio.Condition(), asyncio.Barrier(2), asyncio.get_running_loop().create_future()
    full.put_nowait(1)
    tasks = {}
    def go(coroutine):
        tasks[coroutine.__name__] = asyncio.create_task(coroutine, name=coroutine.__name__)
        return tasks[coroutine.__name__]
    held = go(holder(lock))
    go(waits_for_lock(lock)); go(waits_for_event(event)); go(waits_for_slot(slots)); go(gets(queue)); go(puts(full))
    queue._unfinished_tasks = 1; queue._finished.clear()
    go(joins(queue)); go(hears(ready)); go(meets(barrier)); go(in_thread())
    go(awaits_task(held)); go(awaits_future(future)); go(waits_for_first([held, tasks['gets']]))
    await asyncio.sleep(0.02)
    event.set(); slots.release(); queue.put_nowait(1); full.get_nowait(); queue.task_done(); future.set_result(1)
    async with ready:
        ready.notify()
    await barrier.wait()
    await asyncio.gather(*tasks.values())
asyncio.run(main())
";

/// Each kind of wait is told as what it is, by the name that the program has for the object.
#[test]
fn every_wait_is_told_for_what_it_is() {
    use AwaitReason as R;
    let told = told(WAITS);
    assert_eq!(told.output, "");
    let first = |name: &str| {
        let all = told.awaits(name);
        *all.first().unwrap_or_else(|| panic!("{name} never waits"))
    };
    let object = |name: &str| first(name).0.object().is_some();
    for (task, label) in [
        ("waits_for_lock", "lock"),
        ("waits_for_event", "event"),
        ("waits_for_slot", "slots"),
        ("gets", "queue"),
        ("puts", "full"),
        ("joins", "queue"),
        ("hears", "ready"),
        ("meets", "barrier"),
    ] {
        assert_eq!(first(task).1, label, "{task}");
        assert!(object(task), "{task}");
    }
    assert!(matches!(first("waits_for_lock").0, R::Lock { .. }));
    assert!(matches!(first("waits_for_event").0, R::Event { .. }));
    assert!(matches!(first("waits_for_slot").0, R::Semaphore { .. }));
    assert!(matches!(first("gets").0, R::QueueGet { .. }));
    assert!(matches!(first("puts").0, R::QueuePut { .. }));
    assert!(matches!(first("joins").0, R::QueueJoin { .. }));
    assert!(matches!(first("hears").0, R::Condition { .. }));
    assert!(matches!(first("meets").0, R::Barrier { .. }));
    assert_eq!(first("in_thread").0, R::Executor);
    let task = told.task("holder");
    assert_eq!(first("awaits_task").0, R::Task { task });
    assert_eq!(first("awaits_future").0, R::Future);
    assert_eq!(first("waits_for_first").0, R::Several { pending: 2 });
    // The last wait of main is for all of those that are not done.
    let last = told.awaits("Task-1").last().map(|wait| wait.0);
    assert!(matches!(last, Some(R::Several { pending: 1.. })), "{last:?}");
}

const GROUP: &str = "
async def child(n):
    await asyncio.sleep(n / 100)
    if n == 1:
        raise ValueError('no')
async def main():
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(child(1), name='fails')
            group.create_task(child(9), name='cancelled')
    except* ValueError:
        print('caught')
asyncio.run(main())
";

/// A group: who made its tasks, what it waited for, and how the failure of one reaches the others.
#[test]
fn a_failing_group_cancels_its_tasks() {
    let told = told(GROUP);
    assert_eq!(told.output, "caught\n");
    let main = told.task("Task-1");
    let mut phases = Vec::new();
    for event in &told.trace.events {
        match event.kind {
            EventKind::TaskCreated {
                task,
                parent,
                group,
                at,
                ..
            } if task != main && parent.is_some() => {
                assert_eq!(parent, Some(main));
                assert!(group.is_some());
                let row = await_chain(told.trace.text(at)).next().expect("a place");
                assert_eq!(row.function, "main");
            }
            EventKind::Group { phase, .. } => phases.push(phase),
            _ => {}
        }
    }
    use GroupPhase as P;
    assert_eq!(phases, [P::Entered, P::Waiting, P::Aborting, P::Left]);
    assert!(matches!(told.awaits("Task-1")[0].0, AwaitReason::Group { .. }));
    assert_eq!(told.states("fails").last(), Some(&TaskState::Done(TaskEnd::Raised)));
    let failed = told.of_task("fails");
    let EventKind::TaskState { label, .. } = failed.last().expect("an end").event.kind else {
        panic!()
    };
    assert_eq!(told.trace.text(label), "ValueError: no");
    assert_eq!(
        told.states("cancelled").last(),
        Some(&TaskState::Done(TaskEnd::Cancelled))
    );
}

const CANCEL: &str = "
async def victim():
    await asyncio.sleep(10)
async def main():
    task = asyncio.create_task(victim(), name='victim')
    await asyncio.sleep(0.01)
    task.cancel()
    try:
        await task
    except asyncio.CancelledError:
        pass
asyncio.run(main())
";

/// From the cancellation to CancelledError: the task's next `Ready` has the request as its cause, and that who asked.
#[test]
fn a_cancellation_has_its_arrow() {
    let told = told(CANCEL);
    let victim = told.of_task("victim");
    let woken = victim.iter().filter(|slice| state(slice) == TaskState::Ready).nth(1);
    let request = told.event(woken.expect("it is woken").event);
    assert_eq!(
        request.kind,
        EventKind::TaskCancel {
            task: told.task("victim")
        }
    );
    assert_eq!(told.task_behind(request), Some(told.task("Task-1")));
    assert_eq!(victim.last().map(state), Some(TaskState::Done(TaskEnd::Cancelled)));
}

/// Tasks that are written in Python are told as those that are not.
#[test]
fn tasks_of_both_kinds_are_told_alike() {
    let python = CANCEL.replace(
        "    task = asyncio.create_task",
        "    asyncio.get_running_loop().set_task_factory(lambda loop, coro, **kw: asyncio.tasks._PyTask(coro, loop=loop, **kw))\n    task = asyncio.create_task",
    );
    assert_ne!(python, CANCEL);
    let (own, python) = (told(CANCEL), told(&python));
    let kinds = |told: &Told| -> Vec<_> {
        told.of_task("victim")
            .iter()
            .map(|slice| state(slice).class())
            .collect()
    };
    assert_eq!(kinds(&own), kinds(&python));
    assert_eq!(own.awaits("victim").len(), 1);
}

/// From what completed to who woke.
#[test]
fn a_put_wakes_the_getter() {
    let told = told(
        "
async def consumer(queue):
    await queue.get()
async def producer(queue):
    await asyncio.sleep(0.001)
    await queue.put(1)
async def main():
    queue = asyncio.Queue()
    await asyncio.gather(asyncio.create_task(consumer(queue), name='consumer'),
                         asyncio.create_task(producer(queue), name='producer'))
asyncio.run(main())
",
    );
    let ready = told.of_task("consumer");
    let woken = ready.iter().filter(|slice| state(slice) == TaskState::Ready).nth(1);
    let woken = woken.expect("it is woken").event;
    assert_eq!(told.task_behind(woken), Some(told.task("producer")));
    // And a timer wakes the producer: a callback of the loop that is no task's.
    let ready = told.of_task("producer");
    let timer = ready.iter().filter(|slice| state(slice) == TaskState::Ready).nth(1);
    let cause = told.event(timer.expect("it is woken").event);
    assert!(matches!(
        cause.kind,
        EventKind::LoopState {
            state: LoopState::Callback { task: None, .. },
            ..
        }
    ));
}

/// A task that gives way is ready again at once, and never awaits.
#[test]
fn sleep_zero_gives_way() {
    let told = told("async def main():\n    await asyncio.sleep(0)\nasyncio.run(main())\n");
    use TaskState as S;
    let expected = [S::Ready, S::Running, S::Ready, S::Running, S::Done(TaskEnd::Returned)];
    assert_eq!(told.states("Task-1"), expected);
}

/// An eager task runs before its maker goes on, and is never ready before its first wait.
#[test]
fn an_eager_task_begins_within_its_makers_step() {
    let told = told(
        "
async def child():
    await asyncio.sleep(0.001)
async def main():
    asyncio.get_running_loop().set_task_factory(asyncio.eager_task_factory)
    await asyncio.create_task(child(), name='child')
asyncio.run(main())
",
    );
    let states = told.states("child");
    assert_eq!(states[0], TaskState::Running);
    assert!(matches!(states[1], TaskState::Awaiting(AwaitReason::Sleep { .. })));
    assert_eq!(states.last(), Some(&TaskState::Done(TaskEnd::Returned)));
}

/// A task that nobody refers to is destroyed while it is pending.
#[test]
fn a_lost_task_is_told() {
    let told = told(
        "
import gc
async def lost():
    await asyncio.get_running_loop().create_future()
async def main():
    asyncio.create_task(lost(), name='lost')
    await asyncio.sleep(0.001)
    gc.collect()
    await asyncio.sleep(0.001)
asyncio.run(main())
",
    );
    assert!(
        told.output.contains("Task was destroyed but it is pending!"),
        "{}",
        told.output
    );
    assert_eq!(told.states("lost").last(), Some(&TaskState::Done(TaskEnd::Lost)));
}

/// Two loops in two threads: each has a track, and tasks know theirs.
#[test]
fn two_loops_have_two_tracks() {
    let told = told(
        "
import threading
async def work():
    await asyncio.sleep(0.01)
threads = [threading.Thread(target=lambda: asyncio.run(work())) for _ in range(2)]
for thread in threads: thread.start()
for thread in threads: thread.join()
",
    );
    let mut loops = std::collections::BTreeMap::new();
    for event in &told.trace.events {
        if let EventKind::LoopState { event_loop, .. } = event.kind {
            loops
                .entry(event_loop)
                .or_insert_with(std::collections::BTreeSet::new)
                .insert(event.thread.0);
        }
    }
    let threads: Vec<Vec<u32>> = loops
        .into_values()
        .map(|threads| threads.into_iter().collect())
        .collect();
    assert_eq!(threads, [vec![1], vec![2]]);
}

/// A program that never uses asyncio has no events of it.
#[test]
fn threads_alone_say_nothing_of_tasks() {
    let told = told("import selectors\nselectors.DefaultSelector().select(0.01)\ntime.sleep(0.01)\n");
    let of_tasks = |event: &&Event| {
        matches!(
            event.kind,
            EventKind::LoopState { .. } | EventKind::TaskCreated { .. } | EventKind::TaskState { .. }
        )
    };
    assert_eq!(told.trace.events.iter().filter(of_tasks).count(), 0);
}

const ROUND_ROBIN: &str = "
from collections import deque
def count(n):
    total = 0
    for i in range(n):
        total += (yield i) or 0
    return total
def fail():
    yield 'once'
    raise ValueError('no')
ready = deque([count(2), fail()])
while ready:
    one = ready.popleft()
    try:
        next(one)
    except (StopIteration, ValueError):
        continue
    ready.append(one)
";

/// Generators that take turns by `next` have lanes from their second step on, with what they yield and how they end.
#[test]
fn a_schedulers_generators_have_lanes() {
    let told = told(ROUND_ROBIN);
    let resumer = |text| (AwaitReason::Resumer, text);
    assert_eq!(told.awaits("count-1"), [resumer("1")]);
    let ends = ["count-1", "fail-2"].map(|name| told.states(name).last().copied());
    assert_eq!(
        ends,
        [TaskEnd::Returned, TaskEnd::Raised].map(|end| Some(TaskState::Done(end)))
    );
    let chain = told
        .of_task("count-1")
        .into_iter()
        .find_map(|slice| match slice.event.kind {
            EventKind::TaskState {
                state: TaskState::Awaiting(_),
                chain,
                ..
            } => Some(chain),
            _ => None,
        });
    let chain = told.trace.text(chain.expect("a yield"));
    let rows: Vec<_> = await_chain(chain).map(|row| (row.function, row.line)).collect();
    assert_eq!(rows, [("count", 7)]);
}

const SENT: &str = "
def sink():
    while True:
        got = yield
def source(to):
    for i in range(2):
        to.send(i * 10)
        yield i
to = sink()
next(to)
a = source(to)
b = source(to)
for one in [a, b, a, b, a, b]:
    next(one, None)
async def answer():
    return 42
try:
    answer().send(None)
except StopIteration:
    pass
";

/// What is sent is told, and by whom: the arrow comes from the generator that sends.
#[test]
fn what_is_sent_to_a_generator_is_told() {
    let told = told(SENT);
    let labels = told.steps("sink-1");
    let names: Vec<_> = labels.iter().map(|(text, _)| text.as_str()).collect();
    assert_eq!(names, ["send(0)", "send(0)", "send(10)", "send(10)"]);
    let source = told.task("source-2");
    assert!(labels.iter().any(|(_, by)| *by == Some(source)), "{labels:?}");
    assert_eq!(
        told.states("answer-4").last(),
        Some(&TaskState::Done(TaskEnd::Returned)),
        "a coroutine driven by send has a lane at once"
    );
}

/// Generators that only produce items, alone or for the library, are not told; nor are those that go on for ever, after a while.
#[test]
fn producing_items_is_not_told() {
    let quiet = told(
        "
import contextlib, heapq
def items(n):
    for i in range(n):
        yield i
assert sum(items(100)) == 4950
one = items(50)
while next(one, None) is not None:
    pass
assert list(heapq.merge(items(5), items(5))) == [0, 0, 1, 1, 2, 2, 3, 3, 4, 4]
@contextlib.contextmanager
def block():
    yield
for _ in range(3):
    with block(), block():
        pass
",
    );
    let made = |told: &Told| {
        let events = told.trace.events.iter();
        events
            .filter(|e| matches!(e.kind, EventKind::TaskCreated { .. }))
            .count()
    };
    assert_eq!((made(&quiet), quiet.output.as_str()), (0, ""));
    let long = told(
        "
def items():
    while True:
        yield
a, b = items(), items()
for _ in range(30_000):
    next(a), next(b)
",
    );
    let last = long.awaits("items-1").last().map(|(_, text)| (*text).to_owned());
    assert_eq!(
        (made(&long), last.as_deref()),
        (2, Some("and on; further steps are not told"))
    );
}

/// A task that is given a name later is called so from then on; a function in an executor is named.
#[test]
fn later_names_and_functions_in_executors_are_told() {
    let told = told(
        "
def work():
    time.sleep(0.01)
async def main():
    asyncio.current_task().set_name('boss')
    await asyncio.to_thread(work)
    loop = asyncio.get_running_loop()
    await loop.run_in_executor(None, work)
    later = loop.run_in_executor(None, work)
    await asyncio.wait_for(later, 1)
    await loop.create_future()
async def outer():
    try:
        await asyncio.wait_for(asyncio.create_task(main()), 0.5)
    except TimeoutError:
        pass
asyncio.run(outer())
",
    );
    let executor = |text| (AwaitReason::Executor, text);
    assert_eq!(
        told.awaits("boss"),
        [
            executor("to_thread(work)"),
            executor("run_in_executor(work)"),
            executor("run_in_executor(work)"),
            (AwaitReason::Future, ""),
        ],
        "{}",
        told.output
    );
}

/// A step that fails before it begins is none: it is not told, and what is resumed later is not resumed by that generator.
#[test]
fn an_attempt_to_resume_is_no_step() {
    let told = told(
        "
def sink():
    while True:
        got = yield
early, late = sink(), sink()
try:
    early.send(1)
except TypeError:
    pass
def deep(generator):
    try:
        deep(generator)
    except RecursionError:
        generator.send('deep')
next(early), next(late)
try:
    deep(early)
except RecursionError:
    pass
early.send(2)
late.send(3)
",
    );
    let early = told.steps("sink-1");
    assert_eq!(early.last(), Some(&("send(2)".to_owned(), None)), "{early:?}");
    assert!(early.iter().all(|(text, _)| text != "send(1)"), "{early:?}");
    assert_eq!(told.states("sink-1").last().map(is_running), Some(false));
    assert_eq!(told.steps("sink-2"), [("send(3)".to_owned(), None)]);
}

fn is_running(state: &TaskState) -> bool {
    *state == TaskState::Running
}

/// Threads that each pump a generator of their own do not take turns because they preempt each other, nor does a generator in the place of one
/// that has died.
#[test]
fn generators_of_two_threads_and_of_one_place_do_not_take_turns() {
    let told = told(
        "
import threading
def items():
    n = 0
    while n < 100:
        yield n
        n += 1
def pump():
    one = items()
    while next(one, None) is not None:
        time.sleep(0.001)
threads = [threading.Thread(target=pump) for _ in range(2)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
a, b = items(), items()
next(a), next(b)
places = id(a), id(b)
del b
b = items()
del a
a = items()
assert places == (id(a), id(b))
next(a)
",
    );
    let events = told.trace.events.iter();
    let made = events
        .filter(|event| matches!(event.kind, EventKind::TaskCreated { .. }))
        .count();
    assert_eq!((made, told.output.as_str()), (0, ""));
}

/// The lane of a generator ends with it: when it is closed, dies, or is driven to its end by a loop.
#[test]
fn lanes_end_with_their_generators() {
    let told = told(
        "
def count(n):
    for i in range(n):
        yield i
def tidy(n):
    try:
        yield from count(n)
    finally:
        time.sleep(0.001)
four = closed, lost, tidied, looped = count(9), count(9), tidy(9), count(4)
for one in four * 2:
    next(one)
closed.close()
tidied.close()
for _ in looped:
    pass
del four, lost, one
time.sleep(0.001)
",
    );
    let ends = ["count-1", "count-2", "tidy-3", "count-4"].map(|name| told.states(name).last().copied());
    let expected = [TaskEnd::Cancelled, TaskEnd::Lost, TaskEnd::Cancelled, TaskEnd::Returned];
    assert_eq!(ends, expected.map(|end| Some(TaskState::Done(end))), "{}", told.output);
}

/// Greenlets have lanes too: by whom they go on, with what, to whom they give way, and how they end.
#[test]
fn greenlets_have_lanes() {
    let told = told(
        "
from greenlet import getcurrent, greenlet
def ping(n):
    for i in range(n):
        two.switch(i)
    return 'enough'
def pong(got):
    while True:
        got = one.switch(got * 10)
def left():
    getcurrent().parent.switch('a', 'b')
def fails(e):
    raise e
one, two = greenlet(ping), greenlet(pong)
one.switch(2)
two.throw()
three = greenlet(left)
three.switch()
del three
try:
    greenlet(fails).switch(ValueError('no'))
except ValueError:
    pass
time.sleep(0.001)
",
    );
    assert_eq!(told.output, "");
    let step = |text: &str, by: Option<&str>| (text.to_owned(), by.map(|name| told.task(name)));
    assert_eq!(
        told.steps("ping-1"),
        [
            step("switch(2)", None),
            step("switch(0)", Some("pong-2")),
            step("switch(10)", Some("pong-2")),
        ]
    );
    assert_eq!(
        told.steps("pong-2"),
        [
            // The first step comes from the creation.
            step("switch(0)", None),
            step("switch(1)", Some("ping-1")),
            step("throw(GreenletExit)", None),
        ]
    );
    let resumer = |text| (AwaitReason::Resumer, text);
    assert_eq!(told.awaits("ping-1"), [resumer("to pong-2"), resumer("to pong-2")]);
    assert_eq!(told.awaits("pong-2"), [resumer("to ping-1"), resumer("to ping-1")]);
    assert_eq!(told.awaits("left-3"), [resumer("to main")]);
    let ends = ["ping-1", "pong-2", "left-3", "fails-4"].map(|name| told.states(name).last().copied());
    let expected = [TaskEnd::Returned, TaskEnd::Cancelled, TaskEnd::Lost, TaskEnd::Raised];
    assert_eq!(ends, expected.map(|end| Some(TaskState::Done(end))));
}

/// A loop that is closed before its executor's function is done leaves nothing behind that is said of other futures.
#[test]
fn functions_in_executors_of_closed_loops_are_forgotten() {
    let told = told(
        "
places = set()
async def begin():
    loop = asyncio.get_running_loop()
    begun = [loop.run_in_executor(None, time.sleep, 0.01) for _ in range(20)]
    places.update(map(id, begun))
loop = asyncio.new_event_loop()
loop.run_until_complete(begin())
loop.close()
time.sleep(1)
import gc
gc.collect()
async def wait(future):
    await future
async def main():
    loop = asyncio.get_running_loop()
    futures = [loop.create_future() for _ in range(400)]
    assert places & set(map(id, futures))
    tasks = [loop.create_task(wait(future)) for future in futures]
    await asyncio.sleep(0)
    for future in futures:
        future.set_result(None)
    await asyncio.gather(*tasks)
asyncio.run(main())
",
    );
    let executors = told.trace.events.iter().filter(|event| {
        let awaits = TaskState::Awaiting(AwaitReason::Executor);
        matches!(event.kind, EventKind::TaskState { state, .. } if state == awaits)
    });
    assert_eq!((executors.count(), told.output.as_str()), (0, ""));
}
