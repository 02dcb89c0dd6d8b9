//! The text of every document that was read, and where a byte of it stands.

mod quote;

use std::sync::{Arc, OnceLock};

pub use quote::Quote;

/// Bytes between two remembered counts.
const STRIDE: usize = 512;

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

/// The text of a document, shared by everything that points into it.
pub type SharedText = Arc<String>;

/// One document: its name as the user would write it, and its text.
#[derive(Debug)]
pub struct Source {
    /// Its place in [`Sources`].
    pub id: SourceId,
    /// Path as given or reached, with `/` between folders; `<stdin>` for standard input.
    pub name: String,
    /// The whole text, UTF-8.
    pub text: SharedText,
    index: OnceLock<LineIndex>,
}

/// What stands before every `STRIDE` bytes, so that a place in a text of many lines, or on a line of many megabytes,
/// costs one short count. Made when the first place is asked for.
#[derive(Debug)]
struct LineIndex(Vec<Mark>);

/// What stands before a multiple of `STRIDE` bytes.
#[derive(Debug, Clone, Copy)]
struct Mark {
    /// Line breaks.
    breaks: u32,
    /// Characters.
    characters: u32,
    /// First byte of the line that goes on here.
    line: u32,
}

impl Source {
    /// A document named `name`.
    pub fn new(id: SourceId, name: impl Into<String>, text: impl Into<String>) -> Self {
        Self::shared(id, name, Arc::new(text.into()))
    }

    /// A document whose text is used elsewhere too.
    pub fn shared(id: SourceId, name: impl Into<String>, text: SharedText) -> Self {
        Self { id, name: name.into(), text, index: OnceLock::new() }
    }

    /// Line and column of a byte offset; an offset past the end is taken as the end.
    pub fn position(&self, offset: u32) -> Position {
        let (offset, mark) = self.mark(offset);
        let bytes = self.text.as_bytes();
        let (block, start) = (offset - offset % STRIDE, mark.line as usize);
        let here = &bytes[block..offset];
        let breaks = mark.breaks + breaks_in(here) as u32;
        let characters = match memchr::memrchr(b'\n', here) {
            Some(last) => characters_in(&here[last + 1..]),
            None if offset - start <= STRIDE => characters_in(&bytes[start..offset]),
            None => {
                let before_line = self.index().0[start / STRIDE].characters as usize
                    + characters_in(&bytes[start - start % STRIDE..start]);
                mark.characters as usize + characters_in(here) - before_line
            }
        };
        Position { line: breaks + 1, column: characters as u32 + 1 }
    }

    /// Where a span of this document begins and ends (exclusive).
    pub fn range(&self, span: Span) -> (Position, Position) {
        let start = self.position(span.start);
        let (from, to) = (self.floor(span.start as usize), self.floor(span.end as usize));
        // Nearly all spans are short, so that their end is nearer to their beginning than to a mark.
        let end = match self.text.as_bytes().get(from..to) {
            Some(within) if from >= self.first() && within.len() <= STRIDE => match memchr::memrchr(b'\n', within) {
                Some(last) => Position {
                    line: start.line + breaks_in(within) as u32,
                    column: characters_in(&within[last + 1..]) as u32 + 1,
                },
                None => Position { column: start.column + characters_in(within) as u32, ..start },
            },
            _ => self.position(span.end),
        };
        (start, end)
    }

    /// Where a span of this document begins.
    pub fn spot(&self, span: Span) -> Spot {
        Spot { file: self.name.clone(), position: self.position(span.start) }
    }

    /// First byte of the line that holds `offset`, and one past its last, without the line break.
    pub fn line_bounds(&self, offset: u32) -> (u32, u32) {
        let (offset, mark) = self.mark(offset);
        let bytes = self.text.as_bytes();
        let block = offset - offset % STRIDE;
        let start = memchr::memrchr(b'\n', &bytes[block..offset]).map_or(mark.line, |last| (block + last) as u32 + 1);
        let end = memchr::memchr(b'\n', &bytes[offset..]).map_or(bytes.len(), |found| offset + found);
        (start, end as u32)
    }

    /// The nearest character boundary at or before `offset`.
    pub fn floor(&self, offset: usize) -> usize {
        let mut offset = offset.min(self.text.len());
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        offset
    }

