//! What stands around an operation in its document.

use std::borrow::Cow;

use super::Details;
use crate::surface::Operation;
use crate::surface::words::{Origin, Run};
use crate::syntax::Node;

impl<'c> Details<'c> {
    /// The groups that its owner puts an operation in.
    pub fn tags(self, operation: &Operation) -> impl Iterator<Item = Cow<'c, str>> {
        self.node(operation).get("tags").into_iter().flat_map(Node::items).filter_map(Node::as_scalar)
    }

    /// The operations of the document, exposed or not.
    pub fn operations(self) -> impl Iterator<Item = &'c Operation> {
        self.surface.operations.iter()
    }

    /// Whether a path of the document picks one of what a part of an operation's path names, by the number of that part: of
    /// `/servers`, where there is `/servers/{id}` too.
    pub fn picks_one_of(self, operation: &Operation, part: usize) -> bool {
        let words = &operation.words;
        if words.run(part).origin != Origin::Segment {
            return false;
        }
        self.operations().any(|other| {
            let mut runs = other.words.runs();
            let same = words.runs().take(part + 1).all(|run| runs.next().is_some_and(|other| is_same(run, other)));
            same && runs.next().is_some_and(|next| next.origin == Origin::Parameter)
        })
    }
}

/// Whether two parts of paths are the same, but for the names of parameters.
fn is_same(one: Run<'_>, other: Run<'_>) -> bool {
    let parameters = one.origin == Origin::Parameter && other.origin == Origin::Parameter;
    let texts = |run: Run<'_>| run.words().map(|word| word.text.to_owned()).collect::<Vec<_>>();
    parameters || (one.origin == other.origin && texts(one) == texts(other))
}
