//! The gallery's chapter on coroutines: each program prints what it is there to show.

mod run;

use heddle_scenario::Scenario;
use std::path::Path;

/// Program of `web/gallery`, what it writes to standard output.
const PROGRAMS: [(&str, &str); 18] = [
    (
        "co_await_create",
        "one after the other: 0.5 s\n\
         tea and coffee\n\
         as tasks: 0.3 s\n",
    ),
    (
        "co_comprehension",
        "comprehension: 0.5 s [0, 1, 4, 9, 16]\n\
         gather:        0.1 s [0, 1, 4, 9, 16]\n",
    ),
    (
        "co_gather_errors",
        "main sees ValueError('a') while b still runs\n\
         done b\n\
         done d\n\
         [ValueError('c'), 'd']\n",
    ),
    (
        "co_as_completed",
        "fast\n\
         middle\n\
         slow\n",
    ),
    (
        "co_wait_first",
        "first: Lima\n\
         still under way: Oslo Pune\n\
         cancelled: True\n",
    ),
    (
        "co_timeout_shield",
        "draft was cut off\n\
         too slow\n\
         too slow, but it goes on\n\
         letter is saved\n\
         letter\n",
    ),
    (
        "co_cancel_cleanup",
        "opened\n\
         working\n\
         working\n\
         cancelled already? False\n\
         closed\n\
         now it is: True\n",
    ),
    (
        "co_taskgroup",
        "quick is done\n\
         long was cancelled\n\
         failed: broken\n",
    ),
    ("co_lost_task", "alive: kept\n"),
    (
        "co_blocking_call",
        "beat after 0.1 s\n\
         beat after 0.1 s\n\
         beat after 0.4 s\n\
         beat after 0.1 s\n\
         beat after 0.1 s\n\
         beat after 0.1 s\n",
    ),
    (
        "co_cpu_bound",
        "in the loop: the heart beats hardly\n\
         in threads: the heart beats on\n\
         in processes: the heart beats on\n\
         threads take as long: True\n\
         processes take a third or less: True\n",
    ),
    (
        "co_timing",
        "delay(2,) took 2.0 s\n\
         delay(3,) took 3.0 s\n\
         main() took 3.0 s\n",
    ),
    (
        "co_async_generator",
        "line 0\n\
         line 1\n\
         line 2\n\
         stream is over\n",
    ),
    (
        "co_shutdown",
        "shutting down\n\
         Ann has put its tools away\n\
         Bob has put its tools away\n\
         Cem has put its tools away\n\
         good bye\n",
    ),
    (
        "co_back_pressure",
        "put 0 queue holds 1\n\
         put 1 queue holds 2\n\
         put 2 queue holds 2\n\
         put 3 queue holds 2\n\
         put 4 queue holds 2\n\
         put 5 queue holds 2\n\
         all consumed\n",
    ),
    ("co_rate_limit", "9 requests in 0.3 s\n"),
    (
        "co_own_loop",
        "slow 2\n\
         fast 4\n\
         fast 3\n\
         fast 2\n\
         slow 1\n\
         fast 1\n\
         nothing left to do\n",
    ),
    (
        "co_echo_server",
        "30 answers, the last is b'HELLO 29\\n'\n\
         within 0.2 s: True\n",
    ),
];

#[test]
fn every_program_shows_what_it_is_there_for() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../web/gallery");
    for (name, expected) in PROGRAMS {
        let path = folder.join(format!("{name}.py"));
        let source = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let scenario = Scenario::from_source("main.py", &source).unwrap_or_else(|error| panic!("{name}: {error:?}"));
        let ended = run::to_end(&scenario, 10_000_000);
        assert_eq!(
            ended.stdout(),
            expected,
            "{name}, which wrote in all:\n{}",
            ended.output()
        );
    }
}

/// Each has its expectation here: a new program of the chapter is a line in the list.
#[test]
fn every_program_of_the_chapter_is_expected() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../web/gallery");
    let files = std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut files: Vec<String> = files
        .filter_map(|file| file.ok()?.file_name().into_string().ok())
        .filter_map(|name| Some(name.strip_suffix(".py")?.to_owned()))
        .filter(|name| name.starts_with("co_"))
        .collect();
    files.sort();
    let mut expected: Vec<&str> = PROGRAMS.iter().map(|(name, _)| *name).collect();
    expected.sort_unstable();
    assert_eq!(files, expected);
}
