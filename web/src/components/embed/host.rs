//! What an embedded lab and the page around it tell each other (`heddle_protocol::embed`).

use super::given::Given;
use crate::components::page::Page;
use crate::components::timeline::keys;
use crate::hooks::browser::is_dark;
use crate::hooks::engine::Engine;
use crate::host_js;
use crate::state::{Action, Phase};
use gloo::timers::callback::Timeout;
use gloo::utils::document;
use heddle_protocol::Ending;
use heddle_protocol::embed::{EmbedOutcome, FromEmbed, ToEmbed, hear, tell, theme};
use heddle_scenario::{Moment, Theme};
use std::rc::Rc;
use wasm_bindgen::closure::Closure;
use web_sys::HtmlElement;
use yew::prelude::*;

/// How long an edit rests before the page around is told.
const EDIT_MS: u32 = 250;

fn send(message: &FromEmbed) {
    host_js::tell_host(&tell(message));
}

/// Hears commands and tells what happens; begins by itself where the address says so.
#[hook]
pub fn use_host(page: &Page, given: &Rc<Given>, part: &UseStateHandle<(u32, u32)>) {
    let latest = use_mut_ref(|| page.clone());
    *latest.borrow_mut() = page.clone();
    {
        let (given, part) = (given.clone(), part.clone());
        use_effect_with((), move |()| {
            let hears = {
                let (latest, given) = (latest.clone(), given.clone());
                Closure::<dyn FnMut(String)>::new(move |json: String| {
                    let page = latest.borrow().clone();
                    let problem = match hear(&json) {
                        None => return,
                        Some(Ok(command)) => obey(&page, &given, &part, command).err(),
                        Some(Err(problem)) => Some(problem),
                    };
                    if let Some(message) = problem {
                        send(&FromEmbed::Problem { message });
                    }
                })
            };
            host_js::hear_host(&hears);
            // It is heard as long as the page lives.
            hears.forget();
            let page = latest.borrow().clone();
            for message in given.problems.iter().cloned() {
                send(&FromEmbed::Problem { message });
            }
            send(&FromEmbed::Ready {
                title: page.lab.machine.title.clone(),
            });
            if given.options.autorun {
                page.run.emit(());
            }
        });
    }
    use_told_runs(page);
    use_told_edits(page, given);
}

/// Does what the page around asks.
fn obey(page: &Page, given: &Given, part: &UseStateHandle<(u32, u32)>, command: ToEmbed) -> Result<(), String> {
    let in_words = |problem: String| format!("{problem}.");
    match command {
        ToEmbed::Run {} => page.run.emit(()),
        ToEmbed::Stop {} => page.stop.emit(()),
        ToEmbed::SetCode { code } => {
            let (source, shown) = given.with_code(&code);
            page.stop.emit(());
            part.set(shown);
            page.send(Action::Open {
                source,
                files: page.lab.files.beside.to_vec(),
                promised: None,
            });
        }
        ToEmbed::SetMachine { machine } => {
            let settings = machine.iter().map(|(name, value)| value.setting(name));
            page.send(Action::Impose(settings.collect::<Result<_, _>>().map_err(in_words)?));
        }
        ToEmbed::Seek { at } => {
            let at = at.moment().map_err(in_words)?;
            if page.lab.recording.is_empty() {
                return Err("There is no moment to show: nothing has been run.".to_owned());
            }
            seek(page, at);
        }
        ToEmbed::SetTheme { theme: name } => {
            set_theme(theme(&name).map_err(in_words)?);
            page.send(Action::Dark(is_dark()));
        }
    }
    Ok(())
}

/// Shows a moment.
pub fn seek(page: &Page, at: Moment) {
    let ns = match at {
        Moment::At(ns) => ns,
        Moment::End => page.lab.recording.read().timeline.end(),
    };
    keys::go_to(page, ns);
}

fn set_theme(theme: Theme) {
    if let Some(root) = document().document_element() {
        // An attribute that cannot be set leaves the theme as it was.
        let _ = match theme {
            Theme::Auto => root.remove_attribute("data-theme"),
            theme => root.set_attribute("data-theme", theme.name()),
        };
    }
}

/// Tells when runs begin and end.
#[hook]
fn use_told_runs(page: &Page) {
    let run = &page.lab.run;
    let number = run.is_active().then_some(run.number);
    use_effect_with(number, |number| {
        if number.is_some() {
            send(&FromEmbed::Started {});
        }
    });
    let over = (run.number, run.phase.clone());
    let page = page.clone();
    use_effect_with(over, move |(_, phase)| {
        let (outcome, virtual_ns) = match phase {
            Phase::Never | Phase::Starting | Phase::Running => return,
            Phase::Over { ending, virtual_ns, .. } => (outcome(ending), *virtual_ns),
            Phase::Refused(problem) => {
                let (line, message) = (problem.line, problem.message.clone());
                (EmbedOutcome::Refused { line, message }, 0)
            }
            Phase::Crashed(message) => {
                let message = message.clone();
                (EmbedOutcome::Failed { message }, page.lab.run.now_ns)
            }
        };
        send(&FromEmbed::Finished {
            outcome,
            trace_hash: page.lab.run.hash_number().map(|hash| format!("{hash:016x}")),
            virtual_ns,
        });
    });
}

fn outcome(ending: &Ending) -> EmbedOutcome {
    match ending {
        Ending::Exited { status, uncaught } => EmbedOutcome::Exited {
            status: *status,
            uncaught: uncaught.clone(),
        },
        Ending::Deadlock { report, .. } => EmbedOutcome::Deadlock { report: report.clone() },
        Ending::Limit { what, .. } => EmbedOutcome::Limit { message: what.clone() },
        Ending::Stopped => EmbedOutcome::Stopped {},
    }
}

/// Tells what the reader has made of the program; not what the page around has set itself.
#[hook]
fn use_told_edits(page: &Page, given: &Rc<Given>) {
    let now = (page.lab.opened, page.lab.source.clone());
    let last = use_mut_ref(|| now.clone());
    let given = given.clone();
    use_effect_with(now, move |now| {
        let before = last.replace(now.clone());
        let is_edit = before.0 == now.0 && before.1 != now.1;
        let code = given.without_setup(&now.1).to_owned();
        let rest = is_edit.then(|| Timeout::new(EDIT_MS, move || send(&FromEmbed::Edited { code })));
        // The next edit cancels what was not told yet.
        move || drop(rest)
    });
}

/// Where the lab is as high as its content, the page around is told how high that is.
#[hook]
pub fn use_height(frame: &NodeRef, fit: bool) {
    let (_, height) = crate::hooks::browser::use_size(frame.clone());
    let frame = frame.clone();
    use_effect_with(height as u32, move |_| {
        if let (true, Some(frame)) = (fit, frame.cast::<HtmlElement>()) {
            let height = u32::try_from(frame.offset_height()).unwrap_or(0);
            send(&FromEmbed::Resize { height });
        }
    });
}

/// The engine is given up when the page around needs it for another lab.
#[hook]
pub fn use_yielding(engine: &Rc<Engine>) {
    let engine = engine.clone();
    use_effect_with((), move |()| {
        let yields = Closure::<dyn FnMut()>::new(move || engine.give_up());
        host_js::on_yield(&yields);
        yields.forget();
    });
}
