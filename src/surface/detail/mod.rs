//! Facts that few rules ask for, read from the document only when one does.

mod hint;
mod mark;
mod paging;
mod security;
mod shape;
mod vicinity;

use super::{Documents, Operation, Surface};
use crate::syntax::Node;

pub use hint::Hint;
pub use mark::Mark;
pub(super) use shape::settle;

/// A surface with the documents it was read from.
#[derive(Debug, Clone, Copy)]
pub struct Details<'c> {
    surface: &'c Surface,
    documents: &'c Documents,
    /// Whether the document is OpenAPI, or Swagger before it.
    is_openapi: bool,
    /// What the document asks of every caller, unless an operation says otherwise.
    security: Option<Node<'c>>,
}

impl<'c> Details<'c> {
    /// The details of a surface.
    pub fn new(surface: &'c Surface, documents: &'c Documents) -> Self {
        let root = documents.node(surface.root);
        let is_openapi = root.get("openapi").is_some() || root.get("swagger").is_some();
        Self { surface, documents, is_openapi, security: root.get("security") }
    }

    /// All that is written about an operation.
    fn node(self, operation: &Operation) -> Node<'c> {
        self.documents.node(operation.node)
    }

    /// Whether the document says of an operation all there is to say, so that what is left out is not there.
    fn is_complete(self, operation: &Operation) -> bool {
        self.is_openapi || operation.path.is_none()
    }

    /// The name that the document gives an operation, if any does.
    pub fn declared_name(self, operation: &Operation) -> Option<&'c str> {
        let node = self.node(operation);
        let name = node.get("operationId").or_else(|| node.get("name").filter(|_| !self.is_openapi))?;
        name.as_scalar()?;
        Some(name.str()).filter(|name| !name.trim().is_empty())
    }

    /// The name that an operation was given: by an extension or the configuration, else by the document, if any did.
    pub fn given_name(self, operation: &'c Operation) -> Option<&'c str> {
        let declared = self.declared_name(operation);
        let own = declared == Some(&*operation.name) || operation.has_derived_name();
        if own { declared } else { Some(&*operation.name) }
    }

    /// Whether the document could give an operation a name and would.
    pub fn has_operation_ids(self) -> bool {
        self.is_openapi
    }
}
