//! The gallery's programs: `web/gallery/*.py`, embedded at build time. To add one: the file, and a line in [`ALL`].

use heddle_scenario::{File, read_settings};

/// How a program's small picture is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Picture {
    /// Two threads take turns on the GIL.
    Turns,
    /// A long runner and a short one that waits for it.
    Convoy,
    /// Threads that mostly sleep.
    Sleepers,
    /// A lock goes from hand to hand.
    Lock,
    /// Updates that overlap.
    Race,
    /// Ends in a deadlock.
    Deadlock,
    /// One produces, two consume.
    Queue,
    /// A few workers, many jobs.
    Pool,
    /// All wait, then all go.
    Start,
}

/// A program of the gallery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Item {
    /// The chapter.
    pub category: &'static str,
    /// One line about it.
    pub about: &'static str,
    /// Its text, with its settings.
    pub source: &'static str,
    /// The files beside it: name and text.
    pub files: &'static [(&'static str, &'static str)],
    /// Its picture.
    pub picture: Picture,
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
    ($category:expr, $file:literal, $picture:ident, $about:literal $(, $beside:literal)*) => {
        Item {
            category: $category,
            about: $about,
            source: include_str!(concat!("../gallery/", $file, ".py")),
            files: &[$(($beside, include_str!(concat!("../gallery/", $file, "/", $beside)))),*],
            picture: Picture::$picture,
        }
    };
}

const GIL: &str = "GIL";
const THREADS: &str = "Threads";
const RACES: &str = "Races";
const LOCKS: &str = "Locks & deadlocks";
const CONDITIONS: &str = "Conditions & queues";
const POOLS: &str = "Pools & futures";
const PROCESSES: &str = "Processes";
const COROUTINES: &str = "Coroutines";
const NETWORK: &str = "Network & signals";

/// The chapters in their order.
pub const CATEGORIES: [&str; 9] = [
    GIL, THREADS, RACES, LOCKS, CONDITIONS, POOLS, COROUTINES, PROCESSES, NETWORK,
];

