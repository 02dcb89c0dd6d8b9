//! The parsers against serde's readings of the same text, and against real documents.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use mcpsentry::source::{Source, SourceId};
use mcpsentry::syntax::{Kind, MAX_DEPTH, Node, SyntaxError, Tree, parse};

fn read(text: &str) -> Result<Tree, SyntaxError> {
    parse(&Source::new(SourceId(0), "t", text))
}

/// A small deterministic generator (xorshift64).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % sides
    }

    fn pick<'a>(&mut self, choices: &[&'a str]) -> &'a str {
        choices[self.roll(choices.len())]
    }
}

/// Changes one place of a text, after its first `keep` bytes.
fn mutate(text: &str, keep: usize, pieces: &[&str], dice: &mut Dice) -> String {
    let places: Vec<usize> = text.char_indices().map(|(at, _)| at).filter(|&at| at >= keep).collect();
    let mut place = || places[dice.roll(places.len())];
    let (mut from, mut to) = (place(), place());
    if from > to {
        (from, to) = (to, from);
    }
    match dice.roll(5) {
        0 => text[..to].to_owned(),
        1 => {
            let end = places.iter().copied().find(|&at| at >= to.min(from + 7)).unwrap_or(to);
            format!("{}{}", &text[..from], &text[end..])
        }
        2 => format!("{}{}{}", &text[..to], &text[from..to], &text[to..]),
        _ => format!("{}{}{}", &text[..from], dice.pick(pieces), &text[from..]),
    }
}

/// What must hold for every tree: texts agree with the places they were read from.
fn check_places(tree: &Tree, text: &str, nested: bool) {
    let mut waiting = vec![tree.root()];
    let mut seen = vec![false; tree.len()];
    while let Some(node) = waiting.pop() {
        if std::mem::replace(&mut seen[node.index() as usize], true) {
            continue;
        }
        let children = node.items().chain(node.members().flat_map(|(key, value)| [key, value]));
        let span = node.span();
        for child in children {
            let inner = child.span();
            assert!(!nested || (span.start <= inner.start && inner.end <= span.end), "{inner:?} outside {span:?}");
            waiting.push(child);
        }
        let slice = text.get(span.start as usize..span.end as usize).expect("a span between characters");
        let value = node.text();
        let quoted = |quote| slice.len() > 1 && slice.starts_with(quote) && slice.ends_with(quote);
        let fits = match node.kind() {
            // `[: ]` holds a mapping of nothing to nothing, as long as nothing.
            Kind::Array | Kind::Object => !slice.is_empty() || !nested,
            // A quoted text; a text of one line; one of several lines; a key that is an alias.
            Kind::String => {
                quoted('"')
                    || quoted('\'')
                    || value.trim() == slice.trim()
                    || slice.contains(['\n', '\r'])
                    || slice.starts_with('*')
            }
            _ => value == slice,
        };
        assert!(fits, "{:?} {value:?} from {slice:?}", node.kind());
    }
}

/// The first difference between a tree and serde_json's value.
fn difference(node: Node<'_>, value: &serde_json::Value) -> Option<String> {
    use serde_json::Value;
    let same = match (node.kind(), value) {
        (Kind::Null, Value::Null) => true,
        (Kind::Bool, Value::Bool(expected)) => node.as_bool() == Some(*expected),
        (Kind::Number, Value::Number(_)) => serde_json::from_str::<Value>(&node.text()).ok().as_ref() == Some(value),
        (Kind::String, Value::String(expected)) => node.text() == **expected,
        (Kind::Array, Value::Array(expected)) => {
            let found = node.items().zip(expected).find_map(|(node, value)| difference(node, value));
            return found.or_else(|| (node.items().count() != expected.len()).then(|| "number of elements".to_owned()));
        }
        (Kind::Object, Value::Object(expected)) => {
            // Of a key that stands twice the last counts.
            let members: HashMap<_, _> = node.members().map(|(key, value)| (key.text(), value)).collect();
            if members.len() != expected.len() {
                return Some("number of members".to_owned());
            }
            return expected.iter().find_map(|(key, value)| match members.get(&**key) {
                Some(&node) => difference(node, value),
                None => Some(format!("no key {key:?}")),
            });
        }
        _ => false,
    };
    (!same).then(|| format!("{:?} {:?} is not {value}", node.kind(), node.text()))
}

/// Whether serde_json refuses what is JSON: half a surrogate pair, a number it cannot hold, more than 128 levels.
fn is_known_limit(error: &serde_json::Error) -> bool {
    let message = error.to_string();
    ["surrogate", "unexpected end of hex escape", "number out of range", "recursion limit"]
        .iter()
        .any(|known| message.contains(known))
}

