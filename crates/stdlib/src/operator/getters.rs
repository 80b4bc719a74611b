//! `itemgetter`, `attrgetter`, `methodcaller`.

use heddle_vm::builtin::containers::dict::pairs;
use heddle_vm::builtin::containers::repr::{guarded, push_repr};
use heddle_vm::function::{Args, Native};
use heddle_vm::names;
use heddle_vm::native::NativeResult;
use heddle_vm::process::Process;
use heddle_vm::types::{Layout, TypeDef, TypeRef, core, type_flags};
use heddle_vm::value::Value;
use rustpython_wtf8::Wtf8Buf;

/// What all three hold: the items, the names, or a name and arguments.
#[derive(Clone, Debug)]
struct Getter {
    /// A tuple.
    args: Value,
    /// A dict; NULL but for a `methodcaller` with keyword arguments.
    keywords: Value,
    /// The parts of the names of an `attrgetter`, interned.
    paths: Vec<Vec<Value>>,
}
heddle_vm::impl_payload!(Getter, |this, f| {
    f(this.args);
    f(this.keywords);
    this.paths.iter().flatten().copied().for_each(f);
});

macro_rules! getters {
    ($($constant:ident $name:literal $number:literal $new:ident $call:ident;)*) => {
        $(pub static $constant: TypeDef = TypeDef {
            name: $name,
            module: "operator",
            base: Some(TypeRef::Core(core::OBJECT)),
            layout: Layout::Payload($number),
            flags: type_flags::BASETYPE,
            members: &[&[
                Native::static_method("__new__", $new),
                Native::method("__call__", $call).sig("($self, /, *args, **kwargs)"),
                Native::method("__repr__", repr),
                Native::method("__reduce__", reduce),
            ]],
            doc: "",
            finish: None,
        };)*
    };
}
getters! {
    ITEMGETTER "itemgetter" 0x1321 itemgetter_new itemgetter_call;
    ATTRGETTER "attrgetter" 0x1322 attrgetter_new attrgetter_call;
    METHODCALLER "methodcaller" 0x1323 methodcaller_new methodcaller_call;
}

fn make(p: &mut Process, class: Value, args: &[Value], keywords: Value, paths: Vec<Vec<Value>>) -> Value {
    let args = p.new_tuple(args.to_vec());
    p.new_payload(class, Getter { args, keywords, paths })
}

/// At least one positional argument, and no keywords.
fn check(p: &mut Process, args: Args<'_>, name: &str) -> NativeResult<()> {
    if !args.kw.is_empty() {
        return Err(p.type_error(&format!("{name}() takes no keyword arguments")));
    }
    if args.len() < 2 {
        return Err(p.type_error(&format!("{name} expected 1 argument, got 0")));
    }
    Ok(())
}

fn itemgetter_new(p: &mut Process, args: Args<'_>) -> NativeResult {
    check(p, args, "itemgetter")?;
    Ok(make(p, args.this(), args.rest().pos, Value::NULL, Vec::new()))
}

fn attrgetter_new(p: &mut Process, args: Args<'_>) -> NativeResult {
    check(p, args, "attrgetter")?;
    let mut paths = Vec::new();
    for &name in args.rest().pos {
        if p.as_pystr(name).is_none() {
            return Err(p.type_error("attribute name must be a string"));
        }
        let text = p.text(name);
        paths.push(text.split('.').map(|part| p.intern(part)).collect());
    }
    Ok(make(p, args.this(), args.rest().pos, Value::NULL, paths))
}

fn methodcaller_new(p: &mut Process, args: Args<'_>) -> NativeResult {
    let Some(name) = args.get(1) else {
        return Err(p.type_error("methodcaller needs at least one argument, the method name"));
    };
    if p.as_pystr(name).is_none() {
        return Err(p.type_error("method name must be a string"));
    }
    let mut keywords = Value::NULL;
    if !args.kw.is_empty() {
        keywords = p.new_dict();
        for &(name, value) in args.kw {
            p.dict_set_str(keywords, name, value);
        }
    }
    let name = p.intern_value(name);
    Ok(make(p, args.this(), args.rest().pos, keywords, vec![vec![name]]))
}

