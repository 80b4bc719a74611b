//! The whole page: its state, the worker, the address, the storage, and which parts are drawn in this window.

use super::banner::Banners;
use super::editor::EditorPane;
use super::inspector::Inspector;
use super::machine_bar::MachineBar;
use super::overlays::Overlays;
use super::page::Page;
use super::phone::{MachineChips, PhoneFoot, PhoneTabs};
use super::timeline::TimelinePane;
use super::topbar::TopBar;
use crate::gallery;
use crate::hooks::browser::{is_dark, keys as names, store, stored, use_media, with_workers};
use crate::hooks::engine::{Engine, Heard};
use crate::hooks::keys::{Wish, use_page_keys};
use crate::hooks::link;
use crate::hooks::opening::use_given_files;
use crate::hooks::shelf::use_shelf;
use crate::state::files::Files;
use crate::state::survey::{Deed, Goal, Target};
use crate::state::{Action, Lab, Notice, Overlay, Severity, Tab};
use gloo::events::EventListener;
use gloo::utils::{document, window};
use heddle_protocol::RunLimits;
use heddle_scenario::{File, decode_link};
use heddle_trace::Step;
use std::rc::Rc;
use yew::prelude::*;

/// See the module.
#[function_component(App)]
pub fn app() -> Html {
    let lab = use_reducer(first_state);
    let engine = use_memo((), |()| Engine::new(heard(&lab)));
    let show_line = use_state(Callback::<u32>::noop);
    let page = Page {
        lab: lab.clone(),
        run: use_run(&lab, &engine).reform(|()| None),
        go_on: use_run(&lab, &engine).reform(Some),
        stop: {
            let engine = engine.clone();
            Callback::from(move |()| engine.stop())
        },
        interrupt: {
            let engine = engine.clone();
            Callback::from(move |()| engine.interrupt())
        },
        sweep: use_sweep(&lab, &engine),
        compare: use_compare(&lab, &engine),
        open: use_open(&lab, &engine),
        step: steps(&lab, &engine),
        show_line: (*show_line).clone(),
    };
    use_scene(&lab, &engine);
    use_survey(&lab, &engine);
    use_links(&page);
    use_storage(&lab);
    use_kept(&page);
    use_effect_with((), |()| crate::host_js::keep_offline());
    use_given_files(page.take());
    use_theme(&lab);
    use_rerun(&page);
    use_restored(&page);
    use_page_keys({
        let page = page.clone();
        Callback::from(move |wish| obey(&page, wish))
    });
    let narrow = use_media("(max-width: 1099px)");
    let phone = use_media("(max-width: 799px)");
    let on_ready = {
        let show_line = show_line.clone();
        Callback::from(move |scroll| show_line.set(scroll))
    };
    html! {
        <ContextProvider<Page> context={page}>
            <div class="app">
                <TopBar />
                if phone { <><MachineChips /><PhoneTabs /></> } else { <MachineBar /> }
                { work(&lab, narrow, phone, on_ready) }
                <Banners />
                if phone { <PhoneFoot /> } else { <TimelinePane key="timeline" /> }
            </div>
            <Overlays />
        </ContextProvider<Page>>
    }
}

/// Editor and inspector, or on narrow windows the one that is chosen. The editor is never taken away, only hidden.
fn work(lab: &Lab, narrow: bool, phone: bool, on_ready: Callback<Callback<u32>>) -> Html {
    let tab = lab.tab;
    let (code, timeline) = (tab == Tab::Code, phone && tab == Tab::Timeline);
    html! {
        <main class="work">
            if narrow && !phone { <div class="code-tabs" hidden={!code}><super::inspector::Tabs code=true /></div> }
            <EditorPane key="editor" {on_ready} hidden={narrow && !code} />
            <Inspector key="inspector" beside_code={narrow} bare={phone} hidden={narrow && (code || timeline)} />
            if timeline { <TimelinePane key="phone-timeline" fill=true /> }
        </main>
    }
}