fn compare_with_serde_json(text: &str) {
    match (read(text), serde_json::from_str::<serde_json::Value>(text.trim_start_matches('\u{FEFF}'))) {
        (Ok(tree), Ok(value)) => {
            assert_eq!(difference(tree.root(), &value), None, "{text}");
            check_places(&tree, text, true);
        }
        (Ok(_), Err(error)) => assert!(is_known_limit(&error), "only serde refuses ({error}): {text}"),
        (Err(error), Ok(_)) => panic!("only we refuse ({error:?}): {text}"),
        (Err(error), Err(_)) => assert!(text.get(error.span.start as usize..error.span.end as usize).is_some()),
    }
}

fn random_json(dice: &mut Dice, depth: usize, out: &mut String) {
    let space = |dice: &mut Dice| dice.pick(&["", "", "", " ", "\n", "\t", "\r\n", "            "]);
    out.push_str(space(dice));
    match dice.roll(if depth == 0 { 6 } else { 9 }) {
        0 => out.push_str(dice.pick(&["true", "false", "null"])),
        1 | 2 => out.push_str(dice.pick(&[
            "0",
            "-0",
            "12",
            "-3.25",
            "1e3",
            "2E-2",
            "18446744073709551615",
            "0.1",
            "9".repeat(30).as_str(),
        ])),
        3..6 => random_json_string(dice, out),
        6 => {
            out.push('[');
            for i in 0..dice.roll(5) {
                out.push_str(if i > 0 { "," } else { "" });
                random_json(dice, depth - 1, out);
            }
            out.push(']');
        }
        _ => {
            out.push('{');
            for i in 0..dice.roll(12) {
                out.push_str(if i > 0 { "," } else { "" });
                out.push_str(space(dice));
                random_json_string(dice, out);
                out.push_str(space(dice));
                out.push(':');
                random_json(dice, depth - 1, out);
            }
            out.push('}');
        }
    }
    out.push_str(space(dice));
}

fn random_json_string(dice: &mut Dice, out: &mut String) {
    out.push('"');
    for _ in 0..dice.roll(6) {
        out.push_str(dice.pick(&[
            "a",
            "key",
            "é",
            "日本",
            "😀",
            " ",
            "0123456789",
            "\\n",
            "\\\"",
            "\\\\",
            "\\u0041",
            "\\ud83d\\ude00",
            "\u{7f}",
        ]));
    }
    out.push('"');
}

#[test]
fn json_is_read_as_serde_json_reads_it() {
    let pieces = [
        "{", "}", "[", "]", ",", ":", "\"", "\\", "\\u", "\\ud800", "0", "-", ".", "e", "1e999", "true", "null", "nul",
        " ", "\n", "\t", "\0", "\u{1f}", "\u{FEFF}", "é", "//", "'", "NaN", "\"a\":1,", "[[[[", "]]]]",
    ];
    let mut dice = Dice(0x5EED_0001);
    for _ in 0..3000 {
        // The beginning says that this is JSON: see `parse`.
        let mut text = "[\"x\",".to_owned();
        random_json(&mut dice, 4, &mut text);
        text.push(']');
        compare_with_serde_json(&text);
        for _ in 0..4 {
            text = mutate(&text, 3, &pieces, &mut dice);
            if text.len() < 4 {
                break;
            }
            compare_with_serde_json(&text);
        }
    }
}

