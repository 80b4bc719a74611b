//! `OSError`: errno, strerror, filename, filename2, and the subclass that belongs to the number. (`BlockingIOError` adds
//! `characters_written`.)

use super::base::set_args;
use super::fields::{first, fourth, second, third};
use crate::errno;
use crate::function::{Args, Native};
use crate::native::NativeResult;
use crate::object::{Exception, Obj};
use crate::process::Process;
use crate::types::core;
use crate::value::Value;

/// Field of `characters_written`.
const WRITTEN: usize = 4;

fn new(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let mut class = args.this();
    let rest = args.rest();
    if class == core::OS_ERROR
        && (2..=5).contains(&rest.len())
        && let Some(number) = vm.as_i64(rest.pos[0])
    {
        class = i32::try_from(number).map_or(core::OS_ERROR, errno::class);
    }
    let given = vm.new_tuple(rest.pos.to_vec());
    let v = vm.heap.alloc(class, Obj::Exception(Box::new(Exception::new(given))));
    fill(vm, v, rest.pos);
    Ok(v)
}

/// Puts the arguments into the fields; `args` keeps the first two when there is a file name.
fn fill(vm: &mut Process, this: Value, given: &[Value]) {
    if !(2..=5).contains(&given.len()) {
        set_args(vm, this, given);
        return;
    }
    vm.put_exception_field(this, 0, given[0]);
    vm.put_exception_field(this, 1, given[1]);
    let filename = given.get(2).copied().filter(|f| !f.is_none());
    let blocking = vm.is_instance(this, core::BLOCKING_IO_ERROR);
    match filename {
        Some(n) if blocking && vm.is_int(n) => {
            vm.put_exception_field(this, WRITTEN, n);
            set_args(vm, this, given);
        }
        Some(filename) => {
            vm.put_exception_field(this, 2, filename);
            if let Some(&second) = given.get(4) {
                vm.put_exception_field(this, 3, second);
            }
            set_args(vm, this, &given[..2]);
        }
        None => set_args(vm, this, given),
    }
}

fn init(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    if !args.kw.is_empty() {
        let name = vm.type_name(this);
        return Err(vm.type_error(&format!("{name}() takes no keyword arguments")));
    }
    fill(vm, this, args.rest().pos);
    Ok(Value::NONE)
}

fn str(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    let part = |vm: &Process, i| vm.exception_field(this, i);
    let (number, text, file, file2) = (part(vm, 0), part(vm, 1), part(vm, 2), part(vm, 3));
    if number.is_null() || text.is_null() {
        return vm.exception_text(this);
    }
    let (number, text) = (vm.str_text(number)?, vm.str_text(text)?);
    let shown = if file.is_null() || file.is_none() {
        format!("[Errno {number}] {text}")
    } else {
        let file = vm.repr_text(file)?;
        if file2.is_null() || file2.is_none() {
            format!("[Errno {number}] {text}: {file}")
        } else {
            let file2 = vm.repr_text(file2)?;
            format!("[Errno {number}] {text}: {file} -> {file2}")
        }
    };
    Ok(vm.new_str(&shown))
}

fn reduce(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    let mut given = vm
        .as_exception(this)
        .and_then(|e| vm.as_tuple(e.args))
        .map(<[Value]>::to_vec)
        .unwrap_or_default();
    let (file, file2) = (vm.exception_field(this, 2), vm.exception_field(this, 3));
    if given.len() == 2 && !file.is_null() {
        given.push(file);
        if !file2.is_null() {
            given.extend([Value::NONE, file2]);
        }
    }
    let class = vm.type_of(this);
    let tuple = vm.new_tuple(given);
    let mut parts = vec![class, tuple];
    parts.extend(vm.existing_dict(this));
    Ok(vm.new_tuple(parts))
}

fn characters_written(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    match args.get(1) {
        Some(value) => {
            vm.put_exception_field(this, WRITTEN, value);
            Ok(Value::NONE)
        }
        None => {
            let v = vm.exception_field(this, WRITTEN);
            if v.is_null() {
                let name = vm.intern("characters_written");
                return Err(vm.attribute_error(this, name));
            }
            Ok(v)
        }
    }
}

/// The table.
pub static MEMBERS: &[Native] = &[
    Native::static_method("__new__", new).sig("($type, *args, **kwargs)"),
    Native::method("__init__", init).sig("($self, /, *args, **kwargs)"),
    Native::method("__str__", str).sig("($self, /)"),
    Native::method("__reduce__", reduce),
    Native::getset("errno", first),
    Native::getset("strerror", second),
    Native::getset("filename", third),
    Native::getset("filename2", fourth),
    Native::getset("characters_written", characters_written),
];
