//! The ruler above the lanes, and the playhead through everything.

use super::lanes::RULER;
use super::palette::Palette;
use super::pen::{Surface, Type};
use crate::scale::Tick;

/// How wide a letter of the mono type is.
const LETTER: f64 = 6.7;

/// Paints ruler and playhead; labels that the playhead's flag would cover are left out.
pub fn paint(surface: &Surface, palette: &Palette, ticks: &[Tick], playhead: Option<&(f64, String)>) {
    surface.rect(&palette.sunken, 0.0, 0.0, surface.width, RULER);
    let flag = playhead.map(|(x, words)| {
        let width = words.chars().count() as f64 * LETTER + 14.0;
        (
            *x,
            (x - width / 2.0).clamp(0.0, (surface.width - width).max(0.0)),
            width,
        )
    });
    surface.pen.set_font(Type::Mono);
    for tick in ticks {
        let x = tick.x.floor() + 0.5;
        let top = if tick.label.is_some() { 16.0 } else { 20.0 };
        surface.line(&palette.line_strong, 1.0, (x, top), (x, RULER));
        let Some(label) = &tick.label else { continue };
        let width = label.chars().count() as f64 * LETTER + 8.0;
        let covered = flag.is_some_and(|(_, left, wide)| tick.x < left + wide && tick.x + width > left);
        if !covered {
            surface.text(&palette.ink_3, label, tick.x + 4.0, 14.0);
        }
    }
    if let (Some((x, words)), Some((_, left, width))) = (playhead, flag)
        && (-1.0..=surface.width + 1.0).contains(x)
    {
        surface.line(&palette.accent, 1.5, (*x, 18.0), (*x, surface.height));
        surface.round(left, 2.0, width, 17.0, 3.0);
        surface.pen.set_fill(&palette.accent);
        surface.pen.fill();
        surface.pen.set_font(Type::MonoStrong);
        surface.text(&palette.on_accent, words, left + 7.0, 14.5);
    }
}
