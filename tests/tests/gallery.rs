//! The gallery: each program prints what it is there to show and ends as it should (`suite/gallery/NAME.txt`), and its small picture is that of its own run
//! (`web/gallery/thumbs/NAME.txt`); the table of the seeds' pages is complete.
//!
//! `cargo xtask gallery [NAME]` writes both kinds of files anew: read them before they are committed. Numbers with a decimal point are measurements, and may differ by a
//! tenth when costs change; so may a tenth of a picture.

#![allow(clippy::disallowed_methods, reason = "reads and writes the files of the gallery")]

mod run;

use heddle_lab::Kind;
use heddle_scenario::{File, Scenario};
use heddle_timeline::{Timeline, Token};
use run::Ended;
use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::{Path, PathBuf};

/// A program whose full length takes a minute, and what is shortened in it here.
const SHORTER: [(&str, &str, &str); 1] = [("hundred_million", "N = 100_000_000", "N = 1_000_000")];
/// The size of a picture: stretches of time, and rows.
const CELLS: usize = 52;
const ROWS: usize = 5;
/// Stretches of a deadlock.
const STUCK: usize = 20;
/// A stretch is looked at in so many parts.
const FINER: usize = 32;

include!(concat!(env!("OUT_DIR"), "/gallery.rs"));

fn gallery() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../web/gallery")
}

