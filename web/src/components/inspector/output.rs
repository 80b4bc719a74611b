//! The Output tab: what the program wrote, line by line, with the moment and the thread. A click goes to the moment, and on a
//! traceback's frame to its line in the editor.

use crate::components::chip::thread_and_home;
use crate::components::page::{Page, use_page};
use crate::hooks::browser::matches;
use crate::state::written::KEPT_LINES;
use crate::state::{Action, Tab};
use heddle_protocol::Ending;
use heddle_timeline::{brief, moment};
use yew::prelude::*;

/// So many lines are drawn while more come: all that are kept would cost a slow page each time.
const LIVE_LINES: usize = 100;

/// See the module.
#[function_component(OutputTab)]
pub fn output_tab() -> Html {
    let page = use_page();
    let lab = &page.lab;
    let data = lab.recording.read();
    let lines = lab.run.output.read();
    let drawn = if lab.run.is_active() { LIVE_LINES } else { KEPT_LINES };
    let skipped = lines.total() - lines.last(drawn).count();
    let people = data.timeline.people().threads();
    let homes = people.iter().any(|person| data.timeline.home(person.key).is_some());
    let rows = lines.last(drawn).map(|line| {
        let at = line.time_ns;
        // A frame of a traceback: which file of the scenario, and which line.
        let frame = lab
            .files
            .names()
            .enumerate()
            .find_map(|(file, name)| Some((file, line.frame(name)?)));
        let go = {
            let page = page.clone();
            Callback::from(move |_| {
                page.look(move |view| view.moment = at);
                if let Some((file, line)) = frame {
                    show_code(&page, file, line);
                }
            })
        };
        let title = match frame {
            Some((_, line)) => format!("Show line {line} in the editor"),
            None => "Go to the moment it was written".to_owned(),
        };
        let class = classes!("outline", line.is_error.then_some("err"), frame.map(|_| "frame-link"));
        html! {
            <button {class} onclick={go} {title}>
                <span class="t3">{ moment(at) }</span>
                <span class="from">{ thread_and_home(&data.timeline, line.thread, true) }</span>
                <span class="tx">{ line.text.clone() }</span>
            </button>
        }
    });
    html! {
        <>
            <div class={classes!("written", homes.then_some("homes"))} role="log" aria-label="Output">
                if skipped > 0 { <p class="t3">{ format!("{skipped} earlier lines are not shown") }</p> }
                { for rows }
            </div>
            { footer(lab) }
            { interrupts(&page) }
        </>
    }
}

/// Shows a line of a file; where the code is a tab, in that tab.
fn show_code(page: &Page, file: usize, line: u32) {
    if matches("(max-width: 1099px)") {
        page.send(Action::Tab(Tab::Code));
    }
    page.show(file, line);
}

fn footer(lab: &crate::state::Lab) -> Html {
    let words = match lab.run.ending() {
        Some(Ending::Exited { status: 0, .. }) if lab.run.output.is_empty() => {
            "The program ended and wrote nothing.".to_owned()
        }
        Some(Ending::Exited { status: 0, .. }) => "Click a line to go to the moment it was printed.".to_owned(),
        Some(Ending::Exited { status, uncaught: None }) => format!("Exit status {status}."),
        Some(Ending::Exited {
            status,
            uncaught: Some(error),
        }) => format!("Ended by {error}; exit status {status}."),
        Some(Ending::Stopped) => "Stopped.".to_owned(),
        Some(Ending::Limit { what, .. }) => what.clone(),
        Some(Ending::Deadlock { .. }) => "The program is deadlocked.".to_owned(),
        None if lab.run.is_active() => "Running…".to_owned(),
        None if lab.run.output.is_empty() => "What the program writes appears here.".to_owned(),
        None => String::new(),
    };
    html! { <p class="t3 s12" style="margin-top:12px">{ words }</p> }
}

/// The moments at which Ctrl-C is pressed, which can be forgotten.
fn interrupts(page: &Page) -> Html {
    let all = &page.lab.machine.interrupts;
    if all.is_empty() {
        return Html::default();
    }
    let words: Vec<String> = all.iter().map(|at| brief(*at)).collect();
    let forget = {
        let page = page.clone();
        Callback::from(move |_: MouseEvent| page.set(|settings| settings.interrupts.clear()))
    };
    html! {
        <p class="t3 s12 row" style="margin-top:8px;flex-wrap:wrap">
            <span>{ format!("Ctrl-C is pressed at {}, in every run.", words.join(", ")) }</span>
            <button class="btn sm out" onclick={forget}>{ "Forget Ctrl-C" }</button>
        </p>
    }
}
