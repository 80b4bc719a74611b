//! "The same work, other machines": the program that has been run, on other versions of Python, numbers of cores or operating systems, or in
//! the other ways that it names itself (`WAY = "processes"  # or "threads", "sequential"`), beside its own run. What costs next to nothing is run when the card is looked at; the rest on a button.

use crate::components::page::{Page, use_page};
use crate::state::{Phase, Sweep};
use heddle_protocol::Ending;
use heddle_scenario::{OsScheduler, Settings};
use heddle_timeline::brief;
use heddle_trace::{Quantity, Stats};
use yew::prelude::*;

/// A program that took longer than this, in µs of real time, is not run again unasked.
const CHEAP_US: u64 = 500_000;
/// The constant with which a program chooses how it does its work, and what it calls doing it without others.
const WAY: &str = "WAY";
const ALONE: &str = "sequential";
/// Times closer than this factor are called the same.
const SAME: f64 = 1.15;

/// What is changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Over {
    /// The program's own variants.
    Ways,
    Python,
    Cores,
    System,
}

impl Over {
    const ALL: [Over; 4] = [Over::Ways, Over::Python, Over::Cores, Over::System];

    fn word(self) -> &'static str {
        match self {
            Over::Ways => "ways",
            Over::Python => "Python",
            Over::Cores => "cores",
            Over::System => "OS",
        }
    }

    /// The setting's name in a sweep.
    fn setting(self) -> &'static str {
        match self {
            Over::Ways => WAY,
            Over::Python => "version",
            Over::Cores => "cores",
            Over::System => "os-scheduler",
        }
    }

    /// The program's own value.
    fn own(self, machine: &Settings, source: &str) -> String {
        match self {
            Over::Ways => ways(source).first().cloned().unwrap_or_default(),
            Over::Python => machine.python.name().to_owned(),
            Over::Cores => machine.cores.to_string(),
            Over::System => machine.os_scheduler.name().to_owned(),
        }
    }

    /// The values that are compared, the program's own left out: its time is known.
    fn values(self, machine: &Settings, source: &str) -> Vec<String> {
        let own = self.own(machine, source);
        let all: Vec<String> = match self {
            Over::Ways => ways(source),
            Over::Python => ["2.7", "3.9", "3.13", "3.13t"].map(str::to_owned).to_vec(),
            Over::Cores => ["1", "2", "4", "8"].map(str::to_owned).to_vec(),
            Over::System => OsScheduler::ALL.iter().map(|one| one.name().to_owned()).collect(),
        };
        all.into_iter().filter(|value| *value != own).collect()
    }

    fn of_sweep(sweep: &Sweep) -> Option<Over> {
        Over::ALL.into_iter().find(|over| over.setting() == sweep.over)
    }
}

/// The ways of doing its work that a program names, its own first; none if it has but one.
fn ways(source: &str) -> Vec<String> {
    let line = source
        .lines()
        .find_map(|line| line.strip_prefix(WAY)?.strip_prefix(" = "));
    let words = line.unwrap_or_default().split('"').skip(1).step_by(2);
    let all: Vec<String> = words.map(|word| format!("\"{word}\"")).collect();
    if all.len() > 1 { all } else { Vec::new() }
}

/// A row of the card.
struct Row {
    name: String,
    /// Virtual time, ms.
    ms: Option<f64>,
    problem: Option<String>,
    is_own: bool,
}

/// See the module.
#[function_component(Others)]
pub fn others() -> Html {
    let page = use_page();
    let chosen = use_state(|| None::<Over>);
    let lab = &page.lab;
    let has_ways = !ways(&lab.run.source).is_empty();
    let usual = if has_ways { Over::Ways } else { Over::Python };
    let over = chosen.filter(|over| has_ways || *over != Over::Ways).unwrap_or(usual);
    let done = match &lab.run.phase {
        Phase::Over {
            ending: Ending::Exited { .. },
            wall_us,
            ..
        } => Some(*wall_us),
        _ => None,
    };
    let mine = lab.compared == lab.run.source && Over::of_sweep(&lab.others) == Some(over);
    let ask = {
        let page = page.clone();
        move || {
            let values = over.values(&page.lab.run.machine, &page.lab.run.source).join(",");
            page.compare.emit(format!("{}={values}", over.setting()));
        }
    };
    {
        let ask = ask.clone();
        let cheap = done.is_some_and(|us| us <= CHEAP_US) && !lab.sweep.is_active && lab.problems.is_empty();
        let wanted = cheap && !mine && lab.run.source == lab.source;
        use_effect_with((lab.run.number, over, wanted), move |(.., wanted)| {
            if *wanted {
                ask();
            }
        });
    }
    let (Some(stats), Some(_)) = (lab.run.stats.as_deref(), done) else {
        return Html::default();
    };
    let choose = |one: Over| {
        let (chosen, on) = (chosen.clone(), one == over);
        html! { <button class={classes!(on.then_some("on"))} aria-pressed={on.to_string()} onclick={move |_| chosen.set(Some(one))}>{ one.word() }</button> }
    };
    let sweep = if mine { lab.others.clone() } else { Sweep::default() };
    let rows = rows(&sweep, over, &lab.run.machine, &lab.run.source, stats);
    html! {
        <section class="card" aria-label="Other machines">
            <div class="row" style="justify-content:space-between;flex-wrap:wrap;gap:4px 8px">
                <h3 class="lbl">{ if over == Over::Ways { "The same work, other ways" } else { "The same work, other machines" } }</h3>
                <span class="seg small" role="group" aria-label="What is changed">{ for Over::ALL.into_iter().skip(usize::from(!has_ways)).map(choose) }</span>
            </div>
            { table(&rows) }
            if sweep.is_active {
                <p class="s12 t3 row" role="status"><span class="spin"></span>{ "running the others" }</p>
            } else if sweep.points.is_empty() {
                <button class="btn sm out" onclick={move |_| ask()} disabled={lab.run.is_active()}>{ "Run on the others" }</button>
            } else {
                <p class="s12 t3">{ verdict(&rows, over, &page, stats) }</p>
            }
        </section>
    }
}

