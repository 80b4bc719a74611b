//! What hover cards say of forks, messages, pickling and zombies.

use crate::arrows::{Arrow, Carried};
use crate::between::{ChannelKey, Copied, Deed, Message};
use crate::format::{counted, duration, from_to, moment, size};
use crate::model::{LaneKey, Timeline};
use crate::processes::{ended, level};
use crate::track::{Slice, What};
use crate::words::{Description, Sentence, Word};
use heddle_trace::{Between, Nanos, ThreadKey, Trace};

/// Most deeds that are told of one slice.
const MOST_DEEDS: usize = 3;

impl Timeline {
    /// The card of a pickle or a zombie.
    pub(crate) fn describe_between(&self, trace: &Trace, lane: LaneKey, slice: &Slice) -> Option<Description> {
        let LaneKey::Thread(key) = lane else { return None };
        let (runs, title, why) = match slice.what {
            What::Pickle { text, loads } => {
                let title = if loads { "reads a pickle" } else { "pickles" };
                let why = if loads {
                    "Bytes that came from elsewhere become an object again: "
                } else {
                    "To leave the process, an object must become bytes: "
                };
                (true, title.to_owned(), self.sentence().text(why).text(trace.text(text)))
            }
            What::Zombie(status) => {
                let parent = self.exchange.copies.get(&key.process).map(|copied| copied.by);
                let s = self.sentence().text(format!("It {}. ", ended(status)));
                let s = match parent {
                    Some(parent) => s.thread(ThreadKey::main(parent.process)),
                    None => s.text("Its parent"),
                };
                let s = if slice.end_event.is_some() {
                    s.text(format!(" asks for that at {}, and it is gone.", moment(slice.end)))
                } else {
                    s.text(" never asks for that.")
                };
                (false, "zombie".to_owned(), s)
            }
            _ => return None,
        };
        Some(Description {
            who: Some(self.word(key)),
            runs,
            title,
            duration: duration(slice.length()),
            why: why.words,
            span: from_to(slice.start, slice.end),
        })
    }

    /// What is in a channel at a moment.
    pub(crate) fn describe_channel(&self, key: ChannelKey, at: Nanos) -> Option<Description> {
        let channel = self.exchange.channels.get(&key)?;
        let title = if channel.framed {
            let waiting = counted(level(&channel.messages, at), "message", "messages");
            format!("{}: {waiting}", channel.title())
        } else {
            channel.title()
        };
        let all = self.exchange.messages.iter().filter(|message| message.channel == key);
        let (count, sum) = all.fold((0, 0), |(count, sum), message| (count + 1, sum + message.bytes));
        let all = format!("{}, {}", counted(count, "message", "messages"), size(sum));
        let why = if !self.is_folded {
            format!("In the pipe now. In the whole run {all}.")
        } else {
            format!("In the pipe now. Known of the whole run, short parts of which are left out: {all}.")
        };
        Some(Description {
            who: None,
            runs: false,
            title,
            duration: size(level(&channel.bytes, at)),
            why: self.sentence().text(why).words,
            span: moment(at),
        })
    }

    /// The card of an arrow that carries something.
    pub(crate) fn describe_arrow(&self, trace: &Trace, arrow: &Arrow) -> Option<Description> {
        let (LaneKey::Thread(from), LaneKey::Thread(to)) = (arrow.from.0, arrow.to.0) else {
            return None;
        };
        let (title, why) = match arrow.carries? {
            Carried::Message(number) => {
                let message = self.exchange.messages.get(number as usize)?;
                let through = self.exchange.channels.get(&message.channel)?.title();
                let s = self.sentence().text("To ").thread(to);
                let s = s.text(format!(" through {through}: {}.", said(trace, message)));
                ("sends a message".to_owned(), s)
            }
            Carried::Copy(child) => {
                let copied = self.exchange.copies.get(&child)?;
                let s = self.sentence().thread(to);
                (
                    "forks".to_owned(),
                    s.text(format!(
                        " is a copy: {}. It shares nothing with the original but descriptors.",
                        copied.words()
                    )),
                )
            }
        };
        Some(Description {
            who: Some(self.word(from)),
            runs: true,
            title,
            duration: duration(arrow.to.1.saturating_sub(arrow.from.1)),
            why: why.words,
            span: from_to(arrow.from.1, arrow.to.1),
        })
    }

