//! The buffer protocol: the bytes behind `bytes`, `bytearray`, `memoryview` and native payloads such as `array`.

use super::memoryview::View;
use crate::contract::{Apart, Memory, Posix, Resume, SystemCall};
use crate::function::Args;
use crate::native::NativeResult;
use crate::object::Obj;
use crate::payload::Mapped;
use crate::process::Process;
use crate::types::core;
use crate::value::Value;
use std::ops::Deref;
use std::rc::Rc;

/// Bytes borrowed from the heap without holding on to it: shared for `bytes`, copied for what can change.
#[derive(Clone, Debug)]
pub enum ByteData {
    /// Of `bytes`.
    Shared(Rc<[u8]>),
    /// Of anything mutable.
    Copied(Vec<u8>),
}

impl Deref for ByteData {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match self {
            ByteData::Shared(b) => b,
            ByteData::Copied(b) => b,
        }
    }
}

impl Process {
    /// Does the value have bytes to give away?
    pub fn is_bytes_like(&self, v: Value) -> bool {
        match self.heap.object(v) {
            Some(Obj::Bytes(_) | Obj::ByteArray(_)) => true,
            Some(Obj::Payload(p)) => p.buffer().is_some() || p.mapped().is_some() || p.as_any().is::<View>(),
            _ => false,
        }
    }

    /// Has the value bytes to give away that lie in one piece? Those of a memoryview with gaps do not, nor those of one that runs backwards.
    pub fn is_one_piece(&self, v: Value) -> bool {
        self.is_bytes_like(v) && self.heap.payload::<View>(v).is_none_or(View::is_contiguous)
    }

    /// The bytes of a bytes-like value, in one piece or not; TypeError for others.
    pub fn gathered_bytes(&mut self, v: Value) -> NativeResult<Vec<u8>> {
        match self.heap.payload::<View>(v).cloned() {
            Some(view) => self.view_bytes(&view),
            None => self.buffer_bytes(v),
        }
    }

    /// The bytes of a bytes-like value in one piece (CPython's `PyBUF_SIMPLE`); BufferError where they are not, TypeError for other values.
    pub fn buffer_bytes(&mut self, v: Value) -> NativeResult<Vec<u8>> {
        self.byte_data(v).map(|data| match data {
            ByteData::Shared(b) => b.to_vec(),
            ByteData::Copied(b) => b,
        })
    }

    /// [`Process::buffer_bytes`], shared where they cannot change.
    pub fn byte_data(&mut self, v: Value) -> NativeResult<ByteData> {
        match self.heap.object(v) {
            Some(Obj::Bytes(b)) => return Ok(ByteData::Shared(b.clone())),
            Some(Obj::ByteArray(b)) => return Ok(ByteData::Copied((**b).clone())),
            Some(Obj::Payload(p)) => {
                if let Some(bytes) = p.buffer() {
                    return Ok(ByteData::Copied(bytes.to_vec()));
                }
                if let Some(view) = p.as_any().downcast_ref::<View>().cloned() {
                    return self.bytes_in_one_piece(&view);
                }
                if let Some(Mapped { mapping, len, .. }) = p.mapped() {
                    return self.read_mapped(mapping, 0, len).map(ByteData::Copied);
                }
            }
            _ => {}
        }
        if let Some(view) = self.call_special(v, crate::names::BUFFER, &[Value::from_i32(0)])?
            && let Some(view) = self.heap.payload::<View>(view).cloned()
        {
            return self.bytes_in_one_piece(&view);
        }
        let name = self.type_name(v);
        Err(self.type_error(&format!("a bytes-like object is required, not '{name}'")))
    }

    fn bytes_in_one_piece(&mut self, view: &View) -> NativeResult<ByteData> {
        if !view.released && !view.is_contiguous() {
            return Err(self.error(core::BUFFER_ERROR, "memoryview: underlying buffer is not C-contiguous"));
        }
        self.view_bytes(view).map(ByteData::Copied)
    }

    /// How many bytes a bytes-like value has, and the first ones, at most so many, without Python code, a system call or an exception. `None` for
    /// other values; no bytes of memory that stands in the kernel.
    pub(crate) fn peek_bytes(&self, v: Value, most: usize) -> Option<(u64, Option<Vec<u8>>)> {
        let first = |bytes: &[u8]| (bytes.len() as u64, Some(bytes[..most.min(bytes.len())].to_vec()));
        match self.heap.object(v)? {
            Obj::Bytes(b) => Some(first(b)),
            Obj::ByteArray(b) => Some(first(b)),
            Obj::Payload(p) => {
                if let Some(view) = p.as_any().downcast_ref::<View>() {
                    return self.peek_view(view, most);
                }
                match p.buffer() {
                    Some(bytes) => Some(first(bytes)),
                    None => p.mapped().map(|mapped| (mapped.len as u64, None)),
                }
            }
            _ => None,
        }
    }

