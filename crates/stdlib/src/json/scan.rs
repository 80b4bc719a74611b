//! The scanner: a document to values in one pass, containers on a stack of our own.

use super::decode_error;
use heddle_vm::function::{Args, Native};
use heddle_vm::native::{NativeResult, Unwind};
use heddle_vm::process::Process;
use heddle_vm::types::{Layout, TypeDef, TypeRef, core};
use heddle_vm::value::Value;
use num_bigint::BigInt;
use rustc_hash::FxHashMap;
use rustpython_wtf8::{CodePoint, Wtf8, Wtf8Buf};

/// More digits need `sys.set_int_max_str_digits`; `int` says so.
const MAX_DIGITS: usize = 4300;

/// `_json.Scanner` of a decoder without hooks.
#[derive(Clone, Debug)]
pub struct Scanner {
    pub strict: bool,
}
heddle_vm::impl_payload!(Scanner);

/// The class.
pub static SCANNER: TypeDef = TypeDef {
    name: "Scanner",
    module: "_json",
    base: Some(TypeRef::Core(core::OBJECT)),
    layout: Layout::Payload(0x1381),
    flags: 0,
    members: &[&[
        Native::method("__call__", scan_once),
        Native::getter("strict", |p, a| {
            Ok(Value::from_bool(
                p.heap.payload::<Scanner>(a.this()).is_some_and(|s| s.strict),
            ))
        }),
    ]],
    doc: "JSON scanner object",
    finish: None,
};

/// What is wrong in a document, and where (in bytes).
#[derive(Debug)]
pub struct Bad {
    pub message: &'static str,
    pub at: usize,
}

fn bad<T>(message: &'static str, at: usize) -> Result<T, Bad> {
    Err(Bad { message, at })
}

/// A `str` of WTF-8 bytes.
pub fn new_text(p: &mut Process, bytes: Vec<u8>) -> Value {
    match String::from_utf8(bytes) {
        Ok(text) => p.new_str(&text),
        Err(e) => {
            let bytes = e.into_bytes();
            let text = Wtf8::from_bytes(&bytes).map_or_else(Wtf8Buf::new, Wtf8::to_wtf8_buf);
            p.new_wtf8(text)
        }
    }
}

fn hex4(doc: &[u8], at: usize) -> Option<u32> {
    let digits = doc.get(at..at + 4)?;
    digits
        .iter()
        .try_fold(0, |n, b| Some(n * 16 + (*b as char).to_digit(16)?))
}

/// The text of a string that begins at `at`, behind its quote; `at` moves behind the closing quote.
pub fn string(doc: &[u8], at: &mut usize, strict: bool) -> Result<Vec<u8>, Bad> {
    let begin = at.saturating_sub(1);
    let mut out = Vec::new();
    loop {
        let from = *at;
        let Some(length) = doc.get(from..).and_then(|rest| {
            rest.iter()
                .position(|b| *b == b'"' || *b == b'\\' || (strict && *b < 0x20))
        }) else {
            return bad("Unterminated string starting at", begin);
        };
        out.extend_from_slice(&doc[from..from + length]);
        *at = from + length + 1;
        match doc[from + length] {
            b'"' => return Ok(out),
            b'\\' => escape(doc, at, begin, &mut out)?,
            _ => return bad("Invalid control character at", from + length),
        }
    }
}

/// What stands behind a backslash.
fn escape(doc: &[u8], at: &mut usize, begin: usize, out: &mut Vec<u8>) -> Result<(), Bad> {
    let Some(&c) = doc.get(*at) else {
        return bad("Unterminated string starting at", begin);
    };
    *at += 1;
    let plain = match c {
        b'"' | b'\\' | b'/' => c,
        b'b' => 8,
        b'f' => 12,
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        b'u' => {
            let Some(mut code) = hex4(doc, *at) else {
                return bad("Invalid \\uXXXX escape", *at - 1);
            };
            *at += 4;
            if (0xD800..0xDC00).contains(&code)
                && doc.get(*at..*at + 2) == Some(b"\\u")
                && let Some(low) = hex4(doc, *at + 2).filter(|low| (0xDC00..0xE000).contains(low))
            {
                code = 0x10000 + ((code - 0xD800) << 10 | (low - 0xDC00));
                *at += 6;
            }
            push_code(out, code);
            return Ok(());
        }
        _ => return bad("Invalid \\escape", *at - 2),
    };
    out.push(plain);
    Ok(())
}

/// Appends a code point; a surrogate that completes a pair with the one before becomes one character with it.
fn push_code(out: &mut Vec<u8>, code: u32) {
    if let Some(c) = CodePoint::from_u32(code) {
        let mut text = Wtf8Buf::new();
        text.push(c);
        out.extend_from_slice(text.as_bytes());
    }
}

/// A container whose items are being read.
enum Open {
    List(Vec<Value>),
    /// The dict, and the key whose value comes next.
    Dict(Value, Value),
}

