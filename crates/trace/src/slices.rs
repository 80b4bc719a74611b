//! The slices of a whole trace, for those that read it once from beginning to end (statistics, exports).

use crate::event::{Event, ShareOf};
use crate::fold::share_of;
use crate::ids::{Nanos, TrackKey};
use crate::trace::Trace;
use std::collections::BTreeMap;

/// A stretch of a track.
#[derive(Clone, Copy, Debug)]
pub struct SliceOf<'a> {
    /// Whose.
    pub track: TrackKey,
    /// The event that begins it.
    pub event: &'a Event,
    /// When it ends; the trace's end if it has not ended.
    pub end: Nanos,
    /// The track's next event, which ends it.
    pub ended_by: Option<&'a Event>,
    /// What the track showed before.
    pub before: Option<ShareOf>,
    /// The latest `Ran` of the thread within it, as an index.
    pub run: Option<usize>,
}

impl SliceOf<'_> {
    /// How long it lasts, in ns.
    #[must_use]
    pub fn length(&self) -> Nanos {
        self.end.saturating_sub(self.event.time)
    }
}

/// Calls `see` for every slice when it ends; open ones come last, by track.
pub fn slices<'a>(trace: &'a Trace, mut see: impl FnMut(SliceOf<'a>)) {
    let mut open: BTreeMap<TrackKey, SliceOf<'a>> = BTreeMap::new();
    for (index, event) in trace.events.iter().enumerate() {
        if let crate::EventKind::Ran(_) = event.kind
            && let Some(slice) = open.get_mut(&TrackKey::Thread(event.key()))
        {
            slice.run = Some(index);
        }
        let Some(track) = event.track() else { continue };
        let before = open.get(&track).map(|slice| share_of(slice.event));
        let slice = SliceOf {
            track,
            event,
            end: event.time,
            ended_by: None,
            before,
            run: None,
        };
        if let Some(ended) = open.insert(track, slice) {
            see(SliceOf {
                end: event.time,
                ended_by: Some(event),
                ..ended
            });
        }
    }
    for slice in open.into_values() {
        see(SliceOf {
            end: trace.end.max(slice.event.time),
            ..slice
        });
    }
}
