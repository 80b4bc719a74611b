//! The format mini-language: `[[fill]align][sign][z][#][0][width][grouping][.precision[grouping]][type]`, read as CPython reads it.

use crate::native::NativeResult;
use crate::process::Process;

/// How a field is filled up to its width.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    Left,
    Right,
    Center,
    /// Between sign and digits.
    AfterSign,
}

/// A parsed specification.
#[derive(Clone, Debug)]
pub struct FormatSpec {
    /// Padding.
    pub fill: char,
    /// Where the value stands in its field.
    pub align: Align,
    /// `+`, `-` or space.
    pub sign: Option<char>,
    /// `z`: no negative zero.
    pub no_negative_zero: bool,
    /// `#`
    pub alternate: bool,
    /// Least number of characters.
    pub width: Option<usize>,
    /// `,` or `_` between groups of digits.
    pub grouping: Option<char>,
    /// The same behind the decimal point.
    pub fraction_grouping: Option<char>,
    /// Digits behind the point, or most characters of a string.
    pub precision: Option<usize>,
    /// The presentation type, if given.
    pub kind: Option<char>,
}

/// Width and precision up to here, as on 64 bits, though nothing that wide can be made.
const MOST: u64 = i64::MAX as u64;

fn align_of(c: char) -> Option<Align> {
    Some(match c {
        '<' => Align::Left,
        '>' => Align::Right,
        '^' => Align::Center,
        '=' => Align::AfterSign,
        _ => return None,
    })
}

/// Reads a number; `None` when there is none. An error when it is too big.
fn number(chars: &[char], at: &mut usize) -> Result<Option<u64>, ()> {
    let start = *at;
    let mut n: u64 = 0;
    while let Some(d) = chars.get(*at).and_then(|&c| digit(c)) {
        n = n
            .checked_mul(10)
            .and_then(|n| n.checked_add(d))
            .filter(|n| *n <= MOST)
            .ok_or(())?;
        *at += 1;
    }
    Ok((*at > start).then_some(n))
}

fn digit(c: char) -> Option<u64> {
    crate::builtin::numbers::int_text::decimal_value(c).map(u64::from)
}

/// A presentation type as messages show it.
pub fn shown_kind(kind: char) -> String {
    if kind > ' ' && (kind as u32) < 128 {
        kind.to_string()
    } else {
        format!("\\x{:x}", kind as u32)
    }
}

impl Process {
    /// Parses a specification for a value of the class named.
    pub fn parse_format_spec(&mut self, text: &str, class: &str, default_align: Align) -> NativeResult<FormatSpec> {
        match parse(text, class, default_align) {
            Ok(spec) => Ok(spec),
            Err(message) => Err(self.value_error(&message)),
        }
    }

    /// ValueError for a presentation type that the class does not know.
    #[cold]
    pub fn unknown_format_code(&mut self, kind: char, class: &str) -> crate::native::Unwind {
        let shown = shown_kind(kind);
        self.value_error(&format!("Unknown format code '{shown}' for object of type '{class}'"))
    }
}

fn parse(text: &str, class: &str, default_align: Align) -> Result<FormatSpec, String> {
    let chars: Vec<char> = text.chars().collect();
    let mut spec = FormatSpec {
        fill: ' ',
        align: default_align,
        sign: None,
        no_negative_zero: false,
        alternate: false,
        width: None,
        grouping: None,
        fraction_grouping: None,
        precision: None,
        kind: None,
    };
    let mut at = 0;
    let mut fill_given = false;
    let mut align_given = false;
    if let (Some(&fill), Some(align)) = (chars.first(), chars.get(1).and_then(|&c| align_of(c))) {
        (spec.fill, spec.align, fill_given, align_given) = (fill, align, true, true);
        at = 2;
    } else if let Some(align) = chars.first().and_then(|&c| align_of(c)) {
        (spec.align, align_given) = (align, true);
        at = 1;
    }
    if let Some(&c @ ('+' | '-' | ' ')) = chars.get(at) {
        spec.sign = Some(c);
        at += 1;
    }
    if chars.get(at) == Some(&'z') {
        spec.no_negative_zero = true;
        at += 1;
    }
    if chars.get(at) == Some(&'#') {
        spec.alternate = true;
        at += 1;
    }
    if !fill_given && chars.get(at) == Some(&'0') {
        spec.fill = '0';
        if !align_given && default_align == Align::Right {
            spec.align = Align::AfterSign;
        }
        at += 1;
    }
    let too_many = |()| "Too many decimal digits in format string".to_owned();
    spec.width = number(&chars, &mut at).map_err(too_many)?.map(|n| n as usize);
    spec.grouping = grouping(&chars, &mut at)?;
    if chars.get(at) == Some(&'.') {
        at += 1;
        spec.precision = number(&chars, &mut at).map_err(too_many)?.map(|n| n as usize);
        spec.fraction_grouping = grouping(&chars, &mut at)?;
        if spec.precision.is_none() && spec.fraction_grouping.is_none() {
            return Err("Format specifier missing precision".to_owned());
        }
    }
    if chars.len() - at.min(chars.len()) > 1 {
        return Err(format!(
            "Invalid format specifier '{text}' for object of type '{class}'"
        ));
    }
    spec.kind = chars.get(at).copied();
    check_grouping(&spec)?;
    Ok(spec)
}

fn grouping(chars: &[char], at: &mut usize) -> Result<Option<char>, String> {
    let Some(&c @ (',' | '_')) = chars.get(*at) else {
        return Ok(None);
    };
    *at += 1;
    if matches!(chars.get(*at), Some(&d @ (',' | '_')) if d != c) {
        return Err("Cannot specify both ',' and '_'.".to_owned());
    }
    Ok(Some(c))
}

fn check_grouping(spec: &FormatSpec) -> Result<(), String> {
    let refuse = |separator: char, kind: char| {
        let shown = shown_kind(kind);
        Err(format!("Cannot specify '{separator}' with '{shown}'."))
    };
    if let (Some(separator), Some(kind)) = (spec.grouping, spec.kind) {
        let allowed = match kind {
            'd' | 'e' | 'f' | 'g' | 'E' | 'G' | '%' | 'F' => true,
            'b' | 'o' | 'x' | 'X' => separator == '_',
            _ => false,
        };
        if !allowed {
            return refuse(separator, kind);
        }
    }
    match (spec.fraction_grouping, spec.kind) {
        (Some(separator), Some('n')) => refuse(separator, 'n'),
        _ => Ok(()),
    }
}
