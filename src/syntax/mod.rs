//! Bytes to a tree of spanned nodes, the same for JSON and YAML.

mod json;
mod yaml;

use std::borrow::Cow;
use std::sync::Arc;

use rustc_hash::FxHashSet;

use crate::source::{Source, SourceId, Span};

/// Deepest nesting that is read; real documents stay below 40.
pub const MAX_DEPTH: usize = 512;

/// Why a text is not JSON or YAML, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyntaxError {
    /// Where reading stopped.
    pub span: Span,
    /// What is wrong, without the place.
    pub message: String,
    /// What to do about it.
    pub help: String,
}

/// A key that stands twice in one mapping. Parsers disagree on which value counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duplicate {
    /// The first occurrence.
    pub first: Span,
    /// The occurrence that repeats it.
    pub second: Span,
    /// The key.
    pub key: String,
}

/// What a node is. Keys and scalars keep their source text, so `200` stays `200`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Nothing: `null`, `~` or an empty value.
    Null,
    /// `true` or `false`.
    Bool,
    /// An integer or a decimal number.
    Number,
    /// Text.
    String,
    /// A list.
    Array,
    /// A mapping.
    Object,
}

/// How the text of a scalar is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// A list or a mapping.
    Container,
    /// The span is the text.
    Bare,
    /// The span less its first and last byte is the text.
    Quoted,
    /// The text differs from the source (escapes, folded lines) and is kept aside.
    Decoded,
    /// A YAML alias.
    Alias,
}

/// 16 bytes a node. Children follow their parent; a mapping's children alternate key and value.
#[derive(Debug, Clone, Copy)]
struct Raw {
    start: u32,
    end: u32,
    /// One past the last descendant of a container; the slot of a decoded text; the target of an alias.
    extra: u32,
    kind: Kind,
    form: Form,
    /// A YAML mapping with a `<<` key.
    merge: bool,
}

/// One document as a flat arena of nodes. YAML aliases stay references, so an alias bomb costs nothing.
#[derive(Debug)]
pub struct Tree {
    source: SourceId,
    text: Arc<str>,
    nodes: Vec<Raw>,
    decoded: Vec<Box<str>>,
    duplicates: Vec<Duplicate>,
}

/// The error of a document that holds no value.
fn empty(source: &Source) -> SyntaxError {
    SyntaxError {
        span: Span { source: source.id, start: 0, end: 0 },
        message: "the document is empty".to_owned(),
        help: "is this the right file?".to_owned(),
    }
}

/// What an error message calls the beginning of `rest`: a word or a character, never one that a terminal acts on.
fn shown(rest: &str) -> String {
    match rest.chars().next() {
        None => "the end of the document".to_owned(),
        Some('\n' | '\r') => "the end of the line".to_owned(),
        Some('\t') => "a tab".to_owned(),
        Some(c) if c.is_alphanumeric() || c.is_ascii_graphic() => format!("`{}`", &rest[..shown_length(rest)]),
        Some(c) => format!("the character U+{:04X}", c as u32),
    }
}

/// Bytes of the word or character that [`shown`] names.
fn shown_length(rest: &str) -> usize {
    let word: usize =
        rest.chars().take(20).take_while(|c| c.is_ascii_alphanumeric() || *c == '_').map(char::len_utf8).sum();
    word.max(rest.chars().next().map_or(0, char::len_utf8))
}

/// The error of a document that nests deeper than [`MAX_DEPTH`].
fn too_deep(source: &Source, at: usize) -> SyntaxError {
    SyntaxError {
        span: Span { source: source.id, start: at as u32, end: (at + 1).min(source.text.len()) as u32 },
        message: format!("nested deeper than {MAX_DEPTH} levels"),
        help: "no API description needs this: check what wrote the document".to_owned(),
    }
}

/// Reads one document. JSON is told from YAML by its first characters: `{` or `[` and then what only JSON has.
///
/// # Errors
/// [`SyntaxError`] when the text is neither, or nests deeper than [`MAX_DEPTH`].
pub fn parse(source: &Source) -> Result<Tree, SyntaxError> {
    if is_json(&source.text) { json::parse(source) } else { yaml::parse(source) }
}

/// A text is JSON when it opens with `{` and a `"` or `}`, or with `[` and anything that may begin a JSON value.
/// YAML's flow style (`{a: b}`, `{'a': b}`) is left to the YAML parser.
fn is_json(text: &str) -> bool {
    let mut characters = text.trim_start_matches('\u{FEFF}').chars().filter(|c| !matches!(c, ' ' | '\t' | '\r' | '\n'));
    match characters.next() {
        Some('{') => matches!(characters.next(), Some('"' | '}') | None),
        Some('[') => {
            matches!(characters.next(), Some('"' | '{' | '[' | ']' | '-' | '0'..='9' | 't' | 'f' | 'n') | None)
        }
        _ => false,
    }
}

