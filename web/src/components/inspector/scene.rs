//! The moment t as the process images have it: stacks, variables that unfold, locks with owner and waiters, globals.

use crate::components::chip::thread_chip;
use crate::components::page::Page;
use crate::marks::names;
use crate::state::recording::Data;
use crate::state::seen::is_own;
use crate::state::survey::Deed;
use crate::state::{Action, own_place};
use heddle_timeline::LaneKey;
use heddle_trace::{
    FrameScene, Glimpse, Handle, ObjectClass, ProcessId, ProcessScene, Scene, Scope, Thing, ThreadId, ThreadKey,
    ThreadScene, Variable, Watched,
};
use std::rc::Rc;
use yew::prelude::*;

/// Values within values are unfolded down to here.
const DEEPEST: usize = 12;

/// What of the scene concerns a thread.
pub fn of_thread(scene: &Scene, key: ThreadKey) -> Option<(&ProcessScene, &ThreadScene)> {
    let process = scene.processes.iter().find(|one| one.process == key.process)?;
    let thread = process.threads.iter().find(|one| one.thread == key.thread)?;
    Some((process, thread))
}

/// A thread's calls: the innermost one of the program with its variables, the others to be opened.
pub fn stack(page: &Page, process: &ProcessScene, thread: &ThreadScene) -> Html {
    let own = own_place(thread);
    let first_own = thread
        .stack
        .iter()
        .position(|frame| own.is_some_and(|(file, line)| frame.file == file && frame.line == line))
        .unwrap_or(0);
    let call = |(at, frame): (usize, &FrameScene)| {
        let show = show_line(page, frame);
        let local = if is_own(&frame.file) {
            Owner::Local(&frame.function)
        } else {
            Owner::Nobody
        };
        html! {
            <details class="call" open={at == first_own} onclick={Callback::from(|event: MouseEvent| event.stop_propagation())}>
                <summary class="frame"><b>{ short_name(&frame.function) }</b>
                    if frame.line > 0 { <button class="t3 plain" onclick={show}>{ place(frame) }</button> }
                </summary>
                { variables(page, process, &frame.variables, 0, local) }
            </details>
        }
    };
    html! {
        <div class="stack">
            { for thread.stack.iter().enumerate().map(call) }
            if thread.more_frames > 0 { <p class="t3 s11">{ format!("and {} more calls", thread.more_frames) }</p> }
        </div>
    }
}

/// The last part of a qualified name is what people know.
fn short_name(function: &str) -> String {
    function.rsplit("<locals>.").next().unwrap_or(function).to_owned()
}

fn place(frame: &FrameScene) -> String {
    match frame.file.strip_prefix("/usr/lib/") {
        Some(file) => format!("{}:{}", file.rsplit('/').next().unwrap_or(file), frame.line),
        None => format!("line {}", frame.line),
    }
}

fn show_line(page: &Page, frame: &FrameScene) -> Callback<MouseEvent> {
    let file = page.lab.files.names().position(|own| names(&frame.file, own));
    let (page, line) = (page.clone(), frame.line);
    Callback::from(move |event: MouseEvent| {
        event.stop_propagation();
        event.prevent_default();
        if let Some(file) = file {
            page.show(file, line);
        }
    })
}

/// Names and values; those with an inside unfold.
fn variables(page: &Page, process: &ProcessScene, all: &[Variable], deep: usize, owner: Owner) -> Html {
    if all.is_empty() {
        return Html::default();
    }
    html! { <ul class="vars-list" role={if deep == 0 { "tree" } else { "group" }}>{ for all.iter().map(|one| variable(page, process, one, deep, owner)) }</ul> }
}

fn variable(page: &Page, process: &ProcessScene, one: &Variable, deep: usize, owner: Owner) -> Html {
    let Glimpse { text, class, handle } = &one.value;
    let inside = handle.and_then(|handle| process.insides.iter().find(|inside| inside.of == handle));
    let is_open = handle.is_some_and(|handle| page.lab.seen.unfolded.contains(&(process.process, handle)));
    let line = html! { <><span class="name">{ one.name.clone() }</span><span class="value" title={class.clone()}>{ text.clone() }</span></> };
    match handle {
        Some(handle) if deep < DEEPEST => html! {
            <li role="treeitem" aria-expanded={is_open.to_string()}>
                <button class="fold" onclick={unfold(page, process.process, *handle)}><i aria-hidden="true">{ if is_open { "▾" } else { "▸" } }</i>{ line }</button>
                { watch(page, one, owner) }
                if is_open { { inside.map_or_else(Html::default, |inside| scope(page, process, &inside.scope, deep + 1, Owner::Class(class))) } }
            </li>
        },
        _ => html! { <li role="treeitem"><i aria-hidden="true"></i>{ line }{ watch(page, one, owner) }</li> },
    }
}

