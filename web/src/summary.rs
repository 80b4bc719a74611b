//! Sums over a trace for the Stats tab. Folded stretches count with their exact totals.

use heddle_trace::{DropWhy, EventKind, Nanos, ShareOf, StateClass, ThreadKey, Trace, TrackKey};
use std::collections::BTreeMap;

/// See the module.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Summary {
    /// How far the trace reaches, ns.
    pub end: Nanos,
    /// Time that threads had cores, over all cores, ns.
    pub busy: Nanos,
    /// Time that a GIL was held, ns.
    pub gil_held: Nanos,
    /// How often a GIL was taken after another thread had it.
    pub hand_overs: u64,
    /// How often a thread let go of a GIL on request.
    pub forced: u64,
    /// Time per thread and class of states, ns.
    pub threads: BTreeMap<ThreadKey, [Nanos; 9]>,
}

impl Summary {
    /// The time of all threads in a class of states.
    pub fn class(&self, class: StateClass) -> Nanos {
        self.threads
            .values()
            .filter_map(|totals| totals.get(class.index()))
            .sum()
    }

    fn add(&mut self, key: ThreadKey, class: StateClass, ns: Nanos) {
        let totals = self.threads.entry(key).or_default();
        if let Some(total) = totals.get_mut(class.index()) {
            *total = total.saturating_add(ns);
        }
        if matches!(class, StateClass::Running | StateClass::Native) {
            self.busy = self.busy.saturating_add(ns);
        }
    }
}

/// Sums up a trace, as far as it is known.
pub fn summary(trace: &Trace) -> Summary {
    let mut sums = Summary {
        end: trace.end,
        ..Summary::default()
    };
    let mut since: BTreeMap<ThreadKey, (Nanos, StateClass)> = BTreeMap::new();
    let mut gils: BTreeMap<TrackKey, (Nanos, Option<ThreadKey>)> = BTreeMap::new();
    let mut last_owner: BTreeMap<TrackKey, ThreadKey> = BTreeMap::new();
    for event in &trace.events {
        let key = event.key();
        match &event.kind {
            EventKind::State { state, .. } => {
                if let Some((from, class)) = since.insert(key, (event.time, state.class())) {
                    sums.add(key, class, event.time.saturating_sub(from));
                }
            }
            EventKind::GilTake { .. } => {
                let Some(track) = event.track() else { continue };
                gils.insert(track, (event.time, Some(key)));
                if last_owner.insert(track, key).is_some_and(|before| before != key) {
                    sums.hand_overs += 1;
                }
            }
            EventKind::GilDrop { why, .. } => {
                let Some(track) = event.track() else { continue };
                sums.forced += u64::from(*why == DropWhy::Requested);
                if let Some((from, Some(_))) = gils.insert(track, (event.time, None)) {
                    sums.gil_held = sums.gil_held.saturating_add(event.time.saturating_sub(from));
                }
            }
            EventKind::Density { track, density } => match track {
                TrackKey::Thread(key) => {
                    for share in &density.shares {
                        if let ShareOf::State(class) = share.of {
                            sums.add(*key, class, share.ns);
                        }
                    }
                    since.remove(key);
                }
                TrackKey::Gil(..) => {
                    let held = density
                        .shares
                        .iter()
                        .filter(|share| matches!(share.of, ShareOf::Thread(_)));
                    sums.gil_held = held.fold(sums.gil_held, |sum, share| sum.saturating_add(share.ns));
                    sums.hand_overs = sums.hand_overs.saturating_add(density.slices);
                    sums.forced = sums.forced.saturating_add(density.forced);
                    gils.remove(track);
                }
                TrackKey::Core(_) | TrackKey::Object(..) => {}
            },
            _ => {}
        }
    }
    for (key, (from, class)) in since {
        sums.add(key, class, trace.end.saturating_sub(from));
    }
    for (from, owner) in gils.into_values() {
        if owner.is_some() {
            sums.gil_held = sums.gil_held.saturating_add(trace.end.saturating_sub(from));
        }
    }
    sums
}
