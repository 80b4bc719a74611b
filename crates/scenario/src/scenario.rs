//! A scenario: one or more Python files, the machine they run on, and (in links) what else was seen.

use crate::block::{Problem, place_of, read_settings, write_settings};
use crate::settings::{Key, Settings};
use serde::{Deserialize, Serialize};

/// One file of a scenario.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct File {
    /// Its path in the simulated file system, relative to the working directory ("main.py").
    pub name: String,
    /// Its text.
    pub text: String,
}

/// What of the timeline was in view.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct View {
    /// The first moment in view, in virtual ns.
    pub from_ns: u64,
    /// The last moment in view.
    pub to_ns: u64,
    /// The moment t.
    pub moment_ns: Option<u64>,
    /// The selected thread, as (process, thread).
    pub selected: Option<(u32, u32)>,
}

/// A scenario as it is run, edited and shared. The first file is the program.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Scenario {
    /// The files; the first one is run.
    pub files: Vec<File>,
    /// The machine and everything else that is not a file.
    pub machine: Settings,
    /// A recorded schedule: the choices that differ from the fair ones, as the explorer wrote them.
    pub schedule: Option<Vec<u8>>,
    /// What was in view.
    pub view: Option<View>,
}

impl Scenario {
    /// The scenario of a single file, with the settings of its `# /// lab` block.
    ///
    /// # Errors
    /// The problems of the block.
    pub fn from_source(name: &str, text: &str) -> Result<Scenario, Vec<Problem>> {
        let machine = read_settings(text)?;
        let files = vec![File {
            name: name.to_owned(),
            text: text.to_owned(),
        }];
        Ok(Scenario {
            files,
            machine,
            schedule: None,
            view: None,
        })
    }

    /// The program's text.
    #[must_use]
    pub fn source(&self) -> &str {
        self.files.first().map_or("", |file| &file.text)
    }

    /// The file that a `script` of `hosts` or `computers` names: the program, a file of this name, or one beside the program.
    #[must_use]
    pub fn script(&self, name: &str) -> Option<&File> {
        let program = self.files.first()?;
        if name == crate::computers::PROGRAM {
            return Some(program);
        }
        let beside = beside(&program.name, name);
        self.files.iter().find(|file| file.name == name || file.name == beside)
    }

    /// Reads the settings from the program's text again, after an edit.
    ///
    /// # Errors
    /// The problems of the block; the settings are then as they were.
    pub fn reread(&mut self) -> Result<(), Vec<Problem>> {
        self.machine = read_settings(self.source())?;
        Ok(())
    }

    /// Changes the settings and writes them into the program's text, so that both stay in step.
    ///
    /// # Errors
    /// The block cannot be read, so it cannot be rewritten; nothing is changed then.
    pub fn change(&mut self, settings: Settings) -> Result<(), Problem> {
        if let Some(file) = self.files.first_mut() {
            file.text = write_settings(&file.text, &settings)?;
        }
        self.machine = settings;
        Ok(())
    }

    /// What stands in the way of running this scenario with this version of the engine: settings it does not support
    /// yet, each at its place in the program (line 1 where a flag or control set it).
    #[must_use]
    pub fn validate(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        if self.files.is_empty() {
            problems.push(Problem {
                line: 1,
                column: 1,
                message: "the scenario has no file".to_owned(),
            });
        }
        let mut wrong = self.machine.unsupported();
        match self.machine.remotes() {
            Ok(remotes) => {
                let missing = remotes.iter().find(|remote| self.script(&remote.script).is_none());
                wrong.extend(missing.map(|remote| {
                    let key = if remote.is_host { Key::Hosts } else { Key::Computers };
                    let (name, script) = (&remote.name, &remote.script);
                    (
                        key,
                        format!("{name} should run \"{script}\", but the scenario has no such file"),
                    )
                }));
            }
            Err(message) => wrong.push((Key::Hosts, message)),
        }
        for (key, message) in wrong {
            let (line, column) = place_of(self.source(), key).unwrap_or((1, 1));
            problems.push(Problem { line, column, message });
        }
        problems
    }
}

/// The path of a file in the folder of the program.
#[must_use]
pub fn beside(program: &str, name: &str) -> String {
    match program.rsplit_once('/') {
        Some((folder, _)) => format!("{folder}/{name}"),
        None => name.to_owned(),
    }
}
