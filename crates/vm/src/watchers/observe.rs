//! What is known of loops, tasks and groups, and what each moment of the library means for them.
//!
//! Objects are known by their heap handles. A task's record goes when it is done or destroyed, a group's when it is left, and a loop's
//! number changes when another loop is made in its place, so a handle never speaks of something that is gone.

use super::Watched;
use super::by_hand::Hands;
use super::chain::{Places, nanoseconds};
use super::fields::{Field, Seen};
use super::messages::Messages;
use crate::contract::{ImageEventKind, TaskNote, ThreadIndex, Waker};
use crate::frame::Frame;
use crate::object::Obj;
use crate::process::Process;
use crate::value::Value;
use heddle_trace::{AwaitReason, GroupId, GroupPhase, LoopId, TaskEnd, TaskId, TaskState};
use rustc_hash::FxHashMap;
use std::rc::Rc;

/// So many names of locks and queues are kept, and no more are looked for: a look-up goes through the program's variables.
const MOST_NAMES: usize = 4096;
/// So many await chains are kept as texts; others are written anew.
const MOST_CHAINS: usize = 4096;
/// How far out the frames are searched for the call that makes an executor's future.
const FRAMES_TO_EXECUTOR: usize = 4;
/// How far out the frames are searched for the group that makes a task.
const FRAMES_TO_GROUP: usize = 10;

/// A task that is not done.
#[derive(Clone, Debug)]
struct Task {
    id: TaskId,
    name: Rc<str>,
    state: TaskState,
}

/// What a loop does, as far as it decides how its next moment is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    Turn,
    Select,
    Callback,
}

/// A thread that runs a loop.
#[derive(Clone, Debug)]
struct Running {
    event_loop: LoopId,
    phase: Phase,
    /// The tasks whose steps are under way, by handle, the innermost last: eager tasks begin within a step of another.
    steps: Vec<u32>,
}

/// A future of a function that runs in an executor.
#[derive(Clone, Debug)]
pub(super) struct Executed {
    /// The loop's heap handle: when it is closed, nobody says any more that the function is done.
    event_loop: u32,
    /// "run_in_executor(function)".
    pub(super) text: Rc<str>,
}

/// See the module. Nothing depends on the order of the maps.
#[derive(Clone, Debug, Default)]
pub(crate) struct Observer {
    loops: FxHashMap<u32, LoopId>,
    tasks: FxHashMap<u32, Task>,
    groups: FxHashMap<u32, GroupId>,
    running: FxHashMap<ThreadIndex, Running>,
    names: FxHashMap<u32, Rc<str>>,
    chains: FxHashMap<Places, Rc<str>>,
    /// The futures of functions that run in executors, until these are done or the loop is closed.
    pub(super) executors: FxHashMap<u32, Executed>,
    pub(super) hands: Hands,
    pub(super) seen: Seen,
    /// "", made once.
    nothing: Rc<str>,
    next_loop: u32,
    next_task: u32,
    next_group: u32,
    pub(super) messages: Messages,
}

impl Observer {
    pub(super) fn task(&self, task: Value) -> Option<TaskId> {
        self.tasks.get(&task.handle()?).map(|task| task.id)
    }

    pub(super) fn group(&self, group: Value) -> Option<GroupId> {
        self.groups.get(&group.handle()?).copied()
    }

    /// Numbers of another interpreter of the process must not be those of this one.
    pub(crate) fn begin_at(&mut self, interpreter: u32) {
        let first = interpreter.wrapping_mul(1 << 24);
        (self.next_loop, self.next_task, self.next_group) = (first, first, first);
    }

    /// A forked process begins with no loop running and no task of its own.
    pub(crate) fn forget(&mut self) {
        let (next_loop, next_task, next_group) = (self.next_loop, self.next_task, self.next_group);
        *self = Observer {
            next_loop,
            next_task,
            next_group,
            ..Observer::default()
        };
    }

    pub(super) fn object_name(&self, handle: u32) -> Option<Rc<str>> {
        match self.names.get(&handle) {
            Some(name) => Some(Rc::clone(name)),
            None if self.names.len() >= MOST_NAMES => Some(self.no_text()),
            None => None,
        }
    }