impl Tree {
    /// A tree that holds only null, in the place of a document that could not be read.
    pub fn nothing(source: SourceId) -> Self {
        let null = Raw { start: 0, end: 0, extra: 0, kind: Kind::Null, form: Form::Bare, merge: false };
        Self { source, text: Arc::from(""), nodes: vec![null], decoded: Vec::new(), duplicates: Vec::new() }
    }

    /// The outermost value.
    pub fn root(&self) -> Node<'_> {
        Node { tree: self, index: 0 }.resolved()
    }

    /// Keys that stand twice in one mapping, in document order.
    pub fn duplicates(&self) -> &[Duplicate] {
        &self.duplicates
    }

    /// Number of nodes, keys included.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether nothing was read. A tree from [`parse`] never is empty.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// The node with this number, as [`Node::index`] gave it.
    pub fn node(&self, index: u32) -> Node<'_> {
        Node { tree: self, index }
    }

    fn span(&self, index: u32) -> Span {
        let raw = self.nodes[index as usize];
        Span { source: self.source, start: raw.start, end: raw.end }
    }

    /// One past the last descendant of a node.
    fn after(&self, index: u32) -> u32 {
        let raw = self.nodes[index as usize];
        if raw.form == Form::Container { raw.extra } else { index + 1 }
    }
}

/// A node of a [`Tree`]; aliases are already followed, but for [`Node::span`] of the place that used one.
#[derive(Debug, Clone, Copy)]
pub struct Node<'t> {
    tree: &'t Tree,
    index: u32,
}

impl PartialEq for Node<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.id() == other.id()
    }
}

impl<'t> Node<'t> {
    /// Which node of which document: equal for the same place, however it was reached.
    pub fn id(self) -> (SourceId, u32) {
        (self.tree.source, self.index)
    }

    /// The number of this node in its tree.
    pub fn index(self) -> u32 {
        self.index
    }

    /// The document it stands in.
    pub fn source(self) -> SourceId {
        self.tree.source
    }

