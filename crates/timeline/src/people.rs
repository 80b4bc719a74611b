//! Who is on the timeline: processes, threads and objects, with the names, chips and hues they are drawn with.

use crate::format::visible;
use heddle_trace::{Finish, Nanos, ObjectClass, ObjectId, ProcessId, ThreadKey};
use rustc_hash::{FxHashMap, FxHashSet};

/// The number of thread hues; the ninth thread starts over.
pub const HUES: u32 = 8;
/// A name up to this many characters is a chip's text as it stands.
const CHIP_CHARS: usize = 6;

/// What the programs are called that `multiprocessing` runs to make processes.
const SPAWN: &str = "spawn";
const FORKSERVER: &str = "forkserver";

/// The chip of every main thread.
const MAIN_CHIP: &str = "main";

/// A thread.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Which.
    pub key: ThreadKey,
    /// Its name ("MainThread", "Thread-1 (countdown)", "T1").
    pub name: String,
    /// The function it runs, or empty.
    pub target: String,
    /// The few letters of its chip ("main", "T1").
    pub chip: String,
    /// Its hue, 0 to 7: the order of creation within its process, main being 0; in a forked process the hues begin elsewhere.
    pub hue: u8,
    /// When it was made.
    pub created: Nanos,
    /// When and how it ended.
    pub finished: Option<(Nanos, Finish)>,
    /// An exception left it, or the run could not go on because of it.
    pub failed: bool,
    /// Whether another process made its process.
    is_forked: bool,
}

impl Person {
    pub(crate) fn new(key: ThreadKey, created: Nanos) -> Self {
        let hue = (key.thread.0 % HUES) as u8;
        let mut person = Person {
            key,
            name: String::new(),
            target: String::new(),
            chip: String::new(),
            hue,
            created,
            finished: None,
            failed: false,
            is_forked: false,
        };
        person.rename("", "");
        person
    }

    /// Gives it the names that are not empty. They are the program's: what could not be seen is spelled out.
    fn rename(&mut self, name: &str, target: &str) {
        if !name.is_empty() {
            self.name = visible(name);
        }
        if !target.is_empty() {
            self.target = visible(target);
        }
        self.chip = self.chip_text();
    }

    /// What stands beside the chip in the label column.
    #[must_use]
    pub fn caption(&self) -> &str {
        if self.key.thread.0 == 0 {
            "MainThread"
        } else if self.target.is_empty() {
            default_target(&self.name).unwrap_or(&self.name)
        } else {
            &self.target
        }
    }

    /// Whether another process made its process.
    #[must_use]
    pub fn is_forked(&self) -> bool {
        self.is_forked
    }

    fn chip_text(&self) -> String {
        match (self.key.thread.0, self.is_forked) {
            (0, false) => return MAIN_CHIP.to_owned(),
            // Every process has a main thread; those of several share the cores.
            (0, true) => return format!("p{}", self.key.process.number()),
            _ => {}
        }
        if !self.name.is_empty() && self.name.chars().count() <= CHIP_CHARS {
            return self.name.clone();
        }
        let number = self
            .name
            .strip_prefix("Thread-")
            .map(|rest| rest.split(' ').next().unwrap_or(rest));
        match number {
            Some(n) if !n.is_empty() && n.len() <= 3 && n.chars().all(|c| c.is_ascii_digit()) => format!("T{n}"),
            _ => format!("T{}", self.key.thread.0),
        }
    }
}

/// `countdown` of "Thread-1 (countdown)".
fn default_target(name: &str) -> Option<&str> {
    name.strip_prefix("Thread-")?.split_once(" (")?.1.strip_suffix(')')
}

/// A process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Process {
    /// Which.
    pub id: ProcessId,
    /// Its name ("main.py").
    pub name: String,
    /// Its status, once it is over.
    pub status: Option<i32>,
    /// Who made it.
    pub parent: Option<ProcessId>,
    /// How it was started: "fork", "spawn", "forkserver", "exec" (by a fork and another program); nothing for those that no other process made.
    pub start: &'static str,
}

/// All of them.
#[derive(Clone, Debug, Default)]
pub struct People {
    /// Threads in order of creation.
    persons: Vec<Person>,
    by_key: FxHashMap<ThreadKey, usize>,
    /// Whose chip says what, so that no two of a process say the same.
    chips: FxHashMap<(ProcessId, String), ThreadKey>,
    /// Processes in order of creation.
    pub processes: Vec<Process>,
    process_at: FxHashMap<ProcessId, usize>,
    /// Those that other processes made.
    forked: FxHashSet<ProcessId>,
    objects: FxHashMap<(ProcessId, ObjectId), (ObjectClass, String)>,
}

impl People {
    /// All threads, in order of creation.
    #[must_use]
    pub fn threads(&self) -> &[Person] {
        &self.persons
    }

