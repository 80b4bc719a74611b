//! The minimap: the whole run, what of it is in view, and the moment t.

use super::canvas::CanvasPen;
use heddle_timeline::MiniBar;
use heddle_timeline::paint::{Palette, Pen, Surface};
use web_sys::HtmlCanvasElement;

/// What the minimap shows; all places in px.
pub struct MiniScene<'a> {
    pub bars: &'a [MiniBar],
    /// From and to of what is in view.
    pub window: (f64, f64),
    /// The moment t.
    pub playhead: Option<f64>,
}

/// Paints the minimap.
pub fn paint_minimap(canvas: &HtmlCanvasElement, palette: &Palette, size: (f64, f64), scene: &MiniScene<'_>) {
    let Some(pen) = CanvasPen::of(canvas, size.0, size.1) else {
        return;
    };
    let (pen, (width, height)) = (&pen, size);
    let surface = Surface { pen, width, height };
    surface.rect(&palette.panel, 0.0, 0.0, surface.width, surface.height);
    for bar in scene.bars {
        surface.rect(palette.of(bar.token), bar.x, bar.y, bar.w, bar.h);
    }
    let (from, to) = (
        scene.window.0.clamp(0.0, surface.width),
        scene.window.1.clamp(0.0, surface.width),
    );
    pen.set_global_alpha(0.72);
    surface.rect(&palette.chrome, 0.0, 0.0, from, surface.height);
    surface.rect(&palette.chrome, to, 0.0, surface.width - to, surface.height);
    pen.set_global_alpha(1.0);
    pen.set_stroke(&palette.ink_3);
    pen.set_line_width(1.5);
    surface.round(from + 0.75, 0.75, (to - from - 1.5).max(1.0), surface.height - 1.5, 3.0);
    pen.stroke();
    for x in [from - 1.0, to - 3.0] {
        surface.round(x, surface.height / 2.0 - 5.0, 4.0, 10.0, 2.0);
        pen.set_fill(&palette.ink_3);
        pen.fill();
    }
    if let Some(x) = scene.playhead {
        surface.line(&palette.accent, 1.5, (x, 0.0), (x, surface.height));
        pen.begin_path();
        pen.circle(x, surface.height / 2.0, 4.0);
        pen.set_fill(&palette.accent);
        pen.fill();
    }
}