fn rows(sweep: &Sweep, over: Over, machine: &Settings, source: &str, stats: &Stats) -> Vec<Row> {
    let own = over.own(machine, source);
    let mut rows: Vec<Row> = Vec::new();
    let times = Quantity::Time.of(&sweep.points);
    for (point, ms) in sweep.points.iter().zip(times) {
        rows.push(Row {
            name: point.value.clone(),
            ms: ms.filter(|_| point.problem.is_none()),
            problem: point.problem.clone(),
            is_own: false,
        });
    }
    let mine = Row {
        name: own.clone(),
        ms: Some(stats.elapsed_ns as f64 / 1e6),
        problem: None,
        is_own: true,
    };
    // Where it stands in the list of values.
    let place = match over {
        Over::Cores => rows
            .iter()
            .position(|row| row.name.parse::<u16>().is_ok_and(|cores| cores > machine.cores)),
        Over::Python => rows.iter().position(|row| newer(&row.name, &own)),
        Over::Ways | Over::System => Some(0),
    };
    rows.insert(place.unwrap_or(rows.len()), mine);
    // Written in quotes, as they are in the program.
    for row in &mut rows {
        row.name.retain(|c| c != '"');
    }
    if over == Over::Python
        && let Some(speed) = stats.speed
    {
        rows.insert(
            0,
            Row {
                name: "one thread".to_owned(),
                ms: Some(speed.sequential_ns() as f64 / 1e6),
                problem: None,
                is_own: false,
            },
        );
    }
    rows
}

/// Whether a version comes after another in a list: 3.9 before 3.13, 3.13 before 3.13t.
fn newer(version: &str, than: &str) -> bool {
    let parts = |version: &str| {
        let free = version.ends_with('t');
        let numbers: Vec<u32> = version
            .trim_end_matches('t')
            .split('.')
            .map(|part| part.parse().unwrap_or(0))
            .collect();
        (free, numbers)
    };
    parts(version) > parts(than)
}

fn table(rows: &[Row]) -> Html {
    let longest = rows.iter().filter_map(|row| row.ms).fold(0.0, f64::max).max(1e-6);
    let alone = rows.iter().find(|row| row.name == ALONE).and_then(|row| row.ms);
    let row = |row: &Row| {
        let width = row.ms.unwrap_or(0.0) / longest * 100.0;
        let look = if row.is_own { "var(--accent)" } else { "var(--ink-3)" };
        let title = if row.name == "one thread" {
            "The work of all threads, one after the other, without contention"
        } else {
            ""
        };
        html! {
            <tr {title}>
                <td class={classes!("nowrap", row.is_own.then_some("own"))}>{ row.name.clone() }</td>
                <td class="wide">
                    if let Some(problem) = &row.problem { <span class="s11 t3">{ problem.clone() }</span> } else {
                        <div class="parts" aria-hidden="true"><i style={format!("width:{width:.2}%;min-width:1px;background:{look}")}></i></div>
                    }
                </td>
                <td class={classes!("num", "nowrap", row.is_own.then_some("own"))}>{ row.ms.map_or_else(|| "–".to_owned(), |ms| brief((ms * 1e6) as u64)) }</td>
                if let (Some(alone), Some(ms)) = (alone, row.ms) { <td class="num nowrap t3">{ factor(alone, ms) }</td> }
            </tr>
        }
    };
    html! {
        <table class="kv" aria-label="Time on other machines">
            <thead class="sr"><tr><th scope="col">{ "machine" }</th><th scope="col">{ "bar" }</th><th scope="col">{ "virtual time" }</th>if alone.is_some() { <th scope="col">{ "speed-up" }</th> }</tr></thead>
            <tbody>{ for rows.iter().map(row) }</tbody>
        </table>
    }
}

