//! The local time zone: what `tzset` read for the environment's `TZ`, and UTC without one.
//!
//! A zone is kept as bytes, so that it is part of the image: a TZif file (RFC 9636, versions 1 to 4), or a rule in the form of POSIX
//! (`EST5EDT,M3.2.0,M11.1.0`). Both are read where they stand. Leap seconds are not counted.

use super::calendar::{Fields, days_from_civil, fields};

/// Local time's distance from UTC at a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offset {
    /// Seconds east of UTC.
    pub east: i64,
    /// Is it daylight saving time?
    pub dst: bool,
    /// The abbreviation ("EST").
    pub name: String,
}

impl Offset {
    /// UTC.
    pub fn utc() -> Offset {
        Offset {
            east: 0,
            dst: false,
            name: "UTC".to_owned(),
        }
    }
}

/// The offset of this zone at a moment in seconds since 1970; UTC for an empty zone or one that makes no sense.
pub fn at(zone: &[u8], seconds: i64) -> Offset {
    let found = if zone.starts_with(b"TZif") {
        File::new(zone).and_then(|file| file.at(seconds))
    } else {
        Rule::parse(zone).map(|rule| rule.at(seconds))
    };
    found.unwrap_or_else(Offset::utc)
}

/// Can the bytes be read as a zone?
pub fn is_zone(zone: &[u8]) -> bool {
    if zone.starts_with(b"TZif") {
        File::new(zone).is_some()
    } else {
        Rule::parse(zone).is_some()
    }
}

/// The moment that local fields mean, as `mktime` says: `dst` in them chooses where the clock shows a time twice, and moves a time that
/// it never shows.
pub fn moment(zone: &[u8], f: Fields) -> i64 {
    let (years, month) = ((f.month - 1).div_euclid(12), (f.month - 1).rem_euclid(12) + 1);
    let days = days_from_civil(f.year.saturating_add(years).clamp(-1_000_000, 1_000_000), month, 1) + f.day - 1;
    let local = days * 86_400 + f.hour * 3600 + f.minute * 60 + f.second;
    if zone.is_empty() {
        return local;
    }
    let (before, after) = (at(zone, local - 90_000), at(zone, local + 90_000));
    let mut fitting: Vec<i64> = Vec::new();
    for offset in [&before, &after] {
        let candidate = local - offset.east;
        if at(zone, candidate).east == offset.east && !fitting.contains(&candidate) {
            fitting.push(candidate);
        }
    }
    let wanted = |seconds: &&i64| f.dst < 0 || at(zone, **seconds).dst == (f.dst > 0);
    if let Some(seconds) = fitting.iter().find(wanted) {
        return *seconds;
    }
    // Shown, but not with this flag: the flag says by which offset it was meant, if any near has it.
    if f.dst >= 0
        && let Some(offset) = near_offset(zone, local, f.dst > 0)
    {
        return local - offset;
    }
    fitting.first().copied().unwrap_or(local - before.east)
}

/// An offset with this flag, of the half years around.
fn near_offset(zone: &[u8], local: i64, dst: bool) -> Option<i64> {
    (1..=4)
        .flat_map(|quarters| [-quarters, quarters])
        .map(|quarters| at(zone, local + quarters * 7_889_400))
        .find(|offset| offset.dst == dst)
        .map(|offset| offset.east)
}

/// A TZif file; the newer of its two blocks.
struct File<'a> {
    times: &'a [u8],
    kinds: &'a [u8],
    types: &'a [u8],
    names: &'a [u8],
    rule: &'a [u8],
    width: usize,
}

