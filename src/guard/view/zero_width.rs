//! Text in the bits of zero-width characters.

use std::ops::Range;

use super::View;
use super::draft::Draft;
use super::tags::hidden;

/// Zero-width characters in a row that are four bytes or more.
const RUN: usize = 28;

/// What long runs of zero-width characters spell.
pub(super) fn zero_width(text: &str) -> Option<View> {
    let mut draft = Draft::new(text);
    let mut run: Vec<char> = Vec::new();
    let mut place = 0..0;
    for (at, c) in text.char_indices().filter(|(_, c)| is_zero_width(*c)) {
        if at != place.end {
            spell(&run, place.clone(), &mut draft);
            run.clear();
            place = at..at;
        }
        run.push(c);
        place.end = at + c.len_utf8();
    }
    spell(&run, place, &mut draft);
    hidden(draft, "zero-width characters")
}

fn is_zero_width(c: char) -> bool {
    matches!(c, '\u{200B}'..='\u{200F}' | '\u{2060}'..='\u{2064}' | '\u{FEFF}' | '\u{180E}')
}

fn spell(run: &[char], place: Range<usize>, draft: &mut Draft<'_>) {
    if run.len() < RUN {
        return;
    }
    let Some(&zero) = run.first() else { return };
    let Some(&one) = run.iter().find(|&&c| c != zero) else { return };
    // A third character parts the bytes.
    let bits: Vec<bool> = run.iter().filter(|&&c| c == zero || c == one).map(|&c| c == one).collect();
    for (width, flip) in [(8, false), (8, true), (7, false), (7, true)] {
        let byte = |bits: &[bool]| bits.iter().fold(0_u8, |byte, &bit| byte << 1 | u8::from(bit != flip));
        let bytes: Vec<u8> = bits.chunks_exact(width).map(byte).collect();
        if bytes.iter().all(|byte| matches!(byte, b' '..=b'~' | b'\n')) {
            draft.put(&bytes.iter().map(|&byte| char::from(byte)).collect::<String>(), place.clone());
            draft.put("\n", place.end..place.end);
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_are_read() {
        for (zero, one) in [('\u{200B}', '\u{200C}'), ('\u{200D}', '\u{2060}')] {
            let bits = "open".bytes().flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1 == 1));
            let text: String = "a".chars().chain(bits.map(|bit| if bit { one } else { zero })).collect();
            let view = zero_width(&text).expect("a view");
            assert_eq!((view.text.as_str(), view.hidden), ("open\n", true));
        }
        assert!(zero_width(&"a\u{200B}".repeat(100)).is_none());
        assert!(zero_width(&"\u{200B}".repeat(100)).is_none());
    }
}
