//! The Stats tab: where the time went, as the engine has counted it: the run, threads, what they waited for, cores, system calls. Below
//! stands the sweep.

use super::MOST_CARDS;
use super::others::Others;
use super::profile::Profile;
use super::sweep::SweepCard;
use crate::components::chip::thread_and_home;
use crate::components::page::use_page;
use crate::state::recording::Data;
use crate::state::words::count;
use heddle_timeline::{brief, percent, size};
use heddle_trace::{OTHERS, ProcessId, Speed, StateClass, Stats, ThreadId, ThreadKey, ThreadStats};
use yew::prelude::*;

/// Rows of the smaller tables.
const ROWS: usize = 12;
/// Functions that are listed.
const FUNCTIONS: usize = 8;

/// See the module.
#[function_component(StatsTab)]
pub fn stats_tab() -> Html {
    let page = use_page();
    let lab = &page.lab;
    let data = lab.recording.read();
    let known = lab.run.stats.as_deref().filter(|_| !lab.recording.is_empty());
    html! {
        <div class="stats">
            { match known {
                Some(stats) => sums(&data, stats),
                None => html! { <p class="t3 s12">{ "Run the program: here stands where its time went." }</p> },
            } }
            <Profile />
            <SweepCard />
        </div>
    }
}

fn sums(data: &Data, stats: &Stats) -> Html {
    html! {
        <>
            { figures(stats) }
            <div class="grid2">
            <section class="card" aria-label="Threads">
                <h3 class="lbl">{ "Where each thread's time went" }</h3>
                <table class="kv" aria-label="Time per thread">
                    <thead><tr class="lbl"><th scope="col">{ "thread" }</th><th scope="col" class="wide"><span class="sr">{ "what it did" }</span></th><th scope="col">{ "CPU" }</th></tr></thead>
                    <tbody>{ for stats.threads.iter().take(MOST_CARDS).map(|thread| time_row(data, stats, thread)) }</tbody>
                </table>
                { super::left_out(stats.threads.len().saturating_sub(MOST_CARDS), "thread") }
                { functions(stats) }
            </section>
            <Others />
            </div>
            { processes(stats) }
            { waits(data, stats) }
            <section class="card" aria-label="Switches">
                <h3 class="lbl">{ "Switches and attempts" }</h3>
                <div class="scroll" tabindex="0" role="group" aria-label="Switches and attempts, a table that scrolls">{ switches(data, stats) }</div>
            </section>
            <div class="grid2">{ cores(data, stats) }{ calls(stats) }</div>
        </>
    }
}

fn figure(name: &str, value: String, note: String, title: &str) -> Html {
    html! { <div title={title.to_owned()}><div class="lbl">{ name.to_owned() }</div><div class="fig">{ value }</div><div class="s11 t3">{ note }</div></div> }
}

fn times(factor: f64) -> String {
    if factor.is_finite() {
        format!("{factor:.2}×")
    } else {
        "no bound".to_owned()
    }
}

fn figures(stats: &Stats) -> Html {
    let totals = &stats.totals;
    let cores = u16::try_from(stats.cores.len()).unwrap_or(u16::MAX);
    let held = stats.gils.iter().map(|gil| gil.held_ns).max().unwrap_or(0);
    let takes: u64 = stats.gils.iter().map(|gil| gil.takes).sum();
    let speed = stats.speed.unwrap_or_default();
    html! {
        <>
            <div class="figs">
                { figure("wall", brief(stats.elapsed_ns), "virtual".into(), "From the start of the run to its end") }
                { figure("CPU", brief(totals.cpu_ns()), format!("{:.0} % of {}", stats.utilisation() * 100.0, count(cores.into(), "core")), "Time that threads were on cores") }
                if stats.gils.is_empty() {
                    { figure("GIL", "none".into(), "threads run in parallel".into(), "This Python has none") }
                } else if totals.sums.messages > 0 {
                    { figure("messages", totals.sums.messages.to_string(), size(totals.sums.message_bytes), "Sent by connections and queues between processes, and how long they were") }
                } else {
                    { figure("GIL held", percent(held, stats.elapsed_ns), format!("taken {}", count(takes as usize, "time")), "Of the time of the run") }
                }
                { figure("waited", brief(totals.time(StateClass::GilWait)), "for the GIL".into(), "All threads together") }
                { figure("speed-up", times(speed.speed_up()), "vs. sequential".into(), "The sequential time divided by the time of the run") }
                { figure("Amdahl", times(speed.bound(Some(cores))), format!("at most, on {}", count(cores.into(), "core")), "What the program would gain from these cores if neither they nor the GIL were scarce") }
            </div>
            <p class="s12 t3">{ speed_words(&speed) }</p>
        </>
    }
}

