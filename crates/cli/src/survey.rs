//! `heddle survey`.

use crate::args::SurveyArgs;
use crate::run;
use heddle_lab::{Options, Run, StartError, Survey};
use heddle_trace::Budget;

/// Work between two looks at the output.
const WORK: u64 = 20_000_000;

/// Runs the program and prints what was noted of it; what the program writes goes to standard error.
pub fn survey(args: &SurveyArgs) -> Result<i32, String> {
    let scenario = run::scenario(&args.run)?;
    let mut order = args.order.clone();
    let main_file = scenario.files.first().map_or("", |file| &file.name);
    for (file, _) in order.lines.iter_mut().filter(|(file, _)| file.is_empty()) {
        main_file.clone_into(file);
    }
    let survey = Survey::new(order.clone());
    let options = Options {
        budget: Some(Budget {
            events: 0,
            output_bytes: 0,
        }),
        survey: Some(survey.clone()),
        ..Options::default()
    };
    let mut run = match Run::with_options(&scenario, run::limits(&args.run), options) {
        Ok(run) => run,
        Err(error @ StartError::Syntax { .. }) => {
            eprintln!("{error}");
            return Ok(1);
        }
        Err(StartError::Other(sentence)) => return Err(sentence),
    };
    loop {
        let progress = run.advance(WORK);
        for chunk in &progress.output {
            eprint!("{}", chunk.text);
        }
        if progress.finished.is_some() {
            break;
        }
    }
    let findings = survey.findings();
    if args.json {
        let json = serde_json::to_string_pretty(&findings).map_err(|error| error.to_string())?;
        println!("{json}");
    } else {
        print!("{}", findings.in_words(&order));
    }
    Ok(0)
}
