//! The whole of what the page knows, and everything that can happen to it.
//!
//! The program's text is the one truth about the settings: the machine bar reads them from its `# /// lab` block and
//! writes them back into it.

use super::files::{FileDeed, Files, PROGRAM};
use super::kept::Kept;
use super::recording::Recording;
use super::run::{Measured, Phase, Run, Timings};
use super::seen::Seen;
use super::survey::{Deed, Survey, Way};
use super::sweep::Sweep;
use super::view::View;
use heddle_protocol::{Ending, ToPage};
use heddle_scenario::{File, Key, MOST_INTERRUPTS, Problem, Scalar, Settings, read_settings, write_settings};
use heddle_timeline::{LaneKey, What};
use heddle_trace::{Handle, ProcessId, Stats, Step, ThreadKey, ThreadState};
use std::rc::Rc;
use yew::prelude::Reducible;

/// What lies above the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Overlay {
    #[default]
    None,
    Gallery,
    Share,
    Help,
}

/// The inspector's tabs; on a narrow window `Code` and `Timeline` are tabs as well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tab {
    Code,
    Timeline,
    Output,
    State,
    Bytecode,
    WaitFor,
    Stats,
    More,
}

/// How bad a notice is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    Info,
    Warning,
    Error,
}

/// A sentence the page tells, until it is closed or superseded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    pub severity: Severity,
    pub text: String,
}

/// The state of the page.
#[derive(Clone, PartialEq)]
pub struct Lab {
    /// The program.
    pub source: Rc<str>,
    /// The files beside it.
    pub files: Files,
    /// Grows when another program takes the editor's place, as opposed to edits.
    pub opened: u32,
    /// The settings in the program, or the last ones that could be read.
    pub machine: Settings,
    /// What is wrong with the settings block.
    pub problems: Rc<Vec<Problem>>,
    /// Settings that win over the program's own; an embedded lab has some.
    pub imposed: Rc<Vec<(Key, Scalar)>>,
    /// Grows when the machine bar has changed the machine of a program that was run: it runs again.
    pub rerun: u32,
    /// The latest run.
    pub run: Run,
    /// How long it and the same runs before it took.
    pub timings: Timings,
    /// Its trace; after a program that does not compile still the one before.
    pub recording: Recording,
    /// The run that the latest one is compared with.
    pub kept: Option<Kept>,
    /// The program whose trace `recording` is.
    pub recorded: Rc<str>,
    /// The files beside that program.
    pub recorded_files: Rc<Vec<File>>,
    /// The latest sweep.
    pub sweep: Sweep,
    /// The program that was run, on other machines.
    pub others: Sweep,
    /// The program, with its settings, that `others` is about.
    pub compared: Rc<str>,
    /// The timeline's view.
    pub view: View,
    pub overlay: Overlay,
    pub tab: Tab,
    pub notice: Option<Notice>,
    /// The version of the engine's semantics; 0 until the worker has said it.
    pub semantics: u32,
    /// The trace hash that the opened link promises.
    pub promised: Option<u64>,
    /// The moment t beyond the trace.
    pub seen: Seen,
    /// What is noted of the run by running it once more.
    pub survey: Survey,
    /// Whether the page is dark now: canvases are painted again when it changes.
    pub dark: bool,
}