/// The program that was edited last, or the gallery's first.
fn first_state() -> Lab {
    let source = stored(names::PROGRAM).filter(|text| !text.trim().is_empty());
    let mut lab = Lab::with(source.as_deref().unwrap_or(gallery::ALL[0].source));
    if source.is_some() {
        lab.files = Files::new(Files::from_json(stored(names::FILES)));
    }
    lab.dark = is_dark();
    if crate::hooks::browser::matches("(max-width: 1099px)") {
        lab.tab = Tab::Code;
    }
    lab
}

/// What the worker says, as the state's actions.
pub(super) fn heard(lab: &UseReducerHandle<Lab>) -> Callback<Heard> {
    let dispatch = lab.dispatcher();
    Callback::from(move |heard| match heard {
        Heard::Message(message) => dispatch.dispatch(Action::Heard(message)),
        Heard::Killed { run, wall_us } => dispatch.dispatch(Action::Killed { number: run, wall_us }),
    })
}

/// A changed machine runs at once.
#[hook]
pub(super) fn use_rerun(page: &Page) {
    let run = page.run.clone();
    use_effect_with(page.lab.rerun, move |rerun| {
        if *rerun > 0 {
            run.emit(());
        }
    });
}

/// Shows the moment, zoom and selection that the opened link carries, when its run is over.
#[hook]
pub(super) fn use_restored(page: &Page) {
    let over = page.lab.run.ending().is_some().then_some(page.lab.run.number);
    let page = page.clone();
    use_effect_with(over, move |over| {
        if over.is_some() && page.lab.view.wanted.is_some() {
            let extent = page.lab.recording.read().timeline.extent();
            let canvas = document().query_selector(".can").ok().flatten();
            let width = canvas.map_or(0, |canvas| canvas.client_width());
            page.look(move |view| view.restore(extent, f64::from(width.max(320))));
        }
    });
}

#[hook]
pub(super) fn use_run(lab: &UseReducerHandle<Lab>, engine: &Rc<Engine>) -> Callback<Option<u64>> {
    let (lab, engine) = (lab.clone(), engine.clone());
    Callback::from(move |extended_ns: Option<u64>| {
        if tells_problem(&lab) {
            return;
        }
        let mut scenario = link::scenario(&lab.source, &lab.files.beside, &lab.machine);
        let machine = lab.machine.clone();
        let mut limits = with_workers(RunLimits::default());
        if let Some(until_ns) = extended_ns {
            // The person at the page decides, not the program: its own limits of time give way too.
            limits = limits.until(until_ns, machine.cores);
            limits.time_ns = until_ns;
            scenario.machine.limits.time_ns = None;
            scenario.machine.limits.steps = None;
        }
        let number = engine.run(scenario, limits);
        lab.dispatch(Action::Start {
            number,
            machine: Box::new(machine),
            extended_ns,
        });
    })
}

/// Says why the settings cannot be read, if they cannot.
fn tells_problem(lab: &UseReducerHandle<Lab>) -> bool {
    let Some(problem) = lab.problems.first() else {
        return false;
    };
    let text = format!("The lab settings cannot be read. {problem}.");
    lab.dispatch(Action::Tell(Some(Notice {
        severity: Severity::Error,
        text,
    })));
    true
}

/// Asks where steps lead.
pub(super) fn steps(lab: &UseReducerHandle<Lab>, engine: &Rc<Engine>) -> Callback<Step> {
    let (lab, engine) = (lab.clone(), engine.clone());
    Callback::from(move |step| {
        if engine.step(lab.run.number, step) {
            lab.dispatch(Action::Stepping);
        }
    })
}

