//! Values on their way from one interpreter to another: plain data that belongs to no heap.

use crate::object::Obj;
use crate::process::Process;
use crate::pystr::PyStr;
use crate::types::core;
use crate::value::Value;
use heddle_compiler::Code;
use rustc_hash::FxHashMap;
use std::rc::Rc;

/// A value without its heap. What else Python can send is made of these by `_interpreters` (`crates/stdlib/src/prelude`).
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Parcel {
    /// `None`
    #[default]
    None,
    /// A `bool`.
    Bool(bool),
    /// An `int`; CPython too sends only those that fit a word.
    Int(i64),
    /// A `float`.
    Float(f64),
    /// A `str`.
    Str(Text),
    /// A `bytes`.
    Bytes(Rc<[u8]>),
    /// A `tuple`.
    Tuple(Vec<Parcel>),
    /// A code object.
    Code(Rc<Code>),
}

impl Parcel {
    /// What it counts for against the limit of memory.
    pub(super) fn bytes(&self) -> u64 {
        PARCEL_BYTES
            + match self {
                Parcel::Str(text) => text.0.bytes().len() as u64,
                Parcel::Bytes(bytes) => bytes.len() as u64,
                Parcel::Tuple(items) if items.is_empty() => 0,
                Parcel::Tuple(items) => TUPLE_BYTES + items.iter().map(Parcel::bytes).sum::<u64>(),
                Parcel::Code(code) => 64 * code.instructions.len() as u64,
                Parcel::None | Parcel::Bool(_) | Parcel::Int(_) | Parcel::Float(_) => 0,
            }
    }
}

/// The text of a `str`; no heap owns it.
#[derive(Clone, Debug)]
pub struct Text(PyStr);

impl PartialEq for Text {
    fn eq(&self, other: &Text) -> bool {
        self.0.bytes() == other.0.bytes()
    }
}

/// Why a value cannot be made into a parcel.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Unfit {
    /// This part of it is of another type.
    Type(Value),
    /// An int does not fit a word.
    Int,
    /// Tuples are nested too deeply.
    Depth,
    /// There is no memory for the copy: what is one object in the heap is copied as often as it is met.
    Memory,
}

/// What a parcel takes beside its content, by the model and on no particular host.
const PARCEL_BYTES: u64 = 24;
/// What a tuple with items takes beside them.
const TUPLE_BYTES: u64 = 64;
/// How deep tuples may be nested: packing recurses natively, and so does dropping.
const MAX_DEPTH: u32 = 200;
/// Copying one of them, ns; and so many bytes take one ns more.
const PARCEL_NS: u64 = 20;
const BYTES_PER_NS: u64 = 8;

/// What copying a value would make.
#[derive(Clone, Copy, Default)]
struct Weight {
    cells: u64,
    /// By the model, the cells' own included.
    bytes: u64,
}

impl Weight {
    fn cell(more_bytes: u64) -> Weight {
        Weight {
            cells: 1,
            bytes: PARCEL_BYTES.saturating_add(more_bytes),
        }
    }

    fn add(&mut self, other: Weight) {
        self.cells = self.cells.saturating_add(other.cells);
        self.bytes = self.bytes.saturating_add(other.bytes);
    }
}

impl Process {
    /// Copies a value out of the heap.
    ///
    /// # Errors
    /// Says what stands in the way.
    pub fn pack(&mut self, v: Value) -> Result<Parcel, Unfit> {
        let weight = self.weigh(v, 0, &mut FxHashMap::default());
        if weight.bytes > self.heap.room() {
            return Err(Unfit::Memory);
        }
        if !self.replaying() {
            self.charge(PARCEL_NS * weight.cells + weight.bytes / BYTES_PER_NS);
        }
        self.pack_at(v, 0)
    }

    /// Every tuple is looked at once, though it is copied as often as it is met.
    fn weigh(&self, v: Value, depth: u32, known: &mut FxHashMap<u32, Weight>) -> Weight {
        match self.heap.object(v) {
            Some(Obj::Bytes(_)) => Weight::cell(self.as_bytes(v).map_or(0, |bytes| bytes.len() as u64)),
            Some(Obj::Tuple(items)) if !items.is_empty() && depth < MAX_DEPTH => {
                let handle = v.handle().unwrap_or(0);
                if let Some(&weight) = known.get(&handle) {
                    return weight;
                }
                let mut weight = Weight::cell(TUPLE_BYTES);
                for &item in items.iter() {
                    weight.add(self.weigh(item, depth + 1, known));
                }
                known.insert(handle, weight);
                weight
            }
            _ => Weight::cell(0),
        }
    }

    fn pack_at(&mut self, v: Value, depth: u32) -> Result<Parcel, Unfit> {
        if v.is_none() {
            return Ok(Parcel::None);
        }
        if self.is_exact(v, core::BOOL) {
            return Ok(Parcel::Bool(v == Value::TRUE));
        }
        if self.is_exact(v, core::INT) {
            return self.as_i64(v).map(Parcel::Int).ok_or(Unfit::Int);
        }
        if self.is_exact(v, core::FLOAT) {
            return self.as_float(v).map(Parcel::Float).ok_or(Unfit::Type(v));
        }
        let items = match self.heap.object(v) {
            Some(Obj::Str(text)) if self.is_exact(v, core::STR) => return Ok(Parcel::Str(Text(text.clone()))),
            Some(Obj::Bytes(_)) if self.is_exact(v, core::BYTES) => {
                let bytes = self.as_bytes(v).unwrap_or_default();
                return Ok(Parcel::Bytes(Rc::from(bytes)));
            }
            Some(Obj::Code(_)) => {
                let whole = self.whole_code(v).ok_or(Unfit::Type(v))?;
                return Ok(Parcel::Code(Rc::clone(&whole.code)));
            }
            Some(Obj::Tuple(items)) if self.is_exact(v, core::TUPLE) => items.to_vec(),
            _ => return Err(Unfit::Type(v)),
        };
        if depth >= MAX_DEPTH {
            return Err(Unfit::Depth);
        }
        let items = items.into_iter().map(|item| self.pack_at(item, depth + 1));
        items.collect::<Result<_, _>>().map(Parcel::Tuple)
    }

    /// Makes the value in this heap.
    pub fn unpack(&mut self, parcel: &Parcel) -> Value {
        match parcel {
            Parcel::None => Value::NONE,
            Parcel::Bool(b) => Value::from_bool(*b),
            Parcel::Int(n) => self.new_int(*n),
            Parcel::Float(f) => self.new_float(*f),
            Parcel::Str(text) => self.heap.alloc(core::STR, Obj::Str(text.0.clone())),
            Parcel::Bytes(bytes) => self.new_bytes(bytes),
            Parcel::Tuple(items) => {
                let items = items.iter().map(|item| self.unpack(item)).collect();
                self.new_tuple(items)
            }
            Parcel::Code(code) => self.load_code(code),
        }
    }
}
