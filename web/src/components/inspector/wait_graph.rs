//! The graph of who waits for whom, as a picture. The cards below it say the same in words, so a screen reader gets its sum only.

use crate::components::page::Page;
use crate::components::timeline::keys;
use heddle_timeline::{HUES, LaneKey, WaitArrow, WaitBox, WaitEdge, WaitGraph, WaitNode};
use heddle_trace::Nanos;
use yew::prelude::*;

/// Letters of a chip are about so wide, in px.
const LETTER_PX: f64 = 7.0;

/// The picture; a click on a thread selects it and shows its line.
pub fn picture(page: &Page, graph: &WaitGraph, at: Nanos) -> Html {
    let (width, height) = graph.size;
    let size = |px: f64| format!("{px:.0}");
    html! {
        <svg class="waits" viewBox={format!("0 0 {width:.0} {height:.0}")} width={size(width)} height={size(height)} role="img" aria-label={words(graph)}>
            <defs>{ for [("waits", "--dead"), ("held", "--ink-2"), ("joins", "--idle")].map(|(name, token)| html! {
                <marker id={format!("wait-{name}")} viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" markerUnits="userSpaceOnUse" orient="auto">
                    <path d="M0 .5 8 4 0 7.5z" style={format!("fill:var({token})")} />
                </marker>
            }) }</defs>
            { for graph.edges.iter().map(|edge| arrow(graph, edge)) }
            { for graph.boxes.iter().map(|one| node(page, one, at)) }
        </svg>
    }
}

/// "P0 waits for forks[1]; forks[1] is held by P1; main waits for the end of P0".
fn words(graph: &WaitGraph) -> String {
    let name = |index: usize| match graph.boxes.get(index).map(|one| &one.node) {
        Some(WaitNode::Thread { chip, .. }) => chip.clone(),
        Some(WaitNode::Object { name }) => name.clone(),
        None => String::new(),
    };
    let each = graph.edges.iter().map(|edge| {
        let says = match edge.says {
            WaitArrow::WaitsFor => "waits for",
            WaitArrow::HeldBy => "is held by",
            WaitArrow::Joins => "waits for the end of",
        };
        format!("{} {says} {}", name(edge.boxes.0), name(edge.boxes.1))
    });
    format!("Wait-for graph: {}", each.collect::<Vec<_>>().join("; "))
}

fn arrow(graph: &WaitGraph, edge: &WaitEdge) -> Html {
    let cycle = [edge.boxes.0, edge.boxes.1]
        .iter()
        .all(|index| graph.boxes.get(*index).is_some_and(|one| one.in_cycle));
    let (name, says) = match edge.says {
        WaitArrow::WaitsFor => ("waits", "waits for"),
        WaitArrow::HeldBy => ("held", "held by"),
        WaitArrow::Joins => ("joins", "join"),
    };
    let ((x1, y1), (x2, y2)) = (edge.from, edge.to);
    let middle = (f64::midpoint(x1, x2), f64::midpoint(y1, y2));
    // Words stand above an arrow that lies, else beside it.
    let (dx, dy, anchor) = if (y2 - y1).abs() < 14.0 {
        (0.0, -7.0, "middle")
    } else if (x2 >= x1) == (y2 >= y1) {
        (8.0, -4.0, "start")
    } else {
        (-8.0, -4.0, "end")
    };
    let room = (x2 - x1).abs() > 50.0 || anchor != "middle";
    html! {
        <>
            <path class={classes!("arrow", name, cycle.then_some("cycle"))} d={format!("M{x1:.1} {y1:.1}L{x2:.1} {y2:.1}")} marker-end={format!("url(#wait-{name})")} />
            if room { <text x={format!("{:.1}", middle.0 + dx)} y={format!("{:.1}", middle.1 + dy)} text-anchor={anchor}>{ says }</text> }
        </>
    }
}

fn node(page: &Page, one: &WaitBox, at: Nanos) -> Html {
    let ((x, y), (w, h)) = (one.at, one.half);
    let number = |value: f64| format!("{value:.1}");
    let frame = |radius: &'static str, style: String| html! { <rect x={number(x - w)} y={number(y - h)} width={number(2.0 * w)} height={number(2.0 * h)} rx={radius} {style} /> };
    match &one.node {
        WaitNode::Object { name } => html! {
            <g class="object">{ frame("14", "fill:var(--lock-soft);stroke:var(--lock)".to_owned()) }<text x={number(x)} y={number(y + 4.0)} text-anchor="middle">{ name.clone() }</text></g>
        },
        WaitNode::Thread { key, chip, hue, line } => {
            let (hue, line) = (u32::from(*hue) % HUES, *line);
            let lane = LaneKey::Thread(*key);
            let page = page.clone();
            let show = Callback::from(move |_: MouseEvent| {
                keys::select_at(&page, Some(lane), at);
                if line > 0 {
                    page.show(0, line);
                }
            });
            let chip_width = chip.chars().count() as f64 * LETTER_PX + 10.0;
            html! {
                <g class="thread" onclick={show}>
                    { frame("6", format!("fill:var(--panel);stroke:var(--th-{hue});stroke-width:2")) }
                    <rect x={number(x - w + 7.0)} y={number(y - 9.0)} width={number(chip_width)} height="17" rx="3" style={format!("fill:var(--th-{hue})")} />
                    <text x={number(x - w + 7.0 + chip_width / 2.0)} y={number(y + 4.0)} text-anchor="middle" style={format!("fill:var(--on-{hue});font-weight:620")}>{ chip.clone() }</text>
                    if line > 0 { <text class="line" x={number(x - w + chip_width + 13.0)} y={number(y + 4.0)}>{ format!("line {line}") }</text> }
                </g>
            }
        }
    }
}
