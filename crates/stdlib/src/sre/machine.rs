//! The matcher: a backtracking machine over the codes that CPython's `re._compiler` writes, whose whole state is plain data.
//!
//! Choices that can be taken back stand on a stack, with how much of the *trail* (old values of marks and repeat counters) to undo. So a
//! match can stop after any number of steps and go on later: a pattern that needs exponential time is charged like any computation
//! and gives way to limits. The meaning of the codes is that of CPython's `Modules/_sre/sre_lib.h`.

use super::charset::{is_unicode_word, is_word, lower, op, takes, width, word};
use super::matching::{Found, How};
use std::rc::Rc;

/// A mark that is not set.
const NONE: usize = usize::MAX;
/// `MAXREPEAT`
const UNBOUNDED: u32 = u32::MAX;

/// Characters by position.
pub trait Chars {
    /// How many.
    fn len(&self) -> usize;
    /// The one at a position below `len`.
    fn at(&self, i: usize) -> u32;
}

impl Chars for [u8] {
    fn len(&self) -> usize {
        self.len()
    }

    #[inline(always)]
    fn at(&self, i: usize) -> u32 {
        self.get(i).map_or(0, |&b| u32::from(b))
    }
}

impl Chars for [u32] {
    fn len(&self) -> usize {
        self.len()
    }

    #[inline(always)]
    fn at(&self, i: usize) -> u32 {
        self.get(i).copied().unwrap_or(0)
    }
}

/// What a choice is when it comes up again.
#[derive(Clone, Copy, Debug)]
enum Kind {
    /// The next alternative of a branch, whose skip word stands there.
    Branch,
    /// A greedy repeat of one character gives one back: (taken, least).
    RepeatOne(usize, usize),
    /// A lazy repeat of one character takes one more: (taken, most).
    MinRepeatOne(usize, usize),
    /// A greedy repeat goes on behind itself.
    MaxTail,
    /// A lazy repeat takes one round more.
    MinBody,
    /// The sub-pattern of an assertion, an atomic group or (rounds so far) a possessive repeat has failed.
    Barrier(usize),
}

#[derive(Clone, Copy, Debug)]
struct Choice {
    kind: Kind,
    pc: usize,
    pos: usize,
    trail: usize,
    repeats: usize,
}

/// A repeat under way.
#[derive(Clone, Copy, Debug)]
struct Repeat {
    /// Its REPEAT.
    pc: usize,
    rounds: isize,
    last_pos: usize,
    outer: usize,
}

/// An old value.
#[derive(Clone, Copy, Debug)]
enum Undo {
    Mark(usize, usize),
    LastGroup(usize),
    Repeat(usize, isize, usize),
    Current(usize),
}

/// What to look for.
#[derive(Clone, Copy, Debug)]
pub struct Task {
    /// Where matching may begin.
    pub start: usize,
    /// Where the subject ends for this pattern.
    pub end: usize,
    /// How the first match is found.
    pub how: How,
    /// Number of matches, one behind the other; 0: all.
    pub limit: usize,
}

/// A match under way.
#[derive(Clone, Debug)]
pub struct Machine {
    codes: Rc<[u32]>,
    groups: usize,
    task: Task,
    /// Matches so far.
    pub found: Vec<Found>,
    /// Steps taken since the last look at it.
    pub steps: u64,
    /// Where the attempt under way began.
    begin: usize,
    /// An empty match here does not count (there was one already).
    refused: usize,
    running: bool,
    pc: usize,
    pos: usize,
    marks: Vec<usize>,
    last_group: usize,
    current: usize,
    repeats: Vec<Repeat>,
    choices: Vec<Choice>,
    barriers: Vec<usize>,
    trail: Vec<Undo>,
}

/// How an attempt goes on.
enum Next {
    Go,
    Fail,
    Matched,
}

/// Whether a pattern matches at the beginning of the text or nowhere: it begins with `^` (of one line) or `\A`.
fn is_anchored(codes: &[u32]) -> bool {
    let first = match word(codes, 0) {
        op::INFO => 1 + word(codes, 1) as usize,
        _ => 0,
    };
    // AT_BEGINNING and AT_BEGINNING_STRING.
    word(codes, first) == op::AT && matches!(word(codes, first + 1), 0 | 2)
}

impl Machine {
    /// A machine that has not begun.
    pub fn new(codes: Rc<[u32]>, groups: usize, task: Task, refused: Option<usize>) -> Machine {
        Machine {
            codes,
            groups,
            task,
            found: Vec::new(),
            steps: 0,
            begin: task.start,
            refused: refused.unwrap_or(NONE),
            running: false,
            pc: 0,
            pos: 0,
            marks: vec![NONE; 2 * groups],
            last_group: 0,
            current: NONE,
            repeats: Vec::new(),
            choices: Vec::new(),
            barriers: Vec::new(),
            trail: Vec::new(),
        }
    }

