//! The foot of an embedded lab: steps, what was written last, and the signs that are to be seen.

use crate::components::icon::Icon;
use crate::components::page::{Page, use_page};
use crate::components::timeline::{CompactLegend, keys};
use crate::state::Phase;
use heddle_protocol::Ending;
use heddle_scenario::Shown;
use heddle_timeline::{brief, moment};
use yew::prelude::*;

/// So many of the last lines are looked through for the one that was written last at the moment t.
const LOOKED_THROUGH: usize = 2_000;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub shown: Shown,
    /// Whether what was written is shown.
    pub is_output: bool,
    /// Shows and hides it.
    pub toggle_output: Callback<()>,
}

/// See the module.
#[function_component(Foot)]
pub fn foot(props: &Props) -> Html {
    let page = use_page();
    let lab = &page.lab;
    let deed = |name: keys::Deed| {
        let page = page.clone();
        Callback::from(move |_: MouseEvent| keys::act(&page, name))
    };
    let (word, icon) = if lab.view.playing {
        ("Pause", Icon::Pause)
    } else {
        ("Play", Icon::Play)
    };
    let never = lab.recording.is_empty();
    let has_timeline = props.shown.has_timeline();
    let line = if has_timeline && !never { last_line(&page) } else { None };
    html! {
        <footer class="ef">
            if has_timeline {
                <button class="btn sm sq" aria-label="One step back" disabled={never} onclick={deed(keys::Deed::StepBack)}>{ Icon::Back.html() }</button>
                <button class="btn sm sq" aria-label={word} disabled={never} onclick={deed(keys::Deed::Play)}>{ icon.html() }</button>
                <button class="btn sm sq" aria-label="One step on" disabled={never} onclick={deed(keys::Deed::StepOn)}>{ Icon::Next.html() }</button>
                if !never { <span class="num t" aria-label="Moment">{ moment(lab.view.moment) }</span> }
                if !never && !lab.run.output.is_empty() {
                    <button class="btn sm written-last" aria-expanded={props.is_output.to_string()} title="What the program wrote" onclick={props.toggle_output.reform(|_| ())}>
                        if props.is_output { { Icon::Chevron.html() } } else { { Icon::Right.html() } }
                        <span class="mono">{ line.unwrap_or_else(|| "Output".to_owned()) }</span>
                    </button>
                }
            }
            <span class="t2 status" role="status">{ status(&page) }</span>
            <span class="grow"></span>
            if has_timeline { <CompactLegend /> }
        </footer>
    }
}

/// What was written last at the moment t, or where that is before the first line, in the end.
fn last_line(page: &Page) -> Option<String> {
    let (lines, now) = (page.lab.run.output.read(), page.lab.view.moment);
    let until_now = lines.last(LOOKED_THROUGH).take_while(|line| line.time_ns <= now).last();
    until_now.or_else(|| lines.last(1).last()).map(|line| line.text.clone())
}

/// How the run stands.
fn status(page: &Page) -> String {
    let lab = &page.lab;
    match &lab.run.phase {
        Phase::Never => String::new(),
        Phase::Starting if lab.semantics == 0 => "Loading the engine\u{2026}".to_owned(),
        Phase::Starting | Phase::Running => "running\u{2026}".to_owned(),
        Phase::Refused(_) => "does not compile".to_owned(),
        Phase::Crashed(_) => String::new(),
        Phase::Over { .. } if lab.is_stale() => "edited since".to_owned(),
        Phase::Over { ending, virtual_ns, .. } => match ending {
            Ending::Exited { status: 0, .. } => format!("ran {}", brief(*virtual_ns)),
            Ending::Exited { status, .. } => format!("exit status {status}"),
            Ending::Deadlock { .. } => "deadlocked".to_owned(),
            Ending::Limit { .. } => "limit reached".to_owned(),
            Ending::Stopped => "stopped".to_owned(),
        },
    }
}
