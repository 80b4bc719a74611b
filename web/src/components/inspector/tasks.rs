//! The State tab's part on event loops: what blocks them, what each task does at the moment t, and of the selected task its await chain,
//! who made it and whom it made.

use crate::components::chip::chip;
use crate::components::page::Page;
use crate::components::timeline::{card, keys};
use crate::marks::names;
use crate::state::recording::Data;
use heddle_timeline::{LaneKey, Task, TaskKey, What, chain_of, duration, end_word, moment};
use heddle_trace::{LoopId, Nanos, ProcessId, StateClass, TaskId};
use yew::prelude::*;

/// At most so many tasks are listed: those that do something first.
const MOST_ROWS: usize = 40;
/// At most so many children of a task are named.
const MOST_CHILDREN: usize = 24;

/// See the module; nothing where no loop ran.
pub fn tasks(page: &Page, data: &Data, at: Nanos) -> Html {
    let loops = data.timeline.loops();
    html! { <>{ for loops.map(|(process, id, _)| event_loop(page, data, (process, id), at)) }{ selected(page, data, at) }</> }
}

fn event_loop(page: &Page, data: &Data, (process, id): (ProcessId, LoopId), at: Nanos) -> Html {
    html! {
        <>
            { blocked(page, data, (process, id)) }
            { table(page, data, (process, id), at) }
        </>
    }
}

/// The callback that blocked the loop longest, and how often that happened.
fn blocked(page: &Page, data: &Data, (process, id): (ProcessId, LoopId)) -> Html {
    let all = data.timeline.all_blocked(&data.trace, process, id);
    let Some(worst) = all.iter().max_by_key(|one| one.span.1 - one.span.0) else {
        return Html::default();
    };
    let sum: Nanos = all.iter().map(|one| one.span.1 - one.span.0).sum();
    let times = crate::state::words::count(all.len(), "time");
    let waited = worst.waited.iter().take(3).filter_map(|(task, ns)| {
        let task = data.timeline.task((process, *task))?;
        Some(html! { <>{ " " }{ chip(task.hue, &task.chip, false) }{ " waits " }<span class="num">{ duration(*ns) }</span></> })
    });
    let go = {
        let (page, start) = (page.clone(), worst.span.0);
        Callback::from(move |_: MouseEvent| {
            keys::go_to(&page, start);
            keys::select_at(&page, Some(LaneKey::Loop(process, id)), start);
        })
    };
    html! {
        <div class="card" style="margin-bottom:8px;border-left:3px solid var(--bad)" onclick={go}>
            <div class="row"><b class="b">{ format!("{} blocks the loop", worst.name) }</b><span class="grow"></span><span class="num" style="color:var(--bad)">{ format!("{times}, {}", duration(sum)) }</span></div>
            <p class="t2 s12" style="margin-top:2px">
                { format!("Between {} and {} no other task runs.", moment(worst.span.0), moment(worst.span.1)) }
                { for waited }
                { " Work that takes long belongs into " }<span class="mono">{ "await asyncio.to_thread(…)" }</span>{ "; waiting into " }<span class="mono">{ "await asyncio.sleep(…)" }</span>{ "." }
            </p>
        </div>
    }
}

/// What the loop's tasks do at the moment.
fn table(page: &Page, data: &Data, (process, id): (ProcessId, LoopId), at: Nanos) -> Html {
    let Some((_, _, one)) = data.timeline.loops().find(|(p, l, _)| (*p, *l) == (process, id)) else {
        return Html::default();
    };
    let mut rows: Vec<(u8, TaskId, &Task)> = Vec::new();
    let mut over = 0usize;
    for task in &one.tasks {
        let Some(known) = data.timeline.task((process, *task)) else {
            continue;
        };
        let ended = known.end.is_some_and(|(end, _)| end <= at);
        if ended || known.created > at {
            over += usize::from(ended);
            continue;
        }
        let slice = data.timeline.slice_at(LaneKey::Task(process, *task), at);
        let order = match slice
            .and_then(|slice| data.timeline.slice(slice))
            .map(|slice| &slice.what)
        {
            Some(What::Task(state)) => match state.class() {
                StateClass::Running => 0,
                StateClass::Ready => 1,
                _ => 2,
            },
            _ => 3,
        };
        rows.push((order, *task, known));
    }
    rows.sort_by_key(|(order, task, _)| (*order, *task));
    let more = rows.len().saturating_sub(MOST_ROWS);
    let rows = rows
        .into_iter()
        .take(MOST_ROWS)
        .map(|(_, task, known)| row(page, data, (process, task), known, at));
    html! {
        <div class="card" style="padding:6px 12px;margin-bottom:8px">
            <table class="kv ev tasks" style="font-size:12px">
                <thead><tr class="lbl"><th>{ "task" }</th><th>{ "state" }</th><th>{ "stands at" }</th><th style="text-align:right">{ "for" }</th></tr></thead>
                <tbody>{ for rows }</tbody>
            </table>
            if more > 0 { <p class="t3 s12">{ format!("and {}", crate::state::words::count(more, "more task")) }</p> }
            if over > 0 { <p class="t3 s12">{ format!("{} over", crate::state::words::count(over, "task")) }</p> }
        </div>
    }
}

