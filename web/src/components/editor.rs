//! The editor's pane: CodeMirror inside, kept in step with the page's state both ways; chips and tints for the moment t.

use super::icon::Icon;
use super::page::{Page, use_page};
use crate::editor_js::{Editor, mount};
use crate::marks::{self, names};
use crate::state::Action;
use crate::state::files::FileDeed;
use crate::state::survey::{Deed, Goal, Target};
use heddle_timeline::duration;
use heddle_trace::{Findings, LineTimes};
use serde_json::json;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{HtmlElement, HtmlInputElement};
use yew::prelude::*;

/// Which editor: handed up so that others can scroll it.
#[derive(Properties, PartialEq)]
pub struct Props {
    /// Called with the function that scrolls to a line, once there is an editor.
    pub on_ready: Callback<Callback<u32>>,
    /// Not drawn, but kept: on a phone another tab is shown.
    #[prop_or_default]
    pub hidden: bool,
    /// Which part of the program is shown: its first and last line, from 1, and whether it is only to be read.
    #[prop_or_default]
    pub part: Option<(u32, u32, bool)>,
}

/// See the module.
#[function_component(EditorPane)]
pub fn editor_pane(props: &Props) -> Html {
    let page = use_page();
    let lab = &page.lab;
    // What the editor shows: the program, or a file beside it.
    let text: Rc<str> = match lab.files.open() {
        Some(file) => file.text.as_str().into(),
        None => lab.source.clone(),
    };
    let parent = use_node_ref();
    let editor = use_state(|| None::<Editor>);
    let failed = use_state(|| None::<String>);
    let latest = use_mut_ref(|| page.clone());
    *latest.borrow_mut() = page.clone();
    {
        let latest = Rc::clone(&latest);
        let (parent, editor, failed) = (parent.clone(), editor.clone(), failed.clone());
        let (dispatch, source, on_ready) = (lab.dispatcher(), text.clone(), props.on_ready.clone());
        use_effect_with((), move |()| {
            let changed = Closure::<dyn FnMut(String)>::new(move |text| dispatch.dispatch(Action::Edit(text)));
            let wanted = Closure::<dyn FnMut(String, u32)>::new(move |what: String, line| {
                let page = latest.borrow().clone();
                page.send(Action::Survey(wish(&page, &what, line)));
            });
            wasm_bindgen_futures::spawn_local(async move {
                let Some(parent) = parent.cast::<HtmlElement>() else {
                    return;
                };
                match mount(&parent, &source, &changed, &wanted).await {
                    Ok(made) => {
                        let made: Editor = made.unchecked_into();
                        let scroll = made.clone();
                        on_ready.emit(Callback::from(move |line| scroll.show_line(line)));
                        editor.set(Some(made));
                        // The editor lives as long as the page.
                        changed.forget();
                        wanted.forget();
                    }
                    Err(error) => failed.set(Some(format!("The editor could not be loaded: {error:?}"))),
                }
            });
        });
    }
    let begun = use_mut_ref(|| None);
    use_effect_with((editor.is_some(), lab.opened, lab.files.shown), {
        let (editor, source) = (editor.clone(), text.clone());
        move |(_, opened, shown)| {
            if let Some(editor) = &*editor {
                let now = (*opened, *shown);
                // The editor is made with the first text.
                if begun.replace(Some(now)).map_or(*opened > 0, |before| before != now) {
                    editor.replace_doc(&source);
                }
            }
        }
    });
    use_effect_with((editor.is_some(), text.clone()), {
        let editor = editor.clone();
        move |(_, source)| {
            if let Some(editor) = &*editor {
                editor.set_doc(source);
            }
        }
    });
    use_effect_with((editor.is_some(), lab.opened, lab.files.shown, props.part), {
        let editor = editor.clone();
        move |(_, _, shown, part)| {
            if let (Some(editor), Some((from, to, readonly))) = (&*editor, *part) {
                let (from, to) = if *shown == 0 { (from, to) } else { (1, u32::MAX) };
                editor.set_part(&json!({"from": from, "to": to, "readonly": readonly}).to_string());
            }
        }
    });
    // A syntax error stands in the text until the program is changed.
    let error = lab
        .run
        .syntax_problem()
        .filter(|problem| problem.line > 0 && lab.run.source == lab.source && lab.run.files == lab.files.beside)
        .filter(|problem| lab.files.names().all(|name| name != problem.file) || problem.file == lab.files.open_name())
        .map(|p| json!({"line": p.line, "col": p.column, "endLine": p.end_line, "endCol": p.end_column, "message": p.message}))
        .or_else(|| {
            lab.problems.first().filter(|_| lab.files.shown == 0).map(|p| json!({"line": p.line, "col": p.column, "endLine": p.line, "endCol": p.column, "message": p.message}))
        });
    use_effect_with(
        (
            editor.is_some(),
            error.map_or("null".to_owned(), |e| e.to_string()),
            lab.files.shown,
        ),
        {
            let editor = editor.clone();
            move |(_, error, _)| {
                if let Some(editor) = &*editor {
                    editor.set_error(error);
                }
            }
        },
    );
    let shown = !lab.is_stale() && !lab.recording.is_empty();
    let file = (!lab.files.beside.is_empty()).then(|| lab.files.open_name().to_owned());
    let scene = lab.seen.at(lab.view.moment).cloned();
    let seen = (lab.opened, shown, lab.recording.clone(), lab.view.moment, file, scene);
    use_effect_with((editor.is_some(), seen), {
        let editor = editor.clone();
        move |(_, (_, shown, recording, moment, file, scene))| {
            if let Some(editor) = &*editor {
                let json = if *shown {
                    marks::of_moment(&recording.read(), *moment, file.as_deref(), scene.as_deref())
                } else {
                    "null".to_owned()
                };
                editor.set_marks(&json);
            }
        }
    });
    let survey = &lab.survey;
    let breaks: Vec<u32> = survey
        .breakpoints
        .iter()
        .filter(|one| one.0 == lab.files.open_name())
        .map(|one| one.1)
        .collect();
    use_effect_with((editor.is_some(), breaks, lab.opened, lab.files.shown), {
        let editor = editor.clone();
        move |(_, breaks, ..)| {
            if let Some(editor) = &*editor {
                editor.set_breaks(&json!(breaks).to_string());
            }
        }
    });
    let heat = if survey.times && shown {
        heat(&survey.findings, lab.files.open_name())
    } else {
        "null".to_owned()
    };
    use_effect_with((editor.is_some(), heat, lab.opened, lab.files.shown), {
        let editor = editor.clone();
        move |(_, heat, ..)| {
            if let Some(editor) = &*editor {
                editor.set_heat(heat);
            }
        }
    });
    html! {
        <section class="pane" aria-label="Program" hidden={props.hidden}>
            { file_tabs(&page) }
            <div class="edit" ref={parent}>
                if let Some(message) = &*failed {
                    <div class="loading" role="alert">{ message.clone() }</div>
                } else if editor.is_none() {
                    <div class="loading">{ "Loading the editor…" }</div>
                }
            </div>
        </section>
    }
}

