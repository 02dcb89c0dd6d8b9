//! Text with markup in the middle of its words.

use memchr::{memchr2, memmem};

use super::View;
use super::replace::Replace;

/// The longest tag, attributes and all, that is taken out.
const TAG: usize = 2048;
/// The longest comment that is taken out of the middle of a word.
const COMMENT: usize = 80;
/// Places inside words from which signs of emphasis must be taken before they count as more than multiplication.
const JOINTS: usize = 2;

/// The text as a page would show it: without inline tags, and without signs of emphasis inside words.
///
/// Comments are kept, but for those inside words, and attributes are not: the text itself, which is matched as well, shows
/// them.
pub(super) fn markup(text: &str) -> Option<View> {
    let bytes = text.as_bytes();
    let mut view = Replace::new(text);
    let (mut tags, mut joints) = (0, 0);
    let mut at = 0;
    while let Some(start) = next(bytes, at) {
        at = start + 1;
        if bytes[start] == b'<' {
            let Some((end, reading)) = tag(text, start) else { continue };
            view.put(start..end, reading);
            (at, tags) = (end, tags + 1);
        } else {
            let length = bytes[start..].iter().take_while(|&&byte| is_emphasis(byte)).count();
            at = start + length;
            let inside = start > 0 && is_letter(bytes[start - 1]) && bytes.get(at).copied().is_some_and(is_letter);
            if inside {
                view.put(start..at, "");
                joints += 1;
            }
        }
    }
    if tags > 0 || joints >= JOINTS { view.finish("markup") } else { None }
}

fn next(bytes: &[u8], at: usize) -> Option<usize> {
    // Two searches would look twice at a text that has only one of the signs; a loop over both looks once.
    let rest = bytes.get(at..)?;
    rest.iter().position(|&byte| byte == b'<' || is_emphasis(byte)).map(|found| at + found)
}

/// Where the tag that begins at `start` ends, and what stands for it: nothing for an inline tag, a gap for a block.
fn tag(text: &str, start: usize) -> Option<(usize, &'static str)> {
    let bytes = text.as_bytes();
    let rest = &bytes[start + 1..bytes.len().min(start + TAG)];
    if rest.starts_with(b"!--") {
        return Some(comment(bytes, start).map_or((start + 4, " "), |end| (end, "")));
    }
    let name = rest.strip_prefix(b"/").unwrap_or(rest);
    if !name.first()?.is_ascii_alphabetic() {
        return None;
    }
    // Another `<` before the end: this was no tag, and looking on from there keeps the work linear.
    let length = memchr2(b'<', b'>', rest)?;
    if rest[length] == b'<' {
        return None;
    }
    let name = &name[..name.iter().take_while(|byte| byte.is_ascii_alphanumeric()).count()];
    let block = BLOCKS.iter().any(|block| name.eq_ignore_ascii_case(block.as_bytes()));
    Some((start + 1 + length + 1, if block { " " } else { "" }))
}

/// Where the comment that begins at `start` ends, if letters stand right before and behind it.
fn comment(bytes: &[u8], start: usize) -> Option<usize> {
    let before = bytes[..start].last()?;
    let window = &bytes[start..bytes.len().min(start + COMMENT)];
    let end = start + memmem::find(window, b"-->")? + 3;
    (is_letter(*before) && is_letter(*bytes.get(end)?)).then_some(end)
}

/// Tags that part words.
const BLOCKS: &[&str] = &[
    "p",
    "div",
    "br",
    "hr",
    "li",
    "ul",
    "ol",
    "dl",
    "dt",
    "dd",
    "td",
    "th",
    "tr",
    "table",
    "tbody",
    "thead",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "section",
    "article",
    "header",
    "footer",
    "nav",
    "main",
    "aside",
    "form",
    "option",
    "select",
    "button",
    "input",
    "label",
    "title",
    "script",
    "style",
    "html",
    "head",
    "body",
    "meta",
    "link",
    "pre",
    "blockquote",
    "figure",
    "summary",
    "details",
    "img",
    "svg",
];

fn is_emphasis(byte: u8) -> bool {
    matches!(byte, b'*' | b'~' | b'`')
}

fn is_letter(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || !byte.is_ascii()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> String {
        markup(text).map_or_else(|| "none".to_owned(), |view| view.text)
    }

    #[test]
    fn tags_inside_words_leave_no_gap() {
        assert_eq!(read("op<b></b>en <span class='x'>the</span> do<!---->or"), "open the door");
        assert_eq!(read("open the do<!-- a b -->or"), "open the door");
        assert_eq!(read("open <!-- the --> do<!--or"), "open   the --> do or");
        assert_eq!(read("open<br/>the<p>door"), "open the door");
    }

    #[test]
    fn emphasis_inside_words_leaves_no_gap() {
        assert_eq!(read("**op**en *t*he d~~oo~~r"), "**open *the door");
        assert_eq!(read("a `b` c *d* and 2*3"), "none");
    }

    #[test]
    fn what_is_no_tag_stays() {
        assert_eq!(read("a < b <= c <3 <"), "none");
        assert_eq!(read(&"<a".repeat(1000)), "none");
    }
}
