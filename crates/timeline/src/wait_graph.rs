//! Who waits for whom at a moment, as a graph with places to draw it at.
//!
//! A thread waits for one thing and a lock has one owner, so every node has at most one arrow out of it: whoever follows the arrows
//! comes to an end or into a cycle. Cycles stand on an ellipse, ends alone; what leads there stands in columns to the left,
//! by its distance. One part of the graph below the other.

use crate::model::{LaneKey, Timeline};
use crate::track::What;
use heddle_trace::{BlockReason, EventKind, Nanos, ObjectId, ProcessId, StateClass, ThreadKey, ThreadState, Trace};
use std::f64::consts::TAU;

/// Waiting threads beyond this many are counted, not drawn; those on a cycle come first.
const MOST_WAITERS: usize = 14;
/// Letters of an object's name.
const NAME_CHARS: usize = 16;
const COLUMN_PX: f64 = 132.0;
const ROW_PX: f64 = 50.0;
const MARGIN_PX: f64 = 26.0;
/// Half the size of a thread's box; an object's is as wide as its name.
const THREAD_PX: (f64, f64) = (51.0, 18.0);
const OBJECT_PX: f64 = 14.0;
const LETTER_PX: f64 = 6.6;

/// What a node is.
#[derive(Clone, Debug, PartialEq)]
pub enum WaitNode {
    /// A thread, with the line at which it stands (0 if unknown).
    Thread {
        key: ThreadKey,
        chip: String,
        hue: u8,
        line: u32,
    },
    /// What it waits for: a lock, a queue …
    Object { name: String },
}

/// A node at its place.
#[derive(Clone, Debug, PartialEq)]
pub struct WaitBox {
    /// What.
    pub node: WaitNode,
    /// Its middle, in px.
    pub at: (f64, f64),
    /// Half its width and height, in px.
    pub half: (f64, f64),
    /// Whether it is part of a cycle: none of those can ever go on.
    pub in_cycle: bool,
}

/// What an arrow says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WaitArrow {
    /// A thread wants an object.
    WaitsFor,
    /// An object belongs to a thread.
    HeldBy,
    /// A thread waits for another to end.
    Joins,
}

/// An arrow at its place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WaitEdge {
    /// What it says.
    pub says: WaitArrow,
    /// Where it begins and ends: on the edges of two boxes.
    pub from: (f64, f64),
    pub to: (f64, f64),
    /// The boxes, as indices.
    pub boxes: (usize, usize),
}

/// See the module.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct WaitGraph {
    /// The boxes.
    pub boxes: Vec<WaitBox>,
    /// The arrows.
    pub edges: Vec<WaitEdge>,
    /// How many threads are on cycles.
    pub cycle_threads: usize,
    /// How many waiting threads are not shown.
    pub left_out: usize,
    /// Width and height, in px.
    pub size: (f64, f64),
}

/// A node before it has a place, and what it points at.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Who {
    Thread(ThreadKey),
    Object(ProcessId, ObjectId),
}

#[derive(Default)]
struct Links {
    who: Vec<Who>,
    next: Vec<Option<(usize, WaitArrow)>>,
    in_cycle: Vec<bool>,
}

impl Links {
    fn node(&mut self, who: Who) -> usize {
        self.who.iter().position(|one| *one == who).unwrap_or_else(|| {
            self.who.push(who);
            self.next.push(None);
            self.who.len() - 1
        })
    }

    fn link(&mut self, from: Who, says: WaitArrow, to: Who) {
        let (from, to) = (self.node(from), self.node(to));
        self.next[from] = Some((to, says));
    }

    fn follow(&self, node: usize) -> Option<usize> {
        self.next.get(node).copied().flatten().map(|(next, _)| next)
    }

    /// The cycles, each in the order of its arrows.
    fn cycles(&mut self) -> Vec<Vec<usize>> {
        let mut cycles: Vec<Vec<usize>> = Vec::new();
        self.in_cycle = vec![false; self.who.len()];
        let mut seen = vec![0; self.who.len()];
        for start in 0..self.who.len() {
            let mut at = Some(start);
            while let Some(node) = at.filter(|node| seen[*node] == 0) {
                seen[node] = start + 1;
                at = self.follow(node);
            }
            if let Some(first) = at.filter(|node| seen[*node] == start + 1 && !self.in_cycle[*node]) {
                let mut cycle = vec![first];
                while let Some(next) = self.follow(cycle[cycle.len() - 1]).filter(|next| *next != first) {
                    cycle.push(next);
                }
                for node in &cycle {
                    self.in_cycle[*node] = true;
                }
                cycles.push(cycle);
            }
        }
        cycles
    }

