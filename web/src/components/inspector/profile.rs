//! Times of functions with cProfile's columns, and of lines with line_profiler's.

use crate::components::page::{Page, use_page};
use crate::marks::names;
use crate::state::Action;
use crate::state::seen::is_own;
use crate::state::survey::Deed;
use heddle_timeline::brief;
use heddle_trace::{Findings, FunctionTimes, LineTimes, Nanos};
use yew::prelude::*;

/// So many functions and lines are listed.
const MOST_FUNCTIONS: usize = 25;
const MOST_LINES: usize = 200;

/// The card, measured when somebody opens it.
#[function_component(Profile)]
pub fn profile() -> Html {
    let page = use_page();
    let survey = &page.lab.survey;
    if page.lab.recording.is_empty() {
        return Html::default();
    }
    let measure = |on: bool| page.on(move || Action::Survey(Deed::Time(on)));
    html! {
        <section class="card" aria-label="Functions and lines">
            <div class="row"><h3 class="lbl grow">{ "Functions and lines" }</h3>
                if survey.times {
                    if !survey.is_over { <span class="t3 s11" role="status">{ "measuring …" }</span> }
                    <button class="btn sm" onclick={measure(false)}>{ "Put away" }</button>
                } else {
                    <button class="btn sm" onclick={measure(true)}>{ "Measure" }</button>
                }
            </div>
            if survey.times {
                { functions(&survey.findings) }
                { lines(&page, &survey.findings) }
            } else {
                <p class="t3 s12">{ "Runs the program once more, as it ran, and times every call and line in virtual time: what cProfile and line_profiler show, without their cost." }</p>
            }
        </section>
    }
}

fn functions(findings: &Findings) -> Html {
    let mut all: Vec<&FunctionTimes> = findings.functions.iter().filter(|one| one.calls > 0).collect();
    // The program's own functions are what people can change.
    all.sort_by_key(|one| (!is_own(&one.file), std::cmp::Reverse(one.own_ns), one.line));
    let row = |one: &&FunctionTimes| {
        let calls = match one.outer_calls == one.calls {
            true => one.calls.to_string(),
            false => format!("{}/{}", one.calls, one.outer_calls),
        };
        let per = |ns: Nanos, calls: u64| brief(ns / calls.max(1));
        html! {
            <tr>
                <td class="num">{ calls }</td>
                <td class="num">{ brief(one.own_ns) }</td><td class="num t3">{ per(one.own_ns, one.calls) }</td>
                <td class="num t3">{ brief(one.waited_ns) }</td>
                <td class="num">{ brief(one.total_ns) }</td><td class="num t3">{ per(one.total_ns, one.outer_calls) }</td>
                <td class="wide"><code>{ one.function.rsplit("<locals>.").next().unwrap_or(&one.function).to_owned() }</code>{ " " }<span class="t3">{ format!("{}:{}", short(&one.file), one.line) }</span></td>
            </tr>
        }
    };
    html! {
        <>
            <div class="scroll" tabindex="0" role="group" aria-label="Functions, a table that scrolls">
                <table class="kv times" aria-label="Functions">
                    <thead><tr class="lbl">
                        <th scope="col">{ "ncalls" }</th><th scope="col" title="Time in the function itself, waits included">{ "tottime" }</th><th scope="col">{ "percall" }</th>
                        <th scope="col" title="What of tottime its thread waited: asleep, blocked, without the GIL or a core">{ "waited" }</th>
                        <th scope="col" title="Time from its calls to their ends">{ "cumtime" }</th><th scope="col">{ "percall" }</th><th scope="col">{ "function" }</th>
                    </tr></thead>
                    <tbody>{ for all.iter().take(MOST_FUNCTIONS).map(row) }</tbody>
                </table>
            </div>
            { super::left_out(all.len().saturating_sub(MOST_FUNCTIONS), "function") }
        </>
    }
}

fn lines(page: &Page, findings: &Findings) -> Html {
    let order = |one: &&LineTimes| {
        page.lab
            .files
            .names()
            .position(|own| names(&one.file, own))
            .map(|file| (file, one.line))
    };
    let mut all: Vec<&LineTimes> = findings
        .lines
        .iter()
        .filter(|one| one.hits > 0 && order(one).is_some())
        .collect();
    all.sort_by_key(order);
    let whole: Nanos = all.iter().map(|one| one.own_ns).sum();
    let row = |one: &&LineTimes| {
        let (file, line) = order(one).unwrap_or_default();
        let text = page
            .lab
            .recorded_file(file)
            .lines()
            .nth(line.saturating_sub(1) as usize)
            .unwrap_or_default()
            .trim()
            .to_owned();
        let show = {
            let page = page.clone();
            Callback::from(move |_: MouseEvent| page.show(file, line))
        };
        let share = one.own_ns.saturating_mul(1_000).checked_div(whole).unwrap_or(0);
        html! {
            <tr>
                <td class="num"><button class="plain" onclick={show}>{ line }</button></td>
                <td class="num">{ one.hits }</td><td class="num">{ brief(one.total_ns) }</td><td class="num t3">{ brief(one.total_ns / one.hits.max(1)) }</td>
                <td class="num">{ brief(one.own_ns) }</td><td class="num t3">{ format!("{}.{} %", share / 10, share % 10) }</td>
                <td class="wide"><code>{ text }</code></td>
            </tr>
        }
    };
    html! {
        <>
            <div class="scroll" tabindex="0" role="group" aria-label="Lines, a table that scrolls" style="margin-top:8px">
                <table class="kv times" aria-label="Lines">
                    <thead><tr class="lbl">
                        <th scope="col">{ "line" }</th><th scope="col">{ "hits" }</th><th scope="col" title="With what it calls">{ "time" }</th><th scope="col">{ "per hit" }</th>
                        <th scope="col" title="Without the functions that it calls">{ "own" }</th><th scope="col">{ "% of own" }</th><th scope="col">{ "code" }</th>
                    </tr></thead>
                    <tbody>{ for all.iter().take(MOST_LINES).map(row) }</tbody>
                </table>
            </div>
            { super::left_out(all.len().saturating_sub(MOST_LINES), "line") }
        </>
    }
}

fn short(file: &str) -> &str {
    file.strip_prefix("/usr/lib/python3.14/").unwrap_or(file)
}
