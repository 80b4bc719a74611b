//! Runs that are run once more to be noted in more detail: that it is the same run, and that what is noted is true.

mod run;

use heddle_lab::{Limits, Options, Run, Survey};
use heddle_scenario::{Key, Scalar, Scenario};
use heddle_trace::{Findings, FunctionTimes, Hit, LineTimes, Order, Seen, Watched};
use std::path::Path;

fn scenario(text: &str) -> Scenario {
    Scenario::from_source("main.py", text).unwrap_or_else(|problems| panic!("{problems:?}"))
}

/// Runs to the end: trace hash, virtual time, output.
fn outcome(scenario: &Scenario, survey: Option<Survey>) -> (u64, u64, String) {
    let options = Options {
        survey,
        ..Options::default()
    };
    let mut run = Run::with_options(scenario, Limits::default(), options).unwrap_or_else(|error| panic!("{error}"));
    let mut text = String::new();
    loop {
        let progress = run.advance(50_000_000);
        text.extend(progress.output.iter().map(|chunk| chunk.text.as_str()));
        if let Some(outcome) = progress.finished {
            return (run.trace_hash().0, outcome.virtual_ns, text);
        }
    }
}

fn survey(text: &str, order: Order) -> Findings {
    let survey = Survey::new(order);
    outcome(&scenario(text), Some(survey.clone()));
    survey.findings()
}

fn watch(names: &[&str]) -> Order {
    Order {
        variables: names
            .iter()
            .map(|name| Watched::parse(name).unwrap_or_else(|why| panic!("{why}")))
            .collect(),
        ..Order::default()
    }
}

fn times(text: &str) -> Findings {
    let order = Order {
        times: true,
        ..Order::default()
    };
    survey(text, order)
}

fn line(findings: &Findings, line: u32) -> &LineTimes {
    let found = findings
        .lines
        .iter()
        .find(|one| one.file == "main.py" && one.line == line);
    found.unwrap_or_else(|| panic!("no line {line} in {:?}", findings.lines))
}

fn function<'a>(findings: &'a Findings, name: &str) -> &'a FunctionTimes {
    let found = findings.functions.iter().find(|one| one.function == name);
    found.unwrap_or_else(|| panic!("no {name}"))
}

/// What was written, as text, with the hit that each loses.
fn writes(findings: &Findings) -> Vec<(u32, Option<String>, Option<u32>)> {
    let write = |hit: &Hit| match &hit.what {
        Seen::Write { value, loses, .. } => Some((hit.thread.0, value.clone(), *loses)),
        Seen::Line(_) => None,
    };
    findings.hits.iter().filter_map(write).collect()
}

#[test]
fn a_run_that_is_surveyed_is_the_same_run() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("suite/determinism");
    let mut different = Vec::new();
    let mut seen = 0;
    for entry in std::fs::read_dir(folder).expect("the folder").flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let text = std::fs::read_to_string(entry.path()).expect("text");
        for python in ["2.7", "3.9", "3.13", "3.14", "3.13t"] {
            let mut scenario = scenario(&text);
            let set = scenario.machine.set(Key::Python, &Scalar::Text(python.to_owned()));
            set.unwrap_or_else(|why| panic!("{why}"));
            let order = Order {
                times: true,
                lines: (1..200).map(|line| ("main.py".to_owned(), line)).collect(),
                ..watch(&["counter", "worker.n", "Account.balance", "stats['hits']"])
            };
            seen += 1;
            if outcome(&scenario, None) != outcome(&scenario, Some(Survey::new(order))) {
                different.push(format!("{name} {python}"));
            }
        }
    }
    assert!(seen >= 20, "the scenarios are not found");
    assert_eq!(different, Vec::<String>::new());
}

#[test]
fn functions_and_lines_are_timed() {
    let found = times(
        "import time\n\
         def fib(n): return n if n < 2 else fib(n - 1) + fib(n - 2)\n\
         def rest():\n\
         \x20   time.sleep(0.25)\n\
         def both():\n\
         \x20   rest()\n\
         \x20   for i in range(10):\n\
         \x20       rest()\n\
         both()\n\
         fib(10)\n",
    );
    let fib = function(&found, "fib");
    assert_eq!((fib.calls, fib.outer_calls), (177, 1));
    assert_eq!(fib.own_ns, fib.total_ns, "nobody else is called");
    let rest = function(&found, "rest");
    assert_eq!(rest.calls, 11);
    assert!((2_750_000_000..2_760_000_000).contains(&rest.own_ns), "{rest:?}");
    assert!(rest.waited_ns > 2_750_000_000 - 1_000_000, "it sleeps: {rest:?}");
    let both = function(&found, "both");
    assert!(both.total_ns > rest.total_ns && both.own_ns < 1_000_000, "{both:?}");
    assert_eq!(line(&found, 2).hits, 1 + 177);
    assert_eq!(line(&found, 4).hits, 11);
    assert_eq!((line(&found, 7).hits, line(&found, 8).hits), (11, 10));
    assert!(line(&found, 8).total_ns > 2_500_000_000 && line(&found, 8).own_ns < 1_000_000);
    let whole = function(&found, "<module>");
    assert!(whole.calls >= 1);
}

