//! A view in the making.

use std::ops::Range;

use super::{Map, View};

/// The text of a view and its map, built from front to back.
#[derive(Debug)]
pub(super) struct Draft<'a> {
    source: &'a str,
    text: String,
    map: Map,
}

impl<'a> Draft<'a> {
    /// An empty view of `source`.
    pub(super) fn new(source: &'a str) -> Self {
        Self { source, text: String::new(), map: Map::default() }
    }

    /// An empty view that will be about as long as `source`.
    pub(super) fn with_capacity(source: &'a str) -> Self {
        Self { source, text: String::with_capacity(source.len()), map: Map::default() }
    }

    /// Bytes written so far.
    pub(super) fn len(&self) -> usize {
        self.text.len()
    }

    /// The text so far.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Takes a range of the source as it is.
    pub(super) fn copy(&mut self, range: Range<usize>) {
        self.map.push(range.len(), range.start, range.end);
        self.text.push_str(self.source.get(range).unwrap_or_default());
    }

    /// Takes a range of ASCII text in lower case.
    pub(super) fn lower(&mut self, range: Range<usize>) {
        let start = self.text.len();
        self.copy(range);
        self.text[start..].make_ascii_lowercase();
    }

    /// Writes what `origin` reads as.
    pub(super) fn put(&mut self, text: &str, origin: Range<usize>) {
        self.map.push(text.len(), origin.start, origin.end);
        self.text.push_str(text);
    }

    /// Writes a character that `origin` reads as.
    pub(super) fn char(&mut self, c: char, origin: Range<usize>) {
        self.map.push(c.len_utf8(), origin.start, origin.end);
        self.text.push(c);
    }

    /// Writes `text`, the reading of `origin` from its end to its start.
    pub(super) fn backwards(&mut self, text: &str, origin: Range<usize>) {
        self.map.push(text.len(), origin.end, origin.start);
        self.text.push_str(text);
    }

    /// The finished view.
    pub(super) fn finish(self, name: &'static str) -> View {
        View { name, text: self.text, map: self.map, squeezed: false, hidden: false }
    }
}
