//! The heap: slots addressed by index, with reference counts and deferred release.
//!
//! # The rule that keeps native code simple
//!
//! A count is the number of *stored* references: fields of heap objects, slots of thread stacks, roots. A `Value` in a Rust local is
//! not counted. An object whose count is zero is not freed at once but noted in the *pending* list (Deutsch and Bobrow's zero count
//! table), which [`Heap::release_pending`] empties after the native or the instruction that is going on. So in native code:
//!
//! - `alloc` gives an object of count 0; it lives until the end of the native unless it is stored.
//! - whoever stores a value in an object calls [`Heap::incref`] (or a `store` helper that does); whoever removes one calls
//!   [`Heap::decref`]. The removed value stays usable until the end of the native.
//! - nobody ever frees anything by hand.
//!
//! Values that are not heap objects are ignored by all of these; NULL counts at the reserved place 0, where no object is.

use crate::object::Obj;
use crate::payload::Payload;
use crate::types::type_flags;
use crate::value::Value;
use rustc_hash::FxHashMap;

/// What every object has beside its payload.
#[derive(Clone, Copy, Debug, Default)]
pub struct Header {
    /// Stored references.
    pub count: u32,
    /// Heap index of the class.
    pub class: u32,
    /// Bits of [`flags`].
    pub flags: u32,
}

impl Header {
    /// One stored reference less; true for the last one. The place of NULL is counted like any other, and its count means nothing.
    #[inline(always)]
    fn lose(&mut self, v: Value) -> bool {
        debug_assert!(self.count != 0 || v.is_null(), "a count fell below zero");
        self.count = self.count.wrapping_sub(1);
        self.count == 0
    }
}

/// Bits in [`Header::flags`].
pub mod flags {
    /// Attributes stand in the heap's side table.
    pub const HAS_SIDE_DICT: u32 = 1;
    /// Weak references to the object exist (side table).
    pub const HAS_WEAKREFS: u32 = 2;
    /// The class has a `__del__` (or the object is a suspended generator): ask before freeing.
    pub const HAS_FINALIZER: u32 = 4;
    /// `__del__` has run; it does not run again.
    pub const FINALIZED: u32 = 8;
    /// An interned string: equal to another interned string only if identical.
    pub const INTERNED: u32 = 16;
    /// Never freed (types of the core, well-known names).
    pub const IMMORTAL: u32 = 32;
    /// Out of the cycle collector's sight (`gc.freeze`).
    pub const FROZEN: u32 = 64;
}

/// A program that has got its `MemoryError` may use this much more than the limit, at least, to handle it.
const LEAST_SLACK_BYTES: u64 = 1 << 20;
/// It gets the next `MemoryError` when it has used this much more.
const GRACE_BYTES: u64 = 1 << 16;

/// The list of young containers is tidied when it is longer than this and most of them are dead.
const MOST_YOUNG: usize = 16_384;

/// Count given to immortal objects: no program reaches the distance to zero.
const IMMORTAL_COUNT: u32 = 1 << 30;

/// Header and payload side by side: whoever asks for the one mostly asks for the other, and a line of the processor's cache holds both.
#[derive(Clone, Debug)]
struct Slot {
    header: Header,
    obj: Obj,
}

/// All objects of one process.
#[derive(Clone, Debug, Default)]
pub struct Heap {
    slots: Vec<Slot>,
    /// First free slot, 0 for none.
    free: u32,
    /// Objects whose count was seen to be zero.
    pending: Vec<u32>,
    /// Objects whose last reference is gone and whose finalizer or weak reference callbacks must run first, in order.
    pub finalize_queue: Vec<Value>,
    /// `__dict__` of objects flagged `HAS_SIDE_DICT`, by index.
    side_dicts: FxHashMap<u32, Value>,
    /// Weak reference objects by index of the referent, oldest first.
    pub weakrefs: FxHashMap<u32, Vec<Value>>,
    /// Number of live objects.
    live: usize,
    /// Bytes of live objects by model sizes (64-bit CPython's), kept by `alloc`, free and `adjust_size`.
    model_bytes: u64,
    /// Bytes that may be in use.
    pub limit_bytes: u64,
    /// Bytes after which [`Heap::alarmed`]; 0 to have the loop look at once.
    alarm_bytes: u64,
    /// Bytes above which the program gets a `MemoryError`: the limit, or somewhat more while it handles one.
    pub(crate) error_bytes: u64,
    /// The cycle collector.
    pub collector: crate::collect::Collector,
    /// Classes up to this index are immortal: their instances do not count them.
    reserved: u32,
}

