//! The trace as it grows, and the timeline made from it. One value shared by everything that draws; a version number
//! tells Yew when it has changed, since comparing two traces would cost more than drawing them.

use heddle_timeline::Timeline;
use heddle_trace::{Chunk, Trace};
use std::cell::{Ref, RefCell};
use std::rc::Rc;

/// The trace and timeline of a run.
#[derive(Clone, Default)]
pub struct Recording {
    data: Rc<RefCell<Data>>,
    version: u64,
}

/// See [`Recording`].
#[derive(Default)]
pub struct Data {
    /// What has arrived.
    pub trace: Trace,
    /// The same, arranged for drawing.
    pub timeline: Timeline,
}

impl PartialEq for Recording {
    fn eq(&self, other: &Self) -> bool {
        self.version == other.version && Rc::ptr_eq(&self.data, &other.data)
    }
}

impl Recording {
    /// A trace that begins.
    pub fn fresh() -> Self {
        Recording::default()
    }

    /// Adds a chunk as it came from the worker.
    ///
    /// # Errors
    /// The chunk cannot be read or one before it is missing; nothing is added then.
    pub fn add(&mut self, bytes: &[u8]) -> Result<(), String> {
        let chunk = Chunk::decode(bytes).map_err(|error| error.to_string())?;
        let mut data = self.data.borrow_mut();
        let data = &mut *data;
        let applied = data.trace.apply(chunk).map_err(|gap| gap.to_string())?;
        data.timeline.update(&data.trace, applied);
        self.version += 1;
        Ok(())
    }

    /// To read it.
    pub fn read(&self) -> Ref<'_, Data> {
        self.data.borrow()
    }

    /// Whether nothing has arrived.
    pub fn is_empty(&self) -> bool {
        self.version == 0
    }
}
