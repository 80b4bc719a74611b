//! The Bytecode tab: the function that a thread executes at the moment t, instruction by instruction, with who stands where and where the chosen version
//! of Python may let another thread in.

use crate::components::chip::thread_chip;
use crate::components::icon::Icon;
use crate::components::page::{Page, use_page};
use crate::marks::names;
use crate::state::recording::Data;
use crate::state::words::count;
use heddle_timeline::moment;
use heddle_trace::{Instruction, Listing, ProcessScene, SwitchPoint, ThreadKey, ThreadState};
use yew::prelude::*;

/// See the module.
#[function_component(BytecodeTab)]
pub fn bytecode_tab() -> Html {
    let page = use_page();
    let lab = &page.lab;
    let data = lab.recording.read();
    let at = lab.view.moment;
    let known = lab.seen.at(at).zip(lab.code_of());
    let Some((scene, key)) = known else {
        return html! { <p class="t3 s12">{ "Run the program, then click on the timeline: here stands the bytecode that is executed at that moment." }</p> };
    };
    let process = scene.processes.iter().find(|one| one.process == key.process);
    let Some((process, listing)) = process.and_then(|process| Some((process, process.listing.as_ref()?))) else {
        return html! { <p class="t3 s12">{ thread_chip(&data.timeline, key, false) }{ format!(" executes no code of the program at {}.", moment(at)) }</p> };
    };
    html! {
        <div class="bytecode">
            <p class="s12"><code><b>{ listing.function.rsplit("<locals>.").next().unwrap_or(&listing.function).to_owned() }</b></code>{ " " }
                <span class="t3">{ summary(listing, lab.run.machine.python.name()) }</span></p>
            <div class="scroll card" tabindex="0" role="group" aria-label="Instructions, a table that scrolls">
                <table class="kv dis" aria-label="Instructions">
                    <thead class="sr"><tr><th scope="col">{ "threads" }</th><th scope="col">{ "line" }</th><th scope="col">{ "offset" }</th><th scope="col">{ "instruction" }</th><th scope="col">{ "argument" }</th><th scope="col">{ "switch point" }</th></tr></thead>
                    <tbody>{ for listing.rows.iter().enumerate().map(|(index, row)| instruction(&page, &data, process, listing, index, row)) }</tbody>
                </table>
            </div>
        </div>
    }
}

/// Where that version may switch.
fn summary(listing: &Listing, python: &str) -> String {
    let of = |wanted: SwitchPoint| listing.rows.iter().filter(|row| row.switch == wanted).count();
    let (all, yes, calls) = (listing.rows.len(), of(SwitchPoint::Yes), of(SwitchPoint::Call));
    if yes == all {
        return format!(
            "{python} runs threads at the same time: others may act between any two of its {}",
            count(all, "instruction")
        );
    }
    let more = match calls {
        0 => String::new(),
        calls => format!(", and in {} of built-in functions", count(calls, "call")),
    };
    format!("{python} may switch at {yes} of {}{more}", count(all, "instruction"))
}

fn instruction(
    page: &Page,
    data: &Data,
    process: &ProcessScene,
    listing: &Listing,
    index: usize,
    row: &Instruction,
) -> Html {
    let here: Vec<ThreadKey> = listing
        .places
        .iter()
        .filter(|(_, place)| *place as usize == index)
        .map(|(thread, _)| ThreadKey {
            process: process.process,
            thread: *thread,
        })
        .collect();
    let runs = |key: &ThreadKey| {
        let thread = process.threads.iter().find(|one| one.thread == key.thread);
        thread.is_some_and(|one| matches!(one.state, ThreadState::Running { .. } | ThreadState::Native { .. }))
    };
    let before = index
        .checked_sub(1)
        .and_then(|before| listing.rows.get(before))
        .map_or(0, |row| row.line);
    let file = page.lab.files.names().position(|own| names(&listing.file, own));
    let show = {
        let (page, line) = (page.clone(), row.line);
        Callback::from(move |_: MouseEvent| {
            if let Some(file) = file {
                page.show(file, line);
            }
        })
    };
    let switch = match row.switch {
        SwitchPoint::Yes => html! { <span class="tag gil">{ Icon::Bolt.html() }{ "switch point" }</span> },
        SwitchPoint::Call => html! { <span class="t3 s11">{ "if built-in" }</span> },
        SwitchPoint::No => Html::default(),
    };
    html! {
        <tr class={classes!(here.iter().any(runs).then_some("now"))}>
            <td>{ for here.iter().map(|key| html! { <>{ thread_chip(&data.timeline, *key, runs(key)) }{ " " }</> }) }</td>
            <td class="num">if row.line > 0 && row.line != before { <button class="plain" onclick={show}>{ row.line }</button> }</td>
            <td class="num t3">{ row.offset }</td>
            <td><code>{ row.name.clone() }</code></td>
            <td><code>{ row.arg.map(|arg| format!("{arg} ")) }</code><code class="t3">{ if row.meaning.is_empty() { String::new() } else { format!("({})", row.meaning) } }</code></td>
            <td>{ switch }</td>
        </tr>
    }
}
