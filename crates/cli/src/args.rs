//! The command line, read by hand: long options with `--name value` or `--name=value`; what follows the program's
//! name belongs to the program.

use heddle_lab::Entry;
use heddle_scenario::{
    COMPUTERS, Key, OsScheduler, Policy, PythonVersion, Scalar, parse_duration_ns, parse_size_bytes,
};
use heddle_trace::{Order, Quantity, Watched};

/// The text of `heddle --help`, with MEASURES for the names of the quantities.
const HELP: &str = "\
Heddle runs Python programs on a simulated computer and records who ran, who waited for whom, and why.

Usage:
  heddle run [OPTION ...] FILE.py | -m MODULE | -c CODE [ARG ...]
  heddle sweep FILE.py --over NAME=VALUE,VALUE,... [OPTION ...]
  heddle look FILE.py --at T [OPTION ...]
  heddle survey FILE.py [--times] [--line N ...] [--watch VARIABLE ...] [OPTION ...]
  heddle link FILE.py      print a link that opens the program in the page
  heddle open LINK         print the program that a link carries
  heddle --help | --version

Machine (flags go before the `# /// lab` block of the file):
  --python VERSION         whose GIL and switch points: 2.7, 3.2, 3.9 to 3.14, 3.13t, 3.14t (3.13)
  --cores N                1 to 64
  --seed S                 selects one of the equally real runs
  --policy P               who answers the scheduler's choices: fair, random, pct
  --switch-interval T      as sys.setswitchinterval, e.g. 5ms
  --os-scheduler P         how the operating system shares cores: fair-share, round-robin, cooperative
  --quantum T              the operating system's time slice
  --context-switch T, --wake-up T, --signal T
                           what these cost, instead of the computer's own
  --interrupt T[,T ...]    press Ctrl-C at these moments of virtual time
  --computer NAME          the table of costs: laptop-2026, macbook-2009
  --schedule FILE          replay the choices recorded in FILE
  --mount HOSTDIR[:DIR]    show a folder of this computer to the program; what it writes stays in the simulation
  --stdin FILE             what the program reads from standard input (- for this standard input)

Results:
  --trace OUT              write the trace: Chrome/Perfetto JSON if OUT ends in .json, else Heddle's own format
  --save-schedule FILE     write the choices that were not the fair ones
  --stats                  print totals to standard error
  --stats-json OUT         write them as JSON
  --csv OUT                write all slices as a table (RFC 4180; times in ns)
  --firefox OUT            write the trace for the Firefox Profiler (processed profile format, JSON)
  --svg OUT                write the timeline of the whole run as a picture
  --hash                   print the trace hash to standard error

Sweep (the options for machine and limits count as well):
  --over NAME=VALUES       a setting (cores, interval, version, seed, quantum ...) or a constant of the program (N); 1..4 is 1,2,3,4
  --measure Q              what to show and plot: MEASURES (time)
  --csv                    print all quantities as CSV
  --svg FILE               write a plot

Look (the options for machine and limits count as well):
  --at T                   what every thread does at this moment of virtual time, with its variables, and who holds and awaits what
  --json                   as JSON

Survey (the options for machine and limits count as well):
  --times                  times of functions (cProfile's columns) and lines; what is printed if nothing else is asked for
  --line [FILE:]N          when threads come to this line
  --watch VARIABLE         who writes it, and which updates are lost: counter, Account.balance, worker.n, stats['hits']
  --json                   as JSON

Limits:
  --max-time T             virtual time (1h)
  --max-memory B           memory of the process, e.g. 512MiB
  --max-output B           bytes written

Exit status: the program's own; 2 bad usage, 3 deadlock, 4 a limit was reached. Of a sweep: 1 if a run did not end well.
";

/// What to do.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// Print the help.
    Help,
    /// Print the version.
    Version,
    /// Run a program.
    Run(Box<RunArgs>),
    /// Run a program over a list of values.
    Sweep(Box<SweepArgs>),
    /// Show a moment of a run.
    Look(Box<LookArgs>),
    /// Say what a run has done, in more detail than its trace.
    Survey(Box<SurveyArgs>),
    /// Print a link for a file.
    Link(String),
    /// Print what a link carries.
    Open(String),
}

