//! What connects the page's values to the browser (see the README of this folder).

pub mod browser;
pub mod engine;
pub mod keys;
pub mod link;
pub mod opening;
pub mod shelf;
