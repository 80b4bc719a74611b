//! The lanes: bands of the groups, grid, and the draw list.

use super::arrows;
use super::palette::Palette;
use super::pen::{Surface, Type};
use super::ruler;
use crate::layout::{Layout, Row, RowKind};
use crate::scale::Tick;
use crate::vocabulary::{DrawItem, Form, Part, Token};

/// The ruler's height in px.
pub const RULER: f64 = 24.0;
/// How wide a letter is, about: text that would not fit is left out.
const LETTER: f64 = 6.1;
/// What the canvas shows.
pub struct Scene<'a> {
    /// What to paint, back to front.
    pub items: &'a [DrawItem],
    /// The rows behind.
    pub layout: &'a Layout,
    /// How far they are scrolled.
    pub scroll: f64,
    /// The ruler.
    pub ticks: &'a [Tick],
    /// The playhead: where, and its words.
    pub playhead: Option<(f64, String)>,
    /// A range that was drawn with Shift: from and to in px, and its words.
    pub range: Option<(f64, f64, String)>,
}

/// Paints everything.
pub fn paint(surface: &Surface, palette: &Palette, scene: &Scene<'_>) {
    surface.rect(&palette.panel, 0.0, 0.0, surface.width, surface.height);
    surface.pen.save();
    surface.pen.begin_path();
    surface
        .pen
        .rect(0.0, RULER, surface.width, (surface.height - RULER).max(0.0));
    surface.pen.clip();
    surface.pen.translate(0.0, RULER);
    rows(surface, palette, scene);
    for item in scene.items {
        paint_item(surface, palette, scene, item);
    }
    if let Some((from, to, words)) = &scene.range {
        range(surface, palette, *from, *to, words);
    }
    surface.pen.restore();
    ruler::paint(surface, palette, scene.ticks, scene.playhead.as_ref());
}

/// Bands of the groups, lines below the lanes, lines of the ruler's labels.
fn rows(surface: &Surface, palette: &Palette, scene: &Scene<'_>) {
    grid(surface, palette, scene, surface.height);
    for row in scene.layout.rows.iter().filter(|row| !row.pinned) {
        band(surface, palette, row, row.top(scene.scroll).floor());
    }
}

fn grid(surface: &Surface, palette: &Palette, scene: &Scene<'_>, height: f64) {
    surface.pen.set_global_alpha(0.7);
    for tick in scene.ticks.iter().filter(|tick| tick.label.is_some()) {
        let x = tick.x.floor() + 0.5;
        surface.line(&palette.line, 1.0, (x, 0.0), (x, height));
    }
    surface.pen.set_global_alpha(1.0);
}

fn band(surface: &Surface, palette: &Palette, row: &Row, y: f64) {
    if y + row.height < 0.0 || y > surface.height {
        return;
    }
    if let RowKind::Group { .. } = row.kind {
        surface.rect(&palette.sunken, 0.0, y, surface.width, row.height);
        surface.line(&palette.line, 1.0, (0.0, y + 0.5), (surface.width, y + 0.5));
    } else {
        let base = y + row.height - 0.5;
        surface.line(&palette.line_soft, 1.0, (0.0, base), (surface.width, base));
    }
}

/// The ground of the pinned rows.
fn shelf(surface: &Surface, palette: &Palette, scene: &Scene<'_>, height: f64) {
    surface.rect(&palette.panel, 0.0, 0.0, surface.width, height);
    grid(surface, palette, scene, height);
    for row in scene.layout.rows.iter().filter(|row| row.pinned) {
        band(surface, palette, row, row.y);
    }
    let edge = height - 0.5;
    surface.line(&palette.line_strong, 1.0, (0.0, edge), (surface.width, edge));
}

fn range(surface: &Surface, palette: &Palette, from: f64, to: f64, words: &str) {
    surface.pen.set_global_alpha(0.12);
    surface.rect(&palette.accent, from, 0.0, to - from, surface.height);
    surface.pen.set_global_alpha(1.0);
    for x in [from, to] {
        surface.line(&palette.accent, 1.0, (x, 0.0), (x, surface.height));
    }
    let width = words.chars().count() as f64 * LETTER + 12.0;
    let x = from.max(4.0) + 4.0;
    surface.rect(&palette.accent, x, 4.0, width, 17.0);
    surface.pen.set_font(Type::Strong);
    surface.text(&palette.on_accent, words, x + 6.0, 16.0);
}

