//! Links: round trips, damage, and links of every version that must open for ever.
#![allow(clippy::unwrap_used, reason = "tests")]

use heddle_scenario::{File, Limits, Link, LinkError, Policy, Scenario, Settings, View, decode_link, encode_link};
use serde_json::{Value, json};

struct Rng(u64);

impl Rng {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n.max(1)
    }
}

fn sample() -> Link {
    let text = "# /// lab\n# title = \"Zwei Fäden 🧵\"\n# cores = 4\n# ///\nimport threading\n\nprint('hi')\n";
    let mut scenario = Scenario::from_source("main.py", text).unwrap();
    scenario.files.push(File {
        name: "pkg/helper.py".into(),
        text: "X = 1\n".repeat(50),
    });
    scenario.view = Some(View {
        from_ns: 1_000,
        to_ns: 5_000_000,
        moment_ns: Some(0),
        selected: Some((1, 2)),
    });
    Link {
        scenario,
        semantics: 1,
        trace_hash: Some(0x0123_4567_89ab_cdef),
    }
}

fn random(rng: &mut Rng) -> Link {
    let mut text = |n: u64| -> String {
        (0..n)
            .map(|_| char::from_u32([9, 10, 32, 65, 0xe9, 0x1f9f5][rng.below(6) as usize]).unwrap())
            .collect()
    };
    let files = vec![
        File {
            name: text(8),
            text: text(300),
        },
        File {
            name: text(3),
            text: text(0),
        },
    ];
    let machine = Settings {
        title: text(5),
        stdin: text(20),
        interrupts: [vec![], vec![7, 1_000_000]][rng.below(2) as usize].clone(),
        hosts: ["", "a.example latency=50ms"][rng.below(2) as usize].to_owned(),
        cores: 1 + rng.below(64) as u16,
        seed: u64::MAX - rng.below(3),
        policy: Policy::ALL[rng.below(3) as usize],
        quantum_ns: Some(1 + rng.below(1 << 30)),
        limits: Limits {
            steps: Some(rng.below(1 << 30)),
            ..Limits::default()
        },
        ..Settings::default()
    };
    let schedule = (rng.below(2) == 0).then(|| (0..rng.below(100)).map(|_| rng.below(256) as u8).collect());
    let view = (rng.below(2) == 0).then(|| View {
        to_ns: rng.below(1 << 30),
        ..View::default()
    });
    let scenario = Scenario {
        files,
        machine,
        schedule,
        view,
    };
    Link {
        scenario,
        semantics: rng.below(9) as u32,
        trace_hash: (rng.below(2) == 0).then(|| rng.below(1 << 31)),
    }
}

#[test]
fn round_trips() {
    let link = sample();
    let text = encode_link(&link).unwrap();
    assert!(text.starts_with("h2."));
    assert!(
        text.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c)),
        "{text}"
    );
    for form in [
        text.clone(),
        format!("#{text}"),
        format!(" https://example.org/lab/?x=1#{text}\n"),
    ] {
        assert_eq!(decode_link(&form).unwrap(), link);
    }
    let mut rng = Rng(4);
    for _ in 0..200 {
        let link = random(&mut rng);
        let text = encode_link(&link).unwrap();
        assert_eq!(decode_link(&text).unwrap(), link);
        assert_eq!(
            encode_link(&decode_link(&text).unwrap()).unwrap(),
            text,
            "one scenario has one link"
        );
    }
}

#[test]
fn every_cut_and_change_is_noticed() {
    let text = encode_link(&sample()).unwrap();
    for length in 3..text.len() {
        assert_eq!(
            decode_link(&text[..length]),
            Err(LinkError::Truncated),
            "first {length} characters"
        );
    }
    for text in [
        "",
        "h",
        "h1",
        "h2",
        "#",
        "https://example.org/",
        "h.abc",
        "h0.abc",
        "hx.abc",
        "g1.abc",
        "h01.abc",
    ] {
        assert_eq!(decode_link(text), Err(LinkError::NotALink), "{text:?}");
    }
    let mut rng = Rng(9);
    for _ in 0..3000 {
        let mut bytes = text.clone().into_bytes();
        let at = 3 + rng.below(bytes.len() as u64 - 3) as usize;
        let other = b"AZaz09-_~%"[rng.below(10) as usize];
        if bytes[at] == other {
            continue;
        }
        bytes[at] = other;
        let error = decode_link(std::str::from_utf8(&bytes).unwrap()).unwrap_err();
        assert!(
            matches!(error, LinkError::Altered | LinkError::Truncated),
            "byte {at}: {error}"
        );
    }
    assert_eq!(decode_link(&format!("{text}A")), Err(LinkError::Altered));
    assert_eq!(
        decode_link(&text.replacen("h2.", "h3.", 1)),
        Err(LinkError::FutureVersion(3))
    );
}

