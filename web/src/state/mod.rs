//! What the page knows, as plain values (see the README of this folder).

pub mod files;
pub mod kept;
pub mod lab;
pub mod recording;
pub mod run;
pub mod seen;
pub mod snippets;
pub mod survey;
pub mod sweep;
pub mod view;
pub mod words;
pub mod written;

pub use lab::{Action, Lab, Notice, Overlay, Severity, Tab};
pub use run::{Phase, Run};
pub use seen::own_place;
pub use sweep::Sweep;
pub use view::{Selection, View};
