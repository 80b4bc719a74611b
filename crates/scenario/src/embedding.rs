//! How the lab stands inside another page: what an address of `embed.html` says after its `#`.
//!
//! The fragment is a list of parts joined by `&`. A part without `=` that begins like a link is the link to a scenario
//! ([`crate::decode_link`]); every other part is `name=value`, the value percent-encoded UTF-8 (as `encodeURIComponent` does it), or
//! a bare `name` for what is on or off. The names are in [`Embedding`]; besides, every key of the `# /// lab` block is one, and wins over
//! the block. What cannot be read is told as a sentence each; the rest counts.

use crate::block::block_lines;
use crate::settings::{Key, Scalar, Settings};
use crate::units::{format_duration, parse_duration_ns};

/// Which parts are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Shown {
    /// The program, and below it what it wrote.
    Code,
    /// The timeline alone.
    Timeline,
    /// The program and the timeline.
    #[default]
    Both,
    /// What the program wrote, alone.
    Output,
}

impl Shown {
    /// All of them.
    pub const ALL: [Shown; 4] = [Shown::Code, Shown::Timeline, Shown::Both, Shown::Output];

    /// As written in an address.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Shown::Code => "code",
            Shown::Timeline => "timeline",
            Shown::Both => "both",
            Shown::Output => "output",
        }
    }

    /// Whether the program is shown.
    #[must_use]
    pub fn has_code(self) -> bool {
        matches!(self, Shown::Code | Shown::Both)
    }

    /// Whether the timeline is shown.
    #[must_use]
    pub fn has_timeline(self) -> bool {
        matches!(self, Shown::Timeline | Shown::Both)
    }
}

/// Light, dark, or what suits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Theme {
    /// As the page around it, where that is known, or else as the system.
    #[default]
    Auto,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Theme {
    /// All of them.
    pub const ALL: [Theme; 3] = [Theme::Auto, Theme::Light, Theme::Dark];

    /// As written in an address.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Theme::Auto => "auto",
            Theme::Light => "light",
            Theme::Dark => "dark",
        }
    }
}

/// A moment of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// So many virtual ns after the start.
    At(u64),
    /// The last one.
    End,
}

impl Moment {
    /// Reads `23.4ms`, or `end`.
    ///
    /// # Errors
    /// A sentence without its full stop.
    pub fn parse(text: &str) -> Result<Moment, String> {
        match text.trim() {
            "end" => Ok(Moment::End),
            text => parse_duration_ns(text)
                .map(Moment::At)
                .map_err(|problem| format!("{problem}, or end")),
        }
    }
}

/// The lines that are shown, from 1, both included; `None` where there is no bound. As the author counts them: without hidden set-up code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Lines {
    /// The first.
    pub from: Option<u32>,
    /// The last.
    pub to: Option<u32>,
}

impl Lines {
    /// Reads `13-22`, `13-`, `-22`, `13`.
    ///
    /// # Errors
    /// A sentence without its full stop.
    pub fn parse(text: &str) -> Result<Lines, String> {
        let wrong = || format!("\"{text}\" is no range of lines (write it like 13-22, 13- or -22)");
        let number = |part: &str| match part.trim() {
            "" => Ok(None),
            digits => digits
                .parse::<u32>()
                .ok()
                .filter(|n| *n > 0)
                .map(Some)
                .ok_or_else(wrong),
        };
        let (from, to) = text.split_once('-').unwrap_or((text, text));
        let lines = Lines {
            from: number(from)?,
            to: number(to)?,
        };
        match lines {
            Lines { from: None, to: None } => Err(wrong()),
            Lines {
                from: Some(from),
                to: Some(to),
            } if from > to => Err(wrong()),
            lines => Ok(lines),
        }
    }
}

impl std::fmt::Display for Lines {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let part = |bound: Option<u32>| bound.map_or(String::new(), |line| line.to_string());
        write!(f, "{}-{}", part(self.from), part(self.to))
    }
}

