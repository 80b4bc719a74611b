//! The timeline as one picture with its labels, as it is exported: the same painting as on the page, beside a column of names.

use super::lanes::{RULER, Scene, paint};
use super::palette::Palette;
use super::pen::{Pen, Surface, Type};
use super::svg::SvgPen;
use crate::draw::Viewport;
use crate::format::moment;
use crate::layout::{Layout, Row, RowKind};
use crate::model::{LaneKey, Timeline};
use crate::scale::TimeScale;
use crate::vocabulary::Token;
use heddle_trace::{Nanos, Trace};

/// The column of names, px.
pub const LABELS_PX: f64 = 208.0;
/// The picture of a whole run is this wide.
const WIDTH_PX: f64 = 1440.0;
/// And at most this high.
const MOST_PX: f64 = 20_000.0;

/// What a picture shows.
pub struct Picture<'a> {
    /// The trace.
    pub trace: &'a Trace,
    /// Its rows.
    pub layout: &'a Layout,
    /// What of them is in view; the scale's width is that beside the labels.
    pub view: Viewport,
    /// The playhead, if it is to be seen.
    pub moment: Option<Nanos>,
}

impl Timeline {
    /// How wide and high a picture is, px.
    #[must_use]
    pub fn picture_size(&self, picture: &Picture) -> (f64, f64) {
        (LABELS_PX + picture.view.scale.width_px, RULER + picture.view.height)
    }

    /// Paints a picture.
    pub fn paint_picture(&self, pen: &dyn Pen, palette: &Palette, picture: &Picture) {
        let (width, height) = self.picture_size(picture);
        let whole = Surface { pen, width, height };
        whole.rect(&palette.panel, 0.0, 0.0, width, height);
        let view = &picture.view;
        let items = self.draw_list(picture.trace, picture.layout, view);
        let scene = Scene {
            items: &items,
            layout: picture.layout,
            scroll: view.scroll_y,
            ticks: &view.scale.ticks(),
            playhead: picture.moment.map(|at| (view.scale.px(at), moment(at))),
            range: None,
        };
        pen.save();
        pen.begin_path();
        pen.rect(LABELS_PX, 0.0, width - LABELS_PX, height);
        pen.clip();
        pen.translate(LABELS_PX, 0.0);
        paint(
            &Surface {
                pen,
                width: width - LABELS_PX,
                height,
            },
            palette,
            &scene,
        );
        pen.restore();
        labels(&whole, palette, picture);
    }

    /// The picture as an SVG file.
    #[must_use]
    pub fn to_svg(&self, palette: &Palette, picture: &Picture, title: &str) -> String {
        let pen = SvgPen::default();
        self.paint_picture(&pen, palette, picture);
        let (width, height) = self.picture_size(picture);
        pen.finish(width, height, title)
    }

    /// The whole run as an SVG file, with all its rows as far as there is room.
    #[must_use]
    pub fn whole_svg(&self, trace: &Trace, dark: bool, title: &str) -> String {
        let layout = self.layout(&Default::default());
        let view = Viewport {
            scale: TimeScale::fit(self.extent(), WIDTH_PX - LABELS_PX),
            scroll_y: 0.0,
            height: layout.height.min(MOST_PX),
            selected: None,
            arrows: true,
        };
        let picture = Picture {
            trace,
            layout: &layout,
            view,
            moment: None,
        };
        self.to_svg(&Palette::standard(dark), &picture, title)
    }
}

