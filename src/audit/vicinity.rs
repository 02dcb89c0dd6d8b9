//! What else a document offers, where that tells what an operation is about.

use std::hash::{DefaultHasher, Hash, Hasher};

use rustc_hash::{FxHashMap, FxHashSet};

use crate::rule::Vocabulary;
use crate::surface::Operation;
use crate::surface::detail::Details;
use crate::surface::words::{Origin, Words};

/// The operations of a document, and what was asked of them together.
pub(super) struct Vicinity<'s> {
    details: Details<'s>,
    /// By the place of the phrases in the memory.
    known: FxHashMap<usize, bool>,
    /// The ways, as numbers, behind which a path picks one; none before it was asked for.
    picked: Option<FxHashSet<u64>>,
}

impl<'s> Vicinity<'s> {
    pub(super) fn new(details: Details<'s>) -> Self {
        Self { details, known: FxHashMap::default(), picked: None }
    }

    /// Whether an operation has one of the phrases of a rule in its path or name.
    pub(super) fn has(&mut self, phrases: &Vocabulary) -> bool {
        let found = || self.details.operations().any(|operation| phrases.find(&operation.words, |_| true));
        *self.known.entry(std::ptr::from_ref(phrases) as usize).or_insert_with(found)
    }

    /// Whether a path of the document picks one of what a part of an operation's path names, by the number of that part: of
    /// `/servers`, where there is `/servers/{id}` too.
    pub(super) fn picks_one_of(&mut self, operation: &Operation, part: usize) -> bool {
        let details = self.details;
        let picked =
            self.picked.get_or_insert_with(|| details.operations().flat_map(|other| picks(&other.words)).collect());
        let words = &operation.words;
        words.run(part).origin == Origin::Segment && ways(words).nth(part).is_some_and(|way| picked.contains(&way))
    }
}

/// The way to each part of a path, that part included, as a number. Names of parameters do not count.
fn ways(words: &Words) -> impl Iterator<Item = u64> {
    let mut hasher = DefaultHasher::new();
    words.runs().map(move |run| {
        (run.origin as u8).hash(&mut hasher);
        if run.origin != Origin::Parameter {
            run.len().hash(&mut hasher);
            run.words().for_each(|word| word.text.hash(&mut hasher));
        }
        hasher.finish()
    })
}

/// The ways behind which a path picks one.
fn picks(words: &Words) -> impl Iterator<Item = u64> {
    let next = words.runs().skip(1);
    ways(words).zip(next).filter(|(_, next)| next.origin == Origin::Parameter).map(|(way, _)| way)
}
