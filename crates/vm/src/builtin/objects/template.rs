//! `string.templatelib.Template` and `Interpolation` (t-strings).

use super::generic_alias::class_getitem;
use crate::function::{Args, Native};
use crate::impl_payload;
use crate::native::NativeResult;
use crate::process::Process;
use crate::types::{Layout, TypeDef, TypeRef, core};
use crate::value::Value;

#[derive(Clone, Debug)]
struct Template {
    strings: Value,
    interpolations: Value,
}

impl_payload!(Template, |this, f| {
    [this.strings, this.interpolations].into_iter().for_each(f)
});

#[derive(Clone, Debug)]
struct Interpolation {
    value: Value,
    expression: Value,
    conversion: Value,
    format_spec: Value,
}

impl_payload!(Interpolation, |this, f| {
    [this.value, this.expression, this.conversion, this.format_spec]
        .into_iter()
        .for_each(f)
});

impl Process {
    /// What `BUILD_TEMPLATE` makes: tuples of strings and of interpolations.
    pub fn new_template(&mut self, strings: Value, interpolations: Value) -> Value {
        self.new_payload(
            core::TEMPLATE,
            Template {
                strings,
                interpolations,
            },
        )
    }

    /// What `BUILD_INTERPOLATION` makes. `conversion` is "r", "s", "a" or None.
    pub fn new_interpolation(
        &mut self,
        value: Value,
        expression: Value,
        conversion: Value,
        format_spec: Value,
    ) -> Value {
        self.new_payload(
            core::INTERPOLATION,
            Interpolation {
                value,
                expression,
                conversion,
                format_spec,
            },
        )
    }

    fn template(&mut self, v: Value) -> NativeResult<Template> {
        match self.heap.payload::<Template>(v) {
            Some(t) => Ok(t.clone()),
            None => Err(self.type_error("a 'string.templatelib.Template' object is required")),
        }
    }

    fn interpolation(&mut self, v: Value) -> NativeResult<Interpolation> {
        match self.heap.payload::<Interpolation>(v) {
            Some(t) => Ok(t.clone()),
            None => Err(self.type_error("a 'string.templatelib.Interpolation' object is required")),
        }
    }
}

fn template_new(vm: &mut Process, args: Args<'_>) -> NativeResult {
    if !args.kw.is_empty() {
        return Err(vm.type_error("Template.__new__ only accepts *args arguments"));
    }
    let mut strings: Vec<Value> = Vec::new();
    let mut interpolations = Vec::new();
    let mut last_was_text = false;
    for &part in args.rest().pos {
        if let Some(s) = vm.as_pystr(part).cloned() {
            if let (true, Some(last)) = (last_was_text, strings.pop()) {
                let mut text = vm.as_pystr(last).map(|l| l.wtf8().to_owned()).unwrap_or_default();
                text.push_wtf8(s.wtf8());
                let joined = vm.new_wtf8(text);
                strings.push(joined);
            } else {
                strings.push(part);
            }
            last_was_text = true;
        } else if vm.is_exact(part, core::INTERPOLATION) {
            if !last_was_text {
                let empty = vm.new_str("");
                strings.push(empty);
            }
            interpolations.push(part);
            last_was_text = false;
        } else {
            let got = vm.type_name(part);
            return Err(vm.type_error(&format!(
                "Template.__new__ *args need to be of type 'str' or 'Interpolation', got {got}"
            )));
        }
    }
    if !last_was_text {
        let empty = vm.new_str("");
        strings.push(empty);
    }
    let strings = vm.new_tuple(strings);
    let interpolations = vm.new_tuple(interpolations);
    Ok(vm.new_template(strings, interpolations))
}

fn strings(vm: &mut Process, args: Args<'_>) -> NativeResult {
    Ok(vm.template(args.this())?.strings)
}

fn interpolations(vm: &mut Process, args: Args<'_>) -> NativeResult {
    Ok(vm.template(args.this())?.interpolations)
}

fn values(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let t = vm.template(args.this())?;
    let parts = vm.as_tuple(t.interpolations).map(<[Value]>::to_vec).unwrap_or_default();
    let mut found = Vec::new();
    for part in parts {
        found.push(vm.interpolation(part)?.value);
    }
    Ok(vm.new_tuple(found))
}

/// Strings and interpolations in turn, empty strings left out.
fn parts(vm: &mut Process, this: Value) -> NativeResult<Vec<Value>> {
    let t = vm.template(this)?;
    let strings = vm.as_tuple(t.strings).map(<[Value]>::to_vec).unwrap_or_default();
    let inner = vm.as_tuple(t.interpolations).map(<[Value]>::to_vec).unwrap_or_default();
    let mut found = Vec::new();
    for (i, &s) in strings.iter().enumerate() {
        if vm.as_pystr(s).is_some_and(|s| !s.is_empty()) {
            found.push(s);
        }
        found.extend(inner.get(i));
    }
    Ok(found)
}

