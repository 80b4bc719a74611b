//! The State tab: what everybody does at the moment t, and what happened around it.

use super::MOST_CARDS;
use crate::components::chip::{thread_and_home, thread_chip};
use crate::components::icon::Icon;
use crate::components::page::{Page, use_page};
use crate::components::timeline::{card, keys};
use crate::marks::{file_of, line_of, names};
use crate::state::recording::Data;
use heddle_timeline::{ChannelNow, LaneKey, Person, ProcessNow, SliceRef, What, duration, moment};
use heddle_trace::{EventKind, GilId, Nanos, ProcessId, StateClass, ThreadKey};
use yew::prelude::*;

/// How many events are listed around the moment.
const AROUND: usize = 8;

/// See the module.
#[function_component(StateTab)]
pub fn state_tab() -> Html {
    let page = use_page();
    if page.lab.recording.is_empty() {
        return html! { <p class="t3 s12">{ "Run the program, then click on the timeline: here stands what each thread does at that moment." }</p> };
    }
    let data = page.lab.recording.read();
    let at = page.lab.view.moment;
    let step = |deed| {
        let page = page.clone();
        Callback::from(move |_: MouseEvent| keys::act(&page, deed))
    };
    let whose = match super::scene::lane_of(page.lab.view.selection.lane) {
        Some(key) => format!("Step {}", data.timeline.people().chip(key)),
        None => "Step whoever runs".to_owned(),
    };
    let survey = &page.lab.survey;
    let survey_is_used = !(survey.breakpoints.is_empty() && survey.watched.is_empty());
    let threads = data.timeline.people().threads().iter();
    let mut living = threads.filter_map(|person| thread(&page, &data, person, at));
    html! {
        <>
            <div class="moment">
                <span>{ "At " }<b class="num" style="color:var(--accent-ink)">{ moment(at) }</b></span>
                <span class="t3">{ headline(&data, at) }</span><span class="grow"></span>
                <button class="btn sm" aria-label="Previous event" title="To the switch before" onclick={step(keys::Deed::StepBack)}>{ Icon::Back.html() }{ "event" }</button>
                <button class="btn sm" aria-label="Next event" title="To the next switch" onclick={step(keys::Deed::StepOn)}>{ "event" }{ Icon::Next.html() }</button>
            </div>
            <div class="moment" role="group" aria-label={whose.clone()}>
                <span class="t3">{ whose }</span><span class="grow"></span>
                <button class="btn sm" aria-label="Back a line" title="Back a line (Left)" onclick={step(keys::Deed::LineBack)}>{ Icon::Back.html() }{ "line" }</button>
                <button class="btn sm" aria-label="On a line" title="On a line (Right)" onclick={step(keys::Deed::LineOn)}>{ "line" }{ Icon::Next.html() }</button>
                <button class="btn sm" aria-label="Back an instruction" title="Back an instruction (,)" onclick={step(keys::Deed::InstructionBack)}>{ Icon::Back.html() }{ "instruction" }</button>
                <button class="btn sm" aria-label="On an instruction" title="On an instruction (.)" onclick={step(keys::Deed::InstructionOn)}>{ "instruction" }{ Icon::Next.html() }</button>
            </div>
            { super::tasks::tasks(&page, &data, at) }
            if survey_is_used { { super::watches::watches(&page, &data, at) } }
            { gil(&data, at) }
            <div class="grid3">{ for living.by_ref().take(MOST_CARDS) }</div>
            { super::left_out(living.count(), "thread") }
            { processes(&data, at) }
            if let Some(scene) = page.lab.seen.at(at) { { super::scene::rest(&page, &data, scene) } }
            if !survey_is_used { { super::watches::watches(&page, &data, at) } }
            <div class="lbl" style="margin:14px 0 4px">{ "Around this moment" }</div>
            { around(&page, &data, at) }
        </>
    }
}

/// Which threads run where.
fn headline(data: &Data, at: Nanos) -> String {
    let mut words = Vec::new();
    for core in 0..data.trace.header.cores {
        let lane = LaneKey::Core(core);
        let owner = data
            .timeline
            .slice_at(lane, at)
            .and_then(|slice| data.timeline.slice(slice))
            .map(|slice| &slice.what);
        if let Some(What::Owned(key)) = owner {
            words.push(format!(
                "{} runs {}",
                data.timeline.core_name(core),
                data.timeline.people().chip(*key)
            ));
        }
    }
    if words.is_empty() {
        "all cores are idle".to_owned()
    } else {
        words.into_iter().take(3).collect::<Vec<_>>().join(", ")
    }
}

