//! `heddle look`.

use crate::args::LookArgs;
use crate::run;
use heddle_lab::{Run, StartError};
use heddle_trace::Question;

/// Work between two looks at the output.
const WORK: u64 = 20_000_000;

/// Runs the program up to a moment and prints what there is to see; what the program writes goes to standard error.
pub fn look(args: &LookArgs) -> Result<i32, String> {
    let scenario = run::scenario(&args.run)?;
    let mut run = match Run::new(&scenario, run::limits(&args.run)) {
        Ok(run) => run,
        Err(error @ StartError::Syntax { .. }) => {
            eprintln!("{error}");
            return Ok(1);
        }
        Err(StartError::Other(sentence)) => return Err(sentence),
    };
    loop {
        let is_there = run.advance_to(args.at_ns, WORK);
        for chunk in run.news().output {
            eprint!("{}", chunk.text);
        }
        if is_there {
            break;
        }
    }
    let scene = run.into_scene(args.at_ns, &Question::default());
    if args.json {
        let json = serde_json::to_string_pretty(&scene).map_err(|error| error.to_string())?;
        println!("{json}");
    } else {
        print!("{scene}");
    }
    Ok(0)
}
