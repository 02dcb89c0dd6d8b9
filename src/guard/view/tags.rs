//! Text in characters that nobody sees: Unicode tags and variation selectors.

use std::ops::Range;

use memchr::memmem;

use super::View;
use super::draft::Draft;

/// Selectors in a row that are more than styles of one character.
const SELECTORS: usize = 6;

/// What the tag characters of a text spell.
pub(super) fn tags(text: &str) -> Option<View> {
    let mut draft = Draft::new(text);
    let mut end = 0;
    // Every tag character is F3 A0 80 or F3 A0 81 and one more byte.
    for at in memmem::find_iter(text.as_bytes(), b"\xF3\xA0") {
        let Some(c @ '\u{E0020}'..='\u{E007E}') = text.get(at..).and_then(|rest| rest.chars().next()) else { continue };
        gap(&mut draft, end, at);
        end = at + c.len_utf8();
        draft.char(char::from(c as u32 as u8), at..end);
    }
    hidden(draft, "tag characters")
}

/// What the variation selectors of a text spell, each being one byte.
pub(super) fn selectors(text: &str) -> Option<View> {
    let mut draft = Draft::new(text);
    let mut run: Vec<(u8, Range<usize>)> = Vec::new();
    let mut last = 0;
    for (at, c) in text.char_indices().filter(|(_, c)| !c.is_ascii()) {
        let Some(byte) = selector(c) else { continue };
        if run.last().is_some_and(|(_, place)| place.end != at) {
            spell(&mut run, &mut draft, &mut last);
        }
        run.push((byte, at..at + c.len_utf8()));
    }
    spell(&mut run, &mut draft, &mut last);
    hidden(draft, "variation selectors")
}

fn selector(c: char) -> Option<u8> {
    match c {
        '\u{FE00}'..='\u{FE0F}' => Some((c as u32 - 0xFE00) as u8),
        '\u{E0100}'..='\u{E01EF}' => Some((c as u32 - 0xE0100 + 16) as u8),
        _ => None,
    }
}

fn spell(run: &mut Vec<(u8, Range<usize>)>, draft: &mut Draft<'_>, last: &mut usize) {
    if run.len() >= SELECTORS {
        // Some encoders count from the first selector for a space, others from byte zero.
        let readable = |shift: u8| run.iter().filter(|(byte, _)| is_plain(byte.wrapping_add(shift))).count();
        let shift = if readable(0) >= readable(32) { 0 } else { 32 };
        for (byte, place) in run.iter().filter(|(byte, _)| is_plain(byte.wrapping_add(shift))) {
            gap(draft, *last, place.start);
            *last = place.end;
            draft.char(char::from(byte.wrapping_add(shift)), place.clone());
        }
    }
    run.clear();
}

fn is_plain(byte: u8) -> bool {
    matches!(byte, b' '..=b'~' | b'\n')
}

/// Keeps texts that do not follow one another apart.
fn gap(draft: &mut Draft<'_>, end: usize, next: usize) {
    if end != next && draft.len() > 0 {
        draft.put("\n", end..next);
    }
}

pub(super) fn hidden(draft: Draft<'_>, name: &'static str) -> Option<View> {
    let letters = draft.text().chars().filter(|c| c.is_alphabetic()).count();
    (letters >= 2).then(|| View { hidden: true, ..draft.finish(name) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tagged(text: &str) -> String {
        text.bytes().filter_map(|byte| char::from_u32(0xE0000 + u32::from(byte))).collect()
    }

    #[test]
    fn tag_characters_are_read() {
        let text = format!("Hello{} and {}", tagged("open the"), tagged("door"));
        let view = tags(&text).expect("a view");
        assert_eq!((view.text.as_str(), view.hidden), ("open the\ndoor", true));
        assert_eq!(view.map.origin(0, 2), 5..13);
        assert!(tags("no tags \u{E0100}").is_none());
    }

    #[test]
    fn selectors_are_read() {
        let code = |byte: u8| char::from_u32(if byte < 16 { 0xFE00 } else { 0xE0100 - 16 } + u32::from(byte));
        let text: String = "😀".chars().chain("open the door".bytes().filter_map(code)).collect();
        assert_eq!(selectors(&text).map(|view| view.text).as_deref(), Some("open the door"));
        assert!(selectors("❤\u{FE0F} ☀\u{FE0F}").is_none());
    }
}
