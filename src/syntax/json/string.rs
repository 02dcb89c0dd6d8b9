//! JSON strings and their escapes.

use super::Parser;
use crate::syntax::{SyntaxError, shown};

impl Parser<'_> {
    /// Reads a string, from quote to quote.
    #[inline]
    pub(super) fn string(&mut self) -> Result<(), SyntaxError> {
        let start = self.at;
        self.at = ordinary(self.bytes, start + 1);
        if self.peek() == Some(b'"') {
            self.at += 1;
            self.tree.quoted(start, self.at);
            return Ok(());
        }
        self.decoded(start)
    }

    /// Reads the rest of a string that has an escape, or is wrong.
    #[cold]
    fn decoded(&mut self, start: usize) -> Result<(), SyntaxError> {
        let mut copied = start + 1;
        loop {
            self.at = ordinary(self.bytes, self.at);
            self.tree.texts.open().push_str(&self.source.text[copied..self.at]);
            match self.peek() {
                Some(b'"') => break,
                Some(b'\\') => self.escape()?,
                Some(_) => {
                    let message = format!("{} inside a string", shown(&self.source.text[self.at..]));
                    let help = "close the string with `\"` before it, or write it as an escape such as `\\n`";
                    return Err(self.error(self.at, self.at + 1, message, help));
                }
                None => {
                    let help = "close the string with `\"`; or is the file truncated?";
                    return Err(self.error(start, start + 1, "a string that is never closed".into(), help));
                }
            }
            copied = self.at;
        }
        self.at += 1;
        self.tree.written(start, self.at);
        Ok(())
    }

    /// Reads one escape, or a surrogate pair of two.
    fn escape(&mut self) -> Result<(), SyntaxError> {
        let decoded = match self.bytes.get(self.at + 1) {
            Some(&byte @ (b'"' | b'\\' | b'/')) => byte as char,
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{C}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode_escape(),
            _ => {
                let next = shown(&self.source.text[self.at + 1..]);
                let message = format!("expected an escape after `\\`, found {next}");
                return Err(self.error(self.at, self.at + 1, message, "write `\\\\` for a backslash"));
            }
        };
        self.tree.texts.open().push(decoded);
        self.at += 2;
        Ok(())
    }

    fn unicode_escape(&mut self) -> Result<(), SyntaxError> {
        let Some(first) = self.hex(self.at) else {
            let message = "expected four hexadecimal digits after `\\u`".into();
            return Err(self.error(self.at, self.at + 2, message, "write `\\\\` for a backslash"));
        };
        self.at += 6;
        let mut code = first;
        if let (0xD800..=0xDBFF, Some(second @ 0xDC00..=0xDFFF)) = (first, self.hex(self.at)) {
            self.at += 6;
            code = 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00);
        }
        // A lone half of a pair is legal JSON and common in machine-made documents; it has no character.
        self.tree.texts.open().push(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
        Ok(())
    }

    /// The number in `\uXXXX` at `at`.
    fn hex(&self, at: usize) -> Option<u32> {
        let digits = self.bytes.get(at..at + 6)?.strip_prefix(b"\\u")?;
        digits.iter().try_fold(0, |code, &digit| Some(code * 16 + (digit as char).to_digit(16)?))
    }
}

/// The first `"`, `\` or control character at or after `at`; eight bytes at a time, as most of a document is text.
#[inline]
fn ordinary(bytes: &[u8], mut at: usize) -> usize {
    const ONES: u64 = u64::MAX / 255;
    const HIGHS: u64 = ONES << 7;
    // The high bit of a byte is set when that byte is zero; false ones only stand after a true one.
    let zero = |word: u64| word.wrapping_sub(ONES) & !word & HIGHS;
    while let Some(chunk) = bytes[at..].first_chunk::<8>() {
        let word = u64::from_le_bytes(*chunk);
        let control = word.wrapping_sub(ONES * 0x20) & !word & HIGHS;
        let found = zero(word ^ (ONES * b'"' as u64)) | zero(word ^ (ONES * b'\\' as u64)) | control;
        if found != 0 {
            return at + found.trailing_zeros() as usize / 8;
        }
        at += 8;
    }
    while bytes.get(at).is_some_and(|&byte| byte != b'"' && byte != b'\\' && byte >= 0x20) {
        at += 1;
    }
    at
}