impl Heap {
    /// A heap with the reserved slot 0 and `reserved` slots more for objects at fixed places.
    pub fn new(reserved: u32) -> Heap {
        let mut heap = Heap {
            limit_bytes: u64::MAX,
            alarm_bytes: u64::MAX,
            error_bytes: u64::MAX,
            reserved,
            ..Heap::default()
        };
        for _ in 0..=reserved {
            heap.slots.push(Slot {
                header: Header {
                    count: IMMORTAL_COUNT,
                    class: 0,
                    flags: flags::IMMORTAL,
                },
                obj: Obj::Free(0),
            });
        }
        heap
    }

    /// Puts an immortal object at a reserved place.
    pub fn place(&mut self, at: Value, class: Value, obj: Obj) {
        let slot = &mut self.slots[at.index()];
        slot.header.class = class.index() as u32;
        slot.obj = obj;
    }

    /// A new object of count 0 (see the module's rule).
    pub fn alloc(&mut self, class: Value, obj: Obj) -> Value {
        let v = self.alloc_counted(class, obj);
        self.slots[v.index()].header.count = 0;
        self.pending.push(v.index() as u32);
        v
    }

    /// A new object of count 1, for a caller that stores it at once without [`Heap::incref`].
    #[inline]
    pub fn alloc_counted(&mut self, class: Value, obj: Obj) -> Value {
        let slots = &mut self.slots;
        each_child(&obj, |child| {
            if let Some(slot) = slots.get_mut(child.slot()) {
                slot.header.count = slot.header.count.wrapping_add(1);
            }
        });
        self.insert(class, obj)
    }

    /// [`Heap::alloc_counted`] for a payload without children, or whose children the caller has already counted.
    #[inline]
    pub fn insert(&mut self, class: Value, obj: Obj) -> Value {
        self.live += 1;
        self.model_bytes += model_size(&obj);
        let class = class.index() as u32;
        let mut flags = 0;
        if class > self.reserved {
            let slot = &mut self.slots[class as usize];
            slot.header.count += 1;
            if let Obj::Type(t) = &slot.obj
                && t.has(type_flags::HAS_DEL)
            {
                flags = flags::HAS_FINALIZER;
            }
        }
        let header = Header { count: 1, class, flags };
        let container = obj.is_container();
        if self.free != 0 {
            let index = self.free;
            let old = std::mem::replace(&mut self.slots[index as usize], Slot { header, obj });
            if let Obj::Free(next) = old.obj {
                self.free = next;
                // Nothing to drop, which the compiler does not see.
                std::mem::forget(old);
            }
            if container {
                self.born(index);
            }
            return Value::from_handle(index);
        }
        let index = self.slots.len() as u32;
        self.slots.push(Slot { header, obj });
        if container {
            self.born(index);
        }
        Value::from_handle(index)
    }

    /// A new container: a collection may be due.
    #[inline]
    fn born(&mut self, index: u32) {
        let c = &mut self.collector;
        c.born(index);
        if c.young_count > c.due_at {
            self.alarm_bytes = 0;
        }
        if c.young.len() > MOST_YOUNG && c.young.len() > 8 * c.young_count as usize {
            self.tidy_young();
        }
    }

    /// Counts one stored reference more.
    #[inline(always)]
    pub fn incref(&mut self, v: Value) {
        if let Some(slot) = self.slots.get_mut(v.slot()) {
            slot.header.count = slot.header.count.wrapping_add(1);
        }
    }

    /// [`Heap::incref`] of the result of a native: one made just now is not noted any more as perhaps unused.
    #[inline(always)]
    pub(crate) fn keep(&mut self, v: Value) {
        if let Some(slot) = self.slots.get_mut(v.slot()) {
            slot.header.count = slot.header.count.wrapping_add(1);
            if self.pending.last() == Some(&(v.index() as u32)) {
                self.pending.pop();
            }
        }
    }

    /// Counts one stored reference less.
    #[inline(always)]
    pub fn decref(&mut self, v: Value) {
        if let Some(slot) = self.slots.get_mut(v.slot())
            && slot.header.lose(v)
        {
            self.note_zero(v);
        }
    }

    #[inline(never)]
    fn note_zero(&mut self, v: Value) {
        self.pending.push(v.index() as u32);
    }

