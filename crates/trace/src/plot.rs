//! A plot as SVG: a line over numbers (on a logarithmic axis where they reach far), bars over names.

use crate::sweep::{Point, Quantity, rounded};
use std::fmt::Write;

const LEFT: f64 = 64.0;
const RIGHT: f64 = 16.0;
const TOP: f64 = 34.0;
const BOTTOM: f64 = 46.0;
/// From this ratio of the largest to the smallest value on, the axis is logarithmic.
const FAR: f64 = 50.0;

/// CSS colours of a plot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Colours {
    /// Behind everything.
    pub ground: &'static str,
    /// Text.
    pub ink: &'static str,
    /// Text of the axes.
    pub soft: &'static str,
    /// Axes and grid.
    pub line: &'static str,
    /// What was measured.
    pub data: &'static str,
}

impl Colours {
    /// For a file of its own.
    pub const PAPER: Colours = Colours {
        ground: "#ffffff",
        ink: "#1c1d22",
        soft: "#5b5e6b",
        line: "#d9dbe3",
        data: "#5b4bd6",
    };
}

/// A plot.
#[derive(Clone, Debug, PartialEq)]
pub struct Plot {
    /// Its title.
    pub title: String,
    /// What is on the axis below.
    pub x_label: String,
    /// What is on the axis at the left.
    pub y_label: String,
    /// The values: as written, as a number, what was measured.
    pub points: Vec<(String, Option<f64>, Option<f64>)>,
    /// Whether a line shows where the measured value is 1.
    pub marks_one: bool,
}

/// The room of a plot, px.
#[derive(Clone, Copy)]
struct Room {
    width: f64,
    height: f64,
}

/// An axis from `low` to `high`, drawn from `from` to `to`.
struct Axis {
    low: f64,
    high: f64,
    log: bool,
    from: f64,
    to: f64,
}

impl Axis {
    fn at(&self, value: f64) -> f64 {
        let (low, high, value) = if self.log {
            (self.low.ln(), self.high.ln(), value.max(self.low).ln())
        } else {
            (self.low, self.high, value)
        };
        let span = high - low;
        let part = if span > 0.0 { (value - low) / span } else { 0.5 };
        self.from + part * (self.to - self.from)
    }

    /// Round numbers along it.
    fn ticks(&self) -> Vec<f64> {
        let rough = (self.high - self.low) / 5.0;
        if rough <= 0.0 || !rough.is_finite() {
            return vec![self.low];
        }
        let power = 10f64.powf(rough.log10().floor());
        let step = [1.0, 2.0, 5.0, 10.0]
            .map(|digit| digit * power)
            .into_iter()
            .find(|step| *step >= rough)
            .unwrap_or(rough);
        let first = (self.low / step).ceil() as i64;
        (first..first + 12)
            .map(|n| n as f64 * step)
            .take_while(|tick| *tick <= self.high + step * 1e-9)
            .collect()
    }
}

impl Plot {
    /// What a sweep has measured of a quantity. `label` says what it went over.
    #[must_use]
    pub fn of(quantity: Quantity, title: &str, label: &str, points: &[Point]) -> Plot {
        let measured = points.iter().zip(quantity.of(points));
        Plot {
            title: title.to_owned(),
            x_label: label.to_owned(),
            y_label: quantity.label().to_owned(),
            points: measured.map(|(point, y)| (point.value.clone(), point.x, y)).collect(),
            marks_one: quantity.is_ratio(),
        }
    }

    /// The plot as a document of its own, for this width in px (text is 12 px high then).
    #[must_use]
    pub fn to_svg(&self, colours: &Colours, width: u16) -> String {
        let width = f64::from(width.max(200));
        let room = Room {
            width,
            height: (width * 0.53).max(220.0).round(),
        };
        let mut svg = String::new();
        // Writing into a String does not fail.
        let _ = self.write(&mut svg, colours, room);
        svg
    }

