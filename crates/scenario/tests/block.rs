//! The `# /// lab` block: reading, the sentences for what is wrong, writing back.
#![allow(clippy::unwrap_used, reason = "tests")]

use heddle_scenario::{
    Policy, PythonVersion, Scenario, Settings, StartMethod, block_lines, read_settings, write_settings,
};

const SAMPLE: &str = r#"#!/usr/bin/env python3
# /// lab
# title = "Two threads count down"
# python = "3.13"      # 2.7, 3.9, 3.13
# cores = 4
#
# seed = 7
# policy = "random"
# switch-interval = "1ms"
# quantum = "10 ms"
# start-method = "spawn"
# stdin = """
# first
#   second
# """
# limits = { time = "10s", memory = "64MiB" }
# ///
import threading
"#;

#[test]
fn reads_everything() {
    let s = read_settings(SAMPLE).unwrap();
    assert_eq!(s.title, "Two threads count down");
    assert_eq!(
        (s.python, s.cores, s.seed, s.policy),
        (PythonVersion::V3_13, 4, 7, Policy::Random)
    );
    assert_eq!(
        (s.switch_interval_ns, s.quantum_ns),
        (Some(1_000_000), Some(10_000_000))
    );
    assert_eq!(s.start_method, Some(StartMethod::Spawn));
    assert_eq!(s.stdin, "first\n  second\n");
    assert_eq!(
        (s.limits.time_ns, s.limits.memory_bytes),
        (Some(10_000_000_000), Some(64 << 20))
    );
    assert_eq!(block_lines(SAMPLE), Some((2, 17)));
}

#[test]
fn defaults_without_a_block() {
    assert_eq!(read_settings("print(1)\n").unwrap(), Settings::default());
    assert_eq!(block_lines("print(1)\n"), None);
    let s = Settings::default();
    assert_eq!(
        (s.python.name(), s.cores, s.seed, s.policy.name(), s.computer.as_str()),
        ("3.13", 2, 1, "fair", "laptop-2026")
    );
    // Another tool's block, and the same words in a string, are not ours.
    assert_eq!(
        read_settings("# /// script\n# cores = 9\n# ///\n").unwrap(),
        Settings::default()
    );
    assert_eq!(read_settings("s = '# /// lab'\n").unwrap(), Settings::default());
}

/// One line of settings inside a block, hence line 2 of the file.
fn complaint(line: &str) -> String {
    let text = format!("# /// lab\n# {line}\n# ///\n");
    let problems = read_settings(&text).unwrap_err();
    assert_eq!(problems.len(), 1, "{problems:?}");
    format!("{}:{}: {}", problems[0].line, problems[0].column, problems[0].message)
}

#[test]
fn sentences() {
    assert_eq!(complaint("cores = 0"), "2:11: cores must be 1 to 64, not 0");
    assert_eq!(complaint("cores = 65"), "2:11: cores must be 1 to 64, not 65");
    assert_eq!(complaint("cores = -1"), "2:11: cores must be 1 to 64, not -1");
    assert_eq!(
        complaint("cores = \"2\""),
        "2:11: cores must be a whole number without quotes, not \"2\""
    );
    assert_eq!(
        complaint("cors = 2"),
        "2:3: \"cors\" is not a setting; did you mean \"cores\"?"
    );
    assert_eq!(
        complaint("switch_interval = \"5ms\""),
        "2:3: \"switch_interval\" is not a setting; did you mean \"switch-interval\"?"
    );
    assert!(complaint("speed = 9").starts_with("2:3: \"speed\" is not a setting; "));
    assert_eq!(
        complaint("switch-interval = \"5\""),
        "2:21: switch-interval: \"5\" is not a duration: the unit is missing (write it like 5ms, 1us, 2s)"
    );
    assert_eq!(complaint("quantum = \"0s\""), "2:13: quantum must be longer than zero");
    assert_eq!(
        complaint("policy = \"best\""),
        "2:12: policy must be one of \"fair\", \"random\", \"pct\", not \"best\""
    );
    assert!(complaint("python = \"3.4\"").starts_with("2:12: python must be one of \"2.7\", \"3.2\", \"3.9\""));
    assert_eq!(complaint("python = 3.13"), "2:12: 3.13 is not a whole number");
    assert_eq!(complaint("policy = fair"), "2:12: fair needs quotes: \"fair\"");
    assert_eq!(complaint("seed = true"), "2:10: seed cannot be true");
    assert_eq!(
        complaint("computers = { a = 1 }"),
        "2:17: \"computers\" is not yet supported"
    );
}