/// What speed-up and bound are made of.
fn speed_words(speed: &Speed) -> String {
    let parallel = 100.0 - speed.serial_part() * 100.0;
    let idle = match speed.idle_ns {
        0..10_000 => String::new(),
        ns => format!(", and {} in which nobody wanted to run", brief(ns)),
    };
    let bound = speed.bound(None);
    let fastest = if bound.is_finite() && bound < 100.0 {
        format!("; with any number of cores it could be {} as fast", times(bound))
    } else {
        String::new()
    };
    format!(
        "Sequential time {}: all CPU time without contention, on one core{idle}. {parallel:.0} % of it was done while two threads or more wanted to run{fastest}.",
        brief(speed.sequential_ns()),
    )
}

fn key_of(thread: &ThreadStats) -> ThreadKey {
    ThreadKey {
        process: ProcessId(thread.process),
        thread: ThreadId(thread.thread),
    }
}

/// The thread's chip; several that are added up have their number.
fn who(data: &Data, thread: &ThreadStats) -> Html {
    if thread.thread == OTHERS {
        html! { <span class="t3">{ thread.name.clone() }</span> }
    } else {
        thread_and_home(&data.timeline, key_of(thread), true)
    }
}

fn time_row(data: &Data, stats: &Stats, thread: &ThreadStats) -> Html {
    let totals = &thread.totals;
    let lived = totals.sums.times_ns.iter().sum::<u64>().max(1);
    // A row of several threads is longer than the run; it fills its bar.
    let whole = if thread.stands_for > 1 {
        lived
    } else {
        stats.elapsed_ns.max(1)
    };
    let hue = data.timeline.people().hue(key_of(thread));
    let classes = || {
        let all = StateClass::ALL.into_iter();
        all.filter(|class| *class != StateClass::Finished && totals.time(*class) > 0)
    };
    let part = |class: StateClass| {
        let ns = totals.time(class);
        let width = ns as f64 / whole as f64 * 100.0;
        let look = match class {
            StateClass::Running => format!("background:var(--th-{hue})"),
            StateClass::Native => format!("background:color-mix(in srgb,var(--th-{hue}) 35%,var(--panel))"),
            StateClass::GilWait => {
                "background:repeating-linear-gradient(135deg,var(--gil) 0 2px,var(--gil-soft) 2px 6px)".to_owned()
            }
            StateClass::Ready => "background:var(--core-soft);box-shadow:inset 0 0 0 1px var(--core)".to_owned(),
            StateClass::Blocked => "background:var(--lock-soft);box-shadow:inset 0 0 0 1px var(--lock)".to_owned(),
            StateClass::Joining => "background:var(--hover);box-shadow:inset 0 0 0 1px var(--idle)".to_owned(),
            _ => "background:var(--idle);opacity:.5".to_owned(),
        };
        html! { <i style={format!("width:{width:.2}%;{look}")} title={format!("{}: {}", class.word(), brief(ns))}></i> }
    };
    let words: Vec<String> = classes()
        .map(|class| format!("{} {}", class.word(), brief(totals.time(class))))
        .chain((totals.sums.gil_ns > 0).then(|| format!("held the GIL {}", brief(totals.sums.gil_ns))))
        .collect();
    html! {
        <tr>
            <td class="who">{ who(data, thread) }</td>
            <td title={words.join("\n")}><span class="sr">{ words.join(", ") }</span><div class="parts" aria-hidden="true">{ for classes().map(part) }</div></td>
            <td class="num nowrap">{ brief(totals.cpu_ns()) }</td>
        </tr>
    }
}

