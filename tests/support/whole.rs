//! A document through the whole of an audit, without the command line: for tests of damaged documents, and for fuzzing.

use std::sync::Arc;

use mcpsentry::audit::{self, Context};
use mcpsentry::config::Exceptions;
use mcpsentry::finding;
use mcpsentry::guard::{Catalogue, Guard, Options};
use mcpsentry::pack;
use mcpsentry::report::{self, Document, Format, Look, Report};
use mcpsentry::rule::{Limits, Persona, Rule, Severity};
use mcpsentry::source::{Sources, Span};
use mcpsentry::surface::{Documents, READERS};

/// All that stays the same between documents.
pub(crate) struct Whole {
    rules: Vec<Arc<Rule>>,
    judge: Guard,
}

impl Whole {
    pub(crate) fn new() -> Self {
        let judge = Guard::new(Catalogue::shipped(), Options::default());
        Self { rules: pack::shipped_audit().expect("our rules").rules, judge }
    }

    /// Whether the document could be read; if so, it goes through the rules and into every report.
    pub(crate) fn audit(&self, text: Vec<u8>) -> bool {
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
        let limits = Limits { max_tools: Some(1), ..Limits::default() };
        let context = Context { surface: &surface, documents: &documents, limits, judge: &self.judge };
        let outcome = audit::run(&self.rules, &context, |found| {
            let operation = found.operation.map(|index| &surface.operations[index]);
            Some(finding::judge(&self.rules[found.rule], found, 0, operation, Persona::Auditor))
        });
        let findings = outcome.matches;
        let sources = documents.into_sources();
        surface.operations.iter().for_each(|operation| exists(&sources, operation.span));
        surface.unchecked.iter().filter_map(|part| part.span).for_each(|span| exists(&sources, span));
        let report = Report {
            sources,
            documents: vec![Document { name: "damaged".into(), surface, fail_on: None }],
            rules: self.rules.clone(),
            findings,
            below_persona: 0,
            exceptions: Exceptions::default(),
            not_checked: Vec::new(),
            fail_on: Some(Severity::Critical),
            failed: false,
            accepts_gaps: false,
        };
        for format in FORMATS {
            let mut out = Vec::new();
            report::render(&report, format, Look { source: true, suppressed: true, ..Look::default() }, &mut out)
                .expect("memory takes it");
            let out = String::from_utf8(out).expect("UTF-8");
            assert!(!out.chars().any(|c| c == '\u{1b}' || c == '\u{202e}'), "{out}");
        }
        true
    }
}

/// Every face of a report.
const FORMATS: [Format; 8] = [
    Format::Text,
    Format::Json,
    Format::Sarif,
    Format::Github,
    Format::Markdown,
    Format::Junit,
    Format::Html,
    Format::Agent,
];

/// A place is a part of its text, and not in the middle of a character.
fn exists(sources: &Sources, span: Span) {
    let text = &sources.get(span.source).text;
    assert!(text.get(span.start as usize..span.end as usize).is_some(), "{span:?}");
}
