//! The banner above the timeline: a deadlock, a limit, a failed engine, a bad link, a sentence of the page.

use super::icon::Icon;
use super::page::{Page, use_page};
use crate::state::{Action, Phase, Severity, Tab};
use heddle_protocol::Ending;
use yew::prelude::*;

/// How much further a run goes that is let go on, in virtual ns.
const MORE_NS: u64 = 10_000_000_000;

/// See the module.
#[function_component(Banners)]
pub fn banners() -> Html {
    let page = use_page();
    html! { <div class="banners">{ notice(&page) }{ outcome(&page) }</div> }
}

fn notice(page: &Page) -> Html {
    let Some(notice) = &page.lab.notice else {
        return Html::default();
    };
    let (class, role) = match notice.severity {
        Severity::Info => ("banner info", "status"),
        Severity::Warning => ("banner warn", "alert"),
        Severity::Error => ("banner", "alert"),
    };
    html! {
        <div {class} {role}>
            { Icon::Warn.html() }<span>{ notice.text.clone() }</span><span class="grow"></span>
            <button class="btn sm sq" aria-label="Close" onclick={page.on(|| Action::Tell(None))}>{ Icon::Close.html() }</button>
        </div>
    }
}

fn outcome(page: &Page) -> Html {
    match &page.lab.run.phase {
        Phase::Over {
            ending: Ending::Deadlock { report, held },
            virtual_ns,
            ..
        } => {
            let at = *virtual_ns;
            let go = {
                let page = page.clone();
                Callback::from(move |_| {
                    page.look(move |view| view.moment = at);
                    page.send(Action::Tab(Tab::WaitFor));
                })
            };
            let words = if held.is_empty() {
                report.lines().next().unwrap_or_default().to_owned()
            } else {
                let each = held.iter().map(|held| match &held.held_by {
                    Some(owner) => format!("{} waits for {}, held by {owner}", held.thread, held.waits_for),
                    None => format!("{} waits for {}", held.thread, held.waits_for),
                });
                format!("{}: nothing can ever run again.", each.collect::<Vec<_>>().join("; "))
            };
            html! {
                <div class="banner" role="alert">
                    { Icon::Warn.html() }<b class="b">{ "Deadlock." }</b><span>{ words }</span><span class="grow"></span>
                    <button class="btn sm out" onclick={go}>{ "Go to the moment" }</button>
                </div>
            }
        }
        Phase::Over {
            ending: Ending::Limit { what, out_of_time },
            virtual_ns,
            ..
        } => {
            let until_ns = virtual_ns.saturating_add(MORE_NS);
            html! {
                <div class="banner warn" role="alert">
                    { Icon::Warn.html() }<b class="b">{ "Limit reached." }</b>
                    <span>{ format!("{what} The timeline shows it up to there.") }</span><span class="grow"></span>
                    if *out_of_time && !page.lab.is_stale() {
                        <button class="btn sm out" title="The run begins again, as it was, and goes on past this moment" onclick={page.go_on.reform(move |_| until_ns)}>
                            { "Go on for 10 s more" }
                        </button>
                    }
                </div>
            }
        }
        Phase::Crashed(message) => html! {
            <div class="banner" role="alert">
                { Icon::Warn.html() }<b class="b">{ "Heddle itself failed." }</b>
                <span>{ format!("That is a mistake in Heddle, not in your program, which is kept. The engine was started again; the next run works. It said: {message}") }</span>
            </div>
        },
        _ => Html::default(),
    }
}
