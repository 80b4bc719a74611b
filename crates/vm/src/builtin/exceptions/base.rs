//! `BaseException`: arguments, links, notes, printing.

use crate::builtin::objects::INSTANCE_DICT_ENTRY;
use crate::function::{Args, Native};
use crate::names;
use crate::native::NativeResult;
use crate::object::{Exception, Obj};
use crate::process::Process;
use crate::types::core;
use crate::value::Value;

impl Process {
    /// A new exception of a core class with these arguments, without links. (Classes that give meaning to their arguments are to be
    /// called instead.)
    pub fn new_exception(&mut self, class: Value, args: Vec<Value>) -> Value {
        let mut exception = Exception::new(Value::NULL);
        if class == core::STOP_ITERATION || class == core::SYSTEM_EXIT {
            exception.fields = vec![args.first().copied().unwrap_or(Value::NONE)];
        }
        exception.args = self.new_tuple(args);
        self.heap.alloc(class, Obj::Exception(Box::new(exception)))
    }

    /// Is the exception an instance of the class, or of one of a tuple of classes (no hooks)?
    pub fn exception_matches(&self, exc: Value, class: Value) -> bool {
        match self.as_tuple(class) {
            Some(classes) => classes.iter().any(|&c| self.is_instance(exc, c)),
            None => self.is_instance(exc, class),
        }
    }

    /// The payload of an exception.
    #[inline]
    pub fn as_exception(&self, v: Value) -> Option<&Exception> {
        match self.heap.object(v)? {
            Obj::Exception(e) => Some(e),
            _ => None,
        }
    }

    /// A field of an exception; NULL when unset.
    pub fn exception_field(&self, v: Value, i: usize) -> Value {
        self.as_exception(v)
            .and_then(|e| e.fields.get(i).copied())
            .unwrap_or(Value::NULL)
    }

    /// Sets a field of an exception.
    pub fn put_exception_field(&mut self, v: Value, i: usize, value: Value) {
        self.heap.incref(value);
        let Some(Obj::Exception(_)) = self.heap.object(v) else {
            return;
        };
        let Obj::Exception(e) = self.heap.get_mut(v) else {
            return;
        };
        if e.fields.len() <= i {
            e.fields.resize(i + 1, Value::NULL);
        }
        let old = std::mem::replace(&mut e.fields[i], value);
        self.heap.decref(old);
    }

    /// Replaces one of the links of an exception.
    pub fn set_exception_link(&mut self, v: Value, value: Value, link: fn(&mut Exception) -> &mut Value) {
        if self.as_exception(v).is_none() {
            return;
        }
        self.heap.incref(value);
        if let Obj::Exception(e) = self.heap.get_mut(v) {
            let old = std::mem::replace(link(e), value);
            self.heap.decref(old);
        }
    }

    /// `raise v from cause`: sets the cause (None or an exception) and hides the context.
    pub fn set_cause(&mut self, v: Value, cause: Value) {
        let cause = if cause.is_none() { Value::NULL } else { cause };
        self.set_exception_link(v, cause, |e| &mut e.cause);
        if let Some(Obj::Exception(_)) = self.heap.object(v)
            && let Obj::Exception(e) = self.heap.get_mut(v)
        {
            e.suppress_context = true;
        }
    }

    /// Adds a note to an exception.
    pub fn add_note(&mut self, v: Value, note: &str) {
        let note = self.new_str(note);
        self.add_note_value(v, note);
    }

    fn add_note_value(&mut self, v: Value, note: Value) {
        let notes = match self.own_attribute(v, names::NOTES) {
            Some(notes) => notes,
            None => {
                let notes = self.new_list(vec![]);
                self.set_own_attribute(v, names::NOTES, notes);
                notes
            }
        };
        self.list_push(notes, note);
    }

    fn exception_args(&self, v: Value) -> Vec<Value> {
        self.as_exception(v)
            .and_then(|e| self.as_tuple(e.args))
            .map(<[Value]>::to_vec)
            .unwrap_or_default()
    }

    /// What `str()` gives for an exception without a `__str__` of its own.
    pub fn exception_text(&mut self, v: Value) -> NativeResult {
        match self.exception_args(v)[..] {
            [] => Ok(self.new_str("")),
            [one] => self.str(one),
            _ => {
                let args = self.as_exception(v).map_or(Value::NONE, |e| e.args);
                self.repr(args)
            }
        }
    }
}

/// `BaseException.__new__`
pub fn new(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let class = args.this();
    if vm.as_type(class).is_none() || !vm.is_subtype(class, core::BASE_EXCEPTION) {
        return Err(vm.type_error("BaseException.__new__(X): X is not a type object"));
    }
    vm.check_not_abstract(class)?;
    let given = vm.new_tuple(args.rest().pos.to_vec());
    let v = vm.heap.alloc(class, Obj::Exception(Box::new(Exception::new(given))));
    Ok(v)
}

/// Sets `args`, as every `__init__` does.
pub fn set_args(vm: &mut Process, this: Value, given: &[Value]) {
    let tuple = vm.new_tuple(given.to_vec());
    vm.set_exception_link(this, tuple, |e| &mut e.args);
}

/// Raises TypeError for keyword arguments.
pub fn no_keywords(vm: &mut Process, args: Args<'_>) -> NativeResult<()> {
    if args.kw.is_empty() {
        return Ok(());
    }
    let name = vm.type_name(args.this());
    Err(vm.type_error(&format!("{name}() takes no keyword arguments")))
}

fn init(vm: &mut Process, args: Args<'_>) -> NativeResult {
    no_keywords(vm, args)?;
    set_args(vm, args.this(), args.rest().pos);
    Ok(Value::NONE)
}

