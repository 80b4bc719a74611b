//! The text of an uncaught exception.

use crate::contract::ImageEventKind;
use crate::names;
use crate::native::{NativeResult, Unwind};
use crate::object::Obj;
use crate::process::Process;
use crate::types::core;
use crate::value::Value;
use std::rc::Rc;

const CAUSE: &str = "\nThe above exception was the direct cause of the following exception:\n\n";
const CONTEXT: &str = "\nDuring handling of the above exception, another exception occurred:\n\n";

/// More lines than this of one place are counted, not printed.
const REPEATS: usize = 3;
/// Exceptions of a group that are printed, and how deep.
const GROUP_WIDTH: usize = 15;
const GROUP_DEPTH: usize = 10;

/// Text under construction with the margin of exception groups.
struct Out {
    text: String,
    depth: usize,
    /// A group's last line stands still to be written.
    need_close: bool,
}

impl Out {
    fn margin(&self, sign: char) -> String {
        if self.depth == 0 {
            String::new()
        } else {
            format!("{}{sign} ", "  ".repeat(self.depth))
        }
    }

    fn add(&mut self, block: &str, sign: char) {
        for line in block.split_inclusive('\n') {
            let margin = self.margin(sign);
            self.text.push_str(&margin);
            self.text.push_str(line);
        }
    }
}

impl Process {
    /// The text that CPython prints for an exception, with its chain.
    pub fn format_exception(&mut self, e: Value) -> NativeResult<String> {
        let mut out = Out {
            text: String::new(),
            depth: 0,
            need_close: false,
        };
        self.format_chain(e, &mut out)?;
        Ok(out.text)
    }

    fn format_chain(&mut self, e: Value, out: &mut Out) -> NativeResult<()> {
        let mut chain = vec![(e, "")];
        loop {
            let at = chain[chain.len() - 1].0;
            let Some(Obj::Exception(x)) = self.heap.object(at) else {
                break;
            };
            let (next, text) = if !x.cause.is_null() && !x.cause.is_none() {
                (x.cause, CAUSE)
            } else if !x.context.is_null() && !x.context.is_none() && !x.suppress_context {
                (x.context, CONTEXT)
            } else {
                break;
            };
            if chain.iter().any(|(seen, _)| *seen == next) {
                break;
            }
            chain.push((next, text));
        }
        for i in (0..chain.len()).rev() {
            self.format_one(chain[i].0, out)?;
            out.add(chain[i].1, '|');
        }
        Ok(())
    }

    fn format_one(&mut self, e: Value, out: &mut Out) -> NativeResult<()> {
        let group = self.is_instance(e, core::BASE_EXCEPTION_GROUP);
        let has_traceback = matches!(self.heap.object(e), Some(Obj::Exception(x)) if x.traceback.is_heap());
        let top = group && out.depth == 0;
        if top {
            out.depth = 1;
        }
        if has_traceback {
            let title = if group {
                "Exception Group Traceback"
            } else {
                "Traceback"
            };
            out.add(
                &format!("{title} (most recent call last):\n"),
                if top { '+' } else { '|' },
            );
            let body = self.traceback_body(e)?;
            out.add(&body, '|');
        }
        let lines = self.exception_lines(e)?;
        out.add(&lines, '|');
        if group {
            self.format_group(e, out)?;
        }
        if top {
            out.depth = 0;
        }
        Ok(())
    }

    fn format_group(&mut self, e: Value, out: &mut Out) -> NativeResult<()> {
        let name = names::EXCEPTIONS;
        let members = self.getattr(e, name)?;
        let members = self.as_tuple(members).map(<[Value]>::to_vec).unwrap_or_default();
        if out.depth > GROUP_DEPTH {
            out.add(&format!("... (max_group_depth is {GROUP_DEPTH})\n"), '|');
            return Ok(());
        }
        let shown = members.len().min(GROUP_WIDTH);
        out.need_close = false;
        for (i, &member) in members.iter().take(shown + 1).enumerate() {
            let last = i + 1 == members.len() || i == shown;
            if last {
                out.need_close = true;
            }
            let title = if i < shown {
                (i + 1).to_string()
            } else {
                "...".to_owned()
            };
            let indent = "  ".repeat(out.depth);
            let start = if i == 0 { "+-" } else { "  " };
            out.text
                .push_str(&format!("{indent}{start}+---------------- {title} ----------------\n"));
            out.depth += 1;
            if i < shown {
                self.format_chain(member, out)?;
            } else {
                let more = members.len() - shown;
                let s = if more > 1 { "s" } else { "" };
                out.add(&format!("and {more} more exception{s}\n"), '|');
            }
            if last && out.need_close {
                let indent = "  ".repeat(out.depth);
                out.text
                    .push_str(&format!("{indent}+------------------------------------\n"));
                out.need_close = false;
            }
            out.depth -= 1;
        }
        Ok(())
    }