fn factor(a: f64, b: f64) -> String {
    format!("{:.2}×", a / b.max(1e-9))
}

/// What the rows come to, in a sentence.
fn verdict(rows: &[Row], over: Over, page: &Page, stats: &Stats) -> String {
    let machine = &page.lab.run.machine;
    let of = |name: &str| rows.iter().find(|row| row.name == name).and_then(|row| row.ms);
    let Some(own) = rows.iter().find(|row| row.is_own).and_then(|row| row.ms) else {
        return String::new();
    };
    let known = || {
        rows.iter()
            .filter(|row| row.name != "one thread")
            .filter_map(|row| row.ms)
    };
    let (least, most) = (known().fold(f64::INFINITY, f64::min), known().fold(0.0, f64::max));
    let has_gil = !stats.gils.is_empty();
    if most <= least * SAME {
        let why = match over {
            Over::Cores if has_gil && stats.utilisation() > 0.5 => {
                "Threads that share one GIL cannot use more than one core."
            }
            _ => "The time goes into waiting, or into work that cannot be shared: the machine hardly matters.",
        };
        return format!("All take about the same time. {why}");
    }
    match over {
        Over::Ways => {
            let against = |name: &str| Some(format!("{} as fast as {name}", factor(of(name)?, own)));
            let others = rows.iter().filter(|row| !row.is_own);
            let words: Vec<String> = others.filter_map(|row| against(&row.name)).collect();
            format!("This run is {}.", words.join(", "))
        }
        Over::Python => {
            let free = of("3.13t").filter(|free| has_gil && own >= free * SAME);
            let old = of("2.7").filter(|old| *old >= own * SAME);
            let mut words = Vec::new();
            if let Some(free) = free {
                words.push(format!(
                    "Without a GIL (3.13t) the threads run side by side: {} as fast.",
                    factor(own, free)
                ));
            }
            if let Some(old) = old {
                let why = if stats.threads.len() > 2 {
                    ": threads fight for the GIL at every hundredth tick"
                } else {
                    ""
                };
                words.push(format!("Python 2.7 takes {} as long{why}.", factor(old, own)));
            }
            if words.is_empty() {
                words.push(format!(
                    "Between the fastest and the slowest lies a factor of {:.2}.",
                    most / least
                ));
            }
            words.join(" ")
        }
        Over::Cores => match of("1") {
            Some(one) => format!("From one core to the best of these: {} as fast.", factor(one, least)),
            None => format!(
                "With {} the run is {} as long as the shortest one here.",
                crate::state::words::count(machine.cores.into(), "core"),
                factor(own, least)
            ),
        },
        Over::System => format!(
            "Between the fastest and the slowest lies a factor of {:.2}.",
            most / least
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_stand_in_order_and_the_own_value_is_not_run_again() {
        assert!(newer("3.13", "3.9") && newer("3.13t", "3.14") && !newer("2.7", "3.9"));
        let machine = Settings::default();
        let own = Over::Cores.own(&machine, "");
        assert!(!Over::Cores.values(&machine, "").contains(&own));
        assert_eq!(Over::System.values(&machine, "").len(), OsScheduler::ALL.len() - 1);
    }

    #[test]
    fn ways_are_those_that_the_program_names() {
        let source = "N = 1\nWAY = \"processes\"  # or \"threads\", \"sequential\"\n";
        let machine = Settings::default();
        assert_eq!(Over::Ways.own(&machine, source), "\"processes\"");
        assert_eq!(Over::Ways.values(&machine, source), ["\"threads\"", "\"sequential\""]);
        assert!(ways("WAY = \"processes\"\n").is_empty());
    }

    #[test]
    fn the_own_run_stands_between_the_others() {
        let point = |value: &str, ms: u64| {
            let stats = Stats {
                elapsed_ns: ms * 1_000_000,
                ..Stats::default()
            };
            heddle_trace::Point::new(value, None, &stats, "", None)
        };
        let sweep = Sweep {
            points: std::rc::Rc::new(vec![point("2.7", 90), point("3.9", 60), point("3.13t", 30)]),
            ..Sweep::asked(1, "version=2.7,3.9,3.13t", "t")
        };
        let stats = Stats {
            elapsed_ns: 55_000_000,
            speed: Some(heddle_trace::Speed::default()),
            ..Stats::default()
        };
        let machine = Settings::default();
        let names: Vec<_> = rows(&sweep, Over::Python, &machine, "", &stats)
            .into_iter()
            .map(|row| row.name)
            .collect();
        let own = Over::Python.own(&machine, "");
        assert_eq!(names, ["one thread", "2.7", "3.9", own.as_str(), "3.13t"]);
    }
}
