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
//! Instants: a `Ran`, `Wake`, `GilRequest`, or what is said of messages goes with the slice of its thread (a request is counted). Output of one thread
//! to one stream within δ becomes one chunk. What a thread does again and again within one long slice is thinned out: of its instants of one [`Sort`] within δ the
//! first one stays, and of its lost updates ([`LostUpdates`]) one with all that shows it. Names, notes, beginnings and ends stay. Loops and tasks fold as threads do.

use crate::between::{Between, Flow};
use crate::event::{Density, Event, EventKind, Share, ShareOf, Switch};
use crate::ids::{Nanos, ObjectId, ThreadKey, TrackKey};
use crate::lost::{Lost, LostUpdates};
use crate::state::StateClass;
use rustc_hash::FxHashMap;
use std::collections::hash_map::Entry;

/// The first δ, in ns.
pub(crate) const FIRST_DELTA_NS: Nanos = 1024;

/// The switches that a slice adds to the totals, counted where it begins.
#[derive(Clone, Copy)]
pub(crate) struct Weight {
    pub forced: u64,
    pub voluntary: u64,
}

/// What an event's slice is, for totals.
pub(crate) fn share_of(event: &Event) -> ShareOf {
    match &event.kind {
        EventKind::State { state, .. } => ShareOf::State(state.class()),
        EventKind::LoopState { state, .. } => ShareOf::State(state.class()),
        EventKind::TaskState { state, .. } => ShareOf::State(state.class()),
        EventKind::GilTake { .. } | EventKind::LockAcquire { .. } => ShareOf::Thread(event.key()),
        EventKind::Core { running: Some(key), .. } => ShareOf::Thread(*key),
        EventKind::Density { density, .. } => density.last,
        _ => ShareOf::Nobody,
    }
}

/// How the beginning of an event's slice counts as a switch, given what its track showed before.
pub(crate) fn weight_of(event: &Event, before: Option<ShareOf>) -> Weight {
    let switch = match &event.kind {
        EventKind::State { state, .. } if before == Some(ShareOf::State(StateClass::Running)) => {
            state.class().switch_from_running()
        }
        EventKind::GilDrop { why, .. } => Some(why.switch()),
        EventKind::Density { density, .. } => {
            return Weight {
                forced: density.forced,
                voluntary: density.voluntary,
            };
        }
        _ => None,
    };
    Weight {
        forced: u64::from(switch == Some(Switch::Forced)),
        voluntary: u64::from(switch == Some(Switch::Voluntary)),
    }
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
    /// It goes: an instant of a merged slice, or output joined to the output before.
    Gone,
}

/// What each track showed last, where events before it are not looked at any more.
pub(crate) type Shown = FxHashMap<TrackKey, ShareOf>;

/// Folds once, in place, the events from index `from` on: slices shorter than `delta` merge. Where hardly any slice is as short, δ
/// doubles first. Gives the δ used, or `None` (and nothing is changed) if none up to `limit` is worth it.
///
/// `shown` is what each track showed before `from`, and afterwards what it shows at the end.
pub(crate) fn fold(
    events: &mut Vec<Event>,
    from: usize,
    delta: Nanos,
    limit: Nanos,
    shown: &mut Shown,
) -> Option<Nanos> {
    let mut delta = delta;
    let worth = events.len().saturating_sub(from) / 8;
    let mut plan = Plan::of(events, from, delta, shown);
    if plan.short < worth {
        let Some(longer) = plan.delta_for(worth, delta).filter(|longer| *longer <= limit) else {
            shown.extend(plan.shown);
            return None;
        };
        delta = longer;
        plan = Plan::of(events, from, delta, shown);
    }
    instants(events, from, &mut plan, delta);
    if plan.output {
        join_output(events, from, &mut plan.fates, delta);
    }
    shown.extend(plan.shown.drain(..));
    rebuild(events, from, plan);
    Some(delta)
}

