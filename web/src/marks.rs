//! What a moment of the run draws into the editor: a chip for each thread at its line, the line tinted by what it does.

use crate::state::files::PROGRAM;
use crate::state::own_place;
use crate::state::recording::Data;
use heddle_timeline::{LaneKey, Slice, SliceRef, What};
use heddle_trace::{EventKind, Nanos, Scene, StateClass, ThreadKey, Trace};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// What a thread does at a line.
struct Mark {
    hue: u8,
    chip: String,
    class: StateClass,
    title: String,
}

/// The marks of a moment as the editor takes them (`Editor::set_marks`): those in this file, where there are several.
pub fn of_moment(data: &Data, moment: Nanos, file: Option<&str>, scene: Option<&Scene>) -> String {
    let mut lines: BTreeMap<u32, Vec<Mark>> = BTreeMap::new();
    for person in data.timeline.people().threads() {
        let lane = LaneKey::Thread(person.key);
        let Some(at) = data.timeline.slice_at(lane, moment) else {
            continue;
        };
        let Some(slice) = data.timeline.slice(at) else { continue };
        // The images know exactly where it stands; the trace, where it stood when its slice began.
        let stands = scene.and_then(|scene| own_place_of(scene, person.key));
        let in_file = stands.map_or_else(|| file_of(data, lane, at.index).unwrap_or(PROGRAM), |(file, _)| file);
        if let Some(file) = file
            && !names(in_file, file)
        {
            continue;
        }
        let What::State(state) = &slice.what else { continue };
        let class = state.class();
        let line = stands.map(|(_, line)| line).or_else(|| line_of(&data.trace, slice));
        let Some(line) = line.filter(|_| class != StateClass::Finished) else {
            continue;
        };
        let words = data
            .timeline
            .slice_text(&data.trace, lane, slice, moment)
            .unwrap_or_else(|| class.word().to_owned());
        let title = format!("{}: {words}", person.name);
        lines.entry(line).or_default().push(Mark {
            hue: person.hue,
            chip: person.chip.clone(),
            class,
            title,
        });
    }
    Value::from(
        lines
            .into_iter()
            .map(|(line, marks)| of_line(line, &marks))
            .collect::<Vec<_>>(),
    )
    .to_string()
}

fn own_place_of(scene: &Scene, key: ThreadKey) -> Option<(&str, u32)> {
    let process = scene.processes.iter().find(|one| one.process == key.process)?;
    own_place(process.threads.iter().find(|one| one.thread == key.thread)?)
}

fn of_line(line: u32, marks: &[Mark]) -> Value {
    let runs = |mark: &Mark| matches!(mark.class, StateClass::Running | StateClass::Native);
    let running = marks.iter().find(|mark| runs(mark));
    let hue = running.or(marks.first()).map_or(0, |mark| mark.hue);
    let tint = match (running, marks.first().map(|mark| mark.class)) {
        (Some(_), _) => "run",
        (None, Some(StateClass::GilWait)) => "wg",
        (None, Some(StateClass::Blocked)) => "wl",
        (None, Some(StateClass::Ready)) => "wc",
        _ => "wi",
    };
    let chips: Vec<_> = marks
        .iter()
        .map(|mark| json!({"hue": mark.hue, "text": mark.chip, "runs": runs(mark), "title": mark.title}))
        .collect();
    json!({"line": line, "tint": tint, "hue": hue, "chips": chips})
}

/// Whether a path of the trace means this file of the scenario.
pub fn names(path: &str, file: &str) -> bool {
    path.strip_suffix(file)
        .is_some_and(|rest| rest.is_empty() || rest.ends_with('/'))
}

/// How many slices are looked at for one that says in which file its thread was.
const NEAR: u32 = 64;

/// The file in which a thread stands in a slice: that in which it ran last, or else runs next.
pub fn file_of(data: &Data, lane: LaneKey, index: u32) -> Option<&str> {
    let before = (index.saturating_sub(NEAR)..=index).rev();
    let after = index.saturating_add(1)..=index.saturating_add(NEAR);
    before.chain(after).find_map(|index| {
        let slice = data.timeline.slice(SliceRef { lane, row: 0, index })?;
        match data.trace.events.get(slice.run? as usize).map(|event| &event.kind)? {
            EventKind::Ran(run) => Some(data.trace.text(run.file)),
            _ => None,
        }
    })
}

/// The line of the program at which a thread stands in a slice: while it runs the line at which the slice began, else
/// the one recorded with the state. `None` when it is in the library alone.
pub fn line_of(trace: &Trace, slice: &Slice) -> Option<u32> {
    let event = |index: u32| trace.events.get(index as usize).map(|event| &event.kind);
    if let Some(EventKind::Ran(run)) = slice.run.and_then(event)
        && !trace.text(run.file).starts_with("/usr/lib/")
        && run.first_line > 0
    {
        return Some(run.first_line);
    }
    match event(slice.event) {
        Some(EventKind::State { line, .. }) if *line > 0 => Some(*line),
        _ => None,
    }
}
