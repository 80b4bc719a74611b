//! The text of an uncaught exception.

use crate::names;
use crate::native::{NativeResult, Unwind};
use crate::object::Obj;
use crate::process::Process;
use crate::types::core;
use crate::value::Value;

const CAUSE: &str = "\nThe above exception was the direct cause of the following exception:\n\n";
const CONTEXT: &str = "\nDuring handling of the above exception, another exception occurred:\n\n";

impl Process {
    /// The text that CPython prints for an exception, with its chain.
    pub fn format_exception(&mut self, e: Value) -> NativeResult<String> {
        let mut chain = vec![(e, "")];
        loop {
            let at = chain[chain.len() - 1].0;
            let Some(Obj::Exception(x)) = self.heap.object(at) else { break };
            let (next, text) = if !x.cause.is_null() {
                (x.cause, CAUSE)
            } else if !x.context.is_null() && !x.suppress_context {
                (x.context, CONTEXT)
            } else {
                break;
            };
            if chain.iter().any(|(seen, _)| *seen == next) {
                break;
            }
            chain.push((next, text));
        }
        let mut text = String::new();
        for i in (0..chain.len()).rev() {
            self.format_one(chain[i].0, &mut text)?;
            text.push_str(chain[i].1);
        }
        Ok(text)
    }

    fn format_one(&mut self, e: Value, text: &mut String) -> NativeResult<()> {
        self.format_traceback(e, text);
        let line = self.exception_line(e)?;
        text.push_str(&line);
        text.push('\n');
        Ok(())
    }

    fn format_traceback(&mut self, e: Value, text: &mut String) {
        let mut at = match self.heap.object(e) {
            Some(Obj::Exception(x)) => x.traceback,
            _ => return,
        };
        if at.is_null() || at.is_none() {
            return;
        }
        text.push_str("Traceback (most recent call last):\n");
        while let Some(Obj::Traceback(t)) = self.heap.object(at) {
            let (next, line) = (t.next, t.line);
            if let Some(Obj::Frame(f)) = self.heap.object(t.frame) {
                let code = self.code_of(f.code);
                text.push_str(&format!("  File \"{}\", line {line}, in {}\n", code.code.filename, code.code.name));
            }
            at = next;
        }
    }

    /// `Class: message`
    pub fn exception_line(&mut self, e: Value) -> NativeResult<String> {
        let class = self.type_of(e);
        let name = self.dotted_type_name(class);
        let message = self.str_text(e)?;
        Ok(if message.is_empty() { name } else { format!("{name}: {message}") })
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
        let status = if self.is_instance(e, core::KEYBOARD_INTERRUPT) { 130 } else { 1 };
        let text = self.format_exception(e)?;
        match self.write_stderr(&text) {
            Err(Unwind::Raise(_)) => {}
            other => other?,
        }
        Ok(status)
    }

    /// What happens at the end of the main thread; the exit status may change.
    pub(crate) fn exit_sequence(&mut self, status: i32) -> NativeResult<i32> {
        let modules = self.modules;
        let threading = self.intern("threading");
        if let Some(threading) = self.dict_get_str(modules, threading) {
            let name = self.intern("_shutdown");
            if let Some(shutdown) = self.getattr_opt(threading, name)? {
                match self.call(shutdown, &[]) {
                    Err(Unwind::Raise(e)) => self.report_unraisable(e, "Exception ignored on threading shutdown")?,
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
                    Err(Unwind::Raise(e)) => self.report_unraisable(e, "Exception ignored in atexit callback")?,
                    Err(pending) => return Err(pending),
                    Ok(_) => {}
                }
            }
        }
        let mut status = status;
        for name in [names::STDOUT, names::STDERR] {
            if let Some(stream) = self.dict_get_str(self.sys, name).filter(|v| !v.is_none()) {
                let flush = self.getattr(stream, names::FLUSH)?;
                match self.call(flush, &[]) {
                    Err(Unwind::Raise(_)) => status = 120,
                    Err(pending) => return Err(pending),
                    Ok(_) => {}
                }
            }
        }
        self.finalizing = true;
        Ok(status)
    }
}