    fn write(&self, out: &mut String, colours: &Colours, room: Room) -> std::fmt::Result {
        let Room { width, height } = room;
        let Colours { ground, ink, soft, .. } = colours;
        let (title, y_label) = (escape(&self.title), escape(&self.y_label));
        writeln!(
            out,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" role=\"img\" aria-label=\"{title}: {y_label}\" font-size=\"12px\" font-family=\"Inter,system-ui,sans-serif\">"
        )?;
        writeln!(out, "<rect width=\"100%\" height=\"100%\" fill=\"{ground}\"/>")?;
        writeln!(
            out,
            "<text x=\"{LEFT}\" y=\"18\" fill=\"{ink}\" font-weight=\"600\">{y_label}</text>"
        )?;
        let (middle, bottom) = (LEFT + (width - LEFT - RIGHT) / 2.0, height - 8.0);
        let x_label = escape(&self.x_label);
        writeln!(
            out,
            "<text x=\"{middle}\" y=\"{bottom}\" text-anchor=\"middle\" fill=\"{soft}\">{x_label}</text>"
        )?;
        let y = self.y_axis(room);
        self.write_grid(out, colours, room, &y)?;
        match self.x_axis(room) {
            Some(x) => self.write_line(out, colours, &x, &y)?,
            None => self.write_bars(out, colours, room, &y)?,
        }
        writeln!(out, "</svg>")
    }

    fn y_axis(&self, room: Room) -> Axis {
        let measured = self.points.iter().filter_map(|(_, _, y)| *y).filter(|y| y.is_finite());
        let least: f64 = if self.marks_one { 1.0 } else { 0.0 };
        let high = measured.fold(least, f64::max);
        Axis {
            low: 0.0,
            high: if high > 0.0 { high * 1.08 } else { 1.0 },
            log: false,
            from: room.height - BOTTOM,
            to: TOP,
        }
    }

    /// The axis of the values, if all are numbers and there are several.
    fn x_axis(&self, room: Room) -> Option<Axis> {
        let all: Vec<f64> = self.points.iter().map(|(_, x, _)| *x).collect::<Option<_>>()?;
        let low = all.iter().copied().fold(f64::INFINITY, f64::min);
        let high = all.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        (low < high && low.is_finite() && high.is_finite()).then(|| Axis {
            low,
            high,
            log: low > 0.0 && high / low >= FAR,
            from: LEFT + 12.0,
            to: room.width - RIGHT - 12.0,
        })
    }

    fn write_grid(&self, out: &mut String, colours: &Colours, room: Room, y: &Axis) -> std::fmt::Result {
        let Colours { soft, line, .. } = colours;
        let right = room.width - RIGHT;
        for tick in y.ticks() {
            let (at, label) = (y.at(tick), LEFT - 8.0);
            let text = tick_text(tick);
            writeln!(
                out,
                "<path d=\"M{LEFT} {at:.1}H{right}\" stroke=\"{line}\"/><text x=\"{label}\" y=\"{:.1}\" text-anchor=\"end\" fill=\"{soft}\">{text}</text>",
                at + 4.0
            )?;
        }
        if self.marks_one {
            let at = y.at(1.0);
            writeln!(
                out,
                "<path d=\"M{LEFT} {at:.1}H{right}\" stroke-dasharray=\"4 3\" stroke=\"{soft}\"/>"
            )?;
        }
        Ok(())
    }

    fn write_line(&self, out: &mut String, colours: &Colours, x: &Axis, y: &Axis) -> std::fmt::Result {
        let Colours { soft, data, .. } = colours;
        let mut places: Vec<(f64, f64, &str, f64)> = Vec::new();
        for (value, at, measured) in &self.points {
            if let (Some(at), Some(measured)) = (at, measured.filter(|y| y.is_finite())) {
                places.push((*at, measured, value, x.at(*at)));
            }
        }
        places.sort_by(|a, b| a.0.total_cmp(&b.0));
        let path: Vec<String> = places
            .iter()
            .map(|(_, measured, _, at)| format!("{at:.1} {:.1}", y.at(*measured)))
            .collect();
        if path.len() > 1 {
            writeln!(
                out,
                "<path d=\"M{}\" fill=\"none\" stroke-width=\"2\" stroke-linejoin=\"round\" stroke=\"{data}\"/>",
                path.join("L")
            )?;
        }
        // Labels below the points that have room; ticks of their own would only repeat them.
        let (mut last, base) = (f64::NEG_INFINITY, y.from + 16.0);
        for (_, measured, value, at) in &places {
            let (value, up) = (escape(value), y.at(*measured));
            writeln!(
                out,
                "<circle cx=\"{at:.1}\" cy=\"{up:.1}\" r=\"4\" fill=\"{data}\"><title>{value}: {}</title></circle>",
                rounded(*measured)
            )?;
            if at - last >= 8.0 + 7.0 * value.chars().count() as f64 {
                writeln!(
                    out,
                    "<text x=\"{at:.1}\" y=\"{base}\" text-anchor=\"middle\" fill=\"{soft}\">{value}</text>"
                )?;
                last = *at;
            }
        }
        Ok(())
    }

