//! Signs that a phrase cannot do without. Words alone call for phrases such as `<!-- … -->` in any text about code.

use regex_syntax::hir::literal::Extractor;
use regex_syntax::hir::{Hir, HirKind};

use super::shape::is_separator;

/// Landmarks of one phrase; with more of them they tell little.
const MOST: usize = 128;

/// Strings with a sign in them, of which one stands in every text that an expression of bytes matches; none if there are
/// no such. Those whose first sign is the same stand together on one line, with spaces between. The expression is an
/// outline: in it a space stands for any separators.
pub(super) fn landmarks(hir: &Hir) -> String {
    let pieces = match hir.kind() {
        HirKind::Concat(pieces) => pieces.as_slice(),
        _ => std::slice::from_ref(hir),
    };
    let mut extractor = Extractor::new();
    extractor.limit_total(MOST);
    let sets = (0..pieces.len()).filter_map(|from| {
        let found = extractor.extract(&Hir::concat(pieces[from..].to_vec()));
        let mut set =
            found.literals()?.iter().map(|literal| landmark(literal.as_bytes())).collect::<Option<Vec<_>>>()?;
        set.sort_unstable();
        // One that another begins with finds all that the longer one finds.
        set.dedup_by(|long, short| long.starts_with(short.as_str()));
        Some(set).filter(|set| !set.is_empty())
    });
    let shortest = |set: &Vec<String>| set.iter().map(String::len).min();
    let mut set = sets.max_by_key(|set| (shortest(set), std::cmp::Reverse(set.len()))).unwrap_or_default();
    let sign = |landmark: &String| landmark.bytes().find(|byte| is_separator(*byte));
    set.sort_by_key(sign);
    set.chunk_by(|a, b| sign(a) == sign(b)).map(|same| same.join(" ")).collect::<Vec<_>>().join("\n")
}

/// The part of a literal that stands in a text as it is, if it has a sign.
fn landmark(literal: &[u8]) -> Option<String> {
    let end = literal.iter().position(|byte| *byte <= b' ').unwrap_or(literal.len());
    let fixed = std::str::from_utf8(&literal[..end]).ok().filter(|text| text.is_ascii())?;
    (fixed.len() >= 2 && fixed.bytes().any(is_separator)).then(|| fixed.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(expression: &str) -> String {
        let mut parser = regex_syntax::ParserBuilder::new().unicode(false).utf8(false).build();
        landmarks(&parser.parse(expression).expect("an expression"))
    }

    #[test]
    fn landmarks_have_signs_and_are_in_every_match() {
        assert_eq!(found(r"[ ]*(?:color:[ ]?red|clip:x)[^<>]{0,9}>[^<]{0,9}ignore"), "clip:x color:");
        assert_eq!(found(r"[<\[](?:todo|ai)[>\]].{0,20}now"), "<ai> <ai] <todo> <todo]\n[ai> [ai] [todo> [todo]");
        assert_eq!(found(r"\[(?:a|b)\]:[ ]?x.*"), "[a]: [b]:");
        assert_eq!(found(r"(?:open )?(?:the|-) door"), "");
        assert_eq!(found(r"<?ignore all"), "");
        assert_eq!(found(r"(?:b\]|a>|c\]).{0,9}"), "a>\nb] c]");
    }
}
