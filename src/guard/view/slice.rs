//! The parts of a large text that are read one after the other, so that no text takes much memory.

use std::ops::Range;

use crate::guard::boundary::floor;

/// Bytes of a text that is read as a whole.
const WHOLE: usize = 128 << 10;

/// Bytes of a part, and within how many more it is cut at a gap between words: what is one long word may be an encoding,
/// which cannot be read from its middle on.
const PART: usize = 64 << 10;
const WORD: usize = 256 << 10;

/// Bytes that two parts share.
const SHARED: usize = 2 << 10;

/// The parts of a text, in order.
pub(crate) fn slices(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut next = Some(0);
    std::iter::from_fn(move || {
        let start = next?;
        let end = if text.len() - start <= WHOLE { text.len() } else { cut(text, start + PART) };
        next = (end < text.len()).then(|| floor(text, end - SHARED));
        Some(start..end)
    })
}

/// Where to cut near a place.
fn cut(text: &str, place: usize) -> usize {
    let near = &text.as_bytes()[place..text.len().min(place + WORD)];
    let gap = near.iter().position(u8::is_ascii_whitespace).map_or(place + WORD, |length| place + length);
    floor(text, gap)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_cover_a_text_and_cut_no_word() {
        assert_eq!(slices("").next(), Some(0..0));
        assert_eq!(slices(&"é ".repeat(1000)).count(), 1);
        let word = "x".repeat(200 << 10);
        let text = format!("{word} {} {word} {word}", "é ".repeat(100 << 10));
        let parts: Vec<Range<usize>> = slices(&text).collect();
        assert!(parts.len() > 3 && parts[0].start == 0 && parts[parts.len() - 1].end == text.len());
        for pair in parts.windows(2) {
            assert!(pair[0].end > pair[1].start && pair[1].end > pair[0].end);
            assert!(text.as_bytes()[pair[0].end].is_ascii_whitespace());
        }
        // What has no gaps is cut all the same.
        assert!(slices(&"é".repeat(1 << 20)).all(|part| part.len() <= PART + WORD));
    }
}
