//! Searching in bytes, for `str` (whose WTF-8 synchronises by itself) and `bytes` alike.

use memchr::memmem;

/// First occurrence.
pub fn find(hay: &[u8], needle: &[u8]) -> Option<usize> {
    match needle {
        [] => Some(0),
        [b] => memchr::memchr(*b, hay),
        _ => memmem::find(hay, needle),
    }
}

/// Last occurrence.
pub fn rfind(hay: &[u8], needle: &[u8]) -> Option<usize> {
    match needle {
        [] => Some(hay.len()),
        [b] => memchr::memrchr(*b, hay),
        _ => memmem::rfind(hay, needle),
    }
}

/// Number of occurrences that do not overlap. `needle` is not empty.
pub fn count(hay: &[u8], needle: &[u8]) -> usize {
    match needle {
        [] => 0,
        [b] => memchr::memchr_iter(*b, hay).count(),
        _ => memmem::find_iter(hay, needle).count(),
    }
}

/// Where the parts between separators lie, at most `most` splits, from the left. `separator` is not empty.
pub fn split(hay: &[u8], separator: &[u8], most: usize) -> Vec<(usize, usize)> {
    let mut parts = Vec::with_capacity(4);
    let mut from = 0;
    if let [b] = separator {
        for at in memchr::memchr_iter(*b, hay).take(most) {
            parts.push((from, at));
            from = at + 1;
        }
        parts.push((from, hay.len()));
        return parts;
    }
    for at in memmem::find_iter(hay, separator).take(most) {
        parts.push((from, at));
        from = at + separator.len();
    }
    parts.push((from, hay.len()));
    parts
}

/// The same from the right; the parts are still in order.
pub fn rsplit(hay: &[u8], separator: &[u8], most: usize) -> Vec<(usize, usize)> {
    let mut parts = Vec::new();
    let mut to = hay.len();
    for at in memmem::rfind_iter(hay, separator).take(most) {
        parts.push((at + separator.len(), to));
        to = at;
    }
    parts.push((0, to));
    parts.reverse();
    parts
}

/// `hay` with the first `most` occurrences of `old` replaced. An empty `old` stands at every boundary that `boundary` accepts.
pub fn replace(hay: &[u8], old: &[u8], new: &[u8], most: usize, boundary: fn(u8) -> bool) -> Vec<u8> {
    let mut out = Vec::with_capacity(hay.len());
    if old.is_empty() {
        let mut left = most;
        for &b in hay {
            if left > 0 && boundary(b) {
                out.extend_from_slice(new);
                left -= 1;
            }
            out.push(b);
        }
        if left > 0 {
            out.extend_from_slice(new);
        }
        return out;
    }
    let mut from = 0;
    for at in memmem::find_iter(hay, old).take(most) {
        out.extend_from_slice(&hay[from..at]);
        out.extend_from_slice(new);
        from = at + old.len();
    }
    out.extend_from_slice(&hay[from..]);
    out
}
