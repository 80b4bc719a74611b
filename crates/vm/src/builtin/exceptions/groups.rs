//! `BaseExceptionGroup` and `ExceptionGroup`. Splitting, which calls `derive` and predicates, is written in Python
//! (`prelude/objects.py`).

use super::base;
use crate::builtin::objects::class_getitem;
use crate::function::{Args, Native};
use crate::native::NativeResult;
use crate::object::{Exception, Obj};
use crate::process::Process;
use crate::types::{Layout, TypeDef, TypeRef, core};
use crate::value::Value;

// Fields: message, exceptions.

fn new(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let mut class = args.this();
    let rest = args.rest();
    let shown = "BaseExceptionGroup.__new__";
    if rest.len() != 2 || !rest.kw.is_empty() {
        return Err(vm.type_error(&format!("{shown}() takes exactly 2 arguments ({} given)", rest.len())));
    }
    let (message, given) = (rest.pos[0], rest.pos[1]);
    if vm.as_pystr(message).is_none() {
        let got = vm.type_name(message);
        return Err(vm.type_error(&format!("{shown}() argument 1 must be str, not {got}")));
    }
    let given_class = vm.type_of(given);
    let is_sequence = vm.as_list(given).is_some()
        || vm.as_tuple(given).is_some()
        || (vm.lookup_in_type(given_class, crate::names::GETITEM).is_some() && vm.as_dict(given).is_none());
    if !is_sequence {
        return Err(vm.type_error("second argument (exceptions) must be a sequence"));
    }
    let items = vm.list_from_iterable(given)?;
    if items.is_empty() {
        return Err(vm.value_error("second argument (exceptions) must be a non-empty sequence"));
    }
    let mut only_exceptions = true;
    for (i, &item) in items.iter().enumerate() {
        if vm.as_exception(item).is_none() {
            return Err(vm.value_error(&format!("Item {i} of second argument (exceptions) is not an exception")));
        }
        only_exceptions &= vm.is_instance(item, core::EXCEPTION);
    }
    if class == core::BASE_EXCEPTION_GROUP && only_exceptions {
        class = core::EXCEPTION_GROUP;
    } else if !only_exceptions {
        if class == core::EXCEPTION_GROUP {
            return Err(vm.type_error("Cannot nest BaseExceptions in an ExceptionGroup"));
        }
        if vm.is_subtype(class, core::EXCEPTION) {
            let name = vm.name_of_type(class);
            return Err(vm.type_error(&format!("Cannot nest BaseExceptions in '{name}'")));
        }
    }
    let tuple = vm.new_tuple(items);
    let both = vm.new_tuple(vec![message, given]);
    let mut exception = Exception::new(both);
    exception.fields = vec![message, tuple];
    Ok(vm.heap.alloc(class, Obj::Exception(Box::new(exception))))
}

fn init(vm: &mut Process, args: Args<'_>) -> NativeResult {
    base::no_keywords(vm, args)?;
    base::set_args(vm, args.this(), args.rest().pos);
    Ok(Value::NONE)
}

fn str(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    let message = vm.text(vm.exception_field(this, 0));
    let n = vm.as_tuple(vm.exception_field(this, 1)).map_or(0, <[Value]>::len);
    let plural = if n == 1 { "" } else { "s" };
    Ok(vm.new_str(&format!("{message} ({n} sub-exception{plural})")))
}

fn repr(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    let name = vm.type_name(this);
    let (message, exceptions) = (vm.exception_field(this, 0), vm.exception_field(this, 1));
    let args_given = vm
        .as_exception(this)
        .and_then(|e| vm.as_tuple(e.args))
        .map(<[Value]>::to_vec);
    let original = args_given.and_then(|a| a.get(1).copied()).unwrap_or(exceptions);
    let message = vm.repr_text(message)?;
    // Shown as what was given: a list or a tuple.
    let shown = if vm.as_list(original).is_some() {
        let items = vm.as_tuple(exceptions).map(<[Value]>::to_vec).unwrap_or_default();
        let list = vm.new_list(items);
        vm.repr_text(list)?
    } else {
        vm.repr_text(exceptions)?
    };
    Ok(vm.new_str(&format!("{name}({message}, {shown})")))
}

fn message(vm: &mut Process, args: Args<'_>) -> NativeResult {
    Ok(vm.exception_field(args.this(), 0))
}

fn exceptions(vm: &mut Process, args: Args<'_>) -> NativeResult {
    Ok(vm.exception_field(args.this(), 1))
}

fn derive(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let (this, [items]) = vm.method_args::<1>(args, "BaseExceptionGroup.derive")?;
    let message = vm.exception_field(this, 0);
    vm.tail_call(core::BASE_EXCEPTION_GROUP, &[message, items])
}

fn split(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let (this, [matcher]) = vm.method_args::<1>(args, "BaseExceptionGroup.split")?;
    let function = vm.prelude_function("_group_split");
    vm.tail_call(function, &[this, matcher])
}

fn subgroup(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let (this, [matcher]) = vm.method_args::<1>(args, "BaseExceptionGroup.subgroup")?;
    let function = vm.prelude_function("_group_subgroup");
    vm.tail_call(function, &[this, matcher])
}

/// The table of `BaseExceptionGroup`.
pub static MEMBERS: &[Native] = &[
    Native::static_method("__new__", new).sig("($type, *args, **kwargs)"),
    Native::method("__init__", init).sig("($self, /, *args, **kwargs)"),
    Native::method("__str__", str).sig("($self, /)"),
    Native::method("__repr__", repr).sig("($self, /)"),
    Native::method("derive", derive),
    Native::method("split", split),
    Native::method("subgroup", subgroup),
    Native::getter("message", message),
    Native::getter("exceptions", exceptions),
    Native::class_method("__class_getitem__", class_getitem),
];

fn finish(vm: &mut Process, class: Value) -> NativeResult<()> {
    // (BaseExceptionGroup, Exception): tables have one base, this class has two.
    let bases = vec![core::BASE_EXCEPTION_GROUP, core::EXCEPTION];
    let mro = vm.compute_mro(class, &bases)?;
    let tuple = vm.new_tuple(bases);
    vm.heap.incref(tuple);
    if let Obj::Type(t) = vm.heap.get_mut(class) {
        let old = std::mem::replace(&mut t.bases, tuple);
        vm.heap.decref(old);
    }
    vm.add_subclass(core::EXCEPTION, class);
    vm.set_mro(class, mro);
    Ok(())
}

/// `ExceptionGroup`
pub static EXCEPTION_GROUP: TypeDef = TypeDef {
    name: "ExceptionGroup",
    module: "builtins",
    base: Some(TypeRef::Core(core::BASE_EXCEPTION_GROUP)),
    layout: Layout::Exception,
    flags: super::FLAGS,
    members: &[],
    doc: "",
    finish: Some(finish),
};
