//! Writes the pack. The index, all numbers `u32` little-endian, texts with their length in front:
//! checksum of the rest (`u64`) and its size; number of sections, for each its size, its compressed size and the number of the section
//! that is its dictionary (its own: none); number of modules, sorted by name, for each name, path, name of the module whose source and code
//! these are ("": its own), "is a package" (`u8`), section, place and size of the packed source in the section, size of the source, place and
//! size of the code.
//! Sources are packed by `indent`. The last two sections are the tables of characters and of names.

use crate::checksum::checksum;
use crate::list::Module;
use crate::{indent, unindent};
use lzma_rust2::{Lzma2Options, Lzma2Writer};
use std::io::Write as _;

pub struct Packed {
    pub index: Vec<u8>,
    pub first: Vec<u8>,
    pub rest: Vec<u8>,
    pub code: Vec<u8>,
}

/// The size of a section's window: no section is larger, its dictionary included.
const WINDOW: u32 = 1 << 22;

/// `tables`: texts that are sections of their own, behind those of modules.
pub fn pack(sections: &[Vec<Module>], tables: [String; 2], with_code: bool) -> Packed {
    let mut texts: Vec<String> = Vec::new();
    let mut entries: Vec<(&Module, usize, usize, usize)> = Vec::new();
    for (number, section) in sections.iter().enumerate() {
        let mut text = String::new();
        for module in section {
            let packed = indent::pack(&module.source);
            assert!(unindent::unpack(&packed, 0) == module.source, "{}", module.path);
            entries.push((module, number, text.len(), packed.len()));
            text.push_str(&packed);
        }
        texts.push(text);
    }
    texts.extend(tables);
    entries.sort_by(|a, b| a.0.name.cmp(&b.0.name));
    // One thread a section: this is most of the time the script takes.
    let compressed: Vec<Vec<u8>> = std::thread::scope(|scope| {
        let threads: Vec<_> = texts
            .iter()
            .enumerate()
            .map(|(number, text)| {
                let dictionary = dictionary(number, sections.len());
                let before = if dictionary == number { "" } else { &texts[dictionary] };
                scope.spawn(|| compress(text.as_bytes(), before.as_bytes()))
            })
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().expect("compressing does not panic"))
            .collect()
    });
    let first = compressed[0].clone();
    let rest = compressed[1..].concat();
    let mut index = checksum(&rest).to_le_bytes().to_vec();
    number(&mut index, rest.len());
    number(&mut index, texts.len());
    for (at, (text, bytes)) in texts.iter().zip(&compressed).enumerate() {
        number(&mut index, text.len());
        number(&mut index, bytes.len());
        number(&mut index, dictionary(at, sections.len()));
    }
    number(&mut index, entries.len());
    let mut code = Vec::new();
    for (module, section, at, size) in entries {
        let own = module.same_as.is_empty();
        let bytes = if with_code && own { compile(module) } else { Vec::new() };
        text(&mut index, &module.name);
        text(&mut index, &module.path);
        text(&mut index, &module.same_as);
        index.push(u8::from(module.package));
        for n in [section, at, size, module.source.len(), code.len(), bytes.len()] {
            number(&mut index, n);
        }
        code.extend(bytes);
    }
    Packed {
        index,
        first,
        rest,
        code,
    }
}

fn compile(module: &Module) -> Vec<u8> {
    let options = heddle_compiler::Options::default();
    let compiled = heddle_compiler::compile(&module.source, &module.path, heddle_compiler::Mode::Exec, &options)
        .unwrap_or_else(|e| panic!("{}:{}: {}", module.path, e.line, e.message));
    heddle_compiler::to_bytes(&compiled.code)
}

/// The section whose text is thought to stand before that of this one, or its own: every program unpacks the first, and nearly every
/// program that needs one of the others the second. Tables stand alone.
fn dictionary(section: usize, libraries: usize) -> usize {
    match section {
        0 | 1 => 0,
        _ if section < libraries => 1,
        _ => section,
    }
}

fn compress(bytes: &[u8], dictionary: &[u8]) -> Vec<u8> {
    let mut options = Lzma2Options::with_preset(9);
    options.lzma_options.dict_size = WINDOW;
    options.lzma_options.lc = 4;
    options.lzma_options.pb = 0;
    options.lzma_options.nice_len = 273;
    if !dictionary.is_empty() {
        options.lzma_options.preset_dict = Some(dictionary.to_vec());
    }
    assert!(
        dictionary.len() + bytes.len() < WINDOW as usize,
        "a section of the library is larger than the window"
    );
    let mut writer = Lzma2Writer::new(Vec::new(), options);
    writer.write_all(bytes).expect("memory can be written");
    writer.finish().expect("memory can be written")
}

fn number(into: &mut Vec<u8>, n: usize) {
    into.extend(
        u32::try_from(n)
            .expect("the library is smaller than 4 GiB")
            .to_le_bytes(),
    );
}

fn text(into: &mut Vec<u8>, s: &str) {
    number(into, s.len());
    into.extend(s.as_bytes());
}