/// All programs.
pub const ALL: [Item; 70] = [
    item!(GIL, "countdown", Turns, "Why one of the two cores stays idle"),
    item!(GIL, "convoy", Convoy, "An I/O thread waits 5 ms for every packet"),
    item!(
        GIL,
        "hundred_million",
        Turns,
        "Beazley's countdown of 2009: two threads take twice as long"
    ),
    item!(GIL, "waits", Sleepers, "Ten downloads at once on a single core"),
    item!(GIL, "churn", Turns, "Sweep N: when C code makes two threads pay"),
    item!(
        GIL,
        "interpreters",
        Pool,
        "Workers that compute at the same time in one process"
    ),
    item!(
        THREADS,
        "start_join",
        Start,
        "What start() waits for, and what join() does"
    ),
    item!(
        THREADS,
        "subclass",
        Sleepers,
        "run() in a class that keeps its own data"
    ),
    item!(THREADS, "daemon", Sleepers, "Who is cut off when the main thread ends"),
    item!(THREADS, "timers", Sleepers, "threading.Timer, and cancelling in time"),
    item!(THREADS, "thread_local", Sleepers, "One name, a value for each thread"),
    item!(
        THREADS,
        "uncaught",
        Sleepers,
        "An exception ends one thread, not the others"
    ),
    item!(RACES, "lost_update", Race, "Read, think, write: updates get lost"),
    item!(RACES, "check_then_act", Race, "Five clerks sell three tickets"),
    item!(LOCKS, "lock", Lock, "One at a time: nothing gets lost"),
    item!(LOCKS, "monitor", Lock, "Methods that call methods under one RLock"),
    item!(LOCKS, "semaphore_limit", Pool, "Eight visitors, three seats"),
    item!(LOCKS, "deadlock", Deadlock, "Transfers in opposite directions"),
    item!(LOCKS, "philosophers", Deadlock, "Everyone takes the left fork first"),
    item!(
        LOCKS,
        "lock_order",
        Lock,
        "The same transfers, in one order: no deadlock"
    ),
    item!(
        CONDITIONS,
        "semaphore_signal",
        Queue,
        "It starts at zero: release() says go"
    ),
    item!(CONDITIONS, "event", Start, "Everybody waits for the set-up"),
    item!(
        CONDITIONS,
        "condition",
        Queue,
        "wait() lets go of the lock until notify()"
    ),
    item!(
        CONDITIONS,
        "queue_bounded",
        Queue,
        "A bounded queue slows the producer down"
    ),
    item!(CONDITIONS, "barrier", Start, "Four threads meet, then go on together"),
    item!(
        POOLS,
        "pool",
        Pool,
        "Twelve jobs for three threads, in order of completion"
    ),
    item!(
        COROUTINES,
        "co_await_create",
        Sleepers,
        "A coroutine awaited, and the same as a task"
    ),
    item!(
        COROUTINES,
        "co_comprehension",
        Sleepers,
        "[await f(x) for x in …] does one after the other"
    ),
    item!(
        COROUTINES,
        "co_gather_errors",
        Sleepers,
        "The first error, or all results"
    ),
    item!(
        COROUTINES,
        "co_as_completed",
        Sleepers,
        "Whoever is done first is handled first"
    ),
    item!(
        COROUTINES,
        "co_wait_first",
        Sleepers,
        "The fastest mirror wins; the others must be cancelled"
    ),
    item!(
        COROUTINES,
        "co_timeout_shield",
        Sleepers,
        "When the time is up, who is cut off?"
    ),
    item!(
        COROUTINES,
        "co_cancel_cleanup",
        Sleepers,
        "cancel() asks, CancelledError arrives, finally awaits"
    ),
    item!(
        COROUTINES,
        "co_taskgroup",
        Pool,
        "One fails, the others are cancelled, then async with ends"
    ),
    item!(
        COROUTINES,
        "co_lost_task",
        Sleepers,
        "The loop does not keep tasks alive"
    ),
    item!(
        COROUTINES,
        "co_blocking_call",
        Convoy,
        "time.sleep in a coroutine: one long red callback"
    ),
    item!(
        COROUTINES,
        "co_cpu_bound",
        Convoy,
        "Threads keep the loop alive, processes make it faster"
    ),
    item!(COROUTINES, "co_timing", Sleepers, "It measures waiting too"),
    item!(
        COROUTINES,
        "co_async_generator",
        Queue,
        "async for over the lines of a connection"
    ),
    item!(
        COROUTINES,
        "co_shutdown",
        Sleepers,
        "SIGTERM sets an event; the workers tidy up"
    ),
    item!(
        COROUTINES,
        "co_back_pressure",
        Queue,
        "put() waits, so the producer keeps the consumer's pace"
    ),
    item!(COROUTINES, "co_rate_limit", Pool, "Nine requests, three at a time"),
    item!(
        COROUTINES,
        "co_own_loop",
        Turns,
        "Thirty lines: a deque, a list of sleepers, next()"
    ),
    item!(COROUTINES, "co_echo_server", Pool, "Thirty clients, one thread"),
    item!(
        PROCESSES,
        "mp_start",
        Start,
        "Process as a class or with a function; daemons, exit codes"
    ),
    item!(
        PROCESSES,
        "mp_three_ways",
        Turns,
        "Beazley's 12.5 s: each process has a GIL of its own"
    ),
    item!(
        PROCESSES,
        "mp_primes",
        Pool,
        "Two queues, four workers, and the same work in other ways"
    ),
    item!(
        PROCESSES,
        "mp_spawn_fork",
        Start,
        "A copy of everything, or a new Python that reads the file again"
    ),
    item!(
        PROCESSES,
        "mp_queue",
        Queue,
        "put() comes back at once: a feeder thread does the rest"
    ),
    item!(
        PROCESSES,
        "mp_joinable",
        Queue,
        "task_done() and join() across processes"
    ),
    item!(PROCESSES, "mp_pipe_both", Queue, "send, recv, send_bytes, poll"),
    item!(
        PROCESSES,
        "mp_pipe_eof",
        Queue,
        "Close the ends you do not use, or nobody sees the end"
    ),
    item!(
        PROCESSES,
        "mp_pipe_corrupt",
        Race,
        "A message takes two reads, and two processes read"
    ),
    item!(
        PROCESSES,
        "mp_pool_maps",
        Pool,
        "Who gives results when, and in which order"
    ),
    item!(
        PROCESSES,
        "mp_apply_async",
        Pool,
        "Twenty jobs, and a function that takes each answer"
    ),
    item!(
        PROCESSES,
        "mp_executor",
        Pool,
        "concurrent.futures: worker_function over pairs"
    ),
    item!(
        PROCESSES,
        "mp_digests",
        Pool,
        "Beazley's files of Python 3.0: 10 s alone, 5.6 s with two workers"
    ),
    item!(
        PROCESSES,
        "mp_map_reduce",
        Pool,
        "Parallel, alone, parallel: where Amdahl's law bites"
    ),
    item!(
        PROCESSES,
        "mp_manager",
        Queue,
        "Shared by asking a third process for every change"
    ),
    item!(
        PROCESSES,
        "mp_counter",
        Race,
        "What is written in between is lost, but under a lock"
    ),
    item!(
        PROCESSES,
        "mp_channel",
        Queue,
        "subprocess, two pipes and pickle: parent.py and child.py",
        "child.py",
        "channel.py"
    ),
    item!(
        PROCESSES,
        "mp_future_deadlock",
        Deadlock,
        "All workers are busy waiting for a worker"
    ),
    item!(
        PROCESSES,
        "fork",
        Pool,
        "Copies of the process that compute at the same time"
    ),
    item!(
        PROCESSES,
        "orphans",
        Sleepers,
        "Who waits, who stays a zombie, and who adopts an orphan"
    ),
    item!(
        NETWORK,
        "three_sites",
        Sleepers,
        "Six seconds of waiting become two with threads"
    ),
    item!(
        NETWORK,
        "requests_threads",
        Sleepers,
        "1.63 s one after the other, 0.67 s at once"
    ),
    item!(
        NETWORK,
        "cluster",
        Pool,
        "Four computers that share nothing but messages"
    ),
    item!(
        NETWORK,
        "own_server",
        Sleepers,
        "Your own http.server on another computer, with and without threads"
    ),
    item!(
        NETWORK,
        "signals",
        Sleepers,
        "Handlers run in the main thread, between two instructions"
    ),
    item!(NETWORK, "ctrl_c", Sleepers, "A long tick does not notice Ctrl-C"),
];

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
    fn programs_are_found_by_words_and_by_text() {
        let found: Vec<_> = ALL.into_iter().filter(|item| item.matches("barrier")).collect();
        assert_eq!(found.len(), 1);
        assert!(ALL.into_iter().all(|item| !item.matches("no such words anywhere")));
        let edited = ALL[0].source.replace("# cores = 2", "# cores = 8");
        assert_eq!(find(&edited), Some(ALL[0]));
        assert_eq!(find("print(1)\n"), None);
    }
}
