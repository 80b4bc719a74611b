//! `array`: rows of numbers as bytes. Items are read from and written to the bytes each time; views of a row see every change, and
//! (unlike in CPython) do not keep it from being resized.

mod items;
mod methods;

use heddle_vm::native::{NativeResult, Unwind};
use heddle_vm::payload::Payload;
use heddle_vm::process::{ModuleDef, Process};
use heddle_vm::types::{Layout, TypeDef, TypeRef, core, type_flags};
use heddle_vm::value::Value;
use items::Code;
use std::any::Any;

/// A row of items in native (little-endian) order.
#[derive(Clone, Debug)]
struct Array {
    code: Code,
    data: Vec<u8>,
}

impl Payload for Array {
    fn clone_payload(&self) -> Box<dyn Payload> {
        Box::new(self.clone())
    }
    fn children(&self, _: &mut dyn FnMut(Value)) {}
    fn buffer(&self) -> Option<&[u8]> {
        Some(&self.data)
    }
    fn buffer_mut(&mut self) -> Option<&mut [u8]> {
        Some(&mut self.data)
    }
    fn buffer_format(&self) -> char {
        self.code.letter
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
    fn as_any_mut(&mut self) -> &mut dyn Any {
        self
    }
}

impl Array {
    /// Number of items.
    fn len(&self) -> usize {
        self.data.len() / self.code.size
    }

    /// The bytes of an item.
    fn item(&self, i: usize) -> Option<&[u8]> {
        let size = self.code.size;
        self.data.get(i.checked_mul(size)?..(i + 1).checked_mul(size)?)
    }
}

/// `array.array`
static ARRAY: TypeDef = TypeDef {
    name: "array",
    module: "array",
    base: Some(TypeRef::Core(core::OBJECT)),
    layout: Layout::Payload(0x1361),
    flags: type_flags::BASETYPE | type_flags::SEQUENCE | type_flags::HAS_WEAKREF | type_flags::UNHASHABLE,
    members: &[methods::SLOTS, methods::METHODS],
    doc: "array(typecode [, initializer]) -> array",
    finish: None,
};

static ARRAY_ITERATOR: TypeDef = TypeDef {
    name: "arrayiterator",
    module: "array",
    base: Some(TypeRef::Core(core::OBJECT)),
    layout: Layout::Payload(0x1362),
    flags: 0,
    members: &[methods::ITERATOR],
    doc: "",
    finish: None,
};

/// The row; TypeError for something else.
fn array(p: &mut Process, v: Value) -> NativeResult<&mut Array> {
    if p.heap.payload::<Array>(v).is_none() {
        let name = p.type_name(v);
        return Err(p.type_error(&format!(
            "descriptor requires a 'array.array' object but received a '{name}'"
        )));
    }
    p.heap.payload_mut::<Array>(v).ok_or(Unwind::Raise(Value::NONE))
}

/// A new row of the class `array.array`.
fn new_array(p: &mut Process, code: Code, data: Vec<u8>) -> NativeResult {
    check_room(p, data.len())?;
    let class = p.native_type(&ARRAY);
    p.heap.adjust_size(data.len() as i64);
    Ok(p.new_payload(class, Array { code, data }))
}

/// MemoryError when that many bytes more do not fit.
fn check_room(p: &mut Process, bytes: usize) -> NativeResult<()> {
    if bytes as u64 > p.heap.room() {
        return Err(p.error(core::MEMORY_ERROR, ""));
    }
    Ok(())
}

fn init(p: &mut Process, dict: Value) -> NativeResult<()> {
    let class = p.native_type(&ARRAY);
    let (name, codes) = (p.intern("typecodes"), p.new_str(items::LETTERS));
    p.dict_set_str(dict, name, codes);
    let name = p.intern("ArrayType");
    p.dict_set_str(dict, name, class);
    Ok(())
}

/// `_array`; the module `array` (`prelude/array.py`) makes its class a `MutableSequence` besides.
pub static MODULE: ModuleDef = ModuleDef {
    name: "_array",
    doc: "This module defines an object type which can efficiently represent an array of basic values.",
    functions: methods::FUNCTIONS,
    types: &[&ARRAY],
    init: Some(init),
};
