//! Scenarios as files: one Python file is itself, several are a `.zip` (PKWARE's APPNOTE 6.3, as far as Python's `zipfile` writes it by default).
//!
//! Archives are written with stored entries, without a date, so the same files make the same bytes. Reading takes stored and deflated entries, checks every sum, and
//! unpacks no more than [`MAX_INFLATED`] in all; zip64 and encryption are refused.

use crate::link::{MAX_INFLATED, crc32};
use crate::scenario::File;
use miniz_oxide::inflate::decompress_to_vec_with_limit;

/// What the program is called.
const MAIN: &str = "main.py";
/// Most files of an archive that are kept.
const MOST_FILES: usize = 64;
const LOCAL: u32 = 0x0403_4b50;
const CENTRAL: u32 = 0x0201_4b50;
const END: u32 = 0x0605_4b50;
/// Bytes of an entry's header before its name: where the data is, and in the directory.
const LOCAL_HEAD: usize = 30;
const CENTRAL_HEAD: usize = 46;
/// Bytes of the end of the directory, without its comment.
const END_HEAD: usize = 22;
/// Names are UTF-8.
const UTF8: u16 = 1 << 11;
/// 1 January 1980: the form has no way to say none.
const NO_DATE: u16 = 1 << 5 | 1;
/// "2.0": what deflate needs.
const NEEDED: u16 = 20;

/// A `.zip` of these files.
#[must_use]
pub fn zip(files: &[File]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut directory = Vec::new();
    for file in files {
        let at = out.len() as u32;
        let mut entry = Vec::new();
        for n in [NEEDED, UTF8, 0, 0, NO_DATE] {
            entry.extend(n.to_le_bytes());
        }
        let length = file.text.len() as u32;
        for n in [crc32(file.text.as_bytes()), length, length] {
            entry.extend(n.to_le_bytes());
        }
        entry.extend((file.name.len() as u16).to_le_bytes());
        entry.extend(0u16.to_le_bytes());
        out.extend(LOCAL.to_le_bytes());
        out.extend(&entry);
        out.extend(file.name.as_bytes());
        out.extend(file.text.as_bytes());
        directory.extend(CENTRAL.to_le_bytes());
        // Made on Unix, which has rights: an ordinary file that all may read.
        directory.extend((3u16 << 8 | NEEDED).to_le_bytes());
        directory.extend(&entry);
        for n in [0u16, 0, 0] {
            directory.extend(n.to_le_bytes());
        }
        directory.extend((0o100_644u32 << 16).to_le_bytes());
        directory.extend(at.to_le_bytes());
        directory.extend(file.name.as_bytes());
    }
    let (at, length, count) = (out.len() as u32, directory.len() as u32, files.len() as u16);
    out.extend(directory);
    out.extend(END.to_le_bytes());
    for n in [0, 0, count, count] {
        out.extend(n.to_le_bytes());
    }
    out.extend(length.to_le_bytes());
    out.extend(at.to_le_bytes());
    out.extend(0u16.to_le_bytes());
    out
}

/// The files of a scenario from a `.py` or a `.zip`, the program first.
///
/// # Errors
/// Why it cannot be opened, as the end of a sentence: "it is …".
pub fn open_file(bytes: &[u8]) -> Result<Vec<File>, String> {
    if bytes.starts_with(&LOCAL.to_le_bytes()) || bytes.starts_with(&END.to_le_bytes()) {
        return program_first(unzip(bytes)?);
    }
    // Editors of Windows write a mark before the text.
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    match std::str::from_utf8(bytes) {
        Ok(text) if !text.contains('\0') => Ok(vec![File {
            name: MAIN.to_owned(),
            text: text.replace("\r\n", "\n"),
        }]),
        _ => Err("it is no text in UTF-8".to_owned()),
    }
}

