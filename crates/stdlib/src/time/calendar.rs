//! Broken-down time of the proleptic Gregorian calendar. Algorithm: days from civil, Howard Hinnant.

use super::zone::Offset;
use heddle_vm::function::Args;
use heddle_vm::native::NativeResult;
use heddle_vm::process::Process;
use heddle_vm::value::Value;

/// The fields of `struct_time`; the first nine are items.
pub const FIELDS: &[&str] = &[
    "tm_year",
    "tm_mon",
    "tm_mday",
    "tm_hour",
    "tm_min",
    "tm_sec",
    "tm_wday",
    "tm_yday",
    "tm_isdst",
    "tm_zone",
    "tm_gmtoff",
];

/// A moment in fields, as `struct_time` counts them (months and days of the year from 1, Monday is 0).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fields {
    pub year: i64,
    pub month: i64,
    pub day: i64,
    pub hour: i64,
    pub minute: i64,
    pub second: i64,
    pub weekday: i64,
    pub year_day: i64,
    pub dst: i64,
}

/// Days since 1970-01-01 of a date.
pub fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let y = if month <= 2 { year - 1 } else { year };
    let era = y.div_euclid(400);
    let year_of_era = y - era * 400;
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

/// The fields of a moment in seconds since 1970.
pub fn fields(seconds: i64) -> Fields {
    let days = seconds.div_euclid(86_400);
    let rest = seconds.rem_euclid(86_400);
    let z = days + 719_468;
    let era = z.div_euclid(146_097);
    let day_of_era = z - era * 146_097;
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    Fields {
        year,
        month,
        day,
        hour: rest / 3600,
        minute: rest / 60 % 60,
        second: rest % 60,
        weekday: (days + 3).rem_euclid(7),
        year_day: days - days_from_civil(year, 1, 1) + 1,
        dst: 0,
    }
}

fn to_value(p: &mut Process, mut f: Fields, offset: &Offset) -> Value {
    let class = p
        .module_state
        .get("time")
        .and_then(|s| s.first().copied())
        .unwrap_or(Value::NONE);
    f.dst = i64::from(offset.dst);
    let zone = p.new_str(&offset.name);
    let numbers = [
        f.year, f.month, f.day, f.hour, f.minute, f.second, f.weekday, f.year_day, f.dst,
    ];
    let mut values: Vec<Value> = numbers.into_iter().map(|n| p.new_int(n)).collect();
    values.extend([zone, p.new_int(offset.east)]);
    p.new_structseq(class, values)
}

/// The seconds given, or now.
fn moment(p: &mut Process, args: Args<'_>, name: &str) -> NativeResult<i64> {
    let [seconds] = p.bind(args, name, [""], 0)?;
    match seconds.filter(|v| !v.is_none()) {
        None => Ok((super::wall_ns(p) / 1_000_000_000) as i64),
        Some(v) => {
            let f = p.float_of(v)?;
            if !f.is_finite() || f.abs() > 6.7e16 {
                return Err(p.overflow_error("timestamp out of range for platform time_t"));
            }
            Ok(f.floor() as i64)
        }
    }
}

/// `gmtime([seconds])`
pub fn gmtime(p: &mut Process, args: Args<'_>) -> NativeResult {
    let seconds = moment(p, args, "gmtime")?;
    Ok(to_value(p, fields(seconds), &Offset::utc()))
}

/// `localtime([seconds])`
pub fn localtime(p: &mut Process, args: Args<'_>) -> NativeResult {
    let seconds = moment(p, args, "localtime")?;
    let offset = super::offset_at(p, seconds);
    Ok(to_value(p, fields(seconds + offset.east), &offset))
}

/// The local fields of a moment in seconds since 1970.
pub fn local_fields(p: &Process, seconds: i64) -> Fields {
    let offset = super::offset_at(p, seconds);
    let mut f = fields(seconds + offset.east);
    f.dst = i64::from(offset.dst);
    f
}

/// Reads a tuple of nine; without one, the present.
pub fn fields_of(p: &mut Process, v: Option<Value>) -> NativeResult<Fields> {
    let Some(v) = v else {
        return Ok(local_fields(p, (super::wall_ns(p) / 1_000_000_000) as i64));
    };
    let Some(items) = p.as_tuple(v).map(<[Value]>::to_vec) else {
        return Err(p.type_error("Tuple or struct_time argument required"));
    };
    let [a, b, c, d, e, f, g, h, i] = items.as_slice() else {
        return Err(p.type_error("function takes exactly 9 arguments"));
    };
    let mut n = [0; 9];
    for (slot, v) in n.iter_mut().zip([a, b, c, d, e, f, g, h, i]) {
        *slot = p.index_i64(*v)?;
    }
    let [year, month, day, hour, minute, second, weekday, year_day, dst] = n;
    Ok(Fields {
        year,
        month,
        day,
        hour,
        minute,
        second,
        weekday,
        year_day,
        dst,
    })
}

/// `mktime(tuple)`
pub fn mktime(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [v] = p.exactly(args, "mktime")?;
    let f = fields_of(p, Some(v))?;
    for n in [f.month, f.day, f.hour, f.minute, f.second] {
        if i32::try_from(n).is_err() {
            return Err(p.overflow_error("signed integer is greater than maximum"));
        }
    }
    let seconds = super::zone::moment(super::zone_of(p), f);
    Ok(p.new_float(seconds as f64))
}

const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

fn text(f: Fields) -> String {
    let day = DAYS[f.weekday.rem_euclid(7) as usize];
    let month = MONTHS[(f.month - 1).clamp(0, 11) as usize];
    format!(
        "{day} {month} {:2} {:02}:{:02}:{:02} {}",
        f.day, f.hour, f.minute, f.second, f.year
    )
}

/// `asctime([tuple])`
pub fn asctime(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [v] = p.bind(args, "asctime", [""], 0)?;
    let f = fields_of(p, v)?;
    Ok(p.new_str(&text(f)))
}

/// `ctime([seconds])`
pub fn ctime(p: &mut Process, args: Args<'_>) -> NativeResult {
    let seconds = moment(p, args, "ctime")?;
    let f = local_fields(p, seconds);
    Ok(p.new_str(&text(f)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_round_trip() {
        for days in [-800_000, -1, 0, 59, 60, 11_016, 20_000, 800_000] {
            let f = fields(days * 86_400 + 3_661);
            assert_eq!(days_from_civil(f.year, f.month, f.day), days);
            assert_eq!((f.hour, f.minute, f.second), (1, 1, 1));
        }
        let leap = fields(951_782_400);
        assert_eq!(
            (leap.year, leap.month, leap.day, leap.weekday, leap.year_day),
            (2000, 2, 29, 1, 60)
        );
    }
}