fn iter(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let found = parts(vm, args.this())?;
    let tuple = vm.new_tuple(found);
    vm.get_iter(tuple)
}

fn template_repr(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let t = vm.template(args.this())?;
    let (strings, inner) = (vm.repr_text(t.strings)?, vm.repr_text(t.interpolations)?);
    Ok(vm.new_str(&format!("Template(strings={strings}, interpolations={inner})")))
}

fn add(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let (this, [other]) = vm.method_args::<1>(args, "Template.__add__")?;
    if !vm.is_exact(other, core::TEMPLATE) || !vm.is_exact(this, core::TEMPLATE) {
        let got = vm.type_name(other);
        return Err(vm.type_error(&format!(
            "can only concatenate string.templatelib.Template (not \"{got}\") to string.templatelib.Template"
        )));
    }
    let mut all = vec![core::TEMPLATE];
    all.extend(parts(vm, this)?);
    all.extend(parts(vm, other)?);
    template_new(vm, Args::positional(&all))
}

fn template_reduce(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let found = parts(vm, args.this())?;
    let tuple = vm.new_tuple(found);
    Ok(vm.new_tuple(vec![core::TEMPLATE, tuple]))
}

static TEMPLATE_MEMBERS: [Native; 8] = [
    Native::static_method("__new__", template_new),
    Native::getter("strings", strings),
    Native::getter("interpolations", interpolations),
    Native::getter("values", values),
    Native::method("__iter__", iter),
    Native::method("__repr__", template_repr),
    Native::method("__add__", add),
    Native::method("__reduce__", template_reduce),
];

/// `Template`
pub static TEMPLATE: TypeDef = TypeDef {
    name: "Template",
    module: "string.templatelib",
    base: Some(TypeRef::Core(core::OBJECT)),
    layout: Layout::Closed,
    flags: 0,
    members: &[&TEMPLATE_MEMBERS],
    doc: "Template object",
    finish: None,
};

fn interpolation_new(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let [value, expression, conversion, spec] = vm.bind(
        args.rest(),
        "Interpolation",
        ["value", "expression", "conversion", "format_spec"],
        1,
    )?;
    let empty = vm.new_str("");
    let conversion = conversion.unwrap_or(Value::NONE);
    if !conversion.is_none() && !matches!(vm.as_str(conversion), Some("r" | "s" | "a")) {
        return Err(vm.value_error("Interpolation() argument 'conversion' must be one of 's', 'a' or 'r'"));
    }
    Ok(vm.new_interpolation(
        value.unwrap_or(Value::NONE),
        expression.unwrap_or(empty),
        conversion,
        spec.unwrap_or(empty),
    ))
}

fn value(vm: &mut Process, args: Args<'_>) -> NativeResult {
    Ok(vm.interpolation(args.this())?.value)
}

fn expression(vm: &mut Process, args: Args<'_>) -> NativeResult {
    Ok(vm.interpolation(args.this())?.expression)
}

fn conversion(vm: &mut Process, args: Args<'_>) -> NativeResult {
    Ok(vm.interpolation(args.this())?.conversion)
}

fn format_spec(vm: &mut Process, args: Args<'_>) -> NativeResult {
    Ok(vm.interpolation(args.this())?.format_spec)
}

fn interpolation_repr(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let i = vm.interpolation(args.this())?;
    let mut shown = Vec::new();
    for part in [i.value, i.expression, i.conversion, i.format_spec] {
        shown.push(vm.repr_text(part)?);
    }
    Ok(vm.new_str(&format!("Interpolation({})", shown.join(", "))))
}

fn interpolation_reduce(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let i = vm.interpolation(args.this())?;
    let tuple = vm.new_tuple(vec![i.value, i.expression, i.conversion, i.format_spec]);
    Ok(vm.new_tuple(vec![core::INTERPOLATION, tuple]))
}

fn finish(vm: &mut Process, class: Value) -> NativeResult<()> {
    let mut fields = Vec::new();
    for name in ["value", "expression", "conversion", "format_spec"] {
        fields.push(vm.intern(name));
    }
    let fields = vm.new_tuple(fields);
    vm.set_class_constant(class, "__match_args__", fields)
}

static INTERPOLATION_MEMBERS: [Native; 8] = [
    Native::static_method("__new__", interpolation_new),
    Native::getter("value", value),
    Native::getter("expression", expression),
    Native::getter("conversion", conversion),
    Native::getter("format_spec", format_spec),
    Native::method("__repr__", interpolation_repr),
    Native::method("__reduce__", interpolation_reduce),
    Native::class_method("__class_getitem__", class_getitem),
];

/// `Interpolation`
pub static INTERPOLATION: TypeDef = TypeDef {
    name: "Interpolation",
    module: "string.templatelib",
    base: Some(TypeRef::Core(core::OBJECT)),
    layout: Layout::Closed,
    flags: 0,
    members: &[&INTERPOLATION_MEMBERS],
    doc: "Interpolation object",
    finish: Some(finish),
};
