//! What interpreters have to do with each other: requests, and how a thread goes from one to another.

use super::life::{END, RUN, START, STARTED};
use super::{Crossing, Errand, Interpreter, InterpreterId, Interpreters, Next, Parcel, Refusal, Request, Settings};
use crate::contract::{Image, Resume, ThreadIndex};

/// Where interpreters come from, as `_interpreters` numbers it: the runtime itself, or that module.
const WHENCE_RUNTIME: i64 = 1;
const WHENCE_STDLIB: i64 = 5;

/// More than this at once are refused: each takes about a megabyte of the host.
const MOST: usize = 256;

/// A request that needs no other interpreter: a lock of the process and a look into a table, ns.
const ASK_NS: u64 = 250;

impl Interpreters {
    /// The thread's request, now.
    pub(super) fn begin(&mut self, thread: ThreadIndex, request: Request) -> Crossing {
        let from = self.at(thread);
        let answer = match request {
            Request::Create(settings) => match self.create(settings) {
                Ok(id) => return self.depart(thread, Next::Enter(id, Errand::Start, Parcel::None), id),
                Err(refusal) => Err(refusal),
            },
            Request::Run { id, task } => match self.may_enter(thread, id) {
                Ok(id) => return self.depart(thread, Next::Enter(id, Errand::Run, task), id),
                Err(refusal) => Err(refusal),
            },
            Request::End { id } => match self.may_end(thread, id) {
                Ok(id) => return self.depart(thread, Next::Enter(id, Errand::End, Parcel::None), id),
                Err(refusal) => Err(refusal),
            },
            Request::Leave { result } => {
                let path = &self.travel(thread).path;
                let back = path.iter().rev().nth(1).copied().unwrap_or(0);
                return self.depart(thread, Next::Leave(result), back);
            }
            Request::List => Ok(self.list()),
            Request::Whence { id } => self.known(id).map(|(id, _)| whence(id)),
            Request::Settings { id } => self.known(id).map(|(_, known)| known.settings.all.clone()),
            Request::IsRunning { id } => self.known(id).map(|(_, known)| Parcel::Bool(known.running.is_some())),
            Request::Incref { id, owned } => self.known(id).map(|(_, known)| {
                known.references += 1;
                known.owned |= owned;
                Parcel::None
            }),
            Request::Decref { id } => self.known(id).map(|(_, known)| {
                known.references -= 1;
                Parcel::Bool(known.references <= 0 && known.owned)
            }),
            Request::Queue(request) => self.queues.answer(from, request),
        };
        self.resume(thread, Resume::Crossed(answer));
        Crossing::Stay { cost_ns: ASK_NS }
    }

    fn known(&mut self, id: i64) -> Result<(InterpreterId, &mut Interpreter), Refusal> {
        let missing = Refusal::NoInterpreter(id);
        let number = InterpreterId::try_from(id).map_err(|_| missing)?;
        match self.all.get_mut(&number) {
            Some(interpreter) if interpreter.ready => Ok((number, interpreter)),
            _ => Err(missing),
        }
    }

    fn list(&self) -> Parcel {
        let ready = self.all.iter().filter(|(_, interpreter)| interpreter.ready);
        let each = |(&id, _): (&InterpreterId, _)| Parcel::Tuple(vec![Parcel::Int(id.into()), whence(id)]);
        Parcel::Tuple(ready.map(each).collect())
    }

    fn create(&mut self, settings: Settings) -> Result<InterpreterId, Refusal> {
        let main = match self.all.get(&0) {
            Some(main) if self.all.len() < MOST => &main.image,
            _ => return Err(Refusal::TooMany),
        };
        let id = self.last_id + 1;
        let image = main.beside_main(id, &settings);
        let own = settings.own_gil && main.config.rules.gil_per_interpreter;
        self.last_id = id;
        let interpreter = Interpreter {
            image,
            gil: if own { id } else { 0 },
            references: 0,
            owned: false,
            running: None,
            errand: Errand::Start,
            ready: false,
            settings,
            bytes: 0,
        };
        self.all.insert(id, interpreter);
        Ok(id)
    }

