//! The type `memoryview`: one-dimensional views of buffers, strided by slicing. Shapes of more dimensions are not modelled.

use super::bytes_methods::hex_text;
use super::memory_items::item_size;
use crate::contract::Apart;
use crate::function::{Args, Native};
use crate::impl_payload;
use crate::native::NativeResult;
use crate::object::Obj;
use crate::process::Process;
use crate::types::{Layout, TypeDef, TypeRef, core, type_flags};
use crate::value::Value;

/// `memoryview`
pub static MEMORYVIEW: TypeDef = TypeDef {
    name: "memoryview",
    module: "builtins",
    base: Some(TypeRef::Core(core::OBJECT)),
    layout: Layout::Payload(0x6D76),
    flags: type_flags::IMMUTABLE | type_flags::SEQUENCE | type_flags::HAS_WEAKREF,
    members: &[SLOTS, METHODS, ATTRIBUTES],
    doc: "Create a new memoryview object which references the given object.",
    finish: None,
};

/// A view: `count` items of `format`, the first at byte `offset` of the object, each `step` bytes behind the one before.
#[derive(Clone, Debug)]
pub struct View {
    pub object: Value,
    pub offset: usize,
    pub count: usize,
    /// Bytes from item to item; negative for reversed views.
    pub step: i64,
    pub format: char,
    pub item_size: usize,
    pub readonly: bool,
    pub released: bool,
}

impl_payload!(View, |this, f| f(this.object));

impl View {
    /// Byte offset of an item.
    fn at(&self, index: usize) -> usize {
        (self.offset as i64 + index as i64 * self.step) as usize
    }

    /// From which byte on its items lie, and over how many bytes; `None` without items.
    fn span(&self) -> Option<(usize, usize)> {
        let (first, last) = (self.at(0), self.at(self.count.checked_sub(1)?));
        let from = first.min(last);
        Some((from, first.max(last) + self.item_size - from))
    }

    /// Is there nothing between its items, and are they in order?
    pub(super) fn is_contiguous(&self) -> bool {
        self.step == self.item_size as i64 || self.count <= 1
    }

    /// The bytes of its items, in order, given the object's bytes from byte `start` on; items that are not there are left out.
    pub(super) fn items_of(&self, bytes: &[u8], start: usize) -> Vec<u8> {
        let at = |index| self.at(index).wrapping_sub(start);
        if self.is_contiguous() {
            let from = at(0);
            return bytes
                .get(from..from.saturating_add(self.count * self.item_size))
                .unwrap_or_default()
                .to_vec();
        }
        let item = |i| {
            bytes
                .get(at(i)..at(i).saturating_add(self.item_size))
                .unwrap_or_default()
        };
        (0..self.count).flat_map(item).copied().collect()
    }
}

const RELEASED: &str = "operation forbidden on released memoryview object";

/// The view a method was called on; ValueError if it has been released.
fn this_view(vm: &mut Process, args: Args<'_>, method: &str) -> NativeResult<View> {
    match vm.heap.payload::<View>(args.this()).cloned() {
        Some(view) if view.released => Err(vm.value_error(RELEASED)),
        Some(view) => Ok(view),
        None => Err(vm.wrong_self(method, "memoryview", args.this())),
    }
}