fn getter<'a>(p: &mut Process, args: Args<'a>, name: &str) -> NativeResult<(Getter, Value)> {
    let Some(getter) = p.heap.payload::<Getter>(args.this()).cloned() else {
        return Err(p.type_error(&format!("'{name}' object expected")));
    };
    let rest = args.rest();
    if !rest.kw.is_empty() {
        return Err(p.type_error(&format!("{name}() takes no keyword arguments")));
    }
    match *rest.pos {
        [object] => Ok((getter, object)),
        _ => {
            let given = rest.len();
            Err(p.type_error(&format!("{name} expected 1 argument, got {given}")))
        }
    }
}

fn itemgetter_call(p: &mut Process, args: Args<'_>) -> NativeResult {
    let (getter, object) = getter(p, args, "itemgetter")?;
    let keys = p.as_tuple(getter.args).map(<[Value]>::to_vec).unwrap_or_default();
    if let [key] = *keys.as_slice() {
        // What it is for, mostly: a field of a row.
        if let (Some(n), true) = (key.as_small(), p.is_exact(object, core::TUPLE))
            && let Some(&item) = p.as_tuple(object).and_then(|items| items.get(usize::try_from(n).ok()?))
        {
            return Ok(item);
        }
        return p.getitem(object, key);
    }
    let mut items = Vec::with_capacity(keys.len());
    for key in keys {
        items.push(p.getitem(object, key)?);
    }
    Ok(p.new_tuple(items))
}

fn attrgetter_call(p: &mut Process, args: Args<'_>) -> NativeResult {
    let (getter, object) = getter(p, args, "attrgetter")?;
    let mut found = Vec::with_capacity(getter.paths.len());
    for path in &getter.paths {
        let mut v = object;
        for &name in path {
            v = p.getattr(v, name)?;
        }
        found.push(v);
    }
    match *found.as_slice() {
        [v] => Ok(v),
        _ => Ok(p.new_tuple(found)),
    }
}

fn methodcaller_call(p: &mut Process, args: Args<'_>) -> NativeResult {
    let (getter, object) = getter(p, args, "methodcaller")?;
    let name = getter.paths.first().and_then(|path| path.first()).copied();
    let method = p.getattr(object, name.unwrap_or(Value::NONE))?;
    let given = p.as_tuple(getter.args).map(<[Value]>::to_vec).unwrap_or_default();
    let kw = pairs(p, getter.keywords);
    p.tail_call_kw(
        method,
        Args {
            pos: given.get(1..).unwrap_or_default(),
            kw: &kw,
        },
    )
}

fn repr(p: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    let Some(getter) = p.heap.payload::<Getter>(this).cloned() else {
        return Ok(Value::NONE);
    };
    let class = p.type_of(this);
    let module = p.getattr(class, names::MODULE)?;
    let name = format!("{}.{}", p.text(module), p.name_of_type(class));
    guarded(p, this, &format!("{name}(...)"), |p| {
        let mut text = Wtf8Buf::from(format!("{name}("));
        let items = p.as_tuple(getter.args).map(<[Value]>::to_vec).unwrap_or_default();
        for (i, v) in items.into_iter().enumerate() {
            text.push_str(if i > 0 { ", " } else { "" });
            push_repr(p, &mut text, v)?;
        }
        for (key, v) in pairs(p, getter.keywords) {
            let key = p.text(key);
            text.push_str(&format!(", {key}="));
            push_repr(p, &mut text, v)?;
        }
        text.push_str(")");
        Ok(text)
    })
}

fn reduce(p: &mut Process, args: Args<'_>) -> NativeResult {
    let this = args.this();
    let Some(getter) = p.heap.payload::<Getter>(this).cloned() else {
        return Ok(Value::NONE);
    };
    let class = p.type_of(this);
    if getter.keywords.is_null() {
        return Ok(p.new_tuple(vec![class, getter.args]));
    }
    let functools = p.import_module("functools")?;
    let partial = p.getattr_text(functools, "partial")?;
    let items = p.as_tuple(getter.args).map(<[Value]>::to_vec).unwrap_or_default();
    let (name, rest) = items.split_first().map_or((Value::NONE, &[][..]), |(n, r)| (*n, r));
    let kw = pairs(p, getter.keywords);
    let constructor = p.call_kw(
        partial,
        Args {
            pos: &[class, name],
            kw: &kw,
        },
    )?;
    let rest = p.new_tuple(rest.to_vec());
    Ok(p.new_tuple(vec![constructor, rest]))
}
