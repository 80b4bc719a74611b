//! `groupby` and the iterators over its groups, which read on for it.

use super::{ROUNDS, Tool, again, commit, iter_self, named, tool, wrong_self};
use heddle_vm::function::{Args, Native};
use heddle_vm::native::NativeResult;
use heddle_vm::process::Process;
use heddle_vm::types::TypeDef;
use heddle_vm::value::Value;

#[derive(Clone, Debug)]
struct GroupBy {
    iterator: Value,
    /// None for the item itself.
    key: Value,
    /// Key of the group given last; NULL before the first.
    target: Value,
    /// Key of the item read last; NULL when its group has taken the item.
    current_key: Value,
    /// The item read last; NULL when it has been taken.
    current: Value,
    /// The group given last (not counted: only compared). 0 for none.
    group: u64,
}
heddle_vm::impl_payload!(GroupBy, |this, f| [
    this.iterator,
    this.key,
    this.target,
    this.current_key,
    this.current
]
.into_iter()
.for_each(f));
tool!(GROUPBY: GroupBy, "groupby", 0x1114, groupby_new, []);

fn groupby_new(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [iterable, key] = named(p, args, &GROUPBY, ["iterable", "key"], 1)?;
    let iterator = p.get_iter(iterable.unwrap_or(Value::NONE))?;
    let state = GroupBy {
        iterator,
        key: key.unwrap_or(Value::NONE),
        target: Value::NULL,
        current_key: Value::NULL,
        current: Value::NULL,
        group: 0,
    };
    Ok(p.new_payload(args.this(), state))
}

impl GroupBy {
    /// Reads an item and its key; false at the end.
    fn read(&mut self, p: &mut Process) -> NativeResult<bool> {
        let Some(item) = p.iter_next(self.iterator)? else {
            return Ok(false);
        };
        let key = if self.key.is_none() {
            item
        } else {
            p.call(self.key, &[item])?
        };
        (self.current, self.current_key) = (item, key);
        Ok(true)
    }
}

impl Tool for GroupBy {
    const DEF: &'static TypeDef = &GROUPBY;

    fn step(&mut self, p: &mut Process, this: Value) -> NativeResult {
        self.group = 0;
        for _ in 0..ROUNDS {
            let fresh =
                !self.current_key.is_null() && (self.target.is_null() || !p.eq(self.target, self.current_key)?);
            if fresh {
                self.target = self.current_key;
                let class = p.native_type(&GROUPER);
                let grouper = Grouper {
                    parent: this,
                    target: self.target,
                };
                let group = p.new_payload(class, grouper);
                self.group = group.bits();
                return Ok(p.new_tuple(vec![self.current_key, group]));
            }
            if !self.read(p)? {
                return Ok(Value::NULL);
            }
        }
        again::<GroupBy>(p, this)
    }
}

#[derive(Clone, Debug)]
struct Grouper {
    parent: Value,
    target: Value,
}
heddle_vm::impl_payload!(Grouper, |this, f| [this.parent, this.target].into_iter().for_each(f));

/// The class of the groups.
pub static GROUPER: TypeDef = super::class(
    "_grouper",
    0x1115,
    &[&[
        Native::static_method("__new__", grouper_new),
        Native::method("__iter__", iter_self),
        Native::method("__next__", grouper_next),
    ]],
);

fn grouper_new(p: &mut Process, args: Args<'_>) -> NativeResult {
    let [parent, target] = p.exactly(args.rest(), "_grouper")?;
    if p.heap.payload::<GroupBy>(parent).is_none() {
        let name = p.type_name(parent);
        return Err(p.type_error(&format!("_grouper() argument 1 must be itertools.groupby, not {name}")));
    }
    let group = p.new_payload(args.this(), Grouper { parent, target });
    if let Some(state) = p.heap.payload_mut::<GroupBy>(parent) {
        state.group = group.bits();
    }
    Ok(group)
}

/// The step changes the state of the `groupby`, committed as a tool's own is.
fn grouper_next(p: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    let Some(Grouper { parent, target }) = p.heap.payload::<Grouper>(this).cloned() else {
        return Err(wrong_self(p, &GROUPER, "__next__", this));
    };
    let Some(mut state) = p.heap.payload::<GroupBy>(parent).cloned() else {
        return Ok(Value::NULL);
    };
    if state.group != this.bits() {
        return Ok(Value::NULL);
    }
    if state.current.is_null() && !state.read(p)? {
        return Ok(Value::NULL);
    }
    let mut item = Value::NULL;
    if p.eq(target, state.current_key)? {
        item = std::mem::replace(&mut state.current, Value::NULL);
        state.current_key = Value::NULL;
    }
    commit(p, parent, state);
    Ok(item)
}