fn text_of(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The scenario of a program with the files beside it.
fn scenario(name: &str) -> Scenario {
    let mut source = text_of(&gallery().join(format!("{name}.py")));
    for (_, long, short) in SHORTER.iter().filter(|(shortened, _, _)| *shortened == name) {
        assert!(source.contains(long), "{name} has no {long}");
        source = source.replace(long, short);
    }
    let mut scenario = Scenario::from_source("main.py", &source).unwrap_or_else(|error| panic!("{name}: {error:?}"));
    let mut beside: Vec<_> = std::fs::read_dir(gallery().join(name))
        .into_iter()
        .flatten()
        .flatten()
        .collect();
    beside.sort_by_key(std::fs::DirEntry::file_name);
    scenario.files.extend(beside.into_iter().map(|entry| File {
        name: entry.file_name().to_string_lossy().into_owned(),
        text: text_of(&entry.path()),
    }));
    scenario
}

/// What it wrote, and in the last line how it ended.
fn told(ended: &Ended) -> String {
    let mut text = ended.stdout();
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
    let end = match (&ended.outcome.kind, &ended.outcome.uncaught) {
        (Kind::Finished, None) => format!("exit {}", ended.outcome.exit_status),
        (Kind::Finished, Some(error)) => error.clone(),
        (Kind::Deadlock(..), _) => "deadlock".to_owned(),
        (other, _) => format!("{other:?}"),
    };
    let _ = writeln!(text, "[{end}]");
    text
}

/// The picture: for each row, `letter length` again and again. Threads have the letters `a` to `h`, in the order of their hues.
fn picture(ended: &Ended) -> String {
    let timeline = Timeline::of(&ended.run.trace());
    let height = (ROWS * 2) as f64;
    // A deadlock takes no time in the run; the picture leaves it some.
    let is_stuck = matches!(ended.outcome.kind, Kind::Deadlock(..));
    let (live, stuck) = if is_stuck { (CELLS - STUCK, STUCK) } else { (CELLS, 0) };
    // The timeline goes on a little behind the end of the run.
    let stretch = timeline.extent() as f64 / timeline.end().max(1) as f64;
    let bars = timeline.minimap((live * FINER) as f64 * stretch, height);
    let pitch = height / timeline.minimap_rows(height).max(1) as f64;
    let mut rows = vec![vec![None::<Token>; live * FINER]; timeline.minimap_rows(height)];
    for bar in &bars {
        let end = (live * FINER).min((bar.x + bar.w) as usize);
        let row = &mut rows[((bar.y + bar.h) / pitch) as usize];
        row[(bar.x as usize).min(end)..end].fill(Some(bar.token));
    }
    let is_alone = rows.len() == 1;
    let rows = rows.iter().enumerate().map(|(at, row)| {
        let own = row
            .iter()
            .flatten()
            .find(|token| matches!(token, Token::Thread(_)))
            .copied();
        let mut cells: Vec<_> = row.chunks(FINER).map(|stretch| mostly(stretch, own)).collect();
        let rest = match row.last() {
            // The main thread only joins the others.
            Some(Some(_)) if at == 0 && !is_alone => Some(Token::Idle),
            Some(Some(_)) => Some(Token::Dead),
            _ => None,
        };
        cells.extend(std::iter::repeat_n(rest, stuck));
        row_text(&cells)
    });
    rows.collect::<Vec<_>>().join("/") + "\n"
}

/// What a stretch shows: a wait that takes a quarter of it and more than running does, else running, however short, else whatever there is. A thread that was ready for a moment has run.
fn mostly(stretch: &[Option<Token>], own: Option<Token>) -> Option<Token> {
    let count = |token: Token| stretch.iter().filter(|cell| **cell == Some(token)).count();
    let ran = own.map_or(0, count);
    let waits = [Token::Gil, Token::Core, Token::Lock].map(|token| (count(token), token));
    let longest = waits.into_iter().max_by_key(|(count, _)| *count);
    let wait = longest.filter(|(waited, _)| *waited > ran && waited * 4 >= stretch.len());
    let has_run = ran > 0 || count(Token::Core) > 0;
    let rest = || {
        stretch
            .iter()
            .flatten()
            .find(|token| !matches!(token, Token::Gil | Token::Core))
            .copied()
    };
    wait.map(|(_, token)| token).or(own.filter(|_| has_run)).or_else(rest)
}

fn row_text(row: &[Option<Token>]) -> String {
    let letter = |cell: Option<Token>| match cell {
        None => '.',
        Some(Token::Thread(hue)) => char::from(b'a' + hue % 8),
        Some(Token::Gil) => 'G',
        Some(Token::Core) => 'C',
        Some(Token::Lock) => 'L',
        Some(Token::Dead) => 'D',
        Some(_) => 'I',
    };
    let mut text = String::new();
    for same in row.chunk_by(|a, b| a == b) {
        text.push(letter(same[0]));
        if same.len() > 1 {
            let _ = write!(text, "{}", same.len());
        }
    }
    text
}

/// A picture cell by cell.
fn cells(picture: &str) -> Vec<char> {
    let mut all = Vec::new();
    let mut rest = picture.trim().chars().peekable();
    while let Some(letter) = rest.next() {
        let mut count = String::new();
        while let Some(digit) = rest.next_if(char::is_ascii_digit) {
            count.push(digit);
        }
        all.extend(std::iter::repeat_n(letter, count.parse().unwrap_or(1)));
    }
    all
}

/// Whether two texts say the same, measurements within a tenth.
fn same(a: &str, b: &str) -> bool {
    let words = |text: &str| -> Vec<String> {
        let is_part = |c: char| c.is_ascii_digit() || c == '.';
        let mut words = vec![String::new()];
        let mut in_number = false;
        for c in text.chars() {
            if is_part(c) != in_number {
                in_number = !in_number;
                words.push(String::new());
            }
            words.last_mut().expect("one at least").push(c);
        }
        words
    };
    let near = |a: &str, b: &str| match (a.parse::<f64>(), b.parse::<f64>()) {
        (Ok(a), Ok(b)) => (a - b).abs() <= 0.1 * a.abs().max(b.abs()) + 0.000_51,
        _ => false,
    };
    let (a, b) = (words(a), words(b));
    a.len() == b.len()
        && a.iter()
            .zip(&b)
            .all(|(a, b)| a == b || a.contains('.') && b.contains('.') && near(a, b))
}

fn check(name: &str) {
    let ended = run::to_end(&scenario(name), 10_000_000);
    let (told, picture) = (told(&ended), picture(&ended));
    let expected = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("suite/gallery/{name}.txt"));
    let drawn = gallery().join(format!("thumbs/{name}.txt"));
    if std::env::var_os("HEDDLE_BLESS").is_some() {
        std::fs::write(&expected, &told).expect("written");
        std::fs::write(&drawn, &picture).expect("written");
    }
    let wanted = text_of(&expected);
    assert!(
        same(&told, &wanted),
        "{name} should say\n{wanted}and says\n{}{told}",
        ended.output()
    );
    assert!(picture.len() <= 300, "{name}: a picture of {} bytes", picture.len());
    let (new, old) = (cells(&picture), cells(&text_of(&drawn)));
    let changed = new.iter().zip(&old).filter(|(a, b)| a != b).count() + new.len().abs_diff(old.len());
    assert!(
        changed * 10 <= new.len(),
        "the picture of {name} is stale: cargo xtask gallery {name}\n{picture}"
    );
}