/// See the module.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Embedding {
    /// The link to a scenario, as it stands in the fragment.
    pub link: Option<String>,
    /// `code`: the program, where there is no link.
    pub code: String,
    /// `setup`: what runs before the program's first line and is not shown.
    pub setup: String,
    /// Settings that win over the program's own: `python`, `cores`, `seed`, `title` and so on.
    pub settings: Vec<(Key, Scalar)>,
    /// `view`.
    pub shown: Shown,
    /// `readonly`: the program cannot be edited.
    pub readonly: bool,
    /// `autorun`: it runs as soon as it is there.
    pub autorun: bool,
    /// `at`: the moment that is shown when the run is over.
    pub at: Option<Moment>,
    /// `theme`.
    pub theme: Theme,
    /// `lines`.
    pub lines: Lines,
    /// `fit`: as high as its content, and it says so to the page around it, instead of filling the frame.
    pub fit: bool,
    /// `host`: the origin that may send commands and is told events; else the one that frames it.
    pub host: Option<String>,
    /// `arbiter`: the page around it shares downloads and engines out (`embed.js` does).
    pub arbiter: bool,
}

impl Embedding {
    /// Reads a fragment, with or without `#`, and says what in it means nothing: sentences without their full stop.
    #[must_use]
    pub fn parse(fragment: &str) -> (Embedding, Vec<String>) {
        let mut all = Embedding::default();
        let mut problems = Vec::new();
        let fragment = fragment.strip_prefix('#').unwrap_or(fragment);
        for part in fragment.split('&').filter(|part| !part.is_empty()) {
            if let Err(problem) = all.take(part) {
                problems.push(problem);
            }
        }
        (all, problems)
    }

    fn take(&mut self, part: &str) -> Result<(), String> {
        let (name, value) = match part.split_once('=') {
            Some((name, value)) => (name, Some(decode(value)?)),
            None if is_link(part) => {
                self.link = Some(part.to_owned());
                return Ok(());
            }
            None => (part, None),
        };
        let flag = || switch(name, value.as_deref());
        let text = || {
            value
                .clone()
                .ok_or_else(|| format!("{name} needs a value: {name}=\u{2026}"))
        };
        match name {
            "code" => self.code = text()?,
            "setup" => self.setup = text()?,
            "view" => self.shown = one_of(name, &text()?, &Shown::ALL, Shown::name)?,
            "theme" => self.theme = one_of(name, &text()?, &Theme::ALL, Theme::name)?,
            "readonly" => self.readonly = flag()?,
            "autorun" => self.autorun = flag()?,
            "fit" => self.fit = flag()?,
            "arbiter" => self.arbiter = flag()?,
            "host" => self.host = Some(text()?),
            "at" => self.at = Some(Moment::parse(&text()?)?),
            "lines" => self.lines = Lines::parse(&text()?)?,
            _ => match Key::from_name(name) {
                Some(key) => self.settings.push((key, scalar(key, &text()?)?)),
                None => return Err(format!("{name} is nothing that can be set here")),
            },
        }
        Ok(())
    }

    /// The fragment, without `#`, that [`Embedding::parse`] reads as this; what is as usual is left out.
    #[must_use]
    pub fn fragment(&self) -> String {
        let mut parts: Vec<String> = self.link.iter().cloned().collect();
        let mut add = |name: &str, value: &str| parts.push(format!("{name}={}", encode(value)));
        if !self.code.is_empty() {
            add("code", &self.code);
        }
        if !self.setup.is_empty() {
            add("setup", &self.setup);
        }
        for (key, value) in &self.settings {
            match value {
                Scalar::Text(text) => add(key.name(), text),
                Scalar::Number(number) => add(key.name(), &number.to_string()),
            }
        }
        if self.shown != Shown::default() {
            add("view", self.shown.name());
        }
        match self.at {
            Some(Moment::At(ns)) => add("at", &format_duration(ns)),
            Some(Moment::End) => add("at", "end"),
            None => {}
        }
        if self.theme != Theme::default() {
            add("theme", self.theme.name());
        }
        if self.lines != Lines::default() {
            add("lines", &self.lines.to_string());
        }
        if let Some(host) = &self.host {
            add("host", host);
        }
        for (on, name) in [
            (self.readonly, "readonly"),
            (self.autorun, "autorun"),
            (self.fit, "fit"),
            (self.arbiter, "arbiter"),
        ] {
            if on {
                parts.push(name.to_owned());
            }
        }
        parts.join("&")
    }

