//! The pen that writes an SVG file (SVG 1.1, without style sheets, scripts or anything from elsewhere).

use super::palette::Palette;
use super::pen::{Pen, Type, tile, tile_px};
use crate::vocabulary::{Form, Token};
use std::cell::RefCell;
use std::fmt::Write;

/// See the module.
#[derive(Default)]
pub struct SvgPen {
    state: RefCell<State>,
}

#[derive(Default)]
struct State {
    body: String,
    defs: String,
    path: String,
    now: Now,
    saved: Vec<Now>,
    clips: usize,
    patterns: Vec<(Form, Token)>,
}

#[derive(Clone)]
struct Now {
    offset: (f64, f64),
    fill: String,
    stroke: String,
    width: f64,
    dashes: Vec<f64>,
    alpha: f64,
    font: Type,
    end: bool,
    /// Groups that were opened since the state was saved.
    open: usize,
}

impl Default for Now {
    fn default() -> Self {
        Now {
            offset: (0.0, 0.0),
            fill: "#000".to_owned(),
            stroke: "#000".to_owned(),
            width: 1.0,
            dashes: Vec::new(),
            alpha: 1.0,
            font: Type::Plain,
            end: false,
            open: 0,
        }
    }
}

/// A number with at most two decimals: a hundredth of a px is not seen. What is no number would be no SVG.
fn n(value: f64) -> String {
    let value = if value.is_finite() { value.clamp(-1e7, 1e7) } else { 0.0 };
    let text = format!("{value:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

/// Text as XML has it; characters that XML 1.0 does not know are replaced.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' | '\r' => out.push(' '),
            '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            letter => out.push(letter),
        }
    }
    out
}

impl SvgPen {
    /// The whole file, of this size in px, with a title for those who do not see it.
    #[must_use]
    pub fn finish(self, width: f64, height: f64, title: &str) -> String {
        let State {
            body, defs, now, saved, ..
        } = self.state.into_inner();
        let open = now.open + saved.iter().map(|one| one.open).sum::<usize>();
        let (w, h, title) = (n(width), n(height), escaped(title));
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{w}\" height=\"{h}\" viewBox=\"0 0 {w} {h}\" role=\"img\">\n<title>{title}</title>\n<defs>{defs}</defs>\n{body}{}</svg>\n",
            "</g>".repeat(open)
        )
    }

    fn with(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.state.borrow_mut());
    }

    fn segment(&self, letter: char, points: &[(f64, f64)]) {
        self.with(|state| {
            let (dx, dy) = state.now.offset;
            state.path.push(letter);
            for (at, (x, y)) in points.iter().enumerate() {
                let space = if at > 0 { " " } else { "" };
                // Writing to a string cannot fail.
                let _ = write!(state.path, "{space}{} {}", n(x + dx), n(y + dy));
            }
        });
    }
}

impl State {
    fn opacity(&self) -> String {
        if self.now.alpha < 1.0 {
            format!(" opacity=\"{}\"", n(self.now.alpha))
        } else {
            String::new()
        }
    }

    fn push(&mut self, element: &str) {
        self.body.push_str(element);
        self.body.push('\n');
    }
}

impl Pen for SvgPen {
    fn save(&self) {
        self.with(|state| {
            let now = state.now.clone();
            state.saved.push(now);
            state.now.open = 0;
        });
    }

    fn restore(&self) {
        self.with(|state| {
            let ends = "</g>".repeat(state.now.open);
            state.push(&ends);
            if let Some(before) = state.saved.pop() {
                state.now = before;
            }
        });
    }

    fn translate(&self, x: f64, y: f64) {
        self.with(|state| {
            state.now.offset.0 += x;
            state.now.offset.1 += y;
        });
    }

    fn begin_path(&self) {
        self.with(|state| state.path.clear());
    }

    fn move_to(&self, x: f64, y: f64) {
        self.segment('M', &[(x, y)]);
    }

    fn line_to(&self, x: f64, y: f64) {
        self.segment('L', &[(x, y)]);
    }

    fn bezier_curve_to(&self, x1: f64, y1: f64, x2: f64, y2: f64, x: f64, y: f64) {
        self.segment('C', &[(x1, y1), (x2, y2), (x, y)]);
    }

    fn rect(&self, x: f64, y: f64, w: f64, h: f64) {
        self.move_to(x, y);
        self.line_to(x + w, y);
        self.line_to(x + w, y + h);
        self.line_to(x, y + h);
        self.close_path();
    }

    fn round_rect(&self, x: f64, y: f64, w: f64, h: f64, r: f64) {
        self.move_to(x + r, y);
        self.line_to(x + w - r, y);
        self.segment('Q', &[(x + w, y), (x + w, y + r)]);
        self.line_to(x + w, y + h - r);
        self.segment('Q', &[(x + w, y + h), (x + w - r, y + h)]);
        self.line_to(x + r, y + h);
        self.segment('Q', &[(x, y + h), (x, y + h - r)]);
        self.line_to(x, y + r);
        self.segment('Q', &[(x, y), (x + r, y)]);
        self.close_path();
    }

