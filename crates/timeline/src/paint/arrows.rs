//! Arrows between threads: the mark at the origin and the line say what kind.

use super::palette::Palette;
use super::pen::{Surface, Type};
use crate::arrows::ArrowForm;

/// Paints one arrow.
pub fn paint(surface: &Surface, palette: &Palette, form: ArrowForm, from: (f64, f64), to: (f64, f64)) {
    let ctx = surface.pen;
    let (x1, y1) = from;
    let (x2, y2) = if (to.1 - from.1).abs() < 0.1 {
        (to.0, to.1 + 0.1)
    } else {
        to
    };
    let head = if y2 > y1 { -5.0 } else { 5.0 };
    let middle = f64::midpoint(y1, y2);
    ctx.set_global_alpha(0.82);
    match form {
        ArrowForm::Spawn | ArrowForm::Put | ArrowForm::Cancel => surface.dash(&[]),
        ArrowForm::Release => surface.dash(&[4.0, 3.0]),
        ArrowForm::Notify => surface.dash(&[1.5, 2.5]),
    }
    ctx.set_stroke(&palette.ink);
    ctx.set_line_width(1.25);
    ctx.begin_path();
    ctx.move_to(x1, y1);
    ctx.bezier_curve_to(x1, middle, x2, middle, x2, y2 + head);
    ctx.stroke();
    surface.dash(&[]);
    ctx.set_global_alpha(0.9);
    ctx.set_fill(&palette.ink);
    ctx.begin_path();
    ctx.move_to(x2 - 3.5, y2 + head * 1.3);
    ctx.line_to(x2, y2);
    ctx.line_to(x2 + 3.5, y2 + head * 1.3);
    ctx.close_path();
    ctx.fill();
    ctx.set_global_alpha(1.0);
    origin(surface, palette, form, x1, y1);
}

/// What an arrow carries, beside its middle.
pub fn label(surface: &Surface, palette: &Palette, text: &str, from: (f64, f64), to: (f64, f64)) {
    surface.pen.set_font(Type::Plain);
    let width = surface.pen.text_width(text);
    let (x, y) = (f64::midpoint(from.0, to.0) + 6.0, f64::midpoint(from.1, to.1) + 4.0);
    let x = x.min(surface.width - width - 6.0).max(4.0);
    surface.pen.set_global_alpha(0.9);
    surface.rect(&palette.panel, x - 3.0, y - 10.0, width + 6.0, 14.0);
    surface.pen.set_global_alpha(1.0);
    surface.text(&palette.ink, text, x, y);
}

fn origin(surface: &Surface, palette: &Palette, form: ArrowForm, x: f64, y: f64) {
    let ctx = surface.pen;
    ctx.begin_path();
    if form == ArrowForm::Cancel {
        ctx.move_to(x - 3.5, y - 3.5);
        ctx.line_to(x + 3.5, y + 3.5);
        ctx.move_to(x + 3.5, y - 3.5);
        ctx.line_to(x - 3.5, y + 3.5);
        ctx.set_stroke(&palette.bad);
        ctx.set_line_width(2.0);
        ctx.stroke();
        return;
    }
    let hollow = match form {
        ArrowForm::Spawn => {
            ctx.circle(x, y, 3.0);
            true
        }
        ArrowForm::Release => {
            ctx.move_to(x, y - 4.0);
            ctx.line_to(x + 4.0, y);
            ctx.line_to(x, y + 4.0);
            ctx.line_to(x - 4.0, y);
            ctx.close_path();
            true
        }
        ArrowForm::Put => {
            ctx.rect(x - 3.0, y - 3.0, 6.0, 6.0);
            false
        }
        ArrowForm::Notify | ArrowForm::Cancel => {
            ctx.circle(x, y, 3.0);
            false
        }
    };
    ctx.set_fill(if hollow { &palette.panel } else { &palette.ink });
    ctx.fill();
    if hollow {
        ctx.set_stroke(&palette.ink);
        ctx.set_line_width(1.25);
        ctx.stroke();
    }
}
