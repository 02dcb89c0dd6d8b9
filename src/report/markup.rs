//! Texts of documents as Markdown that they cannot break out of.

use super::escape::{cut, escape};
use super::place;
use super::repository::Repository;
use crate::source::{Sources, Span};

/// Characters of one text.
const MAX_TEXT: usize = 500;

/// A place as a link to its line, if it lies in the repository.
pub(super) fn link(sources: &Sources, span: Span) -> String {
    let (source, at) = (sources.get(span.source), sources.start(span));
    match Repository::current().link(&source.name, at.line) {
        // Between angle brackets a link holds everything but them, and they are encoded.
        Some(link) => format!("[{}](<{link}>)", code(&format!("{}:{}", source.name, at.line))),
        None => code(&place(sources, span)),
    }
}

/// A sentence of a few words of ours.
pub(super) fn sentence(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| format!("{}{}.", first.to_uppercase(), characters.as_str()))
}

/// A text as code. Nobody is mentioned and nothing is linked in it.
pub(super) fn code(text: &str) -> String {
    format!("<code>{}</code>", entities(&shorten(text)))
}

/// A sentence of ours, in which what stands between backticks comes from the document.
pub(super) fn prose(text: &str) -> String {
    let shortened = shorten(text);
    let mut shown = String::new();
    for (number, part) in shortened.split('`').enumerate() {
        match number % 2 {
            0 => shown += &markdown(part),
            _ => shown += &format!("<code>{}</code>", entities(part)),
        }
    }
    shown
}

/// A text in which nothing is markup, mentions anybody, or becomes a link.
pub(super) fn markdown(text: &str) -> String {
    // Mentions and references are found after entities were read: a space of no width breaks them.
    let shown = entities(&shorten(text)).replace("&#64;", "&#64;&#8203;").replace("&#35;", "&#35;&#8203;");
    shown.replace("GH-", "GH&#8203;-")
}

/// Every character that could mean something to Markdown or HTML as an entity.
fn entities(text: &str) -> String {
    let mut shown = String::with_capacity(text.len() + 16);
    for (at, character) in text.char_indices() {
        let harmless = match character {
            ':' => !text[at..].starts_with("://"),
            '.' => at < 3 || !text.as_bytes()[at - 3..at].eq_ignore_ascii_case(b"www"),
            character => !character.is_ascii_punctuation() || ",;/-(){}'?=".contains(character),
        };
        match harmless {
            true => shown.push(character),
            false => shown.push_str(&format!("&#{};", character as u32)),
        }
    }
    shown
}

fn shorten(text: &str) -> String {
    cut(&escape(text), MAX_TEXT).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_no_markup() {
        let hostile =
            "|</details><script>alert(1)</script>[a](javascript:b)![c](https://d)\n# `e` **f** @g org/h#1 &lt;";
        for shown in [markdown(hostile), prose(hostile), code(hostile)] {
            let shown = shown.replace("<code>", "").replace("</code>", "");
            assert!(!shown.contains(['|', '<', '>', '[', ']', '`', '*', '@', '!', '\n']), "{shown}");
            assert!(!shown.contains("://"), "{shown}");
        }
        assert_eq!(markdown("@ada"), "&#64;&#8203;ada");
        assert_eq!(prose("takes `a|b`"), "takes <code>a&#124;b</code>");
        assert_eq!(code("GET /users/{id}"), "<code>GET /users/{id}</code>");
    }
}
