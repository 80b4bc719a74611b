//! Single characters against the codes of a pattern: sets, categories, case.

use rustpython_sre_engine::string::{lower_ascii, lower_unicode, upper_unicode};
use rustpython_unicode::classify;

/// Operation codes of `_sre` (`re._constants.OPCODES`).
pub mod op {
    #![allow(missing_docs)] // the names of `re._constants`
    pub const FAILURE: u32 = 0;
    pub const SUCCESS: u32 = 1;
    pub const ANY: u32 = 2;
    pub const ANY_ALL: u32 = 3;
    pub const ASSERT: u32 = 4;
    pub const ASSERT_NOT: u32 = 5;
    pub const AT: u32 = 6;
    pub const BRANCH: u32 = 7;
    pub const CATEGORY: u32 = 8;
    pub const CHARSET: u32 = 9;
    pub const BIGCHARSET: u32 = 10;
    pub const GROUPREF: u32 = 11;
    pub const GROUPREF_EXISTS: u32 = 12;
    pub const IN: u32 = 13;
    pub const INFO: u32 = 14;
    pub const JUMP: u32 = 15;
    pub const LITERAL: u32 = 16;
    pub const MARK: u32 = 17;
    pub const MAX_UNTIL: u32 = 18;
    pub const MIN_UNTIL: u32 = 19;
    pub const NOT_LITERAL: u32 = 20;
    pub const NEGATE: u32 = 21;
    pub const RANGE: u32 = 22;
    pub const REPEAT: u32 = 23;
    pub const REPEAT_ONE: u32 = 24;
    pub const MIN_REPEAT_ONE: u32 = 26;
    pub const ATOMIC_GROUP: u32 = 27;
    pub const POSSESSIVE_REPEAT: u32 = 28;
    pub const POSSESSIVE_REPEAT_ONE: u32 = 29;
    pub const GROUPREF_IGNORE: u32 = 30;
    pub const IN_IGNORE: u32 = 31;
    pub const LITERAL_IGNORE: u32 = 32;
    pub const NOT_LITERAL_IGNORE: u32 = 33;
    pub const GROUPREF_LOC_IGNORE: u32 = 34;
    pub const IN_LOC_IGNORE: u32 = 35;
    pub const LITERAL_LOC_IGNORE: u32 = 36;
    pub const NOT_LITERAL_LOC_IGNORE: u32 = 37;
    pub const GROUPREF_UNI_IGNORE: u32 = 38;
    pub const IN_UNI_IGNORE: u32 = 39;
    pub const LITERAL_UNI_IGNORE: u32 = 40;
    pub const NOT_LITERAL_UNI_IGNORE: u32 = 41;
    pub const RANGE_UNI_IGNORE: u32 = 42;
}

/// A word of the pattern; FAILURE behind its end.
#[inline]
pub fn word(codes: &[u32], at: usize) -> u32 {
    codes.get(at).copied().unwrap_or(op::FAILURE)
}

/// Lower case by ASCII alone, as locales have it here too.
pub fn lower(ch: u32, unicode: bool) -> u32 {
    if unicode { lower_unicode(ch) } else { lower_ascii(ch) }
}

fn upper_ascii(ch: u32) -> u32 {
    u8::try_from(ch).map_or(ch, |b| u32::from(b.to_ascii_uppercase()))
}

/// `\w` by ASCII.
pub fn is_word(ch: u32) -> bool {
    u8::try_from(ch).is_ok_and(|b| b == b'_' || b.is_ascii_alphanumeric())
}

/// `\w` by Unicode.
pub fn is_unicode_word(ch: u32) -> bool {
    if ch < 0x80 {
        return is_word(ch);
    }
    char::try_from(ch).is_ok_and(classify::is_alnum)
}

fn is_digit(ch: u32) -> bool {
    u8::try_from(ch).is_ok_and(|b| b.is_ascii_digit())
}

fn is_unicode_digit(ch: u32) -> bool {
    if ch < 0x80 {
        return is_digit(ch);
    }
    char::try_from(ch).is_ok_and(classify::is_decimal)
}

fn is_space(ch: u32) -> bool {
    matches!(ch, 0x09..=0x0D | 0x20)
}

fn is_unicode_space(ch: u32) -> bool {
    if ch < 0x80 {
        return matches!(ch, 0x09..=0x0D | 0x1C..=0x20);
    }
    char::try_from(ch).is_ok_and(heddle_vm::builtin::text::is_space)
}

