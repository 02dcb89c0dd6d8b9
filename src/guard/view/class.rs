//! Classes of bytes, and runs of one class.

use std::ops::Range;

/// A set of ASCII bytes.
#[derive(Debug)]
pub(super) struct Class([bool; 256]);

/// Letters.
pub(super) static LETTERS: Class = Class::letters();
/// Letters and digits.
pub(super) static WORDS: Class = Class::letters().with(b"0123456789");
/// Letters, digits, apostrophes and the underscores between them.
pub(super) static JOINED: Class = Class::letters().with(b"0123456789'_");
/// Hexadecimal digits.
pub(super) static HEX: Class = Class::empty().with(b"0123456789abcdefABCDEF");
/// The alphabets of base64, plain and for URLs, without the padding.
pub(super) static BASE64: Class = Class::letters().with(b"0123456789+/-_");
/// Letters, digits and the signs of plain base64.
pub(super) static CODES: Class = Class::letters().with(b"0123456789+/=");
/// The alphabet of base32 in both cases.
pub(super) static BASE32: Class = Class::letters().with(b"234567");

impl Class {
    const fn empty() -> Self {
        Self([false; 256])
    }

    const fn letters() -> Self {
        Self::empty().with(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
    }

    const fn with(mut self, bytes: &[u8]) -> Self {
        let mut at = 0;
        while at < bytes.len() {
            self.0[bytes[at] as usize] = true;
            at += 1;
        }
        self
    }

    /// Whether the byte belongs to the class.
    pub(super) fn has(&self, byte: u8) -> bool {
        self.0[usize::from(byte)]
    }

    /// Whether all bytes belong to the class.
    pub(super) fn covers(&self, bytes: &[u8]) -> bool {
        bytes.iter().all(|&byte| self.has(byte))
    }

    /// One past the last byte of the run that begins at `start`.
    pub(super) fn end(&self, bytes: &[u8], start: usize) -> usize {
        bytes[start..].iter().position(|&byte| !self.has(byte)).map_or(bytes.len(), |length| start + length)
    }

    /// Runs of at least `min` bytes of the class. Looks at every `min`-th byte first, for no run can hide between them.
    /// A run that reaches over the end of `place` is given whole.
    pub(super) fn runs<'a>(
        &'a self,
        bytes: &'a [u8],
        place: Range<usize>,
        min: usize,
    ) -> impl Iterator<Item = Range<usize>> + use<'a> {
        let mut start = place.start;
        std::iter::from_fn(move || {
            while start + min <= place.end.min(bytes.len()) {
                match bytes[start..start + min].iter().rposition(|&byte| !self.has(byte)) {
                    Some(gap) => start += gap + 1,
                    None => {
                        let run = start..self.end(bytes, start + min);
                        start = run.end;
                        return Some(run);
                    }
                }
            }
            None
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_whole() {
        let found =
            |text: &str| LETTERS.runs(text.as_bytes(), 0..100, 4).map(|run| text[run].to_owned()).collect::<Vec<_>>();
        assert_eq!(found("abc abcd ab1abcdefghi"), ["abcd", "abcdefghi"]);
        assert_eq!(found("abc"), [] as [&str; 0]);
        assert_eq!(found("abcd"), ["abcd"]);
    }
}