/// A document in block or flow style, and what it means as JSON.
fn random_yaml(dice: &mut Dice, depth: usize, indent: usize, flow: bool, out: &mut String) -> String {
    let mut kind = dice.roll(if depth == 0 { 6 } else { 10 });
    if depth == 4 {
        kind = 9;
    }
    match kind {
        0..6 => {
            const SCALARS: [(&str, &str); 27] = [
                ("~", "null"),
                ("null", "null"),
                ("true", "true"),
                ("False", "false"),
                ("no", "\"no\""),
                ("on", "\"on\""),
                ("12", "12"),
                ("-3", "-3"),
                ("2.5", "2.5"),
                ("1e3", "1e3"),
                ("0x1F", "31"),
                ("0o17", "15"),
                ("abc", "\"abc\""),
                ("a b  c", "\"a b  c\""),
                ("http://a/b#c", "\"http://a/b#c\""),
                ("2024-01-01", "\"2024-01-01\""),
                ("'it''s'", "\"it's\""),
                ("'12'", "\"12\""),
                ("\"\"", "\"\""),
                ("\"a\\n\\u00e9\"", "\"a\\né\""),
                ("é日本😀", "\"é日本😀\""),
                ("a:b", "\"a:b\""),
                ("!!str 5", "\"5\""),
                ("1.2.3", "\"1.2.3\""),
                ("v1", "\"v1\""),
                ("''", "\"\""),
                ("-x", "\"-x\""),
            ];
            const BLOCKS: [(&str, &str); 4] = [
                ("|\n_x\n_ y\n", "\"x\\n y\\n\""),
                (">-\n_x\n_y\n", "\"x y\""),
                ("|\n_x\n\n_y\n", "\"x\\n\\ny\\n\""),
                ("x\n_y\n", "\"x y\""),
            ];
            let choice = dice.roll(SCALARS.len() + if flow { 0 } else { BLOCKS.len() });
            if let Some((yaml, json)) = SCALARS.get(choice) {
                out.push_str(yaml);
                out.push_str(if flow { "" } else { dice.pick(&["\n", "\n", " # note\n", "\r\n"]) });
                return (*json).to_owned();
            }
            let (yaml, json) = BLOCKS[choice - SCALARS.len()];
            out.push_str(&yaml.replace('_', &" ".repeat(indent + 1)));
            json.to_owned()
        }
        6 | 7 if flow => {
            let mut json = "[".to_owned();
            out.push('[');
            for i in 0..dice.roll(4) {
                let comma = if i > 0 { "," } else { "" };
                out.push_str(comma);
                json.push_str(comma);
                out.push(' ');
                json.push_str(&random_yaml(dice, depth - 1, indent, true, out));
            }
            out.push_str(" ]");
            json + "]"
        }
        8 | 9 if flow => {
            let mut json = "{".to_owned();
            out.push('{');
            for i in 0..dice.roll(4) {
                let comma = if i > 0 { ", " } else { "" };
                let _ = write!(out, "{comma}k{i}: ");
                let _ = write!(json, "{comma}\"k{i}\":");
                json.push_str(&random_yaml(dice, depth - 1, indent, true, out));
            }
            out.push_str(" }");
            json + "}"
        }
        8 => {
            let json = random_yaml(dice, depth - 1, indent, true, out);
            out.push('\n');
            json
        }
        6 | 7 => {
            let mut json = "[".to_owned();
            for i in 0..dice.roll(4) + 1 {
                json.push_str(if i > 0 { "," } else { "" });
                let _ = write!(out, "\n{}- ", " ".repeat(indent));
                json.push_str(&random_yaml(dice, depth - 1, indent + 2, false, out));
            }
            out.push('\n');
            json + "]"
        }
        _ => {
            let mut json = "{".to_owned();
            for i in 0..dice.roll(5) + 1 {
                json.push_str(if i > 0 { "," } else { "" });
                let _ = write!(
                    out,
                    "\n{}{}k{i}{}: ",
                    " ".repeat(indent),
                    if i % 3 == 2 { "\"" } else { "" },
                    if i % 3 == 2 { "\"" } else { "" }
                );
                let _ = write!(json, "\"k{i}\":");
                json.push_str(&random_yaml(dice, depth - 1, indent + 2, false, out));
            }
            out.push('\n');
            json + "}"
        }
    }
}

/// The same value with numbers as our parser would write them away.
fn plain_numbers(node: Node<'_>, value: &serde_json::Value) -> bool {
    match (node.kind(), value) {
        (Kind::Number, serde_json::Value::Number(expected)) => {
            let text = node.text();
            let found = match text.get(..2) {
                Some("0x") => i64::from_str_radix(&text[2..], 16).map(|number| number as f64).ok(),
                Some("0o") => i64::from_str_radix(&text[2..], 8).map(|number| number as f64).ok(),
                _ => text.parse().ok(),
            };
            found == expected.as_f64()
        }
        (Kind::Array, serde_json::Value::Array(expected)) => {
            node.items().count() == expected.len()
                && node.items().zip(expected).all(|(node, value)| plain_numbers(node, value))
        }
        (Kind::Object, serde_json::Value::Object(expected)) => {
            node.members().count() == expected.len()
                && node
                    .members()
                    .all(|(key, node)| expected.get(&*key.text()).is_some_and(|value| plain_numbers(node, value)))
        }
        _ => difference(node, value).is_none(),
    }
}

