//! What the chores need beside Rust and Node.js, installed when it is missing, each at one pinned version.
//!
//! Cargo tools go to `target/tools` so that nothing of the user's is changed; a tool of the right version that is already on
//! PATH is used as it is.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::process::{cargo, on_path, read, run};
use crate::{Outcome, root};

const TRUNK: &str = "0.21.14";
/// Must equal the `wasm-bindgen` in Cargo.lock: the tool reads a private format of the crate.
const WASM_BINDGEN: &str = "0.2.130";
const SPHINX: &str = "9.0.4";
const CARGO_FUZZ: &str = "0.13.2";
const WASM_TARGET: &str = "wasm32-unknown-unknown";

/// Folders with an npm lock file of ours.
const NPM_FOLDERS: [&str; 2] = ["web", "tests/e2e"];

/// Where installed cargo tools live.
fn tools() -> PathBuf {
    root().join("target/tools")
}

/// PATH with our own tools in front, for programs that look tools up themselves (Trunk does).
pub fn path_with_tools() -> Outcome<std::ffi::OsString> {
    let mut folders = vec![tools().join("bin")];
    if let Some(path) = std::env::var_os("PATH") {
        folders.extend(std::env::split_paths(&path));
    }
    std::env::join_paths(folders).map_err(|error| format!("PATH: {error}"))
}

/// All that building the page needs.
pub fn for_page() -> Outcome {
    node()?;
    wasm_target()?;
    // Trunk's own lock file is the set of versions its authors released; wasm-bindgen-cli ships none that is kept up.
    cargo_tool("trunk", "trunk", TRUNK, true)?;
    cargo_tool("wasm-bindgen-cli", "wasm-bindgen", WASM_BINDGEN, false)?;
    npm_packages()
}

/// What drives the fuzzer.
pub fn cargo_fuzz() -> Outcome {
    cargo_tool("cargo-fuzz", "cargo-fuzz", CARGO_FUZZ, true)
}

/// Sphinx, in an environment of its own in `target/sphinx`; gives its Python.
pub fn sphinx() -> Outcome<PathBuf> {
    let folder = root().join("target/sphinx");
    let python = folder.join("bin/python");
    let version = "import sphinx; print(sphinx.__version__)";
    if read(Command::new(&python).args(["-c", version])).as_deref() == Some(SPHINX) {
        return Ok(python);
    }
    let system = on_path("python3")
        .ok_or("Python 3 is missing: Sphinx, which the tests of its extension need, is written in it")?;
    run(Command::new(system).args(["-m", "venv"]).arg(&folder))?;
    run(Command::new(&python).args(["-m", "pip", "install", "--quiet", &format!("sphinx=={SPHINX}")]))?;
    Ok(python)
}

/// The Rust target of everything that runs in the page.
pub fn wasm_target() -> Outcome {
    let has_target = |sysroot: String| Path::new(&sysroot).join("lib/rustlib").join(WASM_TARGET).is_dir();
    if read(Command::new("rustc").args(["--print", "sysroot"]).current_dir(root())).is_some_and(has_target) {
        return Ok(());
    }
    if on_path("rustup").is_none() {
        return Err(format!(
            "the Rust target {WASM_TARGET} is missing and there is no rustup to add it: install it"
        ));
    }
    run(Command::new("rustup")
        .args(["target", "add", WASM_TARGET])
        .current_dir(root()))
}

/// Node.js, which we do not install: it is one of the two things the README asks for.
pub fn node() -> Outcome {
    match (on_path("node"), on_path("npm")) {
        (Some(_), Some(_)) => Ok(()),
        _ => Err("Node.js (with npm) is missing: install Node.js 20 or newer from https://nodejs.org".into()),
    }
}

/// Installs crate `package` at `version` unless its program `name` is there in that version.
fn cargo_tool(package: &str, name: &str, version: &str, locked: bool) -> Outcome {
    let is_right = |program: &Path| {
        read(Command::new(program).arg("--version"))
            .is_some_and(|line| line.split_whitespace().any(|word| word == version))
    };
    let ours = tools().join("bin").join(name);
    if is_right(&ours) || on_path(name).is_some_and(|found| is_right(&found)) {
        return Ok(());
    }
    println!("installing {package} {version} into target/tools (once, a few minutes)");
    let mut install = cargo(&root());
    install
        .args(["install", package, "--version", version, "--root"])
        .arg(tools());
    // A folder of ours, so that an interrupted installation goes on where it was; after it, nobody needs that gigabyte.
    let build = tools().join("build");
    install.arg("--target-dir").arg(&build);
    if locked {
        install.arg("--locked");
    }
    run(&mut install)?;
    std::fs::remove_dir_all(&build).map_err(|error| format!("{}: {error}", build.display()))
}

/// `npm ci` where the lock file is newer than what is installed.
pub fn npm_packages() -> Outcome {
    node()?;
    NPM_FOLDERS
        .iter()
        .try_for_each(|folder| npm_folder(&root().join(folder)))
}

/// `npm ci` in a folder, where its lock file is newer than what is installed.
pub fn npm_folder(folder: &Path) -> Outcome {
    let lock = folder.join("package-lock.json");
    let installed = folder.join("node_modules/.package-lock.json");
    if !lock.is_file() || is_newer(&installed, &lock) {
        return Ok(());
    }
    // Playwright's own browsers are not used: `chromium` below finds the machine's.
    run(Command::new("npm")
        .args(["ci", "--no-audit", "--no-fund"])
        .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")
        .current_dir(folder))
}

fn is_newer(this: &Path, than: &Path) -> bool {
    let changed = |path: &Path| path.metadata().and_then(|meta| meta.modified()).ok();
    matches!((changed(this), changed(than)), (Some(this), Some(than)) if this >= than)
}

/// A Chromium or Chrome for the browser tests.
pub fn chromium() -> Outcome<PathBuf> {
    if let Some(chosen) = std::env::var_os("CHROME").filter(|chosen| !chosen.is_empty()) {
        let file = PathBuf::from(&chosen);
        return if file.is_file() {
            Ok(file)
        } else {
            on_path(&chosen.to_string_lossy()).ok_or(format!("CHROME={} is no program", file.display()))
        };
    }
    if let Some(found) = find_chromium() {
        return Ok(found);
    }
    if Path::new("/etc/debian_version").is_file() && is_root() {
        println!("installing Debian's chromium for the browser tests (once)");
        run(Command::new("apt-get").arg("update"))?;
        run(Command::new("apt-get")
            .args(["install", "-y", "--no-install-recommends", "chromium"])
            .env("DEBIAN_FRONTEND", "noninteractive"))?;
        if let Some(found) = find_chromium() {
            return Ok(found);
        }
    }
    Err(
        "the browser tests need Chromium: install the package `chromium` (or Google Chrome), or set CHROME to one"
            .into(),
    )
}

fn find_chromium() -> Option<PathBuf> {
    const MAC: &str = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome";
    ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
        .into_iter()
        .find_map(on_path)
        .or_else(|| Some(PathBuf::from(MAC)).filter(|path| path.is_file()))
}

fn is_root() -> bool {
    read(Command::new("id").arg("-u")).as_deref() == Some("0")
}