    /// Set-up code and program in one, as they run, and of how many lines the first is.
    #[must_use]
    pub fn program(&self, code: &str) -> (String, u32) {
        let mut text = self.setup.clone();
        if !text.is_empty() && !text.ends_with('\n') {
            text.push('\n');
        }
        let before = u32::try_from(text.matches('\n').count()).unwrap_or(u32::MAX);
        text.push_str(code);
        (text, before)
    }

    /// The first and the last line that are shown of a program (`u32::MAX`: to its end) whose first `before` lines are set-up code.
    /// Without a range of lines a settings block at its top is hidden too, with the empty lines below it.
    #[must_use]
    pub fn visible(&self, program: &str, before: u32) -> (u32, u32) {
        let to = self.lines.to.map_or(u32::MAX, |line| line.saturating_add(before));
        if let Some(from) = self.lines.from {
            return (from.saturating_add(before), to);
        }
        let from = before.saturating_add(1);
        let lines: Vec<&str> = program.lines().collect();
        let is_empty = |line: u32| lines.get(line as usize - 1).is_some_and(|text| text.trim().is_empty());
        let after_empty = |from: u32| (from..).find(|line| !is_empty(*line)).unwrap_or(from);
        match block_lines(program) {
            Some((first, last)) if first == after_empty(from) && (last as usize) < lines.len() => {
                (after_empty(last + 1), to)
            }
            _ => (from, to),
        }
    }

    /// Settings with those that win; those it does not accept are told.
    pub fn impose(&self, settings: &mut Settings) -> Vec<String> {
        let set = |(key, value): &(Key, Scalar)| settings.set(*key, value).err();
        self.settings.iter().filter_map(set).collect()
    }
}

/// A value of a key as it stands in an address, where numbers have no quotes to tell them from text.
///
/// # Errors
/// A sentence without its full stop that says what the key accepts.
pub fn scalar(key: Key, text: &str) -> Result<Scalar, String> {
    let as_text = Scalar::Text(text.to_owned());
    let number = text.parse().map(Scalar::Number);
    match (Settings::default().set(key, &as_text), number) {
        (Ok(()), _) => Ok(as_text),
        (Err(_), Ok(number)) => Settings::default().set(key, &number).map(|()| number),
        (Err(problem), Err(_)) => Err(problem),
    }
}

/// Whether a part is a link to a scenario: `h`, digits, a dot.
fn is_link(part: &str) -> bool {
    let version = part.strip_prefix('h').and_then(|rest| rest.split_once('.'));
    version.is_some_and(|(version, _)| !version.is_empty() && version.bytes().all(|byte| byte.is_ascii_digit()))
}

fn switch(name: &str, value: Option<&str>) -> Result<bool, String> {
    match value {
        None | Some("" | "1" | "true" | "yes" | "on") => Ok(true),
        Some("0" | "false" | "no" | "off") => Ok(false),
        Some(other) => Err(format!("{name} is on or off, not \"{other}\"")),
    }
}

fn one_of<T: Copy>(name: &str, text: &str, all: &[T], word: fn(T) -> &'static str) -> Result<T, String> {
    all.iter().copied().find(|one| word(*one) == text).ok_or_else(|| {
        let words: Vec<_> = all.iter().map(|one| word(*one)).collect();
        format!("{name} must be one of {}, not \"{text}\"", words.join(", "))
    })
}

/// Percent-encoding as `encodeURIComponent` does it, and of its marks `!'()*` too, which editors of text may take for the end of an address.
fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => out.push(char::from(byte)),
            byte => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

