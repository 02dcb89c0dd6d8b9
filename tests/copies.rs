//! No text of ours is one of the labelled texts that the guard is measured with: what is measured must not be known.

// A test that skips has to say so.
#![allow(clippy::print_stderr)]

#[path = "support/calls.rs"]
mod calls;

use std::collections::HashSet;
use std::fs;
use std::path::Path;

use serde_json::Value;

/// Texts that anybody would write.
const COMMON: [&str; 1] = ["enable developer mode on android"];

/// Words of a text that is long enough to be somebody's.
const WORDS: usize = 3;

#[test]
fn no_case_is_a_labelled_text() {
    let labelled = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/guard/dev");
    let Ok(entries) = fs::read_dir(&labelled) else {
        eprintln!("skipped: {} is not there", labelled.display());
        return;
    };
    let mut known = HashSet::new();
    for entry in entries {
        let lines = fs::read_to_string(entry.expect("an entry").path()).expect("a file of lines");
        for line in lines.lines() {
            let item: Value = serde_json::from_str(line).expect("an item");
            texts(item.get("text").or_else(|| item.get("arguments")).expect("a text"), &mut known);
        }
    }
    assert!(known.len() > 10_000, "{} labelled texts", known.len());

    let (bad, good) = calls::cases();
    let fixtures = ["attacks.txt", "benign.txt"].map(|name| {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/guard").join(name);
        fs::read_to_string(path).expect("a fixture")
    });
    let lines = fixtures.iter().flat_map(|text| text.lines()).map(|line| line.trim_start_matches('~').to_owned());
    let ours = bad.into_iter().chain(good).chain(lines);
    let copies: Vec<String> = ours
        .filter(|text| {
            let plain = plain(text);
            plain.split(' ').count() >= WORDS && !COMMON.contains(&plain.as_str()) && known.contains(&plain)
        })
        .collect();
    assert!(copies.is_empty(), "these stand word for word in {}: {copies:#?}", labelled.display());
}

/// The texts of an item, and their lines.
fn texts(value: &Value, into: &mut HashSet<String>) {
    match value {
        Value::String(text) => {
            into.insert(plain(text));
            into.extend(text.lines().map(plain));
        }
        Value::Array(items) => items.iter().for_each(|item| texts(item, into)),
        Value::Object(fields) => fields.iter().for_each(|(key, field)| {
            into.insert(plain(key));
            texts(field, into);
        }),
        _ => {}
    }
}

/// The words of a text: neither case nor signs make it another one.
fn plain(text: &str) -> String {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect::<Vec<_>>().join(" ")
}