    /// What leads to these nodes, by its distance: the nearest first.
    fn tails(&self, core: &[usize]) -> Vec<Vec<usize>> {
        let mut columns: Vec<Vec<usize>> = Vec::new();
        let mut last = core.to_vec();
        loop {
            let leads =
                |node: &usize| !core.contains(node) && self.follow(*node).is_some_and(|next| last.contains(&next));
            let column: Vec<usize> = (0..self.who.len()).filter(leads).collect();
            // Each node has one arrow, so none comes twice and the columns come to an end.
            if column.is_empty() {
                return columns;
            }
            last.clone_from(&column);
            columns.push(column);
        }
    }
}

impl Timeline {
    /// Who waits for whom at a moment. Waits for the GIL, for a core and for time are not in it: they end by themselves.
    #[must_use]
    pub fn wait_graph(&self, trace: &Trace, at: Nanos) -> WaitGraph {
        let mut links = Links::default();
        let mut waiting = 0;
        let threads = self.people().threads();
        // Who is blocked by a deadlock comes first: those are few and matter most.
        let blocked = self
            .deadlock
            .as_ref()
            .filter(|(since, _)| at >= *since)
            .map(|(_, blocked)| blocked);
        let matters = |key: &ThreadKey| blocked.is_some_and(|blocked| blocked.contains(key));
        let mut keys: Vec<ThreadKey> = threads.iter().map(|person| person.key).collect();
        keys.sort_by_key(|key| !matters(key));
        for key in keys {
            let Some(reason) = self.blocked_by(key, at) else {
                continue;
            };
            waiting += 1;
            if waiting <= MOST_WAITERS {
                self.link(&mut links, key, reason, at);
            }
        }
        let mut graph = self.place(trace, &mut links, at);
        graph.left_out = waiting.saturating_sub(MOST_WAITERS);
        graph
    }

    fn blocked_by(&self, key: ThreadKey, at: Nanos) -> Option<BlockReason> {
        let slice = self.slice(self.slice_at(LaneKey::Thread(key), at)?)?;
        match slice.what {
            What::State(ThreadState::Blocked(reason)) => {
                matches!(reason.class(), StateClass::Blocked | StateClass::Joining).then_some(reason)
            }
            _ => None,
        }
    }

    fn link(&self, links: &mut Links, key: ThreadKey, reason: BlockReason, at: Nanos) {
        let process = key.process;
        if let BlockReason::Join { thread } = reason {
            return links.link(
                Who::Thread(key),
                WaitArrow::Joins,
                Who::Thread(ThreadKey { process, thread }),
            );
        }
        let Some(object) = reason.object() else { return };
        links.link(Who::Thread(key), WaitArrow::WaitsFor, Who::Object(process, object));
        let lane = LaneKey::Lock(process, object);
        let held = self.slice_at(lane, at).and_then(|slice| self.slice(slice));
        if let Some(What::Owned(owner)) = held.map(|slice| &slice.what) {
            links.link(Who::Object(process, object), WaitArrow::HeldBy, Who::Thread(*owner));
        }
    }

