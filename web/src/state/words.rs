//! Real time and counts as a person reads them; virtual times are worded by `heddle_timeline`.

/// Real time: "41 ms", "2.3 s".
pub fn wall(us: u64) -> String {
    match us {
        0..=9_999 => format!("{:.1} ms", us as f64 / 1e3),
        10_000..=999_999 => format!("{} ms", us / 1_000),
        _ => format!("{:.1} s", us as f64 / 1e6),
    }
}

/// "1 core", "2 cores", "3 processes".
pub fn count(n: usize, one: &str) -> String {
    match n {
        1 => format!("1 {one}"),
        _ if one.ends_with('s') => format!("{n} {one}es"),
        _ => format!("{n} {one}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_well() {
        assert_eq!(wall(900), "0.9 ms");
        assert_eq!(wall(41_300), "41 ms");
        assert_eq!(wall(2_340_000), "2.3 s");
        assert_eq!(count(1, "core"), "1 core");
        assert_eq!(count(3, "thread"), "3 threads");
        assert_eq!(count(2, "more process"), "2 more processes");
    }
}
