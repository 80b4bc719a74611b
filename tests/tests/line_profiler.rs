//! The stand-ins `line_profiler` and `kernprof`: hits as the package counts them, times in virtual time, the package's columns.

use heddle_tests::program::{self, Said};

const PROGRAM: &str = "\
@profile
def search(data):
    for i in data:
        if i in [100, 200]:
            print('success')

def spread(n):
    for i in range(n):
        yield i

search(range(1000))
";

fn heddle(name: &str, text: &str) -> Said {
    let folder = std::env::temp_dir().join(format!("heddle-lines-{}-{name}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a temporary folder");
    std::fs::write(folder.join(name), text).expect("a temporary file");
    let said = program::say(&folder, &["run", name]);
    std::fs::remove_dir_all(&folder).expect("our own folder");
    said
}

/// The rows of a table: line number, hits, share of the time.
fn rows(text: &str) -> Vec<(u32, u32, f64)> {
    let number = |line: &str, from: usize, to: usize| line.get(from..to).map(|cell| cell.trim().to_owned());
    text.lines()
        .filter_map(|line| {
            let at = number(line, 0, 6)?.parse().ok()?;
            Some((
                at,
                number(line, 6, 16)?.parse().ok()?,
                number(line, 38, 47)?.parse().ok()?,
            ))
        })
        .collect()
}

#[test]
fn decorated_functions_are_measured_line_by_line() {
    let main = format!(
        "import line_profiler\np = profile = line_profiler.LineProfiler()\n{PROGRAM}p.add_function(spread)\nwith p: print(list(spread(3)))\np.print_stats(output_unit=1e-6)\n"
    );
    let said = heddle("decorated.py", &main);
    assert_eq!(said.exit, 0, "{}", said.stderr);
    assert!(
        said.stdout
            .starts_with("success\nsuccess\n[0, 1, 2]\nTimer unit: 1e-06 s\n\nTotal time: "),
        "{}",
        said.stdout
    );
    assert!(
        said.stdout.contains("\nFunction: search at line 3\n"),
        "{}",
        said.stdout
    );
    assert!(
        said.stdout
            .contains("\nLine #      Hits         Time  Per Hit   % Time  Line Contents\n======"),
        "{}",
        said.stdout
    );
    let found: Vec<_> = rows(&said.stdout).iter().map(|row| (row.0, row.1)).collect();
    assert_eq!(
        found,
        [(5, 1001), (6, 1000), (7, 2), (10, 4), (11, 3)],
        "{}",
        said.stdout
    );
    let shares: f64 = rows(&said.stdout).iter().take(3).map(|row| row.2).sum();
    assert!((shares - 100.0).abs() < 0.2, "{shares}\n{}", said.stdout);
}

#[test]
fn time_is_virtual_and_waiting_counts() {
    let main = "import time\nfrom line_profiler import LineProfiler\n\np = LineProfiler()\n\n@p\ndef nap():\n    time.sleep(0.25)\n    return sum(range(10))\n\nnap()\n((_, lines),) = p.get_stats().timings.items()\nprint([(line, hits) for line, hits, _ in lines], 250_000_000 <= lines[0][2] < 250_200_000, lines[1][2] < 50_000)\n";
    let said = heddle("nap.py", main);
    assert_eq!(said.stdout, "[(8, 1), (9, 1)] True True\n", "{}", said.stderr);
}

#[test]
fn kernprof_runs_a_script_with_profile_among_its_builtins() {
    let caller = format!(
        "import kernprof\nwith open('work.py', 'w') as file:\n    file.write({PROGRAM:?})\nkernprof.main(['-l', '-v', 'work.py'])\n"
    );
    let said = heddle("caller.py", &caller);
    assert_eq!(said.exit, 0, "{}", said.stderr);
    assert!(
        said.stdout
            .starts_with("success\nsuccess\nWrote profile results to 'work.py.lprof'\nTimer unit: 1e-06 s\n\n"),
        "{}",
        said.stdout
    );
    let found: Vec<_> = rows(&said.stdout).iter().map(|row| (row.0, row.1)).collect();
    assert_eq!(found, [(3, 1001), (4, 1000), (5, 2)], "{}", said.stdout);
}

#[test]
fn without_being_asked_the_decorator_of_the_module_measures_nothing() {
    let main = "from line_profiler import profile\n@profile\ndef f(): return 1\nprint(f(), profile.enabled)\nprofile.enable()\n@profile\ndef g(): return 2\nprint(g())\n";
    let said = heddle("asked.py", main);
    assert!(
        said.stdout.starts_with("1 False\n2\nTimer unit: 1e-09 s\n"),
        "{}{}",
        said.stdout,
        said.stderr
    );
    assert!(
        !said.stdout.contains("Function: f ") && said.stdout.contains("Function: g at line 6"),
        "{}",
        said.stdout
    );
}
