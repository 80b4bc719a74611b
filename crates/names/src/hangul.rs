//! Names of Hangul syllables: computed from three lists (The Unicode Standard, section 3.12).

const PREFIX: &str = "HANGUL SYLLABLE ";
const FIRST: u32 = 0xAC00;
const LEADS: [&str; 19] = [
    "G", "GG", "N", "D", "DD", "R", "M", "B", "BB", "S", "SS", "", "J", "JJ", "C", "K", "T", "P", "H",
];
const VOWELS: [&str; 21] = [
    "A", "AE", "YA", "YAE", "EO", "E", "YEO", "YE", "O", "WA", "WAE", "OE", "YO", "U", "WEO", "WE", "WI", "YU", "EU",
    "YI", "I",
];
const TAILS: [&str; 28] = [
    "", "G", "GG", "GS", "N", "NJ", "NH", "D", "L", "LG", "LM", "LB", "LS", "LT", "LP", "LH", "M", "B", "BS", "S",
    "SS", "NG", "J", "C", "K", "T", "P", "H",
];

/// The name of a syllable.
pub fn name(character: char) -> Option<String> {
    let index = (character as u32).checked_sub(FIRST)? as usize;
    let (syllable, tail) = (index / TAILS.len(), index % TAILS.len());
    let lead = LEADS.get(syllable / VOWELS.len())?;
    let vowel = VOWELS[syllable % VOWELS.len()];
    Some(format!("{PREFIX}{lead}{vowel}{}", TAILS[tail]))
}

/// The syllable of a name in capitals.
pub fn character(name: &str) -> Option<char> {
    let sounds = name.strip_prefix(PREFIX)?;
    for (l, lead) in LEADS.iter().enumerate() {
        let Some(rest) = sounds.strip_prefix(lead) else {
            continue;
        };
        for (v, vowel) in VOWELS.iter().enumerate() {
            let Some(tail) = rest.strip_prefix(vowel) else { continue };
            if let Some(t) = TAILS.iter().position(|known| *known == tail) {
                let index = (l * VOWELS.len() + v) * TAILS.len() + t;
                return char::from_u32(FIRST + index as u32);
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_syllable_has_one_name() {
        for code in 0xAC00..=0xD7A3 {
            let syllable = char::from_u32(code).expect("a syllable");
            let name = name(syllable).expect("it has a name");
            assert_eq!(character(&name), Some(syllable), "{name}");
        }
        assert_eq!(name('\u{AC00}').as_deref(), Some("HANGUL SYLLABLE GA"));
        assert_eq!(name('\u{D7A4}'), None);
        assert_eq!(character("HANGUL SYLLABLE GAX"), None);
    }
}
