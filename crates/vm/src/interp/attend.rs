//! What the loop sees to between two instructions when it is told to: a change of who watches, memory.

use crate::contract::{HostLimit, Stop};
use crate::process::Process;

impl Process {
    /// Looks at everything that raises the heap's alarm. `watched` says which copy of the loop asks. A stop if the loop has to be left.
    #[cold]
    #[inline(never)]
    pub(crate) fn attend(&mut self, watched: bool) -> Option<Stop> {
        if self.is_watched() != watched {
            self.retrace = true;
            return Some(Stop::Limit);
        }
        if self.heap.over_limit() {
            return Some(Stop::LimitReached(HostLimit::Memory));
        }
        self.heap.set_alarm(self.heap.limit_bytes);
        None
    }
}