    fn place(&self, trace: &Trace, links: &mut Links, at: Nanos) -> WaitGraph {
        let mut cores = links.cycles();
        cores.extend(
            (0..links.who.len())
                .filter(|node| links.follow(*node).is_none())
                .map(|node| vec![node]),
        );
        let mut places = vec![(0.0, 0.0); links.who.len()];
        let (mut top, mut width) = (0.0, 0.0_f64);
        for core in &cores {
            let tails = links.tails(core);
            let left = COLUMN_PX * tails.len() as f64;
            let (core_width, core_height) = core_size(core.len());
            let rows = tails.iter().map(Vec::len).max().unwrap_or(0);
            let height = core_height.max(ROW_PX * rows as f64);
            for (distance, column) in tails.iter().enumerate() {
                let x = left - COLUMN_PX * (distance as f64 + 0.5);
                let first = top + (height - ROW_PX * column.len() as f64) / 2.0;
                for (n, node) in column.iter().enumerate() {
                    places[*node] = (x, first + ROW_PX * (n as f64 + 0.5));
                }
            }
            let middle = (left + core_width / 2.0, top + height / 2.0);
            let radius = (core_width / 2.0 - COLUMN_PX / 2.0, core_height / 2.0 - ROW_PX / 2.0);
            for (n, node) in core.iter().enumerate() {
                // From the upper left on, clockwise.
                let angle = TAU * (n as f64 / core.len() as f64 - 0.375);
                places[*node] = if core.len() == 1 {
                    middle
                } else {
                    (middle.0 + radius.0 * angle.cos(), middle.1 + radius.1 * angle.sin())
                };
            }
            top += height;
            width = width.max(left + core_width);
        }
        let boxes: Vec<WaitBox> = (0..links.who.len())
            .map(|node| self.boxed(trace, links, node, places[node], at))
            .collect();
        let edges = links.next.iter().enumerate();
        let edges = edges.filter_map(|(from, next)| next.map(|(to, says)| edge(&boxes, from, to, says)));
        let on_cycle = |one: &&WaitBox| one.in_cycle && matches!(one.node, WaitNode::Thread { .. });
        WaitGraph {
            edges: edges.collect(),
            cycle_threads: boxes.iter().filter(on_cycle).count(),
            left_out: 0,
            size: (width, top),
            boxes,
        }
    }

    fn boxed(&self, trace: &Trace, links: &Links, node: usize, place: (f64, f64), at: Nanos) -> WaitBox {
        let (node_, half) = match links.who[node] {
            Who::Thread(key) => {
                let person = WaitNode::Thread {
                    key,
                    chip: self.people().chip(key),
                    hue: self.people().hue(key),
                    line: self.line_at(trace, key, at),
                };
                (person, THREAD_PX)
            }
            Who::Object(process, object) => {
                let mut name = self.people().object(process, object, "object");
                if name.chars().count() > NAME_CHARS {
                    name = name.chars().take(NAME_CHARS - 1).chain(['\u{2026}']).collect();
                }
                let half = (name.chars().count() as f64 * LETTER_PX / 2.0 + 10.0).max(28.0);
                (WaitNode::Object { name }, (half, OBJECT_PX))
            }
        };
        WaitBox {
            node: node_,
            at: place,
            half,
            in_cycle: links.in_cycle.get(node).copied().unwrap_or(false),
        }
    }

    /// The line at which a thread stands, 0 if unknown.
    fn line_at(&self, trace: &Trace, key: ThreadKey, at: Nanos) -> u32 {
        let slice = self
            .slice_at(LaneKey::Thread(key), at)
            .and_then(|slice| self.slice(slice));
        let event = slice.and_then(|slice| trace.events.get(slice.event as usize));
        match event.map(|event| &event.kind) {
            Some(EventKind::State { line, .. }) => *line,
            _ => 0,
        }
    }
}

/// The room that a cycle of so many nodes takes, or a single one.
fn core_size(nodes: usize) -> (f64, f64) {
    match nodes {
        0 | 1 => (COLUMN_PX, ROW_PX),
        n => (
            COLUMN_PX * 2.0 + 20.0 * n as f64,
            (34.0 * n as f64).max(112.0) + MARGIN_PX,
        ),
    }
}

/// An arrow from the edge of one box to the edge of another.
fn edge(boxes: &[WaitBox], from: usize, to: usize, says: WaitArrow) -> WaitEdge {
    let (a, b) = (&boxes[from], &boxes[to]);
    let (dx, dy) = (b.at.0 - a.at.0, b.at.1 - a.at.1);
    // How far along the line from the middle the edge of a box is.
    let out = |half: (f64, f64)| {
        let (x, y) = (half.0 / dx.abs().max(1e-9), half.1 / dy.abs().max(1e-9));
        x.min(y).min(0.5)
    };
    let (leave, arrive) = (out(a.half), out((b.half.0 + 2.0, b.half.1 + 2.0)));
    WaitEdge {
        says,
        from: (a.at.0 + dx * leave, a.at.1 + dy * leave),
        to: (b.at.0 - dx * arrive, b.at.1 - dy * arrive),
        boxes: (from, to),
    }
}
