//! A canvas of a size in CSS pixels, painted in device pixels.

use gloo::utils::window;
use wasm_bindgen::JsCast;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

/// A canvas ready to be painted on.
pub struct Surface {
    /// Coordinates are CSS px.
    pub ctx: CanvasRenderingContext2d,
    /// Device pixels per CSS pixel.
    pub ratio: f64,
    /// In CSS px.
    pub width: f64,
    /// In CSS px.
    pub height: f64,
}

impl Surface {
    /// Brings the canvas to this size and clears it; `None` where there is nothing to paint on.
    pub fn of(canvas: &HtmlCanvasElement, width: f64, height: f64) -> Option<Surface> {
        if width < 1.0 || height < 1.0 {
            return None;
        }
        let ratio = window().device_pixel_ratio().clamp(0.5, 4.0);
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
        Some(Surface {
            ctx,
            ratio,
            width,
            height,
        })
    }

    /// Fills a rectangle with a colour.
    pub fn rect(&self, colour: &str, x: f64, y: f64, w: f64, h: f64) {
        self.ctx.set_fill_style_str(colour);
        self.ctx.fill_rect(x, y, w, h);
    }

    /// A path around a rectangle with round corners.
    pub fn round(&self, x: f64, y: f64, w: f64, h: f64, r: f64) {
        self.ctx.begin_path();
        let r = r.min(w / 2.0).min(h / 2.0).max(0.0);
        if r < 0.5 {
            self.ctx.rect(x, y, w, h);
        } else {
            // `roundRect` refuses only negative radii.
            let _ = self.ctx.round_rect_with_f64(x, y, w, h, r);
        }
    }

    /// A straight line.
    pub fn line(&self, colour: &str, width: f64, from: (f64, f64), to: (f64, f64)) {
        self.ctx.set_stroke_style_str(colour);
        self.ctx.set_line_width(width);
        self.ctx.begin_path();
        self.ctx.move_to(from.0, from.1);
        self.ctx.line_to(to.0, to.1);
        self.ctx.stroke();
    }

    /// Text at its base line.
    pub fn text(&self, colour: &str, text: &str, x: f64, y: f64) {
        self.ctx.set_fill_style_str(colour);
        // Text without a largest width cannot fail.
        let _ = self.ctx.fill_text(text, x, y);
    }

    /// Dashes for the lines that follow; an empty list makes them solid.
    pub fn dash(&self, pattern: &[f64]) {
        let list: js_sys::Array = pattern.iter().copied().map(wasm_bindgen::JsValue::from_f64).collect();
        let _ = self.ctx.set_line_dash(&list);
    }
}
