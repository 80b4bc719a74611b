//! Output as text: a character may be split over two chunks, so what is incomplete waits for the next one.

use heddle_trace::Stream;
use std::collections::BTreeMap;

/// Turns the bytes of each stream into text.
#[derive(Clone, Debug, Default)]
pub(crate) struct Decoder {
    rest: BTreeMap<(u32, bool), Vec<u8>>,
}

impl Decoder {
    /// The text of the next bytes of a process's stream; what is not UTF-8 becomes U+FFFD.
    pub fn decode(&mut self, pid: u32, stream: Stream, bytes: &[u8]) -> String {
        let rest = self.rest.entry((pid, stream == Stream::Stderr)).or_default();
        rest.extend_from_slice(bytes);
        let whole = rest.len() - incomplete_tail(rest);
        let text = String::from_utf8_lossy(rest.get(..whole).unwrap_or(&[])).into_owned();
        rest.drain(..whole);
        text
    }
}

/// How many bytes at the end are the beginning of a character.
fn incomplete_tail(bytes: &[u8]) -> usize {
    for back in 1..=bytes.len().min(3) {
        let length = match bytes[bytes.len() - back] {
            0b1100_0000..=0b1101_1111 => 2,
            0b1110_0000..=0b1110_1111 => 3,
            0b1111_0000..=0b1111_0111 => 4,
            0b1000_0000..=0b1011_1111 => continue,
            _ => 1,
        };
        return if length > back { back } else { 0 };
    }
    0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn split_characters_come_together() {
        let text = "aé€😀z";
        for cut in 0..=text.len() {
            let mut decoder = Decoder::default();
            let (first, second) = text.as_bytes().split_at(cut);
            let mut all = decoder.decode(1, Stream::Stdout, first);
            assert!(!all.contains('\u{FFFD}'));
            all += &decoder.decode(1, Stream::Stdout, second);
            assert_eq!(all, text);
        }
        assert_eq!(Decoder::default().decode(1, Stream::Stderr, b"a\xffb"), "a\u{FFFD}b");
    }
}
