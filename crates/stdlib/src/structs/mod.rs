//! The module `_struct`: packing and unpacking of C structures, native sizes and alignment being those of 64-bit Linux.

mod format;
mod items;

use format::Layout as Form;
use heddle_vm::function::{Args, Native};
use heddle_vm::impl_payload;
use heddle_vm::native::{NativeResult, Unwind};
use heddle_vm::process::{ModuleDef, Process};
use heddle_vm::types::{Layout, TypeDef, TypeRef, core, type_flags};
use heddle_vm::value::Value;
use std::rc::Rc;

/// `_struct`
pub static MODULE: ModuleDef = ModuleDef {
    name: "_struct",
    doc: "Functions to convert between Python values and C structs.",
    functions: FUNCTIONS,
    types: &[&STRUCT, &ERROR],
    init: None,
};

static ERROR: TypeDef = TypeDef {
    name: "error",
    module: "struct",
    base: Some(TypeRef::Core(core::EXCEPTION)),
    layout: Layout::Exception,
    flags: type_flags::BASETYPE,
    members: &[],
    doc: "",
    finish: None,
};

static STRUCT: TypeDef = TypeDef {
    name: "Struct",
    module: "_struct",
    base: Some(TypeRef::Core(core::OBJECT)),
    layout: Layout::Payload(0x5354),
    flags: type_flags::IMMUTABLE | type_flags::BASETYPE,
    members: &[MEMBERS],
    doc: "Struct(fmt) --> compiled struct object",
    finish: None,
};

static ITERATOR: TypeDef = TypeDef {
    name: "unpack_iterator",
    module: "_struct",
    base: Some(TypeRef::Core(core::OBJECT)),
    layout: Layout::Closed,
    flags: type_flags::IMMUTABLE,
    members: &[ITERATOR_MEMBERS],
    doc: "",
    finish: None,
};

/// A compiled format.
#[derive(Clone, Debug)]
struct Compiled {
    text: String,
    form: Rc<Form>,
}

impl_payload!(Compiled);

/// `iter_unpack`: what is left of the buffer's bytes.
#[derive(Clone, Debug)]
struct Unpacking {
    form: Rc<Form>,
    bytes: Rc<[u8]>,
    at: usize,
}

impl_payload!(Unpacking);

/// `struct.error`
#[cold]
fn error(vm: &mut Process, message: &str) -> Unwind {
    let class = vm.native_type(&ERROR);
    vm.error(class, message)
}

/// The format of a `str` or `bytes` argument.
fn compile(vm: &mut Process, format: Value) -> NativeResult<Compiled> {
    let text = match (vm.as_pystr(format).cloned(), vm.as_bytes(format)) {
        (Some(s), _) => {
            if !s.is_ascii() {
                vm.encode_value(format, &s, "ascii", "strict")?;
            }
            s.lossy().into_owned()
        }
        (None, Some(bytes)) => bytes.iter().map(|b| *b as char).collect(),
        (None, None) => {
            let name = vm.type_name(format);
            return Err(vm.type_error(&format!(
                "Struct() argument 1 must be a str or bytes object, not {name}"
            )));
        }
    };
    if text.contains('\0') {
        return Err(error(vm, "embedded null character"));
    }
    match Form::parse(&text) {
        Ok(form) => Ok(Compiled {
            text,
            form: Rc::new(form),
        }),
        Err(message) => Err(error(vm, message)),
    }
}

/// The compiled format of a `Struct` instance.
fn this_struct(vm: &mut Process, args: Args<'_>, method: &str) -> NativeResult<Compiled> {
    match vm.heap.payload::<Compiled>(args.this()) {
        Some(c) => Ok(c.clone()),
        None => Err(vm.wrong_self(method, "Struct", args.this())),
    }
}