impl<'a> File<'a> {
    fn new(all: &'a [u8]) -> Option<File<'a>> {
        let (first, rest) = File::block(all, 4)?;
        if *all.get(4)? < b'2' {
            return Some(first);
        }
        let (mut second, footer) = File::block(rest, 8)?;
        second.rule = footer.strip_prefix(b"\n")?.strip_suffix(b"\n")?;
        Some(second)
    }

    /// The block at the start, and what follows it.
    fn block(all: &'a [u8], width: usize) -> Option<(File<'a>, &'a [u8])> {
        let count = |at: usize| -> Option<usize> {
            let bytes = all.get(at..at + 4)?;
            Some(u32::from_be_bytes(bytes.try_into().ok()?) as usize)
        };
        let (utc, std, leap) = (count(20)?, count(24)?, count(28)?);
        let (times, types, chars) = (count(32)?, count(36)?, count(40)?);
        let mut rest = all.get(44..)?;
        let mut take = |n: usize| -> Option<&'a [u8]> {
            let part = rest.get(..n)?;
            rest = rest.get(n..)?;
            Some(part)
        };
        let file = File {
            times: take(times.checked_mul(width)?)?,
            kinds: take(times)?,
            types: take(types.checked_mul(6)?)?,
            names: take(chars)?,
            rule: b"",
            width,
        };
        take(leap.checked_mul(width + 4)?)?;
        take(std)?;
        take(utc)?;
        (!file.types.is_empty()).then_some((file, rest))
    }

    fn time(&self, index: usize) -> i64 {
        let from = index * self.width;
        match self.times.get(from..from + self.width) {
            Some(&[a, b, c, d]) => i64::from(i32::from_be_bytes([a, b, c, d])),
            Some(bytes) => bytes.try_into().map_or(0, i64::from_be_bytes),
            None => 0,
        }
    }

    fn at(&self, seconds: i64) -> Option<Offset> {
        let (mut low, mut high) = (0, self.kinds.len());
        while low < high {
            let middle = low.midpoint(high);
            if self.time(middle) <= seconds {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        if low == self.kinds.len() && !self.rule.is_empty() {
            return Rule::parse(self.rule).map(|rule| rule.at(seconds));
        }
        match low.checked_sub(1) {
            Some(index) => self.kind(usize::from(*self.kinds.get(index)?)),
            None => self.kind(0),
        }
    }

    fn kind(&self, index: usize) -> Option<Offset> {
        let &[a, b, c, d, dst, name] = self.types.get(index * 6..index * 6 + 6)? else {
            return None;
        };
        let name = self.names.get(usize::from(name)..)?.split(|&b| b == 0).next()?;
        Some(Offset {
            east: i64::from(i32::from_be_bytes([a, b, c, d])),
            dst: dst != 0,
            name: String::from_utf8_lossy(name).into_owned(),
        })
    }
}

/// One day of the year, and the second of it (which may lie outside it).
#[derive(Clone, Copy, Debug)]
struct Change {
    day: Day,
    second: i64,
}

#[derive(Clone, Copy, Debug)]
enum Day {
    /// `Jn`: day 1 to 365, February the 29th never counted.
    Julian(i64),
    /// `n`: day 0 to 365.
    Zero(i64),
    /// `Mm.w.d`: weekday d (Sunday is 0) of week w (5 is the last) of month m.
    Month(i64, i64, i64),
}

/// A rule in the form of POSIX.
#[derive(Clone, Debug)]
struct Rule {
    standard: Offset,
    daylight: Option<(Offset, Change, Change)>,
}

impl Rule {
    fn parse(text: &[u8]) -> Option<Rule> {
        let mut reader = Reader { rest: text };
        let name = reader.name()?;
        let east = -reader.time()?;
        let standard = Offset { east, dst: false, name };
        if reader.rest.is_empty() {
            let daylight = None;
            return Some(Rule { standard, daylight });
        }
        let name = reader.name()?;
        let east = match reader.rest.first() {
            None | Some(b',') => east + 3600,
            _ => -reader.time()?,
        };
        // What the C library takes for a rule where none is given.
        if reader.rest.is_empty() {
            reader.rest = b",M3.2.0,M11.1.0";
        }
        let (start, end) = (reader.change()?, reader.change()?);
        let daylight = Offset { east, dst: true, name };
        reader.rest.is_empty().then_some(Rule {
            standard,
            daylight: Some((daylight, start, end)),
        })
    }

    fn at(&self, seconds: i64) -> Offset {
        let Some((daylight, start, end)) = &self.daylight else {
            return self.standard.clone();
        };
        let year = fields(seconds.saturating_add(self.standard.east)).year;
        let start = start.in_year(year) - self.standard.east;
        let end = end.in_year(year) - daylight.east;
        let on = if start < end {
            (start..end).contains(&seconds)
        } else {
            !(end..start).contains(&seconds)
        };
        if on { daylight.clone() } else { self.standard.clone() }
    }
}

impl Change {
    /// Seconds since 1970 of the change in a year, by the local clock.
    fn in_year(self, year: i64) -> i64 {
        let first = days_from_civil(year, 1, 1);
        let leap = days_from_civil(year, 3, 1) - days_from_civil(year, 2, 1) == 29;
        let day = match self.day {
            Day::Zero(n) => first + n,
            Day::Julian(n) => first + n - 1 + i64::from(leap && n >= 60),
            Day::Month(month, week, weekday) => {
                let begin = days_from_civil(year, month, 1);
                // 1970-01-01 was a Thursday.
                let day = begin + (weekday - (begin + 4)).rem_euclid(7) + (week - 1) * 7;
                let (y, m) = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
                if day >= days_from_civil(y, m, 1) { day - 7 } else { day }
            }
        };
        day * 86_400 + self.second
    }
}

/// Reads the parts of a rule.
struct Reader<'a> {
    rest: &'a [u8],
}

impl Reader<'_> {
    fn take(&mut self, byte: u8) -> bool {
        let there = self.rest.first() == Some(&byte);
        if there {
            self.rest = &self.rest[1..];
        }
        there
    }