/// Asks for what there is to see at the moment t: when a run is over, and while it goes on where somebody looks at it.
#[hook]
pub(super) fn use_scene(lab: &UseReducerHandle<Lab>, engine: &Rc<Engine>) {
    let run = &lab.run;
    let is_wanted = !lab.recording.is_empty()
        && (run.ending().is_some() || run.is_active() && matches!(lab.tab, Tab::State | Tab::Bytecode));
    let moment = lab.view.moment.min(lab.run.now_ns);
    let code_of = lab.code_of();
    let asked = is_wanted.then(|| (run.number, run.is_active(), moment, lab.seen.unfolded.clone(), code_of));
    let (engine, question) = (engine.clone(), lab.seen.question(code_of));
    use_effect_with(asked, move |asked| {
        if let Some((run, _, moment, ..)) = asked {
            engine.look(*run, *moment, question);
        }
    });
}

/// Has noted what is wanted of the run, when it is over and whenever something else is wanted.
#[hook]
fn use_survey(lab: &UseReducerHandle<Lab>, engine: &Rc<Engine>) {
    let run = &lab.run;
    let wanted = run.ending().map(|_| (run.number, lab.survey.order()));
    let until = run.now_ns;
    let (lab, engine) = (lab.clone(), engine.clone());
    use_effect_with(wanted, move |wanted| {
        let Some((run, order)) = wanted else { return };
        let is_asked = lab
            .survey
            .asked
            .as_ref()
            .is_some_and(|(of, asked)| of == run && **asked == *order);
        if is_asked || lab.survey.asked.is_none() && order.is_empty() {
            return;
        }
        let number = lab.survey.number + 1;
        engine.survey(*run, number, order.clone(), until);
        lab.dispatch(Action::Survey(Deed::Asked {
            run: *run,
            number,
            order: Rc::new(order.clone()),
        }));
    });
}

#[hook]
fn use_sweep(lab: &UseReducerHandle<Lab>, engine: &Rc<Engine>) -> Callback<String> {
    let (lab, engine) = (lab.clone(), engine.clone());
    Callback::from(move |over: String| {
        if lab.run.is_active() || tells_problem(&lab) {
            return;
        }
        let scenario = link::scenario(&lab.source, &lab.files.beside, &lab.machine);
        let number = engine.sweep(scenario, over.clone(), RunLimits::default());
        lab.dispatch(Action::StartSweep { number, over });
    })
}

#[hook]
fn use_compare(lab: &UseReducerHandle<Lab>, engine: &Rc<Engine>) -> Callback<String> {
    let (lab, engine) = (lab.clone(), engine.clone());
    Callback::from(move |over: String| {
        if lab.run.is_active() {
            return;
        }
        let scenario = link::scenario(&lab.run.source, &lab.run.files, &lab.run.machine);
        let number = engine.sweep(scenario, over.clone(), RunLimits::default());
        lab.dispatch(Action::Compare { number, over });
    })
}

/// Opens a program; the one that was in the editor is kept, unless it is the gallery's own.
#[hook]
fn use_open(lab: &UseReducerHandle<Lab>, engine: &Rc<Engine>) -> Callback<(String, Vec<File>)> {
    let (lab, engine) = (lab.clone(), engine.clone());
    Callback::from(move |(source, files): (String, Vec<File>)| {
        engine.stop();
        keep_earlier(&lab.source, &lab.files);
        link::forget_fragment();
        lab.dispatch(Action::Open {
            source,
            files,
            promised: None,
        });
        lab.dispatch(Action::Show(Overlay::None));
    })
}

/// Keeps a program that another one takes the place of, unless the gallery has it; true if it was kept.
fn keep_earlier(source: &str, files: &Files) -> bool {
    let own = is_own(source, files);
    if own {
        store(names::EARLIER, source);
        store(names::EARLIER_FILES, &files.to_json());
    }
    own
}

/// Whether a program is not one of the gallery, as it is there.
fn is_own(source: &str, files: &Files) -> bool {
    let is_it = |item: &gallery::Item| item.source == source && item.beside() == *files.beside;
    !gallery::ALL.iter().chain(&gallery::TEMPLATES).any(is_it) && !source.trim().is_empty()
}