    pub(super) fn name_object(&mut self, handle: u32, name: &str) -> Rc<str> {
        let name: Rc<str> = Rc::from(name);
        self.names.insert(handle, Rc::clone(&name));
        name
    }

    pub(super) fn known_chain(&self, places: &Places) -> Option<Rc<str>> {
        self.chains.get(places).map(Rc::clone)
    }

    pub(super) fn keep_chain(&mut self, places: Places, chain: String) -> Rc<str> {
        let chain: Rc<str> = Rc::from(chain);
        if self.chains.len() < MOST_CHAINS {
            self.chains.insert(places, Rc::clone(&chain));
        }
        chain
    }

    pub(super) fn no_text(&self) -> Rc<str> {
        Rc::clone(&self.nothing)
    }

    fn loop_id(&mut self, event_loop: Value) -> Option<LoopId> {
        let handle = event_loop.handle()?;
        let next = &mut self.next_loop;
        let id = self.loops.entry(handle).or_insert_with(|| {
            *next += 1;
            LoopId(*next - 1)
        });
        Some(*id)
    }

    /// The number of a task that is to be told.
    pub(super) fn new_task_id(&mut self) -> TaskId {
        self.next_task += 1;
        TaskId(self.next_task - 1)
    }

    /// Does an event loop run in this thread?
    pub(super) fn runs_loop(&self, thread: ThreadIndex) -> bool {
        self.running.contains_key(&thread)
    }

    /// During whose state something happens in this thread.
    fn waker(&self, thread: ThreadIndex) -> Waker {
        let Some(running) = self.running.get(&thread) else {
            return Waker::Nobody;
        };
        match running.steps.last().and_then(|handle| self.tasks.get(handle)) {
            Some(task) => Waker::Task(task.id),
            None => Waker::Loop(running.event_loop),
        }
    }

    fn current_task(&self, thread: ThreadIndex) -> Option<TaskId> {
        match self.waker(thread) {
            Waker::Task(task) => Some(task),
            _ => None,
        }
    }
}

impl Process {
    /// A watched function is entered (or left) with these as its first two parameters.
    pub(super) fn observe(&mut self, watched: Watched, [first, second]: [Value; 2]) {
        match watched {
            Watched::LoopMade => {
                if let Some(handle) = first.handle() {
                    self.observer.loops.remove(&handle);
                }
            }
            Watched::Turn => self.loop_turns(first),
            Watched::LoopStopped => self.loop_stops(first),
            Watched::LoopClosed => {
                let closed = first.handle().unwrap_or(0);
                self.observer.executors.retain(|_, future| future.event_loop != closed);
            }
            Watched::CallSoon => {
                self.soon_seen();
                self.tell_soon(second);
            }
            Watched::SelectBegins => self.loop_selects(second),
            Watched::SelectOver => {
                if self.loop_phase() == Some(Phase::Select) {
                    self.loop_turns(first);
                }
            }
            Watched::Callback => self.loop_calls(first),
            Watched::Registered => {
                self.task_registered(first);
            }
            Watched::Entered => self.task_entered(second),
            Watched::Left => self.task_left(second),
            Watched::Swapped => self.task_swapped(second),
            Watched::CancelAsked => self.task_cancel_asked(first),
            Watched::Destroyed => self.task_destroyed(first),
            Watched::Renamed => {
                let name = self.as_str(second).map(Rc::from);
                self.task_renamed(first, name);
            }
            Watched::Chained => self.future_chained(second),
            Watched::Unchained => {
                let handle = first.handle().unwrap_or(0);
                self.observer.executors.remove(&handle);
            }
            Watched::GroupEntered => self.group_phase(first, GroupPhase::Entered),
            Watched::GroupWaits => self.group_phase(first, GroupPhase::Waiting),
            Watched::GroupAborts => self.group_phase(first, GroupPhase::Aborting),
            Watched::GroupLeft => self.group_phase(first, GroupPhase::Left),
            Watched::PickleBegins => self.pickling_begins(Some(second)),
            Watched::PickleEnds => self.pickling_ends(None),
            Watched::UnpickleBegins => self.pickling_begins(None),
            Watched::UnpickleEnds => {
                let stack = self.look_up_some(first, "stack");
                let found = self.as_list(stack).and_then(|stack| stack.last().copied());
                self.pickling_ends(Some(found.unwrap_or(Value::NULL)));
            }
            Watched::ConnectionSends => self.connection_sends(first, second),
            Watched::ConnectionReceives => self.connection_receives(first),
            Watched::ConnectionGoes => self.connection_goes(first),
        }
    }