    /// What is written at an arrow where there is room.
    pub(crate) fn arrow_text(&self, trace: &Trace, arrow: &Arrow) -> Option<String> {
        Some(match arrow.carries? {
            Carried::Message(number) => said(trace, self.exchange.messages.get(number as usize)?),
            Carried::Copy(child) => format!("copies {}", size(self.exchange.copies.get(&child)?.bytes)),
        })
    }

    /// Adds what the thread did to and with others between two moments.
    pub(crate) fn tell_deeds<'a>(
        &'a self,
        trace: &Trace,
        mut s: Sentence<'a>,
        key: ThreadKey,
        (from, to): (Nanos, Nanos),
    ) -> Sentence<'a> {
        let mut deeds = self.exchange.deeds(key, from, to);
        for (_, deed) in deeds.by_ref().take(MOST_DEEDS) {
            s = self.tell_deed(trace, s.text(" It "), *deed).text(".");
        }
        match deeds.count() {
            0 => s,
            more => s.text(format!(" And {more} more.")),
        }
    }

    /// An event in words; nothing for those that prepare others.
    pub(crate) fn tell_between(&self, trace: &Trace, key: ThreadKey, at: Nanos, between: Between) -> Option<Vec<Word>> {
        if let Between::Pickled { ns, text, loads } = between {
            let verb = if loads { "reads the pickle of" } else { "pickles" };
            let text = format!("{verb} {} in {}", trace.text(text), duration(ns));
            return Some(self.sentence().text(text).words);
        }
        let is_it = |deed: &Deed| match (between, deed) {
            (Between::Forked { child, .. }, Deed::Forked(one)) => child == *one,
            (Between::Reaped { child }, Deed::Reaped(one)) => child == *one,
            (Between::Written(_), Deed::Sent(_)) | (Between::Read(_), Deed::Received(_)) => true,
            _ => false,
        };
        let (_, deed) = self.exchange.deeds(key, at, at).find(|(_, deed)| is_it(deed))?;
        Some(self.tell_deed(trace, self.sentence(), *deed).words)
    }

    fn tell_deed<'a>(&'a self, trace: &Trace, s: Sentence<'a>, deed: Deed) -> Sentence<'a> {
        let message = |number: u32| self.exchange.messages.get(number as usize);
        let title = |key: &ChannelKey| self.exchange.channels.get(key).map(|channel| channel.title());
        match deed {
            Deed::Sent(number) | Deed::Received(number) => {
                let Some(message) = message(number) else { return s };
                let through = title(&message.channel).unwrap_or_default();
                let what = said(trace, message);
                match deed {
                    Deed::Sent(_) => s.text(format!("writes {what} into {through}")),
                    _ => s
                        .text(format!("reads {what} from {through}, sent by "))
                        .thread(message.from.0),
                }
            }
            Deed::Forked(child) => {
                let copied = self.exchange.copies.get(&child).map(Copied::words);
                s.text("forks ")
                    .thread(ThreadKey::main(child))
                    .text(format!(", a copy: {}", copied.unwrap_or_default()))
            }
            Deed::Reaped(child) => {
                let status = self.people().process_of(child).and_then(|one| one.status);
                s.text("asks how ")
                    .thread(ThreadKey::main(child))
                    .text(format!(" has ended: it {}", ended(status.unwrap_or(0))))
            }
        }
    }

    /// Who sent what a thread has waited for up to this moment.
    pub(crate) fn tell_sender(&self, trace: &Trace, key: ThreadKey, until: Nanos) -> Option<Vec<Word>> {
        let received = self
            .exchange
            .deeds(key, until, Nanos::MAX)
            .find_map(|(_, deed)| match deed {
                Deed::Received(number) => self.exchange.messages.get(*number as usize),
                _ => None,
            })?;
        let from = received.from;
        (from.1 <= until && from.0 != key).then(|| {
            let s = self.sentence().text(" ").thread(from.0);
            s.text(format!(" sends {} at {}.", said(trace, received), moment(from.1)))
                .words
        })
    }
}

impl Copied {
    /// "12345 objects, 8.2 MB, 5 descriptors".
    pub fn words(&self) -> String {
        format!(
            "{} objects, {}, {} descriptors",
            self.objects,
            size(self.bytes),
            self.descriptors
        )
    }
}

/// A message in words: "['Hello', 'World'] (20 B)", or its size alone.
fn said(trace: &Trace, message: &Message) -> String {
    match trace.text(message.text) {
        "" => size(message.bytes),
        text => format!("{text} ({})", size(message.bytes)),
    }
}
