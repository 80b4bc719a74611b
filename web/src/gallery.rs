//! The gallery's programs: `web/gallery/*.py`, embedded at build time. To add one: the file, and a line in [`ALL`].

use heddle_scenario::{File, read_settings};

/// A program of the gallery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Item {
    /// Its file, without `.py`.
    pub name: &'static str,
    /// The chapter.
    pub category: &'static str,
    /// One line about it.
    pub about: &'static str,
    /// Its text, with its settings.
    pub source: &'static str,
    /// The files beside it: name and text.
    pub files: &'static [(&'static str, &'static str)],
    /// Its picture, drawn from its own run: see `gallery/README.md`.
    pub picture: &'static str,
}

impl Item {
    /// Its title, from its settings.
    pub fn title(&self) -> String {
        read_settings(self.source)
            .map(|settings| settings.title)
            .unwrap_or_default()
    }

    /// The files beside it.
    pub fn beside(&self) -> Vec<File> {
        let file = |(name, text): &(&str, &str)| File {
            name: (*name).to_owned(),
            text: (*text).to_owned(),
        };
        self.files.iter().map(file).collect()
    }

    /// Its machine in short: "3.13 · 2 cores".
    pub fn machine(&self) -> String {
        let settings = read_settings(self.source).unwrap_or_default();
        format!(
            "{} · {}",
            settings.python.name(),
            crate::state::words::count(settings.cores.into(), "core")
        )
    }

    /// Whether all the words occur in it.
    pub fn matches(&self, words: &str) -> bool {
        let all = format!("{} {} {} {}", self.title(), self.category, self.about, self.source).to_lowercase();
        words.to_lowercase().split_whitespace().all(|word| all.contains(word))
    }
}

macro_rules! item {
    ($category:expr, $file:literal, $about:literal $(, $beside:literal)*) => {
        Item {
            name: $file,
            category: $category,
            about: $about,
            source: include_str!(concat!("../gallery/", $file, ".py")),
            files: &[$(($beside, include_str!(concat!("../gallery/", $file, "/", $beside)))),*],
            picture: include_str!(concat!("../gallery/thumbs/", $file, ".txt")),
        }
    };
}

const GIL: &str = "GIL";
const THREADS: &str = "Threads";
const RACES: &str = "Races";
const LOCKS: &str = "Locks & deadlocks";
const CONDITIONS: &str = "Conditions & queues";
const POOLS: &str = "Pools & futures";
const COROUTINES: &str = "Coroutines & asyncio";
const GENERATORS: &str = "Generators & schedulers";
const PROCESSES: &str = "Processes";
const NETWORK: &str = "Network & signals";
const INSIDE: &str = "Inside Python";

macro_rules! template {
    ($file:literal, $about:literal) => {
        Item {
            name: $file,
            category: "",
            about: $about,
            source: include_str!(concat!("../gallery/templates/", $file, ".py")),
            files: &[],
            picture: "",
        }
    };
}

/// The chapters in their order.
pub const CATEGORIES: [&str; 11] = [
    GIL, THREADS, RACES, LOCKS, CONDITIONS, POOLS, COROUTINES, GENERATORS, PROCESSES, NETWORK, INSIDE,
];