    /// The entries of an exception's traceback, without title.
    fn traceback_body(&mut self, e: Value) -> NativeResult<String> {
        let mut at = match self.heap.object(e) {
            Some(Obj::Exception(x)) => x.traceback,
            _ => Value::NULL,
        };
        let mut text = String::new();
        let mut last: Option<(Value, u32)> = None;
        let mut count = 0;
        let mut sources: Vec<(String, Option<Rc<str>>)> = Vec::new();
        while let Some(Obj::Traceback(t)) = self.heap.object(at) {
            let (next, line, instruction, frame) = (t.next, t.line, t.instruction, t.frame);
            at = next;
            let code = match self.heap.object(frame) {
                Some(Obj::Frame(f)) => f.code,
                _ => continue,
            };
            if last != Some((code, line)) {
                close_repeats(&mut text, count);
                last = Some((code, line));
                count = 0;
            }
            count += 1;
            if count > REPEATS {
                continue;
            }
            let code = Rc::clone(self.code_of(code));
            let file = code.code.filename.to_string();
            text.push_str(&format!("  File \"{file}\", line {line}, in {}\n", code.code.name));
            let source = match sources.iter().find(|(name, _)| *name == file) {
                Some((_, source)) => source.clone(),
                None => {
                    let source = self.source_text(&file)?;
                    sources.push((file, source.clone()));
                    source
                }
            };
            let mut position = code
                .code
                .positions
                .get(instruction as usize)
                .copied()
                .unwrap_or_default();
            if position.line != line {
                position = heddle_compiler::Position {
                    line,
                    ..Default::default()
                };
            }
            if let Some(source) = source
                && let Some(lines) = super::carets::lines_of(position, |n| {
                    source.lines().nth((n as usize).checked_sub(1)?).map(str::to_owned)
                })
            {
                text.push_str(&lines);
            }
        }
        close_repeats(&mut text, count);
        Ok(text)
    }

    /// The text of a source file: the program, the library, or a file that the virtual kernel has.
    pub fn source_text(&mut self, file: &str) -> NativeResult<Option<Rc<str>>> {
        if let crate::process::Entry::Script { path, source } = &self.config.entry
            && path == file
        {
            return Ok(Some(source.as_str().into()));
        }
        if let crate::process::Entry::Command(source) = &self.config.entry
            && file == "<string>"
        {
            return Ok(Some(source.as_str().into()));
        }
        if file.starts_with('<') {
            return Ok(None);
        }
        if let Some(text) = (self.config.library.source)(file) {
            return Ok(Some(text));
        }
        let Some(bytes) = crate::imports::read_file(self, file.as_bytes())? else {
            return Ok(None);
        };
        Ok(Some(
            match crate::builtin::builtins_module::source::decoded_source(self, &bytes, file) {
                Ok(text) => text.into(),
                Err(Unwind::Raise(_)) => String::from_utf8_lossy(&bytes).into(),
                Err(other) => return Err(other),
            },
        ))
    }

    /// `Class: message`, with what belongs to it: notes, hints, the place of a syntax error.
    pub fn exception_lines(&mut self, e: Value) -> NativeResult<String> {
        let class = self.type_of(e);
        let dotted = self.dotted_type_name(class);
        let name = dotted.strip_prefix("__main__.").unwrap_or(&dotted).to_owned();
        let mut text = String::new();
        if self.is_instance(e, core::SYNTAX_ERROR) {
            text = self.syntax_error_lines(e, &name)?;
        } else {
            let message = match self.str_text(e) {
                Err(Unwind::Raise(_)) => "<exception str() failed>".to_owned(),
                other => other?,
            };
            let hint = self.hint_for(e);
            text.push_str(&if message.is_empty() {
                format!("{name}{hint}")
            } else {
                format!("{name}: {message}{hint}")
            });
            text.push('\n');
        }
        let dict = match self.heap.object(e) {
            Some(Obj::Exception(x)) => x.dict,
            _ => Value::NULL,
        };
        if let Some(notes) = self.dict_get_str(dict, names::NOTES) {
            let items = match self.heap.object(notes) {
                Some(Obj::List(items)) => items.to_vec(),
                Some(Obj::Tuple(items)) => items.to_vec(),
                _ => Vec::new(),
            };
            for note in items {
                let note = self.str_text(note)?;
                for line in note.split('\n') {
                    text.push_str(line);
                    text.push('\n');
                }
            }
        }
        Ok(text)
    }

