//! `__build_class__`: what a `class` statement calls.

use crate::function::{Args, Native};
use crate::names;
use crate::native::{LogEntry, NativeResult, Pending, Unwind};
use crate::object::Obj;
use crate::process::Process;
use crate::types::{core, type_flags};
use crate::value::Value;

/// The builtin behind `LOAD_BUILD_CLASS`.
pub static BUILD_CLASS: Native = Native::function("__build_class__", build_class);

fn build_class(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let (Some(body), Some(name)) = (args.get(0), args.get(1)) else {
        return Err(vm.type_error("__build_class__: not enough arguments"));
    };
    if !matches!(vm.heap.object(body), Some(Obj::Function(_))) {
        return Err(vm.type_error("__build_class__: func must be a function"));
    }
    if vm.as_pystr(name).is_none() {
        return Err(vm.type_error("__build_class__: name is not a string"));
    }
    let written = args.pos.get(2..).unwrap_or(&[]).to_vec();
    let bases = vm.resolve_bases(&written)?;
    let mut kw: Vec<(Value, Value)> = args.kw.to_vec();
    let given = kw
        .iter()
        .position(|&(k, _)| vm.as_str(k) == Some("metaclass"))
        .map(|i| kw.remove(i).1);
    let mut meta = match given {
        Some(meta) => meta,
        None => bases.first().map_or(core::TYPE, |&b| vm.type_of(b)),
    };
    if vm.as_type(meta).is_some() {
        meta = vm.best_metaclass(meta, &bases)?;
    }
    let bases_tuple = vm.new_tuple(bases.clone());
    let namespace = prepare(vm, meta, name, bases_tuple, &kw)?;
    if bases != written {
        let original = vm.new_tuple(written);
        if vm.is_exact(namespace, core::DICT) {
            vm.dict_set_str(namespace, names::ORIG_BASES, original);
        } else {
            vm.setitem(namespace, names::ORIG_BASES, original)?;
        }
    }
    let cell = vm.execute(body, namespace)?;
    let class = vm.call_kw(
        meta,
        Args {
            pos: &[name, bases_tuple, namespace],
            kw: &kw,
        },
    )?;
    check_class_cell(vm, cell, class, name)?;
    Ok(class)
}

fn prepare(vm: &mut Process, meta: Value, name: Value, bases: Value, kw: &[(Value, Value)]) -> NativeResult {
    let function = match vm.getattr_opt(meta, names::PREPARE)? {
        Some(function) => function,
        None => return vm.once(|vm| Ok(vm.new_dict())),
    };
    let namespace = vm.call_kw(
        function,
        Args {
            pos: &[name, bases],
            kw,
        },
    )?;
    let class = vm.type_of(namespace);
    if vm.as_dict(namespace).is_none() && vm.lookup_in_type(class, names::GETITEM).is_none() {
        let got = vm.type_name(namespace);
        let shown = match vm.as_type(meta) {
            Some(_) => vm.name_of_type(meta),
            None => "<metaclass>".to_owned(),
        };
        return Err(vm.type_error(&format!("{shown}.__prepare__() must return a mapping, not {got}")));
    }
    Ok(namespace)
}

fn check_class_cell(vm: &mut Process, cell: Value, class: Value, name: Value) -> NativeResult<()> {
    let Some(Obj::Cell(content)) = vm.heap.object(cell) else {
        return Ok(());
    };
    let content = *content;
    if vm.as_type(class).is_none() || content == class {
        return Ok(());
    }
    let shown = vm.text(name);
    if content.is_null() {
        let class_text = vm.repr_text(class)?;
        return Err(vm.runtime_error(&format!(
            "__class__ not set defining '{shown}' as {class_text}. Was __classcell__ propagated to type.__new__?"
        )));
    }
    let (set, expected) = (vm.repr_text(content)?, vm.repr_text(class)?);
    Err(vm.type_error(&format!("__class__ set to {set} defining '{shown}' as {expected}")))
}

impl Process {
    /// Runs the body of a class or module in a namespace; its result.
    pub fn execute(&mut self, function: Value, locals: Value) -> NativeResult {
        match self.next_log_entry() {
            Some(LogEntry::Value(v)) => Ok(v),
            Some(LogEntry::Raise(e)) => Err(Unwind::Raise(e)),
            Some(_) => Err(self.system_error("a native was not deterministic (execute)")),
            None => Err(Unwind::Pending(Box::new(Pending::Execute { function, locals }))),
        }
    }

    /// Replaces bases that are no classes by what their `__mro_entries__` gives (`types.resolve_bases`).
    pub fn resolve_bases(&mut self, written: &[Value]) -> NativeResult<Vec<Value>> {
        if written.iter().all(|&b| self.as_type(b).is_some()) {
            return Ok(written.to_vec());
        }
        let tuple = self.new_tuple(written.to_vec());
        let mut bases = Vec::with_capacity(written.len());
        for &base in written {
            if self.as_type(base).is_some() {
                bases.push(base);
                continue;
            }
            let Some(function) = self.getattr_opt(base, names::MRO_ENTRIES)? else {
                bases.push(base);
                continue;
            };
            let entries = self.call(function, &[tuple])?;
            match self.as_tuple(entries) {
                Some(entries) => bases.extend_from_slice(entries),
                None => return Err(self.type_error("__mro_entries__ must return a tuple")),
            }
        }
        Ok(bases)
    }

    /// Raises what instantiating an abstract class raises.
    pub fn check_not_abstract(&mut self, class: Value) -> NativeResult<()> {
        if !self.as_type(class).is_some_and(|t| t.has(type_flags::ABSTRACT)) {
            return Ok(());
        }
        let methods = match self.as_type(class).map(|t| t.dict) {
            Some(dict) => self.dict_get_str(dict, names::ABSTRACTMETHODS),
            None => None,
        };
        let mut list: Vec<String> = match methods {
            Some(methods) => self
                .list_from_iterable(methods)?
                .into_iter()
                .map(|m| self.text(m))
                .collect(),
            None => Vec::new(),
        };
        list.sort();
        let plural = if list.len() == 1 { "" } else { "s" };
        let name = self.name_of_type(class);
        let quoted: Vec<String> = list.iter().map(|m| format!("'{m}'")).collect();
        Err(self.type_error(&format!(
            "Can't instantiate abstract class {name} without an implementation for abstract method{plural} {}",
            quoted.join(", ")
        )))
    }
}