fn paint_item(surface: &Surface, palette: &Palette, scene: &Scene<'_>, item: &DrawItem) {
    match item {
        DrawItem::Bar {
            x,
            y,
            w,
            h,
            form,
            token,
            text,
            text_above,
            ..
        } => {
            let place = (*x, *y, *w, *h);
            bar(surface, palette, place, *form, *token);
            if let Some(text) = text {
                label(surface, palette, place, *form, *token, text, *text_above);
            }
        }
        DrawItem::Merged { x, y, w, h, parts, .. } => merged(surface, palette, (*x, *y, *w, *h), parts),
        DrawItem::Cap { x, y, w, h, token } => surface.rect(palette.of(*token), *x, *y, *w, *h),
        DrawItem::Cross { x, y } => cross(surface, palette, *x, *y),
        DrawItem::Notch { x, y } => notch(surface, palette, *x, *y),
        DrawItem::Post { x, y, h, token } => {
            let colour = palette.of(*token);
            surface.rect(colour, x - 1.0, *y, 2.0, *h);
            surface.rect(colour, x - 3.0, y + h - 3.0, 6.0, 3.0);
        }
        DrawItem::CtrlC { x, y, h } => {
            surface.rect(&palette.bad, x - 1.0, *y, 2.0, *h);
            surface.rect(&palette.bad, *x, *y, 22.0, 12.0);
            surface.pen.set_font(Type::Strong);
            surface.text(&palette.panel, "^C", x + 4.0, y + 10.0);
        }
        DrawItem::Steps { points, base, max } => steps(surface, palette, points, *base, *max),
        DrawItem::Arrow { form, from, to, text } => {
            arrows::paint(surface, palette, *form, *from, *to);
            if let Some(text) = text {
                arrows::label(surface, palette, text, *from, *to);
            }
        }
        DrawItem::DeadRest { x, w } => {
            surface.pen.set_global_alpha(0.06);
            surface.rect(&palette.bad, *x, 0.0, *w, surface.height);
            surface.pen.set_global_alpha(1.0);
            surface.dash(&[3.0, 3.0]);
            surface.line(&palette.bad, 1.5, (*x, 0.0), (*x, surface.height));
            surface.dash(&[]);
            surface.pen.set_font(Type::Strong);
            surface.text(&palette.bad, "nothing can ever run again", x + 10.0, 16.0);
        }
        DrawItem::Shelf { h } => shelf(surface, palette, scene, *h),
        DrawItem::Tear { x } => tear(surface, palette, *x),
        DrawItem::Frame { x, y, w, h } => {
            surface.pen.set_stroke(&palette.accent);
            surface.pen.set_line_width(2.0);
            surface.round(*x, *y, *w, *h, 2.0);
            surface.pen.stroke();
        }
    }
}

type Place = (f64, f64, f64, f64);

fn bar(surface: &Surface, palette: &Palette, (x, y, w, h): Place, form: Form, token: Token) {
    let colour = palette.of(token);
    let outline = |fill: Option<&str>| {
        surface.round(x + 0.5, y + 0.5, (w - 1.0).max(0.5), h - 1.0, 1.0);
        if let Some(fill) = fill {
            surface.pen.set_fill(fill);
            surface.pen.fill();
        }
        surface.pen.set_stroke(colour);
        surface.pen.set_line_width(1.0);
        surface.pen.stroke();
    };
    match form {
        Form::Solid => {
            let gap = if w > 3.0 { 0.5 } else { 0.0 };
            surface.round(x + gap, y, w - 2.0 * gap, h, if w > 4.0 && h > 6.0 { 2.0 } else { 0.0 });
            surface.pen.set_fill(colour);
            surface.pen.fill();
        }
        Form::HollowTinted => outline(Some(palette.soft(token))),
        Form::Hollow => outline(Some(&palette.panel)),
        Form::Hatch | Form::Lines | Form::CrossHatch => {
            surface.pen.fill_pattern(palette, form, token, (x, y, w, h));
            outline(None);
        }
        Form::Dots => {
            surface.pen.fill_pattern(palette, form, token, (x, y, w, h));
            surface.dash(&[2.0, 2.0]);
            outline(None);
            surface.dash(&[]);
        }
        Form::Dashes => {
            surface.dash(&[4.0, 3.0]);
            surface.line(colour, h, (x, y + h / 2.0), (x + w, y + h / 2.0));
            surface.dash(&[]);
        }
    }
}