fn repr(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    let name = vm.type_name(this);
    let given = vm.exception_args(this);
    let text = match given[..] {
        [one] => {
            let one = vm.repr_text(one)?;
            format!("{name}({one})")
        }
        _ => {
            let tuple = vm.as_exception(this).map_or(Value::NONE, |e| e.args);
            let shown = vm.repr_text(tuple)?;
            format!("{name}{shown}")
        }
    };
    Ok(vm.new_str(&text))
}

fn str(vm: &mut Process, args: Args<'_>) -> NativeResult {
    vm.exception_text(args.this())
}

fn get_set_args(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    match args.get(1) {
        None => Ok(vm.as_exception(this).map_or(Value::NONE, |e| e.args)),
        Some(value) if value.is_null() => Err(vm.type_error("args may not be deleted")),
        Some(value) => {
            let items = vm.list_from_iterable(value)?;
            set_args(vm, this, &items);
            Ok(Value::NONE)
        }
    }
}

fn or_none(v: Value) -> Value {
    if v.is_null() { Value::NONE } else { v }
}

fn get_set_cause(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    match args.get(1) {
        None => Ok(or_none(vm.as_exception(this).map_or(Value::NULL, |e| e.cause))),
        Some(value) if value.is_null() => Err(vm.type_error("__cause__ may not be deleted")),
        Some(value) => {
            if !value.is_none() && vm.as_exception(value).is_none() {
                return Err(vm.type_error("exception cause must be None or derive from BaseException"));
            }
            vm.set_cause(this, value);
            Ok(Value::NONE)
        }
    }
}

fn get_set_context(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    match args.get(1) {
        None => Ok(or_none(vm.as_exception(this).map_or(Value::NULL, |e| e.context))),
        Some(value) if value.is_null() => Err(vm.type_error("__context__ may not be deleted")),
        Some(value) => {
            if !value.is_none() && vm.as_exception(value).is_none() {
                return Err(vm.type_error("exception context must be None or derive from BaseException"));
            }
            let value = if value.is_none() { Value::NULL } else { value };
            vm.set_exception_link(this, value, |e| &mut e.context);
            Ok(Value::NONE)
        }
    }
}

fn get_set_traceback(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    match args.get(1) {
        None => Ok(or_none(vm.as_exception(this).map_or(Value::NULL, |e| e.traceback))),
        Some(value) if value.is_null() => Err(vm.type_error("__traceback__ may not be deleted")),
        Some(value) => {
            set_traceback(vm, this, value)?;
            Ok(Value::NONE)
        }
    }
}

fn set_traceback(vm: &mut Process, this: Value, value: Value) -> NativeResult<()> {
    if !value.is_none() && !vm.is_exact(value, core::TRACEBACK) {
        return Err(vm.type_error("__traceback__ must be a traceback or None"));
    }
    let value = if value.is_none() { Value::NULL } else { value };
    vm.set_exception_link(this, value, |e| &mut e.traceback);
    Ok(())
}

fn get_set_suppress(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    match args.get(1) {
        None => Ok(Value::from_bool(
            vm.as_exception(this).is_some_and(|e| e.suppress_context),
        )),
        Some(value) => {
            let Some(on) = value.as_bool() else {
                return Err(vm.type_error("attribute value type must be bool"));
            };
            if vm.as_exception(this).is_some()
                && let Obj::Exception(e) = vm.heap.get_mut(this)
            {
                e.suppress_context = on;
            }
            Ok(Value::NONE)
        }
    }
}

fn with_traceback(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let (this, [value]) = vm.method_args::<1>(args, "BaseException.with_traceback")?;
    set_traceback(vm, this, value)?;
    Ok(this)
}

fn add_note(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let (this, [note]) = vm.method_args::<1>(args, "BaseException.add_note")?;
    if vm.as_pystr(note).is_none() {
        let got = vm.type_name(note);
        return Err(vm.type_error(&format!("add_note() argument must be str, not {got}")));
    }
    if let Some(notes) = vm.own_attribute(this, names::NOTES)
        && vm.as_list(notes).is_none()
    {
        return Err(vm.type_error("Cannot add note: __notes__ is not a list"));
    }
    vm.add_note_value(this, note);
    Ok(Value::NONE)
}

fn reduce(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    let given = vm.as_exception(this).map_or(Value::NONE, |e| e.args);
    let class = vm.type_of(this);
    let mut parts = vec![class, given];
    parts.extend(vm.existing_dict(this));
    Ok(vm.new_tuple(parts))
}

fn setstate(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let (this, [state]) = vm.method_args::<1>(args, "BaseException.__setstate__")?;
    if state.is_none() {
        return Ok(Value::NONE);
    }
    let Some(d) = vm.as_dict(state) else {
        return Err(vm.type_error("state is not a dictionary"));
    };
    let entries: Vec<(Value, Value)> = d.iter().map(|e| (e.key, e.value)).collect();
    for (key, value) in entries {
        vm.setattr(this, key, value)?;
    }
    Ok(Value::NONE)
}

/// The table.
pub static MEMBERS: &[Native] = &[
    Native::static_method("__new__", new).sig("($type, *args, **kwargs)"),
    Native::method("__init__", init).sig("($self, /, *args, **kwargs)"),
    Native::method("__repr__", repr).sig("($self, /)"),
    Native::method("__str__", str).sig("($self, /)"),
    Native::method("__reduce__", reduce),
    Native::method("__setstate__", setstate),
    Native::method("with_traceback", with_traceback),
    Native::method("add_note", add_note),
    Native::getset("args", get_set_args),
    Native::getset("__cause__", get_set_cause),
    Native::getset("__context__", get_set_context),
    Native::getset("__traceback__", get_set_traceback),
    Native::getset("__suppress_context__", get_set_suppress),
    INSTANCE_DICT_ENTRY,
];
