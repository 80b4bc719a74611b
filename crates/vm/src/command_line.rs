//! The command line of `python`: what a process that another one has started by `exec` is to run, and the switches it was given.

use crate::builtin::sys_module::VERSION;
use crate::contract::Program;
use crate::process::{Config, Entry};

/// What the switches of the command line and the environment say; the fields of `sys.flags` of the same names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
// as many as Python has
#[allow(clippy::struct_excessive_bools)]
pub struct Switches {
    /// The whole command line: `sys.orig_argv`. Empty for a program that no other one has started.
    pub given: Vec<String>,
    /// `-O`: 1, `-OO`: 2.
    pub optimize: u8,
    /// `-q`
    pub quiet: bool,
    /// `-I`
    pub isolated: bool,
    /// `-E`
    pub ignore_environment: bool,
    /// `-P`
    pub safe_path: bool,
    /// `-u`: what is written to the standard streams is not held back.
    pub unbuffered: bool,
    /// `-X dev`
    pub dev_mode: bool,
    /// `-W`: `sys.warnoptions`.
    pub warnings: Vec<String>,
    /// `-X`: `sys._xoptions`.
    pub options: Vec<(String, Option<String>)>,
    /// Signals that were ignored when it began: signal n is bit n - 1.
    pub ignored_signals: u64,
    /// `PYTHONPATH`: folders behind the program's own in `sys.path`.
    pub path: Vec<String>,
}

/// What a command line means.
struct Parsed {
    entry: Entry,
    argv: Vec<String>,
    switches: Switches,
}

fn usage(program: &str) -> String {
    format!("usage: {program} [option] ... [-c cmd | -m mod | file | -] [arg] ...\n")
}

/// What Python says of a command line that it does not understand.
fn refused(program: &str, complaint: &str) -> Entry {
    Entry::Words {
        text: format!("{complaint}\n{}Try `python -h' for more information.\n", usage(program)),
        status: 2,
    }
}

fn said(text: String) -> Entry {
    Entry::Words { text, status: 0 }
}

fn parse(given: Vec<String>) -> Parsed {
    let program = given.first().cloned().unwrap_or_default();
    let mut switches = Switches::default();
    let mut rest = given.iter().skip(1).cloned();
    let mut found = None;
    'arguments: while let Some(argument) = rest.next() {
        let letters = match argument.strip_prefix('-') {
            None => {
                found = Some((Entry::File(argument.clone()), argument));
                break;
            }
            Some("") => {
                found = Some((Entry::Input, argument));
                break;
            }
            Some("V" | "-version") => {
                let (major, minor, micro) = VERSION;
                found = Some((said(format!("Python {major}.{minor}.{micro}\n")), argument));
                break;
            }
            Some("h" | "?" | "-help") => {
                let known = "Options: -c -m -V -h, -B -E -I -O -OO -P -R -S -s -q -u, -W arg, -X opt\n";
                found = Some((said(usage(&program) + known), argument));
                break;
            }
            Some(long) if long.starts_with('-') => {
                let complaint = format!("unknown option {argument}");
                found = Some((refused(&program, &complaint), argument));
                break;
            }
            Some(letters) => letters.to_owned(),
        };
        let mut letters = letters.chars();
        while let Some(letter) = letters.next() {
            if matches!(letter, 'c' | 'm' | 'W' | 'X') {
                let joined: String = letters.by_ref().collect();
                let Some(operand) = Some(joined).filter(|text| !text.is_empty()).or_else(|| rest.next()) else {
                    let complaint = format!("Argument expected for the -{letter} option");
                    found = Some((refused(&program, &complaint), String::new()));
                    break 'arguments;
                };
                match letter {
                    'c' => {
                        found = Some((Entry::Command(operand + "\n"), "-c".to_owned()));
                        break 'arguments;
                    }
                    'm' => {
                        found = Some((Entry::Module(operand), "-m".to_owned()));
                        break 'arguments;
                    }
                    'W' => switches.warnings.push(operand),
                    _ => {
                        switches.dev_mode |= operand == "dev";
                        switches.options.push(match operand.split_once('=') {
                            Some((name, value)) => (name.to_owned(), Some(value.to_owned())),
                            None => (operand, None),
                        });
                    }
                }
                continue;
            }
            match letter {
                'O' => switches.optimize = (switches.optimize + 1).min(2),
                'b' | 'd' | 'i' | 'v' | 'x' => {
                    let text = format!("Heddle does not support the option -{letter} of python\n");
                    found = Some((Entry::Words { text, status: 2 }, String::new()));
                    break 'arguments;
                }
                'q' => switches.quiet = true,
                'I' => switches.isolated = true,
                'E' => switches.ignore_environment = true,
                'P' => switches.safe_path = true,
                'u' => switches.unbuffered = true,
                // Without them it is no different here: no bytecode is written, there is neither `site` nor a folder of the user, and hashes
                // are the same in every run.
                'B' | 's' | 'S' | 'R' => {}
                _ => {
                    let complaint = format!("Unknown option: -{letter}");
                    found = Some((refused(&program, &complaint), String::new()));
                    break 'arguments;
                }
            }
        }
    }
    let (entry, first) = found.unwrap_or((Entry::Input, String::new()));
    if switches.isolated {
        switches.ignore_environment = true;
        switches.safe_path = true;
    }
    let mut argv = vec![first];
    argv.extend(rest);
    switches.given = given;
    Parsed { entry, argv, switches }
}