impl Process {
    /// A memoryview of a bytes-like value.
    pub fn new_memoryview(&mut self, object: Value) -> NativeResult {
        if let Some(view) = self.heap.payload::<View>(object).cloned() {
            if view.released {
                return Err(self.value_error(RELEASED));
            }
            return Ok(self.new_view(view));
        }
        let (length, format) = match self.heap.object(object) {
            Some(Obj::Bytes(b)) => (b.len(), 'B'),
            Some(Obj::ByteArray(b)) => (b.len(), 'B'),
            Some(Obj::Payload(p)) if p.buffer().is_some() => (p.buffer().map_or(0, <[u8]>::len), p.buffer_format()),
            Some(Obj::Payload(p)) if p.mapped().is_some() => (p.mapped().map_or(0, |mapped| mapped.len), 'B'),
            _ => {
                if let Some(view) = self.call_special(object, crate::names::BUFFER, &[Value::from_i32(0)])?
                    && self.heap.payload::<View>(view).is_some()
                {
                    return Ok(view);
                }
                let name = self.type_name(object);
                return Err(self.type_error(&format!("memoryview: a bytes-like object is required, not '{name}'")));
            }
        };
        let readonly = self.writable_len(object).is_none();
        let size = item_size(format).unwrap_or(1);
        let view = View {
            object,
            offset: 0,
            count: length / size,
            step: size as i64,
            format,
            item_size: size,
            readonly,
            released: false,
        };
        Ok(self.new_view(view))
    }

    fn new_view(&mut self, view: View) -> Value {
        let object = view.object;
        let made = self.new_payload(core::MEMORYVIEW, view);
        let counted = match self.heap.object(object) {
            Some(Obj::ByteArray(_)) => true,
            Some(Obj::Payload(p)) => p.counts_views(),
            _ => false,
        };
        if let (true, Some(index)) = (counted, object.handle()) {
            self.is_viewed(object);
            self.views.entry(index).or_default().push(made);
        }
        made
    }

    /// Does a memoryview look into a bytearray or mapping, so that its size must not change?
    pub fn is_viewed(&mut self, object: Value) -> bool {
        let Some(index) = object.handle() else { return false };
        let Some(views) = self.views.get_mut(&index) else {
            return false;
        };
        let mut kept = std::mem::take(views);
        kept.retain(|&view| {
            self.heap
                .payload::<View>(view)
                .is_some_and(|v| v.object == object && !v.released)
        });
        if kept.is_empty() {
            self.views.remove(&index);
            return false;
        }
        self.views.insert(index, kept);
        true
    }

    /// The bytes a view shows, in order.
    pub fn view_bytes(&mut self, view: &View) -> NativeResult<Vec<u8>> {
        if view.released {
            return Err(self.value_error(RELEASED));
        }
        let take = |all: &[u8]| view.items_of(all, 0);
        let mapped = match self.heap.object(view.object) {
            Some(Obj::Bytes(b)) => return Ok(take(b)),
            Some(Obj::ByteArray(b)) => return Ok(take(b)),
            Some(Obj::Payload(p)) => match p.mapped() {
                Some(mapped) => mapped,
                None => return Ok(p.buffer().map(take).unwrap_or_default()),
            },
            _ => return Ok(Vec::new()),
        };
        let Some((from, len)) = view.span() else {
            return Ok(Vec::new());
        };
        let part = self.read_mapped(mapped.mapping, from, len)?;
        Ok(if view.is_contiguous() {
            part
        } else {
            view.items_of(&part, from)
        })
    }

    fn view_items(&mut self, view: &View) -> NativeResult<Vec<Value>> {
        let bytes = self.view_bytes(view)?;
        Ok(bytes
            .chunks_exact(view.item_size)
            .map(|item| self.item_value(view.format, item))
            .collect())
    }

    fn write_items(&mut self, view: &View, bytes: &[u8]) -> NativeResult {
        let mapped = match self.heap.object(view.object) {
            Some(Obj::Payload(p)) => p.mapped(),
            _ => None,
        };
        if let Some(mapped) = mapped {
            let apart = Apart {
                item_size: u32::try_from(view.item_size).unwrap_or(u32::MAX),
                step: view.step,
            };
            let apart = (!view.is_contiguous()).then_some(apart);
            self.write_mapped(mapped.mapping, view.offset, bytes.to_vec(), apart)?;
            return Ok(Value::NONE);
        }
        if let Some(all) = self.buffer_mut(view.object) {
            for (i, item) in bytes.chunks_exact(view.item_size).enumerate().take(view.count) {
                if let Some(place) = all.get_mut(view.at(i)..view.at(i) + view.item_size) {
                    place.copy_from_slice(item);
                }
            }
        }
        Ok(Value::NONE)
    }
}

