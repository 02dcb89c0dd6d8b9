//! OpenAPI 3.0, 3.1 and 3.2, and Swagger 2.0: one lenient reading, so that one odd leaf never loses a document.

mod body;
mod item;
mod parameter;

use rustc_hash::FxHashSet;

use super::base::note_base;
use super::decision::{Decision, Decisions, Level};
use super::detail::settle;
use super::lower::Lowering;
use super::reference::References;
use super::{Documents, Operation, Reader, Surface};
use crate::source::{Quote, SourceId};
use crate::syntax::Node;

/// Reads OpenAPI and Swagger documents.
pub(super) struct OpenApi;

/// The generation of a document; Swagger 2.0 puts bodies among the parameters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Version {
    Swagger2,
    OpenApi3,
}

impl Version {
    fn of(root: Node<'_>) -> Option<Self> {
        let version = |key| root.get(key).and_then(Node::as_scalar);
        if version("openapi").is_some_and(|version| version == "3" || version.starts_with("3.")) {
            return Some(Self::OpenApi3);
        }
        version("swagger").is_some_and(|version| version == "2" || version.starts_with("2.")).then_some(Self::Swagger2)
    }
}

impl Reader for OpenApi {
    fn name(&self) -> &'static str {
        "OpenAPI 3.x or Swagger 2.0"
    }

    fn recognises(&self, root: Node<'_>) -> bool {
        Version::of(root).is_some()
    }

    fn read(&self, documents: &Documents, root: Node<'_>) -> Surface {
        let root = documents.node(root.id());
        let version = Version::of(root).unwrap_or(Version::OpenApi3);
        let (key, name) = match version {
            Version::Swagger2 => ("swagger", "Swagger"),
            Version::OpenApi3 => ("openapi", "OpenAPI"),
        };
        let (head, number) = root.entry(key).map_or((root, String::new()), |(key, value)| (key, value.text().into()));
        let references = References::new(documents);
        let mut reading = Reading {
            version,
            lowering: Lowering::new(&references),
            references: &references,
            base: base_path(root).into(),
            operations: Vec::new(),
            entered: FxHashSet::default(),
            decided: Decision::default(),
            decisions: Decisions::default(),
        };
        reading.decided = reading.decisions.read(root, Level::Document, &references);
        reading.paths(root);
        let Reading { lowering, mut operations, .. } = reading;
        note_base(&mut operations);
        let schemas = lowering.finish();
        note_duplicates(documents, root.source(), &references);
        let mut surface = Surface {
            kind: format!("{name} {number}"),
            title: root.get("info").and_then(|info| info.get("title")).and_then(Node::as_scalar).map(Into::into),
            head: head.span(),
            root: root.id(),
            head_pointer: format!("/{key}").into(),
            operations,
            schemas,
            sources: references.sources(),
            unchecked: references.take_unchecked(),
        };
        settle(&mut surface, documents);
        surface
    }
}

/// One document being read.
struct Reading<'r, 'd> {
    version: Version,
    references: &'r References<'d>,
    lowering: Lowering<'r, 'd>,
    base: Quote,
    operations: Vec<Operation>,
    /// Path items that were read, by path: a cycle of references ends here.
    entered: FxHashSet<(SourceId, u32)>,
    /// What the document decides for all its operations.
    decided: Decision,
    decisions: Decisions,
}

/// Swagger's `basePath`, or the path of the first server where it has no variables.
fn base_path(root: Node<'_>) -> String {
    if let Some(base) = root.get("basePath").and_then(Node::as_str) {
        return base.trim_end_matches('/').to_owned();
    }
    let url = root.get("servers").and_then(|servers| servers.items().next()).and_then(|server| server.get("url"));
    let url = url.and_then(Node::as_str).unwrap_or_default();
    let path = url.split_once("://").map_or(&*url, |(_, rest)| rest.find('/').map_or("", |at| &rest[at..]));
    if path.contains('{') { String::new() } else { path.trim_end_matches('/').to_owned() }
}

/// A key that stands twice is read by some parsers with its first value, by others with its last: whichever the
/// server uses, the other one was not meant.
fn note_duplicates(documents: &Documents, source: SourceId, references: &References<'_>) {
    let mut noted = FxHashSet::default();
    for duplicate in documents.node((source, 0)).tree().duplicates() {
        if !noted.insert(duplicate.first.start) {
            continue;
        }
        references.note(
            format!("key `{}` that stands twice or more in one mapping", duplicate.key),
            "parsers disagree on which of the two counts; remove one",
            Some(duplicate.second),
            false,
        );
    }
}
