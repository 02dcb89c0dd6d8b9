//! What else a document offers, where that tells what an operation is about.

use rustc_hash::FxHashMap;

use crate::rule::Vocabulary;
use crate::surface::detail::Details;

/// The operations of a document, and what was asked of them together.
pub(super) struct Vicinity<'s> {
    details: Details<'s>,
    /// By the place of the phrases in the memory.
    known: FxHashMap<usize, bool>,
}

impl<'s> Vicinity<'s> {
    pub(super) fn new(details: Details<'s>) -> Self {
        Self { details, known: FxHashMap::default() }
    }

    /// Whether an operation has one of the phrases of a rule in its path or name.
    pub(super) fn has(&mut self, phrases: &Vocabulary) -> bool {
        let found = || self.details.operations().any(|operation| phrases.find(&operation.words, |_| true));
        *self.known.entry(std::ptr::from_ref(phrases) as usize).or_insert_with(found)
    }
}
