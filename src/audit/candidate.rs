//! Which queries a name could answer, in one look at its words: nearly all names answer none.

use rustc_hash::FxHashMap;

use crate::rule::{Need, Query, Subject, Vocabulary, Wording};
use crate::surface::words::Spans;

/// A set of queries, one bit each.
pub(super) type Set = u64;

/// The most queries that are looked up together.
pub(super) const MOST: usize = Set::BITS as usize;

/// The set of one query.
pub(super) fn only(query: usize) -> Set {
    1 << query
}

/// The set of some queries.
pub(super) fn set(queries: impl IntoIterator<Item = usize>) -> Set {
    queries.into_iter().fold(0, |set, query| set | only(query))
}

/// The set of those queries that are of some kind.
pub(super) fn those(queries: &[&Query], wanted: impl Fn(&Query) -> bool) -> Set {
    set((0..queries.len()).filter(|&number| wanted(queries[number])))
}

/// The queries of a set, in order.
pub(super) fn each(mut set: Set) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let next = (set != 0).then(|| set.trailing_zeros() as usize);
        set &= set.wrapping_sub(1);
        next
    })
}

/// The words with which phrases begin, and whose phrases these are.
#[derive(Default)]
pub(super) struct Candidates {
    index: FxHashMap<u64, Set>,
    longest: usize,
}

impl Candidates {
    /// Those of fields.
    pub(super) fn of_fields(queries: &[&Query]) -> Self {
        let mut candidates = Self::default();
        for (number, wording) in wordings(queries, false) {
            candidates.add(number, &wording.any);
            candidates.add(number, &wording.sent);
            wording.inside.iter().for_each(|inside| candidates.add(number, &inside.any));
        }
        candidates
    }

    /// Those of things in which no field counts.
    pub(super) fn of_shields(queries: &[&Query]) -> Self {
        let mut candidates = Self::default();
        for (number, wording) in wordings(queries, false) {
            candidates.add(number, &wording.outside);
            candidates.add(number, &wording.beneath);
        }
        candidates
    }

    /// Those of operations whose own fields count.
    pub(super) fn of_insides(queries: &[&Query]) -> Self {
        let mut candidates = Self::default();
        for (number, wording) in wordings(queries, false) {
            wording.inside.iter().for_each(|inside| candidates.add(number, &inside.operation));
        }
        candidates
    }

    /// Those of paths and names of operations.
    pub(super) fn of_operations(queries: &[&Query]) -> Self {
        let mut candidates = Self::default();
        for (number, wording) in wordings(queries, true) {
            candidates.add(number, &wording.any);
            wording.given.iter().for_each(|given| candidates.add(number, &given.any));
        }
        candidates
    }

    /// Those of the contexts that make paths and names of operations harmless.
    pub(super) fn of_contexts(queries: &[&Query]) -> Self {
        let mut candidates = Self::default();
        wordings(queries, true).for_each(|(number, wording)| candidates.add(number, &wording.unless));
        candidates
    }

    /// Those of the first sentences about operations.
    pub(super) fn of_texts(queries: &[&Query]) -> Self {
        let mut candidates = Self::default();
        wordings(queries, true).for_each(|(number, wording)| candidates.add(number, &wording.summary));
        candidates
    }

    fn add(&mut self, query: usize, vocabulary: &Vocabulary) {
        self.longest = self.longest.max(vocabulary.longest());
        for begin in vocabulary.begins() {
            *self.index.entry(begin).or_default() |= only(query);
        }
    }

    /// The queries of which a phrase might stand in a name; of all others, none does.
    pub(super) fn find(&self, words: &impl Spans) -> Set {
        let mut found = 0;
        if !self.index.is_empty() {
            words.any_span(self.longest, |_, letters| {
                found |= self.index.get(&letters).copied().unwrap_or_default();
                false
            });
        }
        found
    }
}

/// The wordings about operations, or those about fields, with the numbers of their queries.
fn wordings<'q>(queries: &[&'q Query], of_operations: bool) -> impl Iterator<Item = (usize, &'q Wording)> {
    queries.iter().enumerate().flat_map(move |(number, query)| {
        let is_operation = query.subject == Subject::Operation;
        query.needs.iter().filter_map(move |need| match need {
            Need::Words(wording) if is_operation == of_operations => Some((number, &**wording)),
            Need::Operation(wording) if of_operations => Some((number, &**wording)),
            _ => None,
        })
    })
}
