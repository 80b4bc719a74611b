//! Links: a whole scenario in the fragment of a URL.
//!
//! A link's fragment is `h` + version + `.` + base64url (no padding) of
//!
//! ```text
//! length of the payload: LEB128     CRC-32 of the payload: 4 bytes, little-endian     payload
//! ```
//!
//! The length tells a link that was cut off from one that was altered; both are said before anything is unpacked. The payload is a packed
//! [`document`](mod@document): in version 1 a raw deflate stream; in version 2 a byte that says how it is packed, and that: with the [`model`], which has read
//! [`PRIMER`], or for long ones by deflate. It may not grow beyond [`MAX_INFLATED`] when unpacked. The README of this crate has it to the byte.
//!
//! Every version that was ever written is read for ever: [`decode`] picks the reader by version, and [`Stored`] upgrades the
//! result step by step to today's [`Link`]. `tests/links/v*/` holds links of each version with what they mean.

mod base64;
mod document;
mod model;

use crate::scenario::Scenario;
use document::{Reader, put_number};
use miniz_oxide::deflate::compress_to_vec;
use miniz_oxide::inflate::{TINFLStatus, decompress_to_vec_with_limit};
use model::Model;
use std::sync::OnceLock;

/// The version written.
pub const LINK_VERSION: u32 = 2;
/// The most bytes a link may hold when unpacked.
pub const MAX_INFLATED: usize = 4 << 20;
/// The best compression that miniz_oxide has; links are short enough for it to be quick.
const LEVEL: u8 = 10;
/// Of version 2: what follows is a raw deflate stream.
const DEFLATED: u8 = 0;
/// Of version 2: what follows is the document's length (LEB128) and what the model has packed.
const MODELLED: u8 = 1;
/// Longer documents are not packed with the model, which takes some 2 µs for a byte.
const MOST_MODELLED: usize = 128 << 10;
/// Ordinary Python as the model reads it before anything else: `link/primer.txt`, packed by a model that has read nothing. Frozen like the model.
const PRIMER: &[u8] = include_bytes!("link/primer.bin");
/// How long it is unpacked.
const PRIMER_LENGTH: usize = 19_628;

/// What a link carries.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Link {
    /// Files, settings, and where there is one the recorded schedule and the view.
    pub scenario: Scenario,
    /// The version of the engine's semantics (costs and rules) that the link was made with.
    pub semantics: u32,
    /// The trace hash of the run that was shared.
    pub trace_hash: Option<u64>,
}

/// Why a link cannot be opened. Each says so in a sentence for the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkError {
    /// It is no link of Heddle.
    NotALink,
    /// Its end is missing.
    Truncated,
    /// It was changed on its way.
    Altered,
    /// A later Heddle made it; the version is given.
    FutureVersion(u32),
    /// It would unpack to more than [`MAX_INFLATED`].
    TooLarge,
    /// It was made by something that is not Heddle: the checksum fits, the content does not.
    Malformed(String),
}

impl std::fmt::Display for LinkError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            LinkError::NotALink => f.write_str("This is not a Heddle link."),
            LinkError::Truncated => {
                f.write_str("This link is incomplete: its end is missing. Copy it again, all of it.")
            }
            LinkError::Altered => f.write_str(
                "This link was altered on its way: its checksum does not fit. Copy it again from its source.",
            ),
            LinkError::FutureVersion(version) => write!(
                f,
                "This link comes from a newer Heddle (link format {version}, this one reads up to {LINK_VERSION}). Reload the page to get the current version."
            ),
            LinkError::TooLarge => {
                f.write_str("This link unpacks to more than 4 MiB, which is more than Heddle opens.")
            }
            LinkError::Malformed(what) => write!(f, "This link is damaged inside: {what}."),
        }
    }
}

impl std::error::Error for LinkError {}

/// What was stored, by version. The next version adds a variant, and [`Stored::upgrade`] the step from the one before.
enum Stored {
    V1(Link),
    /// The same document, packed in another way.
    V2(Link),
}

impl Stored {
    /// Today's form.
    fn upgrade(self) -> Link {
        match self {
            Stored::V1(link) | Stored::V2(link) => link,
        }
    }
}

/// The fragment that carries a scenario (without `#`).
///
/// # Errors
/// [`LinkError::TooLarge`] if no reader would open it.
pub fn encode(link: &Link) -> Result<String, LinkError> {
    let bytes = document::write(link);
    if bytes.len() > MAX_INFLATED {
        return Err(LinkError::TooLarge);
    }
    Ok(wrap(LINK_VERSION, &pack(&bytes)))
}

