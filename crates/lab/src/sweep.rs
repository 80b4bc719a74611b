//! A sweep: the same scenario over a list of values of one setting, or of one constant of the program.
//!
//! [`Sweep::new`] understands `cores=1,2,4`, `N=1000..1005` and refuses with a sentence what cannot be swept; [`Sweeping`] runs the
//! scenarios one after the other and gives a [`Point`] for each.

use crate::limits::Limits;
use crate::run::{Kind, Options, Outcome, Run};
use heddle_scenario::{Key, Scalar, Scenario, parse_duration_ns};
use heddle_trace::{Budget, Point, Stream};

/// Most values of a sweep.
const MOST_VALUES: usize = 64;
/// How much of the end of what a run writes is kept.
const KEPT_OUTPUT: usize = 4_096;

/// The settings that can be swept, by the words for them.
const SETTINGS: [(&str, Key); 14] = [
    ("cores", Key::Cores),
    ("interval", Key::SwitchInterval),
    ("switch-interval", Key::SwitchInterval),
    ("version", Key::Python),
    ("python", Key::Python),
    ("seed", Key::Seed),
    ("policy", Key::Policy),
    ("quantum", Key::Quantum),
    ("os-scheduler", Key::OsScheduler),
    ("context-switch", Key::ContextSwitch),
    ("wake-up", Key::WakeUp),
    ("signal", Key::Signal),
    ("start-method", Key::StartMethod),
    ("computer", Key::Computer),
];

/// One value and the scenario with it.
#[derive(Clone, Debug, PartialEq)]
pub struct Variant {
    /// The value as written.
    pub value: String,
    /// As a number; durations in ms.
    pub x: Option<f64>,
    /// The scenario.
    pub scenario: Scenario,
}

/// See the module.
#[derive(Clone, Debug, PartialEq)]
pub struct Sweep {
    /// What is swept, as written.
    pub over: String,
    /// The same with its unit, for an axis.
    pub label: String,
    /// The values.
    pub variants: Vec<Variant>,
}

impl Sweep {
    /// A scenario over `NAME=VALUE,VALUE,…`; `1..4` stands for 1,2,3,4.
    ///
    /// # Errors
    /// A sentence that says why this cannot be swept.
    pub fn new(scenario: &Scenario, over: &str) -> Result<Sweep, String> {
        let Some((name, values)) = over.split_once('=') else {
            return Err(format!(
                "\"{over}\" does not say what to sweep over which values; write it like cores=1,2,4 or N=1000,2000."
            ));
        };
        let name = name.trim();
        let values = split(values)?;
        let setting = SETTINGS.iter().find(|(word, _)| *word == name).map(|(_, key)| *key);
        if setting.is_none()
            && let Some(key) = Key::from_name(name)
        {
            let known: Vec<_> = SETTINGS.iter().map(|(word, _)| *word).collect();
            return Err(format!(
                "The setting {} cannot be swept; these can: {}.",
                key.name(),
                known.join(", ")
            ));
        }
        let variants = values.into_iter().map(|value| match setting {
            Some(key) => with_setting(scenario, key, value),
            None => with_constant(scenario, name, value),
        });
        let variants = variants.collect::<Result<Vec<_>, _>>()?;
        let durations = setting.is_some() && variants.iter().any(|one| parse_duration_ns(&one.value).is_ok());
        Ok(Sweep {
            over: name.to_owned(),
            label: if durations {
                format!("{name}, ms")
            } else {
                name.to_owned()
            },
            variants,
        })
    }
}

/// The values of a list. A comma in quotes is part of its value.
fn split(text: &str) -> Result<Vec<String>, String> {
    let mut values = vec![String::new()];
    let mut quote = None;
    for c in text.chars() {
        match (c, quote) {
            (',', None) => values.push(String::new()),
            _ => {
                if quote == Some(c) {
                    quote = None;
                } else if quote.is_none() && matches!(c, '"' | '\'') {
                    quote = Some(c);
                }
                values.last_mut().into_iter().for_each(|value| value.push(c));
            }
        }
    }
    let mut all = Vec::new();
    for value in values {
        let value = value.trim();
        let ends = value.split_once("..").and_then(|(from, to)| {
            let number = |text: &str| text.trim().parse::<i64>().ok();
            Some((number(from)?, number(to)?))
        });
        match ends {
            Some((from, to)) if from <= to && to.abs_diff(from) < MOST_VALUES as u64 => {
                all.extend((from..=to).map(|n| n.to_string()));
            }
            Some((from, to)) if from > to => return Err(format!("{from}..{to} holds no value.")),
            Some(_) => return Err(format!("A sweep takes at most {MOST_VALUES} values.")),
            None if value.is_empty() => return Err("A value of the sweep is empty.".to_owned()),
            None => all.push(value.to_owned()),
        }
    }
    if all.len() > MOST_VALUES {
        return Err(format!("A sweep takes at most {MOST_VALUES} values."));
    }
    Ok(all)
}