/// What the editor wants of a line: a breakpoint, or to go there.
fn wish(page: &Page, what: &str, line: u32) -> Deed {
    let file = page.lab.files.open_name().to_owned();
    match what {
        "here" => Deed::Go(Goal {
            from: page.lab.view.moment,
            back: false,
            to: Target::Line(file, line),
        }),
        _ => Deed::Break(file, line),
    }
}

/// Each line's share of the time that its file's lines took while their threads ran.
fn heat(findings: &Findings, file: &str) -> String {
    let lines: Vec<_> = findings.lines.iter().filter(|one| names(&one.file, file)).collect();
    let ran = |one: &LineTimes| one.own_ns.saturating_sub(one.waited_ns);
    let all: u64 = lines.iter().map(|one| ran(one)).sum();
    let mut shares: Vec<_> = lines
        .iter()
        .filter_map(|one| {
            let share = (ran(one).saturating_mul(100) + all / 2).checked_div(all)?;
            let hits = crate::state::words::count(usize::try_from(one.hits).unwrap_or(usize::MAX), "time");
            let title = format!(
                "run {hits}; {} of its own, {} of it waiting; {} with calls",
                duration(one.own_ns),
                duration(one.waited_ns),
                duration(one.total_ns)
            );
            (share > 0).then(|| json!({"line": one.line, "share": share, "title": title}))
        })
        .collect();
    shares.sort_by_key(|one| one["line"].as_u64());
    json!(shares).to_string()
}

/// The files: a tab each; those beside the program can be renamed and taken away.
fn file_tabs(page: &Page) -> Html {
    let files = &page.lab.files;
    let deed = |deed: FileDeed| page.on(move || Action::Files(deed.clone()));
    let rename = {
        let page = page.clone();
        Callback::from(move |event: Event| {
            if let Some(input) = event.target().and_then(|t| t.dyn_into::<HtmlInputElement>().ok()) {
                page.send(Action::Files(FileDeed::Rename(input.value())));
            }
        })
    };
    let tab = |(at, name): (usize, &str)| {
        let on = at == files.shown;
        html! {
            <button class={classes!("tab", on.then_some("on"))} role="tab" aria-selected={on.to_string()} onclick={deed(FileDeed::Show(at))}>{ name.to_owned() }</button>
        }
    };
    let alone = files.beside.is_empty().then_some("no-phone");
    html! {
        <div class={classes!("tabs", "files", alone)}>
            <div class="row" role="tablist" aria-label="Files" style="gap:2px;align-self:stretch;align-items:stretch">{ for files.names().enumerate().map(tab) }</div>
            <span class="end">
                if let Some(file) = files.open() {
                    <input class="val" aria-label="File name" title="The file's name; other computers name it in `script=`" autocomplete="off" spellcheck="false" key={files.shown} value={file.name.clone()} onchange={rename} />
                    <button class="btn sm sq" aria-label="Remove this file" title="Remove this file" onclick={deed(FileDeed::Remove)}>{ Icon::Close.html() }</button>
                }
                <button class="btn sm sq" aria-label="Add a file" title="Add a file: a module, or the script of another computer" disabled={!files.has_room()} onclick={deed(FileDeed::Add)}>{ Icon::Plus.html() }</button>
            </span>
        </div>
    }
}