fn decode(text: &str) -> Result<String, String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let hex = |at: usize| after.get(at).and_then(|digit| char::from(*digit).to_digit(16));
        match (first, hex(0), hex(1)) {
            (b'%', Some(high), Some(low)) => {
                bytes.push((high * 16 + low) as u8);
                rest = &after[2..];
            }
            _ => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8(bytes).map_err(|_| "the address is damaged: not UTF-8 after percent-decoding".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(fragment: &str) -> Embedding {
        let (embedding, problems) = Embedding::parse(fragment);
        assert_eq!(problems, Vec::<String>::new(), "{fragment}");
        embedding
    }

    #[test]
    fn what_is_written_is_read_again() {
        let all = Embedding {
            link: Some("h1.AbC-_9".into()),
            code: "print('h\u{e9}' + \"&=#\")\n".into(),
            setup: "import time\n".into(),
            settings: vec![
                (Key::Python, Scalar::Text("3.13t".into())),
                (Key::Cores, Scalar::Number(4)),
                (Key::Title, Scalar::Text("Two & two".into())),
            ],
            shown: Shown::Timeline,
            readonly: true,
            autorun: true,
            at: Some(Moment::At(23_400_000)),
            theme: Theme::Dark,
            lines: Lines {
                from: Some(3),
                to: None,
            },
            fit: true,
            host: Some("https://course.example".into()),
            arbiter: true,
        };
        assert_eq!(read(&all.fragment()), all);
        assert_eq!(read(&format!("#{}", all.fragment())), all);
        assert_eq!(read(""), Embedding::default());
        assert_eq!(Embedding::default().fragment(), "");
    }

    #[test]
    fn flags_and_numbers() {
        assert!(read("readonly").readonly);
        assert!(!read("readonly=false").readonly);
        assert_eq!(read("seed=7").settings, [(Key::Seed, Scalar::Number(7))]);
        assert_eq!(
            read("switch-interval=1ms").settings,
            [(Key::SwitchInterval, Scalar::Text("1ms".into()))]
        );
        // A title may look like a number.
        assert_eq!(read("title=7").settings, [(Key::Title, Scalar::Text("7".into()))]);
        assert_eq!(read("at=end").at, Some(Moment::End));
    }

    #[test]
    fn what_means_nothing_is_told_and_the_rest_counts() {
        let (embedding, problems) =
            Embedding::parse("colour=red&cores=0&view=all&python=1.4&seed=3&lines=9-3&readonly=maybe");
        assert_eq!(embedding.settings, [(Key::Seed, Scalar::Number(3))]);
        let words = problems.join("\n");
        for part in [
            "colour",
            "cores must be 1 to",
            "view must be one of code",
            "python must be one of",
            "9-3",
            "maybe",
        ] {
            assert!(words.contains(part), "{part} in {words}");
        }
        assert_eq!(problems.len(), 6);
        assert_eq!(Embedding::parse("code=%ff").1.len(), 1);
    }

    #[test]
    fn lines_are_the_authors() {
        let lines = |text| Lines::parse(text).map(|lines| (lines.from, lines.to));
        assert_eq!(lines("13-22"), Ok((Some(13), Some(22))));
        assert_eq!(lines("13-"), Ok((Some(13), None)));
        assert_eq!(lines("-22"), Ok((None, Some(22))));
        assert_eq!(lines("5"), Ok((Some(5), Some(5))));
        for wrong in ["", "-", "0-3", "a", "3-2"] {
            assert!(lines(wrong).is_err(), "{wrong}");
        }
        let hidden = read("setup=import%20time%0Ax%20%3D%201&lines=2-3");
        let (program, before) = hidden.program("a\nb\nc\n");
        assert_eq!((program.as_str(), before), ("import time\nx = 1\na\nb\nc\n", 2));
        assert_eq!(hidden.visible(&program, before), (4, 5));
    }

    #[test]
    fn a_settings_block_at_the_top_is_hidden() {
        let plain = Embedding::default();
        let block = "# /// lab\n# cores = 4\n# ///\n\nprint(1)\n";
        assert_eq!(plain.visible(block, 0), (5, u32::MAX));
        assert_eq!(plain.visible("print(1)\n", 0), (1, u32::MAX));
        // One that is all there is stays in sight, and so does one further below.
        assert_eq!(plain.visible("# /// lab\n# cores = 4\n# ///\n", 0), (1, u32::MAX));
        assert_eq!(
            plain.visible("x = 1\n# /// lab\n# cores = 4\n# ///\nprint(1)\n", 0),
            (1, u32::MAX)
        );
        let (program, before) = read("setup=x%20%3D%201").program(block);
        assert_eq!(plain.visible(&program, before), (6, u32::MAX));
        assert_eq!(read("lines=1-").visible(block, 0), (1, u32::MAX));
    }

    #[test]
    fn settings_of_the_address_win() {
        let mut settings = crate::read_settings("# /// lab\n# cores = 4\n# seed = 2\n# ///\n").expect("a block");
        assert_eq!(read("cores=1&python=3.13t").impose(&mut settings), Vec::<String>::new());
        assert_eq!((settings.cores, settings.seed, settings.python.name()), (1, 2, "3.13t"));
    }
}
