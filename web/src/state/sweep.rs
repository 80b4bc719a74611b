//! A sweep and what has come of it.

use heddle_protocol::ToPage;
use heddle_trace::{Plot, Point, Quantity};
use std::rc::Rc;

/// See the module.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Sweep {
    /// The page's number for it; 0: there is none.
    pub number: u32,
    /// What is swept.
    pub over: String,
    /// The same with its unit.
    pub label: String,
    /// The title of the program.
    pub title: String,
    /// How many values there are.
    pub values: u32,
    /// What was measured so far.
    pub points: Rc<Vec<Point>>,
    /// Whether the worker is at it.
    pub is_active: bool,
    /// Why it did not come to its end.
    pub problem: Option<String>,
}

impl Sweep {
    /// One that was asked for: `NAME=VALUE,…`.
    pub fn asked(number: u32, over: &str, title: &str) -> Sweep {
        Sweep {
            number,
            over: over.split('=').next().unwrap_or_default().trim().to_owned(),
            title: title.to_owned(),
            is_active: true,
            ..Sweep::default()
        }
    }

    /// What the worker says about sweep `run`; true if it was about this one.
    pub fn heard(&mut self, message: &ToPage) -> bool {
        match message {
            ToPage::Sweeping { run, label, values } if *run == self.number => {
                self.label.clone_from(label);
                self.values = *values;
            }
            ToPage::Point { run, point } if *run == self.number => {
                Rc::make_mut(&mut self.points).push((**point).clone());
            }
            ToPage::Swept { run, problem } if *run == self.number => {
                self.is_active = false;
                self.problem.clone_from(problem);
            }
            _ => return false,
        }
        true
    }

    /// It ended before its time.
    pub fn cut_off(&mut self, why: &str) {
        if self.is_active {
            self.is_active = false;
            self.problem = Some(why.to_owned());
        }
    }

    /// The picture of a quantity.
    pub fn plot(&self, quantity: Quantity) -> Plot {
        Plot::of(quantity, &self.title, &self.label, &self.points)
    }
}

/// Names of constants at the top of a program, for the list of suggestions only: the worker reads the program properly.
pub fn suggestions(source: &str) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    for line in source.lines() {
        let Some((name, value)) = line.split_once(" = ") else {
            continue;
        };
        let is_name =
            name.chars().all(|c| c.is_alphanumeric() || c == '_') && !name.starts_with(|c: char| c.is_ascii_digit());
        let value = value.split('#').next().unwrap_or_default().trim();
        let is_literal = value.parse::<f64>().is_ok()
            || value.replace('_', "").parse::<i64>().is_ok()
            || matches!(value, "True" | "False");
        if is_name && !name.is_empty() && is_literal && found.len() < 20 && found.iter().all(|(known, _)| known != name)
        {
            found.push((name.to_owned(), value.to_owned()));
        }
    }
    found
}

/// Values to begin with.
pub fn usual_values(name: &str, source: &str) -> String {
    match name {
        "cores" => "1, 2, 4, 8".to_owned(),
        "version" | "python" => "2.7, 3.9, 3.13, 3.13t".to_owned(),
        "interval" | "switch-interval" => "500us, 1ms, 5ms, 20ms, 100ms".to_owned(),
        "quantum" => "1ms, 4ms, 10ms, 100ms".to_owned(),
        "os-scheduler" => "fair-share, round-robin, cooperative".to_owned(),
        "policy" => "fair, random, pct".to_owned(),
        "seed" => "1..10".to_owned(),
        _ => {
            let known = suggestions(source);
            let value = known
                .iter()
                .find(|(known, _)| known == name)
                .map(|(_, value)| value.as_str());
            match value {
                Some("True" | "False") => "True, False".to_owned(),
                Some(value) => match value.replace('_', "").parse::<i64>() {
                    Ok(n) if n >= 100 => format!("{}, {}, {}, {}, {n}", n / 100, n / 30, n / 10, n / 3),
                    Ok(n) => format!("1..{}", n.clamp(2, 10)),
                    Err(_) => value.to_owned(),
                },
                None => String::new(),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constants_are_suggested_with_values() {
        let source = "# N = 1\nN = 60_000  # far\nRATE = 0.5\nON = True\nx = f()\n    K = 1\na.b = 1\nT = 4\n";
        let found: Vec<_> = suggestions(source).into_iter().map(|(name, _)| name).collect();
        assert_eq!(found, ["N", "RATE", "ON", "T"]);
        assert_eq!(usual_values("N", source), "600, 2000, 6000, 20000, 60000");
        assert_eq!(usual_values("T", source), "1..4");
        assert_eq!(usual_values("ON", source), "True, False");
        assert_eq!(usual_values("nothing", source), "");
    }

    #[test]
    fn only_its_own_points_count() {
        let mut sweep = Sweep::asked(3, "cores=1,2", "t");
        let point = |run| ToPage::Point {
            run,
            point: Box::new(Point::failed("1", "No.".into())),
        };
        assert!(!sweep.heard(&point(2)) && sweep.heard(&point(3)));
        assert_eq!(
            (sweep.over.as_str(), sweep.points.len(), sweep.is_active),
            ("cores", 1, true)
        );
        assert!(sweep.heard(&ToPage::Swept { run: 3, problem: None }) && !sweep.is_active);
        sweep.cut_off("late");
        assert_eq!(sweep.problem, None);
    }
}