    /// Goes on for about so many steps; true when everything asked for is found.
    pub fn run<T: Chars + ?Sized>(&mut self, text: &T, budget: u64) -> bool {
        let codes = Rc::clone(&self.codes);
        let stop_at = self.steps + budget;
        self.task.end = self.task.end.min(text.len());
        loop {
            if !self.running {
                if !self.next_begin(&codes, text) {
                    return true;
                }
                self.set_off();
            }
            match self.attempt(&codes, text, stop_at) {
                None => return false,
                Some(true) => {
                    self.running = false;
                    if !self.note_match() {
                        return true;
                    }
                }
                Some(false) => {
                    self.running = false;
                    if self.task.how != How::Search {
                        return true;
                    }
                    self.refused = NONE;
                    self.begin += 1;
                }
            }
        }
    }

    /// Moves `begin` to the next place where a match can begin; false if there is none.
    fn next_begin<T: Chars + ?Sized>(&mut self, codes: &[u32], text: &T) -> bool {
        if self.begin > self.task.end || self.begin > 0 && is_anchored(codes) {
            return false;
        }
        if self.task.how != How::Search || word(codes, 0) != op::INFO {
            return true;
        }
        let least = word(codes, 3) as usize;
        let flags = word(codes, 2);
        while self.begin <= self.task.end {
            if self.task.end - self.begin < least {
                return false;
            }
            let fits = match () {
                () if least == 0 => true,
                () if flags & 1 != 0 => text.at(self.begin) == word(codes, 7),
                () if flags & 4 != 0 => super::charset::in_set(codes, 5, text.at(self.begin)),
                () => true,
            };
            if fits {
                return true;
            }
            self.steps += 1;
            self.refused = NONE;
            self.begin += 1;
        }
        false
    }

    fn set_off(&mut self) {
        self.running = true;
        self.pos = self.begin;
        self.pc = 0;
        self.marks.fill(NONE);
        self.last_group = 0;
        self.current = NONE;
        self.repeats.clear();
        self.choices.clear();
        self.barriers.clear();
        self.trail.clear();
    }

    /// Notes what was matched and moves on; false if that is all.
    fn note_match(&mut self) -> bool {
        let span = |group: usize| {
            let (a, b) = (self.marks[2 * group], self.marks[2 * group + 1]);
            (a != NONE && b != NONE).then_some((a, b))
        };
        let mut spans = vec![Some((self.begin, self.pos))];
        spans.extend((0..self.groups).map(span));
        let last = (self.last_group > 0).then_some(self.last_group);
        self.found.push(Found { spans, last });
        if self.task.limit == self.found.len() {
            return false;
        }
        self.refused = if self.pos == self.begin { self.pos } else { NONE };
        self.begin = self.pos;
        true
    }

    /// Goes on with the attempt under way: whether it matches, or None when `stop_at` steps are over.
    fn attempt<T: Chars + ?Sized>(&mut self, codes: &[u32], text: &T, stop_at: u64) -> Option<bool> {
        loop {
            self.steps += 1;
            match self.step(codes, text) {
                Next::Go => {}
                Next::Matched => return Some(true),
                Next::Fail => {
                    if !self.backtrack(codes, text) {
                        return Some(false);
                    }
                }
            }
            if self.steps >= stop_at {
                return None;
            }
        }
    }

    fn choose(&mut self, kind: Kind, pc: usize, pos: usize) {
        self.choices.push(Choice {
            kind,
            pc,
            pos,
            trail: self.trail.len(),
            repeats: self.repeats.len(),
        });
    }

    fn set_current(&mut self, repeat: usize) {
        self.trail.push(Undo::Current(self.current));
        self.current = repeat;
    }

    fn set_repeat(&mut self, id: usize, rounds: isize, last_pos: usize) {
        let old = self.repeats[id];
        self.trail.push(Undo::Repeat(id, old.rounds, old.last_pos));
        (self.repeats[id].rounds, self.repeats[id].last_pos) = (rounds, last_pos);
    }

    fn undo(&mut self, choice: &Choice) {
        while self.trail.len() > choice.trail {
            match self.trail.pop() {
                Some(Undo::Mark(i, old)) => self.marks[i] = old,
                Some(Undo::LastGroup(old)) => self.last_group = old,
                Some(Undo::Repeat(id, rounds, last_pos)) => {
                    if let Some(r) = self.repeats.get_mut(id) {
                        (r.rounds, r.last_pos) = (rounds, last_pos);
                    }
                }
                Some(Undo::Current(old)) => self.current = old,
                None => return,
            }
        }
        self.repeats.truncate(choice.repeats);
    }