/// The options of `heddle run`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RunArgs {
    /// What to execute.
    pub entry: Entry,
    /// The file, for [`Entry::Script`].
    pub file: Option<String>,
    /// What the program finds in `sys.argv[1:]`.
    pub arguments: Vec<String>,
    /// Settings that go before those of the file.
    pub settings: Vec<(Key, Scalar)>,
    /// `HOSTDIR[:DIR]`, split.
    pub mounts: Vec<(String, String)>,
    /// See [`HELP`].
    pub schedule: Option<String>,
    /// See [`HELP`].
    pub save_schedule: Option<String>,
    /// See [`HELP`].
    pub stdin: Option<String>,
    /// See [`HELP`].
    pub trace: Option<String>,
    /// Where all slices go as a table.
    pub csv: Option<String>,
    /// Where the trace goes in the Firefox Profiler's format.
    pub firefox: Option<String>,
    /// Where the timeline goes as a picture.
    pub svg: Option<String>,
    /// See [`HELP`].
    pub stats: bool,
    /// See [`HELP`].
    pub stats_json: Option<String>,
    /// See [`HELP`].
    pub hash: bool,
    /// Virtual time, ns.
    pub max_time_ns: Option<u64>,
    /// Bytes.
    pub max_memory: Option<u64>,
    /// Bytes.
    pub max_output: Option<u64>,
}

/// The options of `heddle sweep`.
#[derive(Clone, Debug, PartialEq)]
pub struct SweepArgs {
    /// The program and its machine.
    pub run: RunArgs,
    /// `NAME=VALUE,…`.
    pub over: String,
    /// What to show and plot.
    pub measure: Quantity,
    /// See [`HELP`].
    pub csv: bool,
    /// See [`HELP`].
    pub svg: Option<String>,
}

/// The options of `heddle look`.
#[derive(Clone, Debug, PartialEq)]
pub struct LookArgs {
    /// The program and its machine.
    pub run: RunArgs,
    /// The moment, ns.
    pub at_ns: u64,
    /// See [`HELP`].
    pub json: bool,
}

/// The options of `heddle survey`.
#[derive(Clone, Debug, PartialEq)]
pub struct SurveyArgs {
    /// The program and its machine.
    pub run: RunArgs,
    /// What is to be noted; lines without a file have none yet.
    pub order: Order,
    /// See [`HELP`].
    pub json: bool,
}

/// Reads the arguments after the program's name; the error is a sentence.
pub fn parse(arguments: impl IntoIterator<Item = String>) -> Result<Command, String> {
    let mut arguments: Vec<String> = arguments.into_iter().collect();
    arguments.reverse();
    let Some(command) = arguments.pop() else {
        return Ok(Command::Help);
    };
    if arguments.iter().any(|argument| argument == "--help") && command != "run" {
        return Ok(Command::Help);
    }
    match command.as_str() {
        "help" | "--help" | "-h" => Ok(Command::Help),
        "version" | "--version" | "-V" => Ok(Command::Version),
        "run" => parse_run(arguments),
        "sweep" => parse_sweep(arguments),
        "look" => parse_look(arguments),
        "survey" => parse_survey(arguments),
        "link" => single(arguments, "heddle link wants one file.").map(Command::Link),
        "open" => single(arguments, "heddle open wants one link.").map(Command::Open),
        other => Err(format!("There is no command \"{other}\"; see heddle --help.")),
    }
}

fn single(mut arguments: Vec<String>, otherwise: &str) -> Result<String, String> {
    match (arguments.pop(), arguments.is_empty()) {
        (Some(argument), true) => Ok(argument),
        _ => Err(otherwise.to_owned()),
    }
}

/// `rest` holds the arguments, last one first.
fn parse_run(mut rest: Vec<String>) -> Result<Command, String> {
    let mut args = RunArgs::default();
    loop {
        let Some(argument) = rest.pop() else {
            return Err("What should run? Give a file, -m MODULE or -c CODE; see heddle --help.".to_owned());
        };
        match argument.as_str() {
            "-h" | "--help" => return Ok(Command::Help),
            "--stats" => args.stats = true,
            "--hash" => args.hash = true,
            "-m" => args.entry = Entry::Module(rest.pop().ok_or("-m wants the name of a module.")?),
            "-c" => args.entry = Entry::Command(rest.pop().ok_or("-c wants a program.")?),
            "--" => args.file = Some(rest.pop().ok_or("-- wants a file.")?),
            flag if flag.starts_with("--") => option(&mut args, flag, &mut rest)?,
            flag if flag.starts_with('-') && flag.len() > 1 => {
                return Err(format!("There is no option {flag}; see heddle --help."));
            }
            _ => args.file = Some(argument),
        }
        if args.file.is_some() || args.entry != Entry::Script {
            rest.reverse();
            args.arguments = rest;
            return Ok(Command::Run(Box::new(args)));
        }
    }
}

