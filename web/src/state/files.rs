//! The scenario's files: the program, whose text is kept by the page itself, and those beside it (modules, scripts of other computers).

use heddle_scenario::File;
use std::rc::Rc;

/// The program's name.
pub const PROGRAM: &str = "main.py";
/// Most files beside the program.
const MOST: usize = 16;

/// What a person does with the files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileDeed {
    /// Shows one in the editor; 0 is the program.
    Show(usize),
    /// A new, empty one, which is shown.
    Add,
    /// Gives the one that is shown another name.
    Rename(String),
    /// Takes the one that is shown away.
    Remove,
}

/// The files beside the program, and which file the editor shows.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Files {
    pub beside: Rc<Vec<File>>,
    /// 0 is the program, 1 the first file beside it.
    pub shown: usize,
}

impl Files {
    /// These beside the program, which is shown.
    pub fn new(beside: Vec<File>) -> Files {
        Files {
            beside: Rc::new(beside),
            shown: 0,
        }
    }

    /// All names in order, the program's first.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        std::iter::once(PROGRAM).chain(self.beside.iter().map(|file| file.name.as_str()))
    }

    /// The file that is shown, unless it is the program.
    pub fn open(&self) -> Option<&File> {
        self.beside.get(self.shown.checked_sub(1)?)
    }

    /// The name of the file that is shown.
    pub fn open_name(&self) -> &str {
        self.open().map_or(PROGRAM, |file| &file.name)
    }

    /// Whether there is room for one more.
    pub fn has_room(&self) -> bool {
        self.beside.len() < MOST
    }

    /// Gives the file that is shown another text; false if that is the program.
    pub fn edit(&mut self, text: &str) -> bool {
        let Some(at) = self.shown.checked_sub(1) else {
            return false;
        };
        if let Some(file) = Rc::make_mut(&mut self.beside).get_mut(at) {
            text.clone_into(&mut file.text);
        }
        true
    }

    pub fn apply(&mut self, deed: FileDeed) {
        match deed {
            FileDeed::Show(at) if at <= self.beside.len() => self.shown = at,
            FileDeed::Add if self.has_room() => {
                let mut names = (1..).map(|n| match n {
                    1 => "module.py".to_owned(),
                    n => format!("module{n}.py"),
                });
                let name = names.find(|name| self.names().all(|known| known != name));
                let all = Rc::make_mut(&mut self.beside);
                all.push(File {
                    name: name.unwrap_or_default(),
                    text: String::new(),
                });
                self.shown = all.len();
            }
            FileDeed::Rename(name) => {
                let name = name.trim();
                let fits = is_name(name) && self.names().all(|known| known != name);
                if let Some(at) = self.shown.checked_sub(1).filter(|_| fits)
                    && let Some(file) = Rc::make_mut(&mut self.beside).get_mut(at)
                {
                    name.clone_into(&mut file.name);
                }
            }
            FileDeed::Remove => {
                if let Some(at) = self.shown.checked_sub(1).filter(|at| *at < self.beside.len()) {
                    Rc::make_mut(&mut self.beside).remove(at);
                    self.shown = at.min(self.beside.len());
                }
            }
            _ => {}
        }
    }

    /// For the browser's storage.
    pub fn to_json(&self) -> String {
        if self.beside.is_empty() {
            return String::new();
        }
        serde_json::to_string(&*self.beside).unwrap_or_default()
    }

    /// What [`Files::to_json`] wrote; no files where it cannot be read.
    pub fn from_json(text: Option<String>) -> Vec<File> {
        text.and_then(|text| serde_json::from_str(&text).ok())
            .unwrap_or_default()
    }
}

/// Whether a file beside the program can have this name: a path below the working directory.
fn is_name(name: &str) -> bool {
    let part = |part: &str| !part.is_empty() && part != "." && part != "..";
    name.len() <= 100 && name.split('/').all(part) && !name.chars().any(char::is_control)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_come_are_renamed_edited_and_go() {
        let mut files = Files::default();
        assert!(!files.edit("x = 1\n"));
        files.apply(FileDeed::Add);
        files.apply(FileDeed::Add);
        assert_eq!(
            files.names().collect::<Vec<_>>(),
            ["main.py", "module.py", "module2.py"]
        );
        assert_eq!((files.shown, files.open_name()), (2, "module2.py"));
        for name in ["", "../up.py", "main.py", "module.py", "/etc/x", "a\nb"] {
            files.apply(FileDeed::Rename(name.to_owned()));
            assert_eq!(files.open_name(), "module2.py", "{name}");
        }
        files.apply(FileDeed::Rename(" pkg/worker.py ".to_owned()));
        assert!(files.edit("y = 2\n"));
        assert_eq!(Files::from_json(Some(files.to_json())), *files.beside);
        files.apply(FileDeed::Remove);
        assert_eq!((files.shown, files.open_name()), (1, "module.py"));
        files.apply(FileDeed::Show(9));
        files.apply(FileDeed::Show(0));
        assert_eq!(files.open_name(), "main.py");
        files.apply(FileDeed::Remove);
        assert_eq!(files.beside.len(), 1);
        assert!(Files::from_json(Some("{".to_owned())).is_empty());
    }
}