    fn circle(&self, x: f64, y: f64, r: f64) {
        self.move_to(x - r, y);
        self.with(|state| {
            let (x, y) = (x + state.now.offset.0, y + state.now.offset.1);
            for to in [x + r, x - r] {
                let _ = write!(state.path, "A{r} {r} 0 1 1 {} {}", n(to), n(y), r = n(r));
            }
        });
        self.close_path();
    }

    fn close_path(&self) {
        self.with(|state| state.path.push('Z'));
    }

    fn clip(&self) {
        self.with(|state| {
            state.clips += 1;
            state.now.open += 1;
            let (id, path) = (state.clips, state.path.clone());
            let _ = write!(state.defs, "<clipPath id=\"c{id}\"><path d=\"{path}\"/></clipPath>");
            state.push(&format!("<g clip-path=\"url(#c{id})\">"));
        });
    }

    fn fill(&self) {
        self.with(|state| {
            if state.path.is_empty() {
                return;
            }
            let (fill, opacity) = (escaped(&state.now.fill), state.opacity());
            let element = format!("<path d=\"{}\" fill=\"{fill}\"{opacity}/>", state.path);
            state.push(&element);
        });
    }

    fn stroke(&self) {
        self.with(|state| {
            if state.path.is_empty() {
                return;
            }
            let dashes: Vec<_> = state.now.dashes.iter().map(|dash| n(*dash)).collect();
            let dashes = if dashes.is_empty() {
                String::new()
            } else {
                format!(" stroke-dasharray=\"{}\"", dashes.join(" "))
            };
            let (stroke, opacity) = (escaped(&state.now.stroke), state.opacity());
            let element = format!(
                "<path d=\"{}\" fill=\"none\" stroke=\"{stroke}\" stroke-width=\"{}\"{dashes}{opacity}/>",
                state.path,
                n(state.now.width)
            );
            state.push(&element);
        });
    }

    fn fill_rect(&self, x: f64, y: f64, w: f64, h: f64) {
        self.with(|state| {
            if w <= 0.0 || h <= 0.0 {
                return;
            }
            let (dx, dy) = state.now.offset;
            let element = format!(
                "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" fill=\"{}\"{}/>",
                n(x + dx),
                n(y + dy),
                n(w),
                n(h),
                escaped(&state.now.fill),
                state.opacity()
            );
            state.push(&element);
        });
    }

    fn fill_text(&self, text: &str, x: f64, y: f64) {
        self.with(|state| {
            let (dx, dy) = state.now.offset;
            let (family, weight) = match state.now.font {
                Type::Plain => ("Inter, system-ui, sans-serif", "400"),
                Type::Strong => ("Inter, system-ui, sans-serif", "560"),
                Type::Mono => ("JetBrains Mono, ui-monospace, monospace", "400"),
                Type::MonoStrong => ("JetBrains Mono, ui-monospace, monospace", "600"),
            };
            let anchor = if state.now.end { " text-anchor=\"end\"" } else { "" };
            let element = format!(
                "<text x=\"{}\" y=\"{}\" font-family=\"{family}\" font-size=\"11\" font-weight=\"{weight}\"{anchor} fill=\"{}\"{}>{}</text>",
                n(x + dx),
                n(y + dy),
                escaped(&state.now.fill),
                state.opacity(),
                escaped(text)
            );
            state.push(&element);
        });
    }

    fn text_width(&self, text: &str) -> f64 {
        text.chars().count() as f64 * self.state.borrow().now.font.letter_px()
    }

    fn set_fill(&self, colour: &str) {
        self.with(|state| colour.clone_into(&mut state.now.fill));
    }

    fn set_stroke(&self, colour: &str) {
        self.with(|state| colour.clone_into(&mut state.now.stroke));
    }

    fn set_line_width(&self, width: f64) {
        self.with(|state| state.now.width = width);
    }

    fn set_line_dash(&self, dashes: &[f64]) {
        self.with(|state| state.now.dashes = dashes.to_vec());
    }

    fn set_global_alpha(&self, alpha: f64) {
        self.with(|state| state.now.alpha = alpha);
    }

    fn set_font(&self, font: Type) {
        self.with(|state| state.now.font = font);
    }

    fn set_text_end(&self, end: bool) {
        self.with(|state| state.now.end = end);
    }

    fn fill_pattern(&self, palette: &Palette, form: Form, token: Token, (x, y, w, h): (f64, f64, f64, f64)) {
        let known = self
            .state
            .borrow()
            .patterns
            .iter()
            .position(|one| *one == (form, token));
        let id = known.unwrap_or_else(|| {
            let one = SvgPen::default();
            tile(&one, palette, form, token);
            let (body, side) = (one.state.into_inner().body, n(tile_px(form)));
            let mut state = self.state.borrow_mut();
            state.patterns.push((form, token));
            let id = state.patterns.len() - 1;
            let _ = write!(
                state.defs,
                "<pattern id=\"p{id}\" width=\"{side}\" height=\"{side}\" patternUnits=\"userSpaceOnUse\">{body}</pattern>"
            );
            id
        });
        let before = self.state.borrow().now.fill.clone();
        self.set_fill(&format!("url(#p{id})"));
        self.fill_rect(x, y, w, h);
        self.set_fill(&before);
    }
}
