//! Whether what the rules say is right, on operations that people labelled, and how much they say, on real documents;
//! where the folders with them are at hand.
//!
//! The table in CONTRIBUTING.md is the floor: a figure that falls below it fails. `UPDATE_GOLD=1 cargo test --test gold`
//! measures and writes it anew.

// A test that skips has to say so.
#![allow(clippy::print_stderr)]

mod support;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use serde_json::Value;
use support::run_in;

/// Rules and the flag that a label has where the rule is right; without one, what an operation does to the state tells.
const RULES: [(&str, Option<&str>); 12] = [
    ("exposed-auth", Some("auth")),
    ("exposed-admin", Some("admin")),
    ("privilege-change", Some("privilege")),
    ("destructive-operation", None),
    ("sensitive-parameter", Some("credential_param")),
    ("pii-in-response", Some("pii_response")),
    ("secret-in-response", Some("secret_response")),
    ("url-parameter", Some("url_param")),
    ("code-parameter", Some("code_param")),
    ("money-movement", Some("money")),
    ("outbound-message", Some("outbound")),
    ("bulk-change", Some("bulk")),
];

/// Most findings for each operation, over all rules that run by default: the median of the documents, and any of them.
const NOISE: (f64, f64) = (2.0, 6.0);

/// What a figure may lose without failing: it is written with two digits.
const ROUNDING: f64 = 0.006;

const START: &str = "<!-- gold -->\n";
const END: &str = "<!-- /gold -->";

fn shared(name: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared").join(name);
    if !path.exists() {
        eprintln!("skipped: there is nothing at {}", path.display());
        return None;
    }
    Some(path)
}

/// How often a rule was right and wrong.
#[derive(Default, Clone, Copy)]
struct Score {
    right: u32,
    said: u32,
    labelled: u32,
}

impl Score {
    fn precision(self) -> f64 {
        f64::from(self.right) / f64::from(self.said.max(1))
    }

    fn recall(self) -> f64 {
        f64::from(self.right) / f64::from(self.labelled.max(1))
    }

    fn f1(self) -> f64 {
        let (precision, recall) = (self.precision(), self.recall());
        if precision + recall > 0.0 { 2.0 * precision * recall / (precision + recall) } else { 0.0 }
    }
}

type Key = (String, String);

fn key(value: &Value) -> Key {
    let text = |name: &str| value[name].as_str().unwrap_or_default().to_owned();
    (text("method").to_uppercase(), text("path"))
}

fn is_true(rule: Option<&str>, label: &Value) -> bool {
    match rule {
        Some(flag) => label["flags"].as_array().is_some_and(|flags| flags.iter().any(|known| known == flag)),
        None => {
            let update = label["effect"] == "write" && (label["method"] == "PUT" || label["method"] == "PATCH");
            label["effect"] == "destructive" || update
        }
    }
}

