//! What all paths of a document begin with: `/v1/fleet` says which service this is, and nothing of an operation.

use super::Operation;
use super::words::{Origin, Run, Words};

/// Operations that have to share it.
const OPERATIONS: usize = 10;

/// Kinds of things that have to stand below it: what has a few belongs to one thing.
const THINGS: usize = 5;

/// Finds what all paths begin with, and notes it with their words.
pub(super) fn note_base(operations: &mut [Operation]) {
    let Some(base) = shared(operations.iter().map(|operation| &operation.words)) else { return };
    for operation in operations {
        operation.words.base = base;
    }
}

/// How many runs of words stand before what tells one operation from the other.
fn shared<'w>(all: impl ExactSizeIterator<Item = &'w Words> + Clone) -> Option<usize> {
    if all.len() < OPERATIONS {
        return None;
    }
    let first = all.clone().next()?;
    let at = first.runs().position(|run| !run.is_address())?;
    // A collection is something in itself: `/orders/settings`.
    let name = first.runs().nth(at).filter(|run| run.origin == Origin::Segment && is_one(*run))?;
    let mut things: Vec<Run<'_>> = Vec::new();
    for words in all {
        let below = words.runs().nth(at + 1).filter(|run| run.origin == Origin::Segment)?;
        if !words.runs().take(at).eq(first.runs().take(at)) || words.run(at) != name {
            return None;
        }
        if things.len() < THINGS && !things.contains(&below) {
            things.push(below);
        }
    }
    (things.len() == THINGS).then_some(at + 1)
}

/// Whether words name one thing.
fn is_one(run: Run<'_>) -> bool {
    run.words().next_back().is_some_and(|word| word.text == word.stem())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(paths: &[&str]) -> Option<usize> {
        let words: Vec<_> = paths.iter().cycle().take(OPERATIONS).map(|path| Words::new(Some(path), None)).collect();
        shared(words.iter())
    }

    #[test]
    fn a_service_is_no_thing_of_its_own() {
        let below = |base: &str| {
            let paths = ["users", "config", "hosts", "sessions/{id}", "scripts"].map(|thing| format!("{base}/{thing}"));
            found(&paths.each_ref().map(String::as_str))
        };
        assert_eq!(below("/api/v1/fleet"), Some(3));
        assert_eq!(below("/orders"), None);
        assert_eq!(below(""), None);
        assert_eq!(found(&["/shop", "/shop/a", "/shop/b", "/shop/c", "/shop/d", "/shop/e"]), None);
        assert_eq!(found(&["/shop/{id}", "/shop/a", "/shop/b", "/shop/c", "/shop/d", "/shop/e"]), None);
        assert_eq!(found(&["/shop/a", "/shop/b"]), None);
    }
}