/// What the person writes is kept in the browser; where that is refused, the page says so once.
#[hook]
fn use_kept(page: &Page) {
    let lab = &page.lab;
    let dispatch = lab.dispatcher();
    let trouble = Callback::from(move |()| {
        let text = "This browser does not let the page keep anything: what you write here is gone when the tab is closed. Share puts it into a link or a file.";
        dispatch.dispatch(Action::Tell(Some(Notice {
            severity: Severity::Warning,
            text: text.to_owned(),
        })));
    });
    let own = is_own(&lab.source, &lab.files);
    use_shelf(
        lab.opened,
        &lab.machine.title,
        &lab.source,
        &lab.files.beside,
        own,
        trouble,
    );
}

/// A link in the address is opened at the start and when the address changes; a bad one says why and changes nothing.
#[hook]
fn use_links(page: &Page) {
    let latest = use_mut_ref(|| page.clone());
    *latest.borrow_mut() = page.clone();
    use_effect_with((), move |()| {
        let open = move || {
            let fragment = link::fragment();
            if fragment.is_empty() {
                return;
            }
            let page = latest.borrow().clone();
            match decode_link(&fragment) {
                Ok(opened) => {
                    let source = opened.scenario.source().to_owned();
                    let files: Vec<File> = opened.scenario.files.iter().skip(1).cloned().collect();
                    let same = *page.lab.source == source && *page.lab.files.beside == files;
                    let replaces = !same && keep_earlier(&page.lab.source, &page.lab.files);
                    page.send(Action::Open {
                        source,
                        files,
                        promised: opened.trace_hash,
                    });
                    if let Some(view) = opened.scenario.view {
                        page.send(Action::Restore(view));
                    }
                    if replaces {
                        let text = "Opened from a link. The program you had is kept: it is in the Gallery as \u{201c}Your earlier program\u{201d}.";
                        page.send(Action::Tell(Some(Notice {
                            severity: Severity::Info,
                            text: text.to_owned(),
                        })));
                    }
                }
                Err(error) => {
                    let text = format!("{error} Your program is as it was.");
                    page.send(Action::Tell(Some(Notice {
                        severity: Severity::Error,
                        text,
                    })));
                }
            }
        };
        open();
        let listener = EventListener::new(&window(), "hashchange", move |_| open());
        move || drop(listener)
    });
}

/// Edits survive a reload; an address that no longer says what the editor holds is cleared.
#[hook]
fn use_storage(lab: &UseReducerHandle<Lab>) {
    let now = (lab.opened, lab.source.clone(), lab.files.beside.clone());
    let last = use_mut_ref(|| now.clone());
    let json = lab.files.to_json();
    use_effect_with(now, move |now| {
        store(names::PROGRAM, &now.1);
        store(names::FILES, &json);
        let last = last.replace(now.clone());
        if last.0 == now.0 && last != *now {
            link::forget_fragment();
        }
    });
}

/// Canvases are painted again when the page turns dark or light.
#[hook]
pub(super) fn use_theme(lab: &UseReducerHandle<Lab>) {
    let system = use_media("(prefers-color-scheme: dark)");
    let dispatch = lab.dispatcher();
    use_effect_with(system, move |_| dispatch.dispatch(Action::Dark(is_dark())));
}

fn obey(page: &Page, wish: Wish) {
    match wish {
        Wish::Run => page.run.emit(()),
        Wish::Help => page.send(Action::Show(Overlay::Help)),
        Wish::Breakpoint { .. } if page.lab.survey.breakpoints.is_empty() => {}
        Wish::Breakpoint { back } => page.send(Action::Survey(Deed::Go(Goal {
            from: page.lab.view.moment,
            back,
            to: Target::Breakpoint,
        }))),
        Wish::Escape if page.lab.overlay != Overlay::None => page.send(Action::Show(Overlay::None)),
        Wish::Escape => page.stop.emit(()),
    }
}
