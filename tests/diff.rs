//! What a change does to what is exposed: each folder of `tests/diff` holds `old`, `new` and what is said of them.
//!
//! `expect` has the exit code and one line for each change: level, kind, tool, sentence, details. `flags` may name
//! further arguments. `UPDATE_DIFF=1 cargo test --test diff` writes what the program says.

mod support;
#[path = "support/sarif.rs"]
mod valid;

use std::fmt::Write;
use std::path::{Path, PathBuf};

use serde_json::Value;
use support::{Run, Scratch, run, run_in, run_with_input};

/// The folders of `tests/diff`.
fn cases() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/diff");
    let entries = std::fs::read_dir(folder).expect("the cases");
    let mut cases: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    cases.sort();
    assert!(cases.len() > 10, "only {} cases", cases.len());
    cases
}

/// `old.yaml` or `old.json`.
fn side(case: &Path, name: &str) -> String {
    let found = ["yaml", "json"].map(|kind| format!("{name}.{kind}")).into_iter().find(|file| case.join(file).exists());
    found.unwrap_or_else(|| panic!("no {name} in {}", case.display()))
}

fn flags(case: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(case.join("flags")).unwrap_or_default();
    text.split_whitespace().map(str::to_owned).collect()
}

/// Runs the program in the folder of a case, with the rules that stay the same.
fn diff(case: &Path, old: &str, new: &str, more: &[&str]) -> Run {
    let flags = flags(case);
    let mut arguments = vec!["diff", old, new, "--select", "core"];
    arguments.extend(flags.iter().map(String::as_str));
    arguments.extend(more);
    run_in(case, &arguments)
}

fn told(run: &Run) -> String {
    let report = run.json();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let mut told = format!("exit {}\n", run.code);
    for change in report["changes"].as_array().expect("a list") {
        let label = match (change["method"].as_str(), change["path"].as_str()) {
            (Some(method), Some(path)) => format!("{method} {path}"),
            _ => text(&change["name"]),
        };
        let _ = writeln!(
            told,
            "{} {} {label}: {}",
            text(&change["level"]),
            text(&change["class"]),
            text(&change["message"])
        );
        for detail in change["details"].as_array().expect("a list") {
            let _ = writeln!(told, "    {}", text(detail));
        }
    }
    for note in report["notes"].as_array().expect("a list") {
        let _ = writeln!(told, "note: {}", text(note));
    }
    told
}