/// Takes the folder off that all are in, and puts the program first: `main.py`, else `__main__.py`, else the only one with settings, else the only one at all.
fn program_first(mut files: Vec<File>) -> Result<Vec<File>, String> {
    let folder = files.first().and_then(|file| file.name.split_once('/'));
    if let Some((folder, _)) = folder {
        let folder = format!("{folder}/");
        if files.iter().all(|file| file.name.starts_with(&folder)) {
            for file in &mut files {
                file.name.drain(..folder.len());
            }
        }
    }
    let named = |name: &str| files.iter().position(|file| file.name == name);
    let only = |wanted: &dyn Fn(&File) -> bool| {
        let mut found = (0..files.len()).filter(|at| files[*at].name.ends_with(".py") && wanted(&files[*at]));
        found.next().filter(|_| found.next().is_none())
    };
    let at = named(MAIN)
        .or_else(|| named("__main__.py"))
        .or_else(|| only(&|file| crate::block_lines(&file.text).is_some()))
        .or_else(|| only(&|_| true))
        .ok_or("it has no main.py")?;
    let mut program = files.remove(at);
    MAIN.clone_into(&mut program.name);
    files.insert(0, program);
    Ok(files)
}

/// A little-endian number of two or four bytes.
fn number(bytes: &[u8], at: usize, size: usize) -> Option<usize> {
    let bytes = bytes.get(at..at.checked_add(size)?)?;
    Some(bytes.iter().rev().fold(0, |n, byte| n << 8 | usize::from(*byte)))
}

fn unzip(bytes: &[u8]) -> Result<Vec<File>, String> {
    let damaged = || "it is damaged".to_owned();
    let latest = bytes.len().checked_sub(END_HEAD).ok_or_else(damaged)?;
    let end = (latest.saturating_sub(usize::from(u16::MAX))..=latest)
        .rev()
        .find(|at| number(bytes, *at, 4) == Some(END as usize))
        .ok_or_else(damaged)?;
    let count = number(bytes, end + 10, 2).ok_or_else(damaged)?;
    let mut at = number(bytes, end + 16, 4).ok_or_else(damaged)?;
    if count == usize::from(u16::MAX) || at == u32::MAX as usize {
        return Err("it is a zip64 archive".to_owned());
    }
    let (mut files, mut left) = (Vec::<File>::new(), MAX_INFLATED);
    for _ in 0..count {
        let field = |offset: usize, size: usize| number(bytes, at.checked_add(offset)?, size).ok_or(()).ok();
        let entry = (|| {
            let name_length = field(28, 2)?;
            let name = bytes.get(at.checked_add(CENTRAL_HEAD)?..)?.get(..name_length)?;
            let rest = field(30, 2)? + field(32, 2)?;
            (field(0, 4)? == CENTRAL as usize).then_some(())?;
            Some((Entry::read(&field)?, name, CENTRAL_HEAD + name_length + rest))
        })();
        let (entry, name, length) = entry.ok_or_else(damaged)?;
        at += length;
        let name = std::str::from_utf8(name).map_err(|_| "it has a name that is not UTF-8")?;
        // Folders, and what a Mac puts in for itself.
        if name.ends_with('/') || name.split('/').any(|part| part.starts_with('.') || part == "__MACOSX") {
            if name.split('/').any(|part| part == "..") {
                return Err(format!("it has a file outside of itself, {name}"));
            }
            continue;
        }
        if name.starts_with('/') || name.contains(['\\', ':', '\0']) {
            return Err(format!("it has a file outside of itself, {name}"));
        }
        let content = entry.content(bytes, left).map_err(|why| format!("{name} {why}"))?;
        left -= content.len();
        let text = String::from_utf8(content).map_err(|_| format!("{name} is no text in UTF-8"))?;
        if files.iter().any(|file| file.name == name) {
            return Err(format!("it has {name} twice"));
        }
        if files.len() == MOST_FILES {
            return Err(format!("it has more than {MOST_FILES} files"));
        }
        files.push(File {
            name: name.to_owned(),
            text,
        });
    }
    Ok(files)
}

/// What the directory says of an entry.
struct Entry {
    flags: usize,
    method: usize,
    crc: usize,
    packed: usize,
    unpacked: usize,
    at: usize,
}

