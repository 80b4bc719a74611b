//! The draw list: what a canvas has to paint for a view, as plain numbers and words.
//!
//! The vocabulary is that of `vocabulary.rs`: form and height say how much gets done, the token says which colour. Slices narrower
//! than [`MIN_PX`] are merged, on a grid that is fixed in time (so that nothing flickers while panning), into one
//! bar whose parts are the shares of time.

use crate::layout::{Layout, Row, WAIT_ROW_PX};
use crate::model::{Gil, LaneKey, SliceRef, Timeline};
use crate::scale::TimeScale;
use crate::tasks::TaskKey;
use crate::track::{Slice, Totals, Track, What, add_kinds};
use crate::vocabulary::{DrawItem, Form, Part, Token};
use heddle_trace::{LoopState, Nanos, StateClass, TaskEnd, ThreadKey, ThreadState, Trace};

/// Slices narrower than this are merged with their neighbours.
pub const MIN_PX: f64 = 3.0;
/// Bars narrower than this carry no text.
const TEXT_PX: f64 = 20.0;
/// Waits are not divided into parts narrower than this.
const PART_PX: f64 = 24.0;
/// How far over the edges of the view bars are drawn.
pub(crate) const OVER_PX: f64 = 4.0;
pub(crate) const RUN_PX: f64 = 20.0;
const WAIT_PX: f64 = 14.0;
const QUEUE_PX: f64 = 10.0;
/// Pickling stands out above the bar of which it is a part.
const PICKLE_PX: f64 = 24.0;
const IDLE_PX: f64 = 4.0;

/// What is in view.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Viewport {
    /// The stretch of time and its width.
    pub scale: TimeScale,
    /// How far the lanes are scrolled up, in px.
    pub scroll_y: f64,
    /// The height of the lanes' area, in px.
    pub height: f64,
    /// The selected slice.
    pub selected: Option<SliceRef>,
    /// Whether arrows are drawn at all.
    pub arrows: bool,
}

/// How a slice looks.
struct Look {
    form: Form,
    token: Token,
    height: f64,
    above: bool,
}

/// Where the bars of a track stand.
struct Place {
    lane: LaneKey,
    row: u8,
    base: f64,
    kind: Kind,
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Thread,
    /// Solid ribbons of this height.
    Owner(f64),
    /// Thin rows of waiters: of a GIL, or of a lock.
    Waiter(Token),
    /// Part of what a thread does while it runs.
    Pickle,
}

impl Timeline {
    /// Everything to paint, back to front.
    #[must_use]
    pub fn draw_list(&self, trace: &Trace, layout: &Layout, view: &Viewport) -> Vec<DrawItem> {
        let mut painter = Painter {
            timeline: self,
            trace,
            view,
            items: Vec::new(),
            under: 0,
        };
        painter.rest_of_time();
        let (pinned, others): (Vec<_>, Vec<_>) = layout.rows.iter().partition(|row| row.pinned);
        for row in others {
            let y = row.top(view.scroll_y);
            if y + row.height >= layout.pinned_px && y <= view.height {
                painter.lane(row, y);
            }
        }
        if !pinned.is_empty() {
            let under = painter.items.len();
            painter.items.push(DrawItem::Shelf { h: layout.pinned_px });
            for row in pinned {
                painter.lane(row, row.y);
            }
            painter.under = under;
        }
        if view.arrows {
            painter.arrows(layout);
        }
        painter.selection();
        if let Some(at) = self.torn {
            painter.items.push(DrawItem::Tear { x: view.scale.px(at) });
        }
        painter.items
    }
}

pub(crate) struct Painter<'a> {
    pub timeline: &'a Timeline,
    pub trace: &'a Trace,
    pub view: &'a Viewport,
    pub items: Vec<DrawItem>,
    /// How many of the items lie under the pinned rows.
    under: usize,
}

