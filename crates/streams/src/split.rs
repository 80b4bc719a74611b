//! From a wasm program to its streams.

use crate::bytes::{Bytes, put, value};
use crate::kind::{Kind, after_prefix, kind};
use crate::recent::Recent;
use crate::short::{ADDRESS, ALIGNED, code};
use crate::{Error, Stream};

/// The number of the section with the functions' code.
const CODE_SECTION: u8 = 10;

#[derive(Default)]
struct Streams([Vec<u8>; Stream::ALL.len()]);

impl Streams {
    fn to(&mut self, stream: Stream) -> &mut Vec<u8> {
        &mut self.0[stream as usize]
    }

    /// Copies bytes into a stream.
    fn add(&mut self, stream: Stream, bytes: &[u8]) {
        self.to(stream).extend_from_slice(bytes);
    }
}

/// Splits a wasm program (see the crate for the form). Err: it has no code, or what it has is not known here.
pub fn split(program: &[u8]) -> Result<Vec<u8>, Error> {
    let mut input = Bytes::new(program);
    if input.take(8)?.get(..4) != Some(b"\0asm") {
        return Err(Error::NoProgram);
    }
    let end = loop {
        if input.is_empty() {
            return Err(Error::NoProgram);
        }
        let (section, size) = (input.byte()?, input.number()? as usize);
        if section == CODE_SECTION {
            break input.position() + size;
        }
        input.take(size)?;
    };
    let functions = input.number()?;
    let head = input.position();
    let mut streams = Streams::default();
    let mut recent = Recent::default();
    for _ in 0..functions {
        recent.clear();
        function(&mut input, &mut streams, &mut recent)?;
    }
    if input.position() != end {
        return Err(Error::Rest);
    }
    let (head, tail) = (&program[..head], &program[end..]);
    let mut out = Vec::with_capacity(program.len());
    let lengths = [head.len(), tail.len(), functions as usize];
    for length in lengths.into_iter().chain(streams.0.iter().map(Vec::len)) {
        put(&mut out, u32::try_from(length).map_err(|_| Error::Number)?);
    }
    out.extend_from_slice(head);
    streams.0.iter().for_each(|stream| out.extend_from_slice(stream));
    out.extend_from_slice(tail);
    Ok(out)
}

fn function(input: &mut Bytes<'_>, streams: &mut Streams, recent: &mut Recent) -> Result<(), Error> {
    let size = input.leb()?;
    streams.add(Stream::Function, size);
    let end = input.position() + value(size)? as usize;
    let groups = input.leb()?;
    streams.add(Stream::Function, groups);
    for _ in 0..value(groups)? {
        streams.add(Stream::Function, input.leb()?);
        streams.add(Stream::Function, input.take(1)?);
    }
    while input.position() < end {
        instruction(input, streams, recent)?;
    }
    if input.position() == end {
        Ok(())
    } else {
        Err(Error::Rest)
    }
}

fn instruction(input: &mut Bytes<'_>, streams: &mut Streams, recent: &mut Recent) -> Result<(), Error> {
    let opcode = input.byte()?;
    match kind(opcode)? {
        Kind::Bare => streams.to(Stream::Code).push(opcode),
        Kind::Plain(count) => {
            streams.to(Stream::Code).push(opcode);
            for _ in 0..count {
                streams.add(Stream::Code, input.leb()?);
            }
        }
        Kind::List => {
            let count = input.leb()?;
            streams.to(Stream::Code).push(opcode);
            streams.add(Stream::Code, count);
            streams.add(Stream::Code, input.take(value(count)? as usize)?);
        }
        Kind::Local => {
            let rank = recent.rank(shortest(input.leb()?)?)?;
            operand(streams, opcode, rank, Stream::Local);
        }
        Kind::Branch => {
            let blocks = shortest(input.leb()?)?;
            operand(streams, opcode, blocks, Stream::Branch);
        }
        Kind::Table => {
            let count = input.leb()?;
            streams.to(Stream::Code).push(opcode);
            streams.add(Stream::Table, count);
            for _ in 0..=value(count)? {
                streams.add(Stream::Table, input.leb()?);
            }
        }
        Kind::Call => {
            streams.to(Stream::Code).push(opcode);
            streams.add(Stream::Call, input.leb()?);
        }
        Kind::Memory(natural) => {
            let alignment = shortest(input.leb()?)?;
            if alignment > 3 {
                return Err(Error::Number);
            }
            if alignment != u32::from(natural) {
                streams.to(Stream::Code).push(ALIGNED + alignment as u8);
            }
            streams.to(Stream::Code).push(opcode);
            streams.add(Stream::Offset, input.leb()?);
        }
        Kind::Number => match input.leb()? {
            // Signed: up to 0x3f one byte is the number itself.
            &[small @ 0..0x40] => operand(streams, opcode, u32::from(small), Stream::Number),
            large @ [_, _, _, ..] => {
                streams.to(Stream::Code).push(ADDRESS);
                streams.add(Stream::Address, large);
            }
            other => {
                streams.to(Stream::Code).push(opcode);
                streams.add(Stream::Number, other);
            }
        },
        Kind::Long => {
            streams.to(Stream::Code).push(opcode);
            streams.add(Stream::Long, input.leb()?);
        }
        Kind::Float(bytes) => {
            streams.to(Stream::Code).push(opcode);
            streams.add(Stream::Float, input.take(usize::from(bytes))?);
        }
        Kind::Prefix => {
            let further = input.leb()?;
            streams.to(Stream::Code).push(opcode);
            streams.add(Stream::Code, further);
            for _ in 0..after_prefix(value(further)?)? {
                streams.add(Stream::Code, input.leb()?);
            }
        }
    }
    Ok(())
}

/// An instruction with its operand: in one byte, or the operand in its stream.
fn operand(streams: &mut Streams, opcode: u8, operand: u32, stream: Stream) {
    match code(opcode, operand) {
        Some(both) => streams.to(Stream::Code).push(both),
        None => {
            streams.to(Stream::Code).push(opcode);
            put(streams.to(stream), operand);
        }
    }
}

/// What a number says that must be written in the shortest way, since it will be when it is joined.
fn shortest(leb: &[u8]) -> Result<u32, Error> {
    let value = value(leb)?;
    let mut again = Vec::with_capacity(5);
    put(&mut again, value);
    if again == leb { Ok(value) } else { Err(Error::Number) }
}
