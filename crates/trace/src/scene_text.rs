//! A scene as text, for terminals.

use crate::{ProcessScene, Scene, Scope, Thing, ThreadId, ThreadScene, ThreadState, Variable};
use std::fmt::{Display, Formatter, Result};

impl Display for Scene {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let several = self.processes.len() > 1;
        for process in &self.processes {
            if several {
                writeln!(f, "process {}", process.process.number())?;
            }
            write_process(f, process)?;
        }
        if self.processes.is_empty() {
            writeln!(f, "everything is over")?;
        }
        Ok(())
    }
}

fn write_process(f: &mut Formatter<'_>, process: &ProcessScene) -> Result {
    let name = |thread: ThreadId| {
        let known = process.threads.iter().find(|one| one.thread == thread);
        known.map_or_else(|| format!("thread {}", thread.0), |one| one.name.clone())
    };
    let names = |threads: &mut dyn Iterator<Item = ThreadId>| threads.map(name).collect::<Vec<_>>().join(", ");
    for thread in &process.threads {
        write_thread(f, thread, &name)?;
    }
    if process.more_threads > 0 {
        writeln!(f, "and {} more threads", process.more_threads)?;
    }
    for gil in &process.gils {
        let holder = gil
            .holder
            .map_or_else(|| "free".to_owned(), |holder| format!("held by {}", name(holder)));
        let asked = if gil.is_asked { ", who is asked to let go" } else { "" };
        write!(f, "GIL {}: {holder}{asked}", gil.gil.0)?;
        if !gil.waiters.is_empty() {
            write!(
                f,
                "; waiting: {}",
                names(&mut gil.waiters.iter().map(|(thread, _)| *thread))
            )?;
        }
        writeln!(f)?;
    }
    for thing in &process.things {
        write_thing(f, thing, &name)?;
    }
    for scope in process.modules.iter().filter(|scope| !scope.variables.is_empty()) {
        writeln!(f, "globals of {}", scope.name)?;
        write_scope(f, scope)?;
    }
    Ok(())
}

fn write_thread(f: &mut Formatter<'_>, thread: &ThreadScene, name: &dyn Fn(ThreadId) -> String) -> Result {
    let state = match thread.state {
        ThreadState::Running { core } => format!("runs on core {}", core.0),
        ThreadState::Native { core } => format!("runs C code on core {}", core.0),
        ThreadState::Blocked(_) => match thread.held_by {
            Some(holder) => format!("waits for {}, held by {}", thread.waits_for, name(holder)),
            None => format!("waits for {}", thread.waits_for),
        },
        other => other.class().word().to_owned(),
    };
    writeln!(f, "{}: {state}", thread.name)?;
    for frame in &thread.stack {
        writeln!(f, "  {} ({}:{})", frame.function, frame.file, frame.line)?;
        write_variables(f, "    ", &frame.variables)?;
    }
    if thread.more_frames > 0 {
        writeln!(f, "  and {} more calls", thread.more_frames)?;
    }
    Ok(())
}

fn write_thing(f: &mut Formatter<'_>, thing: &Thing, name: &dyn Fn(ThreadId) -> String) -> Result {
    write!(f, "{} {}", thing.class.word(), thing.name)?;
    if !thing.standing.is_empty() {
        write!(f, ": {}", thing.standing)?;
    }
    if let Some(owner) = thing.owner {
        write!(f, ", held by {}", name(owner))?;
    }
    if !thing.contents.is_empty() {
        let contents: Vec<&str> = thing.contents.iter().map(|item| item.text.as_str()).collect();
        write!(f, "; in it: {}", contents.join(", "))?;
    }
    if !thing.waiters.is_empty() {
        let waiters: Vec<String> = thing.waiters.iter().map(|&thread| name(thread)).collect();
        write!(f, "; waiting: {}", waiters.join(", "))?;
    }
    writeln!(f)
}

fn write_scope(f: &mut Formatter<'_>, scope: &Scope) -> Result {
    write_variables(f, "  ", &scope.variables)?;
    if scope.more > 0 {
        writeln!(f, "  and {} more", scope.more)?;
    }
    Ok(())
}

fn write_variables(f: &mut Formatter<'_>, indent: &str, variables: &[Variable]) -> Result {
    variables
        .iter()
        .try_for_each(|variable| writeln!(f, "{indent}{} = {}", variable.name, variable.value.text))
}
