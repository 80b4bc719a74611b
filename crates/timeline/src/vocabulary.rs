//! The signs of the timeline: colours by token, forms, and the things a canvas paints.

use crate::arrows::ArrowForm;
use crate::model::{SliceRef, Timeline};
use crate::track::{Track, What};

/// A colour of `tokens.css`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Token {
    /// `--th-0` to `--th-7`; text on it is `--on-0` to `--on-7`.
    Thread(u8),
    /// `--gil`.
    Gil,
    /// `--core`.
    Core,
    /// `--lock`.
    Lock,
    /// `--idle`.
    Idle,
    /// `--dead`.
    Dead,
    /// `--ink`.
    Ink,
    /// `--bad`.
    Bad,
    /// `--accent`.
    Accent,
}

impl Token {
    /// The custom property's name.
    #[must_use]
    pub fn css(self) -> &'static str {
        const THREADS: [&str; 8] = [
            "--th-0", "--th-1", "--th-2", "--th-3", "--th-4", "--th-5", "--th-6", "--th-7",
        ];
        match self {
            Token::Thread(hue) => THREADS[usize::from(hue) % THREADS.len()],
            Token::Gil => "--gil",
            Token::Core => "--core",
            Token::Lock => "--lock",
            Token::Idle => "--idle",
            Token::Dead => "--dead",
            Token::Ink => "--ink",
            Token::Bad => "--bad",
            Token::Accent => "--accent",
        }
    }
}

/// How a bar is filled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Form {
    /// Filled with the token.
    Solid,
    /// Outline and horizontal lines in the token: C code without the GIL.
    Lines,
    /// Outline in the token, inside tinted with its soft colour.
    HollowTinted,
    /// Outline in the token, inside empty.
    Hollow,
    /// Diagonal hatch.
    Hatch,
    /// Dots with a dashed edge.
    Dots,
    /// Dashes.
    Dashes,
    /// Cross-hatch: deadlocked.
    CrossHatch,
}

/// A part of a merged bar, from the base line upwards.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Part {
    /// How it is filled.
    pub form: Form,
    /// Its colour.
    pub token: Token,
    /// Its share of the time, 0 to 1: its share of the bar's height.
    pub share: f64,
}

/// One thing to paint. Places are px from the upper left corner of the lanes (scrolling taken into account).
#[derive(Clone, Debug, PartialEq)]
pub enum DrawItem {
    /// A slice.
    Bar {
        slice: SliceRef,
        x: f64,
        y: f64,
        w: f64,
        h: f64,
        form: Form,
        token: Token,
        text: Option<String>,
        text_above: bool,
    },
    /// Many narrow slices; the first one is named.
    Merged {
        slice: SliceRef,
        x: f64,
        y: f64,
        w: f64,
        h: f64,
        parts: Vec<Part>,
    },
    /// The cap of a waiter, in its hue.
    Cap {
        x: f64,
        y: f64,
        w: f64,
        h: f64,
        token: Token,
    },
    /// What another thread wrote is lost here: a cross around (x, y).
    Cross { x: f64, y: f64 },
    /// A granted drop request: an amber notch on the GIL's ribbon, its tip at (x, y).
    Notch { x: f64, y: f64 },
    /// A thread's end: a post.
    Post { x: f64, y: f64, h: f64, token: Token },
    /// Ctrl-C was pressed: a line with a flag.
    CtrlC { x: f64, y: f64, h: f64 },
    /// A counter: steps from left to right, and the greatest value of the whole run.
    Steps {
        points: Vec<(f64, f64)>,
        base: f64,
        max: u64,
    },
    /// An arrow with a mark at its origin.
    Arrow {
        form: ArrowForm,
        from: (f64, f64),
        to: (f64, f64),
        /// What it carries, where there is room to say so.
        text: Option<String>,
    },
    /// The ground of the pinned rows, of this height from the top: it covers what is scrolled under it.
    Shelf { h: f64 },
    /// Nothing can ever run again from here on.
    DeadRest { x: f64, w: f64 },
    /// The run was cut off here: a torn edge.
    Tear { x: f64 },
    /// The frame around the selected slice.
    Frame { x: f64, y: f64, w: f64, h: f64 },
}

/// Which signs that few programs need are on a timeline, for its legend.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Signs {
    /// Threads pickle.
    pub pickles: bool,
    /// Processes are zombies for a while.
    pub zombies: bool,
    /// Memory that processes share is read and written.
    pub accesses: bool,
    /// Some of what is written there is lost.
    pub losses: bool,
}

impl Timeline {
    /// See [`Signs`].
    #[must_use]
    pub fn signs(&self) -> Signs {
        let is_zombie = |track: &Track| matches!(track.slices().last().map(|slice| &slice.what), Some(What::Zombie(_)));
        Signs {
            pickles: !self.pickles.is_empty(),
            zombies: self.threads.values().any(is_zombie),
            accesses: !self.memories.is_empty(),
            losses: self.memories.values().any(|memory| memory.losses() > 0),
        }
    }
}