/// All programs.
pub const ALL: [Item; 98] = [
    item!(GIL, "countdown", "Why one of the two cores stays idle"),
    item!(GIL, "convoy", "An I/O thread waits 5 ms for every packet"),
    item!(
        GIL,
        "hundred_million",
        "Beazley's countdown of 2009: two threads take twice as long"
    ),
    item!(GIL, "waits", "Ten downloads at once on a single core"),
    item!(GIL, "churn", "Sweep N: when C code makes two threads pay"),
    item!(
        GIL,
        "interpreters",
        "Workers that compute at the same time in one process"
    ),
    item!(GIL, "lets_go", "Hashing in four threads takes all four cores"),
    item!(GIL, "no_gil", "3.13t: four threads, four cores, a quarter of the time"),
    item!(GIL, "hundred_ticks", "Python 2 offers the GIL every 100 bytecodes"),
    item!(GIL, "cooks", "Concurrency is not parallelism"),
    item!(THREADS, "start_join", "What start() waits for, and what join() does"),
    item!(THREADS, "subclass", "run() in a class that keeps its own data"),
    item!(THREADS, "daemon", "Who is cut off when the main thread ends"),
    item!(THREADS, "timers", "threading.Timer, and cancelling in time"),
    item!(THREADS, "thread_local", "One name, a value for each thread"),
    item!(THREADS, "uncaught", "An exception ends one thread, not the others"),
    item!(THREADS, "who_am_i", "current_thread(), active_count() and names"),
    item!(RACES, "lost_update", "Read, think, write: updates get lost"),
    item!(RACES, "check_then_act", "Five clerks sell three tickets"),
    item!(RACES, "plus_minus", "As many added as subtracted, and yet not zero"),
    item!(RACES, "half_locked", "The audit looks while the money is on its way"),
    item!(LOCKS, "lock", "One at a time: nothing gets lost"),
    item!(LOCKS, "monitor", "Methods that call methods under one RLock"),
    item!(LOCKS, "semaphore_limit", "Eight visitors, three seats"),
    item!(LOCKS, "deadlock", "Transfers in opposite directions"),
    item!(LOCKS, "philosophers", "Everyone takes the left fork first"),
    item!(LOCKS, "lock_order", "The same transfers, in one order: no deadlock"),
    item!(CONDITIONS, "semaphore_signal", "It starts at zero: release() says go"),
    item!(CONDITIONS, "event", "Everybody waits for the set-up"),
    item!(CONDITIONS, "condition", "wait() lets go of the lock until notify()"),
    item!(CONDITIONS, "queue_bounded", "A bounded queue slows the producer down"),
    item!(CONDITIONS, "barrier", "Four threads meet, then go on together"),
    item!(CONDITIONS, "hand_over", "One value at a time, and a word for the end"),
    item!(CONDITIONS, "queue_sentinel", "put(None): nothing will come any more"),
    item!(
        CONDITIONS,
        "queue_join",
        "task_done() and join(): two producers, three consumers"
    ),
    item!(CONDITIONS, "event_reply", "Wait for your own job only"),
    item!(POOLS, "pool", "Twelve jobs for three threads, in order of completion"),
    item!(
        POOLS,
        "hundred_jobs",
        "submit() returns at once, ten threads do the rest"
    ),
    item!(
        COROUTINES,
        "co_await_create",
        "A coroutine awaited, and the same as a task"
    ),
    item!(
        COROUTINES,
        "co_comprehension",
        "[await f(x) for x in …] does one after the other"
    ),
    item!(COROUTINES, "co_gather_errors", "The first error, or all results"),
    item!(COROUTINES, "co_as_completed", "Whoever is done first is handled first"),
    item!(
        COROUTINES,
        "co_wait_first",
        "The fastest mirror wins; the others must be cancelled"
    ),
    item!(COROUTINES, "co_timeout_shield", "When the time is up, who is cut off?"),
    item!(
        COROUTINES,
        "co_cancel_cleanup",
        "cancel() asks, CancelledError arrives, finally awaits"
    ),
    item!(
        COROUTINES,
        "co_taskgroup",
        "One fails, the others are cancelled, then async with ends"
    ),
    item!(COROUTINES, "co_lost_task", "The loop does not keep tasks alive"),
    item!(
        COROUTINES,
        "co_blocking_call",
        "time.sleep in a coroutine: one long red callback"
    ),
    item!(
        COROUTINES,
        "co_cpu_bound",
        "Threads keep the loop alive, processes make it faster"
    ),
    item!(COROUTINES, "co_timing", "It measures waiting too"),
    item!(
        COROUTINES,
        "co_async_generator",
        "async for over the lines of a connection"
    ),
    item!(COROUTINES, "co_shutdown", "SIGTERM sets an event; the workers tidy up"),
    item!(
        COROUTINES,
        "co_back_pressure",
        "put() waits, so the producer keeps the consumer's pace"
    ),
    item!(COROUTINES, "co_rate_limit", "Nine requests, three at a time"),
    item!(COROUTINES, "co_echo_server", "Thirty clients, one thread"),
    item!(
        COROUTINES,
        "co_future",
        "Coroutine objects, tasks and futures, and asking too early"
    ),
    item!(
        COROUTINES,
        "co_loop_by_hand",
        "new_event_loop, call_soon, run_until_complete, close"
    ),
    item!(
        COROUTINES,
        "co_time_up",
        "as_completed and wait with a time-out cancel nobody"
    ),
    item!(
        COROUTINES,
        "co_lost_errors",
        "An exception stays in its task until somebody awaits it"
    ),
    item!(
        COROUTINES,
        "co_debug",
        "It tells of slow callbacks and forgotten coroutines"
    ),
    item!(
        GENERATORS,
        "co_own_loop",
        "Thirty lines: a deque, a list of sleepers, next()"
    ),
    item!(GENERATORS, "generators_rr", "A deque of generators is a scheduler"),
    item!(
        GENERATORS,
        "generator_server",
        "yield what you wait for, and select finds it"
    ),
    item!(
        GENERATORS,
        "select_loop",
        "One thread asks which connection has something to say"
    ),
    item!(
        GENERATORS,
        "tasklets",
        "greenlet: give way from the middle of any function"
    ),
    item!(
        PROCESSES,
        "mp_start",
        "Process as a class or with a function; daemons, exit codes"
    ),
    item!(
        PROCESSES,
        "mp_three_ways",
        "Beazley's 12.5 s: each process has a GIL of its own"
    ),
    item!(
        PROCESSES,
        "mp_primes",
        "Two queues, four workers, and the same work in other ways"
    ),
    item!(
        PROCESSES,
        "mp_spawn_fork",
        "A copy of everything, or a new Python that reads the file again"
    ),
    item!(
        PROCESSES,
        "mp_queue",
        "put() comes back at once: a feeder thread does the rest"
    ),
    item!(PROCESSES, "mp_joinable", "task_done() and join() across processes"),
    item!(PROCESSES, "mp_pipe_both", "send, recv, send_bytes, poll"),
    item!(
        PROCESSES,
        "mp_pipe_eof",
        "Close the ends you do not use, or nobody sees the end"
    ),
    item!(
        PROCESSES,
        "mp_pipe_corrupt",
        "A message takes two reads, and two processes read"
    ),
    item!(PROCESSES, "mp_pool_maps", "Who gives results when, and in which order"),
    item!(
        PROCESSES,
        "mp_apply_async",
        "Twenty jobs, and a function that takes each answer"
    ),
    item!(
        PROCESSES,
        "mp_executor",
        "concurrent.futures: worker_function over pairs"
    ),
    item!(
        PROCESSES,
        "mp_digests",
        "Beazley's files of Python 3.0: 10 s alone, 5.6 s with two workers"
    ),
    item!(
        PROCESSES,
        "mp_map_reduce",
        "Parallel, alone, parallel: where Amdahl's law bites"
    ),
    item!(
        PROCESSES,
        "mp_manager",
        "Shared by asking a third process for every change"
    ),
    item!(
        PROCESSES,
        "mp_counter",
        "What is written in between is lost, but under a lock"
    ),
    item!(
        PROCESSES,
        "mp_channel",
        "subprocess, two pipes and pickle: parent.py and child.py",
        "child.py",
        "channel.py"
    ),
    item!(
        PROCESSES,
        "mp_future_deadlock",
        "All workers are busy waiting for a worker"
    ),
    item!(PROCESSES, "fork", "Copies of the process that compute at the same time"),
    item!(
        PROCESSES,
        "orphans",
        "Who waits, who stays a zombie, and who adopts an orphan"
    ),
    item!(
        PROCESSES,
        "three_processes",
        "Preemptive or cooperative: who gets the only core"
    ),
    item!(
        PROCESSES,
        "mp_manager_remote",
        "Proxies for a dict that is somewhere else"
    ),
    item!(NETWORK, "three_sites", "Six seconds of waiting become two with threads"),
    item!(
        NETWORK,
        "requests_threads",
        "1.63 s one after the other, 0.67 s at once"
    ),
    item!(NETWORK, "cluster", "Four computers that share nothing but messages"),
    item!(
        NETWORK,
        "own_server",
        "Your own http.server on another computer, with and without threads"
    ),
    item!(
        NETWORK,
        "signals",
        "Handlers run in the main thread, between two instructions"
    ),
    item!(NETWORK, "ctrl_c", "A long tick does not notice Ctrl-C"),
    item!(
        INSIDE,
        "bytecode",
        "A line is several steps, and a switch fits between two"
    ),
    item!(
        INSIDE,
        "refcounts",
        "Every reference counts, and two cores must not count at once"
    ),
    item!(INSIDE, "measured", "cProfile by function, line_profiler by line"),
    item!(INSIDE, "latencies", "What a computer waits for, on a human scale"),
    item!(INSIDE, "pickles", "Objects as bytes, and what cannot be"),
];