#[test]
fn all_problems_at_once_and_broken_blocks() {
    let problems = read_settings("x = 1\n# /// lab\n# cores = 0\n# seed = -1\n# ///\n").unwrap_err();
    assert_eq!(problems.iter().map(|p| p.line).collect::<Vec<_>>(), [3, 4]);
    let first = |text: &str| read_settings(text).unwrap_err()[0].to_string();
    assert_eq!(
        first("\n# /// lab\n# cores = 2\nprint()\n"),
        "line 2: the block that begins here is not closed by a line \"# ///\""
    );
    assert_eq!(
        first("# /// lab\n#cores = 2\n# ///\n"),
        "line 2: a space must follow the # inside the block"
    );
    assert_eq!(
        first("# /// lab\n# ///\n# /// lab\n# ///\n"),
        "line 3: there is a second block \"# /// lab\"; a file has at most one"
    );
}

#[test]
fn unknown_computers_are_named_at_their_place() {
    let scenario =
        Scenario::from_source("main.py", "# /// lab\n# cores = 1\n# computer = \"abacus\"\n# ///\n").unwrap();
    let problems = scenario.validate();
    assert_eq!(problems.len(), 1);
    assert_eq!((problems[0].line, problems[0].column), (3, 14));
    assert_eq!(
        problems[0].message,
        "the computer \"abacus\" is not known; there are \"laptop-2026\" and \"macbook-2009\""
    );
    assert!(Scenario::from_source("main.py", SAMPLE).unwrap().validate().is_empty());
}

#[test]
fn writing_keeps_what_is_not_changed() {
    let mut s = read_settings(SAMPLE).unwrap();
    assert_eq!(write_settings(SAMPLE, &s).unwrap(), SAMPLE);
    s.cores = 8;
    s.quantum_ns = None;
    s.stdin = "x\ty\n".to_owned();
    s.computer = "other".to_owned();
    s.limits.memory_bytes = None;
    s.limits.steps = Some(1000);
    let text = write_settings(SAMPLE, &s).unwrap();
    let expected = SAMPLE
        .replace("cores = 4", "cores = 8")
        .replace("# quantum = \"10 ms\"\n", "")
        .replace("\"\"\"\n# first\n#   second\n# \"\"\"", "\"x\\ty\\n\"")
        .replace(
            "{ time = \"10s\", memory = \"64MiB\" }\n",
            "{ time = \"10s\", steps = 1000 }\n# computer = \"other\"\n",
        );
    assert_eq!(text, expected);
    assert_eq!(read_settings(&text).unwrap(), s);
}

#[test]
fn writing_makes_a_block_where_there_is_none() {
    let mut s = Settings::default();
    assert_eq!(write_settings("print(1)\n", &s).unwrap(), "print(1)\n");
    s.cores = 1;
    s.title = "A \"title\"".to_owned();
    assert_eq!(
        write_settings("#!/bin/python\n# -*- coding: utf-8 -*-\nprint(1)\n", &s).unwrap(),
        "#!/bin/python\n# -*- coding: utf-8 -*-\n# /// lab\n# title = \"A \\\"title\\\"\"\n# cores = 1\n# ///\n\nprint(1)\n"
    );
    let windows = write_settings("print(1)\r\n", &s).unwrap();
    assert_eq!(read_settings(&windows).unwrap(), s);
    assert_eq!(windows.matches('\n').count(), windows.matches("\r\n").count());
}

#[test]
fn writing_respects_tables() {
    let text = "# /// lab\n# [limits]\n# time = \"1s\"\n# ///\n";
    let mut s = read_settings(text).unwrap();
    s.cores = 3;
    s.limits.output_bytes = Some(2000);
    let written = write_settings(text, &s).unwrap();
    assert_eq!(
        written,
        "# /// lab\n# cores = 3\n# [limits]\n# time = \"1s\"\n# output = \"2kB\"\n# ///\n"
    );
    assert_eq!(read_settings(&written).unwrap(), s);
    s.limits = heddle_scenario::Limits::default();
    assert_eq!(read_settings(&write_settings(&written, &s).unwrap()).unwrap(), s);
}