struct Parser<'a> {
    doc: &'a [u8],
    at: usize,
    strict: bool,
    /// Keys of objects met before: only looked up, never walked through.
    keys: FxHashMap<Vec<u8>, Value>,
    open: Vec<Open>,
    depth_limit: usize,
}

/// How scanning can fail: in the document, or with an exception.
enum Failure {
    Bad(Bad),
    /// Nothing that could be a value.
    Nothing(usize),
    Deep(&'static str),
    Raise(Unwind),
}

impl From<Bad> for Failure {
    fn from(bad: Bad) -> Failure {
        Failure::Bad(bad)
    }
}

impl Parser<'_> {
    fn skip_space(&mut self) {
        while matches!(self.doc.get(self.at), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn take(&mut self, word: &[u8]) -> bool {
        let found = self.doc.get(self.at..).is_some_and(|rest| rest.starts_with(word));
        if found {
            self.at += word.len();
        }
        found
    }

    /// A value and all in it.
    fn value(&mut self, p: &mut Process) -> Result<Value, Failure> {
        loop {
            p.check_limit().map_err(Failure::Raise)?;
            let mut v = match self.begin(p)? {
                Some(v) => v,
                None => continue,
            };
            // The value may complete any number of containers.
            loop {
                match self.open.pop() {
                    None => return Ok(v),
                    Some(Open::List(mut items)) => {
                        items.push(v);
                        self.skip_space();
                        match self.doc.get(self.at) {
                            Some(b',') => {
                                let comma = self.at;
                                self.at += 1;
                                self.skip_space();
                                if self.doc.get(self.at) == Some(&b']') {
                                    let message = "Illegal trailing comma before end of array";
                                    return Err(Failure::Bad(Bad { message, at: comma }));
                                }
                                self.open.push(Open::List(items));
                                break;
                            }
                            Some(b']') => {
                                self.at += 1;
                                v = p.new_list(items);
                            }
                            _ => {
                                return Err(Failure::Bad(Bad {
                                    message: "Expecting ',' delimiter",
                                    at: self.at,
                                }));
                            }
                        }
                    }
                    Some(Open::Dict(dict, key)) => {
                        p.dict_set_str(dict, key, v);
                        self.skip_space();
                        match self.doc.get(self.at) {
                            Some(b',') => {
                                let comma = self.at;
                                self.at += 1;
                                self.skip_space();
                                match self.doc.get(self.at) {
                                    Some(b'"') => {}
                                    Some(b'}') => {
                                        let message = "Illegal trailing comma before end of object";
                                        return Err(Failure::Bad(Bad { message, at: comma }));
                                    }
                                    _ => {
                                        let message = "Expecting property name enclosed in double quotes";
                                        return Err(Failure::Bad(Bad { message, at: self.at }));
                                    }
                                }
                                let key = self.key(p)?;
                                self.open.push(Open::Dict(dict, key));
                                break;
                            }
                            Some(b'}') => {
                                self.at += 1;
                                v = dict;
                            }
                            _ => {
                                return Err(Failure::Bad(Bad {
                                    message: "Expecting ',' delimiter",
                                    at: self.at,
                                }));
                            }
                        }
                    }
                }
            }
        }
    }

    /// A key, its colon and the space behind; `at` stands on its quote.
    fn key(&mut self, p: &mut Process) -> Result<Value, Failure> {
        self.at += 1;
        let bytes = string(self.doc, &mut self.at, self.strict)?;
        let key = match self.keys.get(&bytes) {
            Some(&known) => known,
            None => {
                let key = new_text(p, bytes.clone());
                self.keys.insert(bytes, key);
                key
            }
        };
        self.skip_space();
        if self.doc.get(self.at) != Some(&b':') {
            return Err(Failure::Bad(Bad {
                message: "Expecting ':' delimiter",
                at: self.at,
            }));
        }
        self.at += 1;
        self.skip_space();
        Ok(key)
    }

    /// A value without items, or the beginning of a container (None).
    fn begin(&mut self, p: &mut Process) -> Result<Option<Value>, Failure> {
        let Some(&c) = self.doc.get(self.at) else {
            return Err(self.nothing());
        };
        match c {
            b'"' => {
                self.at += 1;
                let bytes = string(self.doc, &mut self.at, self.strict)?;
                Ok(Some(new_text(p, bytes)))
            }
            b'[' => {
                self.at += 1;
                self.skip_space();
                if self.take(b"]") {
                    return Ok(Some(p.new_list(Vec::new())));
                }
                self.push(Open::List(Vec::new()), "array")?;
                Ok(None)
            }
            b'{' => {
                self.at += 1;
                self.skip_space();
                let dict = p.new_dict();
                if self.take(b"}") {
                    return Ok(Some(dict));
                }
                if self.doc.get(self.at) != Some(&b'"') {
                    let message = "Expecting property name enclosed in double quotes";
                    return Err(Failure::Bad(Bad { message, at: self.at }));
                }
                let key = self.key(p)?;
                self.push(Open::Dict(dict, key), "object")?;
                Ok(None)
            }
            b'n' if self.take(b"null") => Ok(Some(Value::NONE)),
            b't' if self.take(b"true") => Ok(Some(Value::TRUE)),
            b'f' if self.take(b"false") => Ok(Some(Value::FALSE)),
            b'N' if self.take(b"NaN") => Ok(Some(p.new_float(f64::NAN))),
            b'I' if self.take(b"Infinity") => Ok(Some(p.new_float(f64::INFINITY))),
            b'-' if self.take(b"-Infinity") => Ok(Some(p.new_float(f64::NEG_INFINITY))),
            b'-' | b'0'..=b'9' => self.number(p).map(Some),
            _ => Err(self.nothing()),
        }
    }

    fn push(&mut self, open: Open, what: &'static str) -> Result<(), Failure> {
        if self.open.len() >= self.depth_limit {
            return Err(Failure::Deep(what));
        }
        self.open.push(open);
        Ok(())
    }

    /// No value begins here: inside a container that is an error of its own.
    fn nothing(&self) -> Failure {
        Failure::Nothing(self.at)
    }

    fn digits(&self, mut at: usize) -> usize {
        let from = at;
        while self.doc.get(at).is_some_and(u8::is_ascii_digit) {
            at += 1;
        }
        at - from
    }

    fn number(&mut self, p: &mut Process) -> Result<Value, Failure> {
        let from = self.at;
        let mut at = from + usize::from(self.doc[from] == b'-');
        match self.doc.get(at) {
            Some(b'0') => at += 1,
            Some(b'1'..=b'9') => at += self.digits(at),
            _ => return Err(self.nothing()),
        }
        let mut float = false;
        if self.doc.get(at) == Some(&b'.') && self.digits(at + 1) > 0 {
            at += 1 + self.digits(at + 1);
            float = true;
        }
        if matches!(self.doc.get(at), Some(b'e' | b'E')) {
            let sign = usize::from(matches!(self.doc.get(at + 1), Some(b'+' | b'-')));
            let digits = self.digits(at + 1 + sign);
            if digits > 0 {
                at += 1 + sign + digits;
                float = true;
            }
        }
        self.at = at;
        let text = std::str::from_utf8(&self.doc[from..at]).unwrap_or_default();
        if float {
            return Ok(p.new_float(text.parse().unwrap_or(f64::NAN)));
        }
        if let Ok(n) = text.parse::<i64>() {
            return Ok(p.new_int(n));
        }
        if text.len() > MAX_DIGITS {
            let text = p.new_str(text);
            return p.call(core::INT, &[text]).map_err(Failure::Raise);
        }
        Ok(p.new_big(text.parse::<BigInt>().unwrap_or_default()))
    }
}

/// `scanner(string, index)`: the value and the index behind it.
fn scan_once(p: &mut Process, args: Args<'_>) -> NativeResult {
    let strict = p.heap.payload::<Scanner>(args.this()).is_none_or(|s| s.strict);
    let [document, index] = p.bind(args.rest(), "scan_once", ["string", "idx"], 2)?;
    let document = document.unwrap_or(Value::NONE);
    let index = p.index_i64(index.unwrap_or(Value::NONE))?;
    let Some(text) = p.as_pystr(document).cloned() else {
        let name = p.type_name(document);
        return Err(p.type_error(&format!("first argument must be a string, not {name}")));
    };
    if index < 0 {
        return Err(p.value_error("idx cannot be negative"));
    }
    let start = if index as usize >= text.len() {
        text.bytes().len()
    } else {
        text.byte_offset(index as usize)
    };
    let mut parser = Parser {
        doc: text.bytes(),
        at: start,
        strict,
        keys: FxHashMap::default(),
        open: Vec::new(),
        depth_limit: p.recursion_limit as usize,
    };
    let result = parser.value(p);
    let inside = !parser.open.is_empty();
    match result {
        Ok(v) => {
            let end = p.new_int(text.index_of_offset(parser.at) as i64);
            Ok(p.new_tuple(vec![v, end]))
        }
        Err(Failure::Bad(bad)) => Err(decode_error(p, bad.message, document, text.index_of_offset(bad.at))),
        Err(Failure::Nothing(at)) if inside => {
            Err(decode_error(p, "Expecting value", document, text.index_of_offset(at)))
        }
        Err(Failure::Nothing(at)) => {
            let at = p.new_int(text.index_of_offset(at) as i64);
            Err(Unwind::Raise(p.new_stop_iteration(at)))
        }
        Err(Failure::Deep(what)) => Err(p.error(
            core::RECURSION_ERROR,
            &format!("maximum recursion depth exceeded while decoding a JSON {what} from a unicode string"),
        )),
        Err(Failure::Raise(e)) => Err(e),
    }
}
