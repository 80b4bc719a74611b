//! A thread's chip: its hue says who, filled means it runs, hollow that it does not.

use heddle_timeline::{HUES, Timeline};
use heddle_trace::ThreadKey;
use yew::prelude::*;

/// A chip with this hue and text.
pub fn chip(hue: u8, text: &str, runs: bool) -> Html {
    let hollow = if runs { "" } else { " h" };
    html! { <span class={format!("chip c{}{hollow}", u32::from(hue) % HUES)}>{ text.to_owned() }</span> }
}

/// The chip of a thread, and behind it where the thread is at home, where that is a question: on which computer, in which process.
pub fn thread_and_home(timeline: &Timeline, thread: ThreadKey, runs: bool) -> Html {
    html! {
        <>{ thread_chip(timeline, thread, runs) }if let Some(home) = timeline.home(thread) { { " " }<span class="home">{ home }</span> }</>
    }
}

/// The chip of a thread of the timeline.
pub fn thread_chip(timeline: &Timeline, thread: ThreadKey, runs: bool) -> Html {
    let people = timeline.people();
    chip(people.hue(thread), &people.chip(thread), runs)
}
