//! A short way through the YAML that API descriptions are written in: block mappings and lists, every style of scalar,
//! plain flow collections. Whatever is not certain here (anchors, tags, tabs, carriage returns, `? `, odd indentation,
//! every error) is left to the full parser, so this one gives the same tree or none.

mod flow;
mod quoted;
mod scalar;
#[cfg(test)]
mod tests;

use super::super::{Builder, Kind, Tree};
use crate::source::Source;

/// Deepest nesting that is read here.
const MAX_DEPTH: usize = 128;

/// Longest key that is read here.
const MAX_KEY: usize = 1000;

/// Reads a document, or leaves it to the full parser.
pub(in crate::syntax) fn parse(source: &Source) -> Option<Tree> {
    let text = &**source.text;
    if !is_printable(text) {
        return None;
    }
    let mut reader = Reader {
        text,
        bytes: text.as_bytes(),
        at: 0,
        line: 0,
        tree: Builder::new(source),
        open: Vec::new(),
        end: 0,
        tabs: memchr::memchr(b'\t', text.as_bytes()).is_some(),
        scratch: String::new(),
    };
    reader.document()?;
    Some(reader.tree.finish())
}

/// Whether the text has no character that YAML gives a meaning beyond text, or none at all.
fn is_printable(text: &str) -> bool {
    let plain = |run: &[u8]| {
        run.iter()
            .fold(true, |plain, &byte| plain & ((byte >= b' ') | (byte == b'\n') | (byte == b'\t')) & (byte != 0x7F))
    };
    let bytes = text.as_bytes();
    bytes.chunks(256).all(plain)
        && memchr::memchr3_iter(0xC2, 0xE2, 0xEF, bytes).all(|at| match bytes[at] {
            0xC2 => bytes.get(at + 1).is_some_and(|&next| next >= 0xA0),
            0xE2 => !matches!(bytes.get(at + 1..at + 3), Some([0x80, 0xA8 | 0xA9])),
            _ => !matches!(bytes.get(at + 1..at + 3), Some([0xBB, 0xBF] | [0xBF, 0xBE | 0xBF])),
        })
}

/// A block list or mapping around the current place.
#[derive(Clone, Copy)]
struct Level {
    node: u32,
    indent: usize,
    is_map: bool,
}

/// What the last key or dash still waits for.
#[derive(Clone, Copy)]
enum Awaited {
    /// Nothing: its value stood beside it.
    Nothing,
    /// The value of a key; nothing at all stands where its colon does.
    Value { colon: usize },
    /// The element of a list; nothing at all stands at the end of the dash's line.
    Element { end: usize },
}

struct Reader<'s> {
    text: &'s str,
    bytes: &'s [u8],
    at: usize,
    /// First byte of the current line.
    line: usize,
    tree: Builder,
    open: Vec<Level>,
    /// Where the last thing that was read ended.
    end: usize,
    /// Whether the document has a tab anywhere.
    tabs: bool,
    scratch: String,
}

