//! Real API documents, where the folder with them is at hand: every one is read whole, and every location points at
//! the key that it names.

// A test that skips has to say so.
#![allow(clippy::print_stderr)]

mod support;

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use openapiv3::OpenAPI;
use serde_json::Value;
use support::run_in;

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

#[test]
fn every_document_is_read_whole() {
    let Some((corpus, names)) = documents() else { return };
    for name in &names {
        let run = run_in(&corpus, &["audit", name, "--format", "json", "--select", "strict", "--persona", "auditor"]);
        assert!((0..=1).contains(&run.code) || run.code == 3, "{name}: {}: {}", run.code, run.stderr);
        let report = run.json();
        let text = std::fs::read_to_string(corpus.join(name)).expect("a text");
        if let Some(expected) = counted(&text) {
            assert_eq!(report["total_routes"], expected, "operations of {name}");
        }
        assert!(run.code != 3 || !report["not_checked"].as_array().expect("a list").is_empty(), "{name} says nothing");
        let mut lines = Lines::default();
        let lists = ["operations", "findings"].map(|key| report[key].as_array().expect("a list"));
        for entry in lists.into_iter().flatten() {
            points_at_its_key(&corpus, &entry["location"], &mut lines);
        }
    }
}

#[test]
fn openapiv3_finds_the_same_operations() {
    let Some((corpus, names)) = documents() else { return };
    let mut compared = 0;
    for name in names.iter().filter(|name| name.ends_with(".json")) {
        let text = std::fs::read_to_string(corpus.join(name)).expect("a text");
        // It reads some two thirds of real documents.
        let Ok(document) = serde_json::from_str::<OpenAPI>(&text) else { continue };
        let mut expected: Vec<String> =
            document.operations().map(|(path, method, _)| format!("{} {path}", method.to_uppercase())).collect();
        let report = run_in(&corpus, &["audit", name, "--format", "json"]).json();
        let operations = report["operations"].as_array().expect("a list");
        let mut found: Vec<String> = operations
            .iter()
            .map(|operation| {
                format!(
                    "{} {}",
                    operation["method"].as_str().unwrap_or_default(),
                    operation["path"].as_str().unwrap_or_default()
                )
            })
            .collect();
        expected.sort();
        found.sort();
        assert_eq!(found, expected, "{name}");
        compared += 1;
    }
    assert!(compared > 10, "only {compared} documents could be compared");
}

/// Operations of a document, counted without any of our code; none where path items or methods are references.
fn counted(text: &str) -> Option<usize> {
    let text = text.trim_start_matches('\u{feff}');
    let root: Value = serde_json::from_str(text).or_else(|_| serde_yaml::from_str(text)).ok()?;
    let paths = root.get("paths").and_then(Value::as_object);
    let methods = ["get", "put", "post", "delete", "options", "head", "patch", "trace", "query"];
    let mut count = 0;
    for (path, item) in paths.into_iter().flatten() {
        if path.starts_with("x-") {
            continue;
        }
        if item.get("$ref").is_some() {
            return None;
        }
        count += methods.iter().filter(|method| item.get(method).is_some_and(Value::is_object)).count();
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
