//! What is drawn (see the README of this folder).

pub mod app;
mod banner;
mod chip;
mod editor;
pub mod embed;
mod icon;
mod inspector;
mod machine_bar;
mod overlays;
mod page;
mod phone;
mod timeline;
mod topbar;