/// What happens to each event. Made in one pass in the order of time: the events are many more than fit into a
/// processor's cache, so each is looked at once.
struct Plan {
    /// Of the events from `from` on.
    fates: Vec<Fate>,
    from: usize,
    densities: Vec<(TrackKey, Density)>,
    /// How many events are short slices, output, or instants of a [`Sort`].
    short: usize,
    /// How many slices are not short with δ, but are with δ·2, with δ·4 …
    longer: [usize; 64],
    /// Whether there is any output.
    output: bool,
    /// What each track shows at the end.
    shown: Vec<(TrackKey, ShareOf)>,
}

/// What must be known of a slice to add it up. Taken when its event is met: going back to the event later would be a
/// cache miss for each.
#[derive(Clone, Copy)]
struct Piece {
    index: usize,
    start: Nanos,
    share: ShareOf,
    weight: Weight,
    /// Whether it is a density slice itself, whose event holds more.
    dense: bool,
}

impl Piece {
    fn of(index: usize, event: &Event, before: Option<ShareOf>) -> Piece {
        let dense = matches!(event.kind, EventKind::Density { .. });
        Piece {
            index,
            start: event.time,
            share: share_of(event),
            weight: weight_of(event, before),
            dense,
        }
    }
}

/// The slice that is open on a track, and the run of short ones before it.
struct Open {
    slice: Piece,
    /// A short slice that may become the first of a run.
    first: Option<Piece>,
    /// The run, once it has two slices.
    run: Option<u32>,
}

impl Plan {
    fn of(events: &[Event], from: usize, delta: Nanos, shown: &Shown) -> Plan {
        let fates = vec![Fate::Keep; events.len().saturating_sub(from)];
        let mut plan = Plan {
            fates,
            from,
            densities: Vec::new(),
            short: 0,
            longer: [0; 64],
            output: false,
            shown: Vec::new(),
        };
        // About as many tracks as the time before.
        let mut tracks: FxHashMap<TrackKey, Open> = FxHashMap::default();
        tracks.reserve(shown.capacity());
        for (index, event) in events.iter().enumerate().skip(from) {
            match event.kind {
                EventKind::Output { .. } => {
                    plan.short += 1;
                    plan.output = true;
                }
                ref kind => plan.short += usize::from(Sort::of(kind).is_some()),
            }
            let Some(track) = event.track() else { continue };
            match tracks.entry(track) {
                Entry::Vacant(entry) => {
                    entry.insert(Open {
                        slice: Piece::of(index, event, shown.get(&track).copied()),
                        first: None,
                        run: None,
                    });
                }
                Entry::Occupied(mut entry) => {
                    let open = entry.get_mut();
                    plan.close(events, track, open, event.time, delta);
                    open.slice = Piece::of(index, event, Some(open.slice.share));
                }
            }
        }
        // The order of a map must not reach a result; here it does not, for the pairs go into a map again.
        plan.shown = tracks
            .into_iter()
            .map(|(track, open)| (track, open.slice.share))
            .collect();
        plan
    }

    /// The least δ, by doubling this plan's, with which so many are short.
    fn delta_for(&self, many: usize, delta: Nanos) -> Option<Nanos> {
        let mut short = self.short;
        let doublings = self.longer.iter().position(|count| {
            short += count;
            short >= many
        })?;
        delta.checked_mul(1u64.checked_shl(doublings as u32 + 1)?)
    }

    /// The open slice of a track ends: it joins the run before it, or ends it.
    fn close(&mut self, events: &[Event], track: TrackKey, open: &mut Open, end: Nanos, delta: Nanos) {
        let slice = open.slice;
        let times = (end - slice.start).checked_div(delta).unwrap_or(Nanos::MAX);
        if times > 0 {
            if let Some(count) = self.longer.get_mut(times.ilog2() as usize) {
                *count += 1;
            }
            open.first = None;
            open.run = None;
            return;
        }
        self.short += 1;
        let Some(first) = open.first else {
            open.first = Some(slice);
            return;
        };
        let number = open.run.unwrap_or_else(|| {
            let number = u32::try_from(self.densities.len()).unwrap_or(u32::MAX);
            self.densities.push((track, Density::empty(end)));
            self.join(events, number, first, slice.start, Fate::First(number));
            number
        });
        open.run = Some(number);
        self.join(events, number, slice, end, Fate::Member(number));
        // Long enough: the next short slice begins another run, so that time stays resolved.
        if end - first.start >= delta {
            open.first = None;
            open.run = None;
        }
    }

