//! The gallery's small pictures: what kind of timeline a program makes, not its exact one.

use crate::gallery::Picture;
use std::fmt::Write;
use yew::prelude::*;

const WIDTH: f64 = 104.0;
const HEIGHT: f64 = 32.0;

/// A piece of a row: from, to (0 to 1), and what.
type Piece = (f64, f64, Kind);

#[derive(Clone, Copy)]
enum Kind {
    Run(u8),
    Gil,
    Lock,
    Idle,
    Dead,
}

/// The picture.
pub fn thumb(picture: Picture) -> Html {
    let rows = rows(picture);
    let pitch = HEIGHT / rows.len().max(1) as f64;
    let mut svg = format!(r#"<svg viewBox="0 0 {WIDTH} {HEIGHT}" aria-hidden="true">"#);
    for (index, row) in rows.iter().enumerate() {
        for (from, to, kind) in row {
            let (x, w) = (from * WIDTH, ((to - from) * WIDTH - 0.4).max(1.0));
            let (fill, share) = match kind {
                Kind::Run(hue) => (format!("var(--th-{hue})"), 0.9),
                Kind::Gil => ("color-mix(in srgb,var(--gil) 60%,var(--panel))".to_owned(), 0.45),
                Kind::Lock => ("color-mix(in srgb,var(--lock) 30%,var(--panel))".to_owned(), 0.6),
                Kind::Idle => ("var(--idle)".to_owned(), 0.14),
                Kind::Dead => ("color-mix(in srgb,var(--dead) 65%,var(--panel))".to_owned(), 0.6),
            };
            let h = pitch * share;
            let y = (index as f64 + 1.0) * pitch - h - pitch * 0.05;
            // Writing to a string cannot fail.
            let _ = write!(
                svg,
                r#"<rect x="{x:.1}" y="{y:.1}" width="{w:.1}" height="{h:.1}" fill="{fill}"/>"#
            );
        }
    }
    svg.push_str("</svg>");
    Html::from_html_unchecked(svg.into())
}

fn rows(picture: Picture) -> Vec<Vec<Piece>> {
    match picture {
        Picture::Turns => (0..2)
            .map(|row| {
                (0..8)
                    .map(|i| {
                        (
                            f64::from(i) / 8.0,
                            f64::from(i + 1) / 8.0,
                            if i % 2 == row {
                                Kind::Run(row as u8 + 1)
                            } else {
                                Kind::Gil
                            },
                        )
                    })
                    .collect()
            })
            .collect(),
        Picture::Convoy => {
            let starts = [0.0, 0.2, 0.4, 0.6, 0.8];
            vec![
                starts.map(|x| (x, x + 0.16, Kind::Run(1))).to_vec(),
                starts
                    .into_iter()
                    .flat_map(|x| [(x, x + 0.16, Kind::Gil), (x + 0.165, x + 0.19, Kind::Run(2))])
                    .collect(),
            ]
        }
        Picture::Sleepers => (0..4u8)
            .map(|row| {
                let first = f64::from(row) * 0.06;
                (0..4)
                    .map(|i| first + f64::from(i) * 0.24)
                    .flat_map(|x| {
                        [
                            (x, x + 0.04, Kind::Run(row + 1)),
                            (x + 0.045, (x + 0.235).min(1.0), Kind::Idle),
                        ]
                    })
                    .filter(|piece| piece.0 < 0.97)
                    .collect()
            })
            .collect(),
        Picture::Lock => vec![
            vec![
                (0.0, 0.3, Kind::Run(1)),
                (0.31, 0.6, Kind::Lock),
                (0.61, 0.8, Kind::Run(1)),
            ],
            vec![
                (0.05, 0.3, Kind::Lock),
                (0.31, 0.6, Kind::Run(2)),
                (0.61, 1.0, Kind::Lock),
            ],
            vec![(0.1, 0.8, Kind::Lock), (0.81, 1.0, Kind::Run(3))],
        ],
        Picture::Race => vec![
            [0.0, 0.2, 0.38, 0.6, 0.8].map(|x| (x, x + 0.1, Kind::Run(1))).to_vec(),
            [0.08, 0.27, 0.48, 0.68, 0.87]
                .map(|x| (x, x + 0.1, Kind::Run(2)))
                .to_vec(),
        ],
        Picture::Deadlock => vec![
            vec![
                (0.0, 0.22, Kind::Run(1)),
                (0.26, 0.42, Kind::Run(1)),
                (0.46, 1.0, Kind::Dead),
            ],
            vec![
                (0.08, 0.3, Kind::Run(2)),
                (0.34, 0.48, Kind::Run(2)),
                (0.52, 1.0, Kind::Dead),
            ],
            vec![
                (0.16, 0.36, Kind::Run(3)),
                (0.4, 0.54, Kind::Run(3)),
                (0.58, 1.0, Kind::Dead),
            ],
        ],
        Picture::Queue => vec![
            [0.0, 0.15, 0.3, 0.45, 0.6]
                .map(|x| (x, x + 0.07, Kind::Run(1)))
                .to_vec(),
            [0.09, 0.23, 0.38, 0.53, 0.68]
                .map(|x| (x, x + 0.12, Kind::Run(2)))
                .to_vec(),
            vec![
                (0.0, 0.16, Kind::Lock),
                (0.17, 0.3, Kind::Run(3)),
                (0.31, 0.4, Kind::Lock),
                (0.41, 0.55, Kind::Run(3)),
                (0.62, 0.8, Kind::Run(3)),
            ],
        ],
        Picture::Pool => (0..3u8)
            .map(|row| {
                let first = f64::from(row) * 0.04;
                let length = 0.17 + f64::from(row) * 0.03;
                (0..4)
                    .map(|i| first + f64::from(i) * (length + 0.02))
                    .map(|x| (x, (x + length).min(1.0), Kind::Run(row + 1)))
                    .collect()
            })
            .collect(),
        Picture::Start => (0..4u8)
            .map(|row| {
                let arrives = 0.1 + f64::from(row) * 0.09;
                vec![
                    (0.0, arrives, Kind::Run(row + 1)),
                    (arrives + 0.01, 0.48, Kind::Lock),
                    (0.5, 0.72 + f64::from(row) * 0.08, Kind::Run(row + 1)),
                ]
            })
            .collect(),
    }
}
