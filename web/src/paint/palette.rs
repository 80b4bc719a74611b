//! The colours of `tokens.css` as the page has them now, and the patterns made from them.

use crate::hooks::browser::token;
use gloo::utils::document;
use heddle_timeline::Token;
use wasm_bindgen::JsCast;
use web_sys::{CanvasPattern, CanvasRenderingContext2d, HtmlCanvasElement};

/// Colours by their token; read anew when the theme changes.
pub struct Palette {
    /// Changes with the theme: a palette of another theme is thrown away.
    pub panel: String,
    pub sunken: String,
    pub chrome: String,
    pub line: String,
    pub line_soft: String,
    pub line_strong: String,
    pub ink: String,
    pub ink_3: String,
    pub accent: String,
    pub accent_soft: String,
    pub on_accent: String,
    pub bad: String,
    pub dead: String,
    pub gil: String,
    gil_soft: String,
    core: String,
    core_soft: String,
    lock: String,
    pub lock_soft: String,
    pub lock_ink: String,
    idle: String,
    pub idle_ink: String,
    threads: [String; 8],
    on_threads: [String; 8],
}

impl Palette {
    /// The page's colours now.
    pub fn now() -> Self {
        let of = |name: &str| token(&format!("--{name}"));
        Palette {
            panel: of("panel"),
            sunken: of("sunken"),
            chrome: of("chrome"),
            line: of("line"),
            line_soft: of("line-soft"),
            line_strong: of("line-strong"),
            ink: of("ink"),
            ink_3: of("ink-3"),
            accent: of("accent"),
            accent_soft: of("accent-soft"),
            on_accent: of("on-accent"),
            bad: of("bad"),
            dead: of("dead"),
            gil: of("gil"),
            gil_soft: of("gil-soft"),
            core: of("core"),
            core_soft: of("core-soft"),
            lock: of("lock"),
            lock_soft: of("lock-soft"),
            lock_ink: of("lock-ink"),
            idle: of("idle"),
            idle_ink: of("idle-ink"),
            threads: std::array::from_fn(|i| of(&format!("th-{i}"))),
            on_threads: std::array::from_fn(|i| of(&format!("on-{i}"))),
        }
    }

    /// The colour of a token.
    pub fn of(&self, token: Token) -> &str {
        match token {
            Token::Thread(hue) => &self.threads[usize::from(hue) % 8],
            Token::Gil => &self.gil,
            Token::Core => &self.core,
            Token::Lock => &self.lock,
            Token::Idle => &self.idle,
            Token::Dead => &self.dead,
            Token::Ink => &self.ink,
            Token::Bad => &self.bad,
            Token::Accent => &self.accent,
        }
    }

    /// The ground under a pattern of this token.
    pub fn soft(&self, token: Token) -> &str {
        match token {
            Token::Gil => &self.gil_soft,
            Token::Core => &self.core_soft,
            Token::Lock | Token::Dead => &self.lock_soft,
            _ => &self.panel,
        }
    }

    /// What is written on a token.
    pub fn on(&self, token: Token) -> &str {
        match token {
            Token::Thread(hue) => &self.on_threads[usize::from(hue) % 8],
            // The panel's colour is what stands off most from red in both themes.
            Token::Bad => &self.panel,
            _ => &self.ink,
        }
    }

    /// A pattern in device pixels: `draw` paints one tile of `size` CSS px.
    pub fn pattern(&self, ratio: f64, size: f64, draw: impl Fn(&CanvasRenderingContext2d)) -> Option<CanvasPattern> {
        let tile: HtmlCanvasElement = document().create_element("canvas").ok()?.dyn_into().ok()?;
        let side = (size * ratio).round().max(2.0);
        tile.set_width(side as u32);
        tile.set_height(side as u32);
        let ctx: CanvasRenderingContext2d = tile.get_context("2d").ok()??.dyn_into().ok()?;
        // The tile is a whole number of device pixels, else it would show seams.
        let _ = ctx.scale(side / size, side / size);
        draw(&ctx);
        ctx.create_pattern_with_html_canvas_element(&tile, "repeat").ok()?
    }

    /// Diagonal hatch.
    pub fn hatch(&self, ratio: f64, token: Token) -> Option<CanvasPattern> {
        self.pattern(ratio, 8.0, |ctx| {
            ctx.set_fill_style_str(self.soft(token));
            ctx.fill_rect(0.0, 0.0, 8.0, 8.0);
            ctx.set_stroke_style_str(self.of(token));
            ctx.set_line_width(2.4);
            ctx.begin_path();
            for x in [-8.0, 0.0, 8.0] {
                ctx.move_to(x - 1.0, 9.0);
                ctx.line_to(x + 9.0, -1.0);
            }
            ctx.stroke();
        })
    }

    /// Dots.
    pub fn dots(&self, ratio: f64, token: Token) -> Option<CanvasPattern> {
        self.pattern(ratio, 5.0, |ctx| {
            ctx.set_fill_style_str(self.soft(token));
            ctx.fill_rect(0.0, 0.0, 5.0, 5.0);
            ctx.set_fill_style_str(self.of(token));
            ctx.begin_path();
            let _ = ctx.arc(2.5, 2.5, 1.1, 0.0, std::f64::consts::TAU);
            ctx.fill();
        })
    }

    /// Cross-hatch: deadlocked.
    pub fn cross(&self, ratio: f64, token: Token) -> Option<CanvasPattern> {
        self.pattern(ratio, 10.0, |ctx| {
            ctx.set_fill_style_str(self.soft(token));
            ctx.fill_rect(0.0, 0.0, 10.0, 10.0);
            ctx.set_stroke_style_str(self.of(token));
            ctx.set_line_width(1.5);
            ctx.begin_path();
            for (a, b) in [((-1.0, -1.0), (11.0, 11.0)), ((-1.0, 11.0), (11.0, -1.0))] {
                ctx.move_to(a.0, a.1);
                ctx.line_to(b.0, b.1);
            }
            ctx.stroke();
        })
    }

    /// Horizontal lines: C code without the GIL.
    pub fn lines(&self, ratio: f64, token: Token) -> Option<CanvasPattern> {
        self.pattern(ratio, 5.0, |ctx| {
            ctx.set_fill_style_str(&self.panel);
            ctx.fill_rect(0.0, 0.0, 5.0, 5.0);
            ctx.set_fill_style_str(self.of(token));
            ctx.set_global_alpha(0.14);
            ctx.fill_rect(0.0, 0.0, 5.0, 5.0);
            ctx.set_global_alpha(0.75);
            ctx.fill_rect(0.0, 2.0, 5.0, 1.2);
        })
    }
}
