//! The editor's pane: CodeMirror inside, kept in step with the page's state both ways; chips and tints for the moment t.

use super::page::use_page;
use crate::editor_js::{Editor, mount};
use crate::marks;
use crate::state::Action;
use serde_json::json;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::HtmlElement;
use yew::prelude::*;

/// Which editor: handed up so that others can scroll it.
#[derive(Properties, PartialEq)]
pub struct Props {
    /// Called with the function that scrolls to a line, once there is an editor.
    pub on_ready: Callback<Callback<u32>>,
    /// Not drawn, but kept: on a phone another tab is shown.
    #[prop_or_default]
    pub hidden: bool,
}

/// See the module.
#[function_component(EditorPane)]
pub fn editor_pane(props: &Props) -> Html {
    let page = use_page();
    let lab = &page.lab;
    let parent = use_node_ref();
    let editor = use_state(|| None::<Editor>);
    let failed = use_state(|| None::<String>);
    {
        let (parent, editor, failed) = (parent.clone(), editor.clone(), failed.clone());
        let (dispatch, source, on_ready) = (lab.dispatcher(), lab.source.clone(), props.on_ready.clone());
        use_effect_with((), move |()| {
            let changed = Closure::<dyn FnMut(String)>::new(move |text| dispatch.dispatch(Action::Edit(text)));
            wasm_bindgen_futures::spawn_local(async move {
                let Some(parent) = parent.cast::<HtmlElement>() else {
                    return;
                };
                match mount(&parent, &source, &changed).await {
                    Ok(made) => {
                        let made: Editor = made.unchecked_into();
                        let scroll = made.clone();
                        on_ready.emit(Callback::from(move |line| scroll.show_line(line)));
                        editor.set(Some(made));
                        // The editor lives as long as the page.
                        changed.forget();
                    }
                    Err(error) => failed.set(Some(format!("The editor could not be loaded: {error:?}"))),
                }
            });
        });
    }
    use_effect_with((editor.is_some(), lab.opened), {
        let (editor, source) = (editor.clone(), lab.source.clone());
        move |(_, opened)| {
            if let Some(editor) = &*editor
                && *opened > 0
            {
                editor.replace_doc(&source);
            }
        }
    });
    use_effect_with((editor.is_some(), lab.source.clone()), {
        let editor = editor.clone();
        move |(_, source)| {
            if let Some(editor) = &*editor {
                editor.set_doc(source);
            }
        }
    });
    // A syntax error stands in the text until the program is changed.
    let error = lab
        .run
        .syntax_problem()
        .filter(|problem| problem.line > 0 && lab.run.source == lab.source)
        .map(|p| json!({"line": p.line, "col": p.column, "endLine": p.end_line, "endCol": p.end_column, "message": p.message}))
        .or_else(|| {
            lab.problems.first().map(|p| json!({"line": p.line, "col": p.column, "endLine": p.line, "endCol": p.column, "message": p.message}))
        });
    use_effect_with(
        (editor.is_some(), error.map_or("null".to_owned(), |e| e.to_string())),
        {
            let editor = editor.clone();
            move |(_, error)| {
                if let Some(editor) = &*editor {
                    editor.set_error(error);
                }
            }
        },
    );
    let shown = !lab.is_stale() && !lab.recording.is_empty();
    use_effect_with((editor.is_some(), shown, lab.recording.clone(), lab.view.moment), {
        let editor = editor.clone();
        move |(_, shown, recording, moment)| {
            if let Some(editor) = &*editor {
                let json = if *shown {
                    marks::of_moment(&recording.read(), *moment)
                } else {
                    "null".to_owned()
                };
                editor.set_marks(&json);
            }
        }
    });
    html! {
        <section class="pane" aria-label="Program" hidden={props.hidden}>
            <div class="tabs no-phone" role="tablist" aria-label="Files">
                <button class="tab on" role="tab" aria-selected="true">{ "main.py" }</button>
            </div>
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
