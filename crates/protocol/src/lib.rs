//! The messages between the page and its Web Worker, as bytes that `postMessage` carries; and those between an embedded lab and
//! the page around it ([`embed`]).
//!
//! A message is encoded by `postcard` and travels as one `ArrayBuffer`. Page and worker are built together, so the
//! encoding needs no versions. Every answer names the run it belongs to: what a stopped run still had on its way is
//! recognised and dropped.

pub mod embed;
mod limits;
mod message;

pub use limits::RunLimits;
pub use message::{Ending, Held, OutputChunk, SyntaxProblem, ToPage, ToWorker};

/// A message that is not one of ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Garbled;

impl std::fmt::Display for Garbled {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a message between the page and its worker could not be read")
    }
}

/// The bytes of a message. Empty when it cannot be encoded, which [`decode`] then reports as [`Garbled`].
#[must_use]
pub fn encode<T: serde::Serialize>(message: &T) -> Vec<u8> {
    postcard::to_stdvec(message).unwrap_or_default()
}

/// The message in these bytes.
///
/// # Errors
/// [`Garbled`] when the bytes are not exactly one message.
pub fn decode<T: for<'a> serde::Deserialize<'a>>(bytes: &[u8]) -> Result<T, Garbled> {
    match postcard::take_from_bytes(bytes) {
        Ok((message, [])) => Ok(message),
        _ => Err(Garbled),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use heddle_scenario::Scenario;

    #[test]
    fn messages_come_back_as_they_were() {
        let scenario = Scenario::from_source("main.py", "print('hé')\n").expect("a program without settings");
        let run = ToWorker::Run {
            run: 7,
            scenario: Box::new(scenario),
            limits: RunLimits::default(),
        };
        assert_eq!(decode::<ToWorker>(&encode(&run)), Ok(run));
        let progress = ToPage::Progress {
            run: 7,
            now_ns: 12,
            trace: vec![1, 2, 255],
            output: Vec::new(),
        };
        assert_eq!(decode::<ToPage>(&encode(&progress)), Ok(progress));
    }

    #[test]
    fn other_bytes_are_refused() {
        let mut bytes = encode(&ToPage::Ready { semantics: 1 });
        bytes.push(0);
        assert_eq!(decode::<ToPage>(&bytes), Err(Garbled));
        assert_eq!(decode::<ToPage>(&[]), Err(Garbled));
        assert_eq!(decode::<ToPage>(&[250, 1, 2]), Err(Garbled));
    }
}
