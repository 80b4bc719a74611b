//! What the trace learns of messages between processes: what `pickle` works on and for how long, and what connections of `multiprocessing`
//! are about to send and receive. What is said of a value is read from it without running Python code.

use super::in_short::{ENOUGH_BYTES, quote_bytes};
use crate::contract::{ImageEventKind, MessageNote, ThreadIndex};
use crate::process::Process;
use crate::value::Value;
use rustc_hash::FxHashMap;
use std::rc::Rc;

/// About so many characters are said of a value.
const MOST_CHARS: usize = 40;
/// So many connections have their names kept, and no more are looked for: a look-up goes through the program's variables.
const MOST_CONNECTIONS: usize = 4096;

/// With which a pickle begins.
const PICKLE: u8 = 0x80;

/// A pickler or unpickler at work.
#[derive(Clone, Debug)]
struct Pickling {
    /// How many activations its thread had at the beginning: one that is not deeper has ended by an exception.
    frames: usize,
    since_ns: u64,
    text: Rc<str>,
}

/// What is known of messages. Maps are only looked up, never iterated.
#[derive(Clone, Debug, Default)]
pub(super) struct Messages {
    at_work: FxHashMap<ThreadIndex, Vec<Pickling>>,
    /// What each thread has pickled last and not sent.
    pickled: FxHashMap<ThreadIndex, Rc<str>>,
    /// What the program calls connections, by handle, until they go.
    connections: FxHashMap<u32, Rc<str>>,
}

impl Process {
    fn tell_message(&mut self, note: MessageNote) {
        self.tell(ImageEventKind::Message(Box::new(note)));
    }

    /// A pickler is given a value, or an unpickler begins, with nothing known of what it will find.
    pub(super) fn pickling_begins(&mut self, value: Option<Value>) {
        let text = value.map_or_else(String::new, |value| self.in_short(value, MOST_CHARS));
        let begun = Pickling {
            frames: self.frames.len(),
            since_ns: self.clock_ns(),
            text: Rc::from(text),
        };
        let own = self.observer.messages.at_work.entry(self.current).or_default();
        own.retain(|other| other.frames < begun.frames);
        own.push(begun);
    }

    /// It is done; an unpickler with this value.
    pub(super) fn pickling_ends(&mut self, found: Option<Value>) {
        let own = self.observer.messages.at_work.get_mut(&self.current);
        let Some(done) = own.and_then(Vec::pop) else { return };
        let loads = found.is_some();
        let text = found.map_or(done.text, |value| Rc::from(self.in_short(value, MOST_CHARS)));
        if !loads {
            let thread = self.current;
            self.observer.messages.pickled.insert(thread, Rc::clone(&text));
        }
        let ns = self.clock_ns().saturating_sub(done.since_ns);
        self.tell_message(MessageNote::Pickled { ns, text, loads });
    }

    /// A connection is about to send these bytes.
    pub(super) fn connection_sends(&mut self, connection: Value, data: Value) {
        let Some((bytes, first)) = self.peek_bytes(data, ENOUGH_BYTES) else {
            return;
        };
        let pickled = self.observer.messages.pickled.remove(&self.current);
        let text = match (pickled, first) {
            (Some(text), Some(first)) if first.first() == Some(&PICKLE) => text,
            (_, Some(first)) => {
                let mut text = String::new();
                quote_bytes(&mut text, &first);
                Rc::from(text)
            }
            // They stand in memory that only the computer can read.
            (_, None) => Rc::from("b'…'"),
        };
        let name = self.name_of_connection(connection);
        self.tell_message(MessageNote::Sends { bytes, text, name });
    }

    /// A connection is about to receive.
    pub(super) fn connection_receives(&mut self, connection: Value) {
        let name = self.name_of_connection(connection);
        self.tell_message(MessageNote::Receives { name });
    }

    pub(super) fn connection_goes(&mut self, connection: Value) {
        if let Some(handle) = connection.handle() {
            self.observer.messages.connections.remove(&handle);
        }
    }

    /// What the program calls it: "conn", or "q._reader" where it belongs to a queue.
    fn name_of_connection(&mut self, connection: Value) -> Rc<str> {
        let handle = connection.handle().unwrap_or(0);
        if let Some(known) = self.observer.messages.connections.get(&handle) {
            return Rc::clone(known);
        }
        if self.observer.messages.connections.len() >= MOST_CONNECTIONS {
            return self.observer.no_text();
        }
        let name = self.name_of_object(connection);
        // What the library's own variables are called says nothing to a person.
        let name: Rc<str> = Rc::from(if name.starts_with("self") { "" } else { &name });
        self.observer.messages.connections.insert(handle, Rc::clone(&name));
        name
    }
}