    fn name(&mut self) -> Option<String> {
        let quoted = self.take(b'<');
        let allowed = |b: &u8| b.is_ascii_alphabetic() || quoted && (b.is_ascii_digit() || matches!(b, b'+' | b'-'));
        let n = self.rest.iter().take_while(|b| allowed(b)).count();
        let (name, rest) = self.rest.split_at(n);
        self.rest = rest;
        if n < 3 || quoted && !self.take(b'>') {
            return None;
        }
        Some(String::from_utf8_lossy(name).into_owned())
    }

    fn number(&mut self, most: i64) -> Option<i64> {
        let n = self.rest.iter().take_while(|b| b.is_ascii_digit()).take(4).count();
        let (digits, rest) = self.rest.split_at(n);
        self.rest = rest;
        let value = str::from_utf8(digits).ok()?.parse().ok()?;
        (value <= most).then_some(value)
    }

    /// `[+-]hh[:mm[:ss]]` in seconds.
    fn time(&mut self) -> Option<i64> {
        let negative = self.take(b'-');
        if !negative {
            self.take(b'+');
        }
        let mut seconds = self.number(167)? * 3600;
        if self.take(b':') {
            seconds += self.number(59)? * 60;
            if self.take(b':') {
                seconds += self.number(59)?;
            }
        }
        Some(if negative { -seconds } else { seconds })
    }

    /// `,date[/time]`
    fn change(&mut self) -> Option<Change> {
        if !self.take(b',') {
            return None;
        }
        let day = if self.take(b'M') {
            let month = self.number(12)?;
            let week = self.take(b'.').then(|| self.number(5))??;
            let weekday = self.take(b'.').then(|| self.number(6))??;
            if month == 0 || week == 0 {
                return None;
            }
            Day::Month(month, week, weekday)
        } else if self.take(b'J') {
            Day::Julian(self.number(365)?)
        } else {
            Day::Zero(self.number(365)?)
        };
        let second = if self.take(b'/') { self.time()? } else { 7200 };
        Some(Change { day, second })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_know_summer() {
        let zone = b"CET-1CEST,M3.5.0,M10.5.0/3";
        let summer = days_from_civil(2026, 7, 1) * 86_400;
        let winter = days_from_civil(2026, 1, 1) * 86_400;
        assert_eq!(at(zone, summer).east, 7200);
        assert_eq!(at(zone, winter).name, "CET");
        let last_sunday = days_from_civil(2026, 3, 29) * 86_400 + 3600;
        assert!(!at(zone, last_sunday - 1).dst && at(zone, last_sunday).dst);
    }

    #[test]
    fn nonsense_is_utc() {
        for zone in [&b""[..], b"X", b"TZif", b"EST5EDT,M13.1.0,M1.1.1", b"<A>1"] {
            assert_eq!(at(zone, 0), Offset::utc(), "{zone:?}");
        }
    }
}
