//! The flat tree of spanned nodes that both parsers fill.

mod merge;

use std::borrow::Cow;
use std::ops::Range;

use super::Duplicate;
use super::decoded::Decoded;
use super::raw::{Form, Raw, Tag};
use crate::source::{Quote, SharedText, SourceId, Span};

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

/// One document as a flat arena of nodes. YAML aliases stay references, so an alias bomb costs nothing.
#[derive(Debug, PartialEq, Eq)]
pub struct Tree {
    pub(super) source: SourceId,
    pub(super) text: SharedText,
    pub(super) nodes: Vec<Raw>,
    pub(super) texts: Decoded,
    pub(super) duplicates: Vec<Duplicate>,
}

impl Tree {
    /// A tree that holds only null, in the place of a document that could not be read.
    pub fn nothing(source: SourceId) -> Self {
        let null = Raw::new(Tag::of(Kind::Null), 0, 0, 0);
        let texts = Decoded::default();
        Self { source, text: SharedText::default(), nodes: vec![null], texts, duplicates: Vec::new() }
    }

    /// The tree as that of another source with the same text.
    #[must_use]
    pub fn of_source(mut self, source: SourceId) -> Self {
        self.source = source;
        for duplicate in &mut self.duplicates {
            duplicate.first.source = source;
            duplicate.second.source = source;
        }
        self
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

    /// Whether nothing was read. A tree from [`parse`](super::parse) never is empty.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// The node with this number, as [`Node::index`] gave it.
    pub fn node(&self, index: u32) -> Node<'_> {
        Node { tree: self, index }
    }

    /// Calls `found` for the strings, keys included, of at least so many bytes among the nodes with these numbers, and their
    /// texts, in document order.
    pub fn each_string<'t>(&'t self, among: Range<u32>, shortest: usize, mut found: impl FnMut(Node<'t>, &'t str)) {
        for (index, raw) in among.clone().zip(&self.nodes[among.start as usize..among.end as usize]) {
            if raw.may_be_text_of(shortest as u32) {
                let node = self.node(index);
                let text = node.str();
                if text.len() >= shortest {
                    found(node, text);
                }
            }
        }
    }

    fn span(&self, index: u32) -> Span {
        let raw = self.nodes[index as usize];
        Span { source: self.source, start: raw.start(), end: raw.end }
    }

    /// One past the last descendant of a node.
    #[inline]
    fn after(&self, index: u32) -> u32 {
        let raw = self.nodes[index as usize];
        if raw.is_container() { raw.extra } else { index + 1 }
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

    /// One past the number of its last descendant, or of itself if it has none.
    pub fn end_index(self) -> u32 {
        self.tree.after(self.index)
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
        self.raw().kind()
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
        let merged = if self.is_object() && self.raw().merges() { self.merged() } else { Vec::new() };
        Members { tree: self.tree, next, end, skip_merge: self.raw().merges(), merged: merged.into_iter() }
    }

    /// The value of a key; the last one if the key stands twice, as most parsers do.
    pub fn get(self, key: &str) -> Option<Node<'t>> {
        self.entry(key).map(|(_, value)| value)
    }

    /// The key as written, and its value.
    pub fn entry(self, key: &str) -> Option<(Node<'t>, Node<'t>)> {
        let raw = self.raw();
        if raw.kind() != Kind::Object {
            return None;
        }
        let mut found = None;
        let mut next = self.index + 1;
        while next < raw.extra {
            let written = Node { tree: self.tree, index: next };
            let (name, value) = (written.resolved(), Node { tree: self.tree, index: next + 1 });
            if name.is(key) && !(raw.merges() && written.is_merge()) {
                found = Some((name, value.resolved()));
                // Nearly all documents have no key twice, so the first is the last.
                if self.tree.duplicates.is_empty() {
                    break;
                }
            }
            next = value.end_index();
        }
        if found.is_none() && raw.merges() {
            found = self.merged_entry(key);
        }
        found
    }

    /// Whether the scalar's text equals `text`.
    #[inline]
    pub fn is(self, text: &str) -> bool {
        let raw = self.raw();
        match raw.form() {
            Form::Bare => self.tree.text.as_bytes()[raw.start() as usize..raw.end as usize] == *text.as_bytes(),
            Form::Quoted => {
                self.tree.text.as_bytes()[raw.start() as usize + 1..raw.end as usize - 1] == *text.as_bytes()
            }
            Form::Decoded => self.tree.texts.get(raw.extra) == text,
            Form::Container | Form::Alias => false,
        }
    }

    /// Bytes of [`Node::text`].
    #[inline]
    pub fn text_length(self) -> usize {
        let raw = self.raw();
        match raw.form() {
            Form::Bare => (raw.end - raw.start()) as usize,
            Form::Quoted => (raw.end - raw.start()) as usize - 2,
            Form::Decoded => self.tree.texts.get(raw.extra).len(),
            Form::Container | Form::Alias => 0,
        }
    }

    /// The text of a scalar, escapes decoded; empty for lists and mappings.
    #[inline]
    pub fn text(self) -> Cow<'t, str> {
        Cow::Borrowed(self.str())
    }

    /// The same, for what lasts longer than the tree.
    pub fn quote(self) -> Quote {
        let raw = self.raw();
        let (start, end) = (raw.start() as usize, raw.end as usize);
        match raw.form() {
            Form::Bare => Quote::new(&self.tree.text, start..end),
            Form::Quoted => Quote::new(&self.tree.text, start + 1..end - 1),
            Form::Decoded | Form::Container | Form::Alias => self.str().into(),
        }
    }

    /// The same, for what lasts no longer than the tree.
    #[inline]
    pub fn str(self) -> &'t str {
        let raw = self.raw();
        match raw.form() {
            Form::Bare => &self.tree.text[raw.start() as usize..raw.end as usize],
            Form::Quoted => &self.tree.text[raw.start() as usize + 1..raw.end as usize - 1],
            Form::Decoded => self.tree.texts.get(raw.extra),
            Form::Container | Form::Alias => "",
        }
    }

    #[inline]
    fn raw(self) -> Raw {
        self.tree.nodes[self.index as usize]
    }

    #[inline]
    fn resolved(self) -> Self {
        let raw = self.raw();
        if raw.is_alias() { Node { index: raw.extra, ..self } } else { self }
    }

    fn own_members(self) -> Members<'t> {
        let (next, end) = if self.is_object() { (self.index + 1, self.raw().extra) } else { (0, 0) };
        Members { tree: self.tree, next, end, skip_merge: self.raw().merges(), merged: Vec::new().into_iter() }
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

    #[inline]
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

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        while self.next < self.end {
            let index = self.next;
            let &[key, value] = self.tree.nodes[index as usize..].first_chunk()?;
            self.next = if value.is_container() { value.extra } else { index + 2 };
            if !(self.skip_merge && self.tree.node(index).is_merge()) {
                let resolved = |raw: Raw, index| self.tree.node(if raw.is_alias() { raw.extra } else { index });
                return Some((resolved(key, index), resolved(value, index + 1)));
            }
        }
        self.merged.next()
    }
}
