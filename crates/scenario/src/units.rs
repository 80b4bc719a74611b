//! Durations (`5ms`, `1us`, `2s`) and sizes (`64MiB`, `1MB`), read and written exactly, without floating point.

/// Units of time, longest first, with their nanoseconds.
const TIME_UNITS: [(&str, u64); 5] = [
    ("s", 1_000_000_000),
    ("ms", 1_000_000),
    ("us", 1_000),
    ("\u{b5}s", 1_000),
    ("ns", 1),
];

/// Units of memory with their bytes.
const SIZE_UNITS: [(&str, u64); 7] = [
    ("GiB", 1 << 30),
    ("GB", 1_000_000_000),
    ("MiB", 1 << 20),
    ("MB", 1_000_000),
    ("KiB", 1 << 10),
    ("kB", 1_000),
    ("B", 1),
];

/// Reads a duration in nanoseconds: a decimal number and a unit, no sign, no exponent ("5ms", "0.25 ms").
///
/// # Errors
/// A sentence fragment that says what is wrong ("…": …).
pub fn parse_duration_ns(text: &str) -> Result<u64, String> {
    parse(text, &TIME_UNITS)
        .map_err(|problem| format!("\"{text}\" is not a duration: {problem} (write it like 5ms, 1us, 2s)"))
}

/// Writes a duration so that [`parse_duration_ns`] gives it back, in the longest unit that needs no fraction.
#[must_use]
pub fn format_duration(ns: u64) -> String {
    if ns == 0 {
        return "0s".to_owned();
    }
    write(ns, &TIME_UNITS)
}

/// Reads a number of bytes: a decimal number and a unit, or a plain whole number.
///
/// # Errors
/// A sentence fragment that says what is wrong.
pub fn parse_size_bytes(text: &str) -> Result<u64, String> {
    if let Ok(bytes) = text.parse::<u64>() {
        return Ok(bytes);
    }
    parse(text, &SIZE_UNITS)
        .map_err(|problem| format!("\"{text}\" is not a size: {problem} (write it like 64MiB, 1GB)"))
}

/// Writes a size so that [`parse_size_bytes`] gives it back.
#[must_use]
pub fn format_size(bytes: u64) -> String {
    if bytes == 0 {
        return "0B".to_owned();
    }
    write(bytes, &SIZE_UNITS)
}

fn write(amount: u64, units: &[(&str, u64)]) -> String {
    let (unit, factor) = units
        .iter()
        .find(|(_, factor)| amount.is_multiple_of(*factor))
        .unwrap_or(&("", 1));
    format!("{}{unit}", amount / factor)
}

fn parse(text: &str, units: &[(&str, u64)]) -> Result<u64, &'static str> {
    let text = text.trim();
    let digits = text
        .find(|c: char| !c.is_ascii_digit() && c != '.' && c != '_')
        .unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let unit = unit.trim_start();
    if number.is_empty() {
        return Err("it must begin with a number");
    }
    if unit.is_empty() {
        return Err("the unit is missing");
    }
    let factor = units
        .iter()
        .find(|(name, _)| *name == unit)
        .ok_or("the unit is not known")?
        .1;
    scale(&number.replace('_', ""), factor)
}

/// `number * factor`, exactly.
fn scale(number: &str, factor: u64) -> Result<u64, &'static str> {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    if fraction.contains('.') || (whole.is_empty() && fraction.is_empty()) {
        return Err("the number is malformed");
    }
    let read = |digits: &str| {
        if digits.is_empty() {
            Some(0)
        } else {
            digits.parse::<u64>().ok()
        }
    };
    let too_large = "the number is too large";
    let whole = read(whole).and_then(|n| n.checked_mul(factor)).ok_or(too_large)?;
    let fraction = fraction.trim_end_matches('0');
    let places = u32::try_from(fraction.len()).unwrap_or(u32::MAX);
    let part = u128::from(read(fraction).ok_or("the number has too many digits")?) * u128::from(factor);
    let scale = 10u128.checked_pow(places).ok_or("the number has too many digits")?;
    if !part.is_multiple_of(scale) {
        return Err("it is finer than the smallest unit");
    }
    u64::try_from(part / scale)
        .ok()
        .and_then(|part| whole.checked_add(part))
        .ok_or(too_large)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations() {
        for (text, ns) in [
            ("5ms", 5_000_000),
            ("1us", 1_000),
            ("1 \u{b5}s", 1_000),
            ("2s", 2_000_000_000),
            ("0.25ms", 250_000),
            ("1.5s", 1_500_000_000),
            ("7ns", 7),
            ("0s", 0),
            ("1_000us", 1_000_000),
            (" 3 ms ", 3_000_000),
        ] {
            assert_eq!(parse_duration_ns(text), Ok(ns), "{text}");
        }
        for text in [
            "",
            "5",
            "ms",
            "5 minutes",
            "-5ms",
            "1.2.3s",
            ".s",
            "0.5ns",
            "99999999999999999999s",
            "20000000000s",
            "1e3s",
        ] {
            assert!(parse_duration_ns(text).is_err(), "{text}");
        }
        for ns in [0, 1, 999, 1_000, 1_500, 5_000_000, 2_000_000_000, u64::MAX] {
            assert_eq!(parse_duration_ns(&format_duration(ns)), Ok(ns));
        }
        assert_eq!(format_duration(5_000_000), "5ms");
        assert_eq!(format_duration(1_500_000), "1500us");
    }

    #[test]
    fn sizes() {
        assert_eq!(parse_size_bytes("64MiB"), Ok(64 << 20));
        assert_eq!(parse_size_bytes("1.5 kB"), Ok(1500));
        assert_eq!(parse_size_bytes("4096"), Ok(4096));
        assert!(parse_size_bytes("64 MX").is_err());
        for bytes in [0, 1, 1000, 1024, 256 << 20, u64::MAX] {
            assert_eq!(parse_size_bytes(&format_size(bytes)), Ok(bytes));
        }
    }
}
