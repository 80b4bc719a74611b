//! The legend: every state with the look it has on the canvas, and what processes do where a program has several.

use crate::components::page::use_page;
use heddle_timeline::Signs;
use heddle_trace::StateClass;
use yew::prelude::*;

/// The patterns of the swatches and the swatches themselves; a constant of ours.
const SWATCHES: [(&str, &str); 9] = [
    (
        "running",
        r#"<rect x="0.5" y="0" width="17" height="14" rx="2" fill="var(--th-1)"/>"#,
    ),
    (
        "C code without the GIL",
        r#"<rect x="1" y="0.5" width="16" height="13" rx="2" fill="color-mix(in srgb,var(--th-1) 14%,var(--panel))" stroke="var(--th-1)" stroke-width="1.2"/><path d="M1 4.500h16M1 9.500h16" stroke="var(--th-1)"/>"#,
    ),
    (
        "blocked, by name",
        r#"<rect x="0.5" y="1.500" width="17" height="12" rx="1" fill="var(--lock-soft)" stroke="var(--lock)"/>"#,
    ),
    (
        "waits for the GIL",
        r#"<rect x="0.5" y="4.500" width="17" height="9" fill="url(#p-gil)" stroke="var(--gil)"/>"#,
    ),
    (
        "ready, no core free",
        r#"<rect x="0.5" y="4.500" width="17" height="9" fill="url(#p-core)" stroke="var(--core)" stroke-dasharray="2 2"/>"#,
    ),
    (
        "asleep",
        r#"<rect x="0" y="10" width="18" height="4" rx="1" fill="var(--idle)"/>"#,
    ),
    (
        "I/O",
        r#"<path d="M0 12H18" stroke="var(--idle)" stroke-width="4" stroke-dasharray="4 3"/>"#,
    ),
    (
        "deadlocked",
        r#"<rect x="0.5" y="0.5" width="17" height="13" fill="url(#p-dead)" stroke="var(--dead)"/>"#,
    ),
    (
        "finished",
        r#"<path d="M9 1V13" stroke="var(--ink)" stroke-width="2"/><rect x="6" y="11" width="6" height="3" fill="var(--ink)"/>"#,
    ),
];

const PICKLING: (&str, &str) = (
    "pickling",
    r#"<rect x="0" y="3" width="4.500" height="11" rx="1" fill="var(--th-1)"/><rect x="5.500" y="0" width="7" height="14" rx="1" fill="var(--th-1)"/><rect x="13.500" y="3" width="4.500" height="11" rx="1" fill="var(--th-1)"/>"#,
);
const ZOMBIE: (&str, &str) = (
    "zombie",
    r#"<rect x="0.5" y="4.500" width="17" height="9" fill="url(#p-idle)" stroke="var(--idle)"/>"#,
);
const ACCESSES: (&str, &str) = (
    "reads, writes shared memory",
    r#"<path d="M2 14v-4M7 14v-4M16 14v-4" stroke="var(--th-1)" stroke-width="2"/><path d="M11.500 14V3" stroke="var(--th-1)" stroke-width="2"/>"#,
);
const LOST: (&str, &str) = (
    "lost update",
    r#"<path d="M9 14V3" stroke="var(--th-1)" stroke-width="2"/><path d="M5.500 5l7 7m0-7l-7 7" stroke="var(--bad)" stroke-width="2"/>"#,
);

/// The swatches of those that there are.
fn swatches_of(signs: Signs) -> impl Iterator<Item = (&'static str, &'static str)> {
    let all = [
        (signs.pickles, PICKLING),
        (signs.zombies, ZOMBIE),
        (signs.accesses, ACCESSES),
        (signs.losses, LOST),
    ];
    all.into_iter()
        .filter(|(is_there, _)| *is_there)
        .map(|(_, swatch)| swatch)
}

const PATTERNS: &str = concat!(
    r#"<svg width="0" height="0" class="apart" aria-hidden="true"><defs>"#,
    r#"<pattern id="p-gil" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="6" height="6" fill="var(--gil-soft)"/><rect width="2.4" height="6" fill="var(--gil)"/></pattern>"#,
    r#"<pattern id="p-idle" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="6" height="6" fill="var(--panel)"/><rect width="2.4" height="6" fill="var(--idle)"/></pattern>"#,
    r#"<pattern id="p-core" width="5" height="5" patternUnits="userSpaceOnUse"><rect width="5" height="5" fill="var(--core-soft)"/><circle cx="2.5" cy="2.5" r="1.1" fill="var(--core)"/></pattern>"#,
    r#"<pattern id="p-dead" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="7" height="7" fill="var(--lock-soft)"/><path d="M0 0H7M0 0V7" stroke="var(--dead)" stroke-width="3"/></pattern>"#,
    "</defs></svg>"
);

/// The classes of states whose swatches these are, in the order of [`SWATCHES`]; `None` for those that are of no state.
const CLASSES: [Option<StateClass>; SWATCHES.len()] = [
    Some(StateClass::Running),
    Some(StateClass::Native),
    Some(StateClass::Blocked),
    Some(StateClass::GilWait),
    Some(StateClass::Ready),
    Some(StateClass::Asleep),
    Some(StateClass::Io),
    None,
    None,
];
/// Where the swatch of a deadlock stands.
const DEADLOCKED: usize = 7;

/// Only what is to be seen, for where there is little room.
#[function_component(CompactLegend)]
pub fn compact_legend() -> Html {
    let page = use_page();
    let seen = use_memo(
        (page.lab.recording.clone(), page.lab.run.is_active()),
        |(recording, is_active)| {
            // While it grows the whole timeline would be looked through again and again.
            if recording.is_empty() || *is_active {
                return Vec::new();
            }
            let data = recording.read();
            let place = |class: StateClass| CLASSES.iter().position(|one| *one == Some(class));
            let deadlock = data.timeline.is_deadlocked().then_some(DEADLOCKED);
            let classes = data.timeline.classes();
            deadlock
                .into_iter()
                .chain(classes.into_iter().filter_map(place))
                .collect::<Vec<_>>()
        },
    );
    html! {
        <div class="legend">
            { Html::from_html_unchecked(PATTERNS.into()) }
            { for seen.iter().map(|at| swatch(SWATCHES[*at])) }
        </div>
    }
}

fn swatch((name, shapes): (&'static str, &'static str)) -> Html {
    html! {
        <span>
            { Html::from_html_unchecked(format!(r#"<svg class="sw" viewBox="0 0 18 14" aria-hidden="true">{shapes}</svg>"#).into()) }
            { name }
        </span>
    }
}

/// See the module.
#[function_component(Legend)]
pub fn legend() -> Html {
    let page = use_page();
    let signs = use_memo(page.lab.recording.clone(), |recording| {
        if recording.is_empty() {
            Signs::default()
        } else {
            recording.read().timeline.signs()
        }
    });
    html! {
        <div class="legend">
            { Html::from_html_unchecked(PATTERNS.into()) }
            { for SWATCHES.into_iter().chain(swatches_of(*signs)).map(swatch) }
            <span class="t3 no-phone">{ "hue: which thread · height: how much gets done" }</span>
        </div>
    }
}