#[test]
fn yaml_is_read_as_serde_yaml_reads_it() {
    let pieces = [
        ": ", "- ", "? ", "\n", "\r\n", "  ", "\t", "#", " #", "&a ", "*a", "!!str ", "!x ", "|", ">", "'", "\"", "[",
        "]", "{", "}", ",", "---\n", "...\n", "%", "@", "`", "<<: ", "~", "\u{FEFF}", "\0", "\u{85}", "é", "=", "|+\n",
        "\\",
    ];
    let mut dice = Dice(0x5EED_0002);
    for _ in 0..1500 {
        let mut text = String::new();
        let json = random_yaml(&mut dice, 4, 0, false, &mut text);
        let expected: serde_json::Value = serde_json::from_str(&json).expect("generated JSON");
        let theirs: serde_json::Value = serde_yaml::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"));
        let tree = read(&text).unwrap_or_else(|error| panic!("{error:?}: {text}"));
        assert!(plain_numbers(tree.root(), &expected), "{text}\n{expected}");
        assert!(plain_numbers(tree.root(), &theirs), "{text}\n{theirs}");
        check_places(&tree, &text, true);
        // Broken documents: an error or a tree, but never a crash or a place that does not exist.
        for _ in 0..6 {
            text = mutate(&text, 0, &pieces, &mut dice);
            if text.is_empty() {
                break;
            }
            match read(&text) {
                Ok(tree) => check_places(&tree, &text, false),
                Err(error) => {
                    assert!(
                        text.get(error.span.start as usize..error.span.end as usize).is_some(),
                        "{error:?}: {text}"
                    );
                    assert!(!error.message.contains(char::is_control) && !error.help.is_empty(), "{error:?}");
                }
            }
        }
    }
}

#[test]
fn hostile_documents_end() {
    let refused = [
        "[".repeat(200_000),
        "- ".repeat(100_000),
        "? ".repeat(20_000),
        "{\"a\":".repeat(100_000),
        "{a: ".repeat(100_000),
    ];
    for text in &refused {
        let error = read(text).expect_err("too deep");
        assert!(error.span.start < 8 * MAX_DEPTH as u32, "{error:?}");
    }
    let mut bomb = "a0: &a0 [x]\n".to_owned();
    for i in 1..100 {
        let _ = writeln!(bomb, "a{i}: &a{i} [{}]", vec![format!("*a{}", i - 1); 9].join(", "));
    }
    assert_eq!(read(&bomb).expect("aliases stay references").len(), 100 * 11 - 7);
    let many = 50_000;
    for text in [
        format!("a: {}", "x".repeat(4 << 20)),
        format!("a: \"{}\"", "x y".repeat(1 << 20)),
        format!("{{{}: b}}", "x".repeat(60_000)),
        format!("{{? \"{}\" : b}}", "x".repeat(4 << 20)),
        (0..many).map(|i| format!("- &a{i} x\n- *a{i}\n")).collect(),
        format!("a: [{}]", "{b: c}, ".repeat(many)),
        format!("a: {{{}}}", (0..many).map(|i| format!("k{i}: v, ")).collect::<String>()),
        format!("a: &a {{x: 1}}\nb:\n{}", "  <<: *a\n".repeat(many)),
    ] {
        assert!(read(&text).is_ok(), "{:?}", read(&text).map(|tree| tree.len()));
    }
}

/// Every file below a folder, sorted.
fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = std::fs::read_dir(folder) else { continue };
        for path in entries.flatten().map(|entry| entry.path()) {
            if path.is_dir() { folders.push(path) } else { files.push(path) }
        }
    }
    files.sort();
    files
}

#[test]
#[expect(clippy::print_stderr, reason = "says why it checks nothing")]
fn real_documents() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus");
    if !folder.is_dir() {
        eprintln!("skipped: no folder {}", folder.display());
        return;
    }
    let mut checked = 0;
    for path in files_below(&folder) {
        let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
        if !matches!(extension, "json" | "yaml" | "yml") {
            continue;
        }
        let Ok(text) = std::fs::read_to_string(&path) else { continue };
        let tree = read(&text).unwrap_or_else(|error| panic!("{}: {error:?}", path.display()));
        check_places(&tree, &text, extension == "json");
        if extension == "json" {
            match serde_json::from_str(text.trim_start_matches('\u{FEFF}')) {
                Ok(value) => assert_eq!(difference(tree.root(), &value), None, "{}", path.display()),
                Err(error) => assert!(is_known_limit(&error), "{}: {error}", path.display()),
            }
        }
        checked += 1;
    }
    assert!(checked > 0, "the corpus holds no documents");
}