impl Entry {
    fn read(field: &dyn Fn(usize, usize) -> Option<usize>) -> Option<Entry> {
        Some(Entry {
            flags: field(8, 2)?,
            method: field(10, 2)?,
            crc: field(16, 4)?,
            packed: field(20, 4)?,
            unpacked: field(24, 4)?,
            at: field(42, 4)?,
        })
    }

    /// The bytes, `left` of them at most.
    fn content(&self, bytes: &[u8], left: usize) -> Result<Vec<u8>, String> {
        if self.flags & 1 != 0 {
            return Err("is encrypted".to_owned());
        }
        if self.unpacked > left {
            return Err("makes it larger than 4 MiB when unpacked".to_owned());
        }
        let packed = (|| {
            (number(bytes, self.at, 4)? == LOCAL as usize).then_some(())?;
            let names = number(bytes, self.at + 26, 2)? + number(bytes, self.at + 28, 2)?;
            bytes.get(self.at + LOCAL_HEAD + names..)?.get(..self.packed)
        })();
        let packed = packed.ok_or("is damaged")?;
        let content = match self.method {
            0 => packed.to_vec(),
            8 => decompress_to_vec_with_limit(packed, self.unpacked).map_err(|_| "is damaged")?,
            _ => return Err("is packed in a way that Heddle does not know".to_owned()),
        };
        if content.len() != self.unpacked || crc32(&content) as usize != self.crc {
            return Err("is damaged".to_owned());
        }
        Ok(content)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(name: &str, text: &str) -> File {
        File {
            name: name.to_owned(),
            text: text.to_owned(),
        }
    }

    #[test]
    fn what_is_packed_opens() {
        let files = vec![
            file("main.py", "import util\n"),
            file("pkg/häh.py", ""),
            file("util.py", "X = 'ü'\n"),
        ];
        assert_eq!(open_file(&zip(&files)), Ok(files));
    }

    #[test]
    fn the_program_is_found() {
        let names = |files: &[File]| {
            open_file(&zip(files)).map(|files| files.into_iter().map(|file| file.name).collect::<Vec<_>>())
        };
        let lab = "# /// lab\n# cores = 3\n# ///\n";
        assert_eq!(
            names(&[file("a/x.py", ""), file("a/main.py", "")]),
            Ok(vec!["main.py".into(), "x.py".into()])
        );
        assert_eq!(
            names(&[file("x.py", ""), file("y.py", lab)]),
            Ok(vec!["main.py".into(), "x.py".into()])
        );
        assert_eq!(
            names(&[file("x.py", ""), file("notes.txt", "")]),
            Ok(vec!["main.py".into(), "notes.txt".into()])
        );
        assert_eq!(
            names(&[file("x.py", ""), file("y.py", "")]),
            Err("it has no main.py".into())
        );
        assert_eq!(names(&[]), Err("it has no main.py".into()));
        assert_eq!(
            names(&[file("../x.py", "")]),
            Err("it has a file outside of itself, ../x.py".into())
        );
        assert_eq!(
            names(&[file("/x.py", "")]),
            Err("it has a file outside of itself, /x.py".into())
        );
        assert_eq!(
            open_file(b"\xef\xbb\xbfprint(1)\r\n"),
            Ok(vec![file("main.py", "print(1)\n")])
        );
        assert!(open_file(b"\xff\xfe").is_err() && open_file(b"a\0b").is_err());
    }

    /// No cut and no changed byte is taken for what was packed, and none panics.
    #[test]
    fn damage_is_noticed() {
        let files = vec![file("main.py", "print('one')\n"), file("util.py", "X = 1\n")];
        let good = zip(&files);
        for length in 0..good.len() {
            assert!(
                open_file(&good[..length]).is_err() || !good[..length].starts_with(b"PK\x03\x04"),
                "{length}"
            );
        }
        let mut opened = 0;
        for at in 4..good.len() {
            for bit in 0..8 {
                let mut bad = good.clone();
                bad[at] ^= 1 << bit;
                if let Ok(other) = open_file(&bad) {
                    opened += 1;
                    // Dates, rights and versions mean nothing here; names have no sum.
                    assert!(other.iter().all(|a| files.iter().any(|b| a.text == b.text)), "{at}");
                }
            }
        }
        assert!(opened > 0);
    }
}