fn one_item(view: &View, index: usize) -> View {
    View {
        offset: view.at(index),
        count: 1,
        step: view.item_size as i64,
        ..view.clone()
    }
}

fn sub_view(vm: &mut Process, view: &View, slice: Value) -> NativeResult<View> {
    let range = vm.slice_indices(slice, view.count)?;
    Ok(View {
        offset: if range.count == 0 {
            view.offset
        } else {
            view.at(range.start as usize)
        },
        count: range.count,
        step: view.step * range.step,
        ..view.clone()
    })
}

fn index_of(vm: &mut Process, view: &View, key: Value) -> NativeResult<usize> {
    if !vm.is_int(key) && vm.special(key, crate::names::INDEX)?.is_none() {
        return Err(vm.type_error("memoryview: invalid slice key"));
    }
    match vm.sequence_index(key, view.count)? {
        Some(at) => Ok(at),
        None => Err(vm.index_error("index out of bounds on dimension 1")),
    }
}

const SLOTS: &[Native] = &[
    Native::static_method("__new__", |vm, args| {
        vm.class_argument(args, core::MEMORYVIEW)?;
        let [object] = vm.bind(args.rest(), "memoryview", ["object"], 1)?;
        vm.new_memoryview(object.unwrap_or(Value::NULL))
    }),
    Native::method("__len__", |vm, args| {
        let n = this_view(vm, args, "__len__")?.count;
        Ok(vm.new_int(n as i64))
    })
    .sig("($self, /)"),
    Native::method("__getitem__", |vm, args| {
        let (_, key) = vm.slot2(args)?;
        let view = this_view(vm, args, "__getitem__")?;
        if let Some(Obj::Slice(_)) = vm.heap.object(key) {
            let view = sub_view(vm, &view, key)?;
            return Ok(vm.new_view(view));
        }
        let at = index_of(vm, &view, key)?;
        let bytes = vm.view_bytes(&one_item(&view, at))?;
        Ok(vm.item_value(view.format, &bytes))
    })
    .sig("($self, key, /)"),
    Native::method("__setitem__", |vm, args| {
        let [_, key, value] = vm.exactly(args, "__setitem__")?;
        let view = this_view(vm, args, "__setitem__")?;
        if view.readonly {
            return Err(vm.type_error("cannot modify read-only memory"));
        }
        if let Some(Obj::Slice(_)) = vm.heap.object(key) {
            let view = sub_view(vm, &view, key)?;
            let bytes = vm.gathered_bytes(value)?;
            if bytes.len() != view.count * view.item_size {
                return Err(vm.value_error("memoryview assignment: lvalue and rvalue have different structures"));
            }
            return vm.write_items(&view, &bytes);
        }
        let at = index_of(vm, &view, key)?;
        let bytes = vm.item_bytes(view.format, value)?;
        vm.write_items(&one_item(&view, at), &bytes)
    })
    .sig("($self, key, value, /)"),
    Native::method("__delitem__", |vm, args| {
        this_view(vm, args, "__delitem__")?;
        Err(vm.type_error("cannot delete memory"))
    })
    .sig("($self, key, /)"),
    Native::method("__iter__", |vm, args| {
        let view = this_view(vm, args, "__iter__")?;
        let items = vm.view_items(&view)?;
        let tuple = vm.new_tuple(items);
        vm.get_iter(tuple)
    })
    .sig("($self, /)"),
    Native::method("__eq__", |vm, args| equal(vm, args, true)).sig("($self, value, /)"),
    Native::method("__ne__", |vm, args| equal(vm, args, false)).sig("($self, value, /)"),
    Native::method("__hash__", |vm, args| {
        let view = this_view(vm, args, "__hash__")?;
        if !view.readonly {
            return Err(vm.value_error("cannot hash writable memoryview object"));
        }
        let bytes = vm.view_bytes(&view)?;
        Ok(vm.new_int(crate::pystr::hash_bytes(&bytes)))
    })
    .sig("($self, /)"),
    Native::method("__repr__", |vm, args| {
        let address = vm.address(args.this());
        let released = vm.heap.payload::<View>(args.this()).is_some_and(|v| v.released);
        let text = if released {
            format!("<released memory at {address}>")
        } else {
            format!("<memory at {address}>")
        };
        Ok(vm.new_str(&text))
    })
    .sig("($self, /)"),
    Native::method("__enter__", |vm, args| {
        this_view(vm, args, "__enter__")?;
        Ok(args.this())
    }),
    Native::method("__exit__", release).sig("($self, /, *exc_info)"),
    Native::class_method("__class_getitem__", |vm, args| {
        crate::builtin::containers::class_getitem(vm, args)
    }),
];