impl Reader<'_> {
    fn document(&mut self) -> Option<()> {
        while self.bytes.get(self.at..).is_some_and(|rest| rest.starts_with(b"#") || rest.starts_with(b"\n")) {
            self.next_line();
        }
        if self.bytes[self.at..].starts_with(b"---") {
            self.at += 3;
            self.end_of_line()?;
        }
        let indent = self.content()??;
        let mut awaited = self.block(indent)?;
        if self.open.is_empty() {
            return None;
        }
        while let Some(indent) = self.content()? {
            let top = *self.open.last()?;
            awaited = match awaited {
                Awaited::Value { .. } | Awaited::Element { .. } if indent > top.indent => self.block(indent)?,
                Awaited::Value { .. } if indent == top.indent && self.is_dash() => self.unindented_list(indent)?,
                Awaited::Value { colon: at } | Awaited::Element { end: at } => {
                    self.nothing(at);
                    self.entry(indent)?
                }
                Awaited::Nothing => self.entry(indent)?,
            };
        }
        match awaited {
            Awaited::Nothing => {}
            Awaited::Value { colon: at } | Awaited::Element { end: at } => self.nothing(at),
        }
        while !self.open.is_empty() {
            self.close();
        }
        Some(())
    }

    /// The next element or key of a list or mapping that is open.
    fn entry(&mut self, indent: usize) -> Option<Awaited> {
        loop {
            let top = *self.open.last()?;
            if top.indent == indent && (top.is_map || self.is_dash()) {
                return if top.is_map { self.pair() } else { self.element() };
            }
            // A list that stands at the indentation of its key ends at the next key.
            if top.indent < indent {
                return None;
            }
            self.close();
        }
    }

    /// A list, mapping or scalar that begins here.
    fn block(&mut self, indent: usize) -> Option<Awaited> {
        if self.open.len() == MAX_DEPTH {
            return None;
        }
        if self.is_dash() {
            let node = self.tree.open(Kind::Array, self.at);
            self.open.push(Level { node, indent, is_map: false });
            return self.element();
        }
        let key = match self.peek()? {
            b'"' | b'\'' => {
                let scalar = self.quoted()?;
                if self.peek_after_spaces() != Some(b':') {
                    self.end_of_line()?;
                    self.put_quoted(scalar);
                    return Some(Awaited::Nothing);
                }
                (self.line <= scalar.start).then_some(())?;
                (scalar.start, scalar.end, Some(scalar))
            }
            b'[' | b'{' | b'|' | b'>' => return self.value_here(),
            _ => {
                let start = self.at;
                let Some(end) = self.plain_key()? else { return self.value_here() };
                (start, end, None)
            }
        };
        let (start, end, quoted) = key;
        let node = self.tree.open(Kind::Object, start);
        self.open.push(Level { node, indent, is_map: true });
        match quoted {
            Some(scalar) => self.put_quoted(scalar),
            None => self.put_key(start, end),
        }
        self.value(end - start)
    }

    /// A list whose dashes stand right below the key.
    fn unindented_list(&mut self, indent: usize) -> Option<Awaited> {
        if self.open.len() == MAX_DEPTH {
            return None;
        }
        let mut first = self.at + 1;
        while self.bytes.get(first) == Some(&b' ') {
            first += 1;
        }
        if matches!(self.bytes.get(first), None | Some(b'\n' | b'#')) {
            return None;
        }
        let node = self.tree.open(Kind::Array, first);
        self.open.push(Level { node, indent, is_map: false });
        self.element()
    }

    /// What stands behind a dash.
    fn element(&mut self) -> Option<Awaited> {
        self.at += 1;
        if self.is_line_done() {
            self.end_of_line()?;
            let end = self.at - usize::from(self.bytes[self.at - 1] == b'\n');
            return Some(Awaited::Element { end });
        }
        self.block(self.at - self.line)
    }

    /// A key of an open mapping, and its value.
    fn pair(&mut self) -> Option<Awaited> {
        let start = self.at;
        let end = match self.peek()? {
            b'"' | b'\'' => {
                let scalar = self.quoted()?;
                (self.line <= scalar.start && self.peek_after_spaces() == Some(b':')).then_some(())?;
                self.put_quoted(scalar);
                scalar.end
            }
            _ => {
                let end = self.plain_key()??;
                self.put_key(start, end);
                end
            }
        };
        self.value(end - start)
    }

    /// The value behind a key, whose colon comes next.
    fn value(&mut self, key: usize) -> Option<Awaited> {
        let colon = self.at;
        self.at += 1;
        if key > MAX_KEY || !matches!(self.peek(), None | Some(b' ' | b'\n')) {
            return None;
        }
        if self.is_line_done() {
            self.end_of_line()?;
            return Some(Awaited::Value { colon });
        }
        if self.is_dash() {
            return None;
        }
        match self.peek()? {
            b'"' | b'\'' => {
                let scalar = self.quoted()?;
                self.end_of_line()?;
                self.put_quoted(scalar);
                Some(Awaited::Nothing)
            }
            _ => self.value_here(),
        }
    }

    /// A flow collection, or a scalar without quotes.
    fn value_here(&mut self) -> Option<Awaited> {
        match self.peek()? {
            b'[' | b'{' => {
                self.flow(0)?;
                self.end_of_line()?;
            }
            b'|' | b'>' => self.block_scalar()?,
            _ => self.plain()?,
        }
        Some(Awaited::Nothing)
    }

    fn close(&mut self) {
        if let Some(level) = self.open.pop() {
            self.end = self.end.max(self.tree.nodes[level.node as usize].start() as usize);
            self.tree.close(level.node, self.end);
        }
    }

    /// A value that is not there.
    fn nothing(&mut self, at: usize) {
        self.tree.bare(Kind::Null, at, at);
        self.end = at;
    }

    /// The indentation of the list or mapping around the current place, below which nothing of it stands.
    fn floor(&self) -> Option<usize> {
        self.open.last().map(|level| level.indent)
    }

    /// Steps over blank lines and comments to the next content and gives its indentation; none inside at the end.
    fn content(&mut self) -> Option<Option<usize>> {
        loop {
            self.line = self.at;
            let indent = self.spaces();
            match self.peek() {
                None => return Some(None),
                Some(b'\n') => self.at += 1,
                Some(b'#') => self.next_line(),
                Some(b'\t') => return None,
                Some(b'-' | b'.') if indent == 0 && self.is_document_mark() => return None,
                Some(_) => return Some(Some(indent)),
            }
        }
    }

    /// Whether `---` or `...` stands here.
    fn is_document_mark(&self) -> bool {
        let rest = &self.bytes[self.at..];
        rest.starts_with(b"---") || rest.starts_with(b"...")
    }

    /// Whether a dash of a list stands here.
    fn is_dash(&self) -> bool {
        self.peek() == Some(b'-') && matches!(self.bytes.get(self.at + 1), None | Some(b' ' | b'\n'))
    }

    /// Steps over spaces; whether nothing more than a comment stands on the line.
    fn is_line_done(&mut self) -> bool {
        self.spaces();
        matches!(self.peek(), None | Some(b'\n' | b'#'))
    }

    /// Steps to the next line, if nothing but spaces and a comment stands before it.
    fn end_of_line(&mut self) -> Option<()> {
        let spaces = self.spaces();
        match self.peek() {
            None => {}
            Some(b'\n') => self.at += 1,
            Some(b'#') if spaces > 0 || self.bytes[self.at - 1] == b' ' => self.next_line(),
            Some(_) => return None,
        }
        self.line = self.at;
        Some(())
    }

    fn next_line(&mut self) {
        self.at = memchr::memchr(b'\n', &self.bytes[self.at..]).map_or(self.bytes.len(), |end| self.at + end + 1);
        self.line = self.at;
    }

    fn spaces(&mut self) -> usize {
        let start = self.at;
        while self.peek() == Some(b' ') {
            self.at += 1;
        }
        self.at - start
    }

    fn peek_after_spaces(&mut self) -> Option<u8> {
        self.spaces();
        self.peek()
    }

    #[inline]
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }
}
