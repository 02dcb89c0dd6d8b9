//! The texts of a description that a bridge hands to a model, and where they stand.
//!
//! Most documents have nothing to object to, so nothing is collected beforehand: whoever looks for something goes over
//! the texts of the documents as they lie there, and only what was found is looked up here.

use std::ops::Range;

use rustc_hash::{FxHashMap, FxHashSet};

use super::reference::{References, escaped};
use super::{Documents, Exposure, NodeId, Surface};
use crate::source::{SourceId, Span};
use crate::syntax::{Kind, Node};

/// Whose text it is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Owner {
    /// One operation: its index in the surface.
    Operation(usize),
    /// A part that operations share: its JSON pointer.
    Shared(String),
    /// The document itself.
    Document,
}

/// A text that a bridge hands to a model: a description, an example, a value, the name of a field.
#[derive(Debug, Clone)]
pub struct Passage {
    /// The text, or the key that is one.
    pub node: NodeId,
    /// Whose it is.
    pub owner: Owner,
    /// Where the text itself stands.
    pub span: Span,
    /// The key that holds it, or is it.
    pub key: Span,
    /// JSON pointer of that key, within its file.
    pub pointer: String,
    /// The nearest parameter or field that it is about; empty if it is about none.
    pub subject: String,
}

impl Passage {
    /// The last part of the pointer: `description`.
    pub fn role(&self) -> &str {
        self.pointer.rsplit('/').next().unwrap_or_default()
    }
}

/// Where texts of a surface may stand: documents, and the part of each that belongs to it.
pub fn reaches(surface: &Surface, documents: &Documents) -> Vec<(SourceId, Range<u32>)> {
    let root = documents.node(surface.root);
    let mut reaches = vec![(root.source(), root.index()..root.end_index())];
    for &source in &surface.sources {
        if source != root.source() {
            reaches.push((source, 0..documents.node((source, 0)).end_index()));
        }
    }
    reaches
}

/// Calls `found` for every text and key of at least so many bytes in the documents of a surface, whether or not a model would
/// read it.
pub fn each_text<'d>(
    surface: &Surface,
    documents: &'d Documents,
    shortest: usize,
    mut found: impl FnMut(Node<'d>, &'d str),
) {
    for (source, range) in reaches(surface, documents) {
        documents.node((source, 0)).tree().each_string(range, shortest, &mut found);
    }
}

/// The text or key in a part of a document that holds this byte.
pub fn text_at(documents: &Documents, (source, range): &(SourceId, Range<u32>), offset: u32) -> Option<NodeId> {
    let tree = documents.node((*source, 0)).tree();
    // Nodes lie in the order in which they are written.
    let (mut low, mut high) = (range.start, range.end);
    while low < high {
        let middle = low + (high - low) / 2;
        if tree.node(middle).span().start <= offset { low = middle + 1 } else { high = middle }
    }
    let node = tree.node(low.checked_sub(1).filter(|index| range.contains(index))?);
    (node.kind() == Kind::String && offset < node.span().end).then(|| node.id())
}

/// Those of the wanted texts that a model would read, in the order of operations, then of shared parts.
pub fn locate<T>(surface: &Surface, documents: &Documents, wanted: &FxHashMap<NodeId, T>) -> Vec<Passage> {
    if wanted.is_empty() {
        return Vec::new();
    }
    let references = References::new(documents);
    let mut walk = Walk {
        references: &references,
        wanted,
        found: Vec::new(),
        entered: Nodes::default(),
        referred: FxHashSet::default(),
        shared: Vec::new(),
        owner: Owner::Document,
    };
    let root = documents.node(surface.root);
    let mut holders: FxHashSet<NodeId> = FxHashSet::default();
    for (index, operation) in surface.operations.iter().enumerate() {
        if operation.exposure != Exposure::Exposed {
            continue;
        }
        walk.owner = Owner::Operation(index);
        let own = documents.node(operation.node);
        // The place of a manifest entry, a tool or an operation in another file is one of its own keys.
        let inside = own.members().any(|(key, _)| key.span() == operation.span);
        let pointer = operation.pointer();
        let base = if inside { parent(&pointer) } else { &pointer };
        walk.node(own, &At::new(operation.span, base, ""));
        if operation.node != operation.holder && holders.insert(operation.holder) {
            let holder = documents.node(operation.holder);
            let at = At::new(operation.span, parent(base), "");
            for (key, value) in holder.members() {
                if ["summary", "description", "parameters", "servers"].iter().any(|name| key.is(name)) {
                    walk.member(key, value, &at);
                }
            }
        }
    }
    walk.owner = Owner::Document;
    let at = At::new(surface.head, "", "");
    for (key, value) in root.members() {
        if ["info", "tags", "servers", "app", "instructions"].iter().any(|name| key.is(name)) {
            walk.member(key, value, &at);
        }
    }
    while let Some((target, pointer, subject)) = walk.shared.pop() {
        walk.owner = Owner::Shared(pointer.clone());
        walk.node(target, &At::new(target.span(), &pointer, &subject));
    }
    let mut found = walk.found;
    found.sort_by(|a, b| (&a.owner, a.span).cmp(&(&b.owner, b.span)));
    found
}

fn parent(pointer: &str) -> &str {
    pointer.rfind('/').map_or("", |end| &pointer[..end])
}