    /// Whether the thread may run something in that interpreter's `__main__`.
    fn may_enter(&mut self, thread: ThreadIndex, id: i64) -> Result<InterpreterId, Refusal> {
        let inside = self.threads.get(thread as usize);
        let inside = inside.is_some_and(|travel| travel.path.iter().any(|&at| i64::from(at) == id));
        let (id, known) = self.known(id)?;
        if known.running.is_some() || inside {
            return Err(Refusal::AlreadyRunning);
        }
        known.running = Some(thread);
        Ok(id)
    }

    /// Whether it may end that interpreter.
    fn may_end(&mut self, thread: ThreadIndex, id: i64) -> Result<InterpreterId, Refusal> {
        let current = self.at(thread);
        let inside = self.threads.get(thread as usize);
        let inside = inside.is_some_and(|travel| travel.path.iter().any(|&at| i64::from(at) == id));
        let (id, known) = self.known(id)?;
        if id == current {
            return Err(Refusal::Current);
        }
        if known.running.is_some() || inside {
            return Err(Refusal::Running);
        }
        known.ready = false;
        Ok(id)
    }

    fn depart(&mut self, thread: ThreadIndex, next: Next, to: InterpreterId) -> Crossing {
        self.travel(thread).next = Some(next);
        let gil = self.all.get(&to).map_or(0, |interpreter| interpreter.gil);
        Crossing::Go { interpreter: to, gil }
    }

    /// The thread, which has let go of its GIL, changes its interpreter.
    pub(super) fn go(&mut self, thread: ThreadIndex) {
        let name = self.name(thread);
        match self.travel(thread).next.take() {
            Some(Next::Enter(id, errand, parcel)) => {
                let path = &mut self.travel(thread).path;
                if path.is_empty() {
                    path.push(0);
                }
                path.push(id);
                if let Some(interpreter) = self.all.get_mut(&id) {
                    let task = match errand {
                        Errand::Start => &START,
                        Errand::Run => &RUN,
                        Errand::End => &END,
                    };
                    interpreter.errand = errand;
                    interpreter.image.enter(thread, &name, task, &parcel);
                }
            }
            Some(Next::Leave(result)) => self.come_back(thread, result),
            None => {}
        }
    }

    fn come_back(&mut self, thread: ThreadIndex, result: Parcel) {
        let Some(id) = self.travel(thread).path.pop() else {
            return;
        };
        let mut answer = Ok(Parcel::None);
        if let Some(interpreter) = self.all.get_mut(&id) {
            interpreter.image.left(thread);
            match interpreter.errand {
                Errand::Start => {
                    interpreter.ready = result == STARTED;
                    answer = if interpreter.ready {
                        Ok(Parcel::Int(id.into()))
                    } else {
                        Err(Refusal::TooMany)
                    };
                }
                Errand::Run => {
                    interpreter.running = None;
                    answer = Ok(result);
                }
                Errand::End => {}
            }
            if !interpreter.ready {
                self.bury(id);
            }
        }
        self.resume(thread, Resume::Crossed(answer));
    }

    /// The interpreter is over. Threads that are still in it (daemons of one that may have them) keep its heap.
    fn bury(&mut self, id: InterpreterId) {
        self.queues.forget(id);
        let inhabited = self
            .image(id)
            .is_some_and(|image| image.threads.iter().any(|thread| !thread.ended));
        if !inhabited && let Some(interpreter) = self.all.remove(&id) {
            self.bytes = self.bytes.saturating_sub(interpreter.bytes);
        }
    }

    fn name(&self, thread: ThreadIndex) -> String {
        self.image(self.home(thread))
            .map_or_else(String::new, |image| image.thread_name(thread))
    }
}

fn whence(id: InterpreterId) -> Parcel {
    Parcel::Int(if id == 0 { WHENCE_RUNTIME } else { WHENCE_STDLIB })
}