/// The column of names.
fn labels(surface: &Surface, palette: &Palette, picture: &Picture) {
    let pen = surface.pen;
    pen.save();
    pen.begin_path();
    pen.rect(0.0, RULER, LABELS_PX, surface.height - RULER);
    pen.clip();
    pen.translate(0.0, RULER);
    surface.rect(&palette.panel, 0.0, 0.0, LABELS_PX, surface.height);
    let (pinned, others): (Vec<&Row>, Vec<&Row>) = picture.layout.rows.iter().partition(|row| row.pinned);
    for row in others {
        label(surface, palette, picture, row);
    }
    if !pinned.is_empty() {
        surface.rect(&palette.panel, 0.0, 0.0, LABELS_PX, picture.layout.pinned_px);
        for row in pinned {
            label(surface, palette, picture, row);
        }
    }
    pen.restore();
    surface.rect(&palette.sunken, 0.0, 0.0, LABELS_PX, RULER);
    pen.set_font(Type::Plain);
    surface.text(&palette.ink_3, "virtual time", 12.0, 16.0);
    let edge = LABELS_PX - 0.5;
    surface.line(&palette.line, 1.0, (edge, 0.0), (edge, surface.height));
}

fn label(surface: &Surface, palette: &Palette, picture: &Picture, row: &Row) {
    let (pen, y) = (surface.pen, row.top(picture.view.scroll_y));
    if y + row.height < 0.0 || y > picture.view.height {
        return;
    }
    let base = y + row.height / 2.0 + 4.0;
    let indent = 12.0 * f64::from(row.depth);
    match &row.kind {
        RowKind::Group {
            title, note, collapsed, ..
        } => {
            surface.rect(&palette.sunken, 0.0, y, LABELS_PX, row.height);
            surface.line(&palette.line, 1.0, (0.0, y + 0.5), (LABELS_PX, y + 0.5));
            let (x, middle) = (16.0 + indent, base - 4.0);
            pen.set_stroke(&palette.ink_3);
            pen.set_line_width(1.5);
            pen.begin_path();
            let corners = if *collapsed {
                [(x - 2.0, middle - 4.0), (x + 2.0, middle), (x - 2.0, middle + 4.0)]
            } else {
                [(x - 4.0, middle - 2.0), (x, middle + 2.0), (x + 4.0, middle - 2.0)]
            };
            pen.move_to(corners[0].0, corners[0].1);
            pen.line_to(corners[1].0, corners[1].1);
            pen.line_to(corners[2].0, corners[2].1);
            pen.stroke();
            pen.set_font(Type::Strong);
            let title = fit(title, Type::Strong, LABELS_PX - x - 20.0);
            surface.text(&palette.ink, &title, x + 12.0, base);
            let taken = x + 12.0 + Type::Strong.letter_px() * title.chars().count() as f64 + 16.0;
            if LABELS_PX - 12.0 - taken > Type::Plain.letter_px() * note.chars().count() as f64 {
                pen.set_font(Type::Plain);
                pen.set_text_end(true);
                surface.text(&palette.ink_3, note, LABELS_PX - 12.0, base);
                pen.set_text_end(false);
            }
        }
        RowKind::Lane { key, chip, caption } => {
            let mut x = 28.0 + indent;
            if let Some((text, hue)) = chip {
                let width = Type::Strong.letter_px() * text.chars().count() as f64 + 14.0;
                let token = Token::Thread(*hue);
                surface.round(x, base - 12.0, width, 16.0, 3.0);
                pen.set_fill(palette.of(token));
                pen.fill();
                pen.set_font(Type::Strong);
                surface.text(palette.on(token), text, x + 7.0, base);
                x += width + 8.0;
            }
            pen.set_font(Type::Plain);
            let ink = if chip.is_some() || matches!(key, LaneKey::Thread(_)) {
                &palette.ink
            } else {
                &palette.ink_3
            };
            surface.text(ink, &fit(caption, Type::Plain, LABELS_PX - x - 8.0), x, base);
        }
    }
}

/// As much of a text as has room.
fn fit(text: &str, font: Type, px: f64) -> String {
    let most = (px / font.letter_px()).max(1.0) as usize;
    if text.chars().count() <= most {
        return text.to_owned();
    }
    text.chars().take(most - 1).chain(['\u{2026}']).collect()
}
