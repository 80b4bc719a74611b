//! `match`: sequence, mapping and class patterns.

use super::Step;
use crate::function::{Args, Native};
use crate::names;
use crate::native::NativeResult;
use crate::object::Obj;
use crate::process::Process;
use crate::types::{core, type_flags};
use crate::value::Value;
use heddle_compiler::Op;

/// subject, keys -> values or None
pub static MATCH_KEYS: Native = Native::function("<match keys>", match_keys);
/// subject, class, names, number of positional patterns -> attributes or None
pub static MATCH_CLASS: Native = Native::function("<match class>", match_class);

impl Process {
    /// `MATCH_MAPPING`, `MATCH_SEQUENCE`: subject -> subject, bool.
    pub(crate) fn op_match_kind(&mut self, op: Op) -> Step {
        let flag = if op == Op::MatchMapping {
            type_flags::MAPPING
        } else {
            type_flags::SEQUENCE
        };
        let v = self.peek(1);
        let class = self.type_of(v);
        let said = self.class(v).flags & (type_flags::MAPPING | type_flags::SEQUENCE);
        let matches = said & flag != 0
            || said == 0
                && match flag {
                    type_flags::MAPPING => self.is_subtype(class, core::DICT) || class == core::MAPPINGPROXY,
                    _ => [core::LIST, core::TUPLE, core::RANGE, core::MEMORYVIEW]
                        .into_iter()
                        .any(|c| self.is_subtype(class, c)),
                };
        self.push(Value::from_bool(matches));
        Ok(())
    }
}

fn match_keys(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let &[subject, keys] = args.pos else {
        return Ok(Value::NONE);
    };
    let keys = vm.as_tuple(keys).map(<[Value]>::to_vec).unwrap_or_default();
    for (i, &key) in keys.iter().enumerate() {
        for &other in &keys[..i] {
            if vm.eq(key, other)? {
                let text = vm.repr(key)?;
                let text = vm.text(text);
                return Err(vm.value_error(&format!("mapping pattern checks duplicate key ({text})")));
            }
        }
    }
    let mut values = Vec::new();
    if vm.is_exact(subject, core::DICT) {
        for key in keys {
            match vm.dict_get(subject, key)? {
                Some(v) => values.push(v),
                None => return Ok(Value::NONE),
            }
        }
        return Ok(vm.new_tuple(values));
    }
    // `get` rather than `__getitem__`, so that a defaultdict is not filled.
    let name = vm.intern("get");
    let get = vm.getattr(subject, name)?;
    let dummy = vm.once(|vm| Ok(vm.new_list(Vec::new())))?;
    for key in keys {
        let v = vm.call(get, &[key, dummy])?;
        if v == dummy {
            return Ok(Value::NONE);
        }
        values.push(v);
    }
    Ok(vm.new_tuple(values))
}

fn match_class(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let &[subject, class, names, count] = args.pos else {
        return Ok(Value::NONE);
    };
    let count = count.as_small().unwrap_or_default() as usize;
    if vm.as_type(class).is_none() {
        return Err(vm.type_error("called match pattern must be a class"));
    }
    if !vm.is_instance_of(subject, class)? {
        return Ok(Value::NONE);
    }
    let mut wanted = Vec::new();
    let mut values = Vec::new();
    if count > 0 {
        let class_name = vm.name_of_type(class);
        match vm.getattr_opt(class, names::MATCH_ARGS)? {
            Some(match_args) => {
                let Some(Obj::Tuple(items)) = vm.heap.object(match_args) else {
                    let got = vm.type_name(match_args);
                    return Err(vm.type_error(&format!("{class_name}.__match_args__ must be a tuple (got {got})")));
                };
                let items = items.to_vec();
                if items.len() < count {
                    return Err(too_many(vm, &class_name, items.len(), count));
                }
                for &item in &items[..count] {
                    if vm.as_pystr(item).is_none() {
                        let got = vm.type_name(item);
                        return Err(vm.type_error(&format!("__match_args__ elements must be strings (got {got})")));
                    }
                    if wanted.iter().any(|&w| vm.text(w) == vm.text(item)) {
                        let text = vm.text(item);
                        return Err(vm.type_error(&format!(
                            "{class_name}() got multiple sub-patterns for attribute '{text}'"
                        )));
                    }
                    wanted.push(item);
                }
            }
            None if matches_itself(vm, class) => {
                if count > 1 {
                    return Err(too_many(vm, &class_name, 1, count));
                }
                values.push(subject);
            }
            None => return Err(too_many(vm, &class_name, 0, count)),
        }
    }
    let keywords = vm.as_tuple(names).map(<[Value]>::to_vec).unwrap_or_default();
    for name in keywords {
        if wanted.iter().any(|&w| w == name || vm.text(w) == vm.text(name)) {
            let (class_name, text) = (vm.name_of_type(class), vm.text(name));
            return Err(vm.type_error(&format!(
                "{class_name}() got multiple sub-patterns for attribute '{text}'"
            )));
        }
        wanted.push(name);
    }
    for name in wanted {
        let name = vm.intern_value(name);
        match vm.getattr_opt(subject, name)? {
            Some(v) => values.push(v),
            None => return Ok(Value::NONE),
        }
    }
    Ok(vm.new_tuple(values))
}

fn too_many(vm: &mut Process, class: &str, accepted: usize, given: usize) -> crate::native::Unwind {
    let plural = if accepted == 1 { "" } else { "s" };
    vm.type_error(&format!(
        "{class}() accepts {accepted} positional sub-pattern{plural} ({given} given)"
    ))
}

/// `int(x)`, `str(x)` …: the sub-pattern is matched with the subject itself.
fn matches_itself(vm: &Process, class: Value) -> bool {
    let own = [
        core::BOOL,
        core::BYTEARRAY,
        core::BYTES,
        core::DICT,
        core::FLOAT,
        core::FROZENSET,
        core::INT,
        core::LIST,
        core::SET,
        core::STR,
        core::TUPLE,
    ];
    vm.as_type(class).is_some_and(|t| t.has(type_flags::MATCH_SELF)) || own.into_iter().any(|c| vm.is_subtype(class, c))
}
