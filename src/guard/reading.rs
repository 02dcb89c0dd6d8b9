//! A text as it is searched, and the readings that led to it.

use std::cell::OnceCell;
use std::ops::Range;

use super::view::View;

/// A text that is searched.
pub(super) struct Reading<'t> {
    pub(super) text: &'t str,
    /// The text in lower case, once a phrase needs it.
    lower: OnceCell<String>,
    /// The ASCII signs in it, a bit for each byte, once a phrase needs them.
    signs: OnceCell<u128>,
    /// Whether the gaps between words are lost.
    pub(super) squeezed: bool,
    pub(super) layers: &'t Layers<'t>,
    /// Whether it is more than the folded text.
    pub(super) decoded: bool,
    /// Whether it makes words of what was none.
    pub(super) guessed: bool,
}

impl<'t> Reading<'t> {
    /// A text with what led to it.
    pub(super) fn new(text: &'t str, squeezed: bool, layers: &'t Layers<'t>, guessed: bool) -> Self {
        let decoded = layers.views.iter().any(|view| view.name != "folded");
        Self { text, lower: OnceCell::new(), signs: OnceCell::new(), squeezed, layers, decoded, guessed }
    }

    /// The text in lower case.
    pub(super) fn lower(&self) -> &[u8] {
        self.lower.get_or_init(|| self.text.to_ascii_lowercase()).as_bytes()
    }

    /// The ASCII signs in the text, a bit for each byte. The lowest bit is in no set but that of all.
    pub(super) fn signs(&self) -> u128 {
        let add = |signs, &byte: &u8| if byte.is_ascii_punctuation() { signs | 1 << byte } else { signs };
        *self.signs.get_or_init(|| self.text.as_bytes().iter().fold(1, add))
    }
}

/// Readings over each other, outermost first, and where the innermost text began in the payload's.
pub(super) struct Layers<'v> {
    pub(super) views: &'v [&'v View],
    pub(super) base: usize,
}

impl Layers<'_> {
    /// The bytes of the payload's text that a stretch of the innermost reading comes from.
    pub(super) fn origin(&self, mut span: Range<usize>) -> Range<usize> {
        for view in self.views.iter().rev() {
            span = view.map.origin(span.start, span.end);
        }
        span.start + self.base..span.end + self.base
    }

    pub(super) fn names(&self) -> Vec<&'static str> {
        self.views.iter().map(|view| view.name).filter(|name| *name != "folded").collect()
    }

    pub(super) fn has(&self, names: &[&str]) -> bool {
        self.views.iter().any(|view| names.contains(&view.name))
    }
}
