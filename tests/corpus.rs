//! Real API documents, where the folder with them is at hand: every one is read whole, every location points at the key
//! that it names, and reports are valid and the same in every run.

// A test that skips has to say so.
#![allow(clippy::print_stderr)]

mod support;
#[path = "support/sarif.rs"]
mod valid;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};

use openapiv3::OpenAPI;
use serde_json::Value;
use support::{Scratch, run_in};
use valid::validate;

/// Path of each document below the corpus, as its index lists them.
fn documents() -> Option<(PathBuf, Vec<String>)> {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus");
    let Ok(index) = std::fs::read_to_string(corpus.join("INDEX.tsv")) else {
        eprintln!("skipped: there is no corpus at {}", corpus.display());
        return None;
    };
    let names: Vec<String> =
        index.lines().skip(1).filter_map(|line| line.split('\t').next()).map(str::to_owned).collect();
    assert!(!names.is_empty(), "the corpus index lists no document");
    Some((corpus, names))
}

/// What was compared over all documents.
#[derive(Default)]
struct Compared {
    counted: AtomicU32,
    by_model: AtomicU32,
}

#[test]
fn every_document_is_read_whole() {
    let Some((corpus, names)) = documents() else { return };
    let compared = Compared::default();
    let next = AtomicUsize::new(0);
    // A panic in a thread is one of the test.
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while let Some(name) = names.get(next.fetch_add(1, Ordering::Relaxed)) {
                    check(&corpus, name, &compared);
                }
            });
        }
    });
    let all = u32::try_from(names.len()).expect("some documents");
    let (counted, by_model) = (compared.counted.into_inner(), compared.by_model.into_inner());
    eprintln!("{all} documents: operations counted of {counted}, compared with openapiv3 of {by_model}");
    assert!(counted * 10 > all * 9, "operations of only {counted} documents could be counted");
    assert!(by_model > 40, "only {by_model} documents could be compared");
}

/// All that has to hold for a document: it is read, its operations are all there, places are right, the reports are valid
/// and the same in a second run.
fn check(corpus: &Path, name: &str, compared: &Compared) {
    let scratch = Scratch::new();
    let run = |number: u32| {
        let sarif = scratch.path().join(format!("{number}.sarif"));
        let output = format!("sarif={}", sarif.display());
        let arguments =
            ["audit", name, "--format", "json", "--output", &output, "--select", "strict", "--persona", "auditor"];
        (run_in(corpus, &arguments), std::fs::read_to_string(sarif).unwrap_or_default())
    };
    let ((first, sarif), second) = (run(1), run(2));
    assert!((0..=1).contains(&first.code) || first.code == 3, "{name}: {}: {}", first.code, first.stderr);
    assert!(second.0.stdout == first.stdout, "two runs differ in the JSON report of {name}");
    assert!(second.0.stderr == first.stderr, "two runs differ in what they tell of {name}");
    assert!(second.1 == sarif, "two runs differ in the SARIF report of {name}");
    let report = first.json();
    let not_checked = report["not_checked"].as_array().expect("a list");
    assert!(first.code != 3 || !not_checked.is_empty(), "{name} says nothing");

    let text = std::fs::read_to_string(corpus.join(name)).expect("a text");
    if let Some(root) = value(&text) {
        if let Some(expected) = counted(&root) {
            assert_eq!(report["total_routes"], expected, "operations of {name}");
            compared.counted.fetch_add(1, Ordering::Relaxed);
        }
        if let Some(expected) = by_model(root) {
            assert_eq!(operations(&report), expected, "{name}");
            compared.by_model.fetch_add(1, Ordering::Relaxed);
        }
    }

    let mut lines = Lines::default();
    let lists = ["operations", "findings"].map(|key| report[key].as_array().expect("a list"));
    for entry in lists.into_iter().flatten() {
        points_at_its_key(corpus, &entry["location"], &mut lines);
    }
    let mut log: Value = serde_json::from_str(&sarif).expect("SARIF is JSON");
    let results = log["runs"][0]["results"].as_array_mut().expect("results");
    let kept = results.len().min(VALIDATED);
    results.truncate(kept);
    validate(&log);
}

/// Most results of a document that are held against the schema: all come from the same few lines of code.
const VALIDATED: usize = 40;

/// The operations of a report.
fn operations(report: &Value) -> Vec<String> {
    let text = |operation: &Value, key: &str| operation[key].as_str().unwrap_or_default().to_owned();
    let operations = report["operations"].as_array().expect("a list").iter();
    let mut found: Vec<String> =
        operations.map(|operation| format!("{} {}", text(operation, "method"), text(operation, "path"))).collect();
    found.sort();
    found
}

