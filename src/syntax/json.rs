//! JSON as RFC 8259 has it, with the place of every key and value. Nothing is repaired: what other parsers
//! would read differently is an error here.

mod string;
#[cfg(test)]
mod tests;

use super::{Builder, Kind, MAX_DEPTH, SyntaxError, Tree, shown};
use crate::source::{Source, Span};

const REMOVE_COMMA: &str = "remove the comma: JSON allows none after the last entry";
const TRUNCATED: &str = "is the file truncated? Close every `{`, `[` and `\"` that was opened";

/// Reads one JSON document.
pub(super) fn parse(source: &Source) -> Result<Tree, SyntaxError> {
    let text = &*source.text;
    let at = if text.starts_with('\u{FEFF}') { '\u{FEFF}'.len_utf8() } else { 0 };
    let mut parser = Parser { source, bytes: text.as_bytes(), at, tree: Builder::new(source), open: Vec::new() };
    parser.document()?;
    Ok(parser.tree.finish())
}

struct Parser<'s> {
    source: &'s Source,
    bytes: &'s [u8],
    at: usize,
    tree: Builder,
    /// The lists and mappings around the current place, outermost first, and whether each is a mapping.
    open: Vec<(u32, bool)>,
}

impl Parser<'_> {
    fn document(&mut self) -> Result<(), SyntaxError> {
        self.white();
        if self.at == self.bytes.len() {
            return Err(super::empty(self.source));
        }
        loop {
            let opened = self.value()?;
            if !(opened && self.first_entry()?) {
                self.closings();
                if self.open.is_empty() {
                    break;
                }
                self.next_entry()?;
            }
        }
        self.white();
        match self.peek() {
            None => Ok(()),
            Some(_) => Err(self.unexpected("the end of the document", "remove what follows the first value")),
        }
    }

    /// Steps into a list or mapping that was just opened, up to its first value; false if it is empty.
    fn first_entry(&mut self) -> Result<bool, SyntaxError> {
        self.white();
        let is_object = self.open.last().is_some_and(|&(_, is_object)| is_object);
        match (self.peek(), is_object) {
            (Some(b'}'), true) | (Some(b']'), false) => return Ok(false),
            (Some(b'"'), true) => self.key()?,
            (_, true) => return Err(self.unexpected("a key in double quotes or `}`", "")),
            (Some(b'}' | b','), false) => return Err(self.unexpected("a value or `]`", "")),
            (_, false) => {}
        }
        Ok(true)
    }

    /// Steps over the `,` after a value, up to the next value.
    fn next_entry(&mut self) -> Result<(), SyntaxError> {
        let is_object = self.open.last().is_some_and(|&(_, is_object)| is_object);
        if self.peek() != Some(b',') {
            return Err(if is_object {
                self.unexpected("`,` or `}` after a value", "add a comma after the value before this one")
            } else {
                self.unexpected("`,` or `]` after a value", "add a comma after the value before this one")
            });
        }
        let comma = self.at;
        self.at += 1;
        self.white();
        match self.peek() {
            Some(b'}' | b']') => {
                Err(self.error(comma, comma + 1, "a comma with no value after it".into(), REMOVE_COMMA))
            }
            Some(b'"') if is_object => self.key(),
            _ if is_object => Err(self.unexpected("a key in double quotes", "")),
            _ => Ok(()),
        }
    }

    /// Closes as many lists and mappings as end here.
    fn closings(&mut self) {
        while let Some(&(container, is_object)) = self.open.last() {
            self.white();
            match (self.peek(), is_object) {
                (Some(b'}'), true) | (Some(b']'), false) => {
                    self.at += 1;
                    self.open.pop();
                    self.tree.close(container, self.at);
                }
                _ => break,
            }
        }
    }

    /// Reads a scalar, or the first character of a list or mapping and then says true.
    fn value(&mut self) -> Result<bool, SyntaxError> {
        self.white();
        match self.peek() {
            Some(b'"') => self.string()?,
            Some(byte @ (b'{' | b'[')) => {
                if self.open.len() == MAX_DEPTH {
                    return Err(super::too_deep(self.source, self.at));
                }
                let is_object = byte == b'{';
                let container = self.tree.open(if is_object { Kind::Object } else { Kind::Array }, self.at);
                self.open.push((container, is_object));
                self.at += 1;
                return Ok(true);
            }
            Some(b'-' | b'0'..=b'9') => self.number()?,
            Some(b't') => self.word("true", Kind::Bool)?,
            Some(b'f') => self.word("false", Kind::Bool)?,
            Some(b'n') => self.word("null", Kind::Null)?,
            _ => return Err(self.unexpected("a value", "")),
        }
        Ok(false)
    }

    fn key(&mut self) -> Result<(), SyntaxError> {
        self.string()?;
        self.white();
        if self.peek() != Some(b':') {
            return Err(self.unexpected("`:` after a key", "write `:` and a value after the key"));
        }
        self.at += 1;
        Ok(())
    }

    fn word(&mut self, word: &str, kind: Kind) -> Result<(), SyntaxError> {
        let end = self.at + word.len();
        if !self.bytes[self.at..].starts_with(word.as_bytes())
            || self.bytes.get(end).is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
        {
            return Err(self.unexpected("a value", ""));
        }
        self.tree.bare(kind, self.at, end);
        self.at = end;
        Ok(())
    }

    fn number(&mut self) -> Result<(), SyntaxError> {
        let start = self.at;
        self.at += usize::from(self.bytes[start] == b'-');
        let whole = self.digits("a digit")?;
        if self.bytes[whole] == b'0' && self.at > whole + 1 {
            let message = "a number with a leading zero".into();
            return Err(self.error(start, self.at, message, "remove the zero, or put the number in double quotes"));
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits("a digit after the decimal point")?;
        }
        if let Some(b'e' | b'E') = self.peek() {
            self.at += 1;
            if let Some(b'+' | b'-') = self.peek() {
                self.at += 1;
            }
            self.digits("a digit in the exponent")?;
        }
        self.tree.bare(Kind::Number, start, self.at);
        Ok(())
    }

    /// Steps over at least one digit; says where they began.
    fn digits(&mut self, wanted: &str) -> Result<usize, SyntaxError> {
        let start = self.at;
        while let Some(b'0'..=b'9') = self.peek() {
            self.at += 1;
        }
        if self.at == start {
            return Err(self.unexpected(wanted, "write the number out, or put it in double quotes"));
        }
        Ok(start)
    }

    #[inline]
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    #[inline]
    fn white(&mut self) {
        if self.peek().is_some_and(|byte| byte <= b' ') {
            self.at = after_white(self.bytes, self.at);
        }
    }

    #[cold]
    fn unexpected(&self, wanted: &str, help: &str) -> SyntaxError {
        let rest = &self.source.text[self.at..];
        if rest.is_empty() {
            let message = match self.open.last() {
                Some((_, true)) => "the document ends inside an object".to_owned(),
                Some((_, false)) => "the document ends inside a list".to_owned(),
                None => format!("expected {wanted}, found the end of the document"),
            };
            return self.error(self.at, self.at, message, TRUNCATED);
        }
        let length = super::shown_length(rest);
        let help = match rest.as_bytes()[0] {
            _ if !help.is_empty() => help,
            b'/' | b'#' => "JSON has no comments: remove it",
            b'\'' => "JSON strings stand in double quotes",
            b'+' | b'.' => "a JSON number begins with a digit or `-`",
            b',' => "remove the comma, or write the value that is missing",
            b'N' | b'I' | b'u' => "JSON has no such value: write `null`, or a string in double quotes",
            b'T' | b'F' => "write `true` or `false` in small letters",
            byte if byte.is_ascii_alphabetic() || byte == b'_' => "put text in double quotes",
            _ => "remove it, or put text in double quotes",
        };
        self.error(self.at, self.at + length, format!("expected {wanted}, found {}", shown(rest)), help)
    }

    #[cold]
    fn error(&self, start: usize, end: usize, message: String, help: &str) -> SyntaxError {
        let span = Span { source: self.source.id, start: start as u32, end: end as u32 };
        SyntaxError { span, message, help: help.to_owned(), limit: false }
    }
}

/// The first byte at or after `at` that is no white space; spaces eight at a time, as indentation is most of a
/// pretty-printed document.
fn after_white(bytes: &[u8], mut at: usize) -> usize {
    const SPACES: u64 = u64::MAX / 255 * b' ' as u64;
    loop {
        while let Some(chunk) = bytes[at..].first_chunk::<8>() {
            let other = u64::from_le_bytes(*chunk) ^ SPACES;
            at += other.trailing_zeros() as usize / 8;
            if other != 0 {
                break;
            }
        }
        match bytes.get(at) {
            Some(b' ' | b'\n' | b'\r' | b'\t') => at += 1,
            _ => return at,
        }
    }
}
