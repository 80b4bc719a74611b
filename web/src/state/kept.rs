//! The run that was kept to be compared with the next ones.

use super::lab::Lab;
use super::recording::Recording;
use heddle_trace::Nanos;
use std::rc::Rc;

/// Run A.
#[derive(Clone, PartialEq)]
pub struct Kept {
    /// Its trace. There is one more, that of the latest run: no others are kept.
    pub recording: Recording,
    /// Its machine in a few words.
    pub machine: String,
    /// Its program.
    pub source: Rc<str>,
    /// How long it took.
    pub length_ns: Nanos,
}

impl Kept {
    /// The latest run, if there is one that is over.
    pub fn of(lab: &Lab) -> Option<Kept> {
        if lab.recording.is_empty() || lab.run.is_active() {
            return None;
        }
        Some(Kept {
            recording: lab.recording.clone(),
            machine: machine_words(lab),
            source: Rc::clone(&lab.recorded),
            length_ns: lab.recording.read().timeline.end(),
        })
    }
}

/// A program without its block of settings, for these are the machine's.
pub fn program(source: &str) -> String {
    let mut inside = false;
    let kept = source.lines().filter(|line| {
        let begins = line.starts_with("# /// ");
        let is_block = inside || begins;
        inside = begins || inside && line.trim_end() != "# ///";
        !is_block
    });
    kept.collect::<Vec<_>>().join("\n").trim().to_owned()
}

/// The machine of the latest run: "3.13, 2 cores, seed 1".
pub fn machine_words(lab: &Lab) -> String {
    let machine = &lab.run.machine;
    let cores = super::words::count(machine.cores.into(), "core");
    format!("Python {}, {cores}, seed {}", machine.python.name(), machine.seed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_machine_is_no_other_program() {
        let plain = "import time\n# no block\nprint(1)\n";
        let settled = format!("# /// lab\n# python = \"3.13t\"\n# ///\n\n{plain}");
        assert_eq!(program(plain), program(&settled));
        assert_ne!(program(plain), program("import time\nprint(1)\n"));
    }

    #[test]
    fn only_a_run_that_there_is_can_be_kept() {
        assert!(Kept::of(&Lab::with("print(1)\n")).is_none());
    }
}
