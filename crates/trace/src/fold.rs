//! Folding: how a trace that is too long stays readable.
//!
//! When the budget is reached, on each track runs of slices shorter than δ are merged into [`Density`] slices (each as soon
//! as it is at least δ long, so that time is still resolved to about δ), and δ doubles until half of the
//! budget is free. Totals are exact: the time per state or owner, the number of slices, switches and drop requests of the merged slices are
//! kept, so that statistics of a folded trace equal those of the unfolded one. What is lost is order within δ, the
//! causes and source lines of the merged slices, and their arrows.
//!
//! Everything is a function of the stored events alone, so the same run folds to the same bytes. The
//! trace hash is taken before folding.
//!
//! Instants: a `Ran`, `Wake` or `GilRequest` goes with the slice of its thread (a request is counted). Output of one thread
//! to one stream within δ becomes one chunk. Names, notes, beginnings and ends stay.

use crate::event::{Density, DropWhy, Event, EventKind, Share, ShareOf};
use crate::ids::{Nanos, ThreadKey, TrackKey};
use crate::state::StateClass;
use rustc_hash::FxHashMap;

/// The first δ, in ns.
pub(crate) const FIRST_DELTA_NS: Nanos = 1024;
const NONE: u32 = u32::MAX;

/// What a slice adds to the totals: its share, and switches counted where the slice begins.
pub(crate) struct Weight {
    pub forced: u64,
    pub voluntary: u64,
}

/// What an event's slice is, for totals.
pub(crate) fn share_of(event: &Event) -> ShareOf {
    match &event.kind {
        EventKind::State { state, .. } => ShareOf::State(state.class()),
        EventKind::GilTake { .. } | EventKind::LockAcquire { .. } => ShareOf::Thread(event.key()),
        EventKind::Core { running: Some(key), .. } => ShareOf::Thread(*key),
        EventKind::Density { density, .. } => density.last,
        _ => ShareOf::Nobody,
    }
}

/// How the beginning of an event's slice counts as a switch, given what its track showed before.
pub(crate) fn weight_of(event: &Event, before: Option<ShareOf>) -> Weight {
    let (forced, voluntary) = match &event.kind {
        EventKind::State { state, .. } if before == Some(ShareOf::State(StateClass::Running)) => match state.class() {
            StateClass::GilWait | StateClass::Ready => (1, 0),
            StateClass::Running | StateClass::Finished => (0, 0),
            _ => (0, 1),
        },
        EventKind::GilDrop { why, .. } => match why {
            DropWhy::Requested | DropWhy::Ticks => (1, 0),
            DropWhy::Blocking | DropWhy::Finished => (0, 1),
        },
        EventKind::Density { density, .. } => (density.forced, density.voluntary),
        _ => (0, 0),
    };
    Weight { forced, voluntary }
}

/// Where each event's slice goes.
#[derive(Clone, Copy, PartialEq)]
enum Fate {
    /// It stays (or is no slice).
    Keep,
    /// It is the first one merged into this density slice.
    First(u32),
    /// It is merged into this density slice.
    Member(u32),
}

/// Folds once: slices shorter than `delta` merge.
pub(crate) fn fold(events: Vec<Event>, delta: Nanos) -> Vec<Event> {
    let (heads, next) = chains(&events);
    let mut plan = Plan { events: &events, delta, fates: vec![Fate::Keep; events.len()], densities: Vec::new() };
    for (track, head) in heads {
        plan.track(track, head, &next);
    }
    let (fates, mut densities) = (plan.fates, plan.densities);
    let doomed = instants(&events, &fates, &mut densities);
    rebuild(events, &fates, &doomed, densities, delta)
}

/// Whether folding at `delta` can be worth it: at least an eighth of the events are short slices or output.
pub(crate) fn worthwhile(events: &[Event], delta: Nanos) -> bool {
    let (_, next) = chains(events);
    let short = events.iter().zip(&next).filter(|(event, next)| {
        matches!(event.kind, EventKind::Output { .. })
            || events.get(**next as usize).is_some_and(|after| after.time - event.time < delta)
    });
    short.count() >= events.len() / 8
}

/// The first event of each track, and for each event the next one of its track.
fn chains(events: &[Event]) -> (Vec<(TrackKey, u32)>, Vec<u32>) {
    let mut heads = Vec::new();
    let mut next = vec![NONE; events.len()];
    let mut last: FxHashMap<TrackKey, u32> = FxHashMap::default();
    for (index, event) in (0u32..).zip(events) {
        let Some(track) = event.track() else { continue };
        match last.insert(track, index) {
            Some(before) => next[before as usize] = index,
            None => heads.push((track, index)),
        }
    }
    (heads, next)
}

struct Plan<'a> {
    events: &'a [Event],
    delta: Nanos,
    fates: Vec<Fate>,
    densities: Vec<(TrackKey, Density)>,
}