const MEMBERS: &[Native] = &[
    Native::static_method("__new__", |vm, args| {
        let class = args.this();
        // A subclass may leave the format to the `__init__` here, which its own calls.
        let own = vm.lookup_in_type(class, heddle_vm::names::INIT);
        let python = own.is_some_and(|init| vm.as_native(init).is_none());
        let given = if python && args.len() == 1 {
            vm.new_str("")
        } else {
            Value::NULL
        };
        let [format] = match given.is_null() {
            true => vm.bind(args.rest(), "Struct", ["format"], 1)?,
            false => [Some(given)],
        };
        let compiled = compile(vm, format.unwrap_or(Value::NULL))?;
        if vm.as_type(class).is_none() {
            return Err(vm.type_error("Struct.__new__(X): X is not a type object"));
        }
        Ok(vm.new_of_class(class, heddle_vm::object::Obj::Payload(Box::new(compiled))))
    }),
    Native::method("__init__", |vm, args| {
        let [format] = vm.bind(args.rest(), "Struct", ["format"], 1)?;
        let compiled = compile(vm, format.unwrap_or(Value::NULL))?;
        if let Some(this) = vm.heap.payload_mut::<Compiled>(args.this()) {
            *this = compiled;
        }
        Ok(Value::NONE)
    }),
    Native::method("__repr__", |vm, args| {
        let c = this_struct(vm, args, "__repr__")?;
        let class = vm.type_name(args.this());
        let format = heddle_vm::builtin::text::str_repr(c.text.as_str().as_ref())
            .to_string_lossy()
            .into_owned();
        Ok(vm.new_str(&format!("{class}({format})")))
    }),
    Native::getter("format", |vm, args| {
        let c = this_struct(vm, args, "format")?;
        Ok(vm.new_str(&c.text))
    }),
    Native::getter("size", |vm, args| {
        let c = this_struct(vm, args, "size")?;
        Ok(vm.new_int(c.form.size as i64))
    }),
    Native::method("pack", |vm, args| {
        let c = this_struct(vm, args, "pack")?;
        pack(vm, &c.form, args.rest())
    })
    .sig("($self, /, *values)"),
    Native::method("pack_into", |vm, args| {
        let c = this_struct(vm, args, "pack_into")?;
        pack_into(vm, &c.form, args.rest())
    })
    .sig("($self, buffer, offset, /, *values)"),
    Native::method("unpack", |vm, args| {
        let c = this_struct(vm, args, "unpack")?;
        unpack(vm, &c.form, args.rest())
    })
    .sig("($self, buffer, /)"),
    Native::method("unpack_from", |vm, args| {
        let c = this_struct(vm, args, "unpack_from")?;
        unpack_from(vm, &c.form, args.rest())
    })
    .sig("($self, /, buffer, offset=0)"),
    Native::method("iter_unpack", |vm, args| {
        let c = this_struct(vm, args, "iter_unpack")?;
        iter_unpack(vm, &c.form, args.rest())
    })
    .sig("($self, buffer, /)"),
];

