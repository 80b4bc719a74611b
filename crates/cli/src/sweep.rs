//! `heddle sweep`.

use crate::args::SweepArgs;
use crate::run;
use heddle_lab::{Sweep, Sweeping};
use heddle_trace::{Colours, Plot, Point, Quantity, rounded, to_csv};

/// Work between two looks at the runs.
const WORK: u64 = 20_000_000;

/// Runs the program with each value and writes what was measured; the exit status is 1 if a run did not end well.
pub fn sweep(args: &SweepArgs) -> Result<i32, String> {
    let scenario = run::scenario(&args.run)?;
    let sweep = Sweep::new(&scenario, &args.over)?;
    let (over, label) = (sweep.over.clone(), sweep.label.clone());
    let title = match scenario.machine.title.as_str() {
        "" => args.run.file.clone().unwrap_or_default(),
        title => title.to_owned(),
    };
    let mut sweeping = Sweeping::new(sweep, run::limits(&args.run));
    let mut points = Vec::new();
    while !sweeping.is_over() {
        points.extend(sweeping.advance(WORK));
    }
    if let Some(path) = &args.svg {
        let svg = Plot::of(args.measure, &title, &label, &points).to_svg(&Colours::PAPER, 640);
        std::fs::write(path, svg).map_err(|error| format!("\"{path}\" cannot be written: {error}."))?;
    }
    if args.csv {
        print!("{}", to_csv(&over, &points));
    } else {
        table(args.measure, &over, &points);
    }
    Ok(i32::from(points.iter().any(|point| point.problem.is_some())))
}

fn table(measure: Quantity, over: &str, points: &[Point]) {
    println!("{over:<16}  {}", measure.label());
    for (point, measured) in points.iter().zip(measure.of(points)) {
        let measured = measured.map_or_else(|| "-".to_owned(), rounded);
        let problem = point.problem.as_ref().map_or(String::new(), |why| format!("  {why}"));
        println!("{:<16}  {measured}{problem}", point.value);
    }
}
