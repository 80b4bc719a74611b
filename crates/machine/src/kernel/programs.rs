//! Which files are programs: Python itself, and scripts that begin with a line that names their interpreter.

use super::files::Node;
use super::{Kernel, absolute};
use crate::kernel::errno::{EACCES, ELOOP, ENOEXEC};
use heddle_vm::contract::Exec;
use std::rc::Rc;

/// What the file of Python's own program holds.
pub const PYTHON: &[u8] = b"\x7fELF\x02\x01\x01 Heddle's Python\n";
/// How many scripts may name one another as interpreters.
const MOST_INTERPRETERS: u32 = 5;
/// How much of a script's first line counts.
const LONGEST_LINE: usize = 255;

impl Kernel {
    /// Puts a program at a path.
    pub fn add_program(&mut self, path: &[u8], content: Vec<u8>) -> Result<(), i32> {
        let path = absolute(path);
        self.fs.put(&path, Node::File(Rc::new(content)), 0o755).map(|_| ())
    }

    /// The arguments with which Python runs to do what the current process wants to execute.
    pub fn python_arguments(&mut self, exec: &Exec) -> Result<Vec<Vec<u8>>, i32> {
        let (mut path, mut argv) = (exec.path.clone(), exec.argv.clone());
        for _ in 0..MOST_INTERPRETERS {
            let at = self.fs.find(&path, true)?;
            match self.fs.inode(at)?.node {
                Node::File(_) | Node::HostFile { .. } => self.fs.permits(at, 1)?,
                _ => return Err(EACCES),
            }
            let content = self.fs.content(at)?;
            if content.starts_with(PYTHON) {
                return Ok(argv);
            }
            let line = content.strip_prefix(b"#!").ok_or(ENOEXEC)?;
            let line = line.split(|&byte| byte == b'\n').next().unwrap_or_default();
            let line = line.get(..LONGEST_LINE).unwrap_or(line).trim_ascii();
            if line.is_empty() {
                return Err(ENOEXEC);
            }
            // What follows the interpreter's name is one argument, blanks and all.
            let (interpreter, argument) = match line.iter().position(u8::is_ascii_whitespace) {
                Some(at) => (&line[..at], Some(line[at..].trim_ascii())),
                None => (line, None),
            };
            let mut before = vec![interpreter.to_vec()];
            before.extend(argument.map(<[u8]>::to_vec));
            before.push(std::mem::take(&mut path));
            before.extend(argv.drain(..).skip(1));
            (path, argv) = (interpreter.to_vec(), before);
        }
        Err(ELOOP)
    }
}