/// The GIL: its holder, since when, and how long the waiters have waited.
fn gil(data: &Data, at: Nanos) -> Html {
    // The first process's main interpreter; other GILs have their lanes.
    let (process, gil) = (ProcessId(1), GilId(0));
    let held = LaneKey::GilHeld(process, gil);
    let Some(slice) = data
        .timeline
        .slice_at(held, at)
        .and_then(|slice| data.timeline.slice(slice))
    else {
        return Html::default();
    };
    let interval = data.trace.header.switch_interval_ns.max(1);
    let owner = match slice.what {
        What::Owned(key) => {
            html! { <><span class="t3">{ "held by" }</span>{ thread_chip(&data.timeline, key, true) }<span class="t3">{ "for" }</span><span class="num">{ duration(at.saturating_sub(slice.start)) }</span></> }
        }
        _ => html! { <span class="t3">{ "is free" }</span> },
    };
    let waiting = data.timeline.people().threads().iter().filter_map(|person| {
        let slice = data
            .timeline
            .slice(data.timeline.slice_at(LaneKey::Thread(person.key), at)?)?;
        match slice.what {
            What::State(state) if state.class() == StateClass::GilWait => {
                Some((person.key, at.saturating_sub(slice.start)))
            }
            _ => None,
        }
    });
    html! {
        <div class="card" style="margin-bottom:8px">
            <div class="row"><b class="b">{ "GIL" }</b>{ owner }</div>
            { for waiting.map(|(key, waited)| waiter(data, key, waited, interval)) }
        </div>
    }
}

/// The processes, where there are several, and what is in the pipes between them.
fn processes(data: &Data, at: Nanos) -> Html {
    let all = data.timeline.processes_at(at);
    if all.is_empty() {
        return Html::default();
    }
    let row = |one: &ProcessNow| {
        html! {
            <tr>
                <td class="who">{ thread_chip(&data.timeline, one.main, one.lives) }</td>
                <td class="nowrap">{ format!("pid {}", one.main.process.number()) }</td>
                <td class="nowrap t3">if let Some((by, how)) = one.started { { format!("{how} by ") }{ thread_chip(&data.timeline, by, true) } }</td>
                <td class="wide">{ one.state.clone() }</td>
            </tr>
        }
    };
    let pipe = |one: &ChannelNow| {
        html! { <tr><td class="nowrap">{ one.name.clone() }</td><td class="nowrap">{ one.messages.clone() }</td><td class="wide t3">{ one.bytes.clone() }</td></tr> }
    };
    let pipes = data.timeline.channels_at(at);
    html! {
        <section class="card" aria-label="Processes" style="margin-top:8px">
            <h3 class="lbl">{ "Processes" }</h3>
            <table class="kv" aria-label="Processes at this moment"><tbody>{ for all.iter().take(MOST_CARDS).map(row) }</tbody></table>
            { super::left_out(all.len().saturating_sub(MOST_CARDS), "process") }
            if !pipes.is_empty() {
                <h3 class="lbl" style="margin-top:8px">{ "In pipes and queues" }</h3>
                <table class="kv" aria-label="In pipes and queues at this moment"><tbody>{ for pipes.iter().take(MOST_CARDS).map(pipe) }</tbody></table>
                { super::left_out(pipes.len().saturating_sub(MOST_CARDS), "pipe") }
            }
        </section>
    }
}

fn waiter(data: &Data, key: ThreadKey, waited: Nanos, interval: Nanos) -> Html {
    let share = (waited % interval) as f64 / interval as f64 * 100.0;
    html! {
        <div style="margin-top:8px;display:grid;grid-template-columns:52px 1fr auto;gap:8px;align-items:center">
            <span>{ thread_chip(&data.timeline, key, false) }</span>
            <span style="height:10px;background:var(--hover);border-radius:1px;overflow:hidden"><i style={format!("display:block;height:10px;width:{share:.0}%;background:repeating-linear-gradient(135deg,var(--gil) 0 2.4px,var(--gil-soft) 2.4px 6px)")}></i></span>
            <span class="s11 t2">{ "waits " }<span class="num">{ duration(waited) }</span>{ ", asks every " }<span class="num">{ duration(interval) }</span></span>
        </div>
    }
}

