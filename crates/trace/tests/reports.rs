//! Statistics and the Perfetto export.
#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use heddle_trace::*;
use support::{noise, turns};

#[test]
fn statistics_of_two_threads() {
    let trace = turns(Budget::default(), 8).trace();
    let stats = Stats::of(&trace);
    assert_eq!(stats.elapsed_ns, trace.end);
    // Conservation: busy and idle time of all cores are the elapsed time of all cores, to the nanosecond.
    for core in &stats.cores {
        assert_eq!(core.busy_ns + core.idle_ns, trace.end);
    }
    let busy: u64 = stats.cores.iter().map(|core| core.busy_ns).sum();
    let ran: u64 = stats
        .threads
        .iter()
        .map(|thread| thread.totals.time(StateClass::Running))
        .sum();
    assert_eq!(busy, ran);
    assert_eq!(stats.gils[0].held_ns, ran);
    assert_eq!(
        (stats.gils[0].takes, stats.gils[0].forced, stats.gils[0].voluntary),
        (9, 8, 1)
    );
    let t1 = &stats.threads[1];
    assert_eq!(
        (
            t1.name.as_str(),
            t1.totals.sums.forced,
            t1.totals.sums.voluntary,
            t1.totals.sums.requests
        ),
        ("T1", 4, 0, 4)
    );
    let text = stats.to_text();
    assert!(
        text.contains("MainThread") && text.contains("wants GIL") && text.contains("core 1"),
        "{text}"
    );
    let json: serde_json::Value = serde_json::from_str(&stats.to_json()).unwrap();
    assert_eq!(json["threads"][1]["times_ns"]["running"], t1.totals.sums.times_ns[0]);
}

/// What ui.perfetto.dev needs: known phases, numbers for times, names for rows, flows in pairs, slices that do not overlap on a row.
#[test]
fn perfetto_json_is_well_formed() {
    for trace in [
        turns(Budget::default(), 8).trace(),
        turns(
            Budget {
                events: 60,
                ..Budget::default()
            },
            300,
        )
        .trace(),
        noise(4, 300),
    ] {
        let json: serde_json::Value = serde_json::from_str(&trace.to_perfetto()).unwrap();
        assert_eq!(json["displayTimeUnit"], "ns");
        let events = json["traceEvents"].as_array().unwrap();
        let mut ends = std::collections::BTreeMap::new();
        let mut flows = (0, 0);
        let mut slices: Vec<_> = events.iter().filter(|event| event["ph"] == "X").collect();
        let time = |slice: &serde_json::Value, what: &str| (slice[what].as_f64().unwrap() * 1000.0).round() as u64;
        slices.sort_by_key(|slice| (time(slice, "ts"), time(slice, "dur")));
        for slice in slices {
            let row = (slice["pid"].as_u64().unwrap(), slice["tid"].as_u64().unwrap());
            let (ts, dur) = (time(slice, "ts"), time(slice, "dur"));
            let before = ends.insert(row, ts + dur).unwrap_or(0);
            assert!(before <= ts, "{row:?} at {ts}");
        }
        for event in events {
            let phase = event["ph"].as_str().unwrap();
            assert!(["X", "M", "s", "f", "i"].contains(&phase), "{phase}");
            assert!(
                event["ts"].is_number() && event["pid"].is_u64() && event["tid"].is_u64() && event["name"].is_string()
            );
            flows.0 += u32::from(phase == "s");
            flows.1 += u32::from(phase == "f");
        }
        assert_eq!(flows.0, flows.1);
        let named = |name: &str| {
            events
                .iter()
                .any(|e| e["name"] == "thread_name" && e["args"]["name"] == name)
        };
        assert!(named("core 0") && named("GIL"));
    }
    let text = turns(Budget::default(), 3).trace().to_perfetto();
    assert!(text.contains("\"name\":\"countdown\"") && text.contains("\"ph\":\"s\"") && text.contains("0.0548"));
}
