//! An image where the site stands: the image itself, one that logs its answers, or a reader of such a log.

use super::{Spot, Told};
use heddle_trace::Handle;
use heddle_vm::contract::{
    FIRST_SEMAPHORE, Footing, Here, Image, ImageEvent, ObjectIndex, Place, Posix, Program, Ran, Resume, Semaphore,
    Stop, SystemCall, ThreadIndex, Until,
};
use heddle_vm::interpreters::{Crossing, Request};
use heddle_vm::scene::Sight;
use rustc_hash::FxHashMap;
use std::cell::RefCell;
use std::collections::{BTreeMap, VecDeque};

/// Numbers of texts that the other side does not know.
const BEFORE: u32 = 1 << 31;

/// See the module.
#[derive(Clone)]
pub(crate) struct Hosted<I> {
    image: Where<I>,
    /// What stands on the semaphores that it has tried to take: asked for at that moment, so that it is known when the call waits.
    semaphores: BTreeMap<u32, String>,
}

#[derive(Clone)]
enum Where<I> {
    Here(I),
    Logged(Box<Logged<I>>),
    There(Box<There>),
}

/// An image whose answers are sent to the hub.
#[derive(Clone)]
struct Logged<I> {
    image: I,
    log: RefCell<Vec<Told>>,
    /// What the image told since the site asked.
    events: Vec<ImageEvent>,
    texts: FxHashMap<String, u32>,
}

/// What is known of an image that is elsewhere.
#[derive(Clone, Default)]
struct There {
    log: RefCell<VecDeque<Told>>,
    events: Vec<ImageEvent>,
    /// From number 1 on; those that it had before it left, from [`BEFORE`] on.
    texts: Vec<String>,
    first_texts: Vec<String>,
    spots: Vec<Spot>,
    owner: Option<ThreadIndex>,
    memory: (u64, u64),
    objects: u64,
    user_ns: u64,
    /// The log does not fit what the site asks: the other side is not the one it should be.
    is_torn: bool,
}

impl There {
    fn next(&self) -> Option<Told> {
        self.log.borrow_mut().pop_front()
    }

    fn set_spot(&mut self, thread: ThreadIndex, spot: Spot) {
        let at = thread as usize;
        if self.spots.len() <= at {
            self.spots.resize(at + 1, Spot::default());
        }
        self.spots[at] = spot;
    }

    fn text(&self, number: u32) -> &str {
        let text = match (number.checked_sub(BEFORE), number.checked_sub(1)) {
            (Some(at), _) => self.first_texts.get(at as usize),
            (None, Some(at)) => self.texts.get(at as usize),
            (None, None) => None,
        };
        text.map_or("", String::as_str)
    }

    /// Takes what is told beside an answer; the answer.
    fn answer(&mut self, semaphores: &mut BTreeMap<u32, String>) -> Option<Told> {
        loop {
            match self.next()? {
                Told::Text(text) => self.texts.push(text),
                Told::Stands(thread, spot) => self.set_spot(thread, spot),
                Told::Event(event) => self.events.push(event),
                Told::Semaphore(number, name) => {
                    semaphores.insert(number, name);
                }
                answer => return Some(answer),
            }
        }
    }

    fn name(&self) -> String {
        match self.next() {
            Some(Told::Name(name)) => name,
            _ => String::new(),
        }
    }
}

impl<I: Image> Logged<I> {
    fn tell(&self, told: Told) {
        self.log.borrow_mut().push(told);
    }

    fn text(&mut self, text: &str) -> u32 {
        if text.is_empty() {
            return 0;
        }
        if let Some(&number) = self.texts.get(text) {
            return number;
        }
        let number = self.texts.len() as u32 + 1;
        self.texts.insert(text.to_owned(), number);
        self.tell(Told::Text(text.to_owned()));
        number
    }

    fn spot(&mut self, thread: ThreadIndex) -> Spot {
        let here = self.image.here(thread);
        let (function, file, line) = (here.function.to_owned(), here.file.to_owned(), here.line);
        Spot {
            function: self.text(&function),
            file: self.text(&file),
            line,
        }
    }

