//! The messages between an embedded lab and the page around it, as `window.postMessage` carries them: plain objects.
//!
//! Every message has `heddle`, the version ([`EMBED_VERSION`]), and `type`; the other fields are those of the variants below, in
//! camelCase. Unlike the messages to the worker these are written and read by other people's pages, so fields are only ever added within a version.
//! Which origins are listened to is decided where messages arrive (`static/embed-boot.js` in the lab, `static/embed.js` in the page around it).

use heddle_scenario::{Key, Moment, Scalar, Theme, scalar};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The version of these messages.
pub const EMBED_VERSION: u32 = 1;

/// What an embedded lab tells.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum FromEmbed {
    /// It is drawn and hears commands.
    Ready {
        /// What people call the program; may be empty.
        title: String,
    },
    /// A run begins.
    Started {},
    /// A run is over.
    Finished {
        /// How it ended.
        outcome: EmbedOutcome,
        /// The trace hash, 16 hexadecimal digits; `null` where the run was stopped or the program did not compile.
        trace_hash: Option<String>,
        /// Virtual time at the end in ns.
        virtual_ns: u64,
    },
    /// The reader edited the program.
    Edited {
        /// The program as it is now, hidden set-up code included.
        code: String,
    },
    /// It would like to be this high.
    Resize {
        /// In CSS px.
        height: u32,
    },
    /// A command, or something in the address, could not be obeyed.
    Problem {
        /// Why, in a sentence.
        message: String,
    },
}

/// How a run ended, as the page around is told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum EmbedOutcome {
    /// As Python would have ended it.
    Exited {
        /// The exit status.
        status: i32,
        /// The last line of the traceback, where an exception ended the main thread.
        uncaught: Option<String>,
    },
    /// Nothing could ever run again.
    Deadlock {
        /// Who waits for what; text of several lines.
        report: String,
    },
    /// A limit was reached.
    Limit {
        /// Which, in a sentence.
        message: String,
    },
    /// The reader, a command, or another lab on the page stopped it.
    Stopped {},
    /// The program does not compile.
    Refused {
        /// Its line, from 1.
        line: u32,
        /// CPython's words.
        message: String,
    },
    /// The engine itself failed.
    Failed {
        /// What it said.
        message: String,
    },
}

/// What the page around an embedded lab can ask of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum ToEmbed {
    /// Run the program.
    Run {},
    /// End the run.
    Stop {},
    /// Another program, hidden set-up code included.
    SetCode {
        /// Its text.
        code: String,
    },
    /// Settings that win over the program's own; a program that was run runs again.
    SetMachine {
        /// Values by the names of the `# /// lab` block.
        machine: BTreeMap<String, Value>,
    },
    /// Show this moment: virtual ns, `"23.4ms"`, or `"end"`.
    Seek {
        /// Which.
        at: Value,
    },
    /// Light, dark, or as the system.
    SetTheme {
        /// Which: `light`, `dark` or `auto`.
        theme: String,
    },
}

/// A value in a command.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Value {
    /// A whole number.
    Number(u64),
    /// Text.
    Text(String),
}

impl Value {
    /// The setting it is for a key of the `# /// lab` block.
    ///
    /// # Errors
    /// A sentence without its full stop.
    pub fn setting(&self, name: &str) -> Result<(Key, Scalar), String> {
        let key = Key::from_name(name).ok_or_else(|| format!("\"{name}\" is no setting of a machine"))?;
        let text = match self {
            Value::Number(number) => number.to_string(),
            Value::Text(text) => text.clone(),
        };
        Ok((key, scalar(key, &text)?))
    }

    /// The moment it is.
    ///
    /// # Errors
    /// A sentence without its full stop.
    pub fn moment(&self) -> Result<Moment, String> {
        match self {
            Value::Number(ns) => Ok(Moment::At(*ns)),
            Value::Text(text) => Moment::parse(text),
        }
    }
}

