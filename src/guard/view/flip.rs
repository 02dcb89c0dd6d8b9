//! Text with its words in reverse order.

use std::ops::Range;

use super::View;
use super::draft::Draft;
use super::vocabulary::Role;

/// Pairs of words in the wrong order that are no accident.
const COUNT: usize = 2;
/// Bytes that such pairs lie apart at most.
const NEAR: usize = 200;

/// Pairs of words that come in the wrong order.
#[derive(Debug, Default)]
pub(super) struct Flips {
    before: Option<(Role, usize)>,
    last: usize,
    count: usize,
    forward: usize,
    /// Where the text is written the wrong way round.
    pub(super) place: Option<Range<usize>>,
}

impl Flips {
    /// Looks at the next known word; `word` is its range.
    pub(super) fn see(&mut self, role: Role, word: Range<usize>) {
        if let Some((before, end)) = self.before
            && word.start - end <= 3
        {
            use Role::{Before, Noun, Verb};
            match (before, role) {
                (Noun, Before) | (Before, Verb) => {
                    self.count = if word.start - self.last > NEAR { 1 } else { self.count + 1 };
                    self.last = word.end;
                }
                (Before, Noun) | (Verb, Before) => self.forward += 1,
                _ => {}
            }
        }
        self.before = Some((role, word.end));
        if self.count >= COUNT && self.count > self.forward && self.place.is_none() {
            self.place = Some(word);
        }
    }
}

/// Whether a text ends where a sentence begins: first a word in lower case with a full stop, last one with a capital.
pub(super) fn ends_first(text: &str) -> bool {
    let text = text.trim_ascii();
    // Hardly a text does, so look at its rims first.
    let (first, last) = (text.as_bytes().first(), text.as_bytes().last());
    if !(first.is_some_and(u8::is_ascii_lowercase) && last.is_some_and(u8::is_ascii_alphabetic)) {
        return false;
    }
    let mut words = text.split_ascii_whitespace();
    let (Some(first), Some(last)) = (words.next(), words.next_back()) else { return false };
    let stopped = first
        .strip_suffix(['.', '!', '?'])
        .is_some_and(|word| word.len() >= 2 && word.bytes().all(|byte| byte.is_ascii_lowercase()));
    stopped
        && words.count() >= 3
        && last.as_bytes()[0].is_ascii_uppercase()
        && last.bytes().all(|byte| byte.is_ascii_alphabetic())
}

/// The words of `range` from last to first.
pub(super) fn flip(text: &str, range: Range<usize>) -> View {
    let mut draft = Draft::new(text);
    let mut end = range.end;
    for (at, c) in text[range.clone()].char_indices().rev() {
        if c.is_whitespace() {
            let (gap, word) = (range.start + at, range.start + at + c.len_utf8());
            draft.copy(word..end);
            draft.put(" ", gap..word);
            end = gap;
        }
    }
    draft.copy(range.start..end);
    draft.finish("reversed word order")
}