/// What can happen.
pub enum Action {
    /// The person edited the program.
    Edit(String),
    /// Another program: from the gallery, a link, a file.
    Open {
        source: String,
        /// Beside it.
        files: Vec<File>,
        promised: Option<u64>,
    },
    /// Something about the files.
    Files(FileDeed),
    /// The machine bar or the title changed.
    Change(Box<dyn FnOnce(&mut Settings)>),
    /// These settings win over the program's own from now on.
    Impose(Vec<(Key, Scalar)>),
    /// A run was asked for; the number is new.
    Start {
        number: u32,
        machine: Box<Settings>,
        extended_ns: Option<u64>,
    },
    /// A sweep was asked for (`NAME=VALUE,…`); the number is new.
    StartSweep {
        number: u32,
        over: String,
    },
    /// The program that was run is to be run on other machines (`NAME=VALUE,…`); the number is new.
    Compare {
        number: u32,
        over: String,
    },
    /// The worker says something.
    Heard(ToPage),
    /// The worker did not answer a Stop and was ended.
    Killed {
        number: u32,
        wall_us: u64,
    },
    View(Box<dyn FnOnce(&mut View)>),
    /// A value of the scene is unfolded, or folded.
    Unfold(ProcessId, Handle),
    /// A step was asked for.
    Stepping,
    Show(Overlay),
    Tab(Tab),
    Tell(Option<Notice>),
    Dark(bool),
    /// The link that was opened wants this to be seen: the program runs at once.
    Restore(heddle_scenario::View),
    /// The latest run is kept as A, to be compared with the next ones; or no run any more.
    Keep(bool),
    /// Breakpoints, watched variables, times.
    Survey(Deed),
}

impl Lab {
    /// The page with this program.
    pub fn with(source: &str) -> Self {
        let mut lab = Lab {
            source: source.into(),
            files: Files::default(),
            opened: 0,
            machine: Settings::default(),
            problems: Rc::default(),
            imposed: Rc::default(),
            rerun: 0,
            run: Run::default(),
            timings: Timings::default(),
            recording: Recording::default(),
            kept: None,
            recorded: "".into(),
            recorded_files: Rc::default(),
            sweep: Sweep::default(),
            others: Sweep::default(),
            compared: "".into(),
            view: View::default(),
            overlay: Overlay::None,
            tab: Tab::Output,
            notice: None,
            semantics: 0,
            promised: None,
            seen: Seen::default(),
            survey: Survey::default(),
            dark: false,
        };
        lab.reread();
        lab
    }

    /// Whether the timeline shows another program or machine than the editor and the bar.
    pub fn is_stale(&self) -> bool {
        self.run.phase != Phase::Never
            && (self.recorded != self.source
                || self.recorded_files != self.files.beside
                || self.run.is_active() && self.recording.is_empty())
    }

    /// Whose code the Bytecode tab shows: the selected thread's, or else that of whoever runs at t, or the main thread's.
    pub fn code_of(&self) -> Option<ThreadKey> {
        if self.tab != Tab::Bytecode {
            return None;
        }
        let data = self.recording.read();
        let threads = data.timeline.people().threads();
        let runs = |key: ThreadKey| {
            let lane = LaneKey::Thread(key);
            let slice = data
                .timeline
                .slice_at(lane, self.view.moment)
                .and_then(|at| data.timeline.slice(at));
            matches!(
                slice.map(|slice| &slice.what),
                Some(What::State(ThreadState::Running { .. }))
            )
        };
        match self.view.selection.lane {
            Some(LaneKey::Thread(key)) => Some(key),
            _ => threads
                .iter()
                .map(|one| one.key)
                .find(|key| runs(*key))
                .or(threads.first().map(|one| one.key)),
        }
    }

    /// The text of a file (0: the program) that was run.
    pub fn recorded_file(&self, file: usize) -> &str {
        match file.checked_sub(1) {
            None => &self.recorded,
            Some(beside) => self.recorded_files.get(beside).map_or("", |file| &file.text),
        }
    }

    /// The title, or what stands for it.
    pub fn title(&self) -> &str {
        if self.machine.title.is_empty() {
            "Untitled"
        } else {
            &self.machine.title
        }
    }

    fn reread(&mut self) {
        match read_settings(&self.source) {
            Ok(mut machine) => {
                for (key, value) in self.imposed.iter() {
                    // A value that the key does not accept was told when it came.
                    let _ = machine.set(*key, value);
                }
                self.machine = machine;
                self.problems = Rc::default();
            }
            Err(problems) => self.problems = Rc::new(problems),
        }
    }

