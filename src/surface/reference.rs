//! Following `$ref`: within a document, into files beside it, and nowhere else.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};

use rustc_hash::{FxHashMap, FxHashSet};

use crate::source::{SourceId, Span};
use crate::surface::{Documents, Unchecked};
use crate::syntax::Node;

/// Members from which an object gets an index.
const INDEXED: usize = 24;

/// Most nodes that are read once more, because references, aliases or merge keys lead to them from several places. Without a
/// limit, a thousand paths that share an operation with a thousand parameters would be a million parameters.
const MAX_REREAD: usize = 500_000;

/// Most references in a row, each leading to the next.
const MAX_CHAIN: usize = 100;

type Place = (SourceId, u32);

/// What the references of a document lead to, by their text; none for those that lead nowhere.
type Resolved<'d> = FxHashMap<SourceId, FxHashMap<&'d str, Option<Place>>>;

/// The members of a large object, or the anchors of a document, by name.
type Index<'d> = FxHashMap<&'d str, Place>;

/// Resolves references and remembers what could not be resolved.
#[derive(Debug)]
pub(super) struct References<'d> {
    documents: &'d Documents,
    resolved: RefCell<Resolved<'d>>,
    indexes: RefCell<FxHashMap<Place, Index<'d>>>,
    anchors: RefCell<FxHashMap<SourceId, Index<'d>>>,
    unchecked: RefCell<Vec<Unchecked>>,
    reported: RefCell<FxHashSet<Place>>,
    read: RefCell<FxHashSet<Place>>,
    reread: Cell<usize>,
}

impl<'d> References<'d> {
    /// References between the given documents.
    pub(super) fn new(documents: &'d Documents) -> Self {
        Self {
            documents,
            resolved: RefCell::default(),
            indexes: RefCell::default(),
            anchors: RefCell::default(),
            unchecked: RefCell::default(),
            reported: RefCell::default(),
            read: RefCell::default(),
            reread: Cell::default(),
        }
    }