#[test]
fn the_rules_are_as_right_as_they_were() {
    let (Some(gold), Some(corpus)) = (shared("gold/dev.jsonl"), shared("corpus")) else { return };
    let labels = std::fs::read_to_string(gold).expect("labels");
    let mut documents: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for line in labels.lines() {
        let label: Value = serde_json::from_str(line).expect("a label");
        documents.entry(label["doc"].as_str().expect("a document").to_owned()).or_default().push(label);
    }
    // Of all documents, and of the first and second of each two.
    let mut scores = [[Score::default(); 3]; RULES.len()];
    let (mut agree, mut effects) = (0_u32, 0_u32);
    for (number, (document, labels)) in documents.iter().enumerate() {
        let report = run_in(&corpus, &["audit", document, "--format", "json"]).json();
        let list = |name: &str| report[name].as_array().expect("a list").iter();
        let said: HashSet<(Key, &str)> =
            list("findings").map(|finding| (key(finding), finding["rule"].as_str().expect("an id"))).collect();
        let known: HashMap<Key, &Value> = list("operations").map(|operation| (key(operation), operation)).collect();
        for label in labels {
            let key = key(label);
            let operation = known.get(&key).unwrap_or_else(|| panic!("{document} has no {} {}", key.0, key.1));
            effects += 1;
            agree += u32::from(operation["effect"] == label["effect"]);
            for (score, (rule, flag)) in scores.iter_mut().zip(RULES) {
                let (says, truth) = (said.contains(&(key.clone(), rule)), is_true(flag, label));
                for part in [0, 1 + number % 2] {
                    score[part].said += u32::from(says);
                    score[part].labelled += u32::from(truth);
                    score[part].right += u32::from(says && truth);
                }
            }
        }
    }
    let mean = scores.iter().map(|score| score[0].f1()).sum::<f64>() / RULES.len() as f64;
    let effect = f64::from(agree) / f64::from(effects);
    let table = table(&scores, mean, effect, effects, documents.len());
    eprintln!("{table}");
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("CONTRIBUTING.md");
    let text = std::fs::read_to_string(&path).expect("CONTRIBUTING.md");
    let start = text.find(START).expect("a place for the table") + START.len();
    let end = start + text[start..].find(END).expect("an end of the table");
    if std::env::var_os("UPDATE_GOLD").is_some() {
        std::fs::write(path, format!("{}{table}{}", &text[..start], &text[end..])).expect("written");
        return;
    }
    let floor = |name: &str| -> Vec<f64> {
        let row = text[start..end].lines().find(|line| line.contains(name));
        let row = row.unwrap_or_else(|| panic!("no row {name} in CONTRIBUTING.md; UPDATE_GOLD=1 writes it"));
        row.split('|').filter_map(|cell| cell.trim().parse().ok()).collect()
    };
    for (score, (rule, _)) in scores.iter().zip(RULES) {
        let floor = floor(&format!("`{rule}`"));
        let found = [score[0].precision(), score[0].recall()];
        for (found, floor) in found.into_iter().zip(floor) {
            assert!(found + ROUNDING >= floor, "{rule} fell to {found:.2} from {floor}\n{table}");
        }
    }
    for (name, found) in [("mean", mean), ("effect", effect)] {
        let floor = *floor(&format!("| {name}")).last().expect("a figure");
        assert!(found + ROUNDING >= floor, "{name} fell to {found:.2} from {floor}\n{table}");
    }
}

fn table(scores: &[[Score; 3]], mean: f64, effect: f64, operations: u32, documents: usize) -> String {
    let now = humantime::format_rfc3339_seconds(std::time::SystemTime::now()).to_string();
    let mut table = String::from(
        "| rule | precision | recall | F1 | of one half | of the other |\n| --- | --- | --- | --- | --- | --- |\n",
    );
    for (score, (rule, _)) in scores.iter().zip(RULES) {
        let [all, one, other] = score;
        let (precision, recall, f1) = (all.precision(), all.recall(), all.f1());
        let halves = format!("{:.2} | {:.2}", one.f1(), other.f1());
        writeln!(table, "| `{rule}` | {precision:.2} | {recall:.2} | {f1:.2} | {halves} |").expect("written");
    }
    writeln!(table, "| mean F1 | | | {mean:.2} | | |").expect("written");
    writeln!(table, "| effect agrees | | | {effect:.2} | | |").expect("written");
    let day = &now[..10];
    writeln!(table, "\nMeasured on {day}, on {operations} operations of {documents} documents.").expect("written");
    table
}

#[test]
fn the_rules_make_no_noise() {
    let Some(corpus) = shared("corpus") else { return };
    let index = std::fs::read_to_string(corpus.join("INDEX.tsv")).expect("an index");
    let mut ratios: Vec<(f64, &str)> = Vec::new();
    for name in index.lines().skip(1).filter_map(|line| line.split('\t').next()) {
        let report = run_in(&corpus, &["audit", name, "--format", "json"]).json();
        let count = |list: &str| report[list].as_array().map_or(0, Vec::len) as f64;
        if count("operations") > 0.0 {
            ratios.push((count("findings") / count("operations"), name));
        }
    }
    ratios.sort_by(|one, other| one.0.total_cmp(&other.0));
    let (median, (most, name)) = (ratios[ratios.len() / 2].0, ratios[ratios.len() - 1]);
    eprintln!("findings for each operation: median {median:.2}, at most {most:.2} ({name})");
    assert!(median <= NOISE.0, "median {median:.2} findings for each operation");
    assert!(most <= NOISE.1, "{name} has {most:.2} findings for each operation");
}
