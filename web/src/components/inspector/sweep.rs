//! The sweep: the program over a list of values of a setting or of one of its constants, drawn as a plot that can be kept.

use crate::components::page::{Page, use_page};
use crate::hooks::browser::{download, matches};
use crate::state::Sweep;
use crate::state::sweep::{suggestions, usual_values};
use heddle_trace::{Colours, Quantity, rounded, to_csv};
use wasm_bindgen::JsCast;
use web_sys::{HtmlInputElement, HtmlSelectElement, SubmitEvent};
use yew::prelude::*;

/// The settings that are offered; more can be written.
const SETTINGS: [&str; 8] = [
    "cores",
    "version",
    "interval",
    "seed",
    "quantum",
    "os-scheduler",
    "policy",
    "computer",
];

/// How wide a plot is that is kept.
const PAPER_WIDTH: u16 = 640;

/// The page's colours, in both themes.
const PAGE: Colours = Colours {
    ground: "var(--panel)",
    ink: "var(--ink)",
    soft: "var(--ink-3)",
    line: "var(--line)",
    data: "var(--accent)",
};

/// See the module.
#[function_component(SweepCard)]
pub fn sweep_card() -> Html {
    let page = use_page();
    let over = use_state(|| "cores".to_owned());
    let values = use_state(|| usual_values("cores", ""));
    let quantity = use_state(|| Quantity::Time);
    let lab = &page.lab;
    let sweep = &lab.sweep;
    let submit = {
        let (page, over, values) = (page.clone(), over.clone(), values.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            page.sweep.emit(format!("{}={}", over.trim(), *values));
        })
    };
    let change_over = {
        let (over, values, source) = (over.clone(), values.clone(), lab.source.clone());
        Callback::from(move |event: InputEvent| {
            let Some(name) = written(&event) else { return };
            let usual = usual_values(name.trim(), &source);
            if !usual.is_empty() {
                values.set(usual);
            }
            over.set(name);
        })
    };
    let change_values = {
        let values = values.clone();
        Callback::from(move |event: InputEvent| written(&event).into_iter().for_each(|text| values.set(text)))
    };
    let change_quantity = {
        let quantity = quantity.clone();
        Callback::from(move |event: Event| {
            let select = event.target().and_then(|t| t.dyn_into::<HtmlSelectElement>().ok());
            let chosen = select.and_then(|select| Quantity::named(&select.value()));
            chosen.into_iter().for_each(|chosen| quantity.set(chosen));
        })
    };
    let names = SETTINGS.into_iter().map(str::to_owned);
    let names = names.chain(suggestions(&lab.source).into_iter().map(|(name, _)| name));
    html! {
        <section class="card" aria-label="Sweep">
            <h3 class="lbl">{ "Sweep: the same program with other values" }</h3>
            <form class="sweep" onsubmit={submit}>
                <label class="fld">{ "over" }<input class="val" aria-label="Sweep over" list="sweep-names" autocomplete="off" spellcheck="false" value={(*over).clone()} oninput={change_over} /></label>
                <datalist id="sweep-names">{ for names.map(|name| html! { <option value={name}></option> }) }</datalist>
                <label class="fld grow">{ "values" }<input class="val grow" aria-label="Values" autocomplete="off" spellcheck="false" value={(*values).clone()} oninput={change_values} /></label>
                <label class="fld">{ "shows" }
                    <select class="val" aria-label="Quantity" onchange={change_quantity}>
                        { for Quantity::ALL.into_iter().map(|one| html! { <option value={one.name()} selected={one == *quantity}>{ one.label() }</option> }) }
                    </select>
                </label>
                if sweep.is_active {
                    <button class="btn out" type="button" onclick={page.stop.reform(|_| ())}>{ "Stop the sweep" }</button>
                } else {
                    <button class="btn out" type="submit" disabled={lab.run.is_active()}>{ "Sweep" }</button>
                }
            </form>
            { result(&page, sweep, *quantity) }
        </section>
    }
}

fn written(event: &InputEvent) -> Option<String> {
    Some(event.target()?.dyn_into::<HtmlInputElement>().ok()?.value())
}

fn result(page: &Page, sweep: &Sweep, quantity: Quantity) -> Html {
    if sweep.number == 0 {
        return html! { <p class="s12 t3">{ "A setting (cores, version, interval …), or a constant that stands at the top of the program, such as N. 1..4 is 1, 2, 3, 4." }</p> };
    }
    let done = sweep.points.len();
    let keep = |name: &'static str, file: &'static str, kind: &'static str, content: Callback<(), String>| {
        let save = Callback::from(move |_: MouseEvent| download(file, kind, &content.emit(())));
        html! { <button class="btn sm out" onclick={save}>{ name }</button> }
    };
    let picture = {
        let sweep = sweep.clone();
        Callback::from(move |()| sweep.plot(quantity).to_svg(&Colours::PAPER, PAPER_WIDTH))
    };
    let table = {
        let sweep = sweep.clone();
        Callback::from(move |()| to_csv(&sweep.over, &sweep.points))
    };
    let width = if matches("(max-width: 799px)") { 330 } else { 540 };
    let dim = *page.lab.sweep.title != *page.lab.machine.title;
    html! {
        <>
            if sweep.is_active {
                <p class="s12 t2 row" role="status"><span class="spin"></span>{ format!("{done} of {} values", sweep.values.max(1)) }</p>
            }
            if let Some(problem) = &sweep.problem { <p class="s12 fault" role="alert">{ problem.clone() }</p> }
            if done > 0 {
                <figure class={classes!("plot", dim.then_some("dim"))}>{ Html::from_html_unchecked(sweep.plot(quantity).to_svg(&PAGE, width).into()) }</figure>
                { values_table(sweep, quantity) }
                <div class="row" style="gap:8px;margin-top:8px">
                    { keep("Download SVG", "sweep.svg", "image/svg+xml", picture) }
                    { keep("Download CSV", "sweep.csv", "text/csv", table) }
                </div>
            }
        </>
    }
}

fn values_table(sweep: &Sweep, quantity: Quantity) -> Html {
    let measured = quantity.of(&sweep.points);
    let rows = sweep.points.iter().zip(measured).map(|(point, y)| {
        let y = y.map_or_else(|| "–".to_owned(), rounded);
        html! {
            <tr>
                <td class="num">{ point.value.clone() }</td>
                <td class="wide s12 t3">{ point.problem.clone().unwrap_or_default() }</td>
                <td class="num">{ y }</td>
            </tr>
        }
    });
    html! {
        <table class="kv" aria-label="Values of the sweep">
            <thead><tr class="lbl"><th scope="col">{ sweep.over.clone() }</th><th scope="col" class="wide"><span class="sr">{ "problem" }</span></th><th scope="col" style="text-align:right">{ quantity.label() }</th></tr></thead>
            <tbody>{ for rows }</tbody>
        </table>
    }
}