/// A model that has read the primer. Reading takes 50 ms and more, so it is done once.
fn primed() -> Model {
    static PRIMED: OnceLock<Model> = OnceLock::new();
    let read = || {
        let mut model = Model::new();
        model::unpack(&mut model, PRIMER, PRIMER_LENGTH);
        model
    };
    PRIMED.get_or_init(read).clone()
}

/// Packs a document as version 2 does.
fn pack(document: &[u8]) -> Vec<u8> {
    if document.len() > MOST_MODELLED {
        let mut payload = vec![DEFLATED];
        payload.extend(compress_to_vec(document, LEVEL));
        return payload;
    }
    let mut payload = vec![MODELLED];
    put_number(&mut payload, document.len() as u64);
    payload.extend(model::pack(&mut primed(), document));
    payload
}

/// Unpacks what [`pack`] packed.
fn unpack(payload: &[u8]) -> Result<Vec<u8>, LinkError> {
    let malformed = || LinkError::Malformed("it cannot be unpacked".to_owned());
    let mut reader = Reader::new(payload);
    match reader.take(1) {
        Some(&[DEFLATED]) => inflate(reader.rest()),
        Some(&[MODELLED]) => {
            let length = reader.number().and_then(|length| usize::try_from(length).ok());
            let length = length.filter(|length| *length <= MOST_MODELLED).ok_or_else(malformed)?;
            Ok(model::unpack(&mut primed(), reader.rest(), length))
        }
        _ => Err(malformed()),
    }
}

/// Puts a payload into its envelope.
fn wrap(version: u32, payload: &[u8]) -> String {
    let mut bytes = Vec::with_capacity(payload.len() + 9);
    put_number(&mut bytes, payload.len() as u64);
    bytes.extend_from_slice(&crc32(payload).to_le_bytes());
    bytes.extend_from_slice(payload);
    format!("h{version}.{}", base64::encode(&bytes))
}

/// Opens a link: a fragment, with or without `#`, or a whole URL that ends in one. Spaces around it do not matter.
///
/// # Errors
/// Why it cannot be opened.
pub fn decode(text: &str) -> Result<Link, LinkError> {
    let text = text.trim();
    let fragment = text.rsplit_once('#').map_or(text, |(_, fragment)| fragment);
    let (version, body) = fragment
        .strip_prefix('h')
        .and_then(|rest| rest.split_once('.'))
        .ok_or(LinkError::NotALink)?;
    if version.is_empty() || version.starts_with('0') || !version.chars().all(|c| c.is_ascii_digit()) {
        return Err(LinkError::NotALink);
    }
    let version: u32 = version.parse().unwrap_or(u32::MAX);
    if version > LINK_VERSION {
        return Err(LinkError::FutureVersion(version));
    }
    let payload = open(body)?;
    let stored = match version {
        1 => Stored::V1(document::read(&inflate(&payload)?).map_err(LinkError::Malformed)?),
        2 => Stored::V2(document::read(&unpack(&payload)?).map_err(LinkError::Malformed)?),
        _ => return Err(LinkError::NotALink),
    };
    Ok(stored.upgrade())
}

/// Takes the payload out of its envelope.
fn open(body: &str) -> Result<Vec<u8>, LinkError> {
    // One character too few for a whole number of bytes is what a cut often leaves: read what is there first.
    let (bytes, clean) = base64::decode(body).ok_or(LinkError::Altered)?;
    let mut reader = Reader::new(&bytes);
    let (Some(length), Some(checksum)) = (reader.number(), reader.take(4).map(<[u8]>::to_vec)) else {
        return Err(LinkError::Truncated);
    };
    let payload = reader.rest();
    match (payload.len() as u64).cmp(&length) {
        std::cmp::Ordering::Less => Err(LinkError::Truncated),
        std::cmp::Ordering::Equal if clean && crc32(payload).to_le_bytes() == checksum[..] => Ok(payload.to_vec()),
        _ => Err(LinkError::Altered),
    }
}

fn inflate(payload: &[u8]) -> Result<Vec<u8>, LinkError> {
    decompress_to_vec_with_limit(payload, MAX_INFLATED).map_err(|error| match error.status {
        TINFLStatus::HasMoreOutput => LinkError::TooLarge,
        _ => LinkError::Malformed("it cannot be unpacked".to_owned()),
    })
}

