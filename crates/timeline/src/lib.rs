//! The timeline's arithmetic: time scale, lanes, levels of detail, what to draw, hit test, and the words of the
//! hover card. No browser in it: the page only paints the draw list.

mod arrows;
mod between;
mod between_cards;
mod captions;
mod cards;
mod computers;
mod draw;
mod format;
mod hit;
mod layout;
mod layout_tasks;
mod minimap;
mod model;
mod moments;
mod people;
mod places;
mod range;
mod scale;
mod table;
mod task_cards;
mod tasks;
mod track;
mod vocabulary;
mod wait_graph;
mod why;
mod words;

pub use arrows::{ARROWS_IN_VIEW, Arrow, ArrowForm};
pub use between_cards::ProcessNow;
pub use draw::{MIN_PX, Viewport};
pub use format::{brief, duration, from_to, moment, percent};
pub use hit::Hit;
pub use layout::{GROUP_PX, GroupKey, Layout, Row, RowKind};
pub use minimap::MiniBar;
pub use model::{LaneKey, SliceRef, Timeline};
pub use moments::Moment;
pub use people::{HUES, People, Person, Process};
pub use range::RangeSummary;
pub use scale::{Tick, TimeScale};
pub use table::TableRow;
pub use task_cards::end_word;
pub use tasks::{Blocked, Group, Loop, Task, TaskKey, chain_of};
pub use track::{Slice, What};
pub use vocabulary::{DrawItem, Form, Part, Token};
pub use wait_graph::{WaitArrow, WaitBox, WaitEdge, WaitGraph, WaitNode};
pub use words::{Description, Word};
