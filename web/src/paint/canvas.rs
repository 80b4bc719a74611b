//! The pen that paints on a canvas, in device pixels, and the page's colours.

use crate::hooks::browser::token;
use gloo::utils::{document, window};
use heddle_timeline::paint::{Palette, Pen, Type, tile, tile_px};
use heddle_timeline::{Form, Token};
use std::cell::{Cell, RefCell};
use std::f64::consts::TAU;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{CanvasPattern, CanvasRenderingContext2d, HtmlCanvasElement};

/// The page's colours now.
pub fn palette_now() -> Palette {
    Palette::of_names(token)
}

/// A pattern, or that the browser did not make it.
type Made = ((Form, Token), Option<CanvasPattern>);

/// A canvas ready to be painted on; coordinates are CSS px.
pub struct CanvasPen {
    ctx: CanvasRenderingContext2d,
    /// Device pixels per CSS pixel.
    ratio: f64,
    /// How far the origin has been moved, now and at each `save`.
    offset: Cell<(f64, f64)>,
    saved: RefCell<Vec<(f64, f64)>>,
    /// The patterns of one painting, made when first needed.
    made: RefCell<Vec<Made>>,
}

impl CanvasPen {
    /// Brings the canvas to this size in CSS px and clears it; `None` where there is nothing to paint on.
    pub fn of(canvas: &HtmlCanvasElement, width: f64, height: f64) -> Option<CanvasPen> {
        let ratio = window().device_pixel_ratio().clamp(0.5, 4.0);
        CanvasPen::at_ratio(canvas, width, height, ratio)
    }

    fn at_ratio(canvas: &HtmlCanvasElement, width: f64, height: f64, ratio: f64) -> Option<CanvasPen> {
        if width < 1.0 || height < 1.0 {
            return None;
        }
        let (w, h) = ((width * ratio).round() as u32, (height * ratio).round() as u32);
        if canvas.width() != w || canvas.height() != h {
            canvas.set_width(w);
            canvas.set_height(h);
        }
        let ctx = canvas
            .get_context("2d")
            .ok()??
            .dyn_into::<CanvasRenderingContext2d>()
            .ok()?;
        // A plain scale cannot fail.
        let _ = ctx.set_transform(ratio, 0.0, 0.0, ratio, 0.0, 0.0);
        ctx.clear_rect(0.0, 0.0, width, height);
        Some(CanvasPen {
            ctx,
            ratio,
            offset: Cell::new((0.0, 0.0)),
            saved: RefCell::default(),
            made: RefCell::default(),
        })
    }

    /// A pattern in device pixels.
    fn pattern(&self, palette: &Palette, form: Form, token: Token) -> Option<CanvasPattern> {
        let canvas: HtmlCanvasElement = document().create_element("canvas").ok()?.dyn_into().ok()?;
        let size = tile_px(form);
        // The tile is a whole number of device pixels, else it would show seams.
        let side = (size * self.ratio).round().max(2.0);
        let pen = CanvasPen::at_ratio(&canvas, size, size, side / size)?;
        tile(&pen, palette, form, token);
        pen.ctx
            .create_pattern_with_html_canvas_element(&canvas, "repeat")
            .ok()?
    }
}

impl Pen for CanvasPen {
    fn save(&self) {
        self.ctx.save();
        self.saved.borrow_mut().push(self.offset.get());
    }

    fn restore(&self) {
        self.ctx.restore();
        if let Some(offset) = self.saved.borrow_mut().pop() {
            self.offset.set(offset);
        }
    }

    fn translate(&self, x: f64, y: f64) {
        // A plain shift cannot fail.
        let _ = self.ctx.translate(x, y);
        let (dx, dy) = self.offset.get();
        self.offset.set((dx + x, dy + y));
    }

    fn begin_path(&self) {
        self.ctx.begin_path();
    }

    fn move_to(&self, x: f64, y: f64) {
        self.ctx.move_to(x, y);
    }

    fn line_to(&self, x: f64, y: f64) {
        self.ctx.line_to(x, y);
    }

    fn bezier_curve_to(&self, x1: f64, y1: f64, x2: f64, y2: f64, x: f64, y: f64) {
        self.ctx.bezier_curve_to(x1, y1, x2, y2, x, y);
    }

    fn rect(&self, x: f64, y: f64, w: f64, h: f64) {
        self.ctx.rect(x, y, w, h);
    }

    fn round_rect(&self, x: f64, y: f64, w: f64, h: f64, r: f64) {
        // `roundRect` refuses only negative radii.
        let _ = self.ctx.round_rect_with_f64(x, y, w, h, r);
    }

    fn circle(&self, x: f64, y: f64, r: f64) {
        // Nor does `arc` refuse others.
        let _ = self.ctx.arc(x, y, r, 0.0, TAU);
    }

    fn close_path(&self) {
        self.ctx.close_path();
    }

    fn clip(&self) {
        self.ctx.clip();
    }

    fn fill(&self) {
        self.ctx.fill();
    }

    fn stroke(&self) {
        self.ctx.stroke();
    }

    fn fill_rect(&self, x: f64, y: f64, w: f64, h: f64) {
        self.ctx.fill_rect(x, y, w, h);
    }

    fn fill_text(&self, text: &str, x: f64, y: f64) {
        // Text without a largest width cannot fail.
        let _ = self.ctx.fill_text(text, x, y);
    }

    fn text_width(&self, text: &str) -> f64 {
        self.ctx.measure_text(text).map_or(0.0, |size| size.width())
    }

    fn set_fill(&self, colour: &str) {
        self.ctx.set_fill_style_str(colour);
    }

    fn set_stroke(&self, colour: &str) {
        self.ctx.set_stroke_style_str(colour);
    }

    fn set_line_width(&self, width: f64) {
        self.ctx.set_line_width(width);
    }

    fn set_line_dash(&self, dashes: &[f64]) {
        let list: js_sys::Array = dashes.iter().copied().map(JsValue::from_f64).collect();
        let _ = self.ctx.set_line_dash(&list);
    }

    fn set_global_alpha(&self, alpha: f64) {
        self.ctx.set_global_alpha(alpha);
    }

    fn set_font(&self, font: Type) {
        self.ctx.set_font(font.css());
    }

    fn set_text_end(&self, end: bool) {
        self.ctx.set_text_align(if end { "right" } else { "left" });
    }

    fn fill_pattern(&self, palette: &Palette, form: Form, token: Token, (x, y, w, h): (f64, f64, f64, f64)) {
        let known = self.made.borrow().iter().position(|(key, _)| *key == (form, token));
        let index = known.unwrap_or_else(|| {
            let pattern = self.pattern(palette, form, token);
            let mut made = self.made.borrow_mut();
            made.push(((form, token), pattern));
            made.len() - 1
        });
        let made = self.made.borrow();
        let Some((_, Some(pattern))) = made.get(index) else {
            return;
        };
        self.ctx.save();
        self.ctx.set_fill_style_canvas_pattern(pattern);
        let (r, (dx, dy)) = (self.ratio, self.offset.get());
        // Patterns are made in device pixels.
        let _ = self
            .ctx
            .set_transform(1.0, 0.0, 0.0, 1.0, (dx * r).round(), (dy * r).round());
        self.ctx.fill_rect(x * r, y * r, w * r, h * r);
        self.ctx.restore();
    }
}