    /// The later of two values for a key counts.
    fn impose(&mut self, settings: Vec<(Key, Scalar)>) {
        let before = self.machine.clone();
        let kept = self
            .imposed
            .iter()
            .filter(|(key, _)| settings.iter().all(|(new, _)| new != key));
        self.imposed = Rc::new(kept.cloned().chain(settings.iter().cloned()).collect());
        self.reread();
        if self.machine != before && self.run.phase != Phase::Never {
            self.rerun += 1;
        }
    }

    fn change(&mut self, change: impl FnOnce(&mut Settings)) {
        let mut machine = self.machine.clone();
        change(&mut machine);
        if machine == self.machine {
            return;
        }
        match write_settings(&self.source, &machine) {
            Ok(source) => {
                let same_machine = Settings {
                    title: self.machine.title.clone(),
                    ..machine.clone()
                } == self.machine;
                let was_shown = self.recorded == self.source;
                self.source = source.into();
                self.machine = machine;
                if same_machine && was_shown {
                    // A title changes no timeline.
                    self.recorded = Rc::clone(&self.source);
                } else if !same_machine && self.run.phase != Phase::Never {
                    self.rerun += 1;
                }
            }
            Err(problem) => {
                self.notice = Some(Notice {
                    severity: Severity::Warning,
                    text: format!("The settings cannot be changed while the lab block cannot be read. {problem}."),
                });
            }
        }
    }

    fn heard(&mut self, message: ToPage) {
        if self.sweep.heard(&message) || self.others.heard(&message) {
            return;
        }
        let current = self.run.number;
        match message {
            ToPage::Stats { run, stats } if run == current => {
                self.run.stats = Stats::from_bytes(&stats).map(Rc::new);
            }
            ToPage::Measured {
                run,
                whole_us,
                lab_us,
                workers_us,
            } if run == current => {
                self.run.measured = Some(Measured {
                    whole_us,
                    lab_us,
                    workers_us,
                });
            }
            ToPage::Seen { run, scene } if run == current => self.seen.scene = Some(Rc::from(scene)),
            ToPage::Stepped { run, step, at_ns } if run == current => self.stepped(step, at_ns),
            ToPage::Surveyed {
                run,
                number,
                upto_ns,
                is_over,
                findings,
            } if run == current => {
                if let Some(way) = self.survey.heard(number, upto_ns, is_over, *findings) {
                    self.goes(way);
                }
            }
            ToPage::Interrupted { run, at_ns } if run == current => self.run.pressed.push(at_ns),
            ToPage::Ready { semantics } => self.semantics = semantics,
            ToPage::Started { run } if run == current => {
                self.run.phase = Phase::Running;
                self.recording = Recording::fresh();
                self.recorded = Rc::clone(&self.run.source);
                self.recorded_files = Rc::clone(&self.run.files);
            }
            ToPage::Refused { run, problem } if run == current => {
                if problem.line == 0 {
                    // Not about a place in a file: the editor cannot show it.
                    self.notice = Some(Notice {
                        severity: Severity::Error,
                        text: problem.message.clone(),
                    });
                }
                let at = self.files.names().position(|name| name == problem.file);
                self.files.apply(FileDeed::Show(at.unwrap_or(0)));
                self.run.phase = Phase::Refused(problem);
            }
            ToPage::Progress {
                run,
                now_ns,
                trace,
                output,
            } if run == current => {
                self.run.now_ns = now_ns;
                self.run.output.add(&output);
                if !trace.is_empty()
                    && let Err(error) = self.recording.add(&trace)
                {
                    self.notice = Some(Notice {
                        severity: Severity::Error,
                        text: format!("The timeline is incomplete: {error}."),
                    });
                }
            }
            ToPage::Finished {
                run,
                ending,
                hash,
                virtual_ns,
                wall_us,
            } if run == current => {
                self.ended(ending, Some(hash), virtual_ns, wall_us);
                if let (Some(hash), Some(measured)) = (self.run.hash_number(), &self.run.measured) {
                    self.timings.note(hash, measured.workers_us.len(), measured.whole_us);
                }
            }
            ToPage::Failed { message } if self.sweep.is_active => {
                self.sweep.cut_off(&format!("The engine failed: {message}."));
            }
            ToPage::Failed { message } if self.others.is_active => {
                self.others.cut_off(&format!("The engine failed: {message}."));
            }
            ToPage::Failed { message } if self.seen.steps => {
                // The run is over and stays what it is.
                self.seen.steps = false;
                self.notice = Some(Notice {
                    severity: Severity::Error,
                    text: format!("The engine failed: {message}."),
                });
            }
            ToPage::Failed { message } => self.run.phase = Phase::Crashed(message),
            // What an earlier run still had on its way.
            _ => {}
        }
    }