    /// How many characters from `pos` on, at most `most`, the operation at `at` takes.
    fn count<T: Chars + ?Sized>(&mut self, codes: &[u32], text: &T, at: usize, most: u32) -> usize {
        let room = self.task.end.saturating_sub(self.pos);
        let most = if most == UNBOUNDED {
            room
        } else {
            room.min(most as usize)
        };
        let end = self.pos + most;
        let n = match word(codes, at) {
            op::ANY_ALL => most,
            op::LITERAL => {
                let c = word(codes, at + 1);
                (self.pos..end).take_while(|&i| text.at(i) == c).count()
            }
            op::ANY => (self.pos..end).take_while(|&i| text.at(i) != 10).count(),
            _ => (self.pos..end).take_while(|&i| takes(codes, at, text.at(i))).count(),
        };
        self.steps += n as u64 / 4;
        n
    }

    fn step<T: Chars + ?Sized>(&mut self, codes: &[u32], text: &T) -> Next {
        let pc = self.pc;
        let code = word(codes, pc);
        let behind = |at: usize| at + word(codes, at) as usize;
        match code {
            op::SUCCESS => return self.success(codes),
            op::FAILURE => return Next::Fail,
            op::INFO => self.pc = behind(pc + 1),
            op::JUMP => self.pc = behind(pc + 1),
            op::MARK => {
                let mark = word(codes, pc + 1) as usize;
                if mark >= self.marks.len() {
                    return Next::Fail;
                }
                if mark & 1 == 1 {
                    self.trail.push(Undo::LastGroup(self.last_group));
                    self.last_group = mark / 2 + 1;
                }
                self.trail.push(Undo::Mark(mark, self.marks[mark]));
                self.marks[mark] = self.pos;
                self.pc += 2;
            }
            op::AT => {
                if !self.at(text, word(codes, pc + 1)) {
                    return Next::Fail;
                }
                self.pc += 2;
            }
            op::BRANCH => return self.branch(codes, text, pc + 1),
            op::REPEAT_ONE | op::POSSESSIVE_REPEAT_ONE | op::MIN_REPEAT_ONE => {
                return self.repeat_one(codes, text, code);
            }
            op::REPEAT => {
                self.repeats.push(Repeat {
                    pc,
                    rounds: -1,
                    last_pos: NONE,
                    outer: self.current,
                });
                self.set_current(self.repeats.len() - 1);
                self.pc = behind(pc + 1);
            }
            op::MAX_UNTIL | op::MIN_UNTIL => return self.until(codes, code == op::MAX_UNTIL),
            op::POSSESSIVE_REPEAT => return self.possessive_round(codes, pc, 0),
            op::ATOMIC_GROUP => {
                self.barriers.push(self.choices.len());
                self.choose(Kind::Barrier(0), pc, self.pos);
                self.pc += 2;
            }
            op::ASSERT | op::ASSERT_NOT => {
                let back = word(codes, pc + 2) as usize;
                if self.pos < back {
                    if code == op::ASSERT {
                        return Next::Fail;
                    }
                    self.pc = behind(pc + 1);
                    return Next::Go;
                }
                self.barriers.push(self.choices.len());
                self.choose(Kind::Barrier(0), pc, self.pos);
                self.pos -= back;
                self.pc += 3;
            }
            op::GROUPREF | op::GROUPREF_IGNORE | op::GROUPREF_LOC_IGNORE | op::GROUPREF_UNI_IGNORE => {
                return self.group_again(codes, text, code);
            }
            op::GROUPREF_EXISTS => {
                let group = word(codes, pc + 1) as usize;
                let set = |i: usize| self.marks.get(i).is_some_and(|&m| m != NONE);
                self.pc = if set(2 * group) && set(2 * group + 1) {
                    pc + 3
                } else {
                    pc + 1 + word(codes, pc + 2) as usize
                };
            }
            _ => {
                if self.pos >= self.task.end || !takes(codes, pc, text.at(self.pos)) {
                    return Next::Fail;
                }
                self.pos += 1;
                self.pc += width(codes, pc);
            }
        }
        Next::Go
    }