#[test]
fn measurements_may_differ_a_little() {
    assert!(same("took 1.000 s, 3 times", "took 1.050 s, 3 times"));
    assert!(!same("took 1.000 s", "took 1.200 s"));
    assert!(!same("3 times", "4 times") && !same("a", "b") && !same("1.0", "1.0 s"));
    assert_eq!(cells("a3G/.12\n").len(), 17);
}

/// What to begin with runs.
#[test]
fn templates_run() {
    let mut seen = 0;
    for file in std::fs::read_dir(gallery().join("templates"))
        .expect("templates")
        .flatten()
    {
        let scenario = Scenario::from_source("main.py", &text_of(&file.path())).expect("settings");
        let ended = run::to_end(&scenario, 10_000_000);
        assert_eq!(
            (ended.outcome.exit_status, ended.stdout().is_empty()),
            (0, false),
            "{:?}",
            file.path()
        );
        seen += 1;
    }
    assert_eq!(seen, 4);
}

/// Every id of the seeds' programs and claims has its row, every program that is named exists, and every program is in the gallery.
#[test]
fn the_table_of_the_seeds_is_complete() {
    let readme = text_of(&gallery().join("README.md"));
    let files = std::fs::read_dir(gallery()).expect("the gallery").flatten();
    let programs: BTreeSet<String> = files
        .filter_map(|entry| Some(entry.file_name().to_str()?.strip_suffix(".py")?.to_owned()))
        .collect();
    let (mut ids, mut named) = (BTreeSet::new(), BTreeSet::new());
    for row in readme.lines().filter_map(|line| line.strip_prefix("| ")) {
        let columns: Vec<&str> = row.trim_end_matches(" |").split(" | ").collect();
        let [id, _, shown] = columns[..] else { continue };
        if id == "seed" {
            continue;
        }
        ids.extend(id.split(", ").map(str::to_owned));
        for name in shown.split(", ") {
            let name = name.trim_matches('`').to_owned();
            assert!(programs.contains(&name), "{id}: there is no program {name}");
            named.insert(name);
        }
    }
    let wanted = [('0', 'l'), ('1', 'h'), ('2', 'g'), ('3', 'v'), ('4', 'z')];
    let all = wanted
        .into_iter()
        .flat_map(|(seed, last)| ('a'..=last).map(move |letter| format!("{seed}{letter}")));
    assert_eq!(ids, all.collect(), "an id of the seeds is missing, or none of theirs");
    let list = text_of(&gallery().join("../src/gallery.rs"));
    let missing: Vec<_> = programs
        .iter()
        .filter(|name| !list.contains(&format!("\"{name}\"")))
        .collect();
    assert!(missing.is_empty(), "not in gallery.rs: {missing:?}");
    assert!(programs.len() >= 60);
    assert!(named.len() >= 60, "{}", named.len());
}