impl Painter<'_> {
    fn rest_of_time(&mut self) {
        let Some(at) = self.timeline.deadlock() else { return };
        let x = self.view.scale.px(at).max(-OVER_PX);
        let w = self.view.scale.width_px - x;
        if w > 0.0 {
            self.items.push(DrawItem::DeadRest { x, w });
        }
    }

    fn lane(&mut self, row: &Row, y: f64) {
        let Some(lane) = row.lane() else { return };
        let tracks = self.timeline.rows(lane);
        let place = |row, base, kind| Place { lane, row, base, kind };
        match lane {
            LaneKey::Core(_) | LaneKey::GilHeld(..) => {
                for track in tracks {
                    self.track(track, &place(0, y + row.height - 3.0, Kind::Owner(RUN_PX)));
                }
                if let LaneKey::GilHeld(process, gil) = lane
                    && let Some(gil) = self.timeline.gils.get(&(process, gil))
                {
                    self.notches(gil, y + 2.0);
                }
            }
            LaneKey::GilWaiting(..) => {
                for (n, track) in (0u8..).zip(tracks) {
                    let base = y + 10.0 + WAIT_ROW_PX * f64::from(n);
                    self.track(track, &place(n, base, Kind::Waiter(Token::Gil)));
                }
            }
            LaneKey::Thread(key) => {
                let base = y + row.height - 4.0;
                for (n, track) in (0u8..).zip(tracks) {
                    match n {
                        0 => self.track(track, &place(0, base, Kind::Thread)),
                        _ => self.track(track, &place(n, base, Kind::Pickle)),
                    }
                }
                self.post(key, base);
                self.ctrl_c(key, base);
            }
            LaneKey::Lock(..) => {
                for (n, track) in (0u8..).zip(tracks) {
                    let place = match n {
                        0 => place(0, y + 17.0, Kind::Owner(WAIT_PX)),
                        _ => place(n, y + 18.0 + WAIT_ROW_PX * f64::from(n), Kind::Waiter(Token::Lock)),
                    };
                    self.track(track, &place);
                }
            }
            LaneKey::Loop(..) => {
                for track in tracks {
                    self.track(track, &place(0, y + row.height - 4.0, Kind::Thread));
                }
            }
            LaneKey::Task(process, task) => {
                let base = y + row.height - 4.0;
                for track in tracks {
                    self.track(track, &place(0, base, Kind::Thread));
                }
                self.task_post((process, task), base);
            }
            LaneKey::ReadyTasks(process, event_loop) => {
                if let Some(one) = self.timeline.tasks.loops.get(&(process, event_loop)) {
                    self.steps(&one.ready, one.most_ready(), y, row.height);
                }
            }
            LaneKey::Channel(on, number) => {
                if let Some(channel) = self.timeline.exchange.channels.get(&(on, number)) {
                    self.steps(channel.steps(), channel.most(), y, row.height);
                }
            }
            LaneKey::Memory(on, object) => {
                if let Some(memory) = self.timeline.memories.get(&(on, object)) {
                    self.accesses(memory, y + 4.0);
                }
            }
            LaneKey::Waiting(process, gil) => {
                if let Some(gil) = self.timeline.gils.get(&(process, gil)) {
                    self.steps(&gil.steps, gil.most_waiting(), y, row.height);
                }
            }
        }
    }

    /// The slices of a track that are in view, narrow ones merged.
    fn track(&mut self, track: &Track, place: &Place) {
        let scale = self.view.scale;
        let (from, to) = scale.range();
        let cell = ((MIN_PX * scale.ns_per_px) as Nanos).max(1);
        let hue = |key| self.timeline.people().hue(key);
        let kinds = |slice: &Slice, totals: &mut Totals| add_kinds(slice, totals, hue);
        let mut index = track.first_after(from);
        while let Some(slice) = track.get(index).filter(|slice| slice.start <= to) {
            // An open slice is as long as it will get: never part of a merged one.
            let is_open = |index: usize| track.is_open() && index + 1 == track.slices().len();
            let open = is_open(index);
            let narrow = |slice: &Slice| (slice.length() as f64) < MIN_PX * scale.ns_per_px;
            let mut last = index + 1;
            if narrow(slice) && !open {
                let edge = (slice.start / cell).saturating_add(1).saturating_mul(cell);
                last = track.first_from(edge).max(index + 1);
                // The slice that crosses the cell's edge stands for itself if it is wide.
                if last > index + 1 && (is_open(last - 1) || track.get(last - 1).is_some_and(|slice| !narrow(slice))) {
                    last -= 1;
                }
            }
            if last > index + 1 {
                let end = track.get(last - 1).map_or(slice.end, |slice| slice.end);
                let totals = track.totals(index, last, kinds);
                self.merged(place, index, (slice.start, end), totals);
            } else {
                self.slice(place, index, slice, open);
            }
            index = last;
        }
    }

    fn clip(&self, start: Nanos, end: Nanos) -> (f64, f64) {
        let scale = self.view.scale;
        let x = scale.px(start).max(-OVER_PX);
        let right = scale.px(end).min(scale.width_px + OVER_PX);
        (x, (right - x).max(1.0))
    }

    fn reference(place: &Place, index: usize) -> SliceRef {
        SliceRef {
            lane: place.lane,
            row: place.row,
            index: u32::try_from(index).unwrap_or(u32::MAX),
        }
    }

    fn merged(&mut self, place: &Place, index: usize, span: (Nanos, Nanos), totals: Totals) {
        let whole = span.1.saturating_sub(span.0).max(1) as f64;
        let hue = self.hue(place.lane);
        let parts: Vec<_> = part_order(place.kind, hue)
            .filter_map(|(kind, form, token)| {
                let ns = totals.get(kind).copied().filter(|ns| *ns > 0)?;
                Some(Part {
                    form,
                    token,
                    share: ns as f64 / whole,
                })
            })
            .collect();
        if parts.is_empty() {
            return;
        }
        let (x, w) = self.clip(span.0, span.1);
        let h = match place.kind {
            Kind::Thread => RUN_PX,
            Kind::Pickle => PICKLE_PX,
            Kind::Owner(h) => h,
            Kind::Waiter(_) => 6.0,
        };
        self.items.push(DrawItem::Merged {
            slice: Self::reference(place, index),
            x,
            y: place.base - h,
            w,
            h,
            parts,
        });
    }

    fn slice(&mut self, place: &Place, index: usize, slice: &Slice, open: bool) {
        if let What::Density(_) = slice.what {
            let mut totals = Totals::default();
            add_kinds(slice, &mut totals, |key| self.timeline.people().hue(key));
            return self.merged(place, index, (slice.start, slice.end), totals);
        }
        let mut end = slice.end;
        if let Some((at, blocked)) = self.timeline.deadlock.as_ref().filter(|_| open) {
            let dead = match slice.what {
                What::Owned(key) => blocked.contains(&key) && matches!(place.kind, Kind::Waiter(_)),
                What::State(_) => matches!(place.lane, LaneKey::Thread(key) if blocked.contains(&key)),
                _ => false,
            };
            if dead {
                self.dead(place, index, slice, *at);
                end = *at;
                if slice.start >= end {
                    return;
                }
            } else {
                end = self.timeline.extent();
            }
        }
        let Some(look) = self.look(place, slice) else { return };
        let (x, w) = self.clip(slice.start, end);
        if self.handed_over(place, index, slice, end, &look) {
            return;
        }
        let fits = w >= TEXT_PX && !matches!(place.kind, Kind::Waiter(_));
        let text = if fits {
            self.timeline.slice_text(self.trace, place.lane, slice, slice.start)
        } else {
            None
        };
        self.items.push(DrawItem::Bar {
            slice: Self::reference(place, index),
            x,
            y: place.base - look.height,
            w,
            h: look.height,
            form: look.form,
            token: look.token,
            text,
            text_above: look.above,
        });
        if let (Kind::Waiter(_), What::Owned(key)) = (place.kind, &slice.what)
            && self.view.scale.px(slice.start) > -OVER_PX
        {
            let token = Token::Thread(self.timeline.people().hue(*key));
            self.items.push(DrawItem::Cap {
                x,
                y: place.base - 6.5,
                w: 4.0,
                h: 7.0,
                token,
            });
        }
    }

    /// A wait for a lock that goes from hand to hand: a part for each holder, where there is room to say so.
    fn handed_over(&mut self, place: &Place, index: usize, slice: &Slice, end: Nanos, look: &Look) -> bool {
        let (LaneKey::Thread(key), What::State(ThreadState::Blocked(reason))) = (place.lane, &slice.what) else {
            return false;
        };
        let mut holders = self.timeline.holders(key.process, slice, *reason);
        holders.retain(|(since, holder)| *holder != key && *since < end);
        let room = |from: Nanos, to: Nanos| self.view.scale.px(to) - self.view.scale.px(from) >= PART_PX;
        // From the end, so that a part too narrow to be told joins the one before it.
        let mut to = end;
        let mut parts: Vec<(Nanos, Nanos)> = Vec::new();
        for (since, _) in holders.iter().skip(1).rev() {
            if room(*since, to) && room(slice.start, *since) {
                parts.push((*since, to));
                to = *since;
            }
        }
        if parts.is_empty() {
            return false;
        }
        parts.push((slice.start, to));
        let (from, to) = self.view.scale.range();
        for (since, until) in parts.into_iter().rev().filter(|part| part.0 <= to && part.1 >= from) {
            let (x, w) = self.clip(since, until);
            self.items.push(DrawItem::Bar {
                slice: Self::reference(place, index),
                x,
                y: place.base - look.height,
                w,
                h: look.height,
                form: look.form,
                token: look.token,
                text: self.timeline.slice_text(self.trace, place.lane, slice, since),
                text_above: look.above,
            });
        }
        true
    }

    /// The part of a slice that will never end.
    fn dead(&mut self, place: &Place, index: usize, slice: &Slice, at: Nanos) {
        let (x, w) = self.clip(at, self.timeline.extent());
        let h = if place.kind == Kind::Thread { WAIT_PX } else { 6.0 };
        let fits = w >= TEXT_PX && place.kind == Kind::Thread;
        let text = if fits {
            self.timeline.slice_text(self.trace, place.lane, slice, at)
        } else {
            None
        };
        self.items.push(DrawItem::Bar {
            slice: Self::reference(place, index),
            x,
            y: place.base - h,
            w,
            h,
            form: Form::CrossHatch,
            token: Token::Dead,
            text,
            text_above: false,
        });
    }

    fn look(&self, place: &Place, slice: &Slice) -> Option<Look> {
        let look = |form, token, height, above| {
            Some(Look {
                form,
                token,
                height,
                above,
            })
        };
        match (&slice.what, place.kind) {
            (What::Owned(key), Kind::Owner(height)) => look(
                Form::Solid,
                Token::Thread(self.timeline.people().hue(*key)),
                height,
                false,
            ),
            (What::Owned(_), Kind::Waiter(Token::Lock)) => look(Form::HollowTinted, Token::Lock, 6.0, false),
            (What::Owned(_), Kind::Waiter(token)) => look(Form::Hatch, token, 6.0, false),
            (What::Pickle { .. }, _) => look(Form::Solid, Token::Thread(self.hue(place.lane)), PICKLE_PX, false),
            (What::Zombie(_), _) => look(Form::Hatch, Token::Idle, QUEUE_PX, true),
            (What::State(state), _) => class_look(state.class(), self.hue(place.lane)),
            (What::Task(state), _) => class_look(state.class(), self.hue(place.lane)),
            (What::Loop(state), _) => self.loop_look(place.lane, slice, *state),
            _ => None,
        }
    }

    /// The hue of a lane's own bars.
    fn hue(&self, lane: LaneKey) -> u8 {
        match lane {
            LaneKey::Thread(key) => self.timeline.people().hue(key),
            LaneKey::Task(process, task) => self.timeline.task((process, task)).map_or(0, |task| task.hue),
            _ => 0,
        }
    }

    /// A loop's own work is low and grey, a step has its task's hue, and what keeps others waiting is red.
    fn loop_look(&self, lane: LaneKey, slice: &Slice, state: LoopState) -> Option<Look> {
        let LaneKey::Loop(process, event_loop) = lane else {
            return None;
        };
        let look = |form, token, height, above| Look {
            form,
            token,
            height,
            above,
        };
        Some(match state {
            LoopState::Turn { .. } => look(Form::Solid, Token::Idle, WAIT_PX, false),
            LoopState::Select { .. } => look(Form::Dashes, Token::Idle, IDLE_PX, true),
            LoopState::Callback { task, .. } => {
                let token = match task {
                    _ if self.timeline.blocks(process, event_loop, slice) => Token::Bad,
                    Some(task) => Token::Thread(self.hue(LaneKey::Task(process, task))),
                    None => Token::Thread(0),
                };
                look(Form::Solid, token, RUN_PX, false)
            }
            LoopState::Stopped => return None,
        })
    }

    /// The end of a task: a post, red if it failed or was lost, grey if it was cancelled.
    fn task_post(&mut self, key: TaskKey, base: f64) {
        let Some((end, how)) = self.timeline.task_end(key) else {
            return;
        };
        let x = self.view.scale.px(end.at);
        if (-OVER_PX..=self.view.scale.width_px + OVER_PX).contains(&x) {
            let token = match how {
                _ if end.failed => Token::Bad,
                TaskEnd::Cancelled => Token::Idle,
                _ => Token::Ink,
            };
            let (y, h) = (base - RUN_PX, RUN_PX);
            self.items.push(DrawItem::Post { x, y, h, token });
        }
    }

    /// Drop requests that were granted: at the end of the ribbon that they ended.
    fn notches(&mut self, gil: &Gil, y: f64) {
        let (from, to) = self.view.scale.range();
        let mut index = gil.held.first_after(from);
        let mut last_x = f64::NEG_INFINITY;
        while let Some(slice) = gil.held.get(index).filter(|slice| slice.end <= to) {
            index += 1;
            let forced = slice
                .end_event
                .is_some_and(|event| self.timeline.forced_drop(self.trace, event));
            let x = self.view.scale.px(slice.end);
            if forced && x - last_x >= 9.0 {
                self.items.push(DrawItem::Notch { x, y: y + 6.0 });
                last_x = x;
            } else if x - last_x < 9.0 {
                // Where notches would touch, skip ahead by a notch's width.
                index = index.max(gil.held.first_after(self.view.scale.ns(last_x + 9.0)));
            }
        }
    }

    fn post(&mut self, key: ThreadKey, base: f64) {
        let Some(end) = self.timeline.ends.get(&key) else {
            return;
        };
        let x = self.view.scale.px(end.at);
        if (-OVER_PX..=self.view.scale.width_px + OVER_PX).contains(&x) {
            let token = if end.failed { Token::Bad } else { Token::Ink };
            self.items.push(DrawItem::Post {
                x,
                y: base - RUN_PX,
                h: RUN_PX,
                token,
            });
        }
    }

    /// A flag where Ctrl-C was pressed.
    fn ctrl_c(&mut self, key: ThreadKey, base: f64) {
        for (_, at) in self.timeline.ctrl_c.iter().filter(|(who, _)| *who == key) {
            let x = self.view.scale.px(*at);
            if (-OVER_PX..=self.view.scale.width_px + OVER_PX).contains(&x) {
                let (y, h) = (base - RUN_PX - 2.0, RUN_PX + 2.0);
                self.items.push(DrawItem::CtrlC { x, y, h });
            }
        }
    }

    /// The counter: at most one level, the greatest, per px.
    fn steps(&mut self, steps: &[(Nanos, u64)], max: u64, y: f64, height: f64) {
        let scale = self.view.scale;
        let (from, to) = scale.range();
        let base = y + height - 3.0;
        let unit = (height - 9.0) / (max.max(1) as f64) / 1000.0;
        let end = to.min(self.timeline.end);
        let first = steps.partition_point(|(at, _)| *at <= from);
        let mut level = first
            .checked_sub(1)
            .and_then(|i| steps.get(i))
            .map_or(0, |(_, level)| *level);
        let mut points = vec![(scale.px(from).max(0.0), base - level as f64 * unit)];
        let mut index = first;
        while let Some((at, _)) = steps.get(index).filter(|(at, _)| *at <= end) {
            let next = scale.ns(scale.px(*at) + 1.0).max(at + 1);
            let after = index + steps[index..].partition_point(|(at, _)| *at < next);
            let peak = steps[index..after]
                .iter()
                .map(|(_, level)| *level)
                .max()
                .unwrap_or(level);
            level = steps.get(after.wrapping_sub(1)).map_or(level, |(_, level)| *level);
            points.push((scale.px(*at), base - peak as f64 * unit));
            if peak != level {
                points.push((scale.px(next), base - level as f64 * unit));
            }
            index = after;
        }
        points.push((scale.px(end), base - level as f64 * unit));
        self.items.push(DrawItem::Steps { points, base, max });
    }

    fn selection(&mut self) {
        let Some(selected) = self.view.selected else { return };
        // Of several parts one frame around all.
        let edge = match self.items.get(self.under) {
            Some(DrawItem::Shelf { h }) => *h,
            _ => f64::NEG_INFINITY,
        };
        let frame = self
            .items
            .iter()
            .enumerate()
            .filter(|(at, item)| {
                *at >= self.under
                    || !matches!(item, DrawItem::Bar { y, h, .. } | DrawItem::Merged { y, h, .. } if y + h <= edge)
            })
            .filter_map(|(_, item)| match item {
                DrawItem::Bar { slice, x, y, w, h, .. } if *slice == selected => Some((*x, *y, x + w, y + h)),
                DrawItem::Merged { slice, x, y, w, h, .. } if *slice == selected => Some((*x, *y, x + w, y + h)),
                _ => None,
            })
            .reduce(|a, b| (a.0.min(b.0), a.1.min(b.1), a.2.max(b.2), a.3.max(b.3)));
        if let Some((left, top, right, bottom)) = frame {
            self.items.push(DrawItem::Frame {
                x: left - 1.0,
                y: top - 1.0,
                w: right - left + 2.0,
                h: bottom - top + 2.0,
            });
        }
    }
}