/// Keys whose values are mappings from names that the author chose.
const NAMED: [&str; 12] = [
    "properties",
    "patternProperties",
    "$defs",
    "definitions",
    "dependentSchemas",
    "responses",
    "content",
    "headers",
    "examples",
    "encoding",
    "variables",
    "mapping",
];

/// Keys below which any value may stand.
const VALUES: [&str; 5] = ["example", "default", "enum", "const", "value"];

/// Keys that no bridge hands on.
const SILENT: [&str; 6] = ["externalDocs", "security", "callbacks", "links", "xml", "pattern"];

/// Extensions whose texts bridges hand on.
#[rustfmt::skip]
const SPOKEN: [&str; 10] = [
    "x-mcp", "x-mcp-tool", "x-speakeasy-mcp", "x-zuplo-route", "x-mcp-annotations", "x-tool-description",
    "x-mcp-instructions", "x-llm-description", "x-ctctmcp-tool-desc", "x-koan-mcp-description",
];

/// Nodes of documents, a bit for each that a document has.
#[derive(Debug, Default)]
struct Nodes(FxHashMap<SourceId, Vec<u64>>);

impl Nodes {
    /// Adds a node; whether it is new.
    fn insert(&mut self, node: Node<'_>) -> bool {
        let all = || vec![0; node.tree().node(0).end_index() as usize / 64 + 1];
        let bits = self.0.entry(node.source()).or_insert_with(all);
        let (word, bit) = (&mut bits[node.index() as usize / 64], 1 << (node.index() % 64));
        let new = *word & bit == 0;
        *word |= bit;
        new
    }
}

struct Walk<'w, 'd, T> {
    references: &'w References<'d>,
    wanted: &'w FxHashMap<NodeId, T>,
    found: Vec<Passage>,
    /// Mappings and lists that were read.
    entered: Nodes,
    /// What references lead to.
    referred: FxHashSet<NodeId>,
    /// The same, with pointer and subject, as far as it is still to be read.
    shared: Vec<(Node<'d>, String, String)>,
    owner: Owner,
}

/// Where the walk is. It knows its way, and makes a pointer of it only for what was found.
#[derive(Clone, Copy)]
struct At<'a> {
    key: Span,
    before: Option<&'a At<'a>>,
    /// The last step of the way: a key, or the pointer of the place where the walk began.
    step: &'a str,
    subject: &'a str,
    keys: Keys,
}

impl<'a> At<'a> {
    /// The beginning of a walk.
    fn new(key: Span, pointer: &'a str, subject: &'a str) -> Self {
        Self { key, before: None, step: pointer, subject, keys: Keys::Known }
    }

    fn pointer(&self) -> String {
        match self.before {
            Some(before) => format!("{}/{}", before.pointer(), escaped(self.step)),
            None => self.step.to_owned(),
        }
    }

    /// The last key of the way.
    fn last(&self) -> &str {
        if self.before.is_some() { self.step } else { self.step.rsplit('/').next().unwrap_or_default() }
    }
}

/// What the keys of a mapping are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Keys {
    /// Keywords of the description.
    Known,
    /// Names that the author chose, for things that are described.
    Named,
    /// Anything, here and below: the mapping is a value.
    Any,
}

impl<'d, T> Walk<'_, 'd, T> {
    fn node(&mut self, node: Node<'d>, at: &At<'_>) {
        if !node.is_object() && !node.is_array() {
            self.check(node, at);
            return;
        }
        if !self.entered.insert(node) {
            return;
        }
        for item in node.items() {
            self.node(item, at);
        }
        let name = node.get("name").filter(|_| node.get("in").is_some() || node.get("schema").is_some());
        let subject = name.and_then(Node::as_str);
        let at = At { subject: subject.as_deref().unwrap_or(at.subject), ..*at };
        for (key, value) in node.members() {
            self.member(key, value, &at);
        }
    }

    fn member(&mut self, key: Node<'d>, value: Node<'d>, at: &At<'_>) {
        let name = key.text();
        if at.keys == Keys::Known {
            if name == "$ref" && value.as_str().is_some() {
                let target = self.references.target(value);
                if let Some(target) = target.filter(|target| self.referred.insert(target.id())) {
                    let text = value.text();
                    let pointer = text.split_once('#').map_or("", |(_, pointer)| pointer);
                    self.shared.push((target, pointer.to_owned(), at.subject.to_owned()));
                }
                return;
            }
            if SILENT.contains(&&*name) || (name.starts_with("x-") && !SPOKEN.contains(&&*name)) {
                return;
            }
        }
        let is_property = at.keys == Keys::Named && at.last() == "properties";
        let below = At {
            key: key.span(),
            before: Some(at),
            step: &name,
            subject: if is_property { &name } else { at.subject },
            keys: match at.keys {
                Keys::Any => Keys::Any,
                Keys::Named => Keys::Known,
                Keys::Known if VALUES.contains(&&*name) => Keys::Any,
                Keys::Known if NAMED.contains(&&*name) => Keys::Named,
                Keys::Known => Keys::Known,
            },
        };
        self.check(key, &below);
        self.node(value, &below);
    }

    fn check(&mut self, node: Node<'d>, at: &At<'_>) {
        if self.wanted.contains_key(&node.id()) {
            self.found.push(Passage {
                node: node.id(),
                owner: self.owner.clone(),
                span: node.span(),
                key: at.key,
                pointer: at.pointer(),
                subject: at.subject.to_owned(),
            });
        }
    }
}