    fn stands(&mut self, thread: ThreadIndex) {
        let spot = self.spot(thread);
        self.tell(Told::Stands(thread, spot));
    }

    fn run(&mut self, thread: ThreadIndex, until: Until) -> Ran {
        let ran = self.image.run(thread, until);
        let before = self.events.len();
        self.image.drain_events(&mut self.events);
        for event in self.events.get(before..).unwrap_or(&[]) {
            self.log.borrow_mut().push(Told::Event(event.clone()));
        }
        if let Stop::SystemCall(SystemCall::StartThread { thread: child, .. }) = &ran.stop {
            self.stands(*child);
        }
        let spot = self.spot(thread);
        let stop = match &ran.stop {
            Stop::SystemCall(SystemCall::Across(_)) => None,
            stop => Some(stop.clone()),
        };
        self.tell(Told::Ran(ran.now_ns, stop, spot));
        ran
    }
}

impl<I: Image> Hosted<I> {
    pub fn new(image: I) -> Hosted<I> {
        Hosted {
            image: Where::Here(image),
            semaphores: BTreeMap::new(),
        }
    }

    /// The image, unless it is elsewhere.
    pub fn image(&self) -> Option<&I> {
        match &self.image {
            Where::Here(image) => Some(image),
            Where::Logged(logged) => Some(&logged.image),
            Where::There(_) => None,
        }
    }

    /// From now on it logs its answers.
    pub fn log(self) -> Hosted<I> {
        match self.image {
            Where::Here(image) => Hosted {
                image: Where::Logged(Box::new(Logged {
                    image,
                    log: RefCell::default(),
                    events: Vec::new(),
                    texts: FxHashMap::default(),
                })),
                semaphores: self.semaphores,
            },
            _ => self,
        }
    }

    /// It is elsewhere from now on, in a copy that has been made of it; it has had so many threads.
    pub fn leave(&mut self, threads: usize) {
        let mut there = There {
            memory: self.memory(),
            objects: self.objects(),
            user_ns: self.user_ns(),
            ..There::default()
        };
        for thread in 0..threads as ThreadIndex {
            let here = self.here(thread);
            let mut number = |text: &str| {
                if text.is_empty() {
                    return 0;
                }
                there.first_texts.push(text.to_owned());
                BEFORE + there.first_texts.len() as u32 - 1
            };
            let spot = Spot {
                function: number(here.function),
                file: number(here.file),
                line: here.line,
            };
            there.set_spot(thread, spot);
        }
        self.image = Where::There(Box::new(there));
    }

    /// What was logged since the last time, where it is.
    pub fn take_log(&mut self) -> Vec<Told> {
        match &mut self.image {
            Where::Logged(logged) => std::mem::take(logged.log.get_mut()),
            _ => Vec::new(),
        }
    }

    /// What was logged there.
    pub fn hear(&mut self, told: Vec<Told>, memory: u64, objects: u64, user_ns: u64) {
        if let Where::There(there) = &mut self.image {
            there.log.get_mut().extend(told);
            there.memory.0 = memory;
            there.objects = objects;
            there.user_ns = user_ns;
        }
    }

    /// Whether the log from there does not fit.
    pub fn is_torn(&self) -> bool {
        matches!(&self.image, Where::There(there) if there.is_torn)
    }
}

/// What an image that has lost its other side says: the hub ends the run.
fn torn(there: &mut There, now_ns: u64) -> Ran {
    there.is_torn = true;
    Ran {
        now_ns,
        stop: Stop::Exit { status: 1 },
    }
}

