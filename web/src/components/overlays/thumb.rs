//! The gallery's small pictures: what the first threads and tasks of a program mostly did in each stretch of its run. The form is told in `gallery/README.md`.

use std::fmt::Write;
use yew::prelude::*;

const WIDTH: f64 = 104.0;
const HEIGHT: f64 = 32.0;
/// Stretches of time.
const CELLS: f64 = 52.0;

/// The picture.
pub fn thumb(picture: &str) -> Html {
    Html::from_html_unchecked(svg(picture).into())
}

fn svg(picture: &str) -> String {
    let rows: Vec<&str> = picture.trim().split('/').collect();
    // One or two rows would fill the picture with bars.
    let pitch = HEIGHT / rows.len().max(3) as f64;
    let top = (HEIGHT - pitch * rows.len() as f64) / 2.0;
    let mut svg = format!(r#"<svg viewBox="0 0 {WIDTH} {HEIGHT}" aria-hidden="true">"#);
    for (index, row) in rows.iter().enumerate() {
        let bottom = top + (index as f64 + 0.95) * pitch;
        let mut at = 0.0;
        for (letter, cells) in runs(row) {
            let x = at * WIDTH / CELLS;
            let w = f64::from(cells) * WIDTH / CELLS;
            at += f64::from(cells);
            let Some((fill, share)) = look(letter) else {
                continue;
            };
            let h = pitch * share;
            let y = bottom - h;
            // Writing to a string cannot fail.
            let _ = write!(
                svg,
                r#"<rect x="{x:.1}" y="{y:.1}" width="{:.1}" height="{h:.1}" fill="{fill}"/>"#,
                (w - 0.3).max(0.7)
            );
        }
    }
    svg.push_str("</svg>");
    svg
}

/// Letters and how often each stands there.
fn runs(row: &str) -> Vec<(char, u16)> {
    let mut all = Vec::new();
    for c in row.chars() {
        match (c.to_digit(10), all.last_mut()) {
            (Some(digit), Some((_, Some(count)))) => *count = *count * 10 + digit as u16,
            (Some(digit), Some((_, count))) => *count = Some(digit as u16),
            _ => all.push((c, None)),
        }
    }
    all.into_iter()
        .map(|(letter, count)| (letter, count.unwrap_or(1)))
        .collect()
}

/// Colour, and how much of the row's height.
fn look(letter: char) -> Option<(String, f64)> {
    Some(match letter {
        'a'..='h' => (format!("var(--th-{})", letter as u8 - b'a'), 0.85),
        'G' => ("color-mix(in srgb,var(--gil) 60%,var(--panel))".to_owned(), 0.45),
        'C' => ("color-mix(in srgb,var(--core) 60%,var(--panel))".to_owned(), 0.45),
        'L' => ("color-mix(in srgb,var(--lock) 45%,var(--panel))".to_owned(), 0.55),
        'D' => ("color-mix(in srgb,var(--dead) 65%,var(--panel))".to_owned(), 0.6),
        'I' => ("var(--idle)".to_owned(), 0.14),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_are_read() {
        assert_eq!(runs("a12G.3"), [('a', 12), ('G', 1), ('.', 3)]);
        let drawn = svg("a26.26/I52\n");
        assert_eq!(drawn.matches("<rect").count(), 2);
        assert!(drawn.contains("var(--th-0)") && drawn.contains(r#"width="51.7""#));
    }

    #[test]
    fn every_program_has_a_picture_as_wide_as_all() {
        for item in crate::gallery::ALL {
            let picture = item.picture.trim();
            assert!(!picture.is_empty() && picture.len() <= 300, "{}", item.about);
            for row in picture.split('/') {
                let cells: u16 = runs(row).iter().map(|(_, cells)| cells).sum();
                assert_eq!(f64::from(cells), CELLS, "{}", item.about);
                assert!(
                    runs(row)
                        .iter()
                        .all(|(letter, _)| *letter == '.' || look(*letter).is_some())
                );
            }
        }
    }
}
