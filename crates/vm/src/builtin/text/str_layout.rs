//! Methods of `str` that pad: center, ljust, rjust, zfill, expandtabs.

use super::str::this_str;
use crate::format::Align;
use crate::format::text::pad_wtf8;
use crate::function::{Args, Native};
use crate::native::NativeResult;
use crate::process::Process;
use rustpython_wtf8::Wtf8Buf;

pub(super) const METHODS: &[Native] = &[
    Native::method("ljust", |vm, args| justify(vm, args, "ljust", Align::Left)).sig("($self, width, fillchar=' ', /)"),
    Native::method("rjust", |vm, args| justify(vm, args, "rjust", Align::Right)).sig("($self, width, fillchar=' ', /)"),
    Native::method("center", |vm, args| justify(vm, args, "center", Align::Center))
        .sig("($self, width, fillchar=' ', /)"),
    Native::method("zfill", zfill).sig("($self, width, /)"),
    Native::method("expandtabs", expandtabs).sig("($self, /, tabsize=8)"),
];

/// `center` leans to the left or to the right depending on which of padding and width is odd.
fn center_left(padding: usize, width: usize) -> usize {
    padding / 2 + (padding & width & 1)
}

fn justify(vm: &mut Process, args: Args<'_>, name: &str, align: Align) -> NativeResult {
    let s = this_str(vm, args, name)?;
    vm.between(args.rest(), name, 1, 2)?;
    let width = match args.get(1) {
        Some(v) => vm.index_i64(v)?.max(0) as usize,
        None => 0,
    };
    let fill = match args.get(2) {
        None => ' ',
        Some(v) => match vm.as_pystr(v) {
            Some(fill) if fill.len() == 1 => fill.wtf8().code_points().next().map_or(' ', |c| c.to_char_lossy()),
            Some(_) => return Err(vm.type_error("The fill character must be exactly one character long")),
            None => {
                let given = vm.type_name(v);
                return Err(vm.type_error(&format!("The fill character must be a unicode character, not {given}")));
            }
        },
    };
    if width <= s.len() {
        return Ok(vm.plain_str(args.this()));
    }
    vm.check_size(width as u64 * 4)?;
    let padded = if align == Align::Center {
        let left = center_left(width - s.len(), width);
        let head = pad_wtf8(s.wtf8(), s.len(), fill, Align::Right, s.len() + left);
        pad_wtf8(&head, s.len() + left, fill, Align::Left, width)
    } else {
        pad_wtf8(s.wtf8(), s.len(), fill, align, width)
    };
    Ok(vm.new_wtf8(padded))
}

fn zfill(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let s = this_str(vm, args, "zfill")?;
    let (this, [width]) = vm.method_args(args, "str.zfill")?;
    let width = vm.index_i64(width)?.max(0) as usize;
    if width <= s.len() {
        return Ok(vm.plain_str(this));
    }
    vm.check_size(width as u64)?;
    let (sign, digits) = match s.bytes().first() {
        Some(b'+' | b'-') => (s.slice(0, 1), s.slice(1, s.len())),
        _ => (Wtf8Buf::new(), s.wtf8().to_wtf8_buf()),
    };
    let mut out = sign;
    (s.len()..width).for_each(|_| out.push_char('0'));
    out.push_wtf8(&digits);
    Ok(vm.new_wtf8(out))
}

fn expandtabs(vm: &mut Process, args: Args<'_>) -> NativeResult {
    let s = this_str(vm, args, "expandtabs")?;
    let [size] = vm.bind(args.rest(), "expandtabs", ["tabsize"], 0)?;
    let size = match size {
        None => 8,
        Some(v) => vm.index_i64(v)?.max(0) as usize,
    };
    if !s.bytes().contains(&b'\t') {
        return Ok(vm.plain_str(args.this()));
    }
    let tabs = s.bytes().iter().filter(|b| **b == b'\t').count() as u64;
    vm.check_size(tabs.saturating_mul(size as u64))?;
    let mut out = Wtf8Buf::with_capacity(s.bytes().len() * 2);
    let mut column = 0;
    for c in s.wtf8().code_points() {
        match c.to_u32() {
            0x09 => {
                let spaces = if size == 0 { 0 } else { size - column % size };
                (0..spaces).for_each(|_| out.push_char(' '));
                column += spaces;
            }
            code => {
                out.push(c);
                column = if matches!(code, 0x0A | 0x0D) { 0 } else { column + 1 };
            }
        }
    }
    Ok(vm.new_wtf8(out))
}
