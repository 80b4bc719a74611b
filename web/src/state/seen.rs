//! What the page knows of the moment t beyond the trace: the scene that the worker has sent, and which values the person has unfolded in it.

use heddle_trace::{Handle, Nanos, ProcessId, Question, Scene, ThreadKey, ThreadScene};
use std::collections::BTreeSet;
use std::rc::Rc;

/// See the module.
#[derive(Clone, PartialEq, Default)]
pub struct Seen {
    /// The last scene of the latest run.
    pub scene: Option<Rc<Scene>>,
    /// The values that are unfolded.
    pub unfolded: Rc<BTreeSet<(ProcessId, Handle)>>,
    /// A step is on its way.
    pub steps: bool,
}

impl Seen {
    /// The scene, if it is of this moment.
    pub fn at(&self, moment: Nanos) -> Option<&Rc<Scene>> {
        self.scene.as_ref().filter(|scene| scene.at == moment)
    }

    /// Unfolds a value, or folds it.
    pub fn fold(&mut self, process: ProcessId, handle: Handle) {
        let unfolded = Rc::make_mut(&mut self.unfolded);
        if !unfolded.remove(&(process, handle)) {
            unfolded.insert((process, handle));
        }
    }

    /// What the worker is asked beside the whole; the code of this thread, if somebody looks at it.
    pub fn question(&self, code_of: Option<ThreadKey>) -> Question {
        Question {
            insides: self.unfolded.iter().copied().collect(),
            code_of,
        }
    }
}

/// Whether a file is one of the program's.
pub fn is_own(file: &str) -> bool {
    !(file.starts_with("/usr/lib/") || file.starts_with("<frozen "))
}

/// Where a thread stands in the program's own files: file and line.
pub fn own_place(thread: &ThreadScene) -> Option<(&str, u32)> {
    let frame = thread
        .stack
        .iter()
        .find(|frame| is_own(&frame.file) && frame.line > 0)?;
    Some((&frame.file, frame.line))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_unfolded_is_asked_for_until_it_is_folded() {
        let mut seen = Seen::default();
        let handle = Handle {
            interpreter: 0,
            object: 7,
        };
        seen.fold(ProcessId(1), handle);
        assert_eq!(seen.question(None).insides, [(ProcessId(1), handle)]);
        seen.fold(ProcessId(1), handle);
        assert!(seen.question(None).insides.is_empty());
    }
}
