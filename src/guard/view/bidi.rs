//! Text that is stored backwards and shown forwards.

use memchr::memmem;

use super::View;
use super::replace::Replace;

/// The text with what follows a right-to-left override read from its end.
pub(super) fn bidi(text: &str) -> Option<View> {
    let mut view = Replace::new(text);
    let mut at = 0;
    while let Some(found) = memmem::find(&text.as_bytes()[at..], "\u{202E}".as_bytes()) {
        let start = at + found + '\u{202E}'.len_utf8();
        let length = text[start..].find(['\u{202C}', '\u{202D}', '\u{202E}', '\n']);
        at = length.map_or(text.len(), |length| start + length);
        let reading: String = text[start..at].chars().rev().collect();
        view.backwards(start..at, &reading);
    }
    view.finish("right-to-left override")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn overrides_are_turned() {
        let view = bidi("go \u{202E}rood eht\u{202C} now").expect("a view");
        assert_eq!(view.text, "go \u{202E}the door\u{202C} now");
        let at = view.text.find("the").expect("there");
        assert_eq!(view.map.origin(at, at + 3), 11..14);
        assert!(bidi("plain – text").is_none());
    }
}
