//! Characters that nobody sees, in texts that a model reads.

use std::rc::Rc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::{Finding, Found, text};
use crate::audit::Context;
use crate::surface::NodeId;
use crate::surface::passage::{reaches, text_at};

/// Texts, names and paths with characters that no reader sees, but for those that scripts and emoji need.
pub(super) fn hidden(context: &Context<'_>, found: Found<'_>) {
    let mut wrong: FxHashMap<NodeId, Rc<str>> = FxHashMap::default();
    for reach in reaches(context.surface, context.documents) {
        let text = context.documents.with_sources(|sources| sources.get(reach.0).text.clone());
        let whole = context.documents.node((reach.0, reach.1.start)).span();
        let part = &text.as_bytes()[whole.start as usize..whole.end as usize];
        // What comes next mostly lies in the same text.
        let mut seen = 0..0;
        for at in escapes(part).chain(beyond_ascii(part)) {
            let offset = whole.start + at as u32;
            if seen.contains(&offset) {
                continue;
            }
            let Some(node) = text_at(context.documents, &reach, offset) else { continue };
            let node = context.documents.node(node);
            seen = node.span().start..node.span().end;
            if let Some(hidden) = hidden_in(&node.text()) {
                wrong.insert(node.id(), hidden.phrase().into());
            }
        }
    }
    let mut known: FxHashSet<usize> = FxHashSet::default();
    let mut noted = |finding: Finding| {
        known.extend(finding.operation);
        found(finding);
    };
    text::findings(context, &wrong, |text| hidden_in(text).map(|hidden| hidden.phrase()), &mut noted);
    for (index, operation) in context.surface.exposed_with_index() {
        let seen = operation.path.as_deref().and_then(hidden_in);
        if let Some(seen) = seen.filter(|_| !known.contains(&index)) {
            let values = vec![("place", "path".to_owned()), ("what", seen.phrase()), ("more", String::new())];
            let fields = vec!["path".into()];
            found(Finding { operation: Some(index), values, fields, ..Finding::default() });
        }
    }
}

/// Where escapes may stand for something beyond plain ASCII, and the one control character that may stand for itself.
fn escapes(bytes: &[u8]) -> impl Iterator<Item = usize> {
    memchr::memchr2_iter(b'\\', 0x7F, bytes)
        .filter(|&at| bytes[at] != b'\\' || bytes.get(at + 1).is_some_and(|next| b"uUxeavbf0".contains(next)))
}

/// Where bytes beyond ASCII stand.
fn beyond_ascii(bytes: &[u8]) -> impl Iterator<Item = usize> {
    const STEP: usize = 256;
    bytes.chunks(STEP).enumerate().flat_map(|(number, chunk)| {
        // Nearly no stretch has any, and looking at the whole of it at once is quick.
        let end = if chunk.is_ascii() { 0 } else { chunk.len() };
        (0..end).filter(|&at| !chunk[at].is_ascii()).map(move |at| number * STEP + at)
    })
}

/// What nobody sees in a text.
#[derive(Debug, PartialEq, Eq)]
struct Hidden {
    count: usize,
    first: char,
    kind: &'static str,
}

impl Hidden {
    fn phrase(&self) -> String {
        let others = if self.count > 1 { format!(" and {} more", self.count - 1) } else { String::new() };
        format!("holds characters that nobody sees: U+{:04X}, {}{others}", u32::from(self.first), self.kind)
    }
}

/// What nobody sees in a text; none if all of it is seen, or has its use.
fn hidden_in(text: &str) -> Option<Hidden> {
    let is_plain = |byte: u8| matches!(byte, b' '..=b'~' | b'\t' | b'\n' | b'\r');
    let mut odd = (0..text.len()).filter(|&at| !is_plain(text.as_bytes()[at]) && text.is_char_boundary(at));
    // What nobody would object to by itself, nobody does beside others.
    let alone = Around { text, before: None, after: None };
    if odd.all(|at| text[at..].chars().next().is_none_or(|character| alone.objection(character).is_none())) {
        return None;
    }
    let characters: Vec<char> = text.chars().collect();
    let mut found: Option<Hidden> = None;
    let mut at = 0;
    while at < characters.len() {
        let used = flag(&characters[at..]);
        if used > 0 {
            at += used;
            continue;
        }
        let around = Around {
            text,
            before: at.checked_sub(1).map(|before| characters[before]),
            after: characters.get(at + 1).copied(),
        };
        if let Some(kind) = around.objection(characters[at]) {
            match &mut found {
                Some(hidden) => hidden.count += 1,
                None => found = Some(Hidden { count: 1, first: characters[at], kind }),
            }
        }
        at += 1;
    }
    found
}

/// Characters of an emoji flag that is written with tags, such as that of Wales; 0 if there is none.
fn flag(characters: &[char]) -> usize {
    if characters.first() != Some(&'\u{1F3F4}') {
        return 0;
    }
    let tags = characters[1..].iter().take_while(|c| ('\u{E0020}'..='\u{E007E}').contains(*c)).count();
    let closed = characters.get(1 + tags) == Some(&'\u{E007F}');
    if closed && (1..=6).contains(&tags) { tags + 2 } else { 0 }
}