impl<I: Image> Image for Hosted<I> {
    fn run(&mut self, thread: ThreadIndex, until: Until) -> Ran {
        let ran = match &mut self.image {
            Where::Here(image) => image.run(thread, until),
            Where::Logged(logged) => logged.run(thread, until),
            Where::There(there) => {
                let Some(Told::Ran(now_ns, stop, spot)) = there.answer(&mut self.semaphores) else {
                    return torn(there, until.now_ns);
                };
                there.set_spot(thread, spot);
                let across = || Stop::SystemCall(SystemCall::Across(Box::new(Request::List)));
                return Ran {
                    now_ns,
                    stop: stop.unwrap_or_else(across),
                };
            }
        };
        if let Stop::SystemCall(SystemCall::Posix(Posix::Semaphore(Semaphore::Take { semaphore, .. }))) = &ran.stop
            && self.semaphores.get(semaphore).is_none_or(String::is_empty)
        {
            let object = FIRST_SEMAPHORE.saturating_add(*semaphore);
            let name = self.image().map_or_else(String::new, |image| image.describe(object));
            if let Where::Logged(logged) = &self.image {
                // Before the answer that it belongs to.
                let mut log = logged.log.borrow_mut();
                let at = log.len().saturating_sub(1);
                log.insert(at, Told::Semaphore(*semaphore, name.clone()));
            }
            self.semaphores.insert(*semaphore, name);
        }
        ran
    }

    fn resume(&mut self, thread: ThreadIndex, answer: Resume) {
        match &mut self.image {
            Where::Here(image) => image.resume(thread, answer),
            Where::Logged(logged) => logged.image.resume(thread, answer),
            Where::There(_) => {}
        }
    }

    fn try_take(&mut self, thread: ThreadIndex, object: ObjectIndex) -> bool {
        match &mut self.image {
            Where::Here(image) => image.try_take(thread, object),
            Where::Logged(logged) => {
                let taken = logged.image.try_take(thread, object);
                let owner = logged.image.owner(object);
                logged.tell(Told::Took(taken, owner));
                taken
            }
            Where::There(there) => match there.answer(&mut self.semaphores) {
                Some(Told::Took(taken, owner)) => {
                    there.owner = owner;
                    taken
                }
                _ => {
                    there.is_torn = true;
                    false
                }
            },
        }
    }

    fn stands(&self, thread: ThreadIndex) -> Footing {
        self.image().map_or_else(Footing::default, |image| image.stands(thread))
    }

    fn see(&mut self, threads: &[ThreadIndex], insides: &[Handle], code_of: Option<ThreadIndex>) -> Sight {
        match &mut self.image {
            Where::Here(image) => image.see(threads, insides, code_of),
            Where::Logged(logged) => logged.image.see(threads, insides, code_of),
            Where::There(_) => Sight::default(),
        }
    }

    fn stack(&self, thread: ThreadIndex) -> Vec<Place> {
        self.image().map_or_else(Vec::new, |image| image.stack(thread))
    }

