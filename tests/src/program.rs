//! Running a program to its end under a watch, and finding the `heddle` to run.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// What a program said and how it ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    pub stdout: String,
    pub stderr: String,
    /// The exit status; 128 + n after signal n, as shells count.
    pub exit: i32,
}

impl Said {
    /// The last line of stderr, empty if there is none.
    pub fn last_error(&self) -> &str {
        self.stderr.lines().last().unwrap_or("")
    }
}

/// Runs `command` with no input; an error if it cannot start or is not done within `limit` (it is then killed).
pub fn run(command: &mut Command, limit: Duration) -> Result<Said, String> {
    let shown = format!("{command:?}");
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| format!("cannot start {shown}: {error}"))?;
    let stdout = child.stdout.take().map(|pipe| thread::spawn(move || read_all(pipe)));
    let stderr = child.stderr.take().map(|pipe| thread::spawn(move || read_all(pipe)));
    let started = Instant::now();
    let status = loop {
        match child.try_wait().map_err(|error| format!("{shown}: {error}"))? {
            Some(status) => break status,
            None if started.elapsed() > limit => {
                // It may have ended in this moment: either way it is gone.
                let _ = child.kill();
                let _ = child.wait();
                return Err(format!("{shown} was not done after {limit:?} and was killed"));
            }
            None => thread::sleep(Duration::from_millis(2)),
        }
    };
    let text = |reader: Option<thread::JoinHandle<String>>| reader.and_then(|it| it.join().ok()).unwrap_or_default();
    Ok(Said {
        stdout: text(stdout),
        stderr: text(stderr),
        exit: exit_status(status),
    })
}

fn read_all(mut pipe: impl Read) -> String {
    let mut bytes = Vec::new();
    // What came before an error of the pipe is what the program said.
    let _ = pipe.read_to_end(&mut bytes);
    String::from_utf8_lossy(&bytes).into_owned()
}

fn exit_status(status: std::process::ExitStatus) -> i32 {
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
        return 128 + signal;
    }
    status.code().unwrap_or(-1)
}

/// Runs `heddle run MORE NAME` in the folder `suite/FOLDER`: a program of the suite or, by its path, of the page's gallery.
///
/// # Panics
/// If there is no `heddle`, or the program is not done after two minutes.
pub fn suite(folder: &str, name: &str, more: &[&str]) -> Said {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("suite").join(folder);
    let mut command = Command::new(heddle().expect("heddle"));
    command.arg("run").args(more).arg(name).current_dir(folder);
    run(&mut command, Duration::from_secs(120)).expect("it runs")
}

/// Runs `heddle ARGS` in a folder.
///
/// # Panics
/// If there is no `heddle`, or it is not done after a minute; the message has the arguments, shortened.
pub fn say(folder: &Path, args: &[&str]) -> Said {
    let mut command = Command::new(heddle().expect("heddle"));
    command.args(args).current_dir(folder);
    run(&mut command, Duration::from_secs(60)).unwrap_or_else(|error| panic!("{error:.600}"))
}

/// The `heddle` to test: `HEDDLE_BIN`, else the one that was built beside this program, the release build first.
pub fn heddle() -> Result<PathBuf, String> {
    if let Some(chosen) = std::env::var_os("HEDDLE_BIN") {
        let file = PathBuf::from(chosen);
        return if file.is_file() {
            Ok(file)
        } else {
            Err(format!("HEDDLE_BIN={} is no file", file.display()))
        };
    }
    let target = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../target");
    let name = format!("heddle{}", std::env::consts::EXE_SUFFIX);
    ["release", "debug"]
        .map(|profile| target.join(profile).join(&name))
        .into_iter()
        .find(|file| file.is_file())
        .ok_or("there is no `heddle` yet: run `cargo build --release -p heddle-cli`, or set HEDDLE_BIN".to_string())
}
