//! The text of every document that was read, and where a byte of it stands.

use std::sync::{Arc, OnceLock};

/// Bytes between two remembered character counts.
const STRIDE: usize = 1024;

/// Which document a span belongs to: an index into [`Sources`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceId(pub u32);

/// A range of bytes in one document; `end` is exclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The document.
    pub source: SourceId,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

/// A value and where it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Where it stands.
    pub span: Span,
}

/// A place as people name it: both numbers start at 1, columns count Unicode characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
}

/// A place in a file that need not be a document of the run.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Spot {
    /// The file, as the user would write it.
    pub file: String,
    /// Where in it.
    pub position: Position,
}

impl std::fmt::Display for Spot {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{}:{}:{}", self.file, self.position.line, self.position.column)
    }
}

/// One document: its name as the user would write it, and its text.
#[derive(Debug)]
pub struct Source {
    /// Its place in [`Sources`].
    pub id: SourceId,
    /// Path as given or reached, with `/` between folders; `<stdin>` for standard input.
    pub name: String,
    /// The whole text, UTF-8.
    pub text: Arc<str>,
    index: OnceLock<LineIndex>,
}

/// Line starts, and the characters before every `STRIDE` bytes, so that a column on a line of many megabytes
/// costs one short count and not the whole line.
#[derive(Debug)]
struct LineIndex {
    lines: Vec<u32>,
    characters: Option<Vec<u32>>,
}

impl Source {
    /// A document named `name`.
    pub fn new(id: SourceId, name: impl Into<String>, text: impl Into<Arc<str>>) -> Self {
        Self { id, name: name.into(), text: text.into(), index: OnceLock::new() }
    }

    /// Line and column of a byte offset; an offset past the end is taken as the end.
    pub fn position(&self, offset: u32) -> Position {
        let index = self.index.get_or_init(|| LineIndex::new(&self.text));
        let offset = self.floor(offset as usize).max(index.lines[0] as usize);
        let line = index.lines.partition_point(|&start| start as usize <= offset);
        let start = index.lines[line - 1] as usize;
        let column = match &index.characters {
            None => offset - start,
            Some(_) if offset - start <= STRIDE => characters_in(&self.text.as_bytes()[start..offset]),
            Some(counts) => self.characters(counts, offset) - self.characters(counts, start),
        };
        Position { line: line as u32, column: column as u32 + 1 }
    }

    /// Where a span of this document begins.
    pub fn spot(&self, span: Span) -> Spot {
        Spot { file: self.name.clone(), position: self.position(span.start) }
    }

    /// First byte of the line that holds `offset`, and one past its last, without the line break.
    pub fn line_bounds(&self, offset: u32) -> (u32, u32) {
        let index = self.index.get_or_init(|| LineIndex::new(&self.text));
        let offset = self.floor(offset as usize).max(index.lines[0] as usize);
        let line = index.lines.partition_point(|&start| start as usize <= offset);
        let start = index.lines[line - 1];
        let end = memchr::memchr(b'\n', &self.text.as_bytes()[start as usize..])
            .map_or(self.text.len() as u32, |found| start + found as u32);
        (start, end)
    }

    /// The nearest character boundary at or before `offset`.
    pub fn floor(&self, offset: usize) -> usize {
        let mut offset = offset.min(self.text.len());
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        offset
    }

    fn characters(&self, counts: &[u32], offset: usize) -> usize {
        let block = offset / STRIDE;
        counts[block] as usize + characters_in(&self.text.as_bytes()[block * STRIDE..offset])
    }
}

impl LineIndex {
    fn new(text: &str) -> Self {
        let bytes = text.as_bytes();
        // A byte order mark is no character of the first line: no editor counts it.
        let first = if text.starts_with('\u{FEFF}') { '\u{FEFF}'.len_utf8() as u32 } else { 0 };
        let lines = std::iter::once(first).chain(memchr::memchr_iter(b'\n', bytes).map(|at| at as u32 + 1)).collect();
        let characters = (!text.is_ascii()).then(|| {
            let mut seen = 0;
            let mut counts = vec![0];
            for block in bytes.chunks(STRIDE) {
                seen += characters_in(block) as u32;
                counts.push(seen);
            }
            counts
        });
        Self { lines, characters }
    }
}

/// Characters that begin in `bytes`: every byte but a UTF-8 continuation byte begins one. Counted in runs short enough
/// for one byte, which compilers turn into vector code.
fn characters_in(bytes: &[u8]) -> usize {
    let starts = |run: &[u8]| run.iter().map(|&byte| u8::from(byte & 0xC0 != 0x80)).sum::<u8>();
    bytes.chunks(255).map(|run| usize::from(starts(run))).sum()
}

/// All documents of one run.
#[derive(Debug, Default)]
pub struct Sources(Vec<Source>);

impl Sources {
    /// Adds a document and says which it is.
    pub fn add(&mut self, name: impl Into<String>, text: impl Into<Arc<str>>) -> SourceId {
        let id = SourceId(self.0.len() as u32);
        self.0.push(Source::new(id, name, text));
        id
    }

    /// The document with this number.
    pub fn get(&self, id: SourceId) -> &Source {
        &self.0[id.0 as usize]
    }

    /// Every document, in the order they were read.
    pub fn iter(&self) -> impl Iterator<Item = &Source> {
        self.0.iter()
    }

    /// Where a span begins.
    pub fn start(&self, span: Span) -> Position {
        self.get(span.source).position(span.start)
    }

    /// Where a span ends (exclusive).
    pub fn end(&self, span: Span) -> Position {
        self.get(span.source).position(span.end)
    }

    /// The text of a span.
    pub fn text(&self, span: Span) -> &str {
        let source = self.get(span.source);
        let (start, end) = (source.floor(span.start as usize), source.floor(span.end as usize));
        source.text.get(start..end).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str, offset: usize) -> (u32, u32) {
        let position = Source::new(SourceId(0), "t", text).position(offset as u32);
        (position.line, position.column)
    }

    #[test]
    fn lines_and_columns_count_from_one() {
        assert_eq!(at("ab\ncd", 0), (1, 1));
        assert_eq!(at("ab\ncd", 4), (2, 2));
        assert_eq!(at("ab\r\ncd", 4), (2, 1));
        assert_eq!(at("", 0), (1, 1));
        assert_eq!(at("ab", 99), (1, 3));
        assert_eq!(at("\u{FEFF}ab", 4), (1, 2));
        assert_eq!(at("\u{FEFF}ab", 0), (1, 1));
    }

    #[test]
    fn columns_are_characters_not_bytes() {
        let text = "k: 日本語 x";
        assert_eq!(at(text, text.find('x').expect("present")), (1, 8));
    }

    #[test]
    fn a_long_line_agrees_with_a_plain_count() {
        let text: String = "aé日😀".repeat(5000);
        let source = Source::new(SourceId(0), "t", text.as_str());
        for (count, (offset, _)) in text.char_indices().enumerate().step_by(977) {
            assert_eq!(source.position(offset as u32).column as usize, count + 1);
        }
    }
}
