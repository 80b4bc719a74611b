//! "Did you mean": the closest name, by CPython's own weighted edit distance.

/// Names longer than this are not compared.
const MAX_NAME: usize = 40;
/// More candidates than this are not compared.
const MAX_CANDIDATES: usize = 750;
/// Cost of a changed, added or missing letter.
const MOVE: usize = 2;
/// Cost of a letter in the other case.
const CASE: usize = 1;

fn substitution(a: u8, b: u8) -> usize {
    if a == b {
        0
    } else if a.eq_ignore_ascii_case(&b) {
        CASE
    } else {
        MOVE
    }
}

/// The edit distance of two names, or something above `most`.
fn distance(a: &[u8], b: &[u8], most: usize) -> usize {
    let common = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[common..], &b[common..]);
    let common = a.iter().rev().zip(b.iter().rev()).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[..a.len() - common], &b[..b.len() - common]);
    if a.is_empty() || b.is_empty() {
        return (a.len() + b.len()) * MOVE;
    }
    if a.len() > MAX_NAME || b.len() > MAX_NAME {
        return most + 1;
    }
    let mut row: Vec<usize> = (1..=a.len()).map(|i| i * MOVE).collect();
    let mut result = 0;
    for (j, &y) in b.iter().enumerate() {
        let mut diagonal = j * MOVE;
        result = diagonal;
        let mut least = usize::MAX;
        for (i, &x) in a.iter().enumerate() {
            let substitute = diagonal + substitution(x, y);
            diagonal = row[i];
            result = substitute.min(result.min(diagonal) + MOVE);
            row[i] = result;
            least = least.min(result);
        }
        if least > most {
            return most + 1;
        }
    }
    result
}

/// The candidate that `wrong` may have been meant to be.
pub fn closest<'a>(wrong: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    if wrong.len() > MAX_NAME {
        return None;
    }
    let mut best: Option<(&str, usize)> = None;
    for candidate in candidates.take(MAX_CANDIDATES) {
        if candidate == wrong {
            continue;
        }
        // No more than a third of the letters may change.
        let mut most = (wrong.len() + candidate.len() + 3) * MOVE / 6;
        if let Some((_, found)) = best {
            most = most.min(found.saturating_sub(1));
        }
        let d = distance(wrong.as_bytes(), candidate.as_bytes(), most);
        if d <= most && best.is_none_or(|(_, found)| d < found) {
            best = Some((candidate, d));
        }
    }
    best.map(|(name, _)| name)
}

#[cfg(test)]
mod tests {
    use super::closest;

    #[test]
    fn finds_near_names_only() {
        let names = ["print", "pow", "property"];
        assert_eq!(closest("prnt", names.into_iter()), Some("print"));
        assert_eq!(closest("zebra", names.into_iter()), None);
    }
}