/// What to begin a program of one's own with; they have no pictures.
pub const TEMPLATES: [Item; 4] = [
    template!("thread", "threading: two threads, started and joined"),
    template!("tasks", "asyncio: a task group with two tasks"),
    template!("process", "multiprocessing: two processes"),
    template!("pool", "concurrent.futures: six jobs for three threads"),
];

/// So many programs are remembered as opened lately.
const LATEST: usize = 4;

/// The programs opened lately, the latest first, from what [`visited`] gave.
pub fn recent(remembered: Option<String>) -> Vec<Item> {
    let remembered = remembered.unwrap_or_default();
    let found = |name| ALL.into_iter().find(|item| item.name == name);
    remembered.split_whitespace().filter_map(found).take(LATEST).collect()
}

/// What is remembered after another one was opened.
pub fn visited(remembered: Option<String>, name: &str) -> String {
    let remembered = remembered.unwrap_or_default();
    let others = remembered.split_whitespace().filter(|other| *other != name);
    std::iter::once(name)
        .chain(others)
        .take(LATEST)
        .collect::<Vec<_>>()
        .join(" ")
}

/// The program with this text, whatever machine it was given.
pub fn find(source: &str) -> Option<Item> {
    let body = |text: &str| {
        text.split_once("# ///\n")
            .map_or(text.to_owned(), |(_, rest)| rest.to_owned())
    };
    let wanted = body(source);
    ALL.into_iter().find(|item| body(item.source) == wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_program_has_readable_settings_and_a_title_of_its_own() {
        let mut titles = Vec::new();
        for item in ALL {
            let settings = read_settings(item.source).expect("settings");
            assert!(!settings.title.is_empty(), "{}", item.about);
            assert!(CATEGORIES.contains(&item.category));
            titles.push(settings.title);
        }
        titles.sort();
        for pair in titles.windows(2) {
            // Else whoever types the shorter one finds both.
            assert!(!pair[1].starts_with(&pair[0]), "{pair:?}");
        }
    }

    #[test]
    fn the_latest_are_remembered_once_each() {
        let mut remembered = None;
        for name in ["convoy", "countdown", "convoy", "pool", "event", "lock", "gone"] {
            remembered = Some(visited(remembered, name));
        }
        let names: Vec<_> = recent(remembered).iter().map(|item| item.name).collect();
        assert_eq!(names, ["lock", "event", "pool"]);
        assert!(recent(None).is_empty());
    }

    #[test]
    fn programs_are_found_by_words_and_by_text() {
        let found: Vec<_> = ALL.into_iter().filter(|item| item.matches("Barrier hike")).collect();
        assert_eq!(found.len(), 1);
        assert!(ALL.into_iter().all(|item| !item.matches("no such words anywhere")));
        let edited = ALL[0].source.replace("# cores = 2", "# cores = 8");
        assert_eq!(find(&edited), Some(ALL[0]));
        assert_eq!(find("print(1)\n"), None);
    }
}
