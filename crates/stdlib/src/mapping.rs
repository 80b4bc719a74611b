//! `_mapping`: the memory below `mmap.mmap` (`prelude/mmap.py`): bytes of the process's own for private mappings, which a fork copies with everything
//! else, and a mapping of the kernel's for shared ones.

use crate::posix::{ask, done, fd_of};
use heddle_vm::contract::{Memory, Posix, Resume};
use heddle_vm::function::{Args, Native};
use heddle_vm::native::{NativeResult, Unwind};
use heddle_vm::payload::{Mapped, Payload};
use heddle_vm::process::{ModuleDef, Process};
use heddle_vm::types::{Layout, TypeDef, TypeRef, core, type_flags};
use heddle_vm::value::Value;
use std::any::Any;

#[derive(Clone, Debug)]
enum Store {
    Own(Vec<u8>),
    Shared { mapping: u32, len: usize },
    Closed,
}

/// What one `mmap` object maps.
#[derive(Clone, Debug)]
struct Region {
    store: Store,
    readonly: bool,
}

impl Payload for Region {
    fn clone_payload(&self) -> Box<dyn Payload> {
        Box::new(self.clone())
    }
    fn children(&self, _: &mut dyn FnMut(Value)) {}
    fn buffer(&self) -> Option<&[u8]> {
        match &self.store {
            Store::Own(bytes) => Some(bytes),
            _ => None,
        }
    }
    fn buffer_mut(&mut self) -> Option<&mut [u8]> {
        match &mut self.store {
            Store::Own(bytes) if !self.readonly => Some(bytes),
            _ => None,
        }
    }
    fn mapped(&self) -> Option<Mapped> {
        match self.store {
            Store::Shared { mapping, len } => Some(Mapped {
                mapping,
                len,
                readonly: self.readonly,
            }),
            _ => None,
        }
    }
    fn counts_views(&self) -> bool {
        true
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
    fn as_any_mut(&mut self) -> &mut dyn Any {
        self
    }
}

static REGION: TypeDef = TypeDef {
    name: "Region",
    module: "_mapping",
    base: Some(TypeRef::Core(core::OBJECT)),
    layout: Layout::Payload(0x6D6D),
    flags: type_flags::BASETYPE | type_flags::HAS_WEAKREF,
    members: &[METHODS],
    doc: "",
    finish: None,
};

fn region(p: &mut Process, v: Value) -> NativeResult<&mut Region> {
    if p.heap.payload::<Region>(v).is_none() {
        return Err(p.type_error("an mmap object is due"));
    }
    p.heap.payload_mut::<Region>(v).ok_or(Unwind::Raise(Value::NONE))
}

fn length(p: &mut Process, v: Value) -> NativeResult<u64> {
    let n = p.index_i64(v)?;
    u64::try_from(n).map_err(|_| p.value_error("a length must not be negative"))
}

/// `_Region.__new__(class, fd or -1, offset, length, shared, readonly)`
fn new(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [class, fd, offset, len, shared, readonly] = p.exactly(args, "Region")?;
    let fd = fd_of(p, fd)?;
    let (offset, len) = (length(p, offset)?, length(p, len)?);
    let (shared, readonly) = (p.truth(shared)?, p.truth(readonly)?);
    let fd = (fd != -1).then_some(fd);
    let store = if shared {
        let map = Memory::Map {
            fd,
            offset,
            len,
            writes: !readonly,
        };
        match ask(p, Posix::Memory(map), None)? {
            Resume::Int(mapping) => Store::Shared {
                mapping: u32::try_from(mapping).unwrap_or(u32::MAX),
                len: len as usize,
            },
            other => return Err(p.system_error(&format!("the kernel answered {other:?}"))),
        }
    } else {
        if !p.replaying() {
            p.check_size(len)?;
        }
        let bytes = match fd {
            None => vec![0; len as usize],
            Some(fd) => match ask(p, Posix::Memory(Memory::Copy { fd, offset, len }), None)? {
                Resume::Bytes(bytes) => bytes,
                other => return Err(p.system_error(&format!("the kernel answered {other:?}"))),
            },
        };
        // Nothing can fail or wait any more: `_close` gives back once what is counted once.
        p.heap.adjust_size(bytes.len() as i64);
        Store::Own(bytes)
    };
    Ok(p.new_payload(class, Region { store, readonly }))
}

const METHODS: &[Native] = &[
    Native::static_method("__new__", new),
    Native::method("__len__", |p, args| {
        let len = match &region(p, args.this())?.store {
            Store::Own(bytes) => bytes.len(),
            Store::Shared { len, .. } => *len,
            Store::Closed => 0,
        };
        Ok(p.new_int(len as i64))
    }),
    // Whether memoryviews look into it.
    Native::method("_is_viewed", |p, args| Ok(Value::from_bool(p.is_viewed(args.this())))),
    // Whether it maps anything still.
    Native::method("_is_open", |p, args| {
        let open = !matches!(region(p, args.this())?.store, Store::Closed);
        Ok(Value::from_bool(open))
    }),
    Native::method("_close", |p, args| {
        let closed = p.once(|p| {
            let store = std::mem::replace(&mut region(p, args.this())?.store, Store::Closed);
            Ok(match store {
                Store::Shared { mapping, .. } => p.new_int(mapping.into()),
                Store::Own(bytes) => {
                    p.heap.adjust_size(-(bytes.len() as i64));
                    Value::NONE
                }
                Store::Closed => Value::NONE,
            })
        })?;
        match p.as_i64(closed).and_then(|mapping| u32::try_from(mapping).ok()) {
            Some(mapping) => done(p, Posix::Memory(Memory::Unmap { mapping }), None),
            None => Ok(Value::NONE),
        }
    }),
    // The length becomes another one; the file has it already.
    Native::method("_resize", |p, args| {
        let [this, len] = p.exactly(args, "_resize")?;
        let wanted = length(p, len)?;
        let (shared, before) = match &region(p, this)?.store {
            Store::Shared { mapping, .. } => (Some(*mapping), 0),
            Store::Own(bytes) => (None, bytes.len()),
            Store::Closed => return Ok(Value::NONE),
        };
        if let Some(mapping) = shared {
            let resize = Memory::Resize { mapping, len: wanted };
            ask(p, Posix::Memory(resize), None)?;
        } else {
            p.check_size(wanted)?;
            p.heap.adjust_size(wanted as i64 - before as i64);
        }
        match &mut region(p, this)?.store {
            Store::Shared { len, .. } => *len = wanted as usize,
            Store::Own(bytes) => bytes.resize(wanted as usize, 0),
            Store::Closed => {}
        }
        Ok(Value::NONE)
    }),
];

/// The module.
pub static MODULE: ModuleDef = ModuleDef {
    name: "_mapping",
    doc: "",
    functions: &[],
    types: &[&REGION],
    init: None,
};
