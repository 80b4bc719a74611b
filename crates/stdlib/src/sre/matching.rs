//! Running the engine over a subject: text or bytes.

use heddle_vm::native::NativeResult;
use heddle_vm::object::Obj;
use heddle_vm::process::Process;
use heddle_vm::pystr::PyStr;
use heddle_vm::value::Value;
use rustpython_sre_engine::{Request, SearchIter, State, StrDrive};
use std::rc::Rc;

use super::Pattern;

/// Group boundaries of a match in positions of the subject: the whole first; None for groups that took no part.
#[derive(Clone, Debug)]
pub struct Found {
    /// (start, end) by group number.
    pub spans: Vec<Option<(usize, usize)>>,
    /// Number of the last group that matched.
    pub last: Option<usize>,
}

/// What is searched, kept alive while it is.
#[derive(Clone, Debug)]
pub enum Subject {
    /// A `str`.
    Text(Rc<PyStr>),
    /// A bytes-like object's bytes.
    Bytes(Rc<[u8]>),
}

/// How to search.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// At the start only.
    Match,
    /// At the start, to the end.
    Full,
    /// Anywhere.
    Search,
}

impl Subject {
    /// The subject behind a value; TypeError where pattern and subject do not go together.
    pub fn of(p: &mut Process, pattern: &Pattern, v: Value) -> NativeResult<Subject> {
        if let Some(text) = p.as_pystr(v).cloned() {
            if pattern.is_bytes && !pattern.any {
                return Err(p.type_error("cannot use a bytes pattern on a string-like object"));
            }
            return Ok(Subject::Text(text));
        }
        let bytes: Rc<[u8]> = match p.heap.object(v) {
            Some(Obj::Bytes(b)) => Rc::clone(b),
            _ => match p.buffer_bytes(v) {
                Ok(bytes) => bytes.into(),
                Err(_) => {
                    let name = p.type_name(v);
                    return Err(p.type_error(&format!("expected string or bytes-like object, got '{name}'")));
                }
            },
        };
        if !pattern.is_bytes && !pattern.any {
            return Err(p.type_error("cannot use a string pattern on a bytes-like object"));
        }
        Ok(Subject::Bytes(bytes))
    }

    /// Length in characters or bytes.
    pub fn len(&self) -> usize {
        match self {
            Subject::Text(s) => s.len(),
            Subject::Bytes(b) => b.len(),
        }
    }

    /// A piece as a value.
    pub fn piece(&self, p: &mut Process, start: usize, end: usize) -> Value {
        match self {
            Subject::Text(s) if start == 0 && end == s.len() => p.new_wtf8(s.wtf8().to_wtf8_buf()),
            Subject::Text(s) => {
                let piece = s.slice(start, end);
                p.new_wtf8(piece)
            }
            Subject::Bytes(b) => {
                let piece = b.get(start..end).unwrap_or(&[]).to_vec();
                p.new_bytes(&piece)
            }
        }
    }

    /// One match from `start` on, within `end`.
    pub fn find(&self, pattern: &Pattern, start: usize, end: usize, how: How) -> Option<Found> {
        match self {
            Subject::Text(s) if s.is_ascii() => find_in(s.bytes(), pattern, start, end, how),
            Subject::Text(s) => find_in(s.wtf8(), pattern, start, end, how),
            Subject::Bytes(b) => find_in(&**b, pattern, start, end, how),
        }
    }

    /// All matches in turn, at most `limit` (0: all). With `anchored`, each must begin where the last ended.
    pub fn find_all(&self, pattern: &Pattern, start: usize, end: usize, limit: usize) -> Vec<Found> {
        match self {
            Subject::Text(s) if s.is_ascii() => all_in(s.bytes(), pattern, start, end, limit),
            Subject::Text(s) => all_in(s.wtf8(), pattern, start, end, limit),
            Subject::Bytes(b) => all_in(&**b, pattern, start, end, limit),
        }
    }
}

fn found(state: &State, groups: usize) -> Found {
    let mut spans = Vec::with_capacity(groups + 1);
    spans.push(Some((state.start, state.cursor.position)));
    for group in 0..groups {
        let (start, end) = state.marks.get(group);
        spans.push(start.into_option().zip(end.into_option()));
    }
    let last = state.marks.last_index();
    Found {
        spans,
        last: usize::try_from(last).ok().filter(|n| *n > 0),
    }
}

fn find_in<S: StrDrive>(subject: S, pattern: &Pattern, start: usize, end: usize, how: How) -> Option<Found> {
    let mut state = State::default();
    let request = Request::new(subject, start, end, &pattern.codes, how == How::Full);
    state.reset(&request, request.start);
    let hit = if how == How::Search {
        state.search(request)
    } else {
        state.py_match(&request)
    };
    hit.then(|| found(&state, pattern.groups))
}

fn all_in<S: StrDrive>(subject: S, pattern: &Pattern, start: usize, end: usize, limit: usize) -> Vec<Found> {
    let request = Request::new(subject, start, end, &pattern.codes, false);
    let mut iter = SearchIter {
        req: request,
        state: State::default(),
    };
    let mut all = Vec::new();
    while (limit == 0 || all.len() < limit) && iter.next().is_some() {
        all.push(found(&iter.state, pattern.groups));
    }
    all
}
