//! The shape of an expression: what the texts that it matches have in common, whatever their words.

use regex_syntax::hir::{Class, Hir, HirKind};

/// Words from which on a gap is as good as none.
pub(super) const MOST_BREAKS: usize = 200;

/// Stands for a further word in an outline. It is a separator, so it counts as the beginning of a word.
pub(super) const GAP: char = '\x01';

/// Bytes that a further word is taken for.
const FURTHER: usize = 10;

/// Longest match of a phrase, in bytes.
pub(super) const REACH: u16 = 1000;

/// The shortest that any part of a phrase is taken for.
const LEAST: usize = 80;

/// Bytes that a repetition without a bound is taken for.
const UNBOUNDED: usize = 24;

/// How often a group of fixed words without a bound is taken to stand in a row at most, where words are counted.
const REPEATED: usize = 12;

/// Sets of ASCII signs, a bit for each byte: of each set one stands in every text that matches.
pub(super) fn signs(hir: &Hir) -> Vec<u128> {
    let sign = |byte: u8| if byte.is_ascii_punctuation() { 1 << byte } else { 0 };
    let mut found: Vec<u128> = match hir.kind() {
        HirKind::Literal(literal) => literal.0.iter().map(|byte| sign(*byte)).collect(),
        HirKind::Class(Class::Bytes(class)) => {
            let bytes = class.iter().flat_map(|range| range.start()..=range.end());
            vec![bytes.map(sign).try_fold(0, |all, sign| (sign != 0).then_some(all | sign)).unwrap_or(0)]
        }
        HirKind::Class(Class::Unicode(class)) => {
            let bytes = class.iter().flat_map(|range| range.start()..=range.end());
            let signs = bytes.map(|c| u8::try_from(c).map_or(0, sign));
            vec![signs.into_iter().try_fold(0, |all, sign| (sign != 0).then_some(all | sign)).unwrap_or(0)]
        }
        HirKind::Repetition(repetition) if repetition.min > 0 => signs(&repetition.sub),
        HirKind::Capture(capture) => signs(&capture.sub),
        HirKind::Concat(parts) => parts.iter().flat_map(signs).collect(),
        // One set that all branches share: of each the one with the fewest signs.
        HirKind::Alternation(branches) => {
            let fewest = |branch: &Hir| signs(branch).into_iter().min_by_key(|set| set.count_ones());
            let sets = branches.iter().map(fewest).collect::<Option<Vec<u128>>>();
            sets.map(|sets| sets.into_iter().fold(0, |all, set| all | set)).into_iter().collect()
        }
        HirKind::Repetition(_) | HirKind::Empty | HirKind::Look(_) => Vec::new(),
    };
    found.retain(|set| *set != 0);
    found.sort_unstable_by_key(|set| (set.count_ones(), *set));
    found.dedup();
    found
}

/// How many words at most begin inside a text that matches.
pub(super) fn breaks(hir: &Hir) -> usize {
    let count = match hir.kind() {
        HirKind::Literal(literal) => literal.0.iter().filter(|byte| is_separator(**byte)).count(),
        HirKind::Class(class) => usize::from(separates(class)),
        HirKind::Repetition(repetition) => {
            let most = if is_fixed(&repetition.sub) { REPEATED } else { MOST_BREAKS };
            let most = repetition.max.map_or(most, |most| most as usize);
            breaks(&repetition.sub).saturating_mul(most)
        }
        HirKind::Capture(capture) => breaks(&capture.sub),
        HirKind::Concat(parts) => parts.iter().map(breaks).sum(),
        HirKind::Alternation(branches) => branches.iter().map(breaks).max().unwrap_or(0),
        HirKind::Empty | HirKind::Look(_) => 0,
    };
    count.min(MOST_BREAKS)
}

/// Whether it matches only a few texts: words that are spelt out, and not any words.
fn is_fixed(hir: &Hir) -> bool {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) | HirKind::Literal(_) => true,
        HirKind::Class(_) => false,
        HirKind::Repetition(repetition) => repetition.max.is_some() && is_fixed(&repetition.sub),
        HirKind::Capture(capture) => is_fixed(&capture.sub),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => parts.iter().all(is_fixed),
    }
}

/// Whether a text that matches can end with what separates words. A phrase is made of words, so what follows `.{0,40}`
/// is taken to begin one.
pub(super) fn closes(hir: &Hir) -> bool {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => true,
        HirKind::Literal(literal) => literal.0.last().is_some_and(|byte| is_separator(*byte)),
        HirKind::Class(class) => separates(class),
        HirKind::Repetition(repetition) => closes(&repetition.sub),
        HirKind::Capture(capture) => closes(&capture.sub),
        HirKind::Concat(parts) => {
            let end = parts.iter().rposition(filled).unwrap_or(0);
            parts[end..].iter().all(closes)
        }
        HirKind::Alternation(branches) => branches.iter().all(closes),
    }
}

/// Whether it matches one character that is no letter or digit of ASCII: what stands between words, then.
pub(super) fn is_gap(hir: &Hir) -> bool {
    let letter = |byte: u8| byte.is_ascii_alphanumeric();
    match hir.kind() {
        HirKind::Literal(literal) => literal.0.iter().all(|byte| is_separator(*byte)),
        HirKind::Class(Class::Bytes(class)) => !class.iter().any(|range| (range.start()..=range.end()).any(letter)),
        HirKind::Class(Class::Unicode(class)) => {
            class.iter().all(|range| range.end().is_ascii())
                && !class.iter().any(|range| (range.start()..=range.end()).any(|c| letter(c as u8)))
        }
        _ => false,
    }
}

/// Whether a class has a character that separates words.
fn separates(class: &Class) -> bool {
    match class {
        Class::Bytes(class) => class.iter().any(|range| (range.start()..=range.end()).any(is_separator)),
        Class::Unicode(class) => {
            class.iter().any(|range| (range.start()..=range.end().min('\x7f')).any(|c| is_separator(c as u8)))
        }
    }
}

/// Whether no empty text matches.
pub(super) fn filled(hir: &Hir) -> bool {
    hir.properties().minimum_len().is_some_and(|length| length > 0)
}

pub(super) fn is_separator(byte: u8) -> bool {
    byte.is_ascii() && !byte.is_ascii_alphanumeric()
}

/// Bytes that the texts that some pieces match in a row may take, about, and half as many again.
pub(super) fn reach(pieces: &[Hir]) -> u16 {
    let longest = pieces.iter().map(longest).sum::<usize>().min(usize::from(REACH));
    (longest + longest / 2).clamp(LEAST, usize::from(REACH)) as u16
}

/// Bytes of the longest text that matches, about.
fn longest(hir: &Hir) -> usize {
    match hir.kind() {
        HirKind::Literal(literal) => {
            let gaps = literal.0.iter().filter(|byte| char::from(**byte) == GAP).count();
            literal.0.len() - gaps + gaps * FURTHER
        }
        HirKind::Class(class) => class.maximum_len().unwrap_or(1),
        HirKind::Repetition(repetition) => {
            let most = repetition.max.map_or(UNBOUNDED, |max| max as usize);
            longest(&repetition.sub).saturating_mul(most).min(1 << 16)
        }
        HirKind::Capture(capture) => longest(&capture.sub),
        HirKind::Concat(parts) => parts.iter().map(longest).sum::<usize>().min(1 << 16),
        HirKind::Alternation(branches) => branches.iter().map(longest).max().unwrap_or(0),
        HirKind::Empty | HirKind::Look(_) => 0,
    }
}