    /// Is there anything for [`Heap::release_pending`]?
    #[inline(always)]
    pub fn has_pending(&self) -> bool {
        !self.pending.is_empty()
    }

    /// Frees what has count zero, and what only those kept, without recursion. Objects with finalizers or weak references move to
    /// [`Heap::finalize_queue`] instead (with count 1, held by the queue). Only to be called when no Rust local of importance is alive.
    pub fn release_pending(&mut self) {
        let mut next = 0;
        while let Some(&index) = self.pending.get(next) {
            next += 1;
            let i = index as usize;
            let slot = &mut self.slots[i];
            if slot.header.count != 0 || matches!(slot.obj, Obj::Free(_)) {
                continue;
            }
            let bits = slot.header.flags;
            let wants_finalizer = bits & flags::HAS_FINALIZER != 0 && bits & flags::FINALIZED == 0;
            if wants_finalizer || bits & flags::HAS_WEAKREFS != 0 {
                slot.header.count = 1;
                self.finalize_queue.push(Value::from_handle(index));
                continue;
            }
            self.free_slot(index);
        }
        self.pending.clear();
    }

    fn free_slot(&mut self, index: u32) {
        let i = index as usize;
        if self.slots[i].header.flags & flags::HAS_SIDE_DICT != 0
            && let Some(dict) = self.side_dicts.remove(&index)
        {
            self.decref(dict);
        }
        let obj = std::mem::replace(&mut self.slots[i].obj, Obj::Free(self.free));
        self.free = index;
        self.live -= 1;
        if obj.is_container() {
            self.collector.young_count = self.collector.young_count.saturating_sub(1);
        }
        self.model_bytes = self.model_bytes.saturating_sub(model_size(&obj));
        let class = self.slots[i].header.class;
        if class > self.reserved {
            self.decref(Value::from_handle(class));
        }
        let (slots, pending) = (&mut self.slots, &mut self.pending);
        each_child(&obj, |child| {
            if let Some(slot) = slots.get_mut(child.slot())
                && slot.header.lose(child)
            {
                pending.push(child.index() as u32);
            }
        });
    }

    /// The payload.
    #[inline(always)]
    pub fn get(&self, v: Value) -> &Obj {
        &self.slots[v.index()].obj
    }

    /// The payload, to change. The caller keeps the counts right.
    #[inline(always)]
    pub fn get_mut(&mut self, v: Value) -> &mut Obj {
        &mut self.slots[v.index()].obj
    }

    /// The payload if the value is a heap object.
    #[inline(always)]
    pub fn object(&self, v: Value) -> Option<&Obj> {
        match self.slots.get(v.slot()) {
            Some(slot) if !v.is_null() => Some(&slot.obj),
            _ => None,
        }
    }

    /// [`Heap::object`], to change. The caller keeps the counts right.
    #[inline(always)]
    pub fn object_mut(&mut self, v: Value) -> Option<&mut Obj> {
        match self.slots.get_mut(v.slot()) {
            Some(slot) if !v.is_null() => Some(&mut slot.obj),
            _ => None,
        }
    }

    /// The native payload of type `T`.
    #[inline]
    pub fn payload<T: Payload>(&self, v: Value) -> Option<&T> {
        match self.object(v)? {
            Obj::Payload(p) => p.as_any().downcast_ref(),
            _ => None,
        }
    }

    /// The native payload of type `T`, to change. The caller keeps the counts right.
    #[inline]
    pub fn payload_mut<T: Payload>(&mut self, v: Value) -> Option<&mut T> {
        if !v.is_heap() {
            return None;
        }
        match &mut self.slots[v.index()].obj {
            Obj::Payload(p) => p.as_any_mut().downcast_mut(),
            _ => None,
        }
    }

    /// The header of a heap object.
    #[inline(always)]
    pub fn header(&self, v: Value) -> &Header {
        &self.slots[v.index()].header
    }

    /// Is it a heap object whose class is this one? No for NULL.
    #[inline(always)]
    pub(crate) fn has_class(&self, v: Value, class: Value) -> Option<bool> {
        self.slots
            .get(v.slot())
            .map(|slot| slot.header.class == class.index() as u32)
    }

    /// The header of a heap object, to change.
    #[inline(always)]
    pub fn header_mut(&mut self, v: Value) -> &mut Header {
        &mut self.slots[v.index()].header
    }