fn thread(page: &Page, data: &Data, person: &Person, at: Nanos) -> Option<Html> {
    let lane = LaneKey::Thread(person.key);
    let reference = data.timeline.slice_at(lane, at)?;
    let slice = data.timeline.slice(reference)?;
    let words = data.timeline.describe(&data.trace, reference)?;
    let class = slice.what.class().unwrap_or(StateClass::Running);
    let tag = match class {
        StateClass::Running | StateClass::Native => "tag acc",
        StateClass::GilWait => "tag gil",
        StateClass::Blocked => "tag lock",
        StateClass::Ready => "tag core",
        _ => "tag idle",
    };
    let function = slice.run.and_then(
        |run| match data.trace.events.get(run as usize).map(|event| &event.kind) {
            Some(EventKind::Ran(run)) => Some(data.trace.text(run.function).to_owned()),
            _ => None,
        },
    );
    let function = function
        .filter(|name| !name.is_empty())
        .unwrap_or_else(|| person.caption().to_owned());
    let line = line_of(&data.trace, slice);
    let name = file_of(data, lane, reference.index);
    let file = page
        .lab
        .files
        .names()
        .position(|one| name.is_some_and(|name| names(name, one)));
    let file = file.unwrap_or(0);
    let show = {
        let page = page.clone();
        Callback::from(move |_: MouseEvent| {
            keys::select_at(&page, Some(lane), at);
            if let Some(line) = line {
                page.show(file, line);
            }
        })
    };
    let seen = page
        .lab
        .seen
        .at(at)
        .and_then(|scene| super::scene::of_thread(scene, person.key));
    let stack = match seen {
        Some((process, thread)) if !thread.stack.is_empty() => super::scene::stack(page, process, thread),
        _ => {
            html! { <div class="frame"><b>{ function }</b>if let Some(line) = line { <span class="t3">{ format!("line {line}") }</span> }</div> }
        }
    };
    Some(html! {
        <div class="card" onclick={show}>
            <div class="row" style="margin-bottom:6px">{ thread_and_home(&data.timeline, person.key, words.runs) }<span class={tag}>{ words.title.clone() }</span></div>
            { stack }
            <div class="s12 t2" style="margin-top:6px">{ card::sentence(&words.why, true) }</div>
            <div class="s11 t3" style="margin-top:4px">{ words.span }</div>
        </div>
    })
}

/// The slices that begin just before and after the moment.
fn around(page: &Page, data: &Data, at: Nanos) -> Html {
    let mut starts: Vec<(Nanos, SliceRef)> = Vec::new();
    for person in data.timeline.people().threads() {
        let Some(now) = data.timeline.slice_at(LaneKey::Thread(person.key), at) else {
            continue;
        };
        for index in now.index.saturating_sub(2)..=now.index.saturating_add(2) {
            let reference = SliceRef { index, ..now };
            if let Some(slice) = data.timeline.slice(reference) {
                starts.push((slice.start, reference));
            }
        }
    }
    starts.sort_unstable();
    let past = starts.iter().rposition(|(start, _)| *start <= at).unwrap_or(0);
    let first = past.saturating_sub(AROUND / 2);
    let rows = starts
        .iter()
        .enumerate()
        .skip(first)
        .take(AROUND)
        .filter_map(|(index, (start, reference))| {
            let words = data.timeline.describe(&data.trace, *reference)?;
            let (start, reference) = (*start, *reference);
            let go = {
                let page = page.clone();
                Callback::from(move |_: MouseEvent| {
                    keys::go_to(&page, start);
                    keys::select_at(&page, Some(reference.lane), start);
                })
            };
            Some(html! {
                <tr class={classes!((index == past).then_some("now"))} onclick={go}>
                    <td class="num">{ moment(start) }</td>
                    <td>{ words.who.as_ref().map(|who| card::sentence(std::slice::from_ref(who), words.runs)) }</td>
                    <td>{ words.title.clone() }{ " " }<span class="t3">{ words.duration.clone() }</span></td>
                </tr>
            })
        });
    html! { <table class="kv ev"><tbody>{ for rows }</tbody></table> }
}