    /// The end of the pattern, or of the sub-pattern of an assertion, an atomic group, a round of a possessive repeat.
    fn success(&mut self, codes: &[u32]) -> Next {
        let Some(at) = self.barriers.pop() else {
            let short = self.task.how == How::Full && self.pos != self.task.end;
            if short || self.pos == self.refused && self.pos == self.begin {
                return Next::Fail;
            }
            return Next::Matched;
        };
        let Some(&barrier) = self.choices.get(at) else {
            return Next::Fail;
        };
        self.choices.truncate(at);
        let tail = barrier.pc + 1 + word(codes, barrier.pc + 1) as usize;
        match word(codes, barrier.pc) {
            op::ASSERT => {
                self.pos = barrier.pos;
                self.pc = tail;
                Next::Go
            }
            op::ASSERT_NOT => Next::Fail,
            op::POSSESSIVE_REPEAT => {
                let Kind::Barrier(rounds) = barrier.kind else {
                    return Next::Fail;
                };
                let (rounds, most) = (rounds + 1, word(codes, barrier.pc + 3));
                let enough = rounds >= word(codes, barrier.pc + 2) as usize;
                let full = most != UNBOUNDED && rounds >= most as usize;
                if full || enough && self.pos == barrier.pos {
                    self.pc = tail + 1;
                    return Next::Go;
                }
                self.possessive_round(codes, barrier.pc, rounds)
            }
            _ => {
                self.pc = tail;
                Next::Go
            }
        }
    }

    fn possessive_round(&mut self, codes: &[u32], pc: usize, rounds: usize) -> Next {
        if word(codes, pc + 3) == 0 {
            self.pc = pc + 2 + word(codes, pc + 1) as usize;
            return Next::Go;
        }
        self.barriers.push(self.choices.len());
        self.choose(Kind::Barrier(rounds), pc, self.pos);
        self.pc = pc + 4;
        Next::Go
    }

    /// The alternative whose skip word stands at `at`, or one behind it.
    fn branch<T: Chars + ?Sized>(&mut self, codes: &[u32], text: &T, at: usize) -> Next {
        let mut at = at;
        loop {
            let skip = word(codes, at) as usize;
            if skip == 0 {
                return Next::Fail;
            }
            let next = at + skip;
            // An alternative that cannot begin here is not tried.
            let possible = match word(codes, at + 1) {
                op::LITERAL | op::IN => self.pos < self.task.end && takes(codes, at + 1, text.at(self.pos)),
                _ => true,
            };
            if possible {
                if word(codes, next) != 0 {
                    self.choose(Kind::Branch, next, self.pos);
                }
                self.pc = at + 1;
                return Next::Go;
            }
            at = next;
        }
    }

    fn repeat_one<T: Chars + ?Sized>(&mut self, codes: &[u32], text: &T, code: u32) -> Next {
        let pc = self.pc;
        let (least, most) = (word(codes, pc + 2) as usize, word(codes, pc + 3));
        let tail = pc + 1 + word(codes, pc + 1) as usize;
        if self.task.end.saturating_sub(self.pos) < least {
            return Next::Fail;
        }
        let lazy = code == op::MIN_REPEAT_ONE;
        let wanted = if lazy { least as u32 } else { most };
        let n = if wanted == 0 {
            0
        } else {
            self.count(codes, text, pc + 4, wanted)
        };
        if n < least {
            return Next::Fail;
        }
        let from = self.pos;
        self.pos += n;
        self.pc = tail;
        match code {
            op::REPEAT_ONE if n > least => self.choose(Kind::RepeatOne(n, least), pc, from),
            op::MIN_REPEAT_ONE => {
                let most = if most == UNBOUNDED { usize::MAX } else { most as usize };
                self.choose(Kind::MinRepeatOne(n, most), pc, self.pos);
            }
            _ => {}
        }
        Next::Go
    }

    fn until(&mut self, codes: &[u32], greedy: bool) -> Next {
        let id = self.current;
        let Some(&repeat) = self.repeats.get(id) else {
            return Next::Fail;
        };
        let (least, most) = (word(codes, repeat.pc + 2) as isize, word(codes, repeat.pc + 3));
        let rounds = repeat.rounds + 1;
        if rounds < least {
            self.set_repeat(id, rounds, repeat.last_pos);
            self.pc = repeat.pc + 4;
            return Next::Go;
        }
        let more = (most == UNBOUNDED || rounds < most as isize) && self.pos != repeat.last_pos;
        if greedy && more {
            self.choose(Kind::MaxTail, self.pc, self.pos);
            self.set_repeat(id, rounds, self.pos);
            self.pc = repeat.pc + 4;
            return Next::Go;
        }
        if !greedy && more {
            self.choose(Kind::MinBody, repeat.pc, self.pos);
        }
        self.set_current(repeat.outer);
        self.pc += 1;
        Next::Go
    }

