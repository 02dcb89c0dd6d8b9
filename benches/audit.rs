//! What an audit costs, from the bytes of a document to its JSON report, beside what it takes `serde_json` only to
//! read the document into a value. The documents are made here.

#[path = "support/api.rs"]
mod api;

use std::fmt::{Display, Formatter};
use std::sync::{Arc, LazyLock};

use divan::Bencher;
use divan::counter::{BytesCount, ItemsCount};
use mcpsentry::audit::{self, Context};
use mcpsentry::config::Exceptions;
use mcpsentry::finding;
use mcpsentry::guard::{Catalogue, Guard, Options};
use mcpsentry::pack;
use mcpsentry::report::{self, Document, Format, Look, Report};
use mcpsentry::rule::{Limits, Persona, Rule};
use mcpsentry::surface::{Documents, READERS, Surface};
use serde_json::Value;

fn main() {
    divan::main();
}

/// Operations of the documents.
const SIZES: [usize; 4] = [10, 100, 1_000, 10_000];

/// A document.
struct Input {
    operations: usize,
    form: &'static str,
    text: String,
}

impl Display for Input {
    fn fmt(&self, out: &mut Formatter<'_>) -> std::fmt::Result {
        write!(out, "{} {}", self.form, self.operations)
    }
}

static JSON: LazyLock<Vec<Input>> = LazyLock::new(|| inputs("JSON", |value| serde_json::to_string_pretty(value).ok()));

static YAML: LazyLock<Vec<Input>> = LazyLock::new(|| inputs("YAML", |value| serde_yaml::to_string(value).ok()));

static RULES: LazyLock<Vec<Arc<Rule>>> = LazyLock::new(|| pack::shipped_audit().expect("our rules").rules);

static GUARD: LazyLock<Guard> = LazyLock::new(|| Guard::new(Catalogue::shipped(), Options::default()));

fn inputs(form: &'static str, write: impl Fn(&Value) -> Option<String>) -> Vec<Input> {
    let input = |operations| Input { operations, form, text: write(&api::description(operations)).expect("written") };
    SIZES.map(input).into()
}

/// A whole audit.
#[divan::bench(args = JSON.iter().chain(YAML.iter()), max_time = 3)]
fn whole(bencher: Bencher, input: &Input) {
    measure(bencher, input, |text| {
        let documents = Documents::default();
        let surface = surface(&documents, text);
        let context = Context { surface: &surface, documents: &documents, limits: Limits::default(), judge: &*GUARD };
        let judge = |found: finding::Match| {
            let operation = found.operation.map(|index| &surface.operations[index]);
            Some(finding::judge(&RULES[found.rule], found, 0, operation, Persona::Regular))
        };
        let mut findings = audit::run(&RULES, &context, judge).matches;
        finding::arrange(&mut findings);
        let report = Report {
            sources: documents.into_sources(),
            documents: vec![Document { name: "generated".into(), surface, fail_on: None }],
            rules: RULES.clone(),
            findings,
            below_persona: 0,
            exceptions: Exceptions::default(),
            not_checked: Vec::new(),
            fail_on: None,
            failed: false,
            accepts_gaps: false,
        };
        let mut out = Vec::new();
        report::render(&report, Format::Json, Look::default(), &mut out).expect("memory takes it");
        out.len()
    });
}

/// The text into a tree.
#[divan::bench(args = JSON.iter().chain(YAML.iter()), max_time = 1)]
fn parse(bencher: Bencher, input: &Input) {
    measure(bencher, input, |text| {
        let documents = Documents::default();
        documents.open_bytes("generated", text.into()).expect("readable").end_index()
    });
}

/// The text into operations.
#[divan::bench(args = JSON.iter(), max_time = 1)]
fn read(bencher: Bencher, input: &Input) {
    measure(bencher, input, |text| surface(&Documents::default(), text).operations.len());
}

/// The floor: `serde_json` reads the same documents.
#[divan::bench(args = JSON.iter(), max_time = 1)]
fn floor(bencher: Bencher, input: &Input) {
    measure(bencher, input, |text| serde_json::from_str::<Value>(text).expect("JSON"));
}

fn surface(documents: &Documents, text: &str) -> Surface {
    let root = documents.open_bytes("generated", text.into()).expect("readable");
    let reader = READERS.iter().find(|reader| reader.recognises(root)).expect("OpenAPI");
    reader.read(documents, root)
}

fn measure<T>(bencher: Bencher, input: &Input, run: impl Fn(&str) -> T) {
    bencher
        .counter(BytesCount::of_str(&input.text))
        .counter(ItemsCount::new(input.operations))
        .bench_local(|| run(divan::black_box(&input.text)));
}