#[test]
fn a_value_that_was_wrong_is_replaced() {
    let text = "# /// lab\n# cores = \"many\" # how many\n# ///\n";
    assert_eq!(
        write_settings(text, &Settings::default()).unwrap(),
        "# /// lab\n# cores = 2 # how many\n# ///\n"
    );
}

/// Settings and texts from a small generator: writing then reading gives the settings, writing again changes nothing.
#[test]
fn random_settings_round_trip() {
    let mut state = 1u64;
    let mut next = |n: u64| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % n
    };
    let mut text = SAMPLE.to_owned();
    for _ in 0..300 {
        let s = Settings {
            title: ["", "a", "\"\\#\n", "é = 1 # x"][next(4) as usize].to_owned(),
            python: PythonVersion::ALL[next(10) as usize],
            cores: 1 + next(64) as u16,
            seed: next(1 << 30),
            policy: Policy::ALL[next(3) as usize],
            switch_interval_ns: (next(2) == 0).then(|| 1 + next(1 << 30)),
            os_scheduler: heddle_scenario::OsScheduler::ALL[next(3) as usize],
            quantum_ns: (next(2) == 0).then(|| 1 + next(1 << 30)),
            context_switch_ns: (next(2) == 0).then(|| 1 + next(1 << 30)),
            wake_up_ns: (next(2) == 0).then(|| 1 + next(1 << 30)),
            signal_ns: (next(2) == 0).then(|| 1 + next(1 << 30)),
            start_method: (next(2) == 0).then(|| StartMethod::ALL[next(3) as usize]),
            computer: ["laptop-2026", "x"][next(2) as usize].to_owned(),
            stdin: ["", "# ///\n", "'\"\"\""][next(3) as usize].to_owned(),
            interrupts: [vec![], vec![1_500_000_000], vec![1, 2_000]][next(3) as usize].clone(),
            hosts: ["", "a.example latency=5ms text='\"'; b.example", "\n  c.example\n"][next(3) as usize].to_owned(),
            computers: ["", "node1 cores=4; node2 argv='1 2'"][next(2) as usize].to_owned(),
            limits: heddle_scenario::Limits {
                time_ns: (next(2) == 0).then(|| 1 + next(1 << 30)),
                memory_bytes: (next(2) == 0).then(|| next(1 << 30)),
                steps: (next(2) == 0).then(|| next(1 << 30)),
                output_bytes: (next(2) == 0).then(|| next(1 << 30)),
            },
        };
        if next(10) == 0 {
            text = "pass\n".to_owned();
        }
        text = write_settings(&text, &s).unwrap();
        assert_eq!(read_settings(&text).unwrap(), s, "{text}");
        assert_eq!(write_settings(&text, &s).unwrap(), text);
        assert!(text.ends_with("import threading\n") || text.ends_with("pass\n"));
    }
}

/// Damaged blocks give problems or settings, never a panic, and places inside the text.
#[test]
fn damaged_texts() {
    let mut state = 7u64;
    let mut next = |n: usize| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % n
    };
    for _ in 0..3000 {
        let mut bytes = SAMPLE.as_bytes().to_vec();
        for _ in 0..=next(4) {
            if bytes.len() < 2 {
                break;
            }
            let at = next(bytes.len());
            match next(3) {
                0 => bytes[at] = b"\"'#\n\\{}[]=.,\r0\xc3"[next(15)],
                1 => {
                    bytes.remove(at);
                }
                _ => bytes.truncate(at.max(1)),
            }
        }
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let lines = text.matches('\n').count() as u32 + 1;
        match read_settings(&text) {
            Ok(settings) => drop(write_settings(&text, &settings)),
            Err(problems) => assert!(problems.iter().all(|p| (1..=lines).contains(&p.line) && p.column >= 1)),
        }
        let _ = write_settings(
            &text,
            &Settings {
                cores: 5,
                seed: 3,
                ..Settings::default()
            },
        );
    }
}