    /// Its tree.
    pub fn tree(self) -> &'t Tree {
        self.tree
    }

    /// What it is.
    pub fn kind(self) -> Kind {
        self.raw().kind
    }

    /// Where it is written, quotes included.
    pub fn span(self) -> Span {
        self.tree.span(self.index)
    }

    /// Whether it is a mapping.
    pub fn is_object(self) -> bool {
        self.kind() == Kind::Object
    }

    /// Whether it is a list.
    pub fn is_array(self) -> bool {
        self.kind() == Kind::Array
    }

    /// Whether it is null.
    pub fn is_null(self) -> bool {
        self.kind() == Kind::Null
    }

    /// The text, if it is a string.
    pub fn as_str(self) -> Option<Cow<'t, str>> {
        (self.kind() == Kind::String).then(|| self.text())
    }

    /// The truth value, if it is one.
    pub fn as_bool(self) -> Option<bool> {
        (self.kind() == Kind::Bool).then(|| matches!(&*self.text(), "true" | "True" | "TRUE"))
    }

    /// The whole number, if it is one that fits.
    pub fn as_u64(self) -> Option<u64> {
        if self.kind() == Kind::Number { self.text().parse().ok() } else { None }
    }

    /// The text of any scalar but null: `1.0` is `1.0`.
    pub fn as_scalar(self) -> Option<Cow<'t, str>> {
        matches!(self.kind(), Kind::String | Kind::Number | Kind::Bool).then(|| self.text())
    }

    /// The elements of a list; nothing for any other node.
    pub fn items(self) -> Items<'t> {
        let (next, end) = if self.is_array() { (self.index + 1, self.raw().extra) } else { (0, 0) };
        Items { tree: self.tree, next, end }
    }

    /// The entries of a mapping in document order, those of YAML merge keys last; nothing for any other node.
    /// A key that stands twice comes twice; a merged key that the mapping has itself does not come again.
    pub fn members(self) -> Members<'t> {
        let (next, end) = if self.is_object() { (self.index + 1, self.raw().extra) } else { (0, 0) };
        let merged = if self.is_object() && self.raw().merge { self.merged() } else { Vec::new() };
        Members { tree: self.tree, next, end, skip_merge: self.raw().merge, merged: merged.into_iter() }
    }

    /// The value of a key; the last one if the key stands twice, as most parsers do.
    pub fn get(self, key: &str) -> Option<Node<'t>> {
        self.entry(key).map(|(_, value)| value)
    }

    /// The key as written, and its value.
    pub fn entry(self, key: &str) -> Option<(Node<'t>, Node<'t>)> {
        let mut found = None;
        for (name, value) in self.own_members() {
            if name.is(key) {
                found = Some((name, value));
            }
        }
        if found.is_none() && self.is_object() && self.raw().merge {
            found = self.merged().into_iter().find(|(name, _)| name.is(key));
        }
        found
    }

    /// Whether the scalar's text equals `text`.
    pub fn is(self, text: &str) -> bool {
        let raw = self.raw();
        match raw.form {
            Form::Bare => self.tree.text.as_bytes()[raw.start as usize..raw.end as usize] == *text.as_bytes(),
            Form::Quoted => self.tree.text.as_bytes()[raw.start as usize + 1..raw.end as usize - 1] == *text.as_bytes(),
            Form::Decoded => &*self.tree.decoded[raw.extra as usize] == text,
            Form::Container | Form::Alias => false,
        }
    }

    /// The text of a scalar, escapes decoded; empty for lists and mappings.
    pub fn text(self) -> Cow<'t, str> {
        let raw = self.raw();
        Cow::Borrowed(match raw.form {
            Form::Bare => &self.tree.text[raw.start as usize..raw.end as usize],
            Form::Quoted => &self.tree.text[raw.start as usize + 1..raw.end as usize - 1],
            Form::Decoded => &self.tree.decoded[raw.extra as usize],
            Form::Container | Form::Alias => "",
        })
    }

    fn raw(self) -> Raw {
        self.tree.nodes[self.index as usize]
    }

    fn resolved(self) -> Self {
        let raw = self.raw();
        if raw.form == Form::Alias { Node { index: raw.extra, ..self } } else { self }
    }

    fn own_members(self) -> Members<'t> {
        let (next, end) = if self.is_object() { (self.index + 1, self.raw().extra) } else { (0, 0) };
        Members { tree: self.tree, next, end, skip_merge: self.raw().merge, merged: Vec::new().into_iter() }
    }

    /// Entries that come from `<<`, nearest first. Each merged mapping is read once, so nested merges of the same
    /// anchors stay linear.
    fn merged(self) -> Vec<(Node<'t>, Node<'t>)> {
        let mut seen_keys: FxHashSet<Cow<'t, str>> = self.own_members().map(|(key, _)| key.text()).collect();
        let mut seen_maps = FxHashSet::from_iter([self.index]);
        let mut waiting: Vec<Node<'t>> = self.merge_targets();
        waiting.reverse();
        let mut entries = Vec::new();
        while let Some(map) = waiting.pop() {
            if !seen_maps.insert(map.index) {
                continue;
            }
            for (key, value) in map.own_members() {
                if seen_keys.insert(key.text()) {
                    entries.push((key, value));
                }
            }
            if map.is_object() && map.raw().merge {
                waiting.extend(map.merge_targets().into_iter().rev());
            }
        }
        entries
    }

    fn merge_targets(self) -> Vec<Node<'t>> {
        let (mut next, end) = (self.index + 1, self.raw().extra);
        let mut targets = Vec::new();
        while next < end {
            let key = Node { tree: self.tree, index: next };
            let value = Node { tree: self.tree, index: next + 1 };
            if key.is("<<") && key.raw().form == Form::Bare {
                let value = value.resolved();
                if value.is_array() { targets.extend(value.items()) } else { targets.push(value) }
            }
            next = self.tree.after(next + 1);
        }
        targets
    }
}

/// The elements of a list.
#[derive(Debug, Clone)]
pub struct Items<'t> {
    tree: &'t Tree,
    next: u32,
    end: u32,
}

impl<'t> Iterator for Items<'t> {
    type Item = Node<'t>;

    fn next(&mut self) -> Option<Node<'t>> {
        if self.next >= self.end {
            return None;
        }
        let node = Node { tree: self.tree, index: self.next };
        self.next = self.tree.after(self.next);
        Some(node.resolved())
    }
}

/// The entries of a mapping.
#[derive(Debug, Clone)]
pub struct Members<'t> {
    tree: &'t Tree,
    next: u32,
    end: u32,
    skip_merge: bool,
    merged: std::vec::IntoIter<(Node<'t>, Node<'t>)>,
}

impl<'t> Iterator for Members<'t> {
    type Item = (Node<'t>, Node<'t>);

    fn next(&mut self) -> Option<Self::Item> {
        while self.next < self.end {
            let key = Node { tree: self.tree, index: self.next };
            let value = Node { tree: self.tree, index: self.next + 1 };
            self.next = self.tree.after(self.next + 1);
            if self.skip_merge && key.raw().form == Form::Bare && key.is("<<") {
                continue;
            }
            return Some((key.resolved(), value.resolved()));
        }
        self.merged.next()
    }
}