fn with_setting(scenario: &Scenario, key: Key, value: String) -> Result<Variant, String> {
    let scalar = match key {
        Key::Cores | Key::Seed => {
            let number = value.replace('_', "").parse::<u64>();
            Scalar::Number(number.map_err(|_| format!("{} must be a whole number, not \"{value}\".", key.name()))?)
        }
        _ => Scalar::Text(value.trim_matches(['"', '\'']).to_owned()),
    };
    let mut scenario = scenario.clone();
    scenario.machine.set(key, &scalar).map_err(|why| format!("{why}."))?;
    if let Some(problem) = scenario.validate().first() {
        return Err(format!("{problem}."));
    }
    let x = match &scalar {
        Scalar::Number(number) => Some(*number as f64),
        Scalar::Text(text) => parse_duration_ns(text).ok().map(|ns| ns as f64 / 1e6),
    };
    Ok(Variant { value, x, scenario })
}

fn with_constant(scenario: &Scenario, name: &str, value: String) -> Result<Variant, String> {
    let mut scenario = scenario.clone();
    let Some(file) = scenario.files.first_mut() else {
        return Err("There is no program.".to_owned());
    };
    file.text = heddle_compiler::with_constant(&file.text, name, &value)?;
    let x = value.replace('_', "").parse::<f64>().ok().filter(|x| x.is_finite());
    Ok(Variant { value, x, scenario })
}

/// The runs of a sweep on their way.
pub struct Sweeping {
    left: std::vec::IntoIter<Variant>,
    limits: Limits,
    current: Option<(Variant, Option<Box<Run>>)>,
    written: String,
}

impl Sweeping {
    /// Begins with the first value. The limits hold for each run.
    #[must_use]
    pub fn new(sweep: Sweep, limits: Limits) -> Sweeping {
        let mut left = sweep.variants.into_iter();
        let current = left.next().map(|variant| (variant, None));
        Sweeping {
            left,
            limits,
            current,
            written: String::new(),
        }
    }

    /// Whether all values have been run.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.current.is_none()
    }

    /// The current run begins again: what it did is void (a part of the library was missing).
    pub fn again(&mut self) {
        self.written.clear();
        if let Some((_, run)) = &mut self.current {
            *run = None;
        }
    }

    /// Goes on for about so much work, as [`Run::advance`]; a point where a run has come to its end.
    pub fn advance(&mut self, budget: u64) -> Option<Point> {
        let (variant, run) = self.current.as_mut()?;
        let begun = match run {
            Some(run) => run,
            None => {
                let options = Options {
                    budget: Some(Budget {
                        events: 500,
                        output_bytes: 0,
                    }),
                    ..Options::default()
                };
                match Run::with_options(&variant.scenario, self.limits, options) {
                    Ok(begun) => run.insert(Box::new(begun)),
                    Err(_) if crate::library_wanted() => return None,
                    Err(error) => {
                        let point = Point::failed(&variant.value, error.to_string());
                        self.next();
                        return Some(point);
                    }
                }
            }
        };
        let progress = begun.advance(budget);
        for chunk in progress.output.iter().filter(|chunk| chunk.stream == Stream::Stdout) {
            self.written.push_str(&chunk.text);
            if self.written.len() > 2 * KEPT_OUTPUT {
                let mut from = self.written.len() - KEPT_OUTPUT;
                while !self.written.is_char_boundary(from) {
                    from += 1;
                }
                self.written.drain(..from);
            }
        }
        let outcome = progress.finished?;
        if crate::library_wanted() {
            return None;
        }
        let point = Point::new(
            &variant.value,
            variant.x,
            &begun.stats(),
            &self.written,
            problem(&outcome),
        );
        self.next();
        Some(point)
    }

    fn next(&mut self) {
        self.written.clear();
        self.current = self.left.next().map(|variant| (variant, None));
    }
}

/// What was wrong with the end of a run.
fn problem(outcome: &Outcome) -> Option<String> {
    match &outcome.kind {
        Kind::Finished if outcome.exit_status == 0 => None,
        Kind::Finished => Some(match &outcome.uncaught {
            Some(exception) => exception.clone(),
            None => format!("Exit status {}.", outcome.exit_status),
        }),
        Kind::Deadlock(..) => Some("It ended in a deadlock.".to_owned()),
        Kind::LimitReached(sentence) | Kind::Schedule(sentence) => Some(sentence.clone()),
        Kind::Stopped => Some("It was stopped.".to_owned()),
    }
}
