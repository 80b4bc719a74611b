//! The picture as an SVG file: XML, and the same things as on the draw list.
#![allow(clippy::unwrap_used, reason = "tests")]

#[path = "../../trace/tests/support.rs"]
mod support;

use heddle_timeline::paint::{LABELS_PX, Palette, Picture};
use heddle_timeline::*;
use heddle_trace::*;

/// An element: its name and attributes.
type Element = (String, Vec<(String, String)>);

/// Reads XML strictly: one root, tags that close in order, attributes in double quotes and once each, no bare `<` or `&`, only characters of XML 1.0.
fn read_xml(text: &str) -> Vec<Element> {
    assert!(
        text.chars()
            .all(|c| matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..))
    );
    let check = |words: &str| {
        for part in words.split('&').skip(1) {
            let (name, _) = part.split_once(';').expect("an entity has an end");
            assert!(["amp", "lt", "gt", "quot", "apos"].contains(&name), "&{name};");
        }
        assert!(!words.contains('<'), "{words}");
    };
    let mut rest = text
        .strip_prefix("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n")
        .unwrap();
    let (mut open, mut all) = (Vec::<String>::new(), Vec::<Element>::new());
    while let Some((words, after)) = rest.split_once('<') {
        check(words);
        assert!(!open.is_empty() || words.trim().is_empty());
        let (tag, after) = after.split_once('>').expect("a tag has an end");
        rest = after;
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop().as_deref(), Some(name));
            continue;
        }
        assert!(!open.is_empty() || all.is_empty(), "one root");
        let (tag, is_empty) = tag.strip_suffix('/').map_or((tag, false), |tag| (tag, true));
        let (name, mut fields) = tag.split_once(' ').unwrap_or((tag, ""));
        let mut attributes: Vec<(String, String)> = Vec::new();
        while !fields.trim().is_empty() {
            let (key, after) = fields.trim_start().split_once("=\"").expect("an attribute has a value");
            let (value, after) = after.split_once('"').unwrap();
            check(value);
            assert!(attributes.iter().all(|(other, _)| other != key), "{key} twice");
            attributes.push((key.to_owned(), value.to_owned()));
            fields = after;
        }
        all.push((name.to_owned(), attributes));
        if !is_empty {
            open.push(name.to_owned());
        }
    }
    assert!(open.is_empty() && rest.trim().is_empty());
    all
}

fn attribute<'a>(element: &'a Element, key: &str) -> Option<&'a str> {
    element
        .1
        .iter()
        .find(|(one, _)| one == key)
        .map(|(_, value)| value.as_str())
}

fn turns() -> Trace {
    support::turns(Budget::default(), 8).trace()
}

fn svg(trace: &Trace, change: impl FnOnce(&mut Viewport)) -> (String, Vec<DrawItem>) {
    let timeline = Timeline::of(trace);
    let layout = timeline.layout(&Default::default());
    let mut view = Viewport {
        scale: TimeScale::fit(timeline.extent(), 800.0),
        scroll_y: 0.0,
        height: layout.height,
        selected: None,
        arrows: true,
    };
    change(&mut view);
    let picture = Picture {
        trace,
        layout: &layout,
        view,
        moment: Some(20_000_000),
    };
    let text = timeline.to_svg(&Palette::standard(false), &picture, "A <run> & \"more\"");
    (text, timeline.draw_list(trace, &layout, &view))
}

#[test]
fn the_palette_is_that_of_the_tokens() {
    let (light, dark) = (Palette::standard(false), Palette::standard(true));
    assert_eq!(
        (light.panel.as_str(), light.of(Token::Thread(1))),
        ("#ffffff", "#1767c0")
    );
    assert_eq!((dark.panel.as_str(), light.of(Token::Gil)), ("#191a1f", "#d98a12"));
    for palette in [light, dark] {
        let tokens = [
            Token::Gil,
            Token::Core,
            Token::Lock,
            Token::Idle,
            Token::Dead,
            Token::Ink,
            Token::Bad,
            Token::Accent,
        ];
        let all = tokens.into_iter().chain((0..8).map(Token::Thread));
        assert!(all.map(|token| palette.of(token)).all(|colour| colour.starts_with('#')));
        assert!(
            (0..8).all(|hue| palette.on(Token::Thread(hue)).starts_with('#')) && palette.lock_soft.starts_with('#')
        );
    }
}