/// `rest` holds the arguments, last one first.
fn parse_sweep(mut rest: Vec<String>) -> Result<Command, String> {
    let mut args = SweepArgs {
        run: RunArgs::default(),
        over: String::new(),
        measure: Quantity::Time,
        csv: false,
        svg: None,
    };
    while let Some(argument) = rest.pop() {
        let (flag, inline) = match argument.split_once('=') {
            Some((flag, value)) if flag.starts_with("--") => (flag.to_owned(), Some(value.to_owned())),
            _ => (argument.clone(), None),
        };
        let mut value = || {
            let value = inline.clone().or_else(|| rest.pop());
            value.ok_or_else(|| format!("{flag} wants a value."))
        };
        match flag.as_str() {
            "--over" => args.over = value()?,
            "--svg" => args.svg = Some(value()?),
            "--csv" => args.csv = true,
            "--measure" => {
                let name = value()?;
                args.measure = Quantity::named(&name)
                    .ok_or_else(|| format!("--measure is one of {}, not \"{name}\".", measures()))?;
            }
            flag if MACHINE_OPTIONS.contains(&flag) => option(&mut args.run, &argument, &mut rest)?,
            flag if flag.starts_with('-') && flag.len() > 1 => {
                return Err(format!("There is no option {flag} of heddle sweep; see heddle --help."));
            }
            _ if args.run.file.is_none() => args.run.file = Some(argument),
            _ => return Err(format!("heddle sweep wants one file, not \"{argument}\" as well.")),
        }
    }
    if args.run.file.is_none() {
        return Err("What should run? Give a file; see heddle --help.".to_owned());
    }
    if args.over.is_empty() {
        return Err("What should be swept? Give --over NAME=VALUE,VALUE; see heddle --help.".to_owned());
    }
    Ok(Command::Sweep(Box::new(args)))
}

/// `rest` holds the arguments, last one first.
fn parse_look(mut rest: Vec<String>) -> Result<Command, String> {
    let mut args = RunArgs::default();
    let (mut at_ns, mut json) = (None, false);
    while let Some(argument) = rest.pop() {
        match argument.split('=').next().unwrap_or_default() {
            "--at" => {
                let value = argument.split_once('=').map(|(_, value)| value.to_owned());
                let value = value.or_else(|| rest.pop()).ok_or("--at wants a value.")?;
                at_ns = Some(parse_duration_ns(&value).map_err(|why| format!("--at: {why}."))?);
            }
            "--json" => json = true,
            flag if MACHINE_OPTIONS.contains(&flag) => option(&mut args, &argument, &mut rest)?,
            flag if flag.starts_with('-') && flag.len() > 1 => {
                return Err(format!("There is no option {flag} of heddle look; see heddle --help."));
            }
            _ if args.file.is_none() => args.file = Some(argument),
            _ => return Err(format!("heddle look wants one file, not \"{argument}\" as well.")),
        }
    }
    if args.file.is_none() {
        return Err("What should run? Give a file; see heddle --help.".to_owned());
    }
    let at_ns = at_ns.ok_or("At which moment? Give --at, as in --at 12ms.")?;
    Ok(Command::Look(Box::new(LookArgs { run: args, at_ns, json })))
}