    /// The node that [`Node::id`] gave.
    pub(super) fn node(&self, id: Place) -> Node<'d> {
        self.documents.node(id)
    }

    /// Notes a part that could not be read.
    pub(super) fn note(&self, what: impl Into<String>, why: impl Into<String>, span: Option<Span>, gap: bool) {
        self.unchecked.borrow_mut().push(Unchecked { what: what.into(), why: why.into(), span, gap });
    }

    /// What could not be read so far.
    pub(super) fn take_unchecked(&self) -> Vec<Unchecked> {
        self.unchecked.take()
    }

    /// Whether a part may be read: for the first time always, again only while that does not cost far more than the
    /// document weighs. The first part that may not is noted.
    pub(super) fn may_read(&self, node: Node<'_>) -> bool {
        let nodes = (node.end_index() - node.index()) as usize;
        let merged = node.members().count().saturating_sub(nodes / 2);
        let again = if self.read.borrow_mut().insert(node.id()) { merged } else { nodes + merged };
        let before = self.reread.get();
        self.reread.set(before.saturating_add(again));
        let within = self.reread.get() <= MAX_REREAD;
        if !within && before <= MAX_REREAD {
            let why = "they are large, and so many places refer to them that reading them all would take too long; \
                       what follows was left out";
            self.note("parts that others share", why, Some(node.span()), true);
        }
        within
    }

    /// The text of a node's `$ref`, if it has one that is a text.
    pub(super) fn of<'t>(node: Node<'t>) -> Option<Node<'t>> {
        if !node.is_object() {
            return None;
        }
        node.get("$ref").filter(|reference| reference.as_str().is_some())
    }

    /// What a node stands for: itself, or what its `$ref` leads to, through any number of further references.
    /// A reference that leads nowhere is noted once, and nothing comes back.
    pub(super) fn follow(&self, node: Node<'d>) -> Option<Node<'d>> {
        let mut node = node;
        for _ in 0..MAX_CHAIN {
            let Some(reference) = Self::of(node) else { return Some(node) };
            node = self.target(reference)?;
        }
        let reference = Self::of(node)?;
        self.fail(reference, "the reference leads back to itself or through too many others".into());
        None
    }

    /// What one `$ref` leads to, one step far.
    pub(super) fn target(&self, reference: Node<'d>) -> Option<Node<'d>> {
        let text = reference.str();
        let from = reference.source();
        if let Some(known) = self.resolved.borrow().get(&from).and_then(|known| known.get(text)) {
            return known.map(|place| self.documents.node(place));
        }
        let outcome = self.resolve(from, text);
        let place = outcome.as_ref().ok().map(|node| node.id());
        self.resolved.borrow_mut().entry(from).or_default().insert(text, place);
        match outcome {
            Ok(node) => Some(node),
            Err(why) => {
                self.fail(reference, why);
                None
            }
        }
    }

    /// The documents that references led to.
    pub(super) fn sources(&self) -> Vec<SourceId> {
        let mut sources: Vec<SourceId> =
            self.resolved.borrow().values().flat_map(|known| known.values()).flatten().map(|place| place.0).collect();
        sources.sort_unstable();
        sources.dedup();
        sources
    }

    fn fail(&self, reference: Node<'_>, why: String) {
        if self.reported.borrow_mut().insert(reference.id()) {
            self.note(format!("$ref {}", reference.text()), why, Some(reference.span()), true);
        }
    }

    fn resolve(&self, from: SourceId, text: &str) -> Result<Node<'d>, String> {
        let (file, fragment) = text.split_once('#').unwrap_or((text, ""));
        let root = if file.is_empty() {
            self.documents.node((from, 0))
        } else {
            self.documents.follow(from, &local_path(file)?)?
        };
        let fragment = percent_decoded(fragment);
        if fragment.is_empty() {
            return Ok(root);
        }
        let Some(pointer) = fragment.strip_prefix('/') else {
            return self.anchor(root, &fragment).ok_or_else(|| format!("no schema has the anchor `{fragment}`"));
        };
        let mut node = root;
        for token in pointer.split('/') {
            let token = match token.contains('~') {
                true => Cow::Owned(token.replace("~1", "/").replace("~0", "~")),
                false => Cow::Borrowed(token),
            };
            node = self.step(node, &token).ok_or_else(|| {
                let name = self.documents.name(root.source());
                format!("nothing stands at `#/{pointer}` in {name}; check the spelling, or add the missing part")
            })?;
        }
        Ok(node)
    }

    /// One token of a pointer, which may lead through another reference.
    fn step(&self, node: Node<'d>, token: &str) -> Option<Node<'d>> {
        self.member(node, token).or_else(|| self.member(self.target(Self::of(node)?)?, token))
    }

    /// A member of an object or an element of a list; large objects are indexed once.
    fn member(&self, node: Node<'d>, token: &str) -> Option<Node<'d>> {
        if node.is_array() {
            return node.items().nth(token.parse().ok()?);
        }
        if let Some(index) = self.indexes.borrow().get(&node.id()) {
            return index.get(token).map(|&place| self.documents.node(place));
        }
        if node.members().nth(INDEXED).is_none() {
            return node.get(token);
        }
        let index: Index<'d> = node.members().map(|(key, value)| (key.str(), value.id())).collect();
        let found = index.get(token).copied();
        self.indexes.borrow_mut().insert(node.id(), index);
        found.map(|place| self.documents.node(place))
    }

    /// The schema of a document that has this `$anchor` or `$dynamicAnchor`.
    fn anchor(&self, root: Node<'d>, name: &str) -> Option<Node<'d>> {
        let mut anchors = self.anchors.borrow_mut();
        let anchors = anchors.entry(root.source()).or_insert_with(|| {
            let mut found = FxHashMap::default();
            let mut waiting = vec![root];
            let mut seen = FxHashSet::default();
            while let Some(node) = waiting.pop() {
                if !seen.insert(node.id()) {
                    continue;
                }
                for (key, value) in node.members() {
                    if (key.is("$anchor") || key.is("$dynamicAnchor")) && value.as_str().is_some() {
                        found.insert(value.str(), node.id());
                    }
                    waiting.push(value);
                }
                waiting.extend(node.items());
            }
            found
        });
        anchors.get(name).map(|&place| self.documents.node(place))
    }
}

/// A key as a JSON pointer token, RFC 6901.
pub(super) fn escaped(key: &str) -> String {
    let mut pointer = String::with_capacity(key.len() + 8);
    for part in key.split_inclusive(['~', '/']) {
        match part.as_bytes().last() {
            Some(b'~') => pointer.extend([part, "0"]),
            Some(b'/') => pointer.extend([&part[..part.len() - 1], "~1"]),
            _ => pointer.push_str(part),
        }
    }
    pointer
}

/// The file part of a reference as a relative path.
fn local_path(file: &str) -> Result<String, String> {
    let scheme = file.split_once(':').map(|(scheme, _)| scheme).filter(|scheme| {
        scheme.len() > 1 && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
    });
    if scheme.is_some() || file.starts_with("//") {
        return Err("it leads to the network, which is never asked; bundle the document into one file".into());
    }
    let path = percent_decoded(file);
    if path.starts_with('/') || path.starts_with('\\') || path.contains('\0') {
        return Err(super::load::LEAVES.into());
    }
    Ok(path.into_owned())
}

/// `%20` as a space; what is not a whole escape stays.
fn percent_decoded(text: &str) -> Cow<'_, str> {
    if !text.contains('%') {
        return Cow::Borrowed(text);
    }
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let escape = (bytes[at] == b'%').then(|| text.get(at + 1..at + 3)).flatten();
        match escape.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) => {
                decoded.push(byte);
                at += 3;
            }
            None => {
                decoded.push(bytes[at]);
                at += 1;
            }
        }
    }
    String::from_utf8(decoded).map_or(Cow::Borrowed(text), Cow::Owned)
}
