//! Compiled code becomes code objects: constants and names become values, instructions are fused.
//!
//! The code objects inside one that is loaded (of functions, classes, comprehensions) wait until somebody needs more of them than
//! their names: most functions of a module that is imported are never called. Until then their flag `direct` is off, so every call
//! takes the way around the short paths and comes through [`Process::function_code`]; a call costs the same virtual time on both.

use crate::boot::HIDDEN;
use crate::code::{Body, CodeObj};
use crate::object::Obj;
use crate::process::Process;
use crate::pystr::PyStr;
use crate::types::core;
use crate::value::Value;
use heddle_compiler::code::flags;
use heddle_compiler::{Code, Const};
use std::cell::OnceCell;
use std::rc::Rc;

impl Process {
    /// The code object of compiled code, ready to run.
    pub fn load_code(&mut self, code: &Rc<Code>) -> Value {
        let value = self.late_code(&code.name, &code.qualname, code.flags, Body::Compiled(Rc::clone(code)));
        self.whole_code(value);
        value
    }

    /// A code object whose body waits.
    fn late_code(&mut self, name: &str, qualname: &str, flags: u32, body: Body) -> Value {
        let filename = match &body {
            Body::Compiled(code) => Rc::clone(&code.filename),
            Body::Packed(_, filename) => Rc::clone(filename),
        };
        let number = self.caches.len() as u32;
        self.caches.push(Box::default());
        let object = CodeObj {
            late: Some(body),
            has_doc: flags & flags::HAS_DOCSTRING != 0,
            code: Rc::clone(&self.no_code),
            consts: Box::default(),
            names: Box::default(),
            slot_names: Box::default(),
            name: self.intern(name),
            qualname: self.intern(qualname),
            filename: self.intern(&filename),
            number,
            ops: Box::default(),
            slots: 0,
            simple: false,
            direct: false,
            room: 0,
            arg_count: 0,
            hidden: filename.starts_with(HIDDEN),
            mark: crate::watchers::mark_of(&filename, qualname),
            plain: OnceCell::new(),
            starts: OnceCell::new(),
            assembled: OnceCell::new(),
        };
        self.heap.alloc(core::CODE, Obj::Code(Rc::new(object)))
    }

    /// A code object with all its parts. None: the value is no code object, or its bytes are damaged.
    pub(crate) fn whole_code(&mut self, value: Value) -> Option<Rc<CodeObj>> {
        let object = match self.heap.object(value)? {
            Obj::Code(object) => Rc::clone(object),
            _ => return None,
        };
        let code = match &object.late {
            None => return Some(object),
            Some(Body::Compiled(code)) => Rc::clone(code),
            Some(Body::Packed(late, filename)) => late.read(Rc::clone(filename)).ok()?,
        };
        let whole = Rc::new(self.with_body(&object, code));
        for part in [&whole.consts, &whole.names, &whole.slot_names] {
            part.iter().for_each(|&v| self.heap.incref(v));
        }
        if let Obj::Code(place) = self.heap.get_mut(value) {
            *place = Rc::clone(&whole);
        }
        Some(whole)
    }

    fn with_body(&mut self, late: &CodeObj, code: Rc<Code>) -> CodeObj {
        let simple = code.total_args() == code.arg_count as usize;
        let mut ops = crate::fuse::fuse(&code.instructions);
        crate::watchers::put_mark(&mut ops, late.mark);
        let slot_name = |slot| code.slot_name(slot).unwrap_or_default();
        CodeObj {
            late: None,
            consts: code.consts.iter().map(|c| self.constant(c, &code.filename)).collect(),
            names: code.names.iter().map(|n| self.intern(n)).collect(),
            slot_names: (0..code.slot_count())
                .map(|slot| self.intern(slot_name(slot)))
                .collect(),
            ops,
            slots: code.slot_count() as u32,
            simple,
            direct: simple && code.flags & flags::OPTIMIZED != 0,
            room: code.slot_count() as u32 + code.stack_size + 8,
            arg_count: code.arg_count,
            plain: OnceCell::new(),
            starts: OnceCell::new(),
            assembled: OnceCell::new(),
            code,
            ..late.clone()
        }
    }

    /// A constant of a code object of that file.
    pub(crate) fn constant(&mut self, constant: &Const, filename: &Rc<str>) -> Value {
        match constant {
            Const::None => Value::NONE,
            Const::Bool(b) => Value::from_bool(*b),
            Const::Ellipsis => Value::ELLIPSIS,
            Const::Int(n) => self.new_int(*n),
            Const::BigInt(n) => self.new_big(n.clone()),
            Const::Float(f) => self.new_float(*f),
            Const::Complex(re, im) => self.heap.alloc(core::COMPLEX, Obj::Complex(*re, *im)),
            Const::Str(text) => {
                let s = PyStr::new(text.clone());
                // As CPython does: constants that look like names are interned.
                match s.as_str() {
                    Some(text) if text.len() < 64 && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') => {
                        self.intern(text)
                    }
                    _ => self.heap.alloc(core::STR, Obj::Str(s)),
                }
            }
            Const::Bytes(bytes) => self.new_bytes(bytes),
            Const::Tuple(items) => {
                let items = items.iter().map(|c| self.constant(c, filename)).collect();
                self.new_tuple(items)
            }
            Const::FrozenSet(items) => self.frozen_set(items, filename),
            Const::Slice(parts) => {
                let [start, stop, step] = &**parts;
                let parts = [start, stop, step].map(|c| self.constant(c, filename));
                self.heap.alloc(core::SLICE, Obj::Slice(Box::new(parts)))
            }
            Const::Code(code) => {
                self.late_code(&code.name, &code.qualname, code.flags, Body::Compiled(Rc::clone(code)))
            }
            Const::Late(late) => {
                let body = Body::Packed(Rc::clone(late), Rc::clone(filename));
                self.late_code(&late.name, &late.qualname, late.flags, body)
            }
        }
    }

    fn frozen_set(&mut self, items: &[Const], filename: &Rc<str>) -> Value {
        let empty = Obj::Set(Box::new(crate::dict::Dict::new_set()));
        let set = self.heap.alloc(core::FROZENSET, empty);
        for item in items {
            let item = self.constant(item, filename);
            // Constants hash without Python code.
            if let Ok((hash, None)) = self.dict_find(set, item) {
                self.dict_store(set, None, hash, item, Value::NULL);
            }
        }
        set
    }
}