/// A character's surroundings.
struct Around<'t> {
    text: &'t str,
    before: Option<char>,
    after: Option<char>,
}

impl Around<'_> {
    /// What kind of hidden character this is, unless it has its use here.
    fn objection(&self, character: char) -> Option<&'static str> {
        let kind = match character {
            '\u{E0000}'..='\u{E007F}' => "a tag",
            '\u{202D}' | '\u{202E}' => "which turns the direction of text",
            '\u{200E}' | '\u{200F}' | '\u{061C}' | '\u{202A}'..='\u{202C}' | '\u{2066}'..='\u{2069}' => {
                if self.text.chars().any(is_right_to_left) {
                    return None;
                }
                "which turns the direction of text"
            }
            '\u{200B}' if self.before.is_some_and(is_written_without_spaces) => return None,
            '\u{200C}' | '\u{200D}' if self.before.is_some_and(joins) || self.after.is_some_and(joins) => return None,
            '\u{200B}'..='\u{200D}' | '\u{2060}' | '\u{FEFF}' | '\u{180E}' => "of no width",
            '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}' => {
                if self.before.is_some_and(has_variants) {
                    return None;
                }
                "a variation selector"
            }
            '\u{00AD}' => "a soft hyphen",
            '\u{034F}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{3164}' | '\u{FFA0}' => "a filler",
            '\u{2061}'..='\u{2065}' | '\u{206A}'..='\u{206F}' | '\u{FFF0}'..='\u{FFFB}' | '\u{1D173}'..='\u{1D17A}' => {
                "a format character"
            }
            '\u{1B}' => "which steers terminals",
            '\0'..='\u{8}' | '\u{E}'..='\u{1F}' | '\u{7F}'..='\u{84}' | '\u{86}'..='\u{9F}' => "a control character",
            _ => return None,
        };
        Some(kind)
    }
}

fn is_right_to_left(character: char) -> bool {
    matches!(character, '\u{0590}'..='\u{08FF}' | '\u{FB1D}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFC}' | '\u{10800}'..='\u{10FFF}' | '\u{1E800}'..='\u{1EFFF}')
}

/// Thai, Lao, Burmese, Khmer: words end at spaces of no width.
fn is_written_without_spaces(character: char) -> bool {
    matches!(character, '\u{0E00}'..='\u{0EFF}' | '\u{1000}'..='\u{109F}' | '\u{1780}'..='\u{17FF}' | '\u{3040}'..='\u{9FFF}')
}

/// Scripts in which joiners shape letters, and emoji.
fn joins(character: char) -> bool {
    matches!(character, '\u{0600}'..='\u{109F}' | '\u{1780}'..='\u{18AF}' | '\u{FB50}'..='\u{FEFC}')
        || is_picture(character)
}

fn is_picture(character: char) -> bool {
    matches!(character, '\u{2190}'..='\u{2BFF}' | '\u{3030}' | '\u{303D}' | '\u{3297}' | '\u{3299}' | '\u{FE0F}' | '\u{1F000}'..='\u{1FAFF}')
}

/// Characters that have more than one look: pictures, keycaps, ideographs, mathematical signs.
fn has_variants(character: char) -> bool {
    is_picture(character)
        || matches!(
            character,
            '0'..='9' | '#' | '*' | '\u{A9}' | '\u{AE}' | '\u{203C}' | '\u{2049}' | '\u{2122}' | '\u{2139}'
        )
        || matches!(character, '\u{1000}'..='\u{109F}' | '\u{1800}'..='\u{18AF}' | '\u{3000}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_sees_is_found() {
        for text in [
            "List\u{200B}Users",
            "a\u{E0049}\u{E0067}",
            "safe\u{202E}evil",
            "x\u{2063}y",
            "\u{FEFF}text",
            "a\u{FE01}",
            "co\u{AD}operate",
            "a\u{200D}b",
            "\u{1b}[2J",
            "e\u{E0101}",
        ] {
            assert!(hidden_in(text).is_some(), "{text:?}");
        }
    }

    #[test]
    fn what_scripts_and_emoji_need_passes() {
        for text in [
            "Grüße, 日本語",
            "می\u{200C}خواهم",
            "👩\u{200D}💻",
            "❤\u{FE0F}",
            "1\u{FE0F}\u{20E3}",
            "\u{1F3F4}\u{E0067}\u{E0062}\u{E0077}\u{E006C}\u{E0073}\u{E007F}",
            "שלום\u{200F}!",
            "葛\u{E0100}",
            "क्\u{200D}ष",
            "tab\tand\nline",
            "‘quoted’ – text…",
        ] {
            assert_eq!(hidden_in(text), None, "{text:?}");
        }
    }
}
