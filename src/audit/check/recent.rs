//! Texts that were looked at not long ago.

use std::hash::Hasher;

use rustc_hash::FxHasher;

use crate::syntax::Node;

/// Texts in which nothing was found, each in the one place that it can have: many are repeated, and another in the place of
/// one only means that it is looked at again.
pub(super) struct Recent<'d> {
    texts: Vec<Option<Node<'d>>>,
}

impl Default for Recent<'_> {
    fn default() -> Self {
        Self { texts: vec![None; Self::PLACES] }
    }
}

impl<'d> Recent<'d> {
    /// How many are remembered, a power of two.
    const PLACES: usize = 1 << 12;

    /// Whether a text is one of them.
    pub(super) fn has(&self, text: &str) -> bool {
        self.texts[Self::place(text)].is_some_and(|known| known.str() == text)
    }

    /// Adds the text of a node.
    pub(super) fn add(&mut self, node: Node<'d>, text: &str) {
        self.texts[Self::place(text)] = Some(node);
    }

    /// The place of a text, by its length and its two ends.
    fn place(text: &str) -> usize {
        let bytes = text.as_bytes();
        let mut hasher = FxHasher::default();
        for end in [bytes.first_chunk::<8>(), bytes.last_chunk::<8>()].into_iter().flatten() {
            hasher.write_u64(u64::from_le_bytes(*end));
        }
        hasher.write_usize(bytes.len());
        hasher.finish() as usize % Self::PLACES
    }
}
