//! Every annotated document gives exactly the findings it announces, on the lines where it announces them.
//!
//! In YAML a line says `# expect: rule-id, rule-id`; beside any other document stands a file `NAME.expect` with one
//! `LINE rule-id` a line.

mod support;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

type Expectation = (String, u64, String);

#[test]
fn documents_give_what_they_announce() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut documents = 0;
    let entries = |folder: &str| std::fs::read_dir(root.join(folder)).expect("the fixtures");
    for entry in entries("fixtures").chain(entries("fixtures/listings")) {
        let path = entry.expect("an entry").path();
        if path.ends_with("guard") || path.ends_with("listings") {
            // Texts for scans; lists of routes, each a document of its own.
            continue;
        }
        let main = if path.is_dir() { path.join("openapi.yaml") } else { path.clone() };
        if main.extension().is_some_and(|extension| extension == "expect") {
            continue;
        }
        let mut expected = BTreeSet::new();
        for file in files(&path) {
            announced(root, &file, &mut expected);
        }
        assert_eq!(found(root, &main), expected, "findings (left) and announcements (right) of {}", main.display());
        documents += 1;
    }
    assert!(documents >= 8, "only {documents} documents");
}

fn files(path: &Path) -> Vec<PathBuf> {
    if !path.is_dir() {
        return vec![path.to_path_buf()];
    }
    let entries = std::fs::read_dir(path).expect("a folder");
    entries.flat_map(|entry| files(&entry.expect("an entry").path())).collect()
}

fn announced(root: &Path, file: &Path, into: &mut BTreeSet<Expectation>) {
    let name = file.strip_prefix(root).expect("below the project").to_string_lossy().replace('\\', "/");
    if file.extension().is_some_and(|extension| extension == "json" || extension == "txt") {
        let expectations = std::fs::read_to_string(format!("{}.expect", file.display())).expect("a .expect file");
        for line in expectations.lines() {
            let (number, rule) = line.split_once(' ').expect("LINE rule-id");
            into.insert((name.clone(), number.parse().expect("a line number"), rule.to_owned()));
        }
        return;
    }
    let text = std::fs::read_to_string(file).expect("a text");
    for (number, line) in text.lines().enumerate() {
        for rule in
            line.split_once("# expect: ").map_or("", |(_, rules)| rules).split(", ").filter(|rule| !rule.is_empty())
        {
            into.insert((name.clone(), number as u64 + 1, rule.to_owned()));
        }
    }
}

fn found(root: &Path, document: &Path) -> BTreeSet<Expectation> {
    let name = document.strip_prefix(root).expect("below the project").to_string_lossy().into_owned();
    let run = support::run(&["audit", &name, "--format", "json", "--select", "strict", "--persona", "auditor"]);
    let report = run.json();
    let findings = report["findings"].as_array().expect("a list");
    findings
        .iter()
        .map(|finding| {
            let location = &finding["location"];
            (
                location["file"].as_str().expect("a file").to_owned(),
                location["line"].as_u64().expect("a line"),
                finding["rule"].as_str().expect("a rule").to_owned(),
            )
        })
        .collect()
}
