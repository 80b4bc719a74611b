//! What a run leaves behind, as files and as text; links.

use heddle_lab::{Counters, Run, SEMANTICS};
use heddle_scenario::{Link, decode_link, encode_link};
use heddle_timeline::Timeline;

/// Where `cargo xtask serve` shows the page.
const PAGE: &str = "http://127.0.0.1:8080/";

/// The trace in the format that the file name asks for.
pub fn trace(path: &str, run: &Run) -> Vec<u8> {
    if path.ends_with(".json") {
        run.trace().to_perfetto().into_bytes()
    } else {
        run.trace_bytes()
    }
}

/// The timeline of the whole run as an SVG file.
pub fn svg(run: &Run) -> String {
    let trace = run.trace();
    let title = format!("A run of Python {} in Heddle", trace.header.python);
    Timeline::of(&trace).whole_svg(&trace, false, &title)
}

/// What was counted of Python 2's GIL, as a table; nothing for other versions.
pub fn counters(run: &Run) -> String {
    let gil = run.counters();
    if gil == Counters::default() {
        return String::new();
    }
    format!(
        "\n{:<26}{:>12}{:>12}{:>12}\n{:<26}{:>12}{:>12}{:>12}\n",
        "GIL of Python 2",
        "signalled",
        "slept",
        "failed",
        "system calls; attempts",
        gil.signals,
        gil.sleeps,
        gil.failed
    )
}

/// The statistics as JSON, with what was counted of Python 2's GIL.
pub fn stats_json(run: &Run) -> String {
    let gil = run.counters();
    run.stats().to_json_with(
        "python_2_gil",
        &[("signals", gil.signals), ("sleeps", gil.sleeps), ("failed", gil.failed)],
    )
}

/// Prints a link for a file.
pub fn link(path: &str) -> Result<i32, String> {
    let name = std::path::Path::new(path)
        .file_name()
        .map_or(path.into(), |name| name.to_string_lossy());
    let mut scenario = crate::run::read_scenario(path, &name)?;
    scenario.machine.remotes().map_err(|why| format!("{path}: {why}."))?;
    crate::run::add_scripts(&mut scenario, path)?;
    let link = Link {
        scenario,
        semantics: SEMANTICS,
        trace_hash: None,
    };
    let fragment = encode_link(&link).map_err(|error| error.to_string())?;
    println!("{PAGE}#{fragment}");
    Ok(0)
}

/// Prints the program that a link carries.
pub fn open(text: &str) -> Result<i32, String> {
    let link = decode_link(text).map_err(|error| error.to_string())?;
    if let [only] = link.scenario.files.as_slice() {
        print!("{}", only.text);
        return Ok(0);
    }
    for file in &link.scenario.files {
        println!("# ---- {} ----\n{}", file.name, file.text);
    }
    Ok(0)
}
