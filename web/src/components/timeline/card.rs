//! The hover card: who, state, duration, why, from and to.

use crate::components::chip::chip;
use heddle_timeline::{Description, Word};
use yew::prelude::*;

/// A sentence with the threads in it as chips.
pub fn sentence(words: &[Word], runs: bool) -> Html {
    words
        .iter()
        .map(|word| match word {
            Word::Text(text) => html! { { text.clone() } },
            Word::Thread { chip: text, hue, .. } | Word::Task { chip: text, hue, .. } => chip(*hue, text, runs),
        })
        .collect()
}

/// The inside of a card.
pub fn card(card: &Description) -> Html {
    html! {
        <>
            <div class="row" style="gap:6px">
                if let Some(who) = &card.who { { sentence(std::slice::from_ref(who), card.runs) } }
                <b class="b">{ card.title.clone() }</b><span class="grow"></span><span class="num b">{ card.duration.clone() }</span>
            </div>
            if !card.why.is_empty() { <div class="t2" style="margin-top:4px">{ sentence(&card.why, true) }</div> }
            <div class="row t3 s11" style="margin-top:6px;gap:12px"><span>{ card.span.clone() }</span><span class="grow"></span><span class="no-phone">{ "double-click zooms" }</span></div>
        </>
    }
}