#[test]
fn the_picture_is_xml_and_svg() {
    let (text, _) = svg(&turns(), |_| {});
    let all = read_xml(&text);
    let root = &all[0];
    assert_eq!(
        (root.0.as_str(), attribute(root, "xmlns")),
        ("svg", Some("http://www.w3.org/2000/svg"))
    );
    assert_eq!(attribute(root, "width"), Some("1008"));
    // Only elements of SVG, and only references to what is defined here, once each.
    let known = [
        "svg", "title", "defs", "clipPath", "pattern", "path", "rect", "text", "g",
    ];
    assert!(all.iter().all(|(name, _)| known.contains(&name.as_str())));
    let ids: Vec<_> = all.iter().filter_map(|element| attribute(element, "id")).collect();
    assert!(
        ids.iter()
            .all(|id| ids.iter().filter(|other| *other == id).count() == 1)
    );
    for element in &all {
        for (_, value) in &element.1 {
            if let Some(id) = value.strip_prefix("url(#") {
                assert!(ids.contains(&id.trim_end_matches(')')), "{id}");
            }
        }
        for key in ["width", "height"] {
            let size = attribute(element, key).map(|size| size.parse::<f64>().unwrap());
            assert!(size.is_none_or(|size| size > 0.0), "{element:?}");
        }
        // A path's data: letters of commands, each with as many numbers as it takes.
        if let Some(data) = attribute(element, "d") {
            let mut commands = data
                .split_inclusive(|c: char| c.is_ascii_alphabetic())
                .collect::<Vec<_>>();
            assert_eq!(commands.remove(0), "M");
            let letters = data.chars().filter(char::is_ascii_alphabetic);
            let numbers = data.split(|c: char| c.is_ascii_alphabetic()).skip(1);
            for (letter, numbers) in letters.zip(numbers) {
                let numbers: Vec<f64> = numbers
                    .split_whitespace()
                    .map(|number| number.parse().unwrap())
                    .collect();
                let count = numbers.len();
                let wanted = match letter {
                    'M' | 'L' => 2,
                    'Q' => 4,
                    'C' => 6,
                    'A' => 7,
                    'Z' => 0,
                    letter => panic!("{letter}"),
                };
                assert_eq!(count, wanted, "{letter} in {data}");
            }
        }
    }
    assert!(text.contains("<title>A &lt;run&gt; &amp; &quot;more&quot;</title>"));
}

#[test]
fn the_picture_shows_what_the_draw_list_says_and_the_names() {
    let trace = turns();
    let (text, items) = svg(&trace, |_| {});
    let all = read_xml(&text);
    let bars = items
        .iter()
        .filter(|item| matches!(item, DrawItem::Bar { form: Form::Solid, .. }))
        .count();
    let palette = Palette::standard(false);
    let hues: Vec<_> = (0..8).map(|hue| palette.of(Token::Thread(hue))).collect();
    let solid = all
        .iter()
        .filter(|(name, _)| name == "path")
        .filter(|path| hues.contains(&attribute(path, "fill").unwrap_or_default()));
    // Chips are filled in the hues too.
    assert_eq!(solid.count(), bars + 3);
    for words in [
        ">T1<",
        ">T2<",
        ">Cores<",
        ">GIL<",
        ">core 0<",
        ">held by<",
        ">virtual time<",
        ">20.000 ms<",
    ] {
        assert!(text.contains(words), "{words}");
    }
    for item in &items {
        if let DrawItem::Bar {
            x,
            w,
            text: Some(words),
            ..
        } = item
            && *w > 7.0 * words.chars().count() as f64 + 12.0
        {
            assert!(text.contains(&format!(">{words}<")), "{words} at {x}");
        }
    }
    // Lanes begin beside the names.
    let first = items.iter().find_map(|item| match item {
        DrawItem::Bar {
            form: Form::Solid,
            x,
            w,
            ..
        } if *w > 4.0 => Some(*x + 0.5 + LABELS_PX),
        _ => None,
    });
    assert!(
        text.contains(
            &format!("d=\"M{:.2}", first.unwrap() + 2.0)
                .trim_end_matches('0')
                .to_owned()
        ),
        "{first:?}"
    );
}

#[test]
fn names_that_no_xml_may_hold_are_replaced() {
    let mut recorder = Recorder::new(support::header(), Budget::default());
    let [file, name] = ["a<b>&\".py", "\u{1}\u{fffe}<&>"].map(|text| recorder.intern(text));
    recorder.record(
        0,
        support::P,
        ThreadId(0),
        EventKind::ProcessStart {
            parent: None,
            name: file,
        },
        None,
    );
    let created = EventKind::ThreadCreated {
        by: Some(ThreadId(0)),
        name,
        daemon: false,
    };
    recorder.record(0, support::P, ThreadId(1), created, None);
    recorder.finish(1000);
    read_xml(&svg(&recorder.trace(), |_| {}).0);
}

#[test]
fn every_view_is_svg() {
    for seed in 0..20 {
        let trace = support::noise(seed, 200);
        read_xml(&svg(&trace, |view| view.scroll_y = 40.0 * seed as f64).0);
        read_xml(&svg(&trace, |view| view.scale = view.scale.zoom(300.0, 30.0, 1_000_000)).0);
    }
    read_xml(&svg(&Trace::default(), |_| {}).0);
    assert!(read_xml(&Timeline::of(&turns()).whole_svg(&turns(), true, "dark")).len() > 50);
}