impl Plan<'_> {
    /// Decides over the slices of one track, from its first event on.
    fn track(&mut self, track: TrackKey, head: u32, next: &[u32]) {
        let mut run: Vec<(u32, Option<ShareOf>)> = Vec::new();
        let mut before = None;
        let mut at = head;
        while let Some(event) = self.events.get(at as usize) {
            let after = next[at as usize];
            let end = self.events.get(after as usize).map(|after| after.time);
            let short = end.is_some_and(|end| end - event.time < self.delta);
            if short {
                run.push((at, before));
            }
            let start = run.first().and_then(|(first, _)| self.events.get(*first as usize)).map_or(0, |first| first.time);
            if !short || end.is_some_and(|end| end - start >= self.delta) {
                self.merge(track, &run, if short { end } else { Some(event.time) });
                run.clear();
            }
            before = Some(share_of(event));
            at = after;
        }
        let end = run.last().and_then(|(last, _)| self.events.get(next[*last as usize] as usize)).map(|event| event.time);
        self.merge(track, &run, end);
    }

    /// Makes one density slice of a run of at least two.
    fn merge(&mut self, track: TrackKey, run: &[(u32, Option<ShareOf>)], until: Option<Nanos>) {
        let (Some(until), true) = (until, run.len() >= 2) else { return };
        let number = u32::try_from(self.densities.len()).unwrap_or(NONE);
        let mut sum = Density { until, slices: 0, forced: 0, voluntary: 0, requests: 0, last: ShareOf::Nobody, shares: Vec::new() };
        for (n, (index, before)) in run.iter().enumerate() {
            let event = &self.events[*index as usize];
            let end = run.get(n + 1).map_or(until, |(after, _)| self.events[*after as usize].time);
            add(&mut sum, event, *before, end);
            self.fates[*index as usize] = if n == 0 { Fate::First(number) } else { Fate::Member(number) };
        }
        sum.shares.sort_by_key(|share| share.of);
        self.densities.push((track, sum));
    }
}

/// Adds one slice to a density.
fn add(sum: &mut Density, event: &Event, before: Option<ShareOf>, end: Nanos) {
    let weight = weight_of(event, before);
    sum.forced += weight.forced;
    sum.voluntary += weight.voluntary;
    sum.last = share_of(event);
    if let EventKind::Density { density, .. } = &event.kind {
        sum.slices += density.slices;
        sum.requests += density.requests;
        density.shares.iter().for_each(|share| add_share(&mut sum.shares, *share));
    } else {
        sum.slices += 1;
        add_share(&mut sum.shares, Share { of: sum.last, ns: end - event.time, slices: 1 });
    }
}

pub(crate) fn add_share(shares: &mut Vec<Share>, share: Share) {
    match shares.iter_mut().find(|known| known.of == share.of) {
        Some(known) => {
            known.ns = known.ns.saturating_add(share.ns);
            known.slices = known.slices.saturating_add(share.slices);
        }
        None => shares.push(share),
    }
}

/// Which instants go because their thread's slice is merged; requests among them are counted.
fn instants(events: &[Event], fates: &[Fate], densities: &mut [(TrackKey, Density)]) -> Vec<bool> {
    let mut merged_into: FxHashMap<ThreadKey, u32> = FxHashMap::default();
    let mut doomed = vec![false; events.len()];
    for ((event, fate), doomed) in events.iter().zip(fates).zip(&mut doomed) {
        if let Some(TrackKey::Thread(key)) = event.track() {
            match fate {
                Fate::First(number) | Fate::Member(number) => merged_into.insert(key, *number),
                Fate::Keep => merged_into.remove(&key),
            };
        }
        if !matches!(event.kind, EventKind::Ran(_) | EventKind::Wake { .. } | EventKind::GilRequest { .. }) {
            continue;
        }
        if let Some(number) = merged_into.get(&event.key()) {
            *doomed = true;
            if let (EventKind::GilRequest { .. }, Some((_, density))) = (&event.kind, densities.get_mut(*number as usize)) {
                density.requests += 1;
            }
        }
    }
    doomed
}

fn rebuild(
    events: Vec<Event>,
    fates: &[Fate],
    doomed: &[bool],
    densities: Vec<(TrackKey, Density)>,
    delta: Nanos,
) -> Vec<Event> {
    let mut densities = densities.into_iter().map(Some).collect::<Vec<_>>();
    let mut kept: Vec<Event> = Vec::with_capacity(events.len() / 2);
    // The last output kept, if nothing was written elsewhere since.
    let mut output: Option<usize> = None;
    for ((event, fate), doomed) in events.into_iter().zip(fates).zip(doomed) {
        match fate {
            _ if *doomed => {}
            Fate::Member(_) => {}
            Fate::First(number) => {
                if let Some((track, density)) = densities.get_mut(*number as usize).and_then(Option::take) {
                    let kind = EventKind::Density { track, density: Box::new(density) };
                    kept.push(Event { kind, cause: None, ..event });
                }
            }
            Fate::Keep => {
                if let EventKind::Output { stream, bytes } = &event.kind {
                    let before = output.and_then(|index| kept.get_mut(index));
                    if let Some(before) = before
                        && before.key() == event.key()
                        && event.time - before.time < delta
                        && let EventKind::Output { stream: to, bytes: all } = &mut before.kind
                        && to == stream
                    {
                        *all = [&**all, &**bytes].concat().into_boxed_slice();
                        continue;
                    }
                    output = Some(kept.len());
                }
                kept.push(event);
            }
        }
    }
    kept
}
