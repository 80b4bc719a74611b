//! The colours of `tokens.css`: as a page has them now, or as they stand in the file.

use crate::vocabulary::Token;

/// The colours' own file: pictures are made without a page too.
const TOKENS: &str = include_str!("../../../../static/tokens.css");

/// Colours by their token.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is the custom property of its name")]
pub struct Palette {
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
    /// The colours as the file has them, of the light theme or the dark one.
    #[must_use]
    pub fn standard(dark: bool) -> Self {
        let section = |start: &str| TOKENS.split_once(start).map_or("", |(_, rest)| rest);
        // What a theme does not change stands in the first section.
        let light = section(":root {");
        let own = if dark {
            section(":root[data-theme=\"dark\"] {")
        } else {
            light
        };
        let value = |section: &str, name: &str| {
            let section = section.split_once('}').map_or(section, |(section, _)| section);
            let (_, rest) = section.split_once(&format!("{name}:"))?;
            Some(rest.split_once(';')?.0.trim().to_owned())
        };
        Palette::of_names(|name| value(own, name).or_else(|| value(light, name)).unwrap_or_default())
    }

    /// The colours by the names of their custom properties ("--panel").
    pub fn of_names(value: impl Fn(&str) -> String) -> Self {
        let of = |name: &str| value(&format!("--{name}"));
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
    #[must_use]
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
    #[must_use]
    pub fn soft(&self, token: Token) -> &str {
        match token {
            Token::Gil => &self.gil_soft,
            Token::Core => &self.core_soft,
            Token::Lock | Token::Dead => &self.lock_soft,
            _ => &self.panel,
        }
    }

    /// What is written on a token.
    #[must_use]
    pub fn on(&self, token: Token) -> &str {
        match token {
            Token::Thread(hue) => &self.on_threads[usize::from(hue) % 8],
            // The panel's colour is what stands off most from red in both themes.
            Token::Bad => &self.panel,
            _ => &self.ink,
        }
    }
}