    /// Adds a slice to a density slice.
    fn join(&mut self, events: &[Event], number: u32, slice: Piece, end: Nanos, fate: Fate) {
        let Some((_, sum)) = self.densities.get_mut(number as usize) else {
            return;
        };
        if let Some(place) = self.fates.get_mut(slice.index - self.from) {
            *place = fate;
        }
        sum.until = end;
        sum.forced += slice.weight.forced;
        sum.voluntary += slice.weight.voluntary;
        sum.last = slice.share;
        match events.get(slice.index).filter(|_| slice.dense).map(|event| &event.kind) {
            Some(EventKind::Density { density, .. }) => {
                sum.slices += density.slices;
                sum.requests += density.requests;
                density
                    .shares
                    .iter()
                    .for_each(|share| add_share(&mut sum.shares, *share));
            }
            _ => {
                sum.slices += 1;
                add_share(
                    &mut sum.shares,
                    Share {
                        of: slice.share,
                        ns: end - slice.start,
                        slices: 1,
                    },
                );
            }
        }
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

/// Instants of which one stands for all of a short time.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Sort {
    Memory { object: ObjectId, writes: bool },
    Flow { channel: u64, reads: bool },
    Pickled { loads: bool },
    Sends,
    Receives,
}

impl Sort {
    fn of(kind: &EventKind) -> Option<Sort> {
        Some(match *kind {
            EventKind::Memory { object, writes, .. } => Sort::Memory { object, writes },
            EventKind::Between(Between::Written(Flow { channel, .. })) => Sort::Flow { channel, reads: false },
            EventKind::Between(Between::Read(Flow { channel, .. })) => Sort::Flow { channel, reads: true },
            EventKind::Between(Between::Pickled { loads, .. }) => Sort::Pickled { loads },
            EventKind::Between(Between::Sends { .. }) => Sort::Sends,
            EventKind::Between(Between::Receives { .. }) => Sort::Receives,
            // Forks and their ends say more than a stretch of time in which their thread did many things can show.
            _ => return None,
        })
    }
}

/// Marks the instants that go because their thread's slice is merged; requests among them are counted. Of a thread's ways between
/// interpreters within one merged slice the last one stays; of its instants of one sort within `delta` the first one.
fn instants(events: &[Event], from: usize, plan: &mut Plan, delta: Nanos) {
    let Plan { fates, densities, .. } = plan;
    let mut merged_into: FxHashMap<ThreadKey, u32> = FxHashMap::default();
    let mut last_way: FxHashMap<ThreadKey, (u32, usize)> = FxHashMap::default();
    let mut kept: FxHashMap<(ThreadKey, Sort), Nanos> = FxHashMap::default();
    let mut gone: Vec<usize> = Vec::new();
    let mut updates = Updates::default();
    for (at, (event, fate)) in events.iter().skip(from).zip(fates.iter_mut()).enumerate() {
        updates.see(events, from + at, delta);
        if let Some(TrackKey::Thread(key)) = event.track() {
            match fate {
                Fate::First(number) | Fate::Member(number) => merged_into.insert(key, *number),
                Fate::Keep | Fate::Gone => merged_into.remove(&key),
            };
        }
        match (&event.kind, Sort::of(&event.kind)) {
            (_, Some(sort)) => match kept.entry((event.key(), sort)) {
                Entry::Occupied(first) if event.time - first.get() < delta => *fate = Fate::Gone,
                Entry::Occupied(mut first) => drop(first.insert(event.time)),
                Entry::Vacant(place) => drop(place.insert(event.time)),
            },
            (EventKind::Ran(_) | EventKind::Wake { .. } | EventKind::GilRequest { .. }, _) => {}
            (EventKind::Interpreter { .. }, _) => {}
            _ => continue,
        }
        let Some(number) = merged_into.get(&event.key()) else {
            continue;
        };
        if let EventKind::Memory { .. } = event.kind {
            // Thinned out as they are, accesses show where there were any.
            continue;
        }
        match &event.kind {
            EventKind::Interpreter { .. } => {
                let before = last_way.insert(event.key(), (*number, at));
                gone.extend(before.filter(|before| before.0 == *number).map(|before| before.1));
                continue;
            }
            EventKind::GilRequest { .. } => {
                if let Some((_, density)) = densities.get_mut(*number as usize) {
                    density.requests += 1;
                }
            }
            _ => {}
        }
        *fate = Fate::Gone;
    }
    for at in gone {
        if let Some(fate) = fates.get_mut(at) {
            *fate = Fate::Gone;
        }
    }
    for place in updates.shown {
        if let Some(fate) = fates.get_mut(place - from) {
            *fate = Fate::Keep;
        }
    }
}

/// The lost updates that stay, with all that shows them: of a thread's in one memory within δ the first one.
#[derive(Default)]
struct Updates {
    lost: LostUpdates,
    last: FxHashMap<(ThreadKey, ObjectId), Nanos>,
    shown: Vec<usize>,
}

impl Updates {
    fn see(&mut self, events: &[Event], place: usize, delta: Nanos) {
        let Some(event) = events.get(place) else { return };
        // Which computer does not matter: what is kept for nothing is little.
        let found = self.lost.see(place, event, 0);
        let (Some(Lost { read, written }), EventKind::Memory { object, .. }) = (found, &event.kind) else {
            return;
        };
        // With others of its process in between, which may go, it could not be told any more.
        let number = |place: usize| events.get(place).map(|event| event.id.sequence);
        let is_next = number(read).and_then(|number| number.checked_add(1)) == number(place);
        let last = self.last.get(&(event.key(), *object));
        if is_next && last.is_none_or(|last| event.time - last >= delta) {
            self.last.insert((event.key(), *object), event.time);
            self.shown.extend([read, written, place]);
        }
    }
}

/// Joins output of one thread to one stream within `delta`, if nobody wrote in between.
fn join_output(events: &mut [Event], from: usize, fates: &mut [Fate], delta: Nanos) {
    let mut open: Option<usize> = None;
    for (index, fate) in (from..events.len()).zip(fates) {
        let (before, rest) = events.split_at_mut(index);
        let Some(Event {
            kind: EventKind::Output { stream, bytes },
            time,
            id,
            thread,
            ..
        }) = rest.first_mut()
        else {
            continue;
        };
        let joined = open.and_then(|open| before.get_mut(open)).is_some_and(|first| {
            let same = (first.id.process, first.thread) == (id.process, *thread) && *time - first.time < delta;
            match &mut first.kind {
                EventKind::Output { stream: to, bytes: all } if same && to == stream => {
                    let mut joined = std::mem::take(all).into_vec();
                    joined.extend_from_slice(bytes);
                    *all = joined.into_boxed_slice();
                    true
                }
                _ => false,
            }
        });
        if joined {
            *fate = Fate::Gone;
        } else {
            open = Some(index);
        }
    }
}

/// Carries the plan out. In place: a new vector of this size would cost more than all the rest.
fn rebuild(events: &mut Vec<Event>, from: usize, plan: Plan) {
    let mut densities: Vec<_> = plan.densities.into_iter().map(Some).collect();
    let mut fates = std::iter::repeat_n(&Fate::Keep, from).chain(&plan.fates);
    events.retain_mut(|event| match fates.next() {
        Some(Fate::First(number)) => {
            if let Some((track, mut density)) = densities.get_mut(*number as usize).and_then(Option::take) {
                density.shares.sort_by_key(|share| share.of);
                density.shares.shrink_to_fit();
                event.kind = EventKind::Density {
                    track,
                    density: Box::new(density),
                };
                event.cause = None;
            }
            true
        }
        Some(Fate::Member(_) | Fate::Gone) => false,
        Some(Fate::Keep) | None => true,
    });
}