/// Fills a [`Tree`]; what both parsers share.
struct Builder {
    source: SourceId,
    text: Arc<str>,
    nodes: Vec<Raw>,
    decoded: Vec<Box<str>>,
    duplicates: Vec<Duplicate>,
}

impl Builder {
    fn new(source: &Source) -> Self {
        Self {
            source: source.id,
            text: Arc::clone(&source.text),
            nodes: Vec::with_capacity(source.text.len() / 24 + 4),
            decoded: Vec::new(),
            duplicates: Vec::new(),
        }
    }

    /// A scalar whose text is its span.
    fn bare(&mut self, kind: Kind, start: usize, end: usize) -> u32 {
        self.push(kind, Form::Bare, start, end, 0)
    }

    /// A string whose text is its span without the quotes.
    fn quoted(&mut self, start: usize, end: usize) -> u32 {
        self.push(Kind::String, Form::Quoted, start, end, 0)
    }

    /// A string whose text is not in the source as it is.
    fn decoded(&mut self, text: &str, start: usize, end: usize) -> u32 {
        let slot = self.decoded.len() as u32;
        self.decoded.push(text.into());
        self.push(Kind::String, Form::Decoded, start, end, slot)
    }

    /// A reference to a node that was closed before.
    fn alias(&mut self, target: u32, start: usize, end: usize) -> u32 {
        self.push(Kind::Null, Form::Alias, start, end, target)
    }

    /// Begins a list or a mapping.
    fn open(&mut self, kind: Kind, start: usize) -> u32 {
        self.push(kind, Form::Container, start, start, 0)
    }

    /// Ends a list or a mapping; the keys of a mapping are checked for repetition.
    fn close(&mut self, container: u32, end: usize) {
        let next = self.nodes.len() as u32;
        let raw = &mut self.nodes[container as usize];
        raw.end = end as u32;
        raw.extra = next;
        if raw.kind == Kind::Object {
            self.record_duplicates(container);
        }
    }

    /// Marks a mapping that has a `<<` key.
    fn mark_merge(&mut self, container: u32) {
        self.nodes[container as usize].merge = true;
    }

    fn finish(self) -> Tree {
        let Self { source, text, nodes, decoded, duplicates } = self;
        Tree { source, text, nodes, decoded, duplicates }
    }

    fn push(&mut self, kind: Kind, form: Form, start: usize, end: usize, extra: u32) -> u32 {
        let index = self.nodes.len() as u32;
        self.nodes.push(Raw { start: start as u32, end: end as u32, extra, kind, form, merge: false });
        index
    }

    fn key_text(&self, index: u32) -> &str {
        let raw = self.nodes[index as usize];
        match raw.form {
            Form::Bare => &self.text[raw.start as usize..raw.end as usize],
            Form::Quoted => &self.text[raw.start as usize + 1..raw.end as usize - 1],
            Form::Decoded => &self.decoded[raw.extra as usize],
            Form::Alias => self.key_text(raw.extra),
            Form::Container => "",
        }
    }

    fn record_duplicates(&mut self, container: u32) {
        let end = self.nodes[container as usize].extra;
        let mut found = Vec::new();
        {
            let mut seen: rustc_hash::FxHashMap<&str, u32> = rustc_hash::FxHashMap::default();
            let mut few: [(&str, u32); 8] = [("", 0); 8];
            let mut count = 0;
            let mut next = container + 1;
            while next < end {
                let key = self.key_text(next);
                let earlier = if count < few.len() {
                    few[..count].iter().find(|(text, _)| *text == key).map(|&(_, index)| index)
                } else {
                    if seen.is_empty() {
                        seen.extend(few);
                    }
                    seen.get(key).copied()
                };
                let is_merge = key == "<<" && self.nodes[next as usize].form == Form::Bare;
                match earlier {
                    Some(first) if !is_merge => found.push((first, next)),
                    _ if count < few.len() => few[count] = (key, next),
                    _ => {
                        seen.insert(key, next);
                    }
                }
                if earlier.is_none() {
                    count += 1;
                }
                let value = next + 1;
                let raw = self.nodes[value as usize];
                next = if raw.form == Form::Container { raw.extra } else { value + 1 };
            }
        }
        for (first, second) in found {
            let span = |raw: Raw| Span { source: self.source, start: raw.start, end: raw.end };
            self.duplicates.push(Duplicate {
                first: span(self.nodes[first as usize]),
                second: span(self.nodes[second as usize]),
                key: self.key_text(second).to_owned(),
            });
        }
    }
}