    /// A thread.
    #[must_use]
    pub fn get(&self, key: ThreadKey) -> Option<&Person> {
        self.by_key.get(&key).and_then(|index| self.persons.get(*index))
    }

    /// The hue of a thread.
    #[must_use]
    pub fn hue(&self, key: ThreadKey) -> u8 {
        self.get(key).map_or((key.thread.0 % HUES) as u8, |person| person.hue)
    }

    /// The chip of a thread.
    #[must_use]
    pub fn chip(&self, key: ThreadKey) -> String {
        self.get(key)
            .map_or_else(|| format!("T{}", key.thread.0), |person| person.chip.clone())
    }

    /// The thread, made known if it was not.
    pub(crate) fn ensure(&mut self, key: ThreadKey, at: Nanos) -> &mut Person {
        let (persons, is_forked) = (&mut self.persons, self.forked.contains(&key.process));
        let index = *self.by_key.entry(key).or_insert_with(|| {
            let mut person = Person::new(key, at);
            if is_forked {
                person.is_forked = true;
                // Process 2 is the first that can be a child; its main thread takes the hue after that of its parent's.
                person.hue = (key.process.0.wrapping_sub(1).wrapping_add(key.thread.0) % HUES) as u8;
                person.chip = person.chip_text();
            }
            persons.push(person);
            persons.len() - 1
        });
        &mut self.persons[index]
    }

    /// Gives a thread the names that are not empty. A chip that another thread of the process has already becomes its number.
    pub(crate) fn rename(&mut self, key: ThreadKey, at: Nanos, name: &str, target: &str) {
        self.ensure(key, at).rename(name, target);
        let Some(person) = self.by_key.get(&key).and_then(|index| self.persons.get_mut(*index)) else {
            return;
        };
        let owner = *self.chips.entry((key.process, person.chip.clone())).or_insert(key);
        let is_main = key.thread.0 == 0;
        if owner != key || (!is_main && person.chip == MAIN_CHIP) {
            person.chip = format!("#{}", key.thread.0);
        }
    }

    /// Another process made this one, about which nothing but its name is known yet.
    pub(crate) fn fork(&mut self, id: ProcessId, parent: ProcessId) {
        self.forked.insert(id);
        let maker = self.process(parent);
        let server = maker.name == FORKSERVER;
        let asked = maker
            .parent
            .filter(|_| server)
            .map(|asked| self.process(asked).name.clone());
        let process = self.process(id);
        process.parent = Some(parent);
        process.start = if server { FORKSERVER } else { "fork" };
        if let Some(name) = asked {
            process.name = name;
        }
    }

    /// It runs another program.
    pub(crate) fn exec(&mut self, id: ProcessId, program: &str) {
        let process = self.process(id);
        let is_spawn = program == SPAWN;
        if process.parent.is_some() {
            process.start = if is_spawn { SPAWN } else { "exec" };
        }
        // What was spawned goes on with the program of its parent.
        if !is_spawn {
            program.clone_into(&mut process.name);
        }
    }

    /// A process.
    #[must_use]
    pub fn process_of(&self, id: ProcessId) -> Option<&Process> {
        self.process_at.get(&id).and_then(|index| self.processes.get(*index))
    }

    /// The process, made known if it was not.
    pub(crate) fn process(&mut self, id: ProcessId) -> &mut Process {
        let index = *self.process_at.entry(id).or_insert_with(|| {
            self.processes.push(Process {
                id,
                name: String::new(),
                status: None,
                parent: None,
                start: "",
            });
            self.processes.len() - 1
        });
        &mut self.processes[index]
    }

    pub(crate) fn name_object(&mut self, process: ProcessId, object: ObjectId, class: ObjectClass, name: &str) {
        self.objects.insert((process, object), (class, visible(name)));
    }

    /// What a person calls an object: its name, else its class and number ("lock 17").
    #[must_use]
    pub fn object(&self, process: ProcessId, object: ObjectId, class: &str) -> String {
        match self.objects.get(&(process, object)) {
            Some((_, name)) if !name.is_empty() => name.clone(),
            Some((class, _)) => format!("{} {}", class.word(), object.0),
            None => format!("{class} {}", object.0),
        }
    }

    /// The name of an object, if it has one.
    pub(crate) fn object_name(&self, process: ProcessId, object: ObjectId) -> Option<&str> {
        let (_, name) = self.objects.get(&(process, object))?;
        Some(name.as_str()).filter(|name| !name.is_empty())
    }

    /// Whether an object has a name, and its class.
    #[must_use]
    pub fn object_class(&self, process: ProcessId, object: ObjectId) -> Option<(ObjectClass, bool)> {
        self.objects
            .get(&(process, object))
            .map(|(class, name)| (*class, !name.is_empty()))
    }
}
