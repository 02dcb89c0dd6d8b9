//! Documents with random damage never stop the program: they are read, or refused with a place.

use std::path::Path;
use std::sync::Arc;

use mcpsentry::audit::{self, Context};
use mcpsentry::config::Exceptions;
use mcpsentry::finding;
use mcpsentry::guard::{Catalogue, Guard, Options};
use mcpsentry::report::{self, Document, Format, Look, Report};
use mcpsentry::rule::{self, Limits, Persona, Rule, Severity};
use mcpsentry::surface::{Documents, READERS};

/// A generator that gives the same numbers in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit.max(1) as u64) as usize
    }
}

/// Pieces that mean something to a reader.
const PIECES: [&str; 24] = [
    "{",
    "}",
    "[",
    "]",
    ":",
    ",",
    "\"",
    "\n",
    "  ",
    "- ",
    "*a",
    "&a ",
    "<<: ",
    "null",
    "$ref: '#/paths'",
    "\"$ref\": \"#\"",
    "allOf",
    "type",
    "\\ud800",
    "\u{202e}",
    "é",
    "\t",
    "#",
    "0",
];

#[test]
fn damaged_documents_are_read_or_refused() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let mut texts: Vec<Vec<u8>> = Vec::new();
    let entries = |folder: &Path| std::fs::read_dir(folder).expect("the fixtures");
    for entry in entries(&folder).chain(entries(&folder.join("listings"))) {
        let path = entry.expect("an entry").path();
        if path.is_file() {
            texts.push(std::fs::read(path).expect("a text"));
        }
    }
    texts.sort();
    let rules = rule::shipped_audit().expect("our rules").rules;
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    let (mut read, mut refused) = (0, 0);
    for round in 0..2_000 {
        let mut text = texts[round % texts.len()].clone();
        for _ in 0..=random.below(4) {
            damage(&mut text, &mut random);
        }
        if audited(text, &rules) { read += 1 } else { refused += 1 }
    }
    assert!(read > 100 && refused > 100, "{read} read, {refused} refused: the damage is too much or too little");
}

fn damage(text: &mut Vec<u8>, random: &mut Random) {
    let at = random.below(text.len());
    let end = (at + random.below(40)).min(text.len());
    match random.below(5) {
        0 => drop(text.drain(at..end)),
        1 => {
            let copy = text[at..end].to_vec();
            let to = random.below(text.len());
            text.splice(to..to, copy);
        }
        2 => text.truncate(at),
        3 => {
            let piece = PIECES[random.below(PIECES.len())];
            text.splice(at..at, piece.bytes());
        }
        _ => {
            if let Some(byte) = text.get_mut(at) {
                *byte = random.below(256) as u8;
            }
        }
    }
}

/// Whether the document could be read; if so, it goes through the rules and into every report.
fn audited(text: Vec<u8>, rules: &[Arc<Rule>]) -> bool {
    let documents = Documents::default();
    let root = match documents.open_bytes("damaged", text) {
        Ok(root) => root,
        Err(error) => {
            assert!(error.span.is_some() && !error.message.is_empty() && !error.help.is_empty(), "{error:?}");
            return false;
        }
    };
    let Some(reader) = READERS.iter().find(|reader| reader.recognises(root)) else { return true };
    let surface = reader.read(&documents, root);
    let judge = Guard::new(Catalogue::shipped(), Options::default());
    let limits = Limits { max_tools: Some(1) };
    let outcome = audit::run(rules, &Context { surface: &surface, documents: &documents, limits, judge: &judge });
    let findings = outcome
        .matches
        .into_iter()
        .map(|found| {
            let operation = found.operation.map(|index| &surface.operations[index]);
            finding::judge(&rules[found.rule], found, 0, operation, Persona::Auditor)
        })
        .collect();
    let report = Report {
        sources: documents.into_sources(),
        documents: vec![Document { name: "damaged".into(), surface }],
        rules: rules.to_vec(),
        findings,
        exceptions: Exceptions::default(),
        not_checked: Vec::new(),
        fail_on: Some(Severity::Critical),
        failed: false,
        accepts_gaps: false,
    };
    for format in [Format::Text, Format::Json, Format::Sarif] {
        let mut out = Vec::new();
        report::render(&report, format, Look { color: false, source: true, suppressed: true }, &mut out)
            .expect("memory takes it");
        let out = String::from_utf8(out).expect("UTF-8");
        assert!(!out.chars().any(|c| c == '\u{1b}' || c == '\u{202e}'), "{out}");
    }
    true
}