fn scope(page: &Page, process: &ProcessScene, scope: &Scope, deep: usize, owner: Owner) -> Html {
    html! {
        <>
            { variables(page, process, &scope.variables, deep, owner) }
            if scope.more > 0 { <p class="t3 s11">{ format!("and {} more", scope.more) }</p> }
        </>
    }
}

/// Whose variables they are.
#[derive(Clone, Copy)]
enum Owner<'a> {
    /// A module's, by its name.
    Module(&'a str),
    /// A function's, by its qualified name.
    Local(&'a str),
    /// An object's, by the name of its class.
    Class(&'a str),
    /// Nobody's whose writes can be watched.
    Nobody,
}

/// The button that has the writes of a variable noted.
fn watch(page: &Page, one: &Variable, owner: Owner) -> Html {
    let text = match owner {
        Owner::Module("__main__") => one.name.clone(),
        Owner::Module(module) => format!("{}.py:{}", module.replace('.', "/"), one.name),
        Owner::Local(of) | Owner::Class(of) => format!("{of}.{}", one.name),
        Owner::Nobody => return Html::default(),
    };
    let Ok(watched) = Watched::parse(&text) else {
        return Html::default();
    };
    if page.lab.survey.watched.contains(&watched) {
        return Html::default();
    }
    let title = format!("Watch {text}: who writes it, when, and which updates are lost");
    html! { <button class="eye" aria-label={title.clone()} {title} onclick={page.on(move || Action::Survey(Deed::Watch(watched.clone())))}>{ "watch" }</button> }
}

fn unfold(page: &Page, process: ProcessId, handle: Handle) -> Callback<MouseEvent> {
    let page = page.clone();
    Callback::from(move |event: MouseEvent| {
        event.stop_propagation();
        page.send(Action::Unfold(process, handle));
    })
}

/// Locks, conditions, queues: who holds them, who waits, what is in them; and the globals. Process by process.
pub fn rest(page: &Page, data: &Data, scene: &Rc<Scene>) -> Html {
    let several = scene.processes.len() > 1;
    let one = |process: &ProcessScene| {
        let title = |words: &str| match several {
            true => format!("{words} of process {}", process.process.number()),
            false => words.to_owned(),
        };
        let things: Vec<&Thing> = process
            .things
            .iter()
            .filter(|thing| thing.class != ObjectClass::Other)
            .collect();
        html! {
            <>
                if !things.is_empty() {
                    <section class="card" aria-label={title("Between threads")} style="margin-top:8px">
                        <h3 class="lbl">{ title("Between threads") }</h3>
                        <table class="kv things"><tbody>{ for things.into_iter().map(|thing| row(data, process.process, thing)) }</tbody></table>
                    </section>
                }
                { for process.modules.iter().filter(|module| !module.variables.is_empty()).map(|module| globals(page, process, module, several)) }
            </>
        }
    };
    html! { <>{ for scene.processes.iter().map(one) }</> }
}

fn row(data: &Data, process: ProcessId, thing: &Thing) -> Html {
    let chip = |thread: ThreadId, runs: bool| thread_chip(&data.timeline, ThreadKey { process, thread }, runs);
    let contents: Vec<&str> = thing.contents.iter().map(|item| item.text.as_str()).collect();
    html! {
        <tr>
            <td class="t3">{ thing.class.word() }</td>
            <td><code>{ thing.name.clone() }</code></td>
            <td class="wide">
                if let Some(owner) = thing.owner { <>{ "held by " }{ chip(owner, true) }{ " " }</> } else if !thing.standing.is_empty() { { format!("{} ", thing.standing) } }
                if !contents.is_empty() { <code class="t2">{ contents.join(", ") }</code> }
                if !thing.waiters.is_empty() { <>{ " · " }<span class="t3">{ "waiting " }</span>{ for thing.waiters.iter().map(|thread| html! { <>{ chip(*thread, false) }{ " " }</> }) }</> }
            </td>
        </tr>
    }
}

fn globals(page: &Page, process: &ProcessScene, module: &Scope, several: bool) -> Html {
    let of = if several {
        format!(" of process {}", process.process.number())
    } else {
        String::new()
    };
    let title = match module.name.as_str() {
        "__main__" => format!("Globals{of}"),
        name => format!("Globals of {name}{of}"),
    };
    html! {
        <section class="card" aria-label={title.clone()} style="margin-top:8px">
            <h3 class="lbl">{ title }</h3>
            { scope(page, process, module, 0, Owner::Module(&module.name)) }
        </section>
    }
}

/// The lane of a thread, for steps of it alone.
pub fn lane_of(lane: Option<LaneKey>) -> Option<ThreadKey> {
    match lane {
        Some(LaneKey::Thread(key)) => Some(key),
        _ => None,
    }
}
