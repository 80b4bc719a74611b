//! `strftime` in the C locale; `strptime` is CPython's own `_strptime`.

use super::calendar::{Fields, days_from_civil, fields_of};
use heddle_vm::function::Args;
use heddle_vm::native::NativeResult;
use heddle_vm::process::Process;
use heddle_vm::types::core;

const DAYS: [&str; 7] = [
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
];
const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// `strftime(format[, tuple])`
pub fn strftime(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [format, moment] = p.bind(args, "strftime", ["", ""], 1)?;
    let Some(format) = format.and_then(|f| p.as_pystr(f).cloned()) else {
        return Err(p.type_error("strftime() argument 1 must be str"));
    };
    let f = fields_of(p, moment)?;
    check(p, f)?;
    let zone = match moment {
        Some(moment) if p.as_tuple(moment).is_some() && !p.is_exact(moment, core::TUPLE) => {
            let (name, east) = (p.intern("tm_zone"), p.intern("tm_gmtoff"));
            let (name, east) = (p.getattr(moment, name)?, p.getattr(moment, east)?);
            (!name.is_none()).then(|| (p.text(name), p.as_i64(east).unwrap_or(0)))
        }
        _ => None,
    };
    let zone = zone.unwrap_or_else(|| {
        let offset = super::offset_at(p, super::zone::moment(super::zone_of(p), f));
        (offset.name, offset.east)
    });
    let zone = Zone {
        name: &zone.0,
        east: zone.1,
    };
    let text = expand(&format.lossy(), f, &zone);
    Ok(p.new_str(&text))
}

fn check(p: &mut Process, f: Fields) -> NativeResult<()> {
    let ranges = [
        (f.month, 0, 12, "month"),
        (f.day, 0, 31, "day of month"),
        (f.hour, 0, 23, "hour"),
        (f.minute, 0, 59, "minute"),
        (f.second, 0, 61, "seconds"),
        (f.year_day, 0, 366, "day of year"),
    ];
    for (n, low, high, name) in ranges {
        if n < low || n > high {
            return Err(p.value_error(&format!("{name} out of range")));
        }
    }
    Ok(())
}

/// What `%Z` and `%z` show.
struct Zone<'a> {
    name: &'a str,
    east: i64,
}

fn expand(format: &str, f: Fields, zone: &Zone<'_>) -> String {
    let mut out = String::new();
    let mut chars = format.chars();
    while let Some(c) = chars.next() {
        if c != '%' {
            out.push(c);
            continue;
        }
        match chars.next() {
            Some(code) => directive(&mut out, code, f, zone),
            None => out.push('%'),
        }
    }
    out
}

fn directive(out: &mut String, code: char, f: Fields, zone: &Zone<'_>) {
    let day = DAYS[f.weekday.rem_euclid(7) as usize];
    let month = MONTHS[(f.month - 1).clamp(0, 11) as usize];
    let hour12 = if f.hour % 12 == 0 { 12 } else { f.hour % 12 };
    let yday = f.year_day - 1;
    let text = match code {
        'Y' => f.year.to_string(),
        'y' => format!("{:02}", f.year.rem_euclid(100)),
        'C' => format!("{:02}", f.year.div_euclid(100)),
        'm' => format!("{:02}", f.month),
        'd' => format!("{:02}", f.day),
        'e' => format!("{:2}", f.day),
        'H' => format!("{:02}", f.hour),
        'I' => format!("{hour12:02}"),
        'M' => format!("{:02}", f.minute),
        'S' => format!("{:02}", f.second),
        'j' => format!("{:03}", f.year_day),
        'w' => ((f.weekday + 1) % 7).to_string(),
        'u' => (f.weekday + 1).to_string(),
        'a' => day[..3].to_owned(),
        'A' => day.to_owned(),
        'b' | 'h' => month[..3].to_owned(),
        'B' => month.to_owned(),
        'p' => if f.hour < 12 { "AM" } else { "PM" }.to_owned(),
        'Z' => zone.name.to_owned(),
        'z' => {
            let (sign, minutes) = (if zone.east < 0 { '-' } else { '+' }, zone.east.abs() / 60);
            format!("{sign}{:02}{:02}", minutes / 60, minutes % 60)
        }
        'n' => "\n".to_owned(),
        't' => "\t".to_owned(),
        '%' => "%".to_owned(),
        'D' | 'x' => expand("%m/%d/%y", f, zone),
        'F' => expand("%Y-%m-%d", f, zone),
        'T' | 'X' => expand("%H:%M:%S", f, zone),
        'R' => expand("%H:%M", f, zone),
        'r' => expand("%I:%M:%S %p", f, zone),
        'c' => expand("%a %b %e %H:%M:%S %Y", f, zone),
        's' => {
            (days_from_civil(f.year, f.month, f.day) * 86_400 + f.hour * 3600 + f.minute * 60 + f.second).to_string()
        }
        'U' => format!("{:02}", (yday + 7 - (f.weekday + 1) % 7) / 7),
        'W' => format!("{:02}", (yday + 7 - f.weekday) / 7),
        'V' => format!("{:02}", iso_week(f).1),
        'G' => iso_week(f).0.to_string(),
        'g' => format!("{:02}", iso_week(f).0.rem_euclid(100)),
        other => format!("%{other}"),
    };
    out.push_str(&text);
}

/// ISO 8601 year and week.
fn iso_week(f: Fields) -> (i64, i64) {
    let week = (f.year_day - 1 - f.weekday + 10) / 7;
    if week < 1 {
        let previous = f.year - 1;
        let days = days_from_civil(f.year, 1, 1) - days_from_civil(previous, 1, 1);
        return (previous, (f.year_day + days - 1 - f.weekday + 10) / 7);
    }
    let days = days_from_civil(f.year + 1, 1, 1) - days_from_civil(f.year, 1, 1);
    if week == 53 && f.year_day - 1 - f.weekday + 3 >= days {
        return (f.year + 1, 1);
    }
    (f.year, week)
}

/// `strptime(string, format)` by CPython's `_strptime`.
pub fn strptime(p: &mut Process, args: Args<'_>) -> NativeResult {
    let module = p.import_module("_strptime")?;
    let name = p.intern("_strptime_time");
    let function = p.getattr(module, name)?;
    p.tail_call_kw(function, args)
}
