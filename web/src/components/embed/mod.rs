//! The lab inside another page: the program, the timeline, what is written, or two of them in a frame, as the address says
//! (`heddle_scenario::Embedding`). It stores nothing in the browser, starts its engine when something is to be run, and gives it up
//! when the page around says so; what was drawn stays.

mod foot;
mod given;
mod head;
mod host;

use super::app::{heard, steps, use_rerun, use_restored, use_run, use_scene, use_theme};
use super::banner::Banners;
use super::editor::EditorPane;
use super::inspector::OutputTab;
use super::page::Page;
use super::timeline::EmbeddedTimeline;
use crate::hooks::engine::Engine;
use crate::hooks::keys::{Wish, use_page_keys};
use crate::state::{Action, Phase};
use foot::Foot;
use given::Given;
use head::Head;
use heddle_scenario::{Moment, Shown};
use host::{use_height, use_host, use_yielding};
use yew::prelude::*;

/// See the module.
#[function_component(EmbeddedApp)]
pub fn embedded_app() -> Html {
    let given = use_memo((), |()| Given::of_address());
    let lab = {
        let given = given.clone();
        use_reducer(move || given.first_state())
    };
    let engine = use_memo((), |()| Engine::shared(heard(&lab)));
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
        sweep: Callback::noop(),
        compare: Callback::noop(),
        open: Callback::noop(),
        step: steps(&lab, &engine),
        show_line: (*show_line).clone(),
    };
    use_scene(&lab, &engine);
    let part = use_state(|| given.part());
    use_host(&page, &given, &part);
    use_yielding(&engine);
    let frame = use_node_ref();
    use_height(&frame, given.options.fit);
    use_rerun(&page);
    use_restored(&page);
    use_moment(&page, given.options.at);
    use_theme(&lab);
    use_page_keys({
        let page = page.clone();
        Callback::from(move |wish| match wish {
            Wish::Run => page.run.emit(()),
            Wish::Escape => page.stop.emit(()),
            Wish::Help | Wish::Breakpoint { .. } => {}
        })
    });
    let reset = {
        let (page, given, part) = (page.clone(), given.clone(), part.clone());
        Callback::from(move |()| {
            part.set(given.part());
            page.stop.emit(());
            page.send(Action::Open {
                source: given.source.clone(),
                files: given.files.clone(),
                promised: given.promised,
            });
        })
    };
    let on_ready = {
        let show_line = show_line.clone();
        Callback::from(move |scroll| show_line.set(scroll))
    };
    let options = &given.options;
    let output = use_state(|| false);
    let is_output = options.shown == Shown::Output
        || *output
        || options.shown == Shown::Code && (lab.run.phase != Phase::Never && !lab.run.output.is_empty());
    let toggle_output = {
        let output = output.clone();
        Callback::from(move |()| output.set(!*output))
    };
    let is_edited = *lab.source != *given.source || *lab.files.beside != given.files;
    let (from, to) = *part;
    let class = classes!(
        "em",
        options.fit.then_some("fit"),
        format!("shows-{}", options.shown.name())
    );
    html! {
        <ContextProvider<Page> context={page.clone()}>
            <main {class} ref={frame} aria-label={format!("Heddle: {}", head::title(&lab))}>
                <Head {is_edited} {reset} />
                if options.shown.has_code() {
                    <EditorPane key="editor" {on_ready} part={Some((from, to, options.readonly))} />
                }
                { refused(&page, options.shown.has_code(), *part) }
                <Banners />
                if options.shown.has_timeline() { <EmbeddedTimeline key="timeline" fit={options.fit} /> }
                if is_output { <section class="insp" aria-label="Written"><OutputTab /></section> }
                <Foot shown={options.shown} {is_output} {toggle_output} />
            </main>
        </ContextProvider<Page>>
    }
}

/// Why the program does not compile, where the editor cannot say it at its place.
fn refused(page: &Page, has_code: bool, (from, to): (u32, u32)) -> Html {
    match page.lab.run.syntax_problem() {
        Some(problem) if problem.line > 0 && (!has_code || problem.line < from || problem.line > to) => {
            let words = format!("{}, line {}: {}", problem.file, problem.line, problem.message);
            html! { <div class="banner" role="alert"><span>{ words }</span></div> }
        }
        _ => Html::default(),
    }
}

/// A run that is over shows the moment that the address names.
#[hook]
fn use_moment(page: &Page, at: Option<Moment>) {
    let over = page.lab.run.ending().is_some().then_some(page.lab.run.number);
    let page = page.clone();
    use_effect_with(over, move |over| {
        if let (Some(_), Some(at)) = (over, at) {
            host::seek(&page, at);
        }
    });
}