#[test]
fn changes_are_told_as_written() {
    let mut wrong = Vec::new();
    for case in cases() {
        let run = diff(&case, &side(&case, "old"), &side(&case, "new"), &["--format", "json"]);
        let real = told(&run);
        let path = case.join("expect");
        if std::env::var_os("UPDATE_DIFF").is_some() {
            std::fs::write(path, real).expect("written");
            continue;
        }
        let written = std::fs::read_to_string(path).expect("what is expected");
        if real != written {
            wrong.push(format!("{}\n--- written\n{written}\n--- real\n{real}", case.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn a_lock_says_the_same_as_the_document_that_it_was_made_of() {
    for case in cases() {
        let scratch = Scratch::new();
        let (old, new) = (side(&case, "old"), side(&case, "new"));
        let lock = |side: &str, file: &str| {
            let path = scratch.path().join(file).to_string_lossy().into_owned();
            let run = run_in(&case, &["lock", side, "--select", "core", "--output", &path, "--allow-unchecked"]);
            assert_eq!(run.code, 0, "{}", run.stderr);
            path
        };
        let (old_lock, new_lock) = (lock(&old, "old.lock"), lock(&new, "new.lock"));
        let direct = diff(&case, &old, &new, &["--format", "json", "--allow-unchecked"]);
        for (old, new) in [(&old_lock, &new), (&old, &new_lock), (&old_lock, &new_lock)] {
            let run = diff(&case, old, new, &["--format", "json", "--allow-unchecked"]);
            assert_eq!(told(&run), told(&direct), "{old} {new}");
        }
        for (old, new) in [(&new_lock, &new), (&new, &new)] {
            let run = diff(&case, old, new, &["--format", "json", "--allow-unchecked"]);
            assert_eq!(told(&run), "exit 0\n", "{old} {new}");
        }
        let text = std::fs::read_to_string(&old_lock).expect("a lock");
        serde_yaml::from_str::<Value>(&text).unwrap_or_else(|error| panic!("{error} in {text}"));
    }
}

#[test]
fn every_change_has_a_place_and_every_report_is_whole() {
    for case in cases() {
        let (old, new) = (side(&case, "old"), side(&case, "new"));
        let json = diff(&case, &old, &new, &["--format", "json"]);
        let report = json.json();
        let changes = report["changes"].as_array().expect("a list");
        for change in changes {
            let line = change["location"]["line"].as_u64().expect("a line");
            assert!(line > 0 || change["name"].is_null(), "{change}");
        }
        let sarif = diff(&case, &old, &new, &["--format", "sarif"]);
        let log = sarif.json();
        valid::validate(&log);
        let results = log["runs"][0]["results"].as_array().expect("a list");
        let riskier = changes.iter().filter(|change| change["level"] != "info").count();
        assert_eq!(results.len(), riskier);
        let markdown = diff(&case, &old, &new, &["--format", "markdown"]);
        let text = diff(&case, &old, &new, &[]);
        for run in [&sarif, &markdown, &text] {
            assert_eq!(run.code, json.code, "the same gate in every format");
        }
        for change in changes {
            let class = change["class"].as_str().expect("a class");
            assert!(text.stdout.contains(class) && markdown.stdout.contains(class), "{class}");
        }
    }
}

#[test]
fn nothing_to_compare_and_bad_input_are_no_pass() {
    let scratch = Scratch::new();
    let api = |paths: &str| format!("openapi: 3.0.3\ninfo: {{ title: a, version: '1' }}\npaths: {paths}\n");
    scratch.write("api.yaml", api("{ /a: { get: { operationId: a, description: Gives one., responses: {} } } }"));
    scratch.write("none.yaml", api("{}"));
    scratch.write("other.yaml", "just: data\n");
    scratch.write("broken.yaml", "openapi: [\n");
    scratch.write("old.lock", "mcpsentry_lock: 9\ntools: []\n");
    scratch.write("torn.lock", "mcpsentry_lock: 1\nrules: []\ntools:\n  - method: GET\n");
    for (old, new, code, says) in [
        ("api.yaml", "none.yaml", 3, "describes no operation"),
        ("other.yaml", "api.yaml", 3, "nothing in it that could be compared"),
        ("api.yaml", "other.yaml", 3, "nothing in it that could be compared"),
        ("api.yaml", "broken.yaml", 2, "broken.yaml:"),
        ("broken.yaml", "api.yaml", 2, "broken.yaml:"),
        ("missing.yaml", "api.yaml", 2, "no such file"),
        ("old.lock", "api.yaml", 2, "old.lock:1:17: version 9"),
        ("torn.lock", "api.yaml", 2, "torn.lock:4:5: `effect` is missing"),
        ("-", "-", 2, "standard input"),
    ] {
        let run = run_in(scratch.path(), &["diff", old, new]);
        assert_eq!(run.code, code, "{old} {new}: {}{}", run.stdout, run.stderr);
        assert!(format!("{}{}", run.stdout, run.stderr).contains(says), "{old} {new}: {}{}", run.stdout, run.stderr);
    }
    // What was empty is now exposed.
    let run = run_in(scratch.path(), &["diff", "none.yaml", "api.yaml", "--allow-unchecked"]);
    assert_eq!(run.code, 1, "{}{}", run.stdout, run.stderr);
    let run = run_in(scratch.path(), &["diff", "api.yaml", "api.yaml", "--fail-on", "exposd"]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("did you mean `exposed`?"), "{}", run.stderr);
    let run = run_in(scratch.path(), &["lock", "none.yaml"]);
    assert_eq!((run.code, run.stdout.as_str()), (3, ""));
    let run = run_in(scratch.path(), &["audit", "torn.lock"]);
    assert_eq!(run.code, 2, "{}", run.stderr);
}

#[test]
fn the_gate_is_a_level_or_a_kind_of_change() {
    let case = |name: &str| Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/diff").join(name);
    for (name, gate, code) in [
        ("described", "medium", 1),
        ("described", "high", 0),
        ("described", "high,description-changed", 1),
        ("described", "never", 0),
        ("moved", "renamed", 1),
        ("exposed", "critical", 1),
        ("exposed", "never,removed", 1),
        ("exposed", "never", 0),
    ] {
        let run = diff(&case(name), "old.yaml", "new.yaml", &["--fail-on", gate]);
        assert_eq!(run.code, code, "{name} {gate}: {}", run.stdout);
    }
}

#[test]
fn a_side_may_come_from_standard_input() {
    let old = std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/diff/exposed/old.yaml")).expect("a file");
    let new = "tests/diff/exposed/new.yaml";
    let from = run_with_input(&["diff", "-", new, "--stdin-name", "main:openapi.yaml", "--format", "json"], &old);
    assert_eq!(from.code, 1);
    assert_eq!(from.json()["old"]["name"], "main:openapi.yaml");
    let lock = run(&["lock", "tests/diff/exposed/old.yaml"]).stdout;
    let from = run_with_input(&["diff", "-", new, "--format", "json"], lock.as_bytes());
    // The last one is about the document: what is newly exposed asks for no credentials.
    assert_eq!(from.json()["changes"].as_array().expect("a list").len(), 5);
}

#[test]
fn a_hostile_document_says_nothing_raw() {
    let scratch = Scratch::new();
    let name = r"x\u001b[31m\u202e | `a` [l](http://e.example) @all <img src=x> \udb40\udc41";
    let api = |text: &str| {
        format!(
            r#"{{"openapi": "3.0.3", "info": {{"title": "a", "version": "1"}}, "paths": {{"/{name}": {{"get": {{
                "operationId": "{name}", "description": "{text}", "parameters": [{{"in": "query", "name": "{name}",
                "description": "{text}", "schema": {{"type": "string", "enum": ["{name}"]}}}}], "responses": {{}}}}}}}}}}"#
        )
    };
    scratch.write("old.json", api("one"));
    scratch.write("new.json", api(name));
    let run = run_in(scratch.path(), &["lock", "old.json", "-o", "old.lock"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let same = run_in(scratch.path(), &["diff", "old.lock", "old.json"]);
    assert_eq!(same.code, 0, "{}", same.stdout);
    let lock = std::fs::read_to_string(scratch.path().join("old.lock")).expect("a lock");
    let mut outputs = vec![lock];
    for format in ["text", "json", "sarif", "markdown"] {
        let run = run_in(scratch.path(), &["diff", "old.lock", "new.json", "--format", format]);
        assert_eq!(run.code, 1);
        outputs.push(run.stdout);
    }
    for output in &outputs {
        assert!(!output.contains(['\u{1b}', '\u{202e}', '\u{e0041}']), "{output}");
    }
    let markdown = outputs.last().expect("the last one");
    for raw in ["<img", "[l](", "@all", "| `a`", "http://"] {
        assert!(!markdown.contains(raw), "{raw} in {markdown}");
    }
}