    fn write_bars(&self, out: &mut String, colours: &Colours, room: Room, y: &Axis) -> std::fmt::Result {
        let Colours { ink, soft, data, .. } = colours;
        let slot = (room.width - LEFT - RIGHT) / self.points.len().max(1) as f64;
        let (wide, base) = ((slot * 0.6).min(56.0), room.height - BOTTOM);
        for (n, (value, _, measured)) in self.points.iter().enumerate() {
            let (middle, value) = (LEFT + slot * (n as f64 + 0.5), escape(value));
            writeln!(
                out,
                "<text x=\"{middle:.1}\" y=\"{}\" text-anchor=\"middle\" fill=\"{soft}\">{value}</text>",
                base + 16.0
            )?;
            let Some(measured) = measured.filter(|y| y.is_finite()) else {
                continue;
            };
            let (top, left, text) = (y.at(measured), middle - wide / 2.0, rounded(measured));
            writeln!(
                out,
                "<rect x=\"{left:.1}\" y=\"{top:.1}\" width=\"{wide:.1}\" height=\"{:.1}\" rx=\"2\" fill=\"{data}\"><title>{value}: {text}</title></rect><text x=\"{middle:.1}\" y=\"{:.1}\" text-anchor=\"middle\" fill=\"{ink}\">{text}</text>",
                (base - top).max(0.0),
                top - 5.0
            )?;
        }
        Ok(())
    }
}

/// A round number without zeros at its end.
fn tick_text(tick: f64) -> String {
    let text = rounded(tick);
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text
    }
}

fn escape(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;");
    text.replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plot(points: Vec<(&str, Option<f64>, Option<f64>)>) -> String {
        let points = points.into_iter().map(|(value, x, y)| (value.to_owned(), x, y));
        let plot = Plot {
            title: "a <b> & \"c\"".into(),
            x_label: "cores".into(),
            y_label: "speed-up".into(),
            points: points.collect(),
            marks_one: true,
        };
        plot.to_svg(&Colours::PAPER, 640)
    }

    #[test]
    fn numbers_make_a_line_and_names_bars() {
        let line = plot(vec![
            ("1", Some(1.0), Some(1.0)),
            ("2", Some(2.0), Some(1.5)),
            ("x", Some(3.0), None),
        ]);
        assert_eq!((line.matches("<circle").count(), line.matches("<rect").count()), (2, 1));
        assert!(line.contains("a &lt;b&gt; &amp; &quot;c&quot;") && line.contains("2: 1.500</title>"));
        let bars = plot(vec![("2.7", None, Some(3.0)), ("3.13", None, Some(1.0))]);
        assert_eq!((bars.matches("<circle").count(), bars.matches("<rect").count()), (0, 3));
    }

    #[test]
    fn anything_can_be_drawn() {
        for points in [
            vec![],
            vec![("1", Some(1.0), None)],
            vec![("1", Some(1.0), Some(f64::INFINITY)), ("2", Some(1e300), Some(0.0))],
            vec![("a", Some(f64::NAN), Some(f64::NAN)), ("b", Some(0.0), Some(-5.0))],
            vec![("1", Some(1.0), Some(5.0)), ("1", Some(1.0), Some(6.0))],
        ] {
            let svg = plot(points);
            assert!(
                svg.starts_with("<svg") && svg.ends_with("</svg>\n") && !svg.contains("NaN"),
                "{svg}"
            );
        }
    }
}