fn row(page: &Page, data: &Data, key: TaskKey, task: &Task, at: Nanos) -> Html {
    let lane = LaneKey::Task(key.0, key.1);
    let reference = data.timeline.slice_at(lane, at);
    let slice = reference.and_then(|reference| data.timeline.slice(reference));
    let words = reference.and_then(|reference| data.timeline.describe(&data.trace, reference));
    let class = match slice.map(|slice| &slice.what) {
        Some(What::Task(state)) => state.class(),
        _ => StateClass::Joining,
    };
    let tag = match class {
        StateClass::Running => "tag acc",
        StateClass::Blocked => "tag lock",
        StateClass::Ready => "tag core",
        _ => "tag idle",
    };
    let chain = slice.map(|slice| chain_of(&data.trace, slice)).unwrap_or_default();
    // The innermost place in the program's own files.
    let place = chain.iter().rev().find(|row| file_place(page, row.file).is_some());
    let place = place
        .or(chain.first())
        .map(|row| format!("{}, line {}", row.function, row.line));
    let choose = {
        let page = page.clone();
        Callback::from(move |_: MouseEvent| keys::select_at(&page, Some(lane), at))
    };
    html! {
        <tr onclick={choose}>
            <td>{ chip(task.hue, &task.chip, class == StateClass::Running) }</td>
            <td><span class={tag}>{ words.map(|words| words.title).unwrap_or_default() }</span></td>
            <td class="mono t2">{ place.unwrap_or_default() }</td>
            <td class="num" style="text-align:right">{ slice.map(|slice| duration(at.saturating_sub(slice.start))).unwrap_or_default() }</td>
        </tr>
    }
}

/// Which of the person's files a path of the trace is.
fn file_place(page: &Page, path: &str) -> Option<usize> {
    page.lab.files.names().position(|one| names(path, one))
}

/// The card of the selected task.
fn selected(page: &Page, data: &Data, at: Nanos) -> Html {
    let Some(LaneKey::Task(process, id)) = page.lab.view.selection.lane else {
        return Html::default();
    };
    let key = (process, id);
    let Some(task) = data.timeline.task(key) else {
        return Html::default();
    };
    let reference = data.timeline.slice_at(LaneKey::Task(process, id), at);
    let slice = reference.and_then(|reference| data.timeline.slice(reference));
    let words = reference.and_then(|reference| data.timeline.describe(&data.trace, reference));
    let chain = slice.map(|slice| chain_of(&data.trace, slice)).unwrap_or_default();
    let made = task
        .made_at
        .as_ref()
        .map(|(function, _, line)| format!("{function}, line {line}"));
    let end = task
        .end
        .map(|(end, how)| format!("{} at {}", end_word(how), moment(end)));
    let group = task
        .group
        .and_then(|group| data.timeline.task_group(process, group)?.span());
    html! {
        <div class="card task-card" style="margin-bottom:8px">
            <div class="row" style="margin-bottom:6px">{ chip(task.hue, &task.chip, false) }<b class="b">{ task.name.clone() }</b><span class="t3">{ task.coroutine.clone() }</span></div>
            if let Some(words) = words { <p class="s12 t2">{ words.title.clone() }{ ". " }{ card::sentence(&words.why, true) }</p> }
            if !chain.is_empty() {
                <div class="lbl" style="margin:8px 0 2px">{ "Await chain" }</div>
                <ol class="chain">{ for chain.iter().map(|row| link(page, row.function, row.file, row.line)) }</ol>
            }
            <div class="lbl" style="margin:8px 0 2px">{ "Family" }</div>
            <p class="s12 t2">
                { match task.parent.and_then(|parent| Some((parent, data.timeline.task((process, parent))?))) {
                    Some((parent, by)) => html! { <>{ "made by " }{ task_chip(page, (process, parent), by, at) }</> },
                    None => html! { { "made outside of any task" } },
                } }
                if let Some(made) = made { { format!(" at {made}") } }
                if let Some((from, to)) = group {
                    { match to {
                        Some(to) => format!("; in a task group, open from {} to {}", moment(from), moment(to)),
                        None => format!("; in a task group, open since {}", moment(from)),
                    } }
                }
                if let Some(end) = end { { format!("; {end}") } }
                { "." }
            </p>
            { children(page, data, key, at) }
        </div>
    }
}

/// One activation of the chain; those in the person's own files lead to their line.
fn link(page: &Page, function: &str, path: &str, line: u32) -> Html {
    let short = path.rsplit('/').next().unwrap_or(path);
    let text = format!("{short}, line {line}");
    match file_place(page, path) {
        Some(file) => {
            let page = page.clone();
            let show = Callback::from(move |_: MouseEvent| page.show(file, line));
            html! { <li><b class="mono">{ function.to_owned() }</b>{ " " }<button class="link" onclick={show}>{ text }</button></li> }
        }
        None => {
            html! { <li class="t3"><span class="mono">{ function.to_owned() }</span>{ " " }<span>{ text }</span></li> }
        }
    }
}

fn task_chip(page: &Page, key: TaskKey, task: &Task, at: Nanos) -> Html {
    let choose = {
        let page = page.clone();
        Callback::from(move |_: MouseEvent| keys::select_at(&page, Some(LaneKey::Task(key.0, key.1)), at))
    };
    html! { <button class="bare" onclick={choose}>{ chip(task.hue, &task.chip, false) }</button> }
}

/// The tree below a task: its children, and how many each of them made.
fn children(page: &Page, data: &Data, key: TaskKey, at: Nanos) -> Html {
    let all: Vec<(TaskId, &Task)> = data.timeline.children(key).take(MOST_CHILDREN + 1).collect();
    if all.is_empty() {
        return Html::default();
    }
    let more = all.len() > MOST_CHILDREN;
    let rows = all.into_iter().take(MOST_CHILDREN).map(|(id, task)| {
        let below = data.timeline.children((key.0, id)).take(MOST_CHILDREN).count();
        html! { <li>{ task_chip(page, (key.0, id), task, at) }{ " " }{ task.coroutine.clone() }if below > 0 { <span class="t3">{ format!(", made {below}") }</span> }</li> }
    });
    html! { <ul class="chain">{ for rows }if more { <li class="t3">{ "and more" }</li> }</ul> }
}
