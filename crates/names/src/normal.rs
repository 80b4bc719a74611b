//! The four normalization forms (Unicode Standard Annex #15): characters are taken apart, marks put into their order, and composed again
//! as far as the form asks for it.

use crate::characters::{Property, Table};
use rustc_hash::FxHashMap;
use std::cell::RefCell;
use std::rc::Rc;

/// How far characters are taken apart, and whether they are put together again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Form {
    /// Parts that only look alike count too (the K of NFKC).
    pub compatible: bool,
    /// The C of NFC.
    pub compose: bool,
}

/// Hangul syllables are made of jamo by arithmetic (The Unicode Standard, section 3.12): the first syllable, lead, vowel and the code
/// point before the first tail; how many vowels and tails (none counts) there are, and how many syllables.
const SYLLABLES: u32 = 0xAC00;
const LEADS: u32 = 0x1100;
const VOWELS: u32 = 0x1161;
const TAILS: u32 = 0x11A7;
const LEAD_COUNT: u32 = 19;
const VOWEL_COUNT: u32 = 21;
const TAIL_COUNT: u32 = 28;
const SYLLABLE_COUNT: u32 = LEAD_COUNT * VOWEL_COUNT * TAIL_COUNT;

/// What two characters compose to.
type Pairs = FxHashMap<(u32, u32), u32>;

thread_local! {
    static PAIRS: RefCell<Option<Rc<Pairs>>> = const { RefCell::new(None) };
}

/// Text (code points, surrogates too) in a normalization form. None: the table of characters is not here.
pub fn normalize(text: &[u32], form: Form) -> Option<Vec<u32>> {
    if text.iter().all(|code| *code < 0x80) {
        return Some(text.to_vec());
    }
    let table = crate::characters::table()?;
    let mut apart = take_apart(&table, text, form.compatible);
    order_marks(&mut apart);
    Some(if form.compose {
        let pairs = PAIRS.with_borrow_mut(|slot| Rc::clone(slot.get_or_insert_with(|| Rc::new(pairs(&table)))));
        compose(&apart, &pairs)
    } else {
        apart.into_iter().map(|(code, _)| code).collect()
    })
}

/// Text in NFKC, as names in programs are compared; unchanged while the table is not here.
pub fn nfkc(text: &str) -> String {
    let form = Form {
        compatible: true,
        compose: true,
    };
    let codes: Vec<u32> = text.chars().map(u32::from).collect();
    match normalize(&codes, form) {
        Some(codes) => codes.into_iter().filter_map(char::from_u32).collect(),
        None => text.to_owned(),
    }
}

/// Characters that are made of no others, each with its combining class.
fn take_apart(table: &Table, text: &[u32], compatible: bool) -> Vec<(u32, u8)> {
    let mut apart = Vec::with_capacity(text.len());
    // What is still to be looked at, the next one last.
    let mut waiting = Vec::new();
    for &code in text {
        waiting.push(code);
        while let Some(code) = waiting.pop() {
            if code < 0x80 {
                apart.push((code, 0));
            } else if let Some(syllable) = code.checked_sub(SYLLABLES).filter(|index| *index < SYLLABLE_COUNT) {
                apart.push((LEADS + syllable / (VOWEL_COUNT * TAIL_COUNT), 0));
                apart.push((VOWELS + syllable / TAIL_COUNT % VOWEL_COUNT, 0));
                if syllable % TAIL_COUNT > 0 {
                    apart.push((TAILS + syllable % TAIL_COUNT, 0));
                }
            } else {
                let parts = table.property(code, Property::MadeOf);
                if parts.is_empty() || parts.starts_with('<') && !compatible {
                    apart.push((code, table.combining(code)));
                } else {
                    waiting.extend(codes(parts).rev());
                }
            }
        }
    }
    apart
}

/// The code points of a decomposition.
fn codes(parts: &str) -> impl DoubleEndedIterator<Item = u32> {
    let parts = parts.trim_start_matches('!').split(' ');
    parts.filter_map(|part| u32::from_str_radix(part, 16).ok())
}

/// Puts marks that follow each other into the order of their classes.
fn order_marks(text: &mut [(u32, u8)]) {
    for marks in text.split_mut(|(_, class)| *class == 0) {
        marks.sort_by_key(|(_, class)| *class);
    }
}

fn pairs(table: &Table) -> Pairs {
    let mut pairs = Pairs::default();
    for (code, parts) in table.made().filter(|(_, parts)| !parts.starts_with(['<', '!'])) {
        let mut codes = codes(parts);
        if let (Some(first), Some(second)) = (codes.next(), codes.next()) {
            pairs.insert((first, second), code);
        }
    }
    pairs
}

fn compose(text: &[(u32, u8)], pairs: &Pairs) -> Vec<u32> {
    let mut out: Vec<u32> = Vec::with_capacity(text.len());
    // Where the last character stands that others may be composed with, and the class of the last mark that was left behind it.
    let (mut starter, mut before): (Option<usize>, Option<u8>) = (None, None);
    for &(code, class) in text {
        let blocked = before.is_some_and(|before| before >= class);
        if let Some(slot) = starter.and_then(|at| out.get_mut(at))
            && !blocked
            && let Some(composed) = pair(*slot, code, pairs)
        {
            *slot = composed;
            continue;
        }
        if class == 0 {
            (starter, before) = (Some(out.len()), None);
        } else {
            before = Some(class);
        }
        out.push(code);
    }
    out
}

fn pair(first: u32, second: u32, pairs: &Pairs) -> Option<u32> {
    let within = |code: u32, start: u32, count: u32| code.checked_sub(start).filter(|index| *index < count);
    if let (Some(lead), Some(vowel)) = (within(first, LEADS, LEAD_COUNT), within(second, VOWELS, VOWEL_COUNT)) {
        return Some(SYLLABLES + (lead * VOWEL_COUNT + vowel) * TAIL_COUNT);
    }
    if let (Some(syllable), Some(tail)) = (
        within(first, SYLLABLES, SYLLABLE_COUNT),
        within(second, TAILS + 1, TAIL_COUNT - 1),
    ) && syllable % TAIL_COUNT == 0
    {
        return Some(first + tail + 1);
    }
    pairs.get(&(first, second)).copied()
}