fn label(surface: &Surface, palette: &Palette, (x, y, w, h): Place, form: Form, token: Token, text: &str, above: bool) {
    let left = x.max(0.0);
    let visible = (x + w).min(surface.width) - left;
    let letters = text.chars().count() as f64;
    if visible <= letters * LETTER + 10.0 {
        return;
    }
    let tx = left + 6.0;
    let middle = y + h / 2.0 + 4.0;
    match form {
        _ if above => {
            surface.pen.set_font(Type::Plain);
            surface.text(&palette.idle_ink, text, tx - 2.0, y - 4.0);
        }
        Form::Solid => {
            surface.pen.set_font(Type::Strong);
            surface.text(palette.on(token), text, tx, middle);
        }
        Form::Lines | Form::CrossHatch => {
            let ground = if form == Form::Lines {
                &palette.panel
            } else {
                &palette.lock_soft
            };
            surface.rect(ground, tx - 3.0, y + 1.0, letters * LETTER + 8.0, h - 2.0);
            surface.pen.set_font(Type::Strong);
            let ink = if form == Form::Lines {
                &palette.ink
            } else {
                &palette.lock_ink
            };
            surface.text(ink, text, tx + 1.0, middle);
        }
        Form::HollowTinted => {
            surface.pen.set_font(Type::Plain);
            surface.text(&palette.lock_ink, text, tx, middle);
        }
        _ => {
            surface.pen.set_font(Type::Plain);
            surface.text(&palette.idle_ink, text, tx, middle);
        }
    }
}

/// A merged bar: its parts stacked from the base line upwards.
fn merged(surface: &Surface, palette: &Palette, (x, y, w, h): Place, parts: &[Part]) {
    let mut base = y + h;
    for part in parts {
        let height = h * part.share;
        let place = (x, base - height, w, height);
        match part.form {
            Form::Solid | Form::Hollow | Form::HollowTinted | Form::Dashes => {
                let colour = match part.form {
                    Form::HollowTinted => palette.soft(part.token),
                    Form::Hollow => &palette.line_soft,
                    _ => palette.of(part.token),
                };
                surface.rect(colour, place.0, place.1, place.2, place.3);
            }
            _ => surface.pen.fill_pattern(palette, part.form, part.token, place),
        }
        base -= height;
    }
}

/// A cross with a rim, which stands out from the ticks that it lies on.
fn cross(surface: &Surface, palette: &Palette, x: f64, y: f64) {
    for (colour, width) in [(&palette.panel, 4.0), (&palette.bad, 2.0)] {
        surface.line(colour, width, (x - 3.5, y - 3.5), (x + 3.5, y + 3.5));
        surface.line(colour, width, (x - 3.5, y + 3.5), (x + 3.5, y - 3.5));
    }
}

fn notch(surface: &Surface, palette: &Palette, x: f64, y: f64) {
    let ctx = surface.pen;
    ctx.begin_path();
    ctx.move_to(x - 4.0, y - 6.0);
    ctx.line_to(x + 4.0, y - 6.0);
    ctx.line_to(x, y);
    ctx.close_path();
    ctx.set_fill(&palette.gil);
    ctx.fill();
    ctx.set_stroke(&palette.panel);
    ctx.set_line_width(1.0);
    ctx.stroke();
}

fn steps(surface: &Surface, palette: &Palette, points: &[(f64, f64)], base: f64, max: u64) {
    let (Some(first), Some(last)) = (points.first(), points.last()) else {
        return;
    };
    let ctx = surface.pen;
    let path = || {
        ctx.begin_path();
        ctx.move_to(first.0, first.1);
        for pair in points.windows(2) {
            if let [before, after] = pair {
                ctx.line_to(after.0, before.1);
                ctx.line_to(after.0, after.1);
            }
        }
    };
    path();
    ctx.line_to(last.0, base);
    ctx.line_to(first.0, base);
    ctx.close_path();
    ctx.set_fill(&palette.accent_soft);
    ctx.fill();
    path();
    ctx.set_stroke(&palette.accent);
    ctx.set_line_width(1.25);
    ctx.stroke();
    ctx.set_font(Type::Mono);
    ctx.set_text_end(true);
    surface.text(&palette.ink_3, &format!("max {max}"), surface.width - 8.0, base - 12.0);
    ctx.set_text_end(false);
}

/// A torn edge: what would come after was never computed.
fn tear(surface: &Surface, palette: &Palette, x: f64) {
    let ctx = surface.pen;
    ctx.begin_path();
    ctx.move_to(x, 0.0);
    let mut y = 0.0;
    let mut out = true;
    while y < surface.height {
        y += 6.0;
        ctx.line_to(if out { x + 5.0 } else { x }, y);
        out = !out;
    }
    ctx.line_to(surface.width + 8.0, surface.height);
    ctx.line_to(surface.width + 8.0, 0.0);
    ctx.close_path();
    ctx.set_fill(&palette.chrome);
    ctx.fill();
    ctx.set_stroke(&palette.line_strong);
    ctx.set_line_width(1.0);
    ctx.stroke();
}