#[test]
fn each_error_is_a_sentence() {
    let errors = [
        LinkError::NotALink,
        LinkError::Truncated,
        LinkError::Altered,
        LinkError::FutureVersion(7),
        LinkError::TooLarge,
        LinkError::Malformed("its settings are wrong".into()),
    ];
    for error in errors {
        let sentence = error.to_string();
        assert!(sentence.starts_with("This ") && sentence.ends_with('.'), "{sentence}");
    }
    assert!(LinkError::FutureVersion(7).to_string().contains('7'));
}

#[test]
fn too_large_is_not_written() {
    let mut link = sample();
    link.scenario.files[0].text = "x".repeat(5 << 20);
    assert_eq!(encode_link(&link), Err(LinkError::TooLarge));
}

/// The first 10 KB of a file of Python's own library: ordinary Python that the packing has not seen before.
fn library(name: &str) -> String {
    let mut text = std::fs::read_to_string(format!("{}/{name}", rustpython_pylib::LIB_PATH)).unwrap();
    text.truncate(text.floor_char_boundary(10_240));
    text
}

/// `cargo test -p heddle-scenario --test links -- --nocapture sizes` prints the table of the README.
#[test]
fn sizes_of_ordinary_programs() {
    let names = [
        "asyncio/locks.py",
        "asyncio/queues.py",
        "asyncio/taskgroups.py",
        "concurrent/futures/process.py",
        "concurrent/futures/thread.py",
        "heapq.py",
        "multiprocessing/pool.py",
        "multiprocessing/queues.py",
        "queue.py",
        "sched.py",
        "socketserver.py",
        "threading.py",
    ];
    for name in names {
        let text = library(name);
        let scenario = Scenario::from_source("main.py", &text).unwrap();
        let link = encode_link(&Link {
            scenario,
            ..Link::default()
        });
        let length = link.unwrap().len();
        println!("| `{name}` | {} | {length} |", text.len());
        assert!(length <= 4200, "{name}: {length} characters for {} bytes", text.len());
    }
}

/// What a link means, as the vectors spell it out.
fn meaning(link: &Link) -> Value {
    let files: Vec<_> = link
        .scenario
        .files
        .iter()
        .map(|f| json!({ "name": f.name, "text": f.text }))
        .collect();
    json!({
        "files": files,
        "machine": serde_json::to_value(&link.scenario.machine).unwrap(),
        "schedule": link.scenario.schedule,
        "view": serde_json::to_value(link.scenario.view).unwrap(),
        "semantics": link.semantics,
        "trace_hash": link.trace_hash.map(|hash| format!("{hash:016x}")),
    })
}

/// A meaning without the settings that came later than the vector and have their default.
fn without_later(mut meaning: Value, means: &Value) -> Value {
    let defaults = serde_json::to_value(Settings::default()).unwrap();
    if let (Some(machine), Some(known)) = (meaning["machine"].as_object_mut(), means["machine"].as_object()) {
        machine.retain(|key, value| known.contains_key(key) || *value != defaults[key]);
    }
    meaning
}

/// `tests/links/v*/*.json`: never changed, never deleted. `HEDDLE_BLESS=1` writes only those of today's version that are missing.
#[test]
fn old_links_open() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/links");
    if std::env::var_os("HEDDLE_BLESS").is_some() {
        let mut plain = Link {
            scenario: Scenario::from_source("main.py", "print('hello')\n").unwrap(),
            ..Link::default()
        };
        plain.semantics = 1;
        let mut scheduled = random(&mut Rng(77));
        scheduled.scenario.schedule = Some(vec![0, 255, 1, 2, 3]);
        std::fs::create_dir_all(format!("{folder}/v2")).unwrap();
        let program = Link {
            scenario: Scenario::from_source("main.py", &library("sched.py")).unwrap(),
            ..Link::default()
        };
        let mut long = plain.clone();
        long.scenario.files[0].text = "#".repeat((128 << 10) + 1);
        for (name, link) in [
            ("plain", plain),
            ("everything", sample()),
            ("scheduled", scheduled),
            ("program", program),
            ("long", long),
        ] {
            let path = format!("{folder}/v2/{name}.json");
            if !std::path::Path::new(&path).exists() {
                let vector = json!({ "link": encode_link(&link).unwrap(), "means": meaning(&link) });
                std::fs::write(path, serde_json::to_string_pretty(&vector).unwrap() + "\n").unwrap();
            }
        }
    }
    let mut seen = 0;
    for version in std::fs::read_dir(folder).unwrap() {
        for vector in std::fs::read_dir(version.unwrap().path()).unwrap() {
            let path = vector.unwrap().path();
            let mut vector: Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
            // Settings that came later have their defaults in an old link.
            let defaults = serde_json::to_value(heddle_scenario::Settings::default()).unwrap();
            let machine = vector["means"]["machine"].as_object_mut().unwrap();
            for (key, value) in defaults.as_object().unwrap() {
                machine.entry(key).or_insert_with(|| value.clone());
            }
            let link = decode_link(vector["link"].as_str().unwrap()).unwrap();
            let means = &vector["means"];
            assert_eq!(&without_later(meaning(&link), means), means, "{}", path.display());
            seen += 1;
        }
    }
    assert!(seen >= 8);
}