/// CRC-32 as in zip and PNG (polynomial 0xEDB88320, reflected).
pub(crate) fn crc32(bytes: &[u8]) -> u32 {
    let mut crc = u32::MAX;
    for byte in bytes {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            let mask = (crc & 1).wrapping_neg();
            crc = (crc >> 1) ^ (0xEDB8_8320 & mask);
        }
    }
    !crc
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crc_of_the_usual_example() {
        assert_eq!(crc32(b"123456789"), 0xCBF4_3926);
    }

    /// The primer may never change: links of version 2 are told in terms of it.
    #[test]
    fn the_primer_is_what_it_was() {
        let text = include_bytes!("link/primer.txt");
        assert_eq!((text.len(), crc32(text)), (PRIMER_LENGTH, 0xA868_F503));
        assert_eq!(crc32(PRIMER), 0xE88A_D7D9);
        let mut model = Model::new();
        assert_eq!(model::unpack(&mut model, PRIMER, PRIMER_LENGTH), text);
    }

    #[test]
    fn whatever_is_packed_comes_back() {
        let mut state = 7u64;
        let mut next = |n: usize| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as usize % n
        };
        for round in 0..60 {
            let kinds = [256, 2, 1, 64][round % 4];
            let length = [next(4), next(300), next(3000)][round % 3];
            let bytes: Vec<u8> = (0..length).map(|_| next(kinds) as u8).collect();
            let packed = model::pack(&mut Model::new(), &bytes);
            assert_eq!(model::unpack(&mut Model::new(), &packed, length), bytes, "{round}");
        }
        let long = "x = 1\n".repeat(MOST_MODELLED / 6 + 1).into_bytes();
        for document in [&long[..MOST_MODELLED], &long] {
            let payload = pack(document);
            assert_eq!(
                payload[0],
                if document.len() > MOST_MODELLED {
                    DEFLATED
                } else {
                    MODELLED
                }
            );
            assert_eq!(unpack(&payload).as_deref(), Ok(document));
        }
    }

    /// Whatever follows, it is read in the time that its length allows, and no further.
    #[test]
    fn hostile_packings() {
        let malformed = Err(LinkError::Malformed("it cannot be unpacked".to_owned()));
        let mut endless = vec![MODELLED];
        put_number(&mut endless, MOST_MODELLED as u64 + 1);
        assert_eq!(unpack(&endless), malformed);
        assert_eq!(unpack(&[]), malformed);
        assert_eq!(unpack(&[7, 1, 2]), malformed);
        assert_eq!(unpack(&[MODELLED]), malformed);
        let bomb = compress_to_vec(&vec![0u8; MAX_INFLATED + 1], 6);
        assert_eq!(unpack(&[&[DEFLATED], &bomb[..]].concat()), Err(LinkError::TooLarge));
        for byte in 0..=255 {
            let mut forged = vec![MODELLED];
            put_number(&mut forged, 50);
            forged.extend([byte; 20]);
            assert_eq!(unpack(&forged).map(|bytes| bytes.len()), Ok(50));
        }
    }

    /// Payloads with a right checksum: what someone who wants to do harm sends.
    #[test]
    fn forged_payloads() {
        let bomb = compress_to_vec(&vec![0u8; MAX_INFLATED + 1], 6);
        assert!(bomb.len() < 10_000);
        assert_eq!(decode(&wrap(1, &bomb)), Err(LinkError::TooLarge));
        let zeros = compress_to_vec(&vec![0u8; MAX_INFLATED], 6);
        assert!(matches!(decode(&wrap(1, &zeros)), Err(LinkError::Malformed(_))));
        assert!(matches!(decode(&wrap(1, b"not deflate")), Err(LinkError::Malformed(_))));
        assert!(matches!(decode(&wrap(2, b"x")), Err(LinkError::Malformed(_))));
        assert_eq!(decode(&wrap(3, b"x")), Err(LinkError::FutureVersion(3)));
        assert_eq!(decode("h99999999999.AAAA"), Err(LinkError::FutureVersion(u32::MAX)));

        let mut link = Link {
            semantics: 3,
            ..Link::default()
        };
        link.scenario.files.push(crate::File {
            name: "main.py".into(),
            text: "print(1)\n".into(),
        });
        link.scenario.machine.cores = 7;
        let bytes = document::write(&link);
        let mut state = 5u64;
        let mut next = |n: usize| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as usize % n
        };
        let mut accepted = 0;
        for _ in 0..5000 {
            let mut forged = bytes.clone();
            for _ in 0..=next(3) {
                let at = next(forged.len());
                forged[at] = next(256) as u8;
            }
            forged.truncate(if next(4) == 0 { next(forged.len()) } else { forged.len() });
            accepted += usize::from(decode(&wrap(1, &compress_to_vec(&forged, 1))).is_ok());
        }
        assert!(accepted > 0, "the test must reach past the checksum");
    }
}