/// The functions in which the time went, longest first.
fn functions(stats: &Stats) -> Html {
    let whole: u64 = stats.functions.iter().map(|function| function.ns).sum();
    if whole == 0 {
        return Html::default();
    }
    let mut named: Vec<(&str, &str, u64)> = Vec::new();
    for function in &stats.functions {
        let (name, file) = match (function.name.as_str(), function.file.as_str()) {
            ("", _) => ("others", ""),
            (_, file) if file.starts_with("<frozen importlib") => ("import", "Finding and loading modules"),
            (name, file) => (name, file),
        };
        match named.iter_mut().find(|known| (known.0, known.1) == (name, file)) {
            Some(known) => known.2 += function.ns,
            None => named.push((name, file, function.ns)),
        }
    }
    named.sort_by_key(|row| std::cmp::Reverse(row.2));
    let more = named.len().saturating_sub(FUNCTIONS);
    let row = |(name, file, ns): &(&str, &str, u64)| {
        html! {
            <tr title={(*file).to_owned()}>
                <td class="code">{ *name }</td>
                <td class="num nowrap">{ brief(*ns) }</td>
                <td class="num nowrap">{ percent(*ns, whole) }</td>
            </tr>
        }
    };
    html! {
        <>
            <h3 class="lbl" style="margin-top:8px" title="Looked up every 0.2 ms of virtual time and at every call of the kernel; time in the library counts for the function that calls it">{ "Functions by own time" }</h3>
            <table class="kv own-times" aria-label="Functions by own time">
                <thead class="sr"><tr><th scope="col">{ "function" }</th><th scope="col">{ "time" }</th><th scope="col">{ "share" }</th></tr></thead>
                <tbody>{ for named.iter().take(FUNCTIONS).map(row) }</tbody>
            </table>
            if more > 0 { <p class="t3 s12">{ format!("and {more} more") }</p> }
        </>
    }
}

/// The processes, where there are several.
fn processes(stats: &Stats) -> Html {
    if stats.processes.len() < 2 {
        return Html::default();
    }
    let most = stats.processes.iter().map(|process| process.totals.cpu_ns()).max();
    html! {
        <section class="card" aria-label="Processes">
            <h3 class="lbl">{ "Processes" }</h3>
            <table class="kv" aria-label="CPU time per process">
                <thead class="sr"><tr><th scope="col">{ "process" }</th><th scope="col">{ "threads" }</th><th scope="col">{ "bar" }</th><th scope="col">{ "CPU" }</th></tr></thead>
                <tbody>
                    { for stats.processes.iter().map(|process| html! {
                        <tr title={format!("waited {} for GILs, {} for cores; {} system calls", brief(process.totals.time(StateClass::GilWait)), brief(process.totals.time(StateClass::Ready)), process.totals.system_calls())}>
                            <td class="nowrap">{ format!("{} {}", ProcessId(process.process).number(), process.name) }</td>
                            <td class="nowrap t3" style="padding-right:8px">{ count(process.threads as usize, "thread") }</td>
                            <td class="wide">{ bar(process.totals.cpu_ns(), most.unwrap_or(0), "background:var(--ink-3)") }</td>
                            <td class="num nowrap">{ brief(process.totals.cpu_ns()) }</td>
                        </tr>
                    }) }
                </tbody>
            </table>
        </section>
    }
}

/// A bar of a part of the largest value.
fn bar(value: u64, largest: u64, look: &str) -> Html {
    let width = value as f64 / largest.max(1) as f64 * 100.0;
    html! { <div class="parts" aria-hidden="true"><i style={format!("width:{width:.2}%;min-width:1px;{look}")}></i></div> }
}

/// Who waited for what, longest first.
fn waits(data: &Data, stats: &Stats) -> Html {
    let mut all: Vec<_> = stats
        .threads
        .iter()
        .flat_map(|thread| thread.totals.waits.iter().map(move |waited| (thread, waited)))
        .collect();
    all.sort_by_key(|(_, waited)| std::cmp::Reverse(waited.ns));
    let Some((_, longest)) = all.first() else {
        return Html::default();
    };
    let longest = longest.ns;
    let row = |(thread, waited): &(&ThreadStats, &heddle_trace::Waited)| {
        html! {
            <tr>
                <td class="who">{ who(data, thread) }</td>
                <td class="code">{ waited.name.clone() }</td>
                <td class="wide">{ bar(waited.ns, longest, "background:var(--lock-soft);box-shadow:inset 0 0 0 1px var(--lock)") }</td>
                <td class="num nowrap">{ format!("{} in {}", brief(waited.ns), count(waited.times as usize, "wait")) }</td>
            </tr>
        }
    };
    let more = all.len().saturating_sub(ROWS);
    html! {
        <section class="card" aria-label="Waits">
            <h3 class="lbl">{ "Waited for locks, queues, events" }</h3>
            <table class="kv" aria-label="Waits by lock">
                <thead class="sr"><tr><th scope="col">{ "thread" }</th><th scope="col">{ "lock" }</th><th scope="col">{ "bar" }</th><th scope="col">{ "time" }</th></tr></thead>
                <tbody>{ for all.iter().take(ROWS).map(row) }</tbody>
            </table>
            if more > 0 { <p class="t3 s12">{ format!("and {more} more") }</p> }
        </section>
    }
}

