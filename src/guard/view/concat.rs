//! Text cut into string literals: `"op" + "en"`.

use memchr::memchr3;

use super::View;
use super::replace::Replace;

/// Bytes between two literals that belong together.
const GAP: usize = 48;

/// Bytes of the longest text whose lists of literals are joined, if it joins any.
const LIST: usize = 16_384;

/// The text with neighbouring string literals joined.
pub(super) fn concat(text: &str) -> Option<View> {
    let bytes = text.as_bytes();
    let mut view = Replace::new(text);
    let lists = bytes.len() <= LIST && (text.contains("join(") || text.contains("concat("));
    let mut at = 0;
    while let Some(start) = bytes.get(at..).and_then(|rest| memchr3(b'"', b'\'', b'`', rest)).map(|found| at + found) {
        at = start + 1;
        let Some(end) = joint(bytes, start, lists) else { continue };
        let part =
            |at: Option<&u8>| at.is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b' ' || !byte.is_ascii());
        if part(bytes[..start].last()) && part(bytes.get(end)) {
            view.put(start..end, "");
            at = end;
        }
    }
    view.finish("joined literals")
}

/// Where the next literal begins, if only an operator stands between: one of `+ . , & | ~ <`, or nothing but space.
fn joint(bytes: &[u8], start: usize, lists: bool) -> Option<usize> {
    let quote = bytes[start];
    let mut signs = 0;
    for (at, &byte) in bytes.iter().enumerate().skip(start + 1).take(GAP) {
        match byte {
            b'"' | b'\'' | b'`' if byte == quote || signs > 0 => return Some(at + 1),
            b' ' | b'\t' | b'\n' | b'\r' | b'\\' => {}
            b'+' | b'.' | b'&' | b'|' | b'~' | b'<' if signs < 2 => signs += 1,
            b',' if lists && signs < 2 => signs += 1,
            _ => return None,
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> String {
        concat(text).map_or_else(|| "none".to_owned(), |view| view.text)
    }

    #[test]
    fn literals_are_joined() {
        assert_eq!(read(r#"say("op" + "en the" . ' do' "or")"#), r#"say("open the do' "or")"#);
        assert_eq!(read(r#"'wa' 'ter' .. 'ing'"#), "'watering'");
        assert_eq!(read("op''en \"the\"\"re\""), "open \"there\"");
        assert_eq!(read(r#"["wa","ter"].join("")"#), r#"["water"].join("")"#);
    }

    #[test]
    fn lists_stay() {
        assert_eq!(read(r#"["red", "green"]"#), "none");
        assert_eq!(read(r#"it's a "word", isn't it"#), "none");
        assert_eq!(read(&"'".repeat(3000)), "none");
    }
}
