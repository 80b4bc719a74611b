//! A harness for tests: runs a Python source in a process of its own, without a computer around it.

use crate::contract::{FileStat, Image, Posix, Resume, Stop, SystemCall, Until};
use crate::process::{Config, Entry, Library, Process};

/// A library without modules.
pub static NO_LIBRARY: Library = Library {
    modules: &[],
    find: |_| None,
    place: |_| None,
    names: Vec::new,
    source: |_| None,
    eyes: crate::watchers::Eyes::BLIND,
};

/// What a run left behind.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// What was written to descriptor 1.
    pub stdout: String,
    /// What was written to descriptor 2.
    pub stderr: String,
    /// Exit status.
    pub status: i32,
    /// Virtual time used, ns.
    pub time_ns: u64,
}

/// Runs a script and gives what it printed (stdout, then stderr).
pub fn run(source: &str) -> String {
    let outcome = run_with(source, &NO_LIBRARY);
    outcome.stdout + &outcome.stderr
}

/// Runs a script with native modules and a packed library.
pub fn run_with(source: &str, library: &'static Library) -> Outcome {
    run_process(process_with(source, library))
}

/// The process of a script.
pub fn process_with(source: &str, library: &'static Library) -> Process {
    let config = Config {
        entry: Entry::Script {
            path: "test.py".to_owned(),
            source: source.to_owned(),
        },
        argv: vec!["test.py".to_owned()],
        switches: Default::default(),
        environ: Vec::new(),
        pid: 1,
        parent_pid: 0,
        umask: 0o022,
        host_name: "heddle".to_owned(),
        cores: 1,
        seed: 1,
        memory_limit: 1 << 30,
        python: "3.13".to_owned(),
        rules: crate::contract::Rules::DEFAULT,
        switch_interval_ns: 5_000_000,
        epoch_ns: 1_767_225_600_000_000_000,
        library,
        survey: None,
    };
    Process::new(config)
}

/// Runs a process with threads in turn, answering what a small kernel can answer.
pub fn run_process(process: Process) -> Outcome {
    run_in_slices(process, 5_000_000, |_| {})
}

/// [`run_process`] in slices of so many ns; `watch` sees the process after each.
pub fn run_in_slices(mut process: Process, slice_ns: u64, mut watch: impl FnMut(&Process)) -> Outcome {
    let mut outcome = Outcome::default();
    let mut now_ns = 0;
    let mut sleeping: Vec<Option<u64>> = vec![None];
    let mut waiting: Vec<Option<u32>> = vec![None];
    let mut thread = 0;
    for _ in 0..10_000_000_u64 {
        sleeping.resize(process.threads.len(), None);
        waiting.resize(process.threads.len(), None);
        let ready = |t: usize| {
            !process.threads[t].ended && waiting[t].is_none() && sleeping[t].is_none_or(|until| until <= now_ns)
        };
        let count = process.threads.len();
        let Some(next) = (1..=count).map(|i| (thread + i) % count).find(|&t| ready(t)) else {
            match sleeping.iter().flatten().min() {
                Some(&until) if until > now_ns => now_ns = until,
                _ => {
                    outcome.stderr.push_str("deadlock\n");
                    return outcome;
                }
            }
            continue;
        };
        thread = next;
        sleeping[thread] = None;
        let until = Until {
            now_ns,
            limit_ns: now_ns + slice_ns,
            ticks: None,
            halt_ns: u64::MAX,
            goes_on: false,
        };
        let ran = process.run(thread as u32, until);
        now_ns = ran.now_ns;
        outcome.time_ns = now_ns;
        watch(&process);
        match ran.stop {
            Stop::Limit | Stop::Halt | Stop::Check | Stop::ThreadEnd => {}
            Stop::Exit { status } => {
                outcome.status = status;
                return outcome;
            }
            Stop::LimitReached(limit) => {
                outcome.stderr.push_str(&format!("limit {limit:?}\n"));
                return outcome;
            }
            Stop::SystemCall(call) => {
                let answer = match call {
                    SystemCall::Posix(call) => posix(call, &mut outcome),
                    SystemCall::Sleep { until_ns } => {
                        sleeping[thread] = Some(until_ns);
                        Resume::Done
                    }
                    SystemCall::Wait {
                        object, deadline_ns, ..
                    } => {
                        if process.try_take(thread as u32, object) {
                            Resume::Woken
                        } else if deadline_ns.is_some_and(|d| d <= now_ns) {
                            Resume::TimedOut
                        } else {
                            waiting[thread] = Some(object);
                            continue;
                        }
                    }
                    SystemCall::Wake { object, count } => {
                        let mut left = count;
                        for (t, wait) in waiting.iter_mut().enumerate() {
                            if left > 0 && *wait == Some(object) && process.try_take(t as u32, object) {
                                *wait = None;
                                left -= 1;
                                process.resume(t as u32, Resume::Woken);
                            }
                        }
                        Resume::Done
                    }
                    _ => Resume::Done,
                };
                process.resume(thread as u32, answer);
            }
        }
    }
    outcome
}

fn posix(call: Posix, outcome: &mut Outcome) -> Resume {
    match call {
        Posix::Write { fd, data } => {
            let text = String::from_utf8_lossy(&data);
            match fd {
                2 => outcome.stderr.push_str(&text),
                _ => outcome.stdout.push_str(&text),
            }
            Resume::Int(data.len() as i64)
        }
        Posix::Getcwd => Resume::Bytes(b"/home/user".to_vec()),
        Posix::Isatty { .. } => Resume::Int(0),
        // Pipes, so that nobody seeks in them.
        Posix::Fstat { fd: 0..=2 } => Resume::Stat(FileStat {
            mode: 0o010_600,
            ..FileStat::default()
        }),
        Posix::Lseek { .. } => Resume::Error(crate::errno::ESPIPE),
        Posix::Read { fd: 0, .. } => Resume::Bytes(Vec::new()),
        _ => Resume::Error(crate::errno::ENOENT),
    }
}
