//! Several documents in one run: audited at once, reported as if one after the other.

mod support;

use std::path::Path;

use serde_json::Value;
use support::run;

/// Every document of the fixtures that is an API description, largest first and smallest first in turn.
fn documents() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let mut files: Vec<(u64, String)> = std::fs::read_dir(folder)
        .expect("the fixtures")
        .map(|entry| entry.expect("an entry"))
        .filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_file()))
        .map(|entry| {
            (entry.metadata().map_or(0, |data| data.len()), format!("fixtures/{}", entry.file_name().to_string_lossy()))
        })
        .filter(|(_, name)| name.ends_with(".yaml") || name.ends_with(".json"))
        .collect();
    files.sort();
    let (small, large) = files.split_at(files.len() / 2);
    let turns = large.iter().rev().zip(small).flat_map(|(large, small)| [large.1.clone(), small.1.clone()]);
    turns.collect()
}

fn report(files: &[String]) -> (String, Value) {
    let mut arguments = vec!["audit", "--format", "json", "--no-config"];
    arguments.extend(files.iter().map(String::as_str));
    let text = run(&arguments).stdout;
    let value = serde_json::from_str(&text).expect("a report");
    (text, value)
}

#[test]
fn many_documents_are_reported_as_one_after_the_other() {
    let files = documents();
    assert!(files.len() >= 6, "too few to tell");
    let (text, whole) = report(&files);
    for _ in 0..3 {
        assert_eq!(report(&files).0, text, "the same run says something else");
    }
    let alone: Vec<Value> = files.iter().map(|file| report(std::slice::from_ref(file)).1).collect();
    let joined = |part: &str| -> Vec<Value> {
        alone.iter().flat_map(|report| report[part].as_array().expect("a list").clone()).collect()
    };
    for part in ["documents", "operations"] {
        assert_eq!(whole[part].as_array().expect("a list"), &joined(part), "{part} in the order given");
    }
    // Findings stand in the order of their severity; each document's keep theirs.
    for (file, alone) in files.iter().zip(&alone) {
        let of_file = |report: &Value| -> Vec<(String, String, Value)> {
            let findings = report["findings"].as_array().expect("a list").iter();
            findings
                .filter(|finding| finding["location"]["file"] == *file)
                .map(|finding| {
                    (finding["rule"].to_string(), finding["message"].to_string(), finding["location"].clone())
                })
                .collect()
        };
        assert_eq!(of_file(&whole), of_file(alone), "{file}");
    }
}