fn switches(data: &Data, stats: &Stats) -> Html {
    let row = |name: Html, totals: &heddle_trace::Totals| {
        html! {
            <tr>
                <th scope="row" class="who">{ name }</th>
                { for [totals.sums.forced, totals.sums.voluntary, totals.sums.requests, totals.sums.failed, totals.system_calls()].map(|n| html! { <td class="num">{ n }</td> }) }
                <td class="num nowrap">{ brief(totals.sums.gil_ns) }</td>
            </tr>
        }
    };
    let heads = [
        (
            "forced",
            "Had to stop: another thread asked for the GIL, or the quantum was over",
        ),
        (
            "voluntary",
            "Stopped to wait, or left the interpreter for C code and the kernel",
        ),
        ("requests", "Asked the holder of the GIL to let go"),
        (
            "failed",
            "Tried to take the GIL, or the lock it was woken for, and found it taken",
        ),
        ("system calls", "Calls of the kernel"),
        ("holds GIL", "Time holding the GIL"),
    ];
    html! {
        <table class="kv nums" aria-label="Switches per thread">
            <thead><tr class="lbl"><th scope="col">{ "thread" }</th>{ for heads.map(|(name, title)| html! { <th scope="col" {title}>{ name }</th> }) }</tr></thead>
            <tbody>
                { for stats.threads.iter().take(MOST_CARDS).map(|thread| row(who(data, thread), &thread.totals)) }
                { row(html! { "all" }, &stats.totals) }
            </tbody>
        </table>
    }
}

fn cores(data: &Data, stats: &Stats) -> Html {
    html! {
        <section class="card" aria-label="Cores">
            <h3 class="lbl">{ "Cores" }</h3>
            <table class="kv" aria-label="Use of the cores">
                <thead class="sr"><tr><th scope="col">{ "core" }</th><th scope="col">{ "bar" }</th><th scope="col">{ "busy" }</th></tr></thead>
                <tbody>
                    { for stats.cores.iter().map(|core| html! {
                        <tr title={format!("busy {}, idle {}, {} to another thread", brief(core.busy_ns), brief(core.idle_ns), count(core.switches as usize, "switch"))}>
                            <td class="nowrap">{ data.timeline.core_name(core.core) }</td>
                            <td class="wide">{ bar(core.busy_ns, stats.elapsed_ns, "background:var(--ink-3)") }</td>
                            <td class="num nowrap">{ percent(core.busy_ns, stats.elapsed_ns) }</td>
                        </tr>
                    }) }
                </tbody>
            </table>
        </section>
    }
}

fn calls(stats: &Stats) -> Html {
    let all = &stats.totals.calls;
    let most = all.first().map_or(1, |calls| calls.count);
    let more = all.len().saturating_sub(ROWS);
    html! {
        <section class="card" aria-label="System calls">
            <h3 class="lbl">{ "System calls" }</h3>
            <table class="kv" aria-label="System calls by name">
                <thead class="sr"><tr><th scope="col">{ "call" }</th><th scope="col">{ "bar" }</th><th scope="col">{ "count" }</th></tr></thead>
                <tbody>
                    { for all.iter().take(ROWS).map(|calls| html! {
                        <tr>
                            <td class="code nowrap">{ calls.name.clone() }</td>
                            <td class="wide">{ bar(calls.count, most, "background:var(--idle)") }</td>
                            <td class="num nowrap">{ calls.count }</td>
                        </tr>
                    }) }
                </tbody>
            </table>
            if more > 0 { <p class="t3 s12">{ format!("and {more} more") }</p> }
        </section>
    }
}