    /// Changes the class of a heap object (`__class__` assignment).
    pub fn set_class(&mut self, v: Value, class: Value) {
        let old = Value::from_handle(self.slots[v.index()].header.class);
        self.slots[v.index()].header.class = class.index() as u32;
        if class.index() > self.reserved as usize {
            self.incref(class);
        }
        if old.index() > self.reserved as usize {
            self.decref(old);
        }
    }

    /// Does the object hold a count of its class (is the class not one of the immortal ones)?
    pub(crate) fn counts_class(&self, v: Value) -> bool {
        self.slots[v.index()].header.class > self.reserved
    }

    /// The side table's `__dict__` of an object that has one.
    pub fn side_dict(&self, v: Value) -> Option<Value> {
        if self.slots[v.index()].header.flags & flags::HAS_SIDE_DICT == 0 {
            return None;
        }
        self.side_dicts.get(&(v.index() as u32)).copied()
    }

    /// Gives an object a `__dict__` in the side table (the old one is let go).
    pub fn set_side_dict(&mut self, v: Value, dict: Value) {
        self.incref(dict);
        self.slots[v.index()].header.flags |= flags::HAS_SIDE_DICT;
        if let Some(old) = self.side_dicts.insert(v.index() as u32, dict) {
            self.decref(old);
        }
    }

    /// Takes the `__dict__` in the side table from an object.
    pub(crate) fn drop_side_dict(&mut self, v: Value) {
        if self.slots[v.index()].header.flags & flags::HAS_SIDE_DICT != 0
            && let Some(dict) = self.side_dicts.remove(&(v.index() as u32))
        {
            self.decref(dict);
        }
    }

    /// Number of live objects.
    pub fn live(&self) -> usize {
        self.live
    }

    /// Number of slots, free ones included: indices below it are valid for [`Heap::get`] through `Value::from_handle`.
    pub fn slot_count(&self) -> usize {
        self.slots.len()
    }

    /// Bytes in use by model sizes.
    pub fn model_bytes(&self) -> u64 {
        self.model_bytes
    }

    /// Containers tell by how many bytes they grew or shrank.
    #[inline]
    pub fn adjust_size(&mut self, delta: i64) {
        self.model_bytes = self.model_bytes.saturating_add_signed(delta);
    }

    /// Bytes that may still be used.
    #[inline]
    pub fn room(&self) -> u64 {
        self.limit_bytes.saturating_sub(self.model_bytes)
    }

    /// Is more in use than allowed?
    #[inline(always)]
    pub fn over_limit(&self) -> bool {
        self.model_bytes > self.limit_bytes
    }

    /// Is more in use than the program may have, what it got to handle a `MemoryError` included?
    #[inline]
    pub fn is_exceeded(&self) -> bool {
        self.model_bytes > self.error_bytes
    }

    /// Is so much more in use than allowed that no exception helps?
    pub fn far_over_limit(&self) -> bool {
        let slack = (self.limit_bytes / 8).max(LEAST_SLACK_BYTES);
        self.model_bytes > self.limit_bytes.saturating_add(slack)
    }

    /// The program gets a `MemoryError` and somewhat more memory to handle it.
    pub(crate) fn grant_grace(&mut self) {
        self.error_bytes = self.error_bytes.max(self.model_bytes + GRACE_BYTES);
        self.alarm_bytes = self.alarm_bytes.max(self.error_bytes);
    }

    /// Sets how many bytes may be in use.
    pub fn set_limit(&mut self, bytes: u64) {
        self.limit_bytes = bytes;
        self.alarm_bytes = bytes;
        self.error_bytes = bytes;
    }

    /// How many bytes may be in use.
    #[must_use]
    pub fn limit(&self) -> u64 {
        self.limit_bytes
    }

    /// Changes how many bytes may be in use, while the program runs: what it got beyond that to handle a `MemoryError` it keeps.
    pub fn move_limit(&mut self, bytes: u64) {
        if self.error_bytes == self.limit_bytes {
            self.error_bytes = bytes;
        }
        self.limit_bytes = bytes;
        self.alarm_bytes = 0;
    }

    /// Is there something that the loop has to see to ([`Process::attend`](crate::process::Process))? One comparison stands for all.
    #[inline(always)]
    pub fn alarmed(&self) -> bool {
        self.model_bytes > self.alarm_bytes
    }