/// `rest` holds the arguments, last one first.
fn parse_survey(mut rest: Vec<String>) -> Result<Command, String> {
    let mut args = RunArgs::default();
    let (mut order, mut json) = (Order::default(), false);
    while let Some(argument) = rest.pop() {
        let mut value = || {
            let value = argument.split_once('=').map(|(_, value)| value.to_owned());
            value
                .or_else(|| rest.pop())
                .ok_or_else(|| format!("{argument} wants a value."))
        };
        match argument.split('=').next().unwrap_or_default() {
            "--times" => order.times = true,
            "--watch" => order
                .variables
                .push(Watched::parse(&value()?).map_err(|why| format!("--watch: {why}."))?),
            "--line" => {
                let value = value()?;
                let (file, line) = value.rsplit_once(':').unwrap_or(("", &value));
                let line = line
                    .parse()
                    .map_err(|_| format!("--line wants the number of a line, not \"{value}\"."))?;
                order.lines.push((file.to_owned(), line));
            }
            "--json" => json = true,
            flag if MACHINE_OPTIONS.contains(&flag) => option(&mut args, &argument, &mut rest)?,
            flag if flag.starts_with('-') && flag.len() > 1 => {
                return Err(format!(
                    "There is no option {flag} of heddle survey; see heddle --help."
                ));
            }
            _ if args.file.is_none() => args.file = Some(argument),
            _ => return Err(format!("heddle survey wants one file, not \"{argument}\" as well.")),
        }
    }
    if args.file.is_none() {
        return Err("What should run? Give a file; see heddle --help.".to_owned());
    }
    order.times |= order.is_empty();
    Ok(Command::Survey(Box::new(SurveyArgs { run: args, order, json })))
}

/// The names of the quantities.
fn measures() -> String {
    Quantity::ALL.map(Quantity::name).join(", ")
}

/// What `heddle --help` prints.
pub fn help() -> String {
    HELP.replace("MEASURES", &measures())
}

/// The options of `heddle run` that `heddle sweep` has too.
const MACHINE_OPTIONS: [&str; 16] = [
    "--python",
    "--cores",
    "--seed",
    "--policy",
    "--switch-interval",
    "--os-scheduler",
    "--quantum",
    "--context-switch",
    "--wake-up",
    "--signal",
    "--interrupt",
    "--computer",
    "--stdin",
    "--max-time",
    "--max-memory",
    "--max-output",
];

/// An option with a value.
fn option(args: &mut RunArgs, argument: &str, rest: &mut Vec<String>) -> Result<(), String> {
    let (flag, inline) = match argument.split_once('=') {
        Some((flag, value)) => (flag, Some(value.to_owned())),
        None => (argument, None),
    };
    let value = || {
        inline
            .or_else(|| rest.pop())
            .ok_or_else(|| format!("{flag} wants a value."))
    };
    let whole = |value: &str| {
        value
            .parse::<u64>()
            .map_err(|_| format!("{flag} wants a whole number, not \"{value}\"."))
    };
    let text = |value: &str| Scalar::Text(value.to_owned());
    match flag {
        "--python" => args.settings.push((
            Key::Python,
            one_of(flag, &value()?, &PythonVersion::ALL.map(PythonVersion::name))?,
        )),
        "--policy" => args
            .settings
            .push((Key::Policy, one_of(flag, &value()?, &Policy::ALL.map(Policy::name))?)),
        "--cores" => args.settings.push((Key::Cores, Scalar::Number(whole(&value()?)?))),
        "--seed" => args.settings.push((Key::Seed, Scalar::Number(whole(&value()?)?))),
        "--switch-interval" => args.settings.push((Key::SwitchInterval, text(&value()?))),
        "--os-scheduler" => args.settings.push((
            Key::OsScheduler,
            one_of(flag, &value()?, &OsScheduler::ALL.map(OsScheduler::name))?,
        )),
        "--quantum" => args.settings.push((Key::Quantum, text(&value()?))),
        "--context-switch" => args.settings.push((Key::ContextSwitch, text(&value()?))),
        "--wake-up" => args.settings.push((Key::WakeUp, text(&value()?))),
        "--signal" => args.settings.push((Key::Signal, text(&value()?))),
        "--interrupt" => args.settings.push((Key::Interrupt, text(&value()?))),
        "--computer" => args.settings.push((Key::Computer, one_of(flag, &value()?, COMPUTERS)?)),
        "--schedule" => args.schedule = Some(value()?),
        "--save-schedule" => args.save_schedule = Some(value()?),
        "--mount" => {
            let value = value()?;
            let (host, inside) = value.rsplit_once(':').unwrap_or((&value, "."));
            args.mounts.push((host.to_owned(), inside.to_owned()));
        }
        "--stdin" => args.stdin = Some(value()?),
        "--trace" => args.trace = Some(value()?),
        "--csv" => args.csv = Some(value()?),
        "--firefox" => args.firefox = Some(value()?),
        "--svg" => args.svg = Some(value()?),
        "--stats-json" => args.stats_json = Some(value()?),
        "--max-time" => args.max_time_ns = Some(parse_duration_ns(&value()?).map_err(|why| format!("{flag}: {why}."))?),
        "--max-memory" => args.max_memory = Some(parse_size_bytes(&value()?).map_err(|why| format!("{flag}: {why}."))?),
        "--max-output" => args.max_output = Some(parse_size_bytes(&value()?).map_err(|why| format!("{flag}: {why}."))?),
        _ => return Err(format!("There is no option {flag}; see heddle --help.")),
    }
    Ok(())
}