#[test]
fn what_generators_do_counts_when_they_go_on() {
    let found = times(
        "def count(n):\n\
         \x20   for i in range(n):\n\
         \x20       yield i\n\
         print(sum(count(4)))\n",
    );
    // As cProfile counts: the first time, after each value, and the end is within the last one.
    assert_eq!(function(&found, "count").calls, 5);
    assert_eq!(line(&found, 3).hits, 4);
}

#[test]
fn an_update_is_lost_where_the_writer_has_not_seen_the_other_write() {
    let racing = "import threading, time\n\
         counter = 0\n\
         def worker():\n\
         \x20   global counter\n\
         \x20   seen = counter\n\
         \x20   time.sleep(0.001)\n\
         \x20   counter = seen + 1\n\
         threads = [threading.Thread(target=worker) for _ in range(2)]\n\
         for thread in threads: thread.start()\n\
         for thread in threads: thread.join()\n";
    let value = |text: &str| Some(text.to_owned());
    let found = survey(racing, watch(&["counter"]));
    assert_eq!(
        writes(&found),
        [(0, value("0"), None), (1, value("1"), None), (2, value("1"), Some(1))]
    );
    let locked = racing
        .replace("    seen = counter", "    lock.acquire(); seen = counter")
        .replace("counter = seen + 1", "counter = seen + 1; lock.release()")
        .replace("counter = 0", "counter = 0; lock = threading.Lock()");
    let found = survey(&locked, watch(&["counter"]));
    assert_eq!(
        writes(&found),
        [(0, value("0"), None), (1, value("1"), None), (2, value("2"), None)]
    );
}

#[test]
fn variables_of_every_kind_are_watched() {
    let text = "class Account:\n\
         \x20   limit = 5\n\
         \x20   def __init__(self):\n\
         \x20       self.balance = 10\n\
         class Savings(Account): pass\n\
         def outer(a, *, b=2):\n\
         \x20   n = a\n\
         \x20   def inner():\n\
         \x20       nonlocal n\n\
         \x20       n += b\n\
         \x20   inner()\n\
         \x20   return n\n\
         savings = Savings()\n\
         savings.balance += 1\n\
         stats = {'hits': 0}\n\
         stats['hits'] += 1\n\
         stats['other'] = 7\n\
         del stats['hits']\n\
         outer(1)\n\
         name = 'x'\n\
         del name\n";
    let seen = |name: &str| -> Vec<Option<String>> {
        writes(&survey(text, watch(&[name])))
            .into_iter()
            .map(|write| write.1)
            .collect()
    };
    let values = |all: &[&str]| -> Vec<Option<String>> {
        all.iter()
            .map(|text| Some((*text).to_owned()).filter(|text| text != "del"))
            .collect()
    };
    assert_eq!(seen("Account.balance"), values(&["10", "11"]));
    assert_eq!(
        seen("savings.balance"),
        values(&["11"]),
        "in __init__ it has no name yet"
    );
    assert_eq!(
        seen("stats['hits']"),
        values(&["1", "del"]),
        "a display is no write of an item"
    );
    assert_eq!(seen("outer.n"), values(&["1", "3"]));
    assert_eq!(seen("outer.a"), values(&["1"]));
    assert_eq!(seen("outer.b"), values(&["2"]));
    assert_eq!(seen("name"), values(&["'x'", "del"]));
    assert_eq!(seen("limit"), values(&[]), "what stands in a class is no global");
}

#[test]
fn chosen_lines_are_hit_when_threads_come_to_them() {
    let order = Order {
        lines: vec![
            ("main.py".to_owned(), 3),
            ("main.py".to_owned(), 5),
            ("other.py".to_owned(), 3),
        ],
        ..Order::default()
    };
    let found = survey(
        "import time\n\
         for i in range(3):\n\
         \x20   time.sleep(0.1)\n\
         \x20   pass\n\
         print('end')\n",
        order,
    );
    let hits: Vec<(u64, u32)> = found.hits.iter().map(|hit| (hit.at / 100_000_000, hit.line)).collect();
    assert_eq!(hits, [(0, 3), (1, 3), (2, 3), (3, 5)]);
}

#[test]
fn hits_are_counted_where_there_is_no_room_for_them() {
    let text = "n = 0\nwhile n < 150_000: n += 1\n";
    let found = survey(text, watch(&["n"]));
    assert_eq!((found.hits.len(), found.more_hits), (100_000, 50_001));
}
