//! What the page has noted of the last run, by having it run once more: breakpoints, watched variables, times of functions and lines.

use heddle_trace::{Findings, Hit, Nanos, Order, Seen, Watched};
use std::collections::BTreeSet;
use std::rc::Rc;

/// What is noted, and what has been.
#[derive(Clone, PartialEq, Default)]
pub struct Survey {
    /// Lines at which people want to stop: file and line.
    pub breakpoints: Rc<BTreeSet<(String, u32)>>,
    /// Variables whose writes are wanted.
    pub watched: Rc<Vec<Watched>>,
    /// Whether functions and lines are timed.
    pub times: bool,
    /// The line of "run to here", which is no breakpoint.
    pub here: Option<(String, u32)>,
    /// What was asked for last, of which run, and the number it was given.
    pub asked: Option<(u32, Rc<Order>)>,
    pub number: u32,
    /// What is known, hits in the order of time.
    pub findings: Rc<Findings>,
    /// Everything before this moment is known.
    pub upto: Nanos,
    pub is_over: bool,
    /// Where the person wants to go as soon as it is known.
    pub goal: Option<Goal>,
}

/// A jump to a hit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Goal {
    pub from: Nanos,
    pub back: bool,
    pub to: Target,
}

/// Hits of what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// Any breakpoint.
    Breakpoint,
    /// This line.
    Line(String, u32),
    /// Writes of this variable.
    Write(Watched),
}

/// What people do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deed {
    /// Sets a breakpoint, or takes it away.
    Break(String, u32),
    /// Watches a variable.
    Watch(Watched),
    /// Does so no more.
    Unwatch(usize),
    /// Times functions and lines, or does not.
    Time(bool),
    /// Goes to a hit.
    Go(Goal),
    /// The worker was asked about this run.
    Asked { run: u32, number: u32, order: Rc<Order> },
}

/// Where a jump leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Way {
    To(Nanos),
    /// It is not known yet.
    Later,
    Nowhere,
}

impl Survey {
    /// What is to be noted.
    pub fn order(&self) -> Order {
        let here = self.here.iter().filter(|here| !self.breakpoints.contains(here));
        Order {
            times: self.times,
            lines: self.breakpoints.iter().chain(here).cloned().collect(),
            variables: self.watched.to_vec(),
        }
    }

    /// The program's text has changed: breakpoints stay at their lines, and go with those that went.
    pub fn follow(&mut self, file: &str, before: &str, after: &str) {
        if self.breakpoints.iter().all(|(own, _)| own != file) {
            return;
        }
        let (old, new): (Vec<&str>, Vec<&str>) = (before.split('\n').collect(), after.split('\n').collect());
        let first = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
        let most = old.len().min(new.len()) - first;
        let last = old
            .iter()
            .rev()
            .zip(new.iter().rev())
            .take(most)
            .take_while(|(a, b)| a == b)
            .count();
        let moved = |line: u32| {
            let at = line.saturating_sub(1) as usize;
            if at < first || at + last < old.len() && at < new.len() - last {
                Some(line)
            } else if at + last >= old.len() {
                u32::try_from(at + new.len() - old.len() + 1).ok()
            } else {
                None
            }
        };
        let all = self.breakpoints.iter().filter_map(|(own, line)| match own == file {
            true => moved(*line).map(|line| (own.clone(), line)),
            false => Some((own.clone(), *line)),
        });
        self.breakpoints = Rc::new(all.collect());
    }

    /// Another run: nothing is known of it yet.
    pub fn forget(&mut self) {
        *self = Survey {
            breakpoints: Rc::clone(&self.breakpoints),
            watched: Rc::clone(&self.watched),
            times: self.times,
            number: self.number,
            ..Survey::default()
        };
    }

    /// A deed; where it leads at once, if it leads somewhere.
    pub fn apply(&mut self, deed: Deed) -> Option<Way> {
        match deed {
            Deed::Break(file, line) => {
                let all = Rc::make_mut(&mut self.breakpoints);
                let place = (file, line);
                if !all.remove(&place) {
                    all.insert(place);
                }
            }
            Deed::Watch(variable) if self.watched.contains(&variable) => {}
            Deed::Watch(variable) => Rc::make_mut(&mut self.watched).push(variable),
            Deed::Unwatch(at) => {
                let all = Rc::make_mut(&mut self.watched);
                if at < all.len() {
                    all.remove(at);
                }
            }
            Deed::Time(on) => self.times = on,
            Deed::Asked { run, number, order } => {
                self.asked = Some((run, order));
                self.number = number;
                self.findings = Rc::default();
                (self.upto, self.is_over) = (0, false);
            }
            Deed::Go(goal) => {
                if let Target::Line(file, line) = &goal.to {
                    self.here = Some((file.clone(), *line));
                }
                self.goal = Some(goal);
                return Some(self.arrive());
            }
        }
        None
    }

    /// News from the worker; where a jump that waited for it leads.
    pub fn heard(&mut self, number: u32, upto: Nanos, is_over: bool, mut findings: Findings) -> Option<Way> {
        if number != self.number || self.is_over {
            return None;
        }
        let mut hits = std::mem::take(&mut Rc::make_mut(&mut self.findings).hits);
        hits.append(&mut findings.hits);
        findings.hits = hits;
        self.findings = Rc::new(findings);
        (self.upto, self.is_over) = (upto, is_over);
        self.goal.is_some().then(|| self.arrive())
    }

    /// Where the jump leads that the person wants; it is done unless that is not known yet.
    fn arrive(&mut self) -> Way {
        let Some(goal) = &self.goal else { return Way::Nowhere };
        let way = self.way(goal);
        if way != Way::Later {
            self.goal = None;
        }
        way
    }