    /// The place of a syntax error and its message.
    fn syntax_error_lines(&mut self, e: Value, name: &str) -> NativeResult<String> {
        let mut values = Vec::new();
        for field in [
            "msg",
            "filename",
            "lineno",
            "offset",
            "text",
            "end_lineno",
            "end_offset",
        ] {
            values.push(self.getattr_text(e, field)?);
        }
        let number = |vm: &Process, v: Value| vm.as_i64(v);
        let (line, offset) = (number(self, values[2]), number(self, values[3]));
        let (end_line, end_offset) = (number(self, values[5]), number(self, values[6]));
        let file = self.as_str(values[1]).map(str::to_owned);
        let mut text = String::new();
        let mut suffix = String::new();
        match line {
            Some(line) => text.push_str(&format!(
                "  File \"{}\", line {line}\n",
                file.as_deref().unwrap_or("<string>")
            )),
            None => suffix = file.map_or_else(String::new, |f| format!(" ({f})")),
        }
        if let (Some(source), Some(_)) = (self.as_str(values[4]).map(str::to_owned), line) {
            text.push_str(&syntax_markers(&source, line == end_line, offset, end_offset));
        }
        let message = if values[0].is_none() {
            "<no detail available>".to_owned()
        } else {
            self.str_text(values[0])?
        };
        text.push_str(&format!("{name}: {message}{suffix}\n"));
        Ok(text)
    }

    /// Writes to `sys.stderr`, or to descriptor 2 where there is none.
    pub fn write_stderr(&mut self, text: &str) -> NativeResult<()> {
        let stderr = self.dict_get_str(self.sys, names::STDERR).filter(|v| !v.is_none());
        match stderr {
            Some(stderr) => {
                let value = self.once(|vm| Ok(vm.new_str(text)))?;
                let write = self.getattr(stderr, names::WRITE)?;
                self.call(write, &[value])?;
                let flush = self.getattr(stderr, names::FLUSH)?;
                self.call(flush, &[])?;
            }
            None => {
                let call = crate::contract::Posix::Write {
                    fd: 2,
                    data: text.as_bytes().to_vec(),
                };
                self.system_call(crate::contract::SystemCall::Posix(call))?;
            }
        }
        Ok(())
    }

