//! Scalars in single and double quotes.

use super::Reader;
use crate::syntax::Kind;

/// A scalar in quotes that was read; what it means is in the scratch text unless it stands as it is.
#[derive(Clone, Copy)]
pub(super) struct Quoted {
    pub(super) start: usize,
    pub(super) end: usize,
    as_written: bool,
}

impl Reader<'_> {
    /// Reads from quote to quote, over any number of lines; the current line is then that of the last quote.
    pub(super) fn quoted(&mut self) -> Option<Quoted> {
        let start = self.at;
        let quote = self.bytes[start];
        let mut copied = start + 1;
        let mut as_written = true;
        // Spaces before this length of the scratch text were escaped and stay at a line's end.
        let mut kept = 0;
        self.at += 1;
        self.scratch.clear();
        loop {
            self.at += memchr::memchr3(quote, b'\\', b'\n', &self.bytes[self.at..])?;
            match self.bytes[self.at] {
                b'\n' => {
                    self.scratch.push_str(&self.text[copied..self.at]);
                    let text = self.scratch.trim_end_matches(' ').len().max(kept);
                    self.scratch.truncate(text);
                    let blank = self.continuation()?;
                    self.fold(blank);
                    kept = self.scratch.len();
                }
                b'\\' if quote == b'\'' => {
                    self.at += 1;
                    continue;
                }
                b'\\' => {
                    self.scratch.push_str(&self.text[copied..self.at]);
                    self.escape()?;
                    kept = self.scratch.len();
                }
                _ if quote == b'\'' && self.bytes.get(self.at + 1) == Some(&b'\'') => {
                    self.scratch.push_str(&self.text[copied..=self.at]);
                    self.at += 2;
                }
                _ => break,
            }
            as_written = false;
            copied = self.at;
        }
        if !as_written {
            self.scratch.push_str(&self.text[copied..self.at]);
        }
        self.at += 1;
        if self.has_tab(start, self.at) {
            return None;
        }
        Some(Quoted { start, end: self.at, as_written })
    }

    pub(super) fn put_quoted(&mut self, scalar: Quoted) {
        let Quoted { start, end, as_written } = scalar;
        self.end = end;
        if as_written || self.text[start + 1..end - 1] == self.scratch {
            self.tree.quoted(start, end);
        } else {
            self.tree.decoded(&self.scratch, start, end);
            debug_assert_eq!(self.tree.nodes.last().map(|raw| raw.kind()), Some(Kind::String));
        }
    }

    /// Steps from a line break to the next text; how many blank lines lie between.
    fn continuation(&mut self) -> Option<usize> {
        let floor = self.floor()?;
        let mut breaks = 0;
        while self.peek()? == b'\n' {
            breaks += 1;
            self.at += 1;
            self.line = self.at;
            self.spaces();
        }
        (self.at - self.line > floor).then_some(breaks - 1)
    }

    /// One escape; those that are rare are left to the full parser.
    fn escape(&mut self) -> Option<()> {
        let escaped = *self.bytes.get(self.at + 1)?;
        self.at += 2;
        let (digits, character) = match escaped {
            b'n' => (0, '\n'),
            b't' => (0, '\t'),
            b'r' => (0, '\r'),
            b'b' => (0, '\u{8}'),
            b'f' => (0, '\u{C}'),
            b'e' => (0, '\u{1B}'),
            b'0' => (0, '\0'),
            b'_' => (0, '\u{A0}'),
            b'"' | b'\\' | b'/' | b' ' => (0, escaped as char),
            b'x' => (2, ' '),
            b'u' => (4, ' '),
            b'U' => (8, ' '),
            b'\n' => {
                self.at -= 1;
                return (self.continuation()? == 0).then_some(());
            }
            _ => return None,
        };
        if digits == 0 {
            self.scratch.push(character);
            return Some(());
        }
        let written = self.text.get(self.at..self.at + digits)?;
        if !written.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return None;
        }
        self.scratch.push(char::from_u32(u32::from_str_radix(written, 16).ok()?)?);
        self.at += digits;
        Some(())
    }
}