    /// The moment t goes there.
    fn moves_to(&mut self, at_ns: u64) {
        let end = self.recording.read().timeline.end();
        self.view.moment = at_ns.min(end);
        self.view.scale = self.view.scale.map(|scale| scale.reveal(at_ns, end));
    }

    /// A jump to a hit.
    fn goes(&mut self, way: Way) {
        match way {
            Way::To(at_ns) => self.moves_to(at_ns),
            Way::Later => {}
            Way::Nowhere => {
                self.notice = Some(Notice {
                    severity: Severity::Info,
                    text: "The run does not come there in that direction.".to_owned(),
                });
            }
        }
    }

    fn stepped(&mut self, step: Step, at_ns: Option<u64>) {
        self.seen.steps = false;
        match at_ns {
            Some(at_ns) => self.moves_to(at_ns),
            None => {
                let way = if step.back { "before" } else { "after" };
                self.notice = Some(Notice {
                    severity: Severity::Info,
                    text: format!("There is no such step {way} this moment."),
                });
            }
        }
    }

    fn ended(&mut self, ending: Ending, hash: Option<u64>, virtual_ns: u64, wall_us: u64) {
        match &ending {
            Ending::Deadlock { .. } => {
                self.tab = Tab::WaitFor;
                self.view.moment = virtual_ns;
            }
            _ => self.view.moment = self.view.moment.min(virtual_ns),
        }
        if let (Some(promised), Some(hash)) = (self.promised.take(), hash)
            && promised != hash
            && ending != Ending::Stopped
            && self.run.extended_ns.is_none()
        {
            let text = "This run differs from the one that was shared: the link was made with another version of Heddle, or the program was changed.";
            self.notice = Some(Notice {
                severity: Severity::Warning,
                text: text.to_owned(),
            });
        }
        self.run.now_ns = virtual_ns;
        self.run.phase = Phase::Over {
            ending,
            hash,
            virtual_ns,
            wall_us,
        };
        self.keep_interrupts();
    }

    /// Ctrl-C was pressed while the program ran: its moments go into the settings, and the run is repeated with them, so that what is
    /// seen is what a link leads to.
    fn keep_interrupts(&mut self) {
        let pressed = std::mem::take(&mut self.run.pressed);
        if pressed.is_empty() || self.run.ending() == Some(&Ending::Stopped) {
            return;
        }
        let mut all = self.run.machine.interrupts.clone();
        all.extend(pressed);
        all.sort_unstable();
        all.dedup();
        if self.source != self.run.source || all.len() > MOST_INTERRUPTS {
            self.notice = Some(Notice {
                severity: Severity::Info,
                text: "The program has been changed since: this Ctrl-C is not kept in its settings.".to_owned(),
            });
            return;
        }
        self.change(move |settings| settings.interrupts = all);
    }
}

impl Reducible for Lab {
    type Action = Action;

