//! Calls for the guard, made from what its rules say of themselves.

#![allow(dead_code, reason = "each test program uses a part")]

use std::path::{Path, PathBuf};

use mcpsentry::source::{Source, SourceId};
use mcpsentry::syntax::{self, Node};

/// A generator that gives the same numbers in every run.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit.max(1) as u64) as usize
    }
}

/// The cases of all guard rules that are plain texts: those that must fire, and those that must not.
pub(crate) fn cases() -> (Vec<String>, Vec<String>) {
    let (mut bad, mut good) = (Vec::new(), Vec::new());
    for file in files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("rules/guard")) {
        let source = Source::new(SourceId(0), "rule", std::fs::read_to_string(file).expect("a rule file"));
        let tree = syntax::parse(&source).expect("YAML");
        for (name, texts) in [("bad", &mut bad), ("good", &mut good)] {
            let list = tree.root().get("cases").and_then(|cases| cases.get(name));
            let items = list.into_iter().flat_map(Node::items);
            texts.extend(items.filter_map(Node::as_str).map(|text| text.into_owned()));
        }
    }
    assert!(bad.len() > 100 && good.len() > 100, "{} bad and {} good cases", bad.len(), good.len());
    (bad, good)
}

/// All files below a folder, in the same order everywhere.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    let mut entries: Vec<PathBuf> = entries.collect();
    entries.sort();
    entries.into_iter().flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

/// A call whose arguments are one text.
pub(crate) fn with_text(text: &str) -> String {
    serde_json::json!({ "text": text }).to_string()
}
