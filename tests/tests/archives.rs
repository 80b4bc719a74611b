//! Scenarios as `.zip` files: Python's `zipfile` reads ours, a real Python runs what is in them, and we read what `zipfile` writes.

#![allow(clippy::disallowed_methods, reason = "runs a real Python")]

use heddle_scenario::{File, open_file, zip};
use heddle_tests::python;
use std::path::{Path, PathBuf};

/// Checks an archive as `zipfile` does, unpacks it, runs its program, and packs it again in other ways.
const READER: &str = r#"
import runpy, sys, zipfile
from pathlib import Path
here = Path(__file__).parent
with zipfile.ZipFile(here / "ours.zip") as archive:
    assert archive.testzip() is None
    names = archive.namelist()
    assert all(info.date_time == (1980, 1, 1, 0, 0, 0) for info in archive.infolist())
    archive.extractall(here)
print(names)
for method, name in [(zipfile.ZIP_DEFLATED, "deflated.zip"), (zipfile.ZIP_STORED, "stored.zip")]:
    with zipfile.ZipFile(here / name, "w", method) as archive:
        archive.comment = b"made by zipfile"
        archive.mkdir("folder")
        for file in names:
            archive.write(here / file, "folder/" + file)
with zipfile.ZipFile(here / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
    archive.writestr("main.py", " " * (5 << 20))
with zipfile.ZipFile(here / "packed.zip", "w", zipfile.ZIP_BZIP2) as archive:
    archive.writestr("main.py", "print(1)\n" * 100)
sys.path.insert(0, str(here))
runpy.run_path(str(here / "main.py"), run_name="__main__")
"#;

fn folder() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("archives");
    // What an earlier run left would be packed too.
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("a folder for the archives");
    folder
}

#[test]
fn zipfile_and_we_read_each_other() {
    let file = |name: &str, text: &str| File {
        name: name.to_owned(),
        text: text.to_owned(),
    };
    let program = "# /// lab\n# cores = 3\n# ///\nfrom package.wörter import WORD\nprint(WORD)\n";
    let files = vec![
        file("main.py", program),
        file("package/__init__.py", ""),
        file("package/wörter.py", "WORD = 'Grüße'\n"),
    ];
    let folder = folder();
    std::fs::write(folder.join("ours.zip"), zip(&files)).expect("written");
    std::fs::write(folder.join("reader.py"), READER).expect("written");
    let python = python::cpython_3_13().expect("a Python");
    let said = python::run(&python, &folder.join("reader.py")).expect("it runs");
    assert_eq!(
        said.stdout, "['main.py', 'package/__init__.py', 'package/wörter.py']\nGrüße\n",
        "{}",
        said.stderr
    );
    for name in ["deflated.zip", "stored.zip"] {
        let bytes = std::fs::read(folder.join(name)).expect(name);
        assert_eq!(open_file(&bytes).as_ref(), Ok(&files), "{name}");
    }
    for (name, why) in [
        ("bomb.zip", "main.py makes it larger than 4 MiB when unpacked"),
        ("packed.zip", "main.py is packed in a way that Heddle does not know"),
    ] {
        let bytes = std::fs::read(folder.join(name)).expect(name);
        assert_eq!(open_file(&bytes), Err(why.to_owned()));
    }
}
