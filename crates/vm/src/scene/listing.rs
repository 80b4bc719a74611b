//! The code that a thread executes, with where the chosen version of Python may let another thread in.

use crate::code::CodeObj;
use crate::contract::ThreadIndex;
use crate::frame::{Frame, PyFrame};
use crate::image::is_library;
use crate::process::Process;
use heddle_compiler::{Op, dis};
use heddle_trace::{Instruction, Listing, SwitchPoint, ThreadId};

impl Process {
    /// The code of a thread's innermost call in a file of the program, and who of these stands in it.
    pub(super) fn listing(&self, threads: &[ThreadIndex], thread: ThreadIndex) -> Option<Listing> {
        let frames = &self.threads.get(thread as usize)?.frames;
        let own = |frame: &Frame| match frame {
            Frame::Python(frame) => Some(*frame).filter(|frame| {
                let code = self.code_of(frame.code);
                !code.hidden && !is_library(&code.code.filename)
            }),
            Frame::Native(_) => None,
        };
        let frame = frames.iter().rev().find_map(own)?;
        let code = self.shared_code(frame.code)?;
        let mut places = Vec::new();
        for &thread in threads {
            let calls = self.places_of(thread).into_iter();
            let here = calls.filter(|(call, _)| call.code == frame.code);
            places.extend(here.map(|(_, instruction)| (ThreadId(thread), instruction)));
        }
        let rows = dis::rows(&code.code)
            .into_iter()
            .enumerate()
            .map(|(at, row)| Instruction {
                line: row.line,
                offset: code.lasti(at as u32),
                name: row.name.to_owned(),
                arg: row.arg,
                meaning: match row.target {
                    Some(target) => format!("to {}", code.lasti(target)),
                    None => {
                        let inner = row.meaning.strip_prefix('(').and_then(|rest| rest.strip_suffix(')'));
                        inner.unwrap_or(&row.meaning).to_owned()
                    }
                },
                switch: self.switch_point(&code, at),
            });
        Some(Listing {
            function: code.code.qualname.clone(),
            file: code.code.filename.to_string(),
            rows: rows.collect(),
            places,
        })
    }

    /// The calls of a thread that are Python code, outermost first, each with its instruction.
    fn places_of(&self, thread: ThreadIndex) -> Vec<(PyFrame, u32)> {
        let frames = self
            .threads
            .get(thread as usize)
            .map_or(&[][..], |record| &record.frames);
        let last = frames.len().saturating_sub(1);
        let place = |(at, frame): (usize, &Frame)| match frame {
            Frame::Python(frame) => Some((*frame, frame.pc.saturating_sub(u32::from(at != last)))),
            Frame::Native(_) => None,
        };
        frames.iter().enumerate().filter_map(place).collect()
    }

    /// See [`crate::contract::SwitchPoints`].
    fn switch_point(&self, code: &CodeObj, at: usize) -> SwitchPoint {
        use crate::contract::SwitchPoints as S;
        let Some(instruction) = code.code.instructions.get(at) else {
            return SwitchPoint::No;
        };
        match self.config.rules.switch_points {
            S::Everywhere => SwitchPoint::Yes,
            S::Instructions => match at.checked_sub(1).and_then(|before| code.code.instructions.get(before)) {
                Some(before) if crate::careful::may_stop(code, before.op(), instruction.op(), at) => SwitchPoint::Yes,
                _ => SwitchPoint::No,
            },
            S::Calls | S::AllCalls => match instruction.op() {
                Op::Resume if instruction.arg() & 3 == 0 => SwitchPoint::Yes,
                Op::JumpBackward => SwitchPoint::Yes,
                Op::Call | Op::CallKw | Op::CallFunctionEx => SwitchPoint::Call,
                _ => SwitchPoint::No,
            },
        }
    }
}