    fn reduce(self: Rc<Self>, action: Action) -> Rc<Self> {
        let mut lab = (*self).clone();
        match action {
            Action::Edit(text) if lab.files.open().is_some() => {
                let (name, before) = lab
                    .files
                    .open()
                    .map(|file| (file.name.clone(), file.text.clone()))
                    .unwrap_or_default();
                lab.survey.follow(&name, &before, &text);
                lab.files.edit(&text);
                lab.promised = None;
            }
            Action::Edit(source) => {
                lab.survey.follow(PROGRAM, &lab.source, &source);
                lab.promised = None;
                lab.source = source.into();
                lab.reread();
            }
            Action::Files(deed) => lab.files.apply(deed),
            Action::Open {
                source,
                files,
                promised,
            } => {
                let opened = lab.opened + 1;
                let (tab, dark, semantics, rerun) = (lab.tab, lab.dark, lab.semantics, lab.rerun);
                // The new run's number is 0, which no run in the worker has.
                let imposed = std::mem::take(&mut lab.imposed);
                let kept = lab.kept.take();
                lab = Lab::with(&source);
                lab.imposed = imposed;
                lab.kept = kept;
                lab.reread();
                lab.files = Files::new(files);
                lab.opened = opened;
                lab.dark = dark;
                lab.rerun = rerun;
                lab.semantics = semantics;
                lab.promised = promised;
                lab.tab = if tab == Tab::WaitFor { Tab::Output } else { tab };
            }
            Action::Change(change) => lab.change(change),
            Action::Impose(settings) => lab.impose(settings),
            Action::Start {
                number,
                machine,
                extended_ns,
            } => {
                let moment = lab.view.moment;
                lab.run = Run {
                    number,
                    phase: Phase::Starting,
                    source: Rc::clone(&lab.source),
                    files: Rc::clone(&lab.files.beside),
                    machine: *machine,
                    extended_ns,
                    ..Run::default()
                };
                lab.sweep.cut_off("The sweep was stopped: the program was run.");
                lab.others = Sweep::default();
                lab.view.playing = false;
                lab.view.moment = moment;
                lab.view.selection.slice = None;
                lab.seen = Seen::default();
                lab.survey.forget();
                lab.notice = None;
            }
            Action::StartSweep { number, over } => {
                lab.others.cut_off("");
                lab.sweep = Sweep::asked(number, &over, &lab.machine.title);
            }
            Action::Compare { number, over } => {
                lab.sweep.cut_off("The sweep was stopped.");
                lab.others = Sweep::asked(number, &over, &lab.run.machine.title);
                lab.compared = Rc::clone(&lab.run.source);
            }
            Action::Heard(message) => lab.heard(message),
            Action::Killed { number, .. } if number == lab.sweep.number => lab.sweep.cut_off("The sweep was stopped."),
            Action::Killed { number, .. } if number == lab.others.number => lab.others.cut_off("Stopped."),
            Action::Killed { number, wall_us } if number == lab.run.number && lab.run.is_active() => {
                let now = lab.run.now_ns;
                lab.ended(Ending::Stopped, None, now, wall_us);
            }
            Action::Killed { .. } => {}
            Action::View(change) => change(&mut lab.view),
            Action::Unfold(process, handle) => lab.seen.fold(process, handle),
            Action::Stepping => lab.seen.steps = true,
            Action::Show(overlay) => lab.overlay = overlay,
            Action::Tab(tab) => lab.tab = tab,
            Action::Tell(notice) => lab.notice = notice,
            Action::Dark(dark) => lab.dark = dark,
            Action::Restore(view) => {
                lab.view.wanted = Some(view);
                lab.rerun += 1;
            }
            Action::Keep(keep) => {
                lab.kept = keep.then(|| Kept::of(&lab)).flatten();
                lab.view.kept_scroll = 0.0;
            }
            Action::Survey(deed) => {
                if let Some(way) = lab.survey.apply(deed) {
                    lab.goes(way);
                }
            }
        }
        Rc::new(lab)
    }
}
