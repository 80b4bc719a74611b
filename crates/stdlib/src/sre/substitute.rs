//! `sub`, `subn` and templates.

use super::machine::Task;
use super::matching::{How, Subject};
use super::pattern::pattern_of;
use super::result::{Match, group_text};
use heddle_vm::function::Args;
use heddle_vm::native::NativeResult;
use heddle_vm::process::Process;
use heddle_vm::types::{Layout, TypeDef, TypeRef, core};
use heddle_vm::value::Value;
use rustpython_wtf8::Wtf8Buf;

/// What `re._parser.parse_template` made of a replacement: literal texts and group numbers in turn.
#[derive(Clone, Debug)]
pub struct Template {
    /// literal, group, literal, group, …, literal
    pub parts: Vec<Value>,
}
heddle_vm::impl_payload!(Template, |this, f| this.parts.iter().copied().for_each(f));

/// The type of templates; programs never see one.
pub static TEMPLATE: TypeDef = TypeDef {
    name: "SRE_Template",
    module: "_sre",
    base: Some(TypeRef::Core(core::OBJECT)),
    layout: Layout::Payload(0x1304),
    flags: 0,
    members: &[],
    doc: "",
    finish: None,
};

/// The parts of a replacement text; `re` parses those with backslashes.
pub fn template_parts(p: &mut Process, pattern: Value, text: Value) -> NativeResult<Vec<Value>> {
    let plain = match p.as_pystr(text) {
        Some(s) => !s.bytes().contains(&b'\\'),
        None if p.is_bytes_like(text) => !p.gathered_bytes(text)?.contains(&b'\\'),
        None => false,
    };
    if plain {
        return Ok(vec![text]);
    }
    let module = p.import_module("re")?;
    let compile = p.getattr_text(module, "_compile_template")?;
    let template = p.call(compile, &[pattern, text])?;
    match p.heap.payload::<Template>(template) {
        Some(t) => Ok(t.parts.clone()),
        None => Ok(vec![template]),
    }
}

/// Text or bytes being put together.
#[derive(Debug)]
enum Output {
    Text(Wtf8Buf),
    Bytes(Vec<u8>),
}

impl Output {
    fn new(subject: &Subject) -> Output {
        match subject {
            Subject::Text(_) => Output::Text(Wtf8Buf::new()),
            Subject::Bytes(_) => Output::Bytes(Vec::new()),
        }
    }

    fn push_piece(&mut self, subject: &Subject, start: usize, end: usize) {
        match (self, subject) {
            (Output::Text(out), Subject::Text(s)) => out.push_wtf8(&s.slice(start, end)),
            (Output::Bytes(out), Subject::Bytes(b)) => out.extend(b.get(start..end).unwrap_or(&[])),
            _ => {}
        }
    }

    fn len(&self) -> usize {
        match self {
            Output::Text(out) => out.len(),
            Output::Bytes(out) => out.len(),
        }
    }

    fn push_value(&mut self, p: &mut Process, v: Value) -> NativeResult<()> {
        p.check_size(self.len() as u64)?;
        match self {
            Output::Text(out) => match p.as_pystr(v) {
                Some(s) => out.push_wtf8(s.wtf8()),
                None if v.is_none() => {}
                None => {
                    let name = p.type_name(v);
                    return Err(p.type_error(&format!("expected str instance, {name} found")));
                }
            },
            Output::Bytes(out) => {
                if !v.is_none() {
                    out.extend(p.gathered_bytes(v)?);
                }
            }
        }
        Ok(())
    }

    fn finish(self, p: &mut Process) -> Value {
        match self {
            Output::Text(out) => p.new_wtf8(out),
            Output::Bytes(out) => p.new_bytes(&out),
        }
    }
}

/// A template filled with a match's groups.
pub fn fill(p: &mut Process, m: &Match, subject: &Subject, parts: &[Value]) -> NativeResult {
    let mut out = Output::new(subject);
    push_filled(p, &mut out, m, subject, parts)?;
    Ok(out.finish(p))
}

fn push_filled(p: &mut Process, out: &mut Output, m: &Match, subject: &Subject, parts: &[Value]) -> NativeResult<()> {
    for &part in parts {
        match part.as_small() {
            Some(group) => {
                let text = group_text(p, m, subject, group as usize, Value::NONE);
                out.push_value(p, text)?;
            }
            None => out.push_value(p, part)?,
        }
    }
    Ok(())
}

/// `sub(repl, string, count=0)`; with `counted`, the number of replacements comes with it.
pub fn sub(p: &mut Process, args: Args<'_>, counted: bool) -> NativeResult {
    let name = if counted { "subn" } else { "sub" };
    let [replacement, string, count] = p.bind(args.rest(), name, ["repl", "string", "count"], 2)?;
    let (replacement, string) = (replacement.unwrap_or(Value::NONE), string.unwrap_or(Value::NONE));
    let limit = match count {
        Some(v) => p.index_i64(v)?,
        None => 0,
    };
    let pattern_value = args.this();
    let pattern = pattern_of(p, pattern_value)?;
    let subject = Subject::of(p, &pattern, string)?;
    let len = subject.len();
    let found = if limit < 0 {
        Vec::new()
    } else {
        let task = Task {
            start: 0,
            end: len,
            how: How::Search,
            limit: limit as usize,
        };
        subject.find(p, &pattern, task, true)?
    };
    let number = found.len();
    let function = p.is_callable(replacement);
    let replacements = if function {
        let mut matches = Vec::with_capacity(found.len());
        for f in &found {
            matches.push(Match::make(p, pattern_value, string, f.clone(), 0, len));
            p.check_limit()?;
        }
        let matches = p.once(|p| Ok(p.new_list(matches)))?;
        let map = p.call(core::MAP, &[replacement, matches])?;
        Some(p.list_from_iterable(map)?)
    } else {
        None
    };
    let parts = if function {
        Vec::new()
    } else {
        template_parts(p, pattern_value, replacement)?
    };
    let mut out = Output::new(&subject);
    let mut last = 0;
    for (i, f) in found.into_iter().enumerate() {
        let Some((start, end)) = f.spans[0] else { continue };
        out.push_piece(&subject, last, start);
        match replacements.as_ref().and_then(|r| r.get(i).copied()) {
            Some(v) => out.push_value(p, v)?,
            None => {
                let m = Match {
                    pattern: pattern_value,
                    string,
                    found: f,
                    pos: 0,
                    endpos: len,
                };
                push_filled(p, &mut out, &m, &subject, &parts)?;
            }
        }
        last = end;
    }
    out.push_piece(&subject, last, len);
    let result = if number == 0 { string } else { out.finish(p) };
    if !counted {
        return Ok(result);
    }
    let number = p.new_int(number as i64);
    Ok(p.new_tuple(vec![result, number]))
}