    /// A callback is on its way into a loop's queue.
    pub(crate) fn tell_soon(&mut self, callback: Value) {
        if let Some(task) = self.task_of_callback(callback) {
            self.task_ready(task);
        }
    }

    pub(super) fn tell_task(&mut self, note: TaskNote) {
        self.tell(ImageEventKind::Task(Box::new(note)));
    }

    fn loop_phase(&self) -> Option<Phase> {
        self.observer.running.get(&self.current).map(|running| running.phase)
    }

    fn set_phase(&mut self, event_loop: LoopId, phase: Phase) {
        let running = self.observer.running.entry(self.current).or_insert(Running {
            event_loop,
            phase,
            steps: Vec::new(),
        });
        running.phase = phase;
        if running.event_loop != event_loop {
            // A loop within a loop, as hand-made ones can be.
            running.event_loop = event_loop;
            running.steps.clear();
        }
    }

    /// How many callbacks stand in the loop's queue.
    fn ready_callbacks(&mut self, event_loop: Value) -> u32 {
        let queue = self.watched_field(event_loop, Field::Ready);
        let length = (self.config.library.eyes.length)(self, queue);
        u32::try_from(length.unwrap_or(0)).unwrap_or(u32::MAX)
    }

    fn loop_turns(&mut self, event_loop: Value) {
        let Some(id) = self.observer.loop_id(event_loop) else {
            return;
        };
        self.set_phase(id, Phase::Turn);
        let ready = self.ready_callbacks(event_loop);
        self.tell_task(TaskNote::Turn { event_loop: id, ready });
    }

    fn loop_selects(&mut self, timeout: Value) {
        let Some(running) = self.observer.running.get_mut(&self.current) else {
            return;
        };
        if running.phase != Phase::Turn {
            return;
        }
        let event_loop = running.event_loop;
        let until = match self.seconds_of(timeout) {
            Some(seconds) if seconds > 0.0 => Some(self.clock_ns().saturating_add(nanoseconds(seconds))),
            // It only looks.
            Some(_) => return,
            None => None,
        };
        self.set_phase(event_loop, Phase::Select);
        self.tell_task(TaskNote::Select { event_loop, until });
    }

    fn loop_calls(&mut self, handle: Value) {
        let (owner, callback) = (
            self.watched_field(handle, Field::Loop),
            self.watched_field(handle, Field::Callback),
        );
        let Some(id) = self.observer.loop_id(owner) else {
            return;
        };
        self.set_phase(id, Phase::Callback);
        let ready = self.ready_callbacks(owner);
        let task = self.task_of_callback(callback).and_then(|task| task.handle());
        let task = task.and_then(|handle| self.observer.tasks.get(&handle));
        let (task, name) = match task {
            Some(task) => (Some(task.id), Rc::clone(&task.name)),
            None => (None, Rc::from(self.callback_name(callback))),
        };
        self.tell_task(TaskNote::Callback {
            event_loop: id,
            task,
            name,
            ready,
        });
    }

    fn loop_stops(&mut self, event_loop: Value) {
        let Some(id) = self.observer.loop_id(event_loop) else {
            return;
        };
        self.observer.running.remove(&self.current);
        self.tell_task(TaskNote::Stopped { event_loop: id });
    }

    /// A task was made; its first step is due or begins now.
    pub fn task_registered(&mut self, task: Value) {
        self.known_task(task);
    }