fn is_unicode_linebreak(ch: u32) -> bool {
    matches!(ch, 0x0A..=0x0D | 0x1C..=0x1E | 0x85 | 0x2028 | 0x2029)
}

/// Is the character in a category (`re._constants.CHCODES`: each even number's complement is the odd one behind it)?
pub fn category(code: u32, ch: u32) -> bool {
    let inside = match code >> 1 {
        0 => is_digit(ch),
        1 => is_space(ch),
        2 | 4 => is_word(ch),
        3 => ch == 10,
        5 => is_unicode_digit(ch),
        6 => is_unicode_space(ch),
        7 => is_unicode_word(ch),
        8 => is_unicode_linebreak(ch),
        _ => false,
    };
    inside != (code & 1 == 1)
}

/// Is the character in the set whose codes begin at `at`?
pub fn in_set(codes: &[u32], at: usize, ch: u32) -> bool {
    let mut ok = true;
    let mut i = at;
    loop {
        let hit = match word(codes, i) {
            op::CATEGORY => {
                i += 2;
                category(word(codes, i - 1), ch)
            }
            op::CHARSET => {
                i += 9;
                ch < 256 && word(codes, i - 8 + (ch >> 5) as usize) & (1 << (ch & 31)) != 0
            }
            op::BIGCHARSET => {
                let blocks = word(codes, i + 1) as usize;
                let indices = i + 2;
                i += 2 + 64 + blocks * 8;
                ch < 0x1_0000 && {
                    let block = (ch >> 8) as usize;
                    let index = word(codes, indices + block / 4) >> (8 * (block % 4)) & 255;
                    let bit = index * 256 + (ch & 255);
                    word(codes, indices + 64 + (bit / 32) as usize) & (1 << (ch & 31)) != 0
                }
            }
            op::LITERAL => {
                i += 2;
                ch == word(codes, i - 1)
            }
            op::NEGATE => {
                ok = !ok;
                i += 1;
                continue;
            }
            op::RANGE => {
                i += 3;
                (word(codes, i - 2)..=word(codes, i - 1)).contains(&ch)
            }
            op::RANGE_UNI_IGNORE => {
                i += 3;
                let range = word(codes, i - 2)..=word(codes, i - 1);
                range.contains(&ch) || range.contains(&upper_unicode(ch))
            }
            _ => return !ok,
        };
        if hit {
            return ok;
        }
    }
}

/// Does the operation at `at`, which takes one character, take this one?
#[inline]
pub fn takes(codes: &[u32], at: usize, ch: u32) -> bool {
    let arg = word(codes, at + 1);
    match word(codes, at) {
        op::LITERAL => ch == arg,
        op::NOT_LITERAL => ch != arg,
        op::ANY => ch != 10,
        op::ANY_ALL => true,
        op::IN => in_set(codes, at + 2, ch),
        op::CATEGORY => category(arg, ch),
        op::IN_IGNORE => in_set(codes, at + 2, lower_ascii(ch)),
        op::IN_UNI_IGNORE => in_set(codes, at + 2, lower_unicode(ch)),
        op::IN_LOC_IGNORE => in_set(codes, at + 2, lower_ascii(ch)) || in_set(codes, at + 2, upper_ascii(ch)),
        op::LITERAL_IGNORE => lower_ascii(ch) == arg,
        op::NOT_LITERAL_IGNORE => lower_ascii(ch) != arg,
        op::LITERAL_UNI_IGNORE => lower_unicode(ch) == arg,
        op::NOT_LITERAL_UNI_IGNORE => lower_unicode(ch) != arg,
        op::LITERAL_LOC_IGNORE => ch == arg || lower_ascii(ch) == arg || upper_ascii(ch) == arg,
        op::NOT_LITERAL_LOC_IGNORE => !(ch == arg || lower_ascii(ch) == arg || upper_ascii(ch) == arg),
        _ => false,
    }
}

/// Words of an operation that takes one character.
#[inline]
pub fn width(codes: &[u32], at: usize) -> usize {
    match word(codes, at) {
        op::ANY | op::ANY_ALL => 1,
        op::IN | op::IN_IGNORE | op::IN_UNI_IGNORE | op::IN_LOC_IGNORE => 1 + word(codes, at + 1) as usize,
        _ => 2,
    }
}
