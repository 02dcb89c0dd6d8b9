//! What stands around an operation in its document.

use std::borrow::Cow;

use super::Details;
use crate::surface::Operation;
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
}
