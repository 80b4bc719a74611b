//! The minimap, which is also the scrubber: a slider over the whole run that moves t.

use super::{extent, keys};
use crate::components::page::use_page;
use crate::hooks::browser::{closest, use_size};
use crate::paint::{MiniScene, paint_minimap, palette_now};
use heddle_timeline::moment;
use web_sys::{HtmlCanvasElement, KeyboardEvent, PointerEvent};
use yew::prelude::*;

const HEIGHT: f64 = 28.0;

/// See the module.
#[function_component(Minimap)]
pub fn minimap() -> Html {
    let page = use_page();
    let node = use_node_ref();
    let canvas = use_node_ref();
    let (width, _) = use_size(node.clone());
    let lab = &page.lab;
    let view = lab.view;
    let length = extent(&page);
    let bars = use_memo(
        (lab.recording.clone(), width as u32, length),
        |(recording, width, length)| {
            if recording.is_empty() {
                return Vec::new();
            }
            let data = recording.read();
            // Beside a longer run that was kept it does not fill the strip.
            let share = data.timeline.extent() as f64 / (*length).max(1) as f64;
            data.timeline.minimap(f64::from(*width) * share, HEIGHT)
        },
    );
    {
        let canvas = canvas.clone();
        let empty = lab.recording.is_empty();
        use_effect_with(
            (bars.clone(), view.scale, view.moment, width as u32, lab.dark, length),
            move |_| {
                let Some(canvas) = canvas.cast::<HtmlCanvasElement>() else {
                    return;
                };
                let px = |ns: f64| ns / length.max(1) as f64 * width;
                let window = view
                    .scale
                    .map_or((0.0, width), |scale| (px(scale.from_ns), px(scale.to_ns())));
                let playhead = (!empty).then(|| px(view.moment as f64));
                paint_minimap(
                    &canvas,
                    &palette_now(),
                    (width, HEIGHT),
                    &MiniScene {
                        bars: &bars,
                        window,
                        playhead,
                    },
                );
            },
        );
    }
    let scrub = {
        let page = page.clone();
        Callback::from(move |event: PointerEvent| {
            let Some(strip) = closest(&event, ".minimap") else {
                return;
            };
            if event.type_() == "pointerdown" {
                let _ = strip.set_pointer_capture(event.pointer_id());
            } else if event.buttons() & 1 == 0 {
                return;
            }
            let rect = strip.get_bounding_client_rect();
            let share = ((f64::from(event.client_x()) - rect.left()) / rect.width().max(1.0)).clamp(0.0, 1.0);
            keys::go_to(&page, (share * length as f64) as u64);
        })
    };
    let key = {
        let page = page.clone();
        Callback::from(move |event: KeyboardEvent| {
            let step = (length / 100).max(1);
            let at = page.lab.view.moment;
            let next = match event.key().as_str() {
                "ArrowRight" | "ArrowUp" => at.saturating_add(step),
                "ArrowLeft" | "ArrowDown" => at.saturating_sub(step),
                "Home" => 0,
                "End" => length,
                _ => return,
            };
            event.prevent_default();
            keys::go_to(&page, next);
        })
    };
    html! {
        <div class="minimap" ref={node} role="slider" tabindex="0" aria-label="Moment" aria-valuemin="0" aria-valuemax={length.to_string()}
            aria-valuenow={view.moment.to_string()} aria-valuetext={moment(view.moment)}
            onpointerdown={scrub.clone()} onpointermove={scrub} onkeydown={key}>
            <canvas ref={canvas} aria-hidden="true"></canvas>
        </div>
    }
}
