//! Text with terminal control sequences in it.

use memchr::memchr;

use super::View;
use super::replace::Replace;

/// The longest sequence that is taken out.
const LONGEST: usize = 256;

/// The text as a terminal would print it: without colours, cursor movements and titles.
pub(super) fn terminal(text: &str) -> Option<View> {
    let bytes = text.as_bytes();
    let mut view = Replace::new(text);
    let mut at = 0;
    while let Some(found) = bytes.get(at..).and_then(|rest| memchr(0x1B, rest)) {
        let start = at + found;
        let rest = &bytes[start + 1..bytes.len().min(start + LONGEST)];
        let length = match rest.first() {
            Some(b'[') => rest[1..]
                .iter()
                .position(|byte| !(0x20..0x40).contains(byte))
                .filter(|&end| (0x40..0x7F).contains(&rest[end + 1]))
                .map(|end| end + 2),
            // A title or link: its end is written, what it links to is not.
            Some(b']') => rest
                .iter()
                .position(|&byte| byte == 0x07 || byte == 0x1B)
                .map(|end| end + if rest[end] == 0x1B && rest.get(end + 1) == Some(&b'\\') { 2 } else { 1 }),
            Some(0x30..0x7F) => Some(1),
            _ => None,
        };
        at = start + 1 + length.unwrap_or(0);
        if text.is_char_boundary(at) {
            view.put(start..at, "");
        }
    }
    view.finish("terminal")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sequences_are_taken_out() {
        let read = |text| terminal(text).map(|view| view.text);
        assert_eq!(
            read("o\u{1B}[1;31mpe\u{1B}[0mn \u{1B}]8;;http://x\u{7}it\u{1B}]8;;\u{1B}\\.").as_deref(),
            Some("open it.")
        );
        assert_eq!(read("\u{1B}"), Some(String::new()));
        assert_eq!(read("\u{1B}[é\u{1B}]é").as_deref(), Some("[é]é"));
    }
}