    fn way(&self, goal: &Goal) -> Way {
        // What is known may be an answer to another question.
        let is_current = self.asked.as_ref().is_some_and(|(_, order)| **order == self.order());
        if !is_current {
            return Way::Later;
        }
        let matching = self
            .findings
            .hits
            .iter()
            .filter(|hit| self.is_of(hit, &goal.to))
            .map(|hit| hit.at);
        let found = match goal.back {
            true => matching.filter(|at| *at < goal.from).max(),
            false => matching.filter(|at| *at > goal.from).min(),
        };
        // Several processes are noted one a little ahead of the other.
        let is_known = self.is_over
            || if goal.back {
                self.upto > goal.from
            } else {
                found.is_some_and(|at| at < self.upto)
            };
        match found {
            _ if !is_known => Way::Later,
            Some(at) => Way::To(at),
            None => Way::Nowhere,
        }
    }

    fn is_of(&self, hit: &Hit, target: &Target) -> bool {
        let Some((_, order)) = &self.asked else { return false };
        match (&hit.what, target) {
            (Seen::Line(at), Target::Breakpoint) => order
                .lines
                .get(*at as usize)
                .is_some_and(|line| self.breakpoints.contains(line)),
            (Seen::Line(at), Target::Line(file, line)) => order
                .lines
                .get(*at as usize)
                .is_some_and(|one| (&one.0, one.1) == (file, *line)),
            (Seen::Write { variable, .. }, Target::Write(wanted)) => {
                order.variables.get(*variable as usize) == Some(wanted)
            }
            _ => false,
        }
    }

    /// The hits of something.
    pub fn hits_of<'a>(&'a self, target: &'a Target) -> impl Iterator<Item = &'a Hit> {
        self.findings.hits.iter().filter(move |hit| self.is_of(hit, target))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use heddle_trace::{ProcessId, ThreadId};

    fn line_hit(at: Nanos, line: u32) -> Hit {
        Hit {
            at,
            process: ProcessId(1),
            thread: ThreadId(0),
            line: 0,
            what: Seen::Line(line),
        }
    }

    fn hits(all: Vec<Hit>) -> Findings {
        Findings {
            hits: all,
            ..Findings::default()
        }
    }

    fn go(from: Nanos, back: bool, to: Target) -> Deed {
        Deed::Go(Goal { from, back, to })
    }

    #[test]
    fn a_jump_waits_until_it_is_known_where_it_leads() {
        let mut survey = Survey::default();
        survey.apply(Deed::Break("main.py".to_owned(), 3));
        assert_eq!(
            survey.apply(go(10, false, Target::Breakpoint)),
            Some(Way::Later),
            "nobody was asked"
        );
        let order = Rc::new(survey.order());
        survey.apply(Deed::Asked {
            run: 1,
            number: 7,
            order,
        });
        assert_eq!(
            survey.heard(6, 5, false, hits(vec![line_hit(4, 0)])),
            None,
            "an answer to another question"
        );
        assert_eq!(survey.heard(7, 15, false, hits(vec![line_hit(5, 0)])), Some(Way::Later));
        assert_eq!(
            survey.heard(7, 30, false, hits(vec![line_hit(20, 0), line_hit(25, 0)])),
            Some(Way::To(20))
        );
        assert_eq!(survey.apply(go(20, false, Target::Breakpoint)), Some(Way::To(25)));
        assert_eq!(survey.apply(go(20, true, Target::Breakpoint)), Some(Way::To(5)));
        assert_eq!(survey.apply(go(5, true, Target::Breakpoint)), Some(Way::Nowhere));
        assert_eq!(
            survey.apply(go(25, false, Target::Breakpoint)),
            Some(Way::Later),
            "the run may come there again"
        );
        assert_eq!(survey.heard(7, 90, true, Findings::default()), Some(Way::Nowhere));
    }

    #[test]
    fn breakpoints_go_with_their_lines() {
        let lines = |survey: &Survey| survey.breakpoints.iter().map(|one| one.1).collect::<Vec<_>>();
        let mut survey = Survey::default();
        for line in [1, 3, 4] {
            survey.apply(Deed::Break("main.py".to_owned(), line));
        }
        survey.follow("main.py", "a\nb\nc\nd", "a\nx\nb\nc\nd");
        assert_eq!(lines(&survey), [1, 4, 5], "a line is put in");
        survey.follow("main.py", "a\nx\nb\nc\nd", "a\nx\nb\nc2\nd");
        assert_eq!(lines(&survey), [1, 4, 5], "a line is changed");
        survey.follow("main.py", "a\nx\nb\nc2\nd", "a\nd");
        assert_eq!(lines(&survey), [1, 2], "lines are taken away");
        survey.follow("other.py", "a\nd", "d");
        assert_eq!(lines(&survey), [1, 2]);
    }

    #[test]
    fn run_to_here_asks_anew_and_leaves_no_breakpoint() {
        let mut survey = Survey::default();
        survey.apply(Deed::Asked {
            run: 1,
            number: 1,
            order: Rc::default(),
        });
        let here = Target::Line("main.py".to_owned(), 9);
        assert_eq!(survey.apply(go(0, false, here.clone())), Some(Way::Later));
        assert_eq!(survey.order().lines, [("main.py".to_owned(), 9)]);
        assert!(survey.breakpoints.is_empty());
        let order = Rc::new(survey.order());
        survey.apply(Deed::Asked {
            run: 1,
            number: 2,
            order,
        });
        assert_eq!(
            survey.heard(2, 90, true, hits(vec![line_hit(40, 0)])),
            Some(Way::To(40))
        );
        assert_eq!(survey.hits_of(&here).count(), 1);
        assert_eq!(survey.hits_of(&Target::Breakpoint).count(), 0);
        survey.forget();
        assert_eq!(survey.order(), Order::default());
    }
}