    /// The record of a task, made now if it is new. None: it is no task, or done.
    fn known_task(&mut self, task: Value) -> Option<TaskId> {
        if let Some(known) = self.observer.task(task) {
            return Some(known);
        }
        let handle = task.handle()?;
        let parts = self.task_parts(task).filter(|parts| parts.end.is_none())?;
        let event_loop = self.observer.loop_id(parts.event_loop)?;
        let id = self.observer.new_task_id();
        let record = Task {
            id,
            name: Rc::clone(&parts.name),
            // Whatever it is, it is told.
            state: TaskState::Done(TaskEnd::Lost),
        };
        self.observer.tasks.insert(handle, record);
        let (group, at) = self.made_at();
        let coroutine = match self.as_generator(parts.coroutine) {
            Some(generator) => self.text(generator.qualname),
            None => self.type_name(parts.coroutine),
        };
        let note = TaskNote::Created {
            task: id,
            event_loop,
            parent: self.observer.current_task(self.current),
            group,
            name: parts.name,
            coroutine: Rc::from(coroutine),
            at: Rc::from(at),
        };
        self.tell_task(note);
        Some(id)
    }

    /// Which group makes a task now, and where in the program.
    fn made_at(&self) -> (Option<GroupId>, String) {
        let frames = self.frames.iter().rev().filter_map(|frame| match frame {
            Frame::Python(frame) => Some(frame),
            Frame::Native(_) => None,
        });
        let (mut group, mut at) = (None, String::new());
        for (depth, frame) in frames.enumerate() {
            let Some(Obj::Code(code)) = self.heap.object(frame.code) else {
                continue;
            };
            let file = self.as_str(code.filename).unwrap_or_default();
            let library = super::library_file(file);
            if depth < FRAMES_TO_GROUP
                && library == Some("asyncio/taskgroups.py")
                && self.as_str(code.qualname) == Some("TaskGroup.create_task")
            {
                let this = self.stack.get(frame.base as usize).copied().unwrap_or(Value::NULL);
                group = self.observer.group(self.behind_cell(this));
            }
            if library.is_none() && !code.hidden {
                self.chain_row(&mut at, frame.code, frame.pc.saturating_sub(1));
                break;
            }
        }
        (group, at)
    }

    /// Enters a state, and tells so if it is another one.
    fn set_task_state(&mut self, task: Value, state: TaskState, label: Rc<str>, chain: Rc<str>) {
        let Some(record) = task.handle().and_then(|handle| self.observer.tasks.get_mut(&handle)) else {
            return;
        };
        if record.state == state {
            return;
        }
        record.state = state;
        let id = record.id;
        let by = self.observer.waker(self.current);
        self.tell_task(TaskNote::State {
            task: id,
            state,
            label,
            chain,
            by,
        });
    }

    fn task_state(&self, task: Value) -> Option<TaskState> {
        let record = self.observer.tasks.get(&task.handle()?)?;
        Some(record.state)
    }

    /// Its next step stands in the loop's queue from now on.
    fn task_ready(&mut self, task: Value) {
        if self.known_task(task).is_none() {
            return;
        }
        // It gives way to others: where it stands is known only now.
        let chain = if self.task_state(task) == Some(TaskState::Running) {
            match self.task_parts(task) {
                Some(parts) => self.chain_of(parts.coroutine),
                None => self.observer.no_text(),
            }
        } else {
            self.observer.no_text()
        };
        self.set_task_state(task, TaskState::Ready, self.observer.no_text(), chain);
    }

    /// What the suspended task awaits, by which name, and where.
    fn waiting(&mut self, task: Value) -> Option<(AwaitReason, Rc<str>, Rc<str>)> {
        let parts = self.task_parts(task)?;
        let waiting = self.awaited(parts.coroutine, parts.waiter);
        Some((waiting.reason, waiting.label, waiting.chain))
    }

    /// A step of the task begins in this thread.
    pub(crate) fn task_entered(&mut self, task: Value) {
        let Some(handle) = task.handle().filter(|_| self.known_task(task).is_some()) else {
            return;
        };
        if let Some(running) = self.observer.running.get_mut(&self.current) {
            running.steps.push(handle);
        }
        let nothing = self.observer.no_text();
        self.set_task_state(task, TaskState::Running, Rc::clone(&nothing), nothing);
    }

    /// A step of the task is over: it is done, awaits something, or is ready again.
    pub(crate) fn task_left(&mut self, task: Value) {
        let Some(handle) = task.handle() else { return };
        if let Some(parts) = self.task_parts(task)
            && let Some(end) = parts.end
        {
            let label = match end {
                TaskEnd::Raised => Rc::from(self.exception_line(parts.exception)),
                _ => self.observer.no_text(),
            };
            self.set_task_state(task, TaskState::Done(end), label, self.observer.no_text());
            self.observer.tasks.remove(&handle);
        } else if self.task_state(task) == Some(TaskState::Running)
            && let Some((reason, label, chain)) = self.waiting(task)
        {
            self.set_task_state(task, TaskState::Awaiting(reason), label, chain);
        }
        if let Some(running) = self.observer.running.get_mut(&self.current)
            && let Some(at) = running.steps.iter().rposition(|step| *step == handle)
        {
            running.steps.truncate(at);
        }
    }