fn one_of(flag: &str, value: &str, names: &[&str]) -> Result<Scalar, String> {
    if names.contains(&value) {
        return Ok(Scalar::Text(value.to_owned()));
    }
    Err(format!("{flag} is one of {}, not \"{value}\".", names.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(line: &str) -> Result<RunArgs, String> {
        match parse(line.split(' ').map(str::to_owned))? {
            Command::Run(args) => Ok(*args),
            other => Err(format!("{other:?}")),
        }
    }

    #[test]
    fn options_end_at_the_program() {
        let args = run("run --cores 4 --seed=7 --stats a.py --hash -m x").expect("good");
        assert_eq!(args.file.as_deref(), Some("a.py"));
        assert_eq!(args.arguments, ["--hash", "-m", "x"]);
        assert_eq!(
            args.settings,
            [(Key::Cores, Scalar::Number(4)), (Key::Seed, Scalar::Number(7))]
        );
        assert!(args.stats && !args.hash);
        let args = run("run --mount /a/b:lib --max-time 2s -m unittest -v").expect("good");
        assert_eq!(args.entry, Entry::Module("unittest".to_owned()));
        assert_eq!(args.mounts, [("/a/b".to_owned(), "lib".to_owned())]);
        assert_eq!(
            (args.max_time_ns, args.arguments),
            (Some(2_000_000_000), vec!["-v".to_owned()])
        );
    }

    #[test]
    fn a_sweep_has_values_and_perhaps_a_quantity() {
        let args = match parse(
            "sweep a.py --over N=1,2 --measure=failed --cores 4 --csv"
                .split(' ')
                .map(str::to_owned),
        ) {
            Ok(Command::Sweep(args)) => *args,
            other => panic!("{other:?}"),
        };
        assert_eq!(
            (args.over.as_str(), args.measure, args.csv),
            ("N=1,2", Quantity::Failed, true)
        );
        assert_eq!(args.run.settings, [(Key::Cores, Scalar::Number(4))]);
        for bad in [
            "sweep",
            "sweep a.py",
            "sweep --over N=1",
            "sweep a.py b.py --over N=1",
            "sweep a.py --over N=1 --measure joy",
            "sweep a.py --over N=1 --hash",
        ] {
            let error = parse(bad.split(' ').map(str::to_owned)).expect_err(bad);
            assert!(error.ends_with('.'), "{error}");
        }
        assert!(help().contains("against-sequential"));
    }

    #[test]
    fn a_look_has_a_moment() {
        let parsed = |line: &str| parse(line.split(' ').map(str::to_owned));
        let Ok(Command::Look(args)) = parsed("look a.py --at 12ms --cores 4 --json") else {
            panic!("not a look")
        };
        assert_eq!((args.at_ns, args.json), (12_000_000, true));
        assert_eq!(args.run.settings, [(Key::Cores, Scalar::Number(4))]);
        for bad in [
            "look",
            "look a.py",
            "look --at 1s",
            "look a.py --at",
            "look a.py --at soon",
            "look a.py b.py --at 1s",
            "look a.py --at 1s --hash",
        ] {
            let error = parsed(bad).expect_err(bad);
            assert!(error.ends_with('.'), "{error}");
        }
    }

    #[test]
    fn bad_usage_is_a_sentence() {
        for bad in [
            "run",
            "run --cores",
            "run --cores x a.py",
            "run --nope 1 a.py",
            "run -q a.py",
            "run --policy mean a.py",
            "fly",
        ] {
            let error = run(bad).expect_err(bad);
            assert!(error.ends_with('.'), "{error}");
        }
        assert_eq!(parse([]), Ok(Command::Help));
    }
}