    /// Tells the trace of an exception that nobody caught, by the last line of its traceback.
    pub fn tell_uncaught(&mut self, traceback: &str) -> NativeResult<()> {
        // A group's own line stands before those of its exceptions, behind a bar.
        let of_group = |line: &'_ str| {
            line.strip_prefix("  | ")
                .filter(|rest| !rest.starts_with(' '))
                .map(str::to_owned)
        };
        let last = traceback.lines().next_back().unwrap_or_default();
        let summary = match traceback.lines().find_map(of_group) {
            Some(group) if last.starts_with(' ') => group,
            _ => last.to_owned(),
        };
        self.once(|vm| {
            vm.tell(ImageEventKind::Uncaught { summary });
            Ok(Value::NONE)
        })?;
        Ok(())
    }

    /// What the main thread does with an exception that nobody caught: the exit status.
    pub(crate) fn uncaught(&mut self, e: Value) -> NativeResult<i32> {
        if self.is_instance(e, core::SYSTEM_EXIT) {
            let code = self.intern("code");
            let code = self.getattr(e, code)?;
            if code.is_none() {
                return Ok(0);
            }
            if let Some(n) = self.as_i64(code) {
                return Ok((n & 0xff) as i32);
            }
            let mut text = self.str_text(code)?;
            text.push('\n');
            self.write_stderr(&text)?;
            return Ok(1);
        }
        let status = if self.is_instance(e, core::KEYBOARD_INTERRUPT) {
            crate::boot::INTERRUPTED
        } else {
            1
        };
        match self.format_exception(e) {
            Ok(text) => self.tell_uncaught(&text)?,
            Err(Unwind::Raise(_)) => {}
            Err(pending) => return Err(pending),
        }
        match self.call_excepthook(e) {
            Err(Unwind::Raise(_)) => {}
            other => other?,
        }
        Ok(status)
    }

    /// `sys.excepthook`, the program's own or the traceback on stderr, as `_PyErr_PrintEx` of CPython does it.
    fn call_excepthook(&mut self, e: Value) -> NativeResult<()> {
        let Some(hook) = self.dict_get_str(self.sys, names::EXCEPTHOOK) else {
            self.write_stderr("sys.excepthook is missing\n")?;
            return self.print_exception(e);
        };
        if self.is_own_hook(hook, "excepthook") {
            return self.print_exception(e);
        }
        let traceback = match self.heap.object(e) {
            Some(Obj::Exception(x)) if !x.traceback.is_null() => x.traceback,
            _ => Value::NONE,
        };
        let kind = self.type_of(e);
        match self.call(hook, &[kind, e, traceback]) {
            Err(Unwind::Raise(second)) => {
                self.write_stderr("Error in sys.excepthook:\n")?;
                self.print_exception(second)?;
                self.write_stderr("\nOriginal exception was:\n")?;
                self.print_exception(e)
            }
            other => other.map(|_| ()),
        }
    }

    fn print_exception(&mut self, e: Value) -> NativeResult<()> {
        let text = self.format_exception(e)?;
        self.write_stderr(&text)
    }

    /// What happens at the end of the main thread; the exit status may change.
    pub(crate) fn exit_sequence(&mut self, status: i32) -> NativeResult<i32> {
        let modules = self.modules;
        let threading = self.intern("threading");
        if let Some(threading) = self.dict_get_str(modules, threading) {
            let name = self.intern("_shutdown");
            if let Some(shutdown) = self.getattr_opt(threading, name)? {
                match self.call(shutdown, &[]) {
                    Err(Unwind::Raise(e)) => {
                        self.report_unraisable(e, "Exception ignored on threading shutdown", threading)?
                    }
                    Err(pending) => return Err(pending),
                    Ok(_) => {}
                }
            }
        }
        let atexit = self.intern("atexit");
        if let Some(atexit) = self.dict_get_str(modules, atexit) {
            let name = self.intern("_run_exitfuncs");
            if let Some(run) = self.getattr_opt(atexit, name)? {
                match self.call(run, &[]) {
                    Err(Unwind::Raise(e)) => {
                        self.report_unraisable(e, "Exception ignored in atexit callback", Value::NONE)?
                    }
                    Err(pending) => return Err(pending),
                    Ok(_) => {}
                }
            }
        }
        let flushed = self.flush_streams()?;
        self.finalizing = true;
        Ok(if flushed { status } else { 120 })
    }

    /// Whether a stream says so of itself.
    fn is_closed(&mut self, stream: Value) -> NativeResult<bool> {
        let name = self.intern("closed");
        match self.getattr(stream, name).and_then(|closed| self.truth(closed)) {
            Err(Unwind::Raise(_)) => Ok(false),
            closed => closed,
        }
    }

    /// Flushes `sys.stdout` and `sys.stderr`; false if one of them would not.
    pub(crate) fn flush_streams(&mut self) -> NativeResult<bool> {
        let mut done = true;
        for name in [names::STDOUT, names::STDERR] {
            if let Some(stream) = self.dict_get_str(self.sys, name).filter(|v| !v.is_none()) {
                if self.is_closed(stream)? {
                    continue;
                }
                let flush = self.getattr(stream, names::FLUSH)?;
                match self.call(flush, &[]) {
                    Err(Unwind::Raise(e)) => {
                        done = false;
                        if name == names::STDOUT {
                            self.report_unraisable(e, "Exception ignored while flushing sys.stdout", Value::NONE)?;
                        }
                    }
                    Err(pending) => return Err(pending),
                    Ok(_) => {}
                }
            }
        }
        Ok(done)
    }
}

fn close_repeats(text: &mut String, count: usize) {
    if count > REPEATS {
        let more = count - REPEATS;
        let s = if more > 1 { "s" } else { "" };
        text.push_str(&format!("  [Previous line repeated {more} more time{s}]\n"));
    }
}

/// The source line of a syntax error and the markers below it.
fn syntax_markers(source: &str, one_line: bool, offset: Option<i64>, end_offset: Option<i64>) -> String {
    let right = source.trim_end_matches('\n');
    let left = right.trim_start_matches([' ', '\n', '\u{c}']);
    let spaces = (right.chars().count() - left.chars().count()) as i64;
    let Some(mut offset) = offset else {
        return format!("    {left}\n");
    };
    let length = source.chars().count() as i64;
    let mut end = if one_line {
        end_offset.filter(|&n| n != 0).unwrap_or(offset)
    } else {
        right.chars().count() as i64 + 1
    };
    if length > 0 {
        offset = offset.min(length);
        end = end.min(length);
    }
    if offset >= end || end < 0 {
        end = offset + 1;
    }
    let (column, end_column) = (offset - 1 - spaces, end - 1 - spaces);
    if column < 0 {
        return format!("    {left}\n");
    }
    let space: String = left
        .chars()
        .take(column as usize)
        .map(|c| if c.is_whitespace() { c } else { ' ' })
        .collect();
    format!(
        "    {left}\n    {space}{}\n",
        "^".repeat((end_column - column).max(0) as usize)
    )
}