    /// Another task is the current one now: an eager one begins, or has had its first step.
    pub(crate) fn task_swapped(&mut self, task: Value) {
        let steps = self.observer.running.get(&self.current).map(|running| &running.steps);
        let last = steps.and_then(|steps| steps.last().copied());
        let inside = steps.is_some_and(|steps| task.handle().is_some_and(|handle| steps.contains(&handle)));
        if task.is_none() || task.is_null() || inside {
            if let Some(last) = last.filter(|last| Some(*last) != task.handle()) {
                self.task_left(Value::from_handle(last));
            }
        } else {
            self.task_entered(task);
        }
    }

    /// Somebody asks for the task to be cancelled.
    pub fn task_cancel_asked(&mut self, task: Value) {
        if let Some(task) = self.observer.task(task) {
            let by = self.observer.waker(self.current);
            self.tell_task(TaskNote::Cancel { task, by });
        }
    }

    /// The task is being destroyed. If it is not done, nobody will ever wake it.
    pub fn task_destroyed(&mut self, task: Value) {
        let nothing = self.observer.no_text();
        self.set_task_state(task, TaskState::Done(TaskEnd::Lost), Rc::clone(&nothing), nothing);
        if let Some(handle) = task.handle() {
            self.observer.tasks.remove(&handle);
        }
    }

    /// The task, which stands in its payload, has another name.
    pub fn task_has_name(&mut self, task: Value) {
        let name = self.task_parts(task).map(|parts| parts.name);
        self.task_renamed(task, name);
    }

    /// The task has this name now.
    fn task_renamed(&mut self, task: Value, name: Option<Rc<str>>) {
        let record = task.handle().and_then(|handle| self.observer.tasks.get_mut(&handle));
        let (Some(record), Some(name)) = (record, name) else {
            return;
        };
        record.name = Rc::clone(&name);
        let task = record.id;
        self.tell_task(TaskNote::Renamed { task, name });
    }

    /// If `run_in_executor` has made this future, a task that awaits it waits for the function.
    fn future_chained(&mut self, future: Value) {
        let frames = self.frames.iter().rev().take(FRAMES_TO_EXECUTOR);
        let frames = frames.filter_map(|frame| match frame {
            Frame::Python(frame) => Some(frame),
            Frame::Native(_) => None,
        });
        let found = frames.into_iter().find_map(|frame| {
            let known = self.names_of_code(frame.code)?;
            let ours = known.1 == "BaseEventLoop.run_in_executor" && super::library_file(known.0).is_some();
            let slots = self
                .stack
                .get(frame.base as usize..frame.sp as usize)
                .filter(|_| ours)?;
            let [event_loop, function] = ["self", "func"].map(|name| self.slot_among(frame.code, slots, name));
            Some((event_loop?.handle()?, function?))
        });
        if let (Some((event_loop, function)), Some(handle)) = (found, future.handle()) {
            let text = Rc::from(format!("run_in_executor({})", self.callback_name(function)));
            self.observer.executors.insert(handle, Executed { event_loop, text });
        }
    }

    fn group_phase(&mut self, group: Value, phase: GroupPhase) {
        let Some(handle) = group.handle() else { return };
        if phase == GroupPhase::Entered {
            let id = GroupId(self.observer.next_group);
            self.observer.next_group += 1;
            self.observer.groups.insert(handle, id);
        }
        let Some(group) = self.observer.groups.get(&handle).copied() else {
            return;
        };
        if phase == GroupPhase::Left {
            self.observer.groups.remove(&handle);
        }
        let owner = match phase {
            // It may be a callback of another task that aborts it.
            GroupPhase::Aborting => None,
            _ => self.observer.current_task(self.current),
        };
        self.tell_task(TaskNote::Group { group, owner, phase });
    }
}