    fn group_again<T: Chars + ?Sized>(&mut self, codes: &[u32], text: &T, code: u32) -> Next {
        let group = word(codes, self.pc + 1) as usize;
        let mark = |i: usize| self.marks.get(i).copied().filter(|&m| m != NONE);
        let (Some(start), Some(end)) = (mark(2 * group), mark(2 * group + 1)) else {
            return Next::Fail;
        };
        let len = end.saturating_sub(start);
        if self.task.end.saturating_sub(self.pos) < len {
            return Next::Fail;
        }
        let fold = |ch: u32| match code {
            op::GROUPREF => ch,
            _ => lower(ch, code == op::GROUPREF_UNI_IGNORE),
        };
        if (0..len).any(|i| fold(text.at(start + i)) != fold(text.at(self.pos + i))) {
            return Next::Fail;
        }
        self.steps += len as u64 / 4;
        self.pos += len;
        self.pc += 2;
        Next::Go
    }

    fn at<T: Chars + ?Sized>(&self, text: &T, code: u32) -> bool {
        let (pos, end) = (self.pos, self.task.end);
        let boundary = |is_word: fn(u32) -> bool| {
            let before = pos > 0 && is_word(text.at(pos - 1));
            before != (pos < end && is_word(text.at(pos)))
        };
        let at_newline = |i: usize| i < end && text.at(i) == 10;
        match code {
            0 | 2 => pos == 0,
            1 => pos == 0 || text.at(pos - 1) == 10,
            3 | 8 => boundary(is_word),
            4 | 9 => !boundary(is_word),
            5 => pos == end || (pos + 1 == end && at_newline(pos)),
            6 => pos == end || at_newline(pos),
            7 => pos == end,
            10 => boundary(is_unicode_word),
            11 => !boundary(is_unicode_word),
            _ => false,
        }
    }

    /// Takes up the last choice again; false if there is none.
    fn backtrack<T: Chars + ?Sized>(&mut self, codes: &[u32], text: &T) -> bool {
        while let Some(choice) = self.choices.pop() {
            self.steps += 1;
            self.undo(&choice);
            self.pos = choice.pos;
            match choice.kind {
                Kind::Branch => {
                    if matches!(self.branch(codes, text, choice.pc), Next::Fail) {
                        continue;
                    }
                }
                Kind::RepeatOne(n, least) => {
                    if !self.give_back(codes, text, &choice, n, least) {
                        continue;
                    }
                }
                Kind::MinRepeatOne(n, most) => {
                    let takes_one =
                        n < most && self.pos < self.task.end && takes(codes, choice.pc + 4, text.at(self.pos));
                    if !takes_one {
                        continue;
                    }
                    self.pos += 1;
                    self.choose(Kind::MinRepeatOne(n + 1, most), choice.pc, self.pos);
                    self.pc = choice.pc + 1 + word(codes, choice.pc + 1) as usize;
                }
                Kind::MaxTail => {
                    let outer = self.repeats.get(self.current).map_or(NONE, |r| r.outer);
                    self.set_current(outer);
                    self.pc = choice.pc + 1;
                }
                Kind::MinBody => {
                    let id = self.current;
                    let Some(repeat) = self.repeats.get(id) else { continue };
                    self.set_repeat(id, repeat.rounds + 1, self.pos);
                    self.pc = choice.pc + 4;
                }
                Kind::Barrier(rounds) => {
                    self.barriers.pop();
                    let tail = choice.pc + 1 + word(codes, choice.pc + 1) as usize;
                    match word(codes, choice.pc) {
                        op::ASSERT_NOT => self.pc = tail,
                        op::POSSESSIVE_REPEAT if rounds >= word(codes, choice.pc + 2) as usize => self.pc = tail + 1,
                        _ => continue,
                    }
                }
            }
            return true;
        }
        false
    }

    /// A greedy repeat of one character goes back to the next place where what follows can begin.
    fn give_back<T: Chars + ?Sized>(
        &mut self,
        codes: &[u32],
        text: &T,
        choice: &Choice,
        n: usize,
        least: usize,
    ) -> bool {
        let tail = choice.pc + 1 + word(codes, choice.pc + 1) as usize;
        let literal = (word(codes, tail) == op::LITERAL).then(|| word(codes, tail + 1));
        let mut n = n;
        while n > least {
            n -= 1;
            let pos = choice.pos + n;
            self.steps += 1;
            if literal.is_some_and(|c| pos >= self.task.end || text.at(pos) != c) {
                continue;
            }
            if n > least {
                self.choose(Kind::RepeatOne(n, least), choice.pc, choice.pos);
            }
            self.pos = pos;
            self.pc = tail;
            return true;
        }
        false
    }
}