    fn peek_view(&self, view: &View, most: usize) -> Option<(u64, Option<Vec<u8>>)> {
        if view.released {
            return None;
        }
        let beginning = View {
            count: view.count.min(most.div_ceil(view.item_size.max(1))),
            ..view.clone()
        };
        let items = |bytes: &[u8]| {
            let mut items = beginning.items_of(bytes, 0);
            items.truncate(most);
            items
        };
        let items = match self.heap.object(view.object)? {
            Obj::Bytes(b) => Some(items(b)),
            Obj::ByteArray(b) => Some(items(b)),
            Obj::Payload(p) => p.buffer().map(items),
            _ => return None,
        };
        Some(((view.count * view.item_size) as u64, items))
    }

    /// The bytes of `bytes` and `bytearray` themselves; `None` for others.
    pub fn own_bytes(&self, v: Value) -> Option<ByteData> {
        match self.heap.object(v)? {
            Obj::Bytes(b) => Some(ByteData::Shared(b.clone())),
            Obj::ByteArray(b) => Some(ByteData::Copied((**b).clone())),
            _ => None,
        }
    }

    /// Bytes to be written in place: of a `bytearray`, a native payload, or of what a memoryview shows from its offset on. `None` when
    /// they cannot be changed.
    pub fn buffer_mut(&mut self, v: Value) -> Option<&mut [u8]> {
        match self.heap.object(v)? {
            Obj::ByteArray(_) => match self.heap.get_mut(v) {
                Obj::ByteArray(b) => Some(b.as_mut_slice()),
                _ => None,
            },
            Obj::Payload(p) => {
                if let Some(view) = p.as_any().downcast_ref::<View>() {
                    if view.readonly || view.released || !view.is_contiguous() {
                        return None;
                    }
                    let (object, from, length) = (view.object, view.offset, view.count * view.item_size);
                    return self.buffer_mut(object)?.get_mut(from..from + length);
                }
                match self.heap.get_mut(v) {
                    Obj::Payload(p) => p.buffer_mut(),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// What of a value with a buffer stands in the kernel, if it does and in one piece: the mapping, where in it the value's bytes begin, and their
    /// number; `writes` asks for what may be written to.
    fn memory_of(&self, v: Value, writes: bool) -> Option<(u32, usize, usize)> {
        let Some(Obj::Payload(p)) = self.heap.object(v) else {
            return None;
        };
        if let Some(view) = p.as_any().downcast_ref::<View>() {
            if writes && view.readonly || view.released || !view.is_contiguous() {
                return None;
            }
            let (mapping, from, len) = self.memory_of(view.object, writes)?;
            let length = view.count * view.item_size;
            return (view.offset + length <= len).then_some((mapping, from + view.offset, length));
        }
        let mapped = p.mapped().filter(|mapped| !(writes && mapped.readonly))?;
        Some((mapped.mapping, 0, mapped.len))
    }

    /// So many bytes of a bytes-like value from where `at` says, given the number of its bytes; TypeError for other values.
    pub fn buffer_part(
        &mut self,
        v: Value,
        size: usize,
        at: impl FnOnce(&mut Process, usize) -> NativeResult<usize>,
    ) -> NativeResult<Vec<u8>> {
        if let Some((mapping, from, length)) = self.memory_of(v, false) {
            let at = at(self, length)?;
            return self.read_mapped(mapping, from + at, size);
        }
        let bytes = self.byte_data(v)?;
        let at = at(self, bytes.len())?;
        Ok(bytes.get(at..at + size).unwrap_or_default().to_vec())
    }

    /// How many bytes of a value may be written to in place; `None` when none may.
    pub fn writable_len(&mut self, v: Value) -> Option<usize> {
        match self.memory_of(v, true) {
            Some((_, _, len)) => Some(len),
            None => self.buffer_mut(v).map(|bytes| bytes.len()),
        }
    }

    /// Writes to a value that is [writable](Process::writable_len), from byte `at` on; what does not fit is left out.
    pub fn write_buffer(&mut self, v: Value, at: usize, bytes: &[u8]) -> NativeResult<()> {
        if let Some((mapping, from, len)) = self.memory_of(v, true) {
            let fits = bytes.len().min(len.saturating_sub(at));
            return self.write_mapped(mapping, from + at, bytes[..fits].to_vec(), None);
        }
        if let Some(space) = self.buffer_mut(v).and_then(|all| all.get_mut(at..)) {
            let fits = bytes.len().min(space.len());
            space[..fits].copy_from_slice(&bytes[..fits]);
        }
        Ok(())
    }

    /// Reads memory that processes share.
    pub fn read_mapped(&mut self, mapping: u32, at: usize, len: usize) -> NativeResult<Vec<u8>> {
        if len == 0 {
            return Ok(Vec::new());
        }
        if !self.replaying() {
            self.check_size(len as u64)?;
        }
        let (at, len) = (at as u64, len as u64);
        match self.system_call(SystemCall::Posix(Posix::Memory(Memory::Read { mapping, at, len })))? {
            Resume::Bytes(bytes) => Ok(bytes),
            Resume::Error(error) => Err(self.os_error(error, None)),
            other => Err(self.system_error(&format!("the kernel answered {other:?}"))),
        }
    }

    /// Writes to memory that processes share: one piece from `at` on, or items the first of which stands there.
    pub fn write_mapped(&mut self, mapping: u32, at: usize, data: Vec<u8>, apart: Option<Apart>) -> NativeResult<()> {
        if data.is_empty() {
            return Ok(());
        }
        let write = Memory::Write {
            mapping,
            at: at as u64,
            data,
            apart,
        };
        match self.system_call(SystemCall::Posix(Posix::Memory(write)))? {
            Resume::Error(error) => Err(self.os_error(error, None)),
            _ => Ok(()),
        }
    }

    /// `bytes` or `bytearray` like `model`.
    pub fn new_bytes_like(&mut self, model: Value, bytes: Vec<u8>) -> Value {
        if matches!(self.heap.object(model), Some(Obj::ByteArray(_))) {
            return self.new_bytearray(bytes);
        }
        self.new_bytes(&bytes)
    }

    /// A `bytearray`.
    pub fn new_bytearray(&mut self, bytes: Vec<u8>) -> Value {
        self.heap.alloc(core::BYTEARRAY, Obj::ByteArray(Box::new(bytes)))
    }

    /// What `bytes(v)` makes of a bytes-like value or an iterable of ints (not of a count).
    pub fn bytes_of_any(&mut self, v: Value) -> NativeResult<Vec<u8>> {
        if self.is_bytes_like(v) {
            return self.gathered_bytes(v);
        }
        if let Some(result) = self.call_special(v, crate::names::BYTES, &[])? {
            return match self.as_bytes(result) {
                Some(bytes) => Ok(bytes.to_vec()),
                None => {
                    let name = self.type_name(result);
                    Err(self.type_error(&format!("__bytes__ returned non-bytes (type {name})")))
                }
            };
        }
        if let Some(view) = self.call_special(v, crate::names::BUFFER, &[Value::from_i32(0)])? {
            return self.gathered_bytes(view);
        }
        if self.as_pystr(v).is_some() || !self.can_iterate(v) {
            let name = self.type_name(v);
            return Err(self.type_error(&format!("cannot convert '{name}' object to bytes")));
        }
        let items = self.list_from_iterable(v)?;
        let mut bytes = Vec::with_capacity(items.len());
        for item in items {
            bytes.push(self.byte_of(item, "bytes")?);
        }
        Ok(bytes)
    }

    /// An int in `range(256)`; ValueError naming `what` otherwise.
    pub fn byte_of(&mut self, v: Value, what: &str) -> NativeResult<u8> {
        let n = self.index_value(v)?;
        match self.as_i64(n).and_then(|n| u8::try_from(n).ok()) {
            Some(b) => Ok(b),
            None => Err(self.value_error(&format!("{what} must be in range(0, 256)"))),
        }
    }
}

/// `__buffer__` of the types with a buffer of their own.
pub(super) fn buffer_method(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let (this, [flags]) = vm.method_args(args, "__buffer__")?;
    vm.index_i64(flags)?;
    vm.new_memoryview(this)
}

/// `__release_buffer__`: the view is let go.
pub(super) fn release_method(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let (_, [view]) = vm.method_args(args, "__release_buffer__")?;
    let release = vm.getattr_text(view, "release")?;
    vm.tail_call(release, &[])
}
