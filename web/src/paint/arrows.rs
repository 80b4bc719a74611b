//! Arrows between threads: the mark at the origin and the line say what kind.

use super::lanes::FONT;
use super::palette::Palette;
use super::surface::Surface;
use heddle_timeline::ArrowForm;
use std::f64::consts::TAU;

/// Paints one arrow.
pub fn paint(surface: &Surface, palette: &Palette, form: ArrowForm, from: (f64, f64), to: (f64, f64)) {
    let ctx = &surface.ctx;
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
    ctx.set_stroke_style_str(&palette.ink);
    ctx.set_line_width(1.25);
    ctx.begin_path();
    ctx.move_to(x1, y1);
    ctx.bezier_curve_to(x1, middle, x2, middle, x2, y2 + head);
    ctx.stroke();
    surface.dash(&[]);
    ctx.set_global_alpha(0.9);
    ctx.set_fill_style_str(&palette.ink);
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
    surface.ctx.set_font(FONT);
    let width = surface.ctx.measure_text(text).map_or(0.0, |size| size.width());
    let (x, y) = (f64::midpoint(from.0, to.0) + 6.0, f64::midpoint(from.1, to.1) + 4.0);
    let x = x.min(surface.width - width - 6.0).max(4.0);
    surface.ctx.set_global_alpha(0.9);
    surface.rect(&palette.panel, x - 3.0, y - 10.0, width + 6.0, 14.0);
    surface.ctx.set_global_alpha(1.0);
    surface.text(&palette.ink, text, x, y);
}

fn origin(surface: &Surface, palette: &Palette, form: ArrowForm, x: f64, y: f64) {
    let ctx = &surface.ctx;
    ctx.begin_path();
    if form == ArrowForm::Cancel {
        ctx.move_to(x - 3.5, y - 3.5);
        ctx.line_to(x + 3.5, y + 3.5);
        ctx.move_to(x + 3.5, y - 3.5);
        ctx.line_to(x - 3.5, y + 3.5);
        ctx.set_stroke_style_str(&palette.bad);
        ctx.set_line_width(2.0);
        ctx.stroke();
        return;
    }
    let hollow = match form {
        ArrowForm::Spawn => {
            let _ = ctx.arc(x, y, 3.0, 0.0, TAU);
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
            let _ = ctx.arc(x, y, 3.0, 0.0, TAU);
            false
        }
    };
    ctx.set_fill_style_str(if hollow { &palette.panel } else { &palette.ink });
    ctx.fill();
    if hollow {
        ctx.set_stroke_style_str(&palette.ink);
        ctx.set_line_width(1.25);
        ctx.stroke();
    }
}
