//! What an embedded lab is given by its address: the program, what of it is shown, and how.

use crate::hooks::browser::is_dark;
use crate::hooks::link;
use crate::state::files::Files;
use crate::state::{Lab, Notice, Severity};
use heddle_scenario::{Embedding, File, View, decode_link};
use std::rc::Rc;
use yew::prelude::Reducible;

/// See the module.
#[derive(Clone, Debug, PartialEq)]
pub struct Given {
    pub options: Embedding,
    /// What of the address could not be read, in sentences.
    pub problems: Vec<String>,
    /// Set-up code and program.
    pub source: String,
    /// How many lines of it are set-up code.
    pub before: u32,
    pub files: Vec<File>,
    /// The trace hash that the link promises, where the address changes nothing of its scenario.
    pub promised: Option<u64>,
    /// The view that the link carries.
    pub view: Option<View>,
}

impl Given {
    /// Reads the page's address.
    pub fn of_address() -> Given {
        let (options, problems) = Embedding::parse(&link::fragment());
        let mut problems: Vec<String> = problems.into_iter().map(|problem| format!("{problem}.")).collect();
        let mut code = options.code.clone();
        let (mut files, mut promised, mut view) = (Vec::new(), None, None);
        if let Some(link) = &options.link {
            if !code.is_empty() {
                problems.push("The address has a link and a program: the link counts.".to_owned());
            }
            match decode_link(link) {
                Ok(opened) => {
                    code = opened.scenario.source().to_owned();
                    view = opened.scenario.view;
                    files = opened.scenario.files.into_iter().skip(1).collect();
                    promised = opened
                        .trace_hash
                        .filter(|_| options.settings.is_empty() && options.setup.is_empty());
                }
                Err(error) => problems.push(error.to_string()),
            }
        }
        let (source, before) = options.program(&code);
        Given {
            options,
            problems,
            source,
            before,
            files,
            promised,
            view,
        }
    }

    /// The first and the last line that are shown.
    pub fn part(&self) -> (u32, u32) {
        self.options.visible(&self.source, self.before)
    }

    /// Another program after the same set-up code, all of it shown.
    pub fn with_code(&self, code: &str) -> (String, (u32, u32)) {
        let (source, before) = self.options.program(code);
        let part = Embedding::default().visible(&source, before);
        (source, part)
    }

    /// A program without its set-up code, which cannot be edited.
    pub fn without_setup<'a>(&self, source: &'a str) -> &'a str {
        let (setup, _) = self.options.program("");
        source.strip_prefix(setup.as_str()).unwrap_or(source)
    }

    /// The page's state at the start.
    pub fn first_state(&self) -> Lab {
        let lab = Rc::new(Lab::with(&self.source)).reduce(crate::state::Action::Impose(self.options.settings.clone()));
        let notice = (!self.problems.is_empty()).then(|| Notice {
            severity: Severity::Warning,
            text: self.problems.join(" "),
        });
        let mut view = lab.view;
        view.wanted = self.view;
        Lab {
            files: Files::new(self.files.clone()),
            view,
            promised: self.promised,
            dark: is_dark(),
            notice,
            ..(*lab).clone()
        }
    }
}