/// How a class of states looks on a lane of that hue.
fn class_look(class: StateClass, hue: u8) -> Option<Look> {
    let (form, token, height, above) = match class {
        StateClass::Running => (Form::Solid, Token::Thread(hue), RUN_PX, false),
        StateClass::Native => (Form::Lines, Token::Thread(hue), RUN_PX, false),
        StateClass::Blocked => (Form::HollowTinted, Token::Lock, WAIT_PX, false),
        StateClass::Joining => (Form::Hollow, Token::Idle, WAIT_PX, false),
        StateClass::GilWait => (Form::Hatch, Token::Gil, QUEUE_PX, false),
        StateClass::Ready => (Form::Dots, Token::Core, QUEUE_PX, false),
        StateClass::Asleep => (Form::Solid, Token::Idle, IDLE_PX, true),
        StateClass::Io => (Form::Dashes, Token::Idle, IDLE_PX, true),
        StateClass::Finished => return None,
    };
    Some(Look {
        form,
        token,
        height,
        above,
    })
}

/// The parts of a merged bar from the base line upwards: index in the totals, form, colour.
fn part_order(kind: Kind, hue: u8) -> Box<dyn Iterator<Item = (usize, Form, Token)>> {
    let running = (StateClass::Running.index(), Form::Solid, Token::Thread(hue));
    let classes = [
        (StateClass::Native, Form::Lines, Token::Thread(hue)),
        (StateClass::GilWait, Form::Hatch, Token::Gil),
        (StateClass::Ready, Form::Dots, Token::Core),
        (StateClass::Blocked, Form::HollowTinted, Token::Lock),
        (StateClass::Joining, Form::Hollow, Token::Idle),
        (StateClass::Asleep, Form::Solid, Token::Idle),
        (StateClass::Io, Form::Dashes, Token::Idle),
        // Of what is finished only zombies have slices.
        (StateClass::Finished, Form::Hatch, Token::Idle),
    ];
    match kind {
        Kind::Thread => {
            let rest = classes
                .into_iter()
                .map(|(class, form, token)| (class.index(), form, token));
            Box::new(std::iter::once(running).chain(rest))
        }
        Kind::Pickle => Box::new(std::iter::once(running)),
        Kind::Owner(_) => Box::new((1..=8).map(|kind| (usize::from(kind), Form::Solid, Token::Thread(kind - 1)))),
        Kind::Waiter(token) => Box::new((1..=8).map(move |kind| (kind, Form::Hatch, token))),
    }
}