    /// May so many containers and bytes more be made before [`Heap::alarmed`]?
    #[inline]
    pub(crate) fn has_room(&self, containers: u32, bytes: u64) -> bool {
        self.collector.young_count.saturating_add(containers) <= self.collector.due_at
            && self.model_bytes.saturating_add(bytes) <= self.alarm_bytes
    }

    /// Would [`Heap::release_pending`] find nothing but tuples and dicts (of arguments) whose items live on?
    #[inline]
    pub(crate) fn frees_little(&self) -> bool {
        self.finalize_queue.is_empty()
            && self.pending.iter().all(|&i| {
                let slot = &self.slots[i as usize];
                slot.header.count != 0 || self.dies_alone(slot)
            })
    }

    fn dies_alone(&self, slot: &Slot) -> bool {
        let plain = slot.header.flags & (flags::HAS_FINALIZER | flags::HAS_WEAKREFS) == 0;
        let mut alone = plain && matches!(slot.obj, Obj::Tuple(_) | Obj::Dict(_) | Obj::Free(_));
        if alone {
            each_child(&slot.obj, |child| {
                alone &= self.slots.get(child.slot()).is_none_or(|slot| slot.header.count > 1);
            });
        }
        alone
    }

    /// References to an object; 0 for a value without a slot.
    #[inline]
    pub(crate) fn count(&self, v: Value) -> u32 {
        self.slots.get(v.slot()).map_or(0, |slot| slot.header.count)
    }

    /// Has the loop see to it that something has changed.
    pub fn alarm(&mut self) {
        self.alarm_bytes = 0;
    }

    /// The loop has looked: the next alarm comes at so many bytes in use.
    pub fn set_alarm(&mut self, bytes: u64) {
        self.alarm_bytes = bytes;
    }
}

/// [`Obj::children`] without an indirect call for what is made and freed most.
#[inline]
fn each_child(obj: &Obj, mut f: impl FnMut(Value)) {
    match obj {
        Obj::Str(_) | Obj::Float(_) | Obj::Wide(_) | Obj::Long(_) | Obj::Int(_) | Obj::Bytes(_) => {}
        Obj::Tuple(items) => items.iter().copied().for_each(f),
        Obj::List(items) => items.iter().copied().for_each(f),
        Obj::Instance(i) => {
            i.values.iter().copied().for_each(&mut f);
            f(i.dict);
        }
        Obj::Cell(v) => f(*v),
        Obj::Iter(i) => i.children(&mut f),
        Obj::Dict(d) | Obj::Set(d) => d.children(&mut f),
        Obj::Function(x) => x.children(&mut f),
        Obj::Generator(g) => g.children(&mut f),
        Obj::BoundMethod(b) => [b.function, b.this].into_iter().for_each(f),
        Obj::Traceback(t) => [t.next, t.frame].into_iter().for_each(f),
        Obj::Frame(x) => x.children(&mut f),
        other => other.children(&mut f as &mut dyn FnMut(Value)),
    }
}

/// Bytes that CPython 3.13 on a 64-bit machine takes for such an object when it is made (growth is told by `adjust_size`).
#[inline]
pub fn model_size(obj: &Obj) -> u64 {
    match obj {
        Obj::Free(_) => 0,
        Obj::Float(_) => 24,
        Obj::Wide(n) => {
            let bits = u128::BITS - Obj::wide_value(*n).unsigned_abs().leading_zeros();
            24 + 4 * u64::from(bits.div_ceil(30))
        }
        Obj::Long(n) => 24 + 4 * n.bits().div_ceil(30),
        Obj::Int(n) => 24 + 4 * n.bits().div_ceil(30),
        Obj::Complex(..) => 32,
        Obj::Str(s) => 41 + s.bytes().len() as u64,
        Obj::Bytes(b) => 33 + b.len() as u64,
        Obj::ByteArray(b) => 57 + b.len() as u64,
        Obj::Tuple(items) => 40 + 8 * items.len() as u64,
        Obj::List(items) => 56 + 8 * items.len() as u64,
        Obj::Dict(d) => 64 + 24 * d.len() as u64,
        Obj::Set(d) => 216 + 16 * d.len() as u64,
        Obj::Function(_) => 160,
        Obj::Type(_) => 1064,
        Obj::Generator(_) => 200,
        Obj::Frame(_) => 120,
        Obj::Instance(i) => 48 + 8 * i.values.len() as u64,
        Obj::Exception(_) => 88,
        _ => 64,
    }
}

/// What every object costs before its allocations.
const _: () = assert!(size_of::<Slot>() <= 40);
