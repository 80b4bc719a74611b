//! What a person makes of the tracks, shared by bar, labels, canvas and table: the arrangement, the search, what was said last.

use super::keys;
use crate::components::page::Page;
use gloo::utils::document;
use heddle_timeline::{Arrangement, Found, LaneKey, Layout, MOST_PINNED, RowKey};
use std::rc::Rc;
use yew::prelude::*;

/// See the module.
#[derive(Clone, Default, PartialEq)]
pub struct TrackState {
    arrangement: Rc<Arrangement>,
    /// What is searched for.
    pub letters: Rc<str>,
    /// The match that was gone to, by its place in their order.
    pub at: Option<usize>,
    /// Whether the popover is open.
    pub is_open: bool,
    said: Rc<str>,
}

impl TrackState {
    /// To change it.
    pub fn arrangement_mut(&mut self) -> &mut Arrangement {
        Rc::make_mut(&mut self.arrangement)
    }
}

/// A change of it.
pub struct Change(Box<dyn FnOnce(&mut TrackState)>);

impl Reducible for TrackState {
    type Action = Change;

    fn reduce(self: Rc<Self>, Change(change): Change) -> Rc<Self> {
        let mut state = (*self).clone();
        change(&mut state);
        Rc::new(state)
    }
}

/// The context of everything in the timeline's pane.
#[derive(Clone, PartialEq)]
pub struct Tracks {
    state: UseReducerHandle<TrackState>,
    /// What the search finds in the tracks that are let through.
    pub found: Rc<Found>,
}

impl Tracks {
    /// Changes the state.
    pub fn change(&self, change: impl FnOnce(&mut TrackState) + 'static) {
        self.state.dispatch(Change(Box::new(change)));
    }

    pub fn arrangement(&self) -> Rc<Arrangement> {
        Rc::clone(&self.state.arrangement)
    }

    pub fn letters(&self) -> Rc<str> {
        Rc::clone(&self.state.letters)
    }

    /// The match that was gone to.
    pub fn at(&self) -> Option<usize> {
        self.state.at
    }

    pub fn is_open(&self) -> bool {
        self.state.is_open
    }

    /// Opens the popover or closes it; the search begins in its field.
    pub fn open(&self, open: bool) {
        self.change(move |state| state.is_open = open);
    }

    /// What the live region says.
    pub fn said(&self) -> String {
        self.state.said.to_string()
    }

    /// Says something.
    pub fn say(&self, words: &str) {
        let words: Rc<str> = words.into();
        self.change(move |state| state.said = words);
    }

    /// Pins a track, or lets it go.
    pub fn pin(&self, layout: &Layout, lane: LaneKey) {
        let name = name_of(layout, RowKey::Lane(lane));
        self.change(move |state| {
            let words = match (state.arrangement_mut().pin(lane), state.arrangement.is_pinned(lane)) {
                (false, _) => format!("There is room for {MOST_PINNED} pinned tracks: let one of them go first."),
                (true, true) => format!("{name} is pinned at the top."),
                (true, false) => format!("{name} is back in its group."),
            };
            state.said = words.into();
        });
    }

    /// Moves a row by one among its siblings.
    pub fn shift(&self, layout: &Rc<Layout>, row: RowKey, down: bool) {
        let layout = Rc::clone(layout);
        self.change(move |state| {
            let name = name_of(&layout, row);
            let words = match state.arrangement_mut().shift(&layout, row, down) {
                Some((place, of)) => format!("{name} moved {}, now {place} of {of}.", way(down)),
                None => format!("{name} cannot be moved further {}.", way(down)),
            };
            state.said = words.into();
        });
    }

    /// Puts a row before a sibling, or after all of them.
    pub fn put(&self, layout: &Rc<Layout>, row: RowKey, before: Option<RowKey>) {
        let layout = Rc::clone(layout);
        self.change(move |state| {
            if state.arrangement_mut().put(&layout, row, before) {
                state.said = format!("{} moved.", name_of(&layout, row)).into();
            }
        });
    }

    /// Goes to the next match or the previous one: t, selection, the stretch of time and the scrolling.
    pub fn go(&self, page: &Page, back: bool) {
        let next = self.found.next(self.at(), page.lab.view.moment, back);
        let Some((place, one)) = next.and_then(|place| Some((place, *self.found.matches.get(place)?))) else {
            return self.say("Nothing is found.");
        };
        let mut arrangement = (*self.arrangement()).clone();
        let scroll = {
            let data = page.lab.recording.read();
            arrangement.show(&data.timeline, one.lane);
            let layout = data.timeline.arranged(&arrangement, &self.found);
            layout.reveal(one.lane, page.lab.view.scroll, lanes_height())
        };
        let count = self.found.matches.len();
        self.change(move |state| {
            state.arrangement = Rc::new(arrangement);
            state.at = Some(place);
            // The selected slice is read as well: this is only its number.
            state.said = format!("{} of {count}.", place + 1).into();
        });
        keys::go_to(page, one.at);
        page.look(move |view| {
            view.scroll = scroll;
            view.playing = false;
            view.selection.lane = Some(one.lane);
            view.selection.slice = one.slice;
        });
    }
}

fn way(down: bool) -> &'static str {
    if down { "down" } else { "up" }
}

fn name_of(layout: &Layout, row: RowKey) -> String {
    layout
        .row(row)
        .map_or_else(|| "The track".to_owned(), heddle_timeline::Row::name)
}

/// The height of the lanes in sight, px.
fn lanes_height() -> f64 {
    let canvas = document().query_selector(".can:not(.a)").ok().flatten();
    canvas.map_or(200.0, |canvas| f64::from(canvas.client_height()) - 24.0)
}

/// The state of a pane; another program begins with nothing arranged.
#[hook]
pub fn use_arranged(page: &Page) -> Tracks {
    let state = use_reducer(TrackState::default);
    {
        let state = state.clone();
        use_effect_with(page.lab.opened, move |_| {
            if *state != TrackState::default() {
                state.dispatch(Change(Box::new(|state| *state = TrackState::default())));
            }
        });
    }
    // While a run goes on, what was found before stays: a search of all of it with every chunk would hold it up.
    let latest = use_mut_ref(Rc::<Found>::default);
    let filter = state.arrangement.filter.clone();
    let recording = page.lab.recording.clone();
    let found = use_memo(
        (
            recording,
            state.letters.clone(),
            filter.kinds,
            filter.who,
            page.lab.run.is_active(),
        ),
        |(recording, letters, kinds, who, active)| {
            let mut latest = latest.borrow_mut();
            if !*active {
                let data = recording.read();
                let filter = heddle_timeline::Filter {
                    kinds: kinds.clone(),
                    who: who.clone(),
                    only_found: false,
                };
                *latest = Rc::new(data.timeline.search(&data.trace, letters, &filter));
            }
            Rc::clone(&latest)
        },
    );
    Tracks {
        state,
        found: Rc::clone(&found),
    }
}

/// The context.
#[hook]
pub fn use_tracks() -> Tracks {
    match use_context::<Tracks>() {
        Some(tracks) => tracks,
        None => unreachable!("the timeline's parts are drawn inside its pane"),
    }
}
