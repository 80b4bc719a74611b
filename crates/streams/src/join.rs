//! From its streams back to a wasm program.

use crate::bytes::{Bytes, put, value};
use crate::kind::{Kind, after_prefix, kind};
use crate::recent::Recent;
use crate::short::{ADDRESS, ALIGNED, meaning};
use crate::{Error, Stream};

struct Streams<'a>([Bytes<'a>; Stream::ALL.len()]);

impl<'a> Streams<'a> {
    fn from(&mut self, stream: Stream) -> &mut Bytes<'a> {
        &mut self.0[stream as usize]
    }
}

/// Joins what [`crate::split`] has split. Err: it is damaged.
pub fn join(form: &[u8]) -> Result<Vec<u8>, Error> {
    let mut input = Bytes::new(form);
    let (head, tail, functions) = (input.number()?, input.number()?, input.number()?);
    let mut lengths = [0; Stream::ALL.len()];
    for length in &mut lengths {
        *length = input.number()? as usize;
    }
    let mut out = Vec::with_capacity(form.len().saturating_mul(5) / 4);
    out.extend_from_slice(input.take(head as usize)?);
    let mut streams = Streams([Bytes::new(&[]); Stream::ALL.len()]);
    for (stream, length) in streams.0.iter_mut().zip(lengths) {
        *stream = Bytes::new(input.take(length)?);
    }
    let tail = input.take(tail as usize)?;
    let mut recent = Recent::default();
    for _ in 0..functions {
        recent.clear();
        function(&mut streams, &mut out, &mut recent)?;
    }
    out.extend_from_slice(tail);
    if input.is_empty() && streams.0.iter().all(Bytes::is_empty) {
        Ok(out)
    } else {
        Err(Error::Rest)
    }
}

fn function(streams: &mut Streams<'_>, out: &mut Vec<u8>, recent: &mut Recent) -> Result<(), Error> {
    let size = streams.from(Stream::Function).leb()?;
    out.extend_from_slice(size);
    let end = out.len() + value(size)? as usize;
    let groups = streams.from(Stream::Function).leb()?;
    out.extend_from_slice(groups);
    for _ in 0..value(groups)? {
        out.extend_from_slice(streams.from(Stream::Function).leb()?);
        out.push(streams.from(Stream::Function).byte()?);
    }
    while out.len() < end {
        instruction(streams, out, recent)?;
    }
    if out.len() == end { Ok(()) } else { Err(Error::Rest) }
}

fn instruction(streams: &mut Streams<'_>, out: &mut Vec<u8>, recent: &mut Recent) -> Result<(), Error> {
    let mut code = streams.from(Stream::Code).byte()?;
    if code == ADDRESS {
        out.push(0x41);
        out.extend_from_slice(streams.from(Stream::Address).leb()?);
        return Ok(());
    }
    let aligned = (ALIGNED..ALIGNED + 4).contains(&code).then(|| code - ALIGNED);
    if aligned.is_some() {
        code = streams.from(Stream::Code).byte()?;
    }
    let (opcode, operand) = match meaning(code) {
        Some((opcode, operand)) => (opcode, Some(operand)),
        None => (code, None),
    };
    let kind = kind(opcode)?;
    if aligned.is_some() && !matches!(kind, Kind::Memory(_)) {
        return Err(Error::Instruction(opcode));
    }
    out.push(opcode);
    let operand_of = |streams: &mut Streams<'_>, stream| match operand {
        Some(operand) => Ok(operand),
        None => streams.from(stream).number(),
    };
    match kind {
        Kind::Bare => {}
        Kind::Plain(count) => {
            for _ in 0..count {
                out.extend_from_slice(streams.from(Stream::Code).leb()?);
            }
        }
        Kind::List => {
            let count = streams.from(Stream::Code).leb()?;
            out.extend_from_slice(count);
            out.extend_from_slice(streams.from(Stream::Code).take(value(count)? as usize)?);
        }
        Kind::Local => put(out, recent.local(operand_of(streams, Stream::Local)?)?),
        Kind::Branch => put(out, operand_of(streams, Stream::Branch)?),
        Kind::Table => {
            let count = streams.from(Stream::Table).leb()?;
            out.extend_from_slice(count);
            for _ in 0..=value(count)? {
                out.extend_from_slice(streams.from(Stream::Table).leb()?);
            }
        }
        Kind::Call => out.extend_from_slice(streams.from(Stream::Call).leb()?),
        Kind::Memory(natural) => {
            out.push(aligned.unwrap_or(natural));
            out.extend_from_slice(streams.from(Stream::Offset).leb()?);
        }
        Kind::Number => match operand {
            Some(small) => put(out, small),
            None => out.extend_from_slice(streams.from(Stream::Number).leb()?),
        },
        Kind::Long => out.extend_from_slice(streams.from(Stream::Long).leb()?),
        Kind::Float(bytes) => out.extend_from_slice(streams.from(Stream::Float).take(usize::from(bytes))?),
        Kind::Prefix => {
            let further = streams.from(Stream::Code).leb()?;
            out.extend_from_slice(further);
            for _ in 0..after_prefix(value(further)?)? {
                out.extend_from_slice(streams.from(Stream::Code).leb()?);
            }
        }
    }
    Ok(())
}
