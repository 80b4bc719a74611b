//! Breakpoints and watched variables: how often, when, by whom; and the ways from one to the next.

use crate::components::chip::thread_chip;
use crate::components::icon::Icon;
use crate::components::page::Page;
use crate::state::Action;
use crate::state::recording::Data;
use crate::state::survey::{Deed, Goal, Target};
use crate::state::words::count;
use heddle_timeline::moment;
use heddle_trace::{Hit, MOST_HITS, Nanos, Seen, ThreadKey, Watched};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlInputElement};
use yew::prelude::*;

/// The card, at the moment t.
pub fn watches(page: &Page, data: &Data, at: Nanos) -> Html {
    let survey = &page.lab.survey;
    let breakpoints = survey
        .breakpoints
        .iter()
        .map(|(file, line)| breakpoint(page, file, *line, at));
    let watched = survey
        .watched
        .iter()
        .enumerate()
        .map(|(place, one)| variable(page, data, place, one, at));
    let is_empty = survey.breakpoints.is_empty() && survey.watched.is_empty();
    html! {
        <section class="card" aria-label="Breakpoints and watched variables" style="margin-top:8px">
            <h3 class="lbl">{ "Breakpoints and watched variables" }</h3>
            if is_empty {
                <p class="t3 s12">{ "Click left of a line number (F9) for a breakpoint; Ctrl+F10 runs to the cursor." }</p>
            } else {
                <table class="kv watch"><tbody>{ for breakpoints }{ for watched }</tbody></table>
                { progress(page) }
            }
            { field(page) }
        </section>
    }
}

/// How far it is known.
fn progress(page: &Page) -> Html {
    let survey = &page.lab.survey;
    let more = survey.findings.more_hits;
    if !survey.is_over {
        let so_far = if page.lab.run.is_active() {
            "when the run is over".to_owned()
        } else {
            format!("known up to {}", moment(survey.upto))
        };
        html! { <p class="t3 s11" role="status">{ so_far }</p> }
    } else if more > 0 {
        html! { <p class="t3 s11">{ format!("The first {MOST_HITS} are known, {more} more are only counted.") }</p> }
    } else {
        Html::default()
    }
}

/// Buttons to the one before and after, and one that takes the row away.
fn ways(page: &Page, at: Nanos, target: &Target, what: &str, remove: Deed) -> Html {
    let go = |back: bool| {
        let goal = Goal {
            from: at,
            back,
            to: target.clone(),
        };
        page.on(move || Action::Survey(Deed::Go(goal.clone())))
    };
    html! {
        <td class="ways">
            <button class="btn sm sq" aria-label={format!("Back to {what}")} title="Back to the last one (Shift+F8)" onclick={go(true)}>{ Icon::Back.html() }</button>
            <button class="btn sm sq" aria-label={format!("On to {what}")} title="On to the next one (F8)" onclick={go(false)}>{ Icon::Next.html() }</button>
            <button class="btn sm sq" aria-label={format!("Remove {what}")} title="Remove" onclick={page.on(move || Action::Survey(remove.clone()))}>{ Icon::Close.html() }</button>
        </td>
    }
}

fn breakpoint(page: &Page, file: &str, line: u32, at: Nanos) -> Html {
    let target = Target::Line(file.to_owned(), line);
    let survey = &page.lab.survey;
    let (mut all, mut before) = (0, 0);
    for hit in survey.hits_of(&target) {
        all += 1;
        before += usize::from(hit.at <= at);
    }
    let name = if page.lab.files.beside.is_empty() {
        format!("line {line}")
    } else {
        format!("{file}:{line}")
    };
    let place = page.lab.files.names().position(|own| own == file).unwrap_or(0);
    let show = {
        let page = page.clone();
        Callback::from(move |_: MouseEvent| page.show(place, line))
    };
    html! {
        <tr>
            <td><span class="stop" aria-hidden="true"></span></td>
            <td><button class="plain" onclick={show}>{ name.clone() }</button></td>
            <td class="wide t3">{ format!("{before} of {}", count(all, "time")) }</td>
            { ways(page, at, &target, &format!("the breakpoint at {name}"), Deed::Break(file.to_owned(), line)) }
        </tr>
    }
}

fn variable(page: &Page, data: &Data, place: usize, watched: &Watched, at: Nanos) -> Html {
    let target = Target::Write(watched.clone());
    let survey = &page.lab.survey;
    let (mut writes, mut lost) = (0, 0);
    let mut last: Option<&Hit> = None;
    for hit in survey.hits_of(&target) {
        writes += 1;
        lost += usize::from(matches!(hit.what, Seen::Write { loses: Some(_), .. }));
        if hit.at <= at && last.is_none_or(|last| last.at <= hit.at) {
            last = Some(hit);
        }
    }
    let name = watched.to_string();
    html! {
        <tr>
            <td class="t3">{ "var" }</td>
            <td><code>{ name.clone() }</code></td>
            <td class="wide">
                { last.map_or_else(|| html! { <span class="t3">{ "not written yet" }</span> }, |hit| write(page, data, hit)) }
                <span class="t3">{ format!(" · {}", count(writes, "write")) }</span>
                if lost > 0 { <b class="bad">{ format!(", {} lost", count(lost, "update")) }</b> }
            </td>
            { ways(page, at, &target, &format!("a write of {name}"), Deed::Unwatch(place)) }
        </tr>
    }
}

/// Who wrote what, and whose write that undoes.
fn write(page: &Page, data: &Data, hit: &Hit) -> Html {
    let chip = |hit: &Hit| {
        let key = ThreadKey {
            process: hit.process,
            thread: hit.thread,
        };
        thread_chip(&data.timeline, key, true)
    };
    let Seen::Write { value, loses, .. } = &hit.what else {
        return Html::default();
    };
    let undone = loses.and_then(|lost| page.lab.survey.findings.hits.get(lost as usize));
    html! {
        <>
            <code>{ value.clone().unwrap_or_else(|| "deleted".to_owned()) }</code>{ " by " }{ chip(hit) }{ format!(" at {}", moment(hit.at)) }
            if let Some(undone) = undone { <>{ ", not having seen what " }{ chip(undone) }{ " wrote" }</> }
        </>
    }
}

/// Where a variable is named.
fn field(page: &Page) -> Html {
    let page = page.clone();
    let submit = Callback::from(move |event: SubmitEvent| {
        event.prevent_default();
        let form = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let input = form.and_then(|form| form.query_selector("input").ok().flatten());
        let Some(input) = input.and_then(|input| input.dyn_into::<HtmlInputElement>().ok()) else {
            return;
        };
        match Watched::parse(&input.value()) {
            Ok(variable) => {
                input.set_value("");
                input.set_custom_validity("");
                page.send(Action::Survey(Deed::Watch(variable)));
            }
            Err(sentence) => {
                input.set_custom_validity(&sentence);
                input.report_validity();
            }
        }
    });
    let edited = Callback::from(|event: InputEvent| {
        if let Some(input) = event
            .target()
            .and_then(|target| target.dyn_into::<HtmlInputElement>().ok())
        {
            input.set_custom_validity("");
        }
    });
    html! {
        <form class="row" onsubmit={submit} style="margin-top:6px">
            <input class="val grow" aria-label="Watch a variable" placeholder="counter, Account.balance, worker.n, stats['hits']" autocomplete="off" spellcheck="false" oninput={edited} />
            <button class="btn sm" type="submit">{ "Watch" }</button>
        </form>
    }
}
