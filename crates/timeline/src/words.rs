//! Sentences in which threads stand as chips, and the hover card made of them.

use crate::model::Timeline;
use crate::tasks::TaskKey;
use heddle_trace::ThreadKey;

/// A piece of a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Word {
    /// Words as they stand.
    Text(String),
    /// A task, drawn as its chip.
    Task {
        /// Which.
        key: TaskKey,
        /// The chip's text.
        chip: String,
        /// Its hue.
        hue: u8,
    },
    /// A thread, drawn as its chip.
    Thread {
        /// Which.
        key: ThreadKey,
        /// The chip's text.
        chip: String,
        /// Its hue.
        hue: u8,
    },
}

/// A hover card.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Description {
    /// The thread it is about.
    pub who: Option<Word>,
    /// Whether that thread runs (filled chip) or not (hollow chip).
    pub runs: bool,
    /// "waits for the GIL", "running", "blocked".
    pub title: String,
    /// "5.012 ms".
    pub duration: String,
    /// Why, in sentences.
    pub why: Vec<Word>,
    /// "25.936 → 30.948 ms".
    pub span: String,
}

impl Description {
    /// The reason as plain text.
    #[must_use]
    pub fn why_text(&self) -> String {
        plain(&self.why)
    }

    /// Everything as one line, for a live region.
    #[must_use]
    pub fn text(&self) -> String {
        let who = self
            .who
            .as_ref()
            .map(|who| plain(std::slice::from_ref(who)) + " ")
            .unwrap_or_default();
        let why = self.why_text();
        let end = if why.is_empty() { "." } else { ". " };
        format!("{who}{}, {}, {}{end}{why}", self.title, self.duration, self.span)
    }
}

fn plain(words: &[Word]) -> String {
    words
        .iter()
        .map(|word| match word {
            Word::Text(text) => text.as_str(),
            Word::Thread { chip, .. } | Word::Task { chip, .. } => chip.as_str(),
        })
        .collect()
}

/// A sentence in the making.
pub(crate) struct Sentence<'a> {
    timeline: &'a Timeline,
    pub words: Vec<Word>,
}

impl Sentence<'_> {
    pub fn text(mut self, text: impl AsRef<str>) -> Self {
        match self.words.last_mut() {
            Some(Word::Text(last)) => last.push_str(text.as_ref()),
            _ => self.words.push(Word::Text(text.as_ref().to_owned())),
        }
        self
    }

    pub fn thread(mut self, key: ThreadKey) -> Self {
        self.words.push(self.timeline.word(key));
        self
    }

    pub fn task(mut self, key: TaskKey) -> Self {
        self.words.push(self.timeline.task_word(key));
        self
    }

    /// "T1", "T1, then main", "T1, then main and 3 others".
    pub fn threads(mut self, keys: &[ThreadKey]) -> Self {
        for (n, key) in keys.iter().take(3).enumerate() {
            if n > 0 {
                self = self.text(", then ");
            }
            self = self.thread(*key);
        }
        if keys.len() > 3 {
            self.text(format!(" and {} others", keys.len() - 3))
        } else {
            self
        }
    }
}

impl Timeline {
    pub(crate) fn sentence(&self) -> Sentence<'_> {
        Sentence {
            timeline: self,
            words: Vec::new(),
        }
    }

    pub(crate) fn task_word(&self, key: TaskKey) -> Word {
        let task = self.task(key);
        Word::Task {
            key,
            chip: task.map_or_else(|| format!("#{}", key.1.0), |task| task.chip.clone()),
            hue: task.map_or(0, |task| task.hue),
        }
    }

    pub(crate) fn word(&self, key: ThreadKey) -> Word {
        Word::Thread {
            key,
            chip: self.people().chip(key),
            hue: self.people().hue(key),
        }
    }
}
