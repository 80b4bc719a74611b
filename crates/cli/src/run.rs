//! `heddle run`.

use crate::args::RunArgs;
use crate::mount::Folder;
use heddle_lab::{Entry, Kind, Limits, Options, Outcome, OutputChunk, Run, StartError};
use heddle_scenario::{File, Scenario};
use heddle_trace::Stream;
use std::io::{Read, Write};
use std::rc::Rc;

/// Work between two looks at the output: some tens of milliseconds.
const WORK: u64 = 20_000_000;

/// Runs a program; the exit status. Errors of usage are sentences.
pub fn run(args: &RunArgs) -> Result<i32, String> {
    let scenario = scenario(args)?;
    let mut options = Options {
        entry: args.entry.clone(),
        arguments: args.arguments.clone(),
        ..Options::default()
    };
    for (host, inside) in &args.mounts {
        options.mounts.push((inside.clone(), Rc::new(Folder::new(host)?)));
    }
    let mut run = match Run::with_options(&scenario, limits(args), options) {
        Ok(run) => run,
        Err(error @ StartError::Syntax { .. }) => {
            eprintln!("{error}");
            return Ok(1);
        }
        Err(StartError::Other(sentence)) => return Err(sentence),
    };
    let outcome = loop {
        let progress = run.advance(WORK);
        if let Err(error) = pass_on(&progress.output) {
            // Nobody reads any more: end like a program that gets SIGPIPE.
            return if error.kind() == std::io::ErrorKind::BrokenPipe {
                Ok(141)
            } else {
                Err(error.to_string())
            };
        }
        if let Some(outcome) = progress.finished {
            break outcome;
        }
    };
    tell(&outcome);
    write_results(args, &run)?;
    // The system takes the memory back at once; taking every object apart first would be a tenth of a short run.
    std::mem::forget(run);
    Ok(outcome.exit_status)
}

/// The file with its settings, and the flags before them.
pub(crate) fn scenario(args: &RunArgs) -> Result<Scenario, String> {
    let mut scenario = match (&args.entry, &args.file) {
        (Entry::Script, Some(path)) => read_scenario(path, path)?,
        (Entry::Command(code), _) => Scenario {
            files: vec![File {
                name: "<string>".to_owned(),
                text: code.clone(),
            }],
            ..Scenario::default()
        },
        _ => Scenario {
            files: vec![File {
                name: "<module>".to_owned(),
                text: String::new(),
            }],
            ..Scenario::default()
        },
    };
    for (key, value) in &args.settings {
        scenario.machine.set(*key, value).map_err(|why| format!("{why}."))?;
    }
    if let Some(path) = &args.file {
        add_scripts(&mut scenario, path)?;
    }
    if let Some(path) = &args.schedule {
        let bytes = std::fs::read(path).map_err(|error| format!("\"{path}\" cannot be read: {error}."))?;
        scenario.schedule = Some(bytes);
    }
    match args.stdin.as_deref() {
        Some("-") => {
            let mut text = String::new();
            std::io::stdin()
                .read_to_string(&mut text)
                .map_err(|error| format!("Standard input: {error}."))?;
            scenario.machine.stdin = text;
        }
        Some(path) => {
            let text = std::fs::read_to_string(path);
            scenario.machine.stdin = text.map_err(|error| format!("\"{path}\" cannot be read: {error}."))?;
        }
        None => {}
    }
    Ok(scenario)
}

/// The program at a path, under this name, with the settings it says of itself.
pub(crate) fn read_scenario(path: &str, name: &str) -> Result<Scenario, String> {
    let text = read_text(path)?;
    Scenario::from_source(name, &text).map_err(|problems| {
        problems
            .iter()
            .map(|problem| format!("{path}: {problem}."))
            .collect::<Vec<_>>()
            .join("\n")
    })
}

/// A file of text without the mark that some editors begin it with.
fn read_text(path: &str) -> Result<String, String> {
    let bytes = std::fs::read(path).map_err(|error| format!("\"{path}\" cannot be read: {error}."))?;
    let text = String::from_utf8(bytes).map_err(|_| format!("\"{path}\" is not UTF-8."))?;
    Ok(match text.strip_prefix('\u{FEFF}') {
        Some(rest) => rest.to_owned(),
        None => text,
    })
}

/// The files that other computers run stand beside the program, which was read from this path. Settings that cannot be read are left
/// to [`Scenario::validate`], which says where they stand.
pub(crate) fn add_scripts(scenario: &mut Scenario, path: &str) -> Result<(), String> {
    let Some(program) = scenario.files.first().map(|file| file.name.clone()) else {
        return Ok(());
    };
    for remote in scenario.machine.remotes().unwrap_or_default() {
        if scenario.script(&remote.script).is_some() {
            continue;
        }
        let path = heddle_scenario::beside(path, &remote.script);
        let text = read_text(&path)?;
        let name = heddle_scenario::beside(&program, &remote.script);
        scenario.files.push(File { name, text });
    }
    Ok(())
}

/// The limits of a run.
pub(crate) fn limits(args: &RunArgs) -> Limits {
    let defaults = Limits::default();
    Limits {
        time_ns: args.max_time_ns.unwrap_or(defaults.time_ns),
        memory_bytes: args.max_memory.unwrap_or(defaults.memory_bytes),
        output_bytes: args.max_output.unwrap_or(defaults.output_bytes),
        ..defaults
    }
}

/// Writes what the program wrote, in order.
fn pass_on(output: &[OutputChunk]) -> std::io::Result<()> {
    let (mut out, mut err) = (std::io::stdout().lock(), std::io::stderr().lock());
    for chunk in output {
        match chunk.stream {
            Stream::Stdout => out.write_all(&chunk.bytes)?,
            Stream::Stderr => {
                out.flush()?;
                err.write_all(&chunk.bytes)?;
            }
        }
    }
    out.flush()
}

/// Says how the run ended, where the program did not end it.
fn tell(outcome: &Outcome) {
    match &outcome.kind {
        Kind::Finished | Kind::Stopped => {}
        Kind::Deadlock(_, text) => eprint!("{text}"),
        Kind::LimitReached(sentence) | Kind::Schedule(sentence) => eprintln!("heddle: {sentence}"),
    }
}

fn write_results(args: &RunArgs, run: &Run) -> Result<(), String> {
    let write = |path: &String, bytes: &[u8]| {
        std::fs::write(path, bytes).map_err(|error| format!("\"{path}\" cannot be written: {error}."))
    };
    if let Some(path) = &args.trace {
        write(path, &crate::export::trace(path, run))?;
    }
    if let Some(path) = &args.csv {
        write(path, run.trace().to_csv().as_bytes())?;
    }
    if let Some(path) = &args.firefox {
        write(path, run.trace().to_firefox().as_bytes())?;
    }
    if let Some(path) = &args.svg {
        write(path, crate::export::svg(run).as_bytes())?;
    }
    if let Some(path) = &args.save_schedule {
        write(path, run.schedule().as_bytes())?;
    }
    if args.stats {
        eprint!("{}{}", run.stats().to_text(), crate::export::counters(run));
    }
    if let Some(path) = &args.stats_json {
        write(path, crate::export::stats_json(run).as_bytes())?;
    }
    if args.hash {
        eprintln!("trace hash: {}", run.trace_hash());
    }
    Ok(())
}