/// A module function: the format is its first argument.
fn with_format(
    vm: &mut Process,
    args: Args<'_>,
    name: &str,
    f: fn(&mut Process, &Rc<Form>, Args<'_>) -> NativeResult,
) -> NativeResult {
    let Some(format) = args.get(0) else {
        return Err(vm.type_error(&format!("{name} expected at least 1 argument, got 0")));
    };
    let form = match vm.heap.payload::<Compiled>(format) {
        Some(c) => c.form.clone(),
        None => compile(vm, format)?.form,
    };
    f(vm, &form, args.rest())
}

static FUNCTIONS: &[Native] = &[
    Native::function("calcsize", |vm, args| {
        with_format(vm, args, "calcsize", |vm, form, rest| {
            vm.exactly::<0>(rest, "_struct.calcsize")?;
            Ok(vm.new_int(form.size as i64))
        })
    })
    .sig("(format, /)"),
    Native::function("pack", |vm, args| with_format(vm, args, "pack", pack)).sig("(format, /, *values)"),
    Native::function("pack_into", |vm, args| with_format(vm, args, "pack_into", pack_into))
        .sig("(format, buffer, offset, /, *values)"),
    Native::function("unpack", |vm, args| with_format(vm, args, "unpack", unpack)).sig("(format, buffer, /)"),
    Native::function("unpack_from", |vm, args| {
        with_format(vm, args, "unpack_from", unpack_from)
    })
    .sig("(format, /, buffer, offset=0)"),
    Native::function("iter_unpack", |vm, args| {
        with_format(vm, args, "iter_unpack", iter_unpack)
    })
    .sig("(format, buffer, /)"),
    Native::function("_clearcache", |_, _| Ok(Value::NONE)).sig("()"),
];

const ITERATOR_MEMBERS: &[Native] = &[
    Native::method("__iter__", |_, args| Ok(args.this())),
    Native::method("__next__", |vm, args| {
        let this = args.this();
        let Some(state) = vm.heap.payload::<Unpacking>(this).cloned() else {
            return Err(vm.wrong_self("__next__", "unpack_iterator", this));
        };
        let Some(bytes) = state.bytes.get(state.at..state.at + state.form.size) else {
            return Ok(Value::NULL);
        };
        let items = items::unpack(vm, &state.form, bytes);
        if let Some(state) = vm.heap.payload_mut::<Unpacking>(this) {
            state.at += state.form.size;
        }
        Ok(vm.new_tuple(items))
    }),
    Native::method("__length_hint__", |vm, args| {
        let left = vm
            .heap
            .payload::<Unpacking>(args.this())
            .map_or(0, |s| (s.bytes.len() - s.at.min(s.bytes.len())) / s.form.size.max(1));
        Ok(vm.new_int(left as i64))
    }),
];

fn pack(vm: &mut Process, form: &Rc<Form>, args: Args<'_>) -> NativeResult {
    let bytes = items::pack(vm, form, args.pos, "pack")?;
    Ok(vm.new_bytes(&bytes))
}

fn pack_into(vm: &mut Process, form: &Rc<Form>, args: Args<'_>) -> NativeResult {
    let (Some(buffer), Some(offset)) = (args.get(0), args.get(1)) else {
        let missing = if args.is_empty() { "buffer" } else { "offset" };
        return Err(error(vm, &format!("pack_into expected {missing} argument")));
    };
    let Some(length) = vm.writable_len(buffer) else {
        let name = vm.type_name(buffer);
        return Err(vm.type_error(&format!("argument must be read-write bytes-like object, not {name}")));
    };
    let offset = vm.index_i64(offset)?;
    let bytes = items::pack(vm, form, args.pos.get(2..).unwrap_or_default(), "pack_into")?;
    let at = place(vm, form.size, length, offset, true)?;
    vm.write_buffer(buffer, at, &bytes)?;
    Ok(Value::NONE)
}

/// Where an offset, perhaps from the end, lies; `struct.error` when there is no room behind it.
fn place(vm: &mut Process, size: usize, length: usize, offset: i64, packing: bool) -> NativeResult<usize> {
    let at = if offset < 0 {
        if offset + size as i64 > 0 {
            let message = if packing {
                format!("no space to pack {size} bytes at offset {offset}")
            } else {
                format!("not enough data to unpack {size} bytes at offset {offset}")
            };
            return Err(error(vm, &message));
        }
        if offset + (length as i64) < 0 {
            return Err(error(
                vm,
                &format!("offset {offset} out of range for {length}-byte buffer"),
            ));
        }
        (offset + length as i64) as usize
    } else {
        offset as usize
    };
    if at.saturating_add(size) > length {
        let (name, doing) = if packing {
            ("pack_into", "packing")
        } else {
            ("unpack_from", "unpacking")
        };
        let need = at.saturating_add(size);
        return Err(error(
            vm,
            &format!(
                "{name} requires a buffer of at least {need} bytes for {doing} {size} bytes at offset {at} (actual buffer size is {length})"
            ),
        ));
    }
    Ok(at)
}

fn unpack(vm: &mut Process, form: &Rc<Form>, args: Args<'_>) -> NativeResult {
    let [buffer] = vm.exactly(args, "unpack")?;
    let bytes = vm.byte_data(buffer)?;
    if bytes.len() != form.size {
        return Err(error(vm, &format!("unpack requires a buffer of {} bytes", form.size)));
    }
    let items = items::unpack(vm, form, &bytes);
    Ok(vm.new_tuple(items))
}

fn unpack_from(vm: &mut Process, form: &Rc<Form>, args: Args<'_>) -> NativeResult {
    let [buffer, offset] = vm.bind(args, "unpack_from", ["buffer", "offset"], 1)?;
    let bytes = vm.buffer_part(buffer.unwrap_or(Value::NULL), form.size, |vm, length| {
        let offset = match offset {
            None => 0,
            Some(v) => vm.index_i64(v)?,
        };
        place(vm, form.size, length, offset, false)
    })?;
    let items = items::unpack(vm, form, &bytes);
    Ok(vm.new_tuple(items))
}

fn iter_unpack(vm: &mut Process, form: &Rc<Form>, args: Args<'_>) -> NativeResult {
    let [buffer] = vm.exactly(args, "iter_unpack")?;
    if form.size == 0 {
        return Err(error(vm, "cannot iteratively unpack with a struct of length 0"));
    }
    let bytes = vm.buffer_bytes(buffer)?;
    if bytes.len() % form.size != 0 {
        return Err(error(
            vm,
            &format!(
                "iterative unpacking requires a buffer of a multiple of {} bytes",
                form.size
            ),
        ));
    }
    let state = Unpacking {
        form: form.clone(),
        bytes: bytes.into(),
        at: 0,
    };
    let class = vm.native_type(&ITERATOR);
    Ok(vm.new_payload(class, state))
}
