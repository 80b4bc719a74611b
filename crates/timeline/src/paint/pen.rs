//! What paints: the operations that a canvas and an SVG file have in common. All painting goes through them, so that both show the same.

use super::palette::Palette;
use crate::vocabulary::{Form, Token};

/// The types that are written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    /// The interface's.
    Plain,
    /// The same, stronger.
    Strong,
    /// For numbers.
    Mono,
    /// The same, stronger.
    MonoStrong,
}

impl Type {
    /// Weight, size and families as in CSS.
    #[must_use]
    pub fn css(self) -> &'static str {
        match self {
            Type::Plain => "11px Inter, system-ui, sans-serif",
            Type::Strong => "560 11px Inter, system-ui, sans-serif",
            Type::Mono => "11px JetBrains Mono, ui-monospace, monospace",
            Type::MonoStrong => "600 11px JetBrains Mono, ui-monospace, monospace",
        }
    }

    /// About how wide a letter is, px.
    #[must_use]
    pub fn letter_px(self) -> f64 {
        match self {
            Type::Plain | Type::Strong => 6.1,
            Type::Mono | Type::MonoStrong => 6.7,
        }
    }
}

/// Paints, as a canvas's context does: a path is begun, drawn along, then filled or stroked. Coordinates are px.
#[allow(missing_docs, reason = "each is the context's operation of its name")]
pub trait Pen {
    fn save(&self);
    fn restore(&self);
    fn translate(&self, x: f64, y: f64);
    fn begin_path(&self);
    fn move_to(&self, x: f64, y: f64);
    fn line_to(&self, x: f64, y: f64);
    fn bezier_curve_to(&self, x1: f64, y1: f64, x2: f64, y2: f64, x: f64, y: f64);
    fn rect(&self, x: f64, y: f64, w: f64, h: f64);
    fn round_rect(&self, x: f64, y: f64, w: f64, h: f64, r: f64);
    fn circle(&self, x: f64, y: f64, r: f64);
    fn close_path(&self);
    /// What is painted until `restore` is seen only within the path.
    fn clip(&self);
    fn fill(&self);
    fn stroke(&self);
    fn fill_rect(&self, x: f64, y: f64, w: f64, h: f64);
    /// At its base line.
    fn fill_text(&self, text: &str, x: f64, y: f64);
    fn text_width(&self, text: &str) -> f64;
    fn set_fill(&self, colour: &str);
    fn set_stroke(&self, colour: &str);
    fn set_line_width(&self, width: f64);
    fn set_line_dash(&self, dashes: &[f64]);
    fn set_global_alpha(&self, alpha: f64);
    fn set_font(&self, font: Type);
    /// Whether texts end at their place instead of beginning there.
    fn set_text_end(&self, end: bool);
    /// Fills a rectangle with a pattern of [`tile`]s, which is fixed to the picture and not to the rectangle.
    fn fill_pattern(&self, palette: &Palette, form: Form, token: Token, place: (f64, f64, f64, f64));
}

/// Something of a size to paint on.
#[derive(Clone, Copy)]
pub struct Surface<'a> {
    /// What paints.
    pub pen: &'a dyn Pen,
    /// px.
    pub width: f64,
    /// px.
    pub height: f64,
}

impl Surface<'_> {
    /// Fills a rectangle with a colour.
    pub fn rect(&self, colour: &str, x: f64, y: f64, w: f64, h: f64) {
        self.pen.set_fill(colour);
        self.pen.fill_rect(x, y, w, h);
    }

    /// A path around a rectangle with round corners.
    pub fn round(&self, x: f64, y: f64, w: f64, h: f64, r: f64) {
        self.pen.begin_path();
        let r = r.min(w / 2.0).min(h / 2.0).max(0.0);
        if r < 0.5 {
            self.pen.rect(x, y, w, h);
        } else {
            self.pen.round_rect(x, y, w, h, r);
        }
    }

    /// A straight line.
    pub fn line(&self, colour: &str, width: f64, from: (f64, f64), to: (f64, f64)) {
        self.pen.set_stroke(colour);
        self.pen.set_line_width(width);
        self.pen.begin_path();
        self.pen.move_to(from.0, from.1);
        self.pen.line_to(to.0, to.1);
        self.pen.stroke();
    }

    /// Text at its base line.
    pub fn text(&self, colour: &str, text: &str, x: f64, y: f64) {
        self.pen.set_fill(colour);
        self.pen.fill_text(text, x, y);
    }

    /// Dashes for the lines that follow; an empty list makes them solid.
    pub fn dash(&self, pattern: &[f64]) {
        self.pen.set_line_dash(pattern);
    }
}

/// The side of a pattern's tile, px.
#[must_use]
pub fn tile_px(form: Form) -> f64 {
    match form {
        Form::Lines | Form::Dots => 5.0,
        Form::CrossHatch => 10.0,
        _ => 8.0,
    }
}

/// Paints one tile of a pattern: diagonal hatch, dots, cross-hatch (deadlocked), or horizontal lines (C code without the GIL).
pub fn tile(pen: &dyn Pen, palette: &Palette, form: Form, token: Token) {
    let side = tile_px(form);
    let lines = |width: f64, lines: &[[(f64, f64); 2]]| {
        pen.set_stroke(palette.of(token));
        pen.set_line_width(width);
        pen.begin_path();
        for [from, to] in lines {
            pen.move_to(from.0, from.1);
            pen.line_to(to.0, to.1);
        }
        pen.stroke();
    };
    pen.set_fill(if form == Form::Lines {
        &palette.panel
    } else {
        palette.soft(token)
    });
    pen.fill_rect(0.0, 0.0, side, side);
    match form {
        Form::Lines => {
            pen.set_fill(palette.of(token));
            pen.set_global_alpha(0.14);
            pen.fill_rect(0.0, 0.0, side, side);
            pen.set_global_alpha(0.75);
            pen.fill_rect(0.0, 2.0, side, 1.2);
            pen.set_global_alpha(1.0);
        }
        Form::Dots => {
            pen.set_fill(palette.of(token));
            pen.begin_path();
            pen.circle(2.5, 2.5, 1.1);
            pen.fill();
        }
        Form::CrossHatch => lines(1.5, &[[(-1.0, -1.0), (11.0, 11.0)], [(-1.0, 11.0), (11.0, -1.0)]]),
        _ => {
            let strokes = [-8.0, 0.0, 8.0].map(|x| [(x - 1.0, 9.0), (x + 9.0, -1.0)]);
            lines(2.4, &strokes);
        }
    }
}
