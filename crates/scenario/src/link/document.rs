//! The content of a link, versions 1 and 2: a list of fields, each a tag, a length and that many bytes.
//!
//! | tag | field |
//! |---|---|
//! | 1 | semantics version: LEB128 |
//! | 2 | trace hash: 8 bytes, little-endian |
//! | 3 | a file: LEB128 length of the name, name, text; repeated, the program first |
//! | 4 | settings that are not the default, as the lines of a `# /// lab` block without `# ` |
//! | 5 | recorded schedule: bytes |
//! | 6 | view: from, to, 0 or moment + 1, 0 or process + 1, thread; all LEB128 |
//!
//! Fields stand in this order, so that one scenario has one link.

use super::Link;
use crate::block::{read_settings, render};
use crate::scenario::{File, Scenario, View};
use crate::settings::{Key, Settings};

const SEMANTICS: u64 = 1;
const HASH: u64 = 2;
const FILE: u64 = 3;
const SETTINGS: u64 = 4;
const SCHEDULE: u64 = 5;
const VIEW: u64 = 6;

/// Appends a LEB128 number.
pub(super) fn put_number(bytes: &mut Vec<u8>, mut n: u64) {
    while n >= 0x80 {
        bytes.push((n as u8) | 0x80);
        n >>= 7;
    }
    bytes.push(n as u8);
}

fn put_field(bytes: &mut Vec<u8>, tag: u64, content: &[u8]) {
    put_number(bytes, tag);
    put_number(bytes, content.len() as u64);
    bytes.extend_from_slice(content);
}

pub(super) fn write(link: &Link) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut number = Vec::new();
    put_number(&mut number, link.semantics.into());
    put_field(&mut bytes, SEMANTICS, &number);
    if let Some(hash) = link.trace_hash {
        put_field(&mut bytes, HASH, &hash.to_le_bytes());
    }
    for file in &link.scenario.files {
        let mut content = Vec::with_capacity(file.name.len() + file.text.len() + 5);
        put_number(&mut content, file.name.len() as u64);
        content.extend_from_slice(file.name.as_bytes());
        content.extend_from_slice(file.text.as_bytes());
        put_field(&mut bytes, FILE, &content);
    }
    let settings = settings_text(&link.scenario.machine);
    if !settings.is_empty() {
        put_field(&mut bytes, SETTINGS, settings.as_bytes());
    }
    if let Some(schedule) = &link.scenario.schedule {
        put_field(&mut bytes, SCHEDULE, schedule);
    }
    if let Some(view) = link.scenario.view {
        let mut content = Vec::new();
        let (process, thread) = view
            .selected
            .map_or((0, 0), |(process, thread)| (u64::from(process) + 1, thread));
        let moment = view.moment_ns.map_or(0, |ns| ns.saturating_add(1));
        for n in [view.from_ns, view.to_ns, moment, process, thread.into()] {
            put_number(&mut content, n);
        }
        put_field(&mut bytes, VIEW, &content);
    }
    bytes
}

/// What differs from the defaults, a line each.
fn settings_text(settings: &Settings) -> String {
    let defaults = Settings::default();
    let lines = Key::ALL
        .into_iter()
        .filter(|key| settings.get(*key) != defaults.get(*key));
    lines
        .filter_map(|key| Some(format!("{} = {}\n", key.name(), render(&settings.get(key)?))))
        .collect()
}

/// Reads bytes without ever reading past their end.
pub(super) struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    pub fn new(rest: &'a [u8]) -> Self {
        Reader { rest }
    }

    pub fn rest(&self) -> &'a [u8] {
        self.rest
    }

    pub fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        Some(taken)
    }

    pub fn number(&mut self) -> Option<u64> {
        let mut n = 0u64;
        for shift in (0..64).step_by(7) {
            let byte = *self.take(1)?.first()?;
            let bits = u64::from(byte & 0x7f);
            if shift == 63 && bits > 1 {
                return None;
            }
            n |= bits << shift;
            if byte < 0x80 {
                return Some(n);
            }
        }
        None
    }

    fn blob(&mut self) -> Option<&'a [u8]> {
        let length = usize::try_from(self.number()?).ok()?;
        self.take(length)
    }

    fn text(bytes: &[u8]) -> Option<String> {
        String::from_utf8(bytes.to_vec()).ok()
    }
}

/// Reads what [`write`] wrote.
pub(super) fn read(bytes: &[u8]) -> Result<Link, String> {
    let mut reader = Reader::new(bytes);
    let mut link = Link {
        scenario: Scenario::default(),
        semantics: 0,
        trace_hash: None,
    };
    let mut last = 0;
    while !reader.rest().is_empty() {
        let (tag, content) = field(&mut reader).ok_or("a field is cut off")?;
        if tag < last || (tag == last && tag != FILE) {
            return Err("its fields are out of order".to_owned());
        }
        last = tag;
        read_field(&mut link, tag, content)?;
    }
    if link.scenario.files.is_empty() {
        return Err("it holds no program".to_owned());
    }
    Ok(link)
}

fn field<'a>(reader: &mut Reader<'a>) -> Option<(u64, &'a [u8])> {
    Some((reader.number()?, reader.blob()?))
}

fn read_field(link: &mut Link, tag: u64, content: &[u8]) -> Result<(), String> {
    let bad = |what: &str| format!("the {what} cannot be read");
    let mut reader = Reader::new(content);
    match tag {
        SEMANTICS => {
            let version = reader.number().and_then(|n| u32::try_from(n).ok());
            link.semantics = version.ok_or_else(|| bad("version of the semantics"))?;
        }
        HASH => {
            let bytes: [u8; 8] = content.try_into().map_err(|_| bad("trace hash"))?;
            link.trace_hash = Some(u64::from_le_bytes(bytes));
            return Ok(());
        }
        FILE => {
            let name = reader.blob().and_then(Reader::text);
            let (name, text) = name.zip(Reader::text(reader.rest())).ok_or_else(|| bad("file"))?;
            link.scenario.files.push(File { name, text });
            return Ok(());
        }
        SETTINGS => {
            let lines = std::str::from_utf8(content).map_err(|_| bad("settings"))?;
            link.scenario.machine = read_settings_text(lines)?;
            return Ok(());
        }
        SCHEDULE => {
            link.scenario.schedule = Some(content.to_vec());
            return Ok(());
        }
        VIEW => link.scenario.view = Some(read_view(&mut reader).ok_or_else(|| bad("view"))?),
        _ => return Err(format!("it has a field {tag} that does not exist")),
    }
    if reader.rest().is_empty() {
        Ok(())
    } else {
        Err(format!("its field {tag} is too long"))
    }
}

fn read_settings_text(lines: &str) -> Result<Settings, String> {
    let mut block = String::from("# /// lab\n");
    for line in lines.lines() {
        block.push_str("# ");
        block.push_str(line);
        block.push('\n');
    }
    block.push_str("# ///\n");
    read_settings(&block).map_err(|problems| match problems.first() {
        Some(problem) => format!("its settings are wrong ({})", problem.message),
        None => "its settings are wrong".to_owned(),
    })
}

fn read_view(reader: &mut Reader) -> Option<View> {
    let (from_ns, to_ns) = (reader.number()?, reader.number()?);
    let moment_ns = reader.number()?.checked_sub(1);
    let (process, thread) = (reader.number()?, u32::try_from(reader.number()?).ok()?);
    let selected = match process.checked_sub(1) {
        Some(process) => Some((u32::try_from(process).ok()?, thread)),
        None => None,
    };
    Some(View {
        from_ns,
        to_ns,
        moment_ns,
        selected,
    })
}
