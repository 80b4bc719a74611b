//! What is noted of a run that is run once more: times of functions and lines, threads that come to chosen lines, writes of chosen variables.
//!
//! A surveyed image runs in the careful copy of the loop from its start, which asks here before each instruction ([`Process::survey_step`]). Notes are
//! no part of the image: all images of a run write into one [`Book`], and nothing of the program can see it, so that the run stays the same one.

mod places;
mod times;
mod variables;

use crate::code::CodeObj;
use crate::image::is_library;
use crate::process::Process;
use heddle_trace::{Findings, Hit, MOST_HITS, Nanos, OS_PIDS, Order, ProcessId, Seen, ThreadId};
use places::CodePlaces;
use rustc_hash::FxHashMap;
use std::cell::RefCell;
use std::rc::Rc;
use times::{ThreadTimes, Timed};
use variables::Writes;

/// What is to be noted of a run, and what has been.
#[derive(Clone, Debug)]
pub struct Survey {
    order: Rc<Order>,
    book: Rc<RefCell<Book>>,
}

#[derive(Debug, Default)]
struct Book {
    findings: Findings,
    /// Functions by file, name and first line; lines by file and line.
    functions: FxHashMap<(Rc<str>, Rc<str>, u32), u32>,
    lines: FxHashMap<(Rc<str>, u32), u32>,
    /// By process and thread.
    threads: FxHashMap<(u32, u32), ThreadTimes>,
    /// How many hits have been taken away.
    taken: usize,
}

/// An image's part in a survey.
#[derive(Clone, Debug)]
pub(crate) struct Surveyor {
    survey: Survey,
    /// By code number.
    codes: Vec<Option<Rc<CodePlaces>>>,
    writes: Writes,
    /// The main file, once it is known.
    main_file: Rc<str>,
    /// The instruction that the loop has stopped at for [`Process::survey_saved`].
    wanted: bool,
}

impl Survey {
    /// Begins one.
    #[must_use]
    pub fn new(order: Order) -> Survey {
        Survey {
            order: Rc::new(order),
            book: Rc::default(),
        }
    }

    /// What has been noted so far: all times, and the hits since this was asked last.
    #[must_use]
    pub fn findings(&self) -> Findings {
        let mut book = self.book.borrow_mut();
        book.taken += book.findings.hits.len();
        let hits = std::mem::take(&mut book.findings.hits);
        let mut findings = book.findings.clone();
        for times in book.threads.values() {
            times.close_all(&mut findings);
        }
        Findings { hits, ..findings }
    }

    pub(crate) fn surveyor(&self) -> Box<Surveyor> {
        Box::new(Surveyor {
            survey: self.clone(),
            codes: Vec::new(),
            writes: Writes::default(),
            main_file: Rc::from(""),
            wanted: false,
        })
    }
}

impl Book {
    /// Notes a hit; its number, if there was room.
    fn hit(&mut self, hit: Hit) -> Option<u32> {
        let number = self.taken + self.findings.hits.len();
        if number >= MOST_HITS {
            self.findings.more_hits += 1;
            return None;
        }
        self.findings.hits.push(hit);
        u32::try_from(number).ok()
    }
}

impl Process {
    /// The careful copy is before an instruction, in whose frame nothing is saved. True if [`Process::survey_saved`] wants it to be.
    #[inline(never)]
    pub(crate) fn survey_step(&mut self, code: &CodeObj, pc: usize, now_ns: u64) -> bool {
        let Some(mut surveyor) = self.surveyor.take() else {
            return false;
        };
        let at = self.clock_at(now_ns);
        let places = surveyor.places(code);
        if surveyor.survey.order.times {
            surveyor.time(self, &places, pc, at);
        }
        surveyor.wanted = places.is_wanted(pc);
        let is_wanted = surveyor.wanted;
        self.surveyor = Some(surveyor);
        is_wanted
    }

    /// The same with the frame saved, if that was wanted or the thread is watched by somebody else too.
    pub(crate) fn survey_saved(&mut self, pc: usize) {
        if self.is_watched()
            && let Some(code) = self.running_code()
        {
            self.survey_step(&code, pc, self.now_ns);
        }
        let Some(mut surveyor) = self.surveyor.take() else {
            return;
        };
        if std::mem::take(&mut surveyor.wanted) {
            surveyor.note(self, pc);
        }
        self.surveyor = Some(surveyor);
    }

    fn running_code(&mut self) -> Option<Rc<CodeObj>> {
        let Some(crate::frame::Frame::Python(frame)) = self.frames.last() else {
            return None;
        };
        let code = frame.code;
        self.shared_code(code)
    }

    /// The surveyor of an image of a fork, or of one that lives on alone.
    pub(crate) fn survey_forked(&mut self) {
        if let Some(surveyor) = &mut self.surveyor {
            surveyor.writes = Writes::default();
        }
    }
}

impl Surveyor {
    /// What there is to note of a code object.
    fn places(&mut self, code: &CodeObj) -> Rc<CodePlaces> {
        let number = code.number as usize;
        if let Some(Some(known)) = self.codes.get(number) {
            return Rc::clone(known);
        }
        if self.main_file.is_empty() && !is_library(&code.code.filename) {
            self.main_file = Rc::from(&*code.code.filename);
        }
        let order = Rc::clone(&self.survey.order);
        let places = Rc::new(CodePlaces::new(
            code,
            &order,
            &self.main_file,
            &mut self.survey.book.borrow_mut(),
        ));
        if self.codes.len() <= number {
            self.codes.resize(number + 1, None);
        }
        self.codes[number] = Some(Rc::clone(&places));
        places
    }

    fn time(&mut self, process: &Process, places: &CodePlaces, pc: usize, at: Nanos) {
        let now = Timed {
            at,
            slice_start: process.slice_start_ns,
            depth: process.frames.len() as u32,
            pc,
        };
        let book = &mut *self.survey.book.borrow_mut();
        let times = book.threads.entry((process.config.pid, process.current)).or_default();
        times.step(&mut book.findings, places, now);
    }

    /// Notes what was asked for about this instruction.
    fn note(&mut self, process: &Process, pc: usize) {
        let Some(crate::frame::Frame::Python(frame)) = process.frames.last() else {
            return;
        };
        let Some(Some(places)) = self
            .codes
            .get(process.code_of(frame.code).number as usize)
            .map(Option::as_ref)
        else {
            return;
        };
        let places = Rc::clone(places);
        let hit = |at: Nanos, what: Seen| Hit {
            at,
            process: ProcessId(process.config.pid.saturating_sub(OS_PIDS)),
            thread: ThreadId(process.current),
            line: places.line(pc),
            what,
        };
        let at = process.clock_ns();
        if let Some(line) = places.chosen_line(pc) {
            self.survey.book.borrow_mut().hit(hit(at, Seen::Line(line)));
        }
        for place in places.variables_at(pc) {
            let Some(write) = self.writes.meet(process, place, &self.survey.order.variables, at) else {
                continue;
            };
            // Done, it is a moment later.
            let number = self.survey.book.borrow_mut().hit(hit(at + 1, write));
            self.writes.written(process, place, at, number);
        }
    }
}