    fn here(&self, thread: ThreadIndex) -> Here<'_> {
        match &self.image {
            Where::Here(image) => image.here(thread),
            Where::Logged(logged) => logged.image.here(thread),
            Where::There(there) => there
                .spots
                .get(thread as usize)
                .map_or_else(Here::default, |spot| Here {
                    function: there.text(spot.function),
                    file: there.text(spot.file),
                    line: spot.line,
                }),
        }
    }

    /// Elsewhere: of what was just tried to be taken.
    fn owner(&self, object: ObjectIndex) -> Option<ThreadIndex> {
        match &self.image {
            Where::Here(image) => image.owner(object),
            Where::Logged(logged) => logged.image.owner(object),
            Where::There(there) => there.owner,
        }
    }

    fn describe(&self, object: ObjectIndex) -> String {
        let semaphore = object.checked_sub(FIRST_SEMAPHORE);
        if let Some(name) = semaphore.and_then(|number| self.semaphores.get(&number)) {
            return name.clone();
        }
        match &self.image {
            Where::Here(image) => image.describe(object),
            Where::Logged(logged) => {
                let name = logged.image.describe(object);
                logged.tell(Told::Name(name.clone()));
                name
            }
            Where::There(there) => there.name(),
        }
    }

    fn thread_name(&self, thread: ThreadIndex) -> String {
        match &self.image {
            Where::Here(image) => image.thread_name(thread),
            Where::Logged(logged) => {
                let name = logged.image.thread_name(thread);
                logged.tell(Told::Name(name.clone()));
                name
            }
            Where::There(there) => there.name(),
        }
    }

    fn forked(&mut self, thread: ThreadIndex, pid: u32, parent_pid: u32) {
        self.semaphores.clear();
        match &mut self.image {
            Where::Here(image) => image.forked(thread, pid, parent_pid),
            Where::Logged(logged) => {
                logged.image.forked(thread, pid, parent_pid);
                logged.events.clear();
            }
            Where::There(there) => {
                there.user_ns = 0;
                there.events.clear();
                let main = there.spots.get(thread as usize).copied().unwrap_or_default();
                there.spots = vec![main];
            }
        }
    }

    fn exec(&mut self, program: Program) -> String {
        self.semaphores.clear();
        match &mut self.image {
            Where::Here(image) => image.exec(program),
            Where::Logged(logged) => logged.image.exec(program),
            Where::There(there) => {
                there.memory.0 = 0;
                there.spots.clear();
                I::program_name(&program)
            }
        }
    }

    fn program_name(program: &Program) -> String {
        I::program_name(program)
    }

    fn adopted(&mut self, parent_pid: u32) {
        match &mut self.image {
            Where::Here(image) => image.adopted(parent_pid),
            Where::Logged(logged) => logged.image.adopted(parent_pid),
            Where::There(_) => {}
        }
    }

    fn end(&mut self) {
        match &mut self.image {
            Where::Here(image) => image.end(),
            Where::Logged(logged) => logged.image.end(),
            Where::There(there) => {
                **there = There {
                    user_ns: there.user_ns,
                    is_torn: there.is_torn,
                    ..There::default()
                }
            }
        }
    }

    fn objects(&self) -> u64 {
        match &self.image {
            Where::Here(image) => image.objects(),
            Where::Logged(logged) => logged.image.objects(),
            Where::There(there) => there.objects,
        }
    }

    fn memory(&self) -> (u64, u64) {
        match &self.image {
            Where::Here(image) => image.memory(),
            Where::Logged(logged) => logged.image.memory(),
            Where::There(there) => there.memory,
        }
    }

    fn user_ns(&self) -> u64 {
        match &self.image {
            Where::Here(image) => image.user_ns(),
            Where::Logged(logged) => logged.image.user_ns(),
            Where::There(there) => there.user_ns,
        }
    }

    fn others_use(&mut self, bytes: u64) {
        match &mut self.image {
            Where::Here(image) => image.others_use(bytes),
            Where::Logged(logged) => logged.image.others_use(bytes),
            Where::There(_) => {}
        }
    }

    fn signal(&mut self, signal: u8) {
        match &mut self.image {
            Where::Here(image) => image.signal(signal),
            Where::Logged(logged) => logged.image.signal(signal),
            Where::There(_) => {}
        }
    }

    fn across(&mut self, thread: ThreadIndex, request: Request) -> Crossing {
        match &mut self.image {
            Where::Here(image) => image.across(thread, request),
            Where::Logged(logged) => {
                let crossing = logged.image.across(thread, request);
                logged.stands(thread);
                logged.tell(Told::Crossed(crossing));
                crossing
            }
            Where::There(there) => match there.answer(&mut self.semaphores) {
                Some(Told::Crossed(crossing)) => crossing,
                _ => {
                    there.is_torn = true;
                    Crossing::Stay { cost_ns: 0 }
                }
            },
        }
    }

    fn cross(&mut self, thread: ThreadIndex) {
        match &mut self.image {
            Where::Here(image) => image.cross(thread),
            Where::Logged(logged) => {
                logged.image.cross(thread);
                logged.stands(thread);
                logged.tell(Told::Crossed(Crossing::Stay { cost_ns: 0 }));
            }
            Where::There(there) => there.is_torn |= there.answer(&mut self.semaphores).is_none(),
        }
    }

    fn drain_events(&mut self, into: &mut Vec<ImageEvent>) {
        match &mut self.image {
            Where::Here(image) => image.drain_events(into),
            Where::Logged(logged) => into.append(&mut logged.events),
            Where::There(there) => into.append(&mut there.events),
        }
    }
}