fn equal(vm: &mut Process, args: Args<'_>, wanted: bool) -> NativeResult {
    let (a, b) = vm.slot2(args)?;
    if a == b {
        return Ok(Value::from_bool(wanted));
    }
    if !vm.is_bytes_like(b) {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let view = this_view(vm, args, "__eq__")?;
    let same = match vm.heap.payload::<View>(b).cloned() {
        Some(other) if other.format != view.format => {
            let (x, y) = (vm.view_items(&view)?, vm.view_items(&other)?);
            x.len() == y.len()
                && x.iter()
                    .zip(&y)
                    .all(|(x, y)| x == y || vm.number_compare(*x, *y) == Some(Some(std::cmp::Ordering::Equal)))
        }
        _ => vm.view_bytes(&view)? == vm.gathered_bytes(b)?,
    };
    Ok(Value::from_bool(same == wanted))
}

fn release(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    let object = match vm.heap.payload_mut::<View>(this) {
        Some(view) => {
            view.released = true;
            std::mem::replace(&mut view.object, Value::NULL)
        }
        None => return Err(vm.wrong_self("release", "memoryview", this)),
    };
    vm.heap.decref(object);
    Ok(Value::NONE)
}

const METHODS: &[Native] = &[
    Native::method("__buffer__", super::buffer::buffer_method).sig("($self, flags, /)"),
    Native::method("__release_buffer__", super::buffer::release_method).sig("($self, buffer, /)"),
    Native::method("tobytes", |vm, args| {
        let view = this_view(vm, args, "tobytes")?;
        vm.bind(args.rest(), "tobytes", ["order"], 0)?;
        let bytes = vm.view_bytes(&view)?;
        Ok(vm.new_bytes(&bytes))
    })
    .sig("($self, /, order='C')"),
    Native::method("tolist", |vm, args| {
        let view = this_view(vm, args, "tolist")?;
        vm.check_size(8 * view.count as u64)?;
        let items = vm.view_items(&view)?;
        Ok(vm.new_list(items))
    })
    .sig("($self, /)"),
    Native::method("hex", |vm, args| {
        let view = this_view(vm, args, "hex")?;
        let bytes = vm.view_bytes(&view)?;
        let text = hex_text(vm, &bytes, args.rest())?;
        Ok(vm.new_str(&text))
    })
    .sig("($self, /, sep=<unrepresentable>, bytes_per_sep=1)"),
    Native::method("release", release).sig("($self, /)"),
    Native::method("toreadonly", |vm, args| {
        let view = this_view(vm, args, "toreadonly")?;
        Ok(vm.new_view(View { readonly: true, ..view }))
    })
    .sig("($self, /)"),
    Native::method("cast", cast).sig("($self, /, format, shape=<unrepresentable>)"),
    Native::method("count", |vm, args| {
        let view = this_view(vm, args, "count")?;
        let (_, [wanted]) = vm.method_args(args, "memoryview.count")?;
        let mut n = 0;
        for item in vm.view_items(&view)? {
            n += i64::from(vm.eq(item, wanted)?);
        }
        Ok(vm.new_int(n))
    })
    .sig("($self, value, /)"),
    Native::method("index", |vm, args| {
        let view = this_view(vm, args, "index")?;
        vm.between(args.rest(), "index", 1, 3)?;
        let (from, to) = vm.index_range(args.get(2), args.get(3), view.count)?;
        let wanted = args.get(1).unwrap_or(Value::NULL);
        for (n, item) in vm.view_items(&view)?.into_iter().enumerate().take(to).skip(from) {
            if vm.eq(item, wanted)? {
                return Ok(vm.new_int(n as i64));
            }
        }
        Err(vm.value_error("memoryview.index(x): x not found"))
    })
    .sig("($self, value, start=0, stop=sys.maxsize, /)"),
];

fn cast(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let view = this_view(vm, args, "cast")?;
    let [format, shape] = vm.bind(args.rest(), "cast", ["format", "shape"], 1)?;
    let format = format.and_then(|f| vm.as_str(f)).map(str::to_owned);
    let Some(format) = format else {
        return Err(vm.type_error("format argument must be a string"));
    };
    if shape.is_some() {
        return Err(vm.not_supported("memoryview shapes"));
    }
    let mut chars = format.strip_prefix('@').unwrap_or(&format).chars();
    let (code, size) = match (chars.next().and_then(|c| Some((c, item_size(c)?))), chars.next()) {
        (Some(found), None) => found,
        _ => {
            return Err(vm.value_error(
                "memoryview: destination format must be a native single character format prefixed with an optional '@'",
            ));
        }
    };
    if !view.is_contiguous() {
        return Err(vm.type_error("memoryview: casts are restricted to C-contiguous views"));
    }
    let is_byte = |c: char| matches!(c, 'b' | 'B' | 'c');
    if !is_byte(code) && !is_byte(view.format) {
        return Err(vm.type_error("memoryview: cannot cast between two non-byte formats"));
    }
    let length = view.count * view.item_size;
    if length % size != 0 {
        return Err(vm.type_error("memoryview: length is not a multiple of itemsize"));
    }
    let view = View {
        count: length / size,
        step: size as i64,
        format: code,
        item_size: size,
        ..view
    };
    Ok(vm.new_view(view))
}

const ATTRIBUTES: &[Native] = &[
    Native::getter("obj", |vm, args| Ok(this_view(vm, args, "obj")?.object)),
    Native::getter("nbytes", |vm, args| {
        let view = this_view(vm, args, "nbytes")?;
        Ok(vm.new_int((view.count * view.item_size) as i64))
    }),
    Native::getter("itemsize", |vm, args| {
        let view = this_view(vm, args, "itemsize")?;
        Ok(vm.new_int(view.item_size as i64))
    }),
    Native::getter("format", |vm, args| {
        let view = this_view(vm, args, "format")?;
        Ok(vm.new_str(&view.format.to_string()))
    }),
    Native::getter("ndim", |vm, args| {
        this_view(vm, args, "ndim")?;
        Ok(Value::from_i32(1))
    }),
    Native::getter("readonly", |vm, args| {
        Ok(Value::from_bool(this_view(vm, args, "readonly")?.readonly))
    }),
    Native::getter("shape", |vm, args| {
        let view = this_view(vm, args, "shape")?;
        let n = vm.new_int(view.count as i64);
        Ok(vm.new_tuple(vec![n]))
    }),
    Native::getter("strides", |vm, args| {
        let view = this_view(vm, args, "strides")?;
        let n = vm.new_int(view.step);
        Ok(vm.new_tuple(vec![n]))
    }),
    Native::getter("suboffsets", |vm, args| {
        this_view(vm, args, "suboffsets")?;
        Ok(vm.new_tuple(Vec::new()))
    }),
    Native::getter("c_contiguous", contiguous),
    Native::getter("f_contiguous", contiguous),
    Native::getter("contiguous", contiguous),
];

fn contiguous(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let view = this_view(vm, args, "contiguous")?;
    Ok(Value::from_bool(view.is_contiguous()))
}