impl Switches {
    /// What the environment adds.
    fn with_environment(mut self, environ: &[(String, String)]) -> Switches {
        if self.ignore_environment {
            return self;
        }
        let of = |name: &str| {
            let found = environ.iter().find(|(key, value)| key == name && !value.is_empty());
            found.map(|(_, value)| value.as_str())
        };
        let optimize = of("PYTHONOPTIMIZE").map_or(0, |value| value.parse::<u8>().unwrap_or(1).max(1));
        self.unbuffered |= of("PYTHONUNBUFFERED").is_some();
        self.dev_mode |= of("PYTHONDEVMODE").is_some();
        self.safe_path |= of("PYTHONSAFEPATH").is_some();
        self.optimize = self.optimize.max(optimize).min(2);
        if let Some(filters) = of("PYTHONWARNINGS") {
            // Those of the command line are stronger, and the last one is the strongest.
            let own = std::mem::take(&mut self.warnings);
            self.warnings = filters.split(',').map(str::to_owned).chain(own).collect();
        }
        if self.dev_mode {
            self.warnings.insert(0, "default".to_owned());
        }
        if let Some(folders) = of("PYTHONPATH") {
            self.path = folders.split(':').map(str::to_owned).collect();
        }
        self
    }
}

impl Config {
    /// What people call a program that is begun so.
    pub(crate) fn name_of_program(program: &Program) -> String {
        let argv = program
            .argv
            .iter()
            .map(|text| String::from_utf8_lossy(text).into_owned());
        parse(argv.collect()).entry.name().to_owned()
    }

    /// The configuration of a program that takes the place of this one's. `generation` makes its random numbers others than those before.
    pub(crate) fn of_program(&self, program: Program, generation: u64) -> Config {
        let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
        let environ = program.environ.into_iter();
        let environ: Vec<(String, String)> = environ.map(|(name, value)| (text(name), text(value))).collect();
        let Parsed { entry, argv, switches } = parse(program.argv.into_iter().map(text).collect());
        Config {
            entry,
            argv,
            switches: Switches {
                ignored_signals: program.ignored,
                ..switches.with_environment(&environ)
            },
            environ,
            seed: self.seed ^ (u64::from(self.pid) << 20 | generation).wrapping_mul(0x9E37_79B9_7F4A_7C15),
            ..self.clone()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(line: &str) -> Parsed {
        parse(line.split(' ').map(str::to_owned).collect())
    }

    #[test]
    fn a_script_has_what_follows_it() {
        let parsed = of("python -u -W error -Xa=b -X c job.py -u x");
        assert!(matches!(parsed.entry, Entry::File(path) if path == "job.py"));
        assert_eq!(parsed.argv, ["job.py", "-u", "x"]);
        assert!(parsed.switches.unbuffered);
        assert_eq!(parsed.switches.warnings, ["error"]);
        let options = [("a".to_owned(), Some("b".to_owned())), ("c".to_owned(), None)];
        assert_eq!(parsed.switches.options, options);
    }

    #[test]
    fn letters_stand_together_and_the_last_may_have_an_operand() {
        let parsed = of("python -OOuIcprint(1) x");
        assert!(matches!(parsed.entry, Entry::Command(code) if code == "print(1)\n"));
        assert_eq!(parsed.argv, ["-c", "x"]);
        let switches = parsed.switches;
        assert_eq!(
            (switches.optimize, switches.unbuffered, switches.isolated),
            (2, true, true)
        );
        assert!(switches.ignore_environment && switches.safe_path);
    }

    #[test]
    fn without_a_program_it_comes_from_standard_input() {
        assert!(matches!(of("python").entry, Entry::Input));
        let parsed = of("python - a");
        assert!(matches!(parsed.entry, Entry::Input));
        assert_eq!(parsed.argv, ["-", "a"]);
    }

    #[test]
    fn what_is_not_understood_is_refused() {
        for line in ["python -Z x.py", "python --frozen", "python -m"] {
            let refused = |entry| matches!(entry, Entry::Words { text, status: 2 } if text.contains("usage: python"));
            assert!(refused(of(line).entry), "{line}");
        }
        assert!(matches!(of("python -i").entry, Entry::Words { text, status: 2 } if text.contains("-i")));
        assert!(matches!(of("python -V").entry, Entry::Words { text, status: 0 } if text.starts_with("Python 3.14")));
    }

    #[test]
    fn the_environment_says_less_than_the_command_line() {
        let environ = [
            ("PYTHONWARNINGS", "ignore,default"),
            ("PYTHONPATH", "/a:b"),
            ("PYTHONOPTIMIZE", "2"),
        ];
        let environ: Vec<_> = environ
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .to_vec();
        let switches = of("python -O -W error x.py").switches.with_environment(&environ);
        assert_eq!(switches.warnings, ["ignore", "default", "error"]);
        assert_eq!(
            (switches.optimize, switches.path),
            (2, vec!["/a".to_owned(), "b".to_owned()])
        );
        let isolated = of("python -I x.py").switches.with_environment(&environ);
        assert!(isolated.warnings.is_empty() && isolated.path.is_empty());
    }
}