/// The operations that the model of `openapiv3` finds. It reads some two thirds of real documents, and no other version.
fn by_model(root: Value) -> Option<Vec<String>> {
    if !root["openapi"].as_str()?.starts_with("3.0") {
        return None;
    }
    let document: OpenAPI = serde_json::from_value(root).ok()?;
    let mut found: Vec<String> =
        document.operations().map(|(path, method, _)| format!("{} {path}", method.to_uppercase())).collect();
    found.sort();
    Some(found)
}

/// A document, read without any of our code.
fn value(text: &str) -> Option<Value> {
    let text = text.trim_start_matches('\u{feff}');
    serde_json::from_str(text).ok().or_else(|| {
        let mut root: serde_yaml::Value = serde_yaml::from_str(text).ok()?;
        root.apply_merge().ok()?;
        plain(root)
    })
}

/// YAML as JSON: keys become texts.
fn plain(value: serde_yaml::Value) -> Option<Value> {
    Some(match value {
        serde_yaml::Value::Sequence(items) => Value::Array(items.into_iter().map(plain).collect::<Option<_>>()?),
        serde_yaml::Value::Mapping(members) => {
            let member = |(key, value)| Some((key_text(key)?, plain(value)?));
            Value::Object(members.into_iter().map(member).collect::<Option<_>>()?)
        }
        serde_yaml::Value::Tagged(tagged) => plain(tagged.value)?,
        scalar => serde_json::to_value(scalar).ok()?,
    })
}

fn key_text(key: serde_yaml::Value) -> Option<String> {
    match key {
        serde_yaml::Value::String(text) => Some(text),
        serde_yaml::Value::Number(number) => Some(number.to_string()),
        serde_yaml::Value::Bool(truth) => Some(truth.to_string()),
        serde_yaml::Value::Null => Some("null".to_owned()),
        _ => None,
    }
}

/// Operations of a document, counted without any of our code; none where another file has to be read.
fn counted(root: &Value) -> Option<usize> {
    let paths = root.get("paths").and_then(Value::as_object);
    let methods = ["get", "put", "post", "delete", "options", "head", "patch", "trace", "query"];
    let mut count = 0;
    for (_, item) in paths.into_iter().flatten().filter(|(path, _)| !path.starts_with("x-")) {
        let target = match item.get("$ref").and_then(Value::as_str) {
            Some(reference) => Some(root.pointer(reference.strip_prefix('#')?)?),
            None => None,
        };
        let has = |method: &&str| {
            [Some(item), target].into_iter().flatten().any(|item| item.get(method).is_some_and(Value::is_object))
        };
        count += methods.iter().filter(|method| has(method)).count();
    }
    Some(count)
}

/// The lines of each file that locations name.
type Lines = HashMap<String, Vec<String>>;

/// The text between a location's columns is the last token of its pointer.
fn points_at_its_key(corpus: &Path, location: &Value, lines: &mut Lines) {
    let part = |key: &str| location[key].as_u64().expect("a number") as usize;
    let file = location["file"].as_str().expect("a file");
    let lines = lines.entry(file.to_owned()).or_insert_with(|| {
        let text = std::fs::read_to_string(corpus.join(file)).expect("a text");
        text.trim_start_matches('\u{feff}').lines().map(str::to_owned).collect()
    });
    let line = lines.get(part("line") - 1).expect("a line of the file");
    assert_eq!(part("line"), part("end_line"), "{location}");
    let named: String = line.chars().skip(part("column") - 1).take(part("end_column") - part("column")).collect();
    let pointer = location["pointer"].as_str().expect("a pointer");
    let token = pointer.rsplit('/').next().unwrap_or_default().replace("~1", "/").replace("~0", "~");
    assert_eq!(named.trim_matches(['"', '\'']), token, "{location}");
}

#[test]
fn the_published_case_study_comes_out_as_published() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/case");
    let Ok(expected) = std::fs::read_to_string(folder.join("expected.tsv")) else {
        eprintln!("skipped: there is no case study at {}", folder.display());
        return;
    };
    let mut compared = 0;
    for line in expected.lines().skip(1) {
        let columns: Vec<&str> = line.split('\t').collect();
        let run = run_in(&folder, &["audit", columns[0], "--format", "json", "--select", "core"]);
        let summary = &run.json()["summary"];
        let found = ["critical", "high", "medium", "low"].map(|severity| summary[severity].to_string());
        assert_eq!(found.as_slice(), &columns[1..5], "{}", columns[0]);
        assert_eq!(run.code == 1, columns[5] == "yes", "{}", columns[0]);
        compared += 1;
    }
    assert!(compared > 0, "the case study is empty");
}
