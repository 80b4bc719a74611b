//! The Output tab: what the program wrote, line by line, with the moment and the thread. A click goes to the moment.

use crate::components::chip::thread_chip;
use crate::components::page::use_page;
use heddle_protocol::{Ending, OutputChunk};
use heddle_timeline::moment;
use heddle_trace::{ProcessId, ThreadId, ThreadKey};
use yew::prelude::*;

/// More lines than this are not drawn at once: the last ones are.
const DRAWN_LINES: usize = 2_000;

/// A line of output, made of the pieces that one thread wrote to one stream.
#[derive(Clone, Debug, PartialEq)]
struct Line {
    time_ns: u64,
    is_error: bool,
    thread: ThreadKey,
    text: String,
    ended: bool,
}

/// Joins pieces into lines: a piece goes on where its own thread and stream left off.
fn lines(chunks: &[OutputChunk]) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    for chunk in chunks {
        let thread = ThreadKey {
            process: ProcessId(chunk.process),
            thread: ThreadId(chunk.thread),
        };
        for piece in chunk.text.split_inclusive('\n') {
            let ended = piece.ends_with('\n');
            let text = piece.strip_suffix('\n').unwrap_or(piece);
            let open = lines
                .iter_mut()
                .rev()
                .take(64)
                .find(|line| line.thread == thread && line.is_error == chunk.is_error);
            match open {
                Some(line) if !line.ended => {
                    line.text.push_str(text);
                    line.ended = ended;
                }
                _ => lines.push(Line {
                    time_ns: chunk.time_ns,
                    is_error: chunk.is_error,
                    thread,
                    text: text.to_owned(),
                    ended,
                }),
            }
        }
    }
    lines
}

/// How many lines have been ended (the badge of the tab; cheaper than joining them).
pub fn line_count(chunks: &[OutputChunk]) -> usize {
    chunks.iter().map(|chunk| chunk.text.matches('\n').count()).sum()
}

/// See the module.
#[function_component(OutputTab)]
pub fn output_tab() -> Html {
    let page = use_page();
    let lab = &page.lab;
    let lines = use_memo(lab.run.output.clone(), |chunks| lines(chunks));
    let data = lab.recording.read();
    let skipped = lines.len().saturating_sub(DRAWN_LINES);
    let rows = lines.iter().skip(skipped).map(|line| {
        let at = line.time_ns;
        let go = {
            let page = page.clone();
            Callback::from(move |_| page.look(move |view| view.moment = at))
        };
        html! {
            <button class={classes!("outline", line.is_error.then_some("err"))} onclick={go} title="Go to the moment it was written">
                <span class="t3">{ moment(at) }</span>
                <span>{ thread_chip(&data.timeline, line.thread, true) }</span>
                <span class="tx">{ line.text.clone() }</span>
            </button>
        }
    });
    html! {
        <>
            <div class="written" role="log" aria-label="Output">
                if skipped > 0 { <p class="t3">{ format!("{skipped} earlier lines are not shown") }</p> }
                { for rows }
            </div>
            { footer(lab) }
        </>
    }
}

fn footer(lab: &crate::state::Lab) -> Html {
    let words = match lab.run.ending() {
        Some(Ending::Exited { status: 0, .. }) if lab.run.output.is_empty() => {
            "The program ended and wrote nothing.".to_owned()
        }
        Some(Ending::Exited { status: 0, .. }) => "Click a line to go to the moment it was printed.".to_owned(),
        Some(Ending::Exited { status, uncaught: None }) => format!("Exit status {status}."),
        Some(Ending::Exited {
            status,
            uncaught: Some(error),
        }) => format!("Ended by {error}; exit status {status}."),
        Some(Ending::Stopped) => "Stopped.".to_owned(),
        Some(Ending::Limit { what }) => format!("Ended at a limit: {what}."),
        Some(Ending::Deadlock { .. }) => "The program is deadlocked.".to_owned(),
        None if lab.run.is_active() => "Running…".to_owned(),
        None if lab.run.output.is_empty() => "What the program writes appears here.".to_owned(),
        None => String::new(),
    };
    html! { <p class="t3 s12" style="margin-top:12px">{ words }</p> }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chunk(thread: u32, is_error: bool, text: &str) -> OutputChunk {
        OutputChunk {
            time_ns: u64::from(thread),
            is_error,
            process: 1,
            thread,
            text: text.into(),
        }
    }

    #[test]
    fn pieces_join_by_thread_and_stream() {
        let chunks = [
            chunk(1, false, "a"),
            chunk(2, false, "b\n"),
            chunk(1, false, "c\nd"),
            chunk(1, true, "e\n"),
        ];
        let texts: Vec<_> = lines(&chunks).into_iter().map(|line| line.text).collect();
        assert_eq!(texts, ["ac", "b", "d", "e"]);
        assert_eq!(line_count(&chunks), 3);
    }
}
