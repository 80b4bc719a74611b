//! The page's icons: 16 by 16, drawn in the text's colour. Each is one list of shapes.

use yew::prelude::*;

/// The icons there are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Icon {
    Play,
    Stop,
    First,
    Back,
    Next,
    Last,
    Pause,
    Share,
    Gallery,
    Theme,
    Help,
    Pen,
    Chevron,
    Right,
    Dice,
    Plus,
    Minus,
    Fit,
    Table,
    Arrow,
    Check,
    Close,
    Copy,
    Search,
    Warn,
    Lock,
    Menu,
    Outside,
    Filter,
    Pin,
    Save,
    Two,
    Up,
    Down,
    Bolt,
}

impl Icon {
    /// The shapes as SVG source; constants of ours, never text from outside.
    fn shapes(self) -> &'static str {
        match self {
            Icon::Play => r#"<path d="M5 3.2v9.6l7.5-4.8z" fill="currentColor" stroke="none"/>"#,
            Icon::Stop => r#"<rect x="4" y="4" width="8" height="8" rx="1" fill="currentColor" stroke="none"/>"#,
            Icon::First => r#"<path d="M4 3.5v9M12.5 4 7 8l5.5 4z"/>"#,
            Icon::Back => r#"<path d="M11 3.5 5 8l6 4.5z"/>"#,
            Icon::Next => r#"<path d="M5 3.5 11 8l-6 4.5z"/>"#,
            Icon::Last => r#"<path d="M12 3.5v9M3.5 4 9 8l-5.5 4z"/>"#,
            Icon::Pause => r#"<path d="M5.5 4v8M10.5 4v8" stroke-width="2.4"/>"#,
            Icon::Share => r#"<path d="M8 9.5v-7M5.2 5 8 2.3 10.8 5M3.5 8.5v4.2h9V8.500"/>"#,
            Icon::Gallery => {
                r#"<rect x="2.500" y="3" width="4.500" height="4" rx="1"/><rect x="9" y="3" width="4.500" height="4" rx="1"/><rect x="2.500" y="9.500" width="4.500" height="4" rx="1"/><rect x="9" y="9.500" width="4.500" height="4" rx="1"/>"#
            }
            Icon::Theme => {
                r#"<circle cx="8" cy="8" r="5.500"/><path d="M8 2.500a5.500 5.500 0 0 1 0 11z" fill="currentColor"/>"#
            }
            Icon::Help => {
                r#"<circle cx="8" cy="8" r="6"/><path d="M6.300 6.400c0-2.300 3.500-2.200 3.500-.1 0 1.300-1.700 1.400-1.700 2.700M8.050 11.300v.1"/>"#
            }
            Icon::Pen => r#"<path d="m3 13 .6-2.800L10.800 3l2.200 2.200-7.200 7.200z"/>"#,
            Icon::Chevron => r#"<path d="m4 6.200 4 4 4-4"/>"#,
            Icon::Right => r#"<path d="m6.200 4 4 4-4 4"/>"#,
            Icon::Dice => {
                r#"<rect x="2.500" y="2.500" width="11" height="11" rx="2.500"/><path d="M5.600 5.600h.01M10.400 10.400h.01M8 8h.01M10.400 5.600h.01M5.600 10.400h.01" stroke-width="2"/>"#
            }
            Icon::Plus => r#"<path d="M8 3.500v9M3.500 8h9"/>"#,
            Icon::Minus => r#"<path d="M3.500 8h9"/>"#,
            Icon::Fit => r#"<path d="M2.500 5V2.500H5M11 2.500h2.500V5M13.500 11v2.500H11M5 13.500H2.500V11"/>"#,
            Icon::Table => {
                r#"<rect x="2.500" y="3" width="11" height="10" rx="1.500"/><path d="M2.500 6.300h11M2.500 9.700h11M6.300 6.300V13"/>"#
            }
            Icon::Arrow => r#"<path d="M3 12.500c0-6 2.500-6.500 9.500-6.500M10 3.500 12.500 6 10 8.500"/>"#,
            Icon::Check => r#"<path d="m3.500 8.500 3 3 6-7"/>"#,
            Icon::Close => r#"<path d="m4 4 8 8M12 4l-8 8"/>"#,
            Icon::Copy => {
                r#"<rect x="5.500" y="5.500" width="8" height="8" rx="1.500"/><path d="M10.500 5.500V4A1.500 1.500 0 0 0 9 2.500H4A1.500 1.500 0 0 0 2.500 4v5A1.500 1.500 0 0 0 4 10.500h1.500"/>"#
            }
            Icon::Search => r#"<circle cx="7" cy="7" r="4.200"/><path d="m10.200 10.200 3.300 3.300"/>"#,
            Icon::Warn => r#"<path d="M8 2.700 14 13H2zM8 6.800v3M8 11.500v.05"/>"#,
            Icon::Lock => {
                r#"<rect x="3.500" y="7" width="9" height="6.500" rx="1.500"/><path d="M5.500 7V5.200a2.500 2.500 0 0 1 5 0V7"/>"#
            }
            Icon::Menu => r#"<path d="M2.500 4.500h11M2.500 8h11M2.500 11.500h11"/>"#,
            Icon::Filter => r#"<path d="M2.500 4.500h11M4.500 8h7M6.500 11.500h3"/>"#,
            Icon::Pin => r#"<path d="M5.500 2.500h5M6.300 2.500v4L4.500 9h7L9.700 6.500v-4M8 9v4.500"/>"#,
            Icon::Save => r#"<path d="M8 2.500v7M5.200 7 8 9.700 10.800 7M3.500 10.500V13h9v-2.500"/>"#,
            Icon::Two => r#"<rect x="2.500" y="3" width="11" height="4" rx="1"/><path d="M3 9h10v4H3z"/>"#,
            Icon::Up => r#"<path d="m4 9.800 4-4 4 4"/>"#,
            Icon::Down => r#"<path d="m4 6.200 4 4 4-4"/>"#,
            Icon::Bolt => r#"<path d="M9 2 4 9h3.500L7 14l5-7H8.500z"/>"#,
            Icon::Outside => r#"<path d="M6.500 3.500h-3v9h9v-3M9 3h4v4M13 3 7.500 8.500"/>"#,
        }
    }

    /// The icon as an element; hidden from screen readers, the control around it has the words.
    pub fn html(self) -> Html {
        Html::from_html_unchecked(AttrValue::from(format!(
            r#"<svg class="ic" viewBox="0 0 16 16" aria-hidden="true">{}</svg>"#,
            self.shapes()
        )))
    }
}

/// The sign of the house: warp threads, and a weft through their heddles.
pub fn logo() -> Html {
    Html::from_html_unchecked(AttrValue::from(
        r#"<svg viewBox="0 0 20 20" aria-hidden="true"><g fill="none" stroke-linecap="round"><path d="M4 2v16M8 2v16M12 2v16M16 2v16" stroke="var(--ink-3)" stroke-width="1.300"/><path d="M1 7.500C3 7.500 3 7 4 7s2 6 4 6 2-6 4-6 2 6 4 6 2-.5 3-.5" stroke="var(--accent)" stroke-width="2.200"/></g><g fill="var(--chrome)" stroke="var(--ink)" stroke-width="1.300"><ellipse cx="4" cy="7" rx="1.500" ry="2"/><ellipse cx="8" cy="13" rx="1.500" ry="2"/><ellipse cx="12" cy="7" rx="1.500" ry="2"/><ellipse cx="16" cy="13" rx="1.500" ry="2"/></g></svg>"#,
    ))
}