/// The theme of a name.
///
/// # Errors
/// A sentence without its full stop.
pub fn theme(name: &str) -> Result<Theme, String> {
    let named = Theme::ALL.into_iter().find(|theme| theme.name() == name);
    named.ok_or_else(|| format!("theme must be auto, light or dark, not \"{name}\""))
}

/// A message with its version.
#[derive(Serialize)]
struct Told<'a> {
    heddle: u32,
    #[serde(flatten)]
    message: &'a FromEmbed,
}

/// What can be read of any version.
#[derive(Deserialize)]
struct Envelope {
    heddle: Option<u32>,
}

/// The JSON of a message to the page around.
#[must_use]
pub fn tell(message: &FromEmbed) -> String {
    let told = Told {
        heddle: EMBED_VERSION,
        message,
    };
    serde_json::to_string(&told).unwrap_or_default()
}

/// Reads the JSON of a message from the page around. `None`: it is not for Heddle.
///
/// # Errors
/// A sentence for a message that is for Heddle and cannot be read.
pub fn hear(json: &str) -> Option<Result<ToEmbed, String>> {
    let envelope: Envelope = serde_json::from_str(json).ok()?;
    let version = envelope.heddle?;
    if version > EMBED_VERSION {
        let told = format!("A command of version {version} was sent; this lab hears up to version {EMBED_VERSION}.");
        return Some(Err(told));
    }
    Some(serde_json::from_str(json).map_err(|error| format!("A command cannot be read: {error}.")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_plain_objects() {
        let finished = FromEmbed::Finished {
            outcome: EmbedOutcome::Exited {
                status: 1,
                uncaught: Some("ValueError: x".into()),
            },
            trace_hash: Some("00000000000000ff".into()),
            virtual_ns: 5,
        };
        assert_eq!(
            tell(&finished),
            r#"{"heddle":1,"type":"finished","outcome":{"kind":"exited","status":1,"uncaught":"ValueError: x"},"traceHash":"00000000000000ff","virtualNs":5}"#
        );
        assert_eq!(tell(&FromEmbed::Started {}), r#"{"heddle":1,"type":"started"}"#);
    }

    #[test]
    fn commands_are_read_and_refused_in_sentences() {
        let read = |json| hear(json).expect("a message for Heddle");
        assert_eq!(read(r#"{"heddle":1,"type":"run"}"#), Ok(ToEmbed::Run {}));
        // Fields that came later do no harm.
        assert_eq!(read(r#"{"heddle":1,"type":"stop","soon":true}"#), Ok(ToEmbed::Stop {}));
        let Ok(ToEmbed::SetMachine { machine }) =
            read(r#"{"heddle":1,"type":"setMachine","machine":{"cores":4,"python":"3.13t"}}"#)
        else {
            panic!("not read");
        };
        assert_eq!(machine["cores"].setting("cores"), Ok((Key::Cores, Scalar::Number(4))));
        assert_eq!(
            machine["python"].setting("python"),
            Ok((Key::Python, Scalar::Text("3.13t".into())))
        );
        assert!(machine["cores"].setting("speed").is_err());
        let Ok(ToEmbed::Seek { at }) = read(r#"{"heddle":1,"type":"seek","at":"1.5ms"}"#) else {
            panic!("not read");
        };
        assert_eq!(at.moment(), Ok(Moment::At(1_500_000)));
        for wrong in [
            r#"{"heddle":1}"#,
            r#"{"heddle":1,"type":"dance"}"#,
            r#"{"heddle":1,"type":"seek","at":-1}"#,
            r#"{"heddle":1,"type":"setCode"}"#,
            r#"{"heddle":2,"type":"run"}"#,
        ] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
        for foreign in ["3", r#""run""#, r#"{"type":"run"}"#, "[]", r#"{"heddle":"1"}"#, "{"] {
            assert_eq!(hear(foreign), None, "{foreign}");
        }
        assert_eq!(theme("dark"), Ok(Theme::Dark));
        assert!(theme("pink").is_err());
    }
}