    /// The offset as a boundary within the text, and the nearest mark before it.
    fn mark(&self, offset: u32) -> (usize, Mark) {
        let marks = &self.index().0;
        let offset = self.floor(offset as usize).max(self.first());
        (offset, marks[offset / STRIDE])
    }

    /// The first byte of the first line. A byte order mark is no character of it: no editor counts it.
    fn first(&self) -> usize {
        if self.text.starts_with('\u{FEFF}') { '\u{FEFF}'.len_utf8() } else { 0 }
    }

    fn index(&self) -> &LineIndex {
        self.index.get_or_init(|| LineIndex::new(self.text.as_bytes(), self.first()))
    }
}

impl LineIndex {
    /// The index of a text whose first line begins at `first`.
    fn new(bytes: &[u8], first: usize) -> Self {
        let mut mark = Mark { breaks: 0, characters: 0, line: first as u32 };
        let mut marks = Vec::with_capacity(bytes.len() / STRIDE + 1);
        marks.push(mark);
        for (number, block) in bytes.chunks_exact(STRIDE).enumerate() {
            mark.breaks += breaks_in(block) as u32;
            mark.characters += characters_in(block) as u32;
            if let Some(last) = memchr::memrchr(b'\n', block) {
                mark.line = (number * STRIDE + last) as u32 + 1;
            }
            marks.push(mark);
        }
        Self(marks)
    }
}

/// Line breaks in `bytes`.
fn breaks_in(bytes: &[u8]) -> usize {
    memchr::memchr_iter(b'\n', bytes).count()
}

/// Characters that begin in `bytes`: every byte but a UTF-8 continuation byte begins one.
fn characters_in(bytes: &[u8]) -> usize {
    if bytes.is_ascii() {
        return bytes.len();
    }
    count(bytes, |byte| byte & 0xC0 != 0x80)
}

/// How many bytes are of a kind. Counted in runs short enough for one byte, which compilers turn into vector code.
#[inline]
fn count(bytes: &[u8], is_counted: impl Fn(u8) -> bool) -> usize {
    let counted = |run: &[u8]| run.iter().map(|&byte| u8::from(is_counted(byte))).sum::<u8>();
    let mut runs = bytes.chunks_exact(224);
    let whole: usize = runs.by_ref().map(|run| usize::from(counted(run))).sum();
    whole + usize::from(counted(runs.remainder()))
}

/// All documents of one run.
#[derive(Debug, Default)]
pub struct Sources(Vec<Source>);

impl Sources {
    /// Adds a document and says which it is.
    pub fn add(&mut self, name: impl Into<String>, text: SharedText) -> SourceId {
        let id = SourceId(self.0.len() as u32);
        self.0.push(Source::shared(id, name, text));
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

    /// Where a span begins and ends (exclusive).
    pub fn range(&self, span: Span) -> (Position, Position) {
        self.get(span.source).range(span)
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
    fn places_agree_with_a_plain_count_however_long_lines_are() {
        for line in [1, 5, 60, 1023, 1024, 1025, 3000] {
            let text = format!("\u{FEFF}{}", format!("{}\n", "xé".repeat(line)).repeat(6000 / line + 2));
            let source = Source::new(SourceId(0), "t", text.as_str());
            let (mut row, mut column) = (1, 1);
            for (number, (offset, character)) in text.char_indices().skip(1).enumerate() {
                if number % 17 == 0 {
                    let at = source.position(offset as u32);
                    assert_eq!((at.line, at.column), (row, column), "byte {offset}, lines of {line}");
                    for start in [0, offset.saturating_sub(40), offset.saturating_sub(4000)] {
                        let span = Span { source: source.id, start: start as u32, end: offset as u32 };
                        assert_eq!(source.range(span), (source.position(span.start), at), "bytes {span:?}");
                    }
                    let (start, end) = source.line_bounds(offset as u32);
                    assert!(start as usize <= offset && offset <= end as usize, "byte {offset}, lines of {line}");
                    assert_eq!((end - start) as usize, 3 * line, "byte {offset}, lines of {line}");
                }
                (row, column) = if character == '\n' { (row + 1, 1) } else { (row, column + 1) };
            }
        }
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
