//! What an agent could call, whoever described it: the operations of a document, with the facts that rules ask for.

mod base;
mod contract;
mod decision;
mod designation;
pub mod detail;
pub mod effect;
mod extension;
mod listing;
mod load;
mod lower;
mod manifest;
mod mcp;
mod openapi;
mod page;
pub mod passage;
mod reference;
pub mod route;
pub mod schema;
mod scope;
mod size;
mod spring;
pub mod words;

use std::ops::Deref;
use std::sync::Arc;

use crate::source::{Quote, SourceId, Span, Spanned};
use crate::syntax::Node;

pub use contract::{Access, Contract, Digest, Facts, Input, Requirement, contracts};
pub use designation::Designation;
pub use effect::{Change, Effect};
pub use load::{Documents, LoadError, Prepared, read_limited};
pub use schema::{Property, Schema, SchemaId, Schemas, Types};
pub use scope::Scope;
pub use size::Sizes;
pub use words::Words;

/// Something that a description may leave open.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Fact<T> {
    /// The input does not say; a check that needs it is not assessed.
    #[default]
    Unknown,
    /// The input says that there is none.
    Missing,
    /// The input says this.
    Known(T),
}

impl<T> Fact<T> {
    /// The value, if it is known.
    pub fn known(&self) -> Option<&T> {
        if let Self::Known(value) = self { Some(value) } else { None }
    }

    /// Whether the input leaves it open.
    pub fn is_unknown(&self) -> bool {
        matches!(self, Self::Unknown)
    }
}

/// A node of a document: enough to come back to it with [`Documents::node`].
pub type NodeId = (SourceId, u32);

/// A text and where it stands.
pub type Text = Spanned<Quote>;

/// What one document describes.
#[derive(Debug, Clone)]
pub struct Surface {
    /// The kind of document, such as `OpenAPI 3.1.0`.
    pub kind: String,
    /// Its own title, if it has one.
    pub title: Option<String>,
    /// Where findings about the whole document stand: its version key.
    pub head: Span,
    /// JSON pointer of the version key.
    pub head_pointer: Arc<str>,
    /// The outermost value of the document.
    pub root: NodeId,
    /// The documents that its references led to.
    pub sources: Vec<SourceId>,
    /// Everything that could be called, in document order.
    pub operations: Vec<Operation>,
    /// The schemas that the operations refer to.
    pub schemas: Schemas,
    /// What could not be read, and why.
    pub unchecked: Vec<Unchecked>,
}

impl Surface {
    /// The operations that would become tools.
    pub fn exposed(&self) -> impl Iterator<Item = &Operation> {
        self.exposed_with_index().map(|(_, operation)| operation)
    }

    /// The same, with their places among all operations.
    pub fn exposed_with_index(&self) -> impl Iterator<Item = (usize, &Operation)> {
        self.operations.iter().enumerate().filter(|(_, operation)| operation.is_exposed())
    }
}

/// A part of a document that was not understood or not checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unchecked {
    /// The part.
    pub what: String,
    /// The reason, and what to do.
    pub why: String,
    /// Where it is.
    pub span: Option<Span>,
    /// Whether operations or their facts were lost. A gap keeps the run from passing; a mere note does not.
    pub gap: bool,
}

/// Whether an operation becomes a tool.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Exposure {
    /// It does.
    Exposed,
    /// It does not, for this reason.
    Excluded(String),
}

/// Something an agent could call. What designates it reads as if it were its own.
#[derive(Debug, Clone)]
pub struct Operation {
    /// By what it is known.
    pub known_as: Arc<Designation>,
    /// All that is written about it, for facts that few rules ask for: the operation object, the manifest entry, the tool.
    pub node: NodeId,
    /// What it stands in and may take facts from: the path item; else the same as `node`.
    pub holder: NodeId,
    /// What clients put in front of `path` (Swagger's `basePath`), for filters; empty if nothing.
    pub base: Quote,
    /// One line about it.
    pub summary: Fact<Text>,
    /// All about it.
    pub description: Fact<Text>,
    /// Parameters, path-level ones included.
    pub parameters: Fact<Box<[Parameter]>>,
    /// The schemas of the request body, one for each media type.
    pub request: Fact<Box<[SchemaId]>>,
    /// The schemas of success responses, one for each status and media type.
    pub response: Fact<Box<[SchemaId]>>,
    /// Whether this becomes a tool.
    pub exposure: Exposure,
    /// The words of its path and name.
    pub words: Words,
    /// What a call does to the state of the service, if anything tells.
    pub effect: Option<Effect>,
}

impl Deref for Operation {
    type Target = Designation;

    fn deref(&self) -> &Designation {
        &self.known_as
    }
}

impl Operation {
    /// Whether its name is made from method and path.
    pub fn has_derived_name(&self) -> bool {
        let made = self.path.as_deref().map(|path| route::derived_name(self.method.as_deref(), path));
        made.as_deref() == Some(&*self.name)
    }

    /// Gives it a description in the place of the document's, which has no place of its own but that of the operation.
    pub fn retell(&mut self, description: &str) {
        self.description = Fact::Known(Spanned { value: description.into(), span: self.span });
    }

    /// Gives it another name.
    pub fn rename(&mut self, name: &str) {
        Arc::make_mut(&mut self.known_as).name = name.into();
    }

    /// The description that it was given in the place of the document's.
    pub fn told(&self) -> Option<&str> {
        let text = self.description.known().filter(|text| text.span == self.span)?;
        Some(&text.value)
    }

    /// The `operationId` that its document gives it, whatever a configuration calls the tool.
    pub fn declared_id(&self, documents: &Documents) -> Option<String> {
        let id = documents.node(self.node).get("operationId")?.as_scalar()?;
        (!id.trim().is_empty()).then(|| id.into_owned())
    }

    /// Whether this becomes a tool.
    pub fn is_exposed(&self) -> bool {
        self.exposure == Exposure::Exposed
    }

    /// The text that tells a model what the tool does: the description, else the summary.
    pub fn text(&self) -> Option<&Text> {
        self.description.known().or(self.summary.known())
    }
}

/// Where a parameter is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// In the path.
    Path,
    /// In the query string.
    Query,
    /// In a header.
    Header,
    /// In a cookie.
    Cookie,
    /// In a form body.
    Form,
    /// In the body, as one whole value.
    Body,
    /// Not said.
    Unknown,
}

impl Place {
    /// Whether it is, or may be, a part of the body: a tool's parameters become what the bridge likes.
    pub fn is_body(self) -> bool {
        matches!(self, Self::Form | Self::Body | Self::Unknown)
    }
}

/// An input of an operation outside its body.
#[derive(Debug, Clone)]
pub struct Parameter {
    /// Its name.
    pub name: Quote,
    /// Where it is declared.
    pub span: Span,
    /// Where it is sent.
    pub place: Place,
    /// Its schema; missing when it is known to have none.
    pub schema: Fact<SchemaId>,
    /// Has a default in the parameter itself, outside the schema.
    pub default: bool,
}

/// The first sentence of the first text that is there.
fn gist<'t>(first: &'t Fact<Text>, second: &'t Fact<Text>) -> &'t str {
    let text = first.known().or(second.known()).map_or("", |text| text.value.trim_start());
    let bytes = text.as_bytes();
    let ends = |at: &usize| bytes[*at] != b'.' || bytes.get(at + 1) == Some(&b' ');
    let head = &bytes[..bytes.len().min(MAX_GIST + 1)];
    let end = memchr::memchr3_iter(b'\n', b'!', b'.', head).find(ends).unwrap_or(head.len());
    let end = (0..=end.min(MAX_GIST)).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
    &text[..end]
}

/// Longest first sentence, in bytes; what follows tells of other things.
const MAX_GIST: usize = 300;

/// A kind of document that describes operations.
pub trait Reader: Sync {
    /// What it reads, for messages.
    fn name(&self) -> &'static str;
    /// Whether the document is of this kind.
    fn recognises(&self, root: Node<'_>) -> bool;
    /// The operations. `documents` finds the files that the document refers to.
    fn read(&self, documents: &Documents, root: Node<'_>) -> Surface;
}

/// Every kind of document, asked in this order.
pub const READERS: &[&dyn Reader] =
    &[&openapi::OpenApi, &manifest::RouteManifest, &mcp::ToolList, &listing::RouteList, &spring::Mappings];

impl Operation {
    /// How a call changes what exists, if anything tells.
    pub fn change(&self) -> Option<Change> {
        let name = self.words.runs().rfind(|run| run.origin == words::Origin::Name);
        effect::change(self.method.as_deref(), self.path.as_deref(), name, self.gist(), self.effect)
    }

    /// The first sentence of what is said about it: of the summary, else of the description.
    pub fn gist(&self) -> &str {
        gist(&self.summary, &self.description)
    }

    /// Whether a success response has a schema that says something; none if the input does not say.
    pub fn specified(&self) -> Option<bool> {
        match &self.response {
            Fact::Unknown => None,
            Fact::Missing => Some(false),
            Fact::Known(_) => Some(true),
        }
    }

    /// Whether anything tells a model what the tool does: a description, or a summary that does more than repeat
    /// the tool's name; none if the input does not say.
    pub fn described(&self) -> Option<bool> {
        let summary = self.summary.known().is_some_and(|summary| !self.repeats_name(&summary.value));
        if self.description.known().is_some() || summary {
            return Some(true);
        }
        // A description that may exist decides; a summary alone is seldom exported.
        if self.description.is_unknown() { None } else { Some(false) }
    }

    /// Whether a text has no word that the name has not: `List users` of `listUsers`. Names that frameworks make
    /// from the summary, the path and the method (`list_users_api_users_get`) are seen through.
    fn repeats_name(&self, text: &str) -> bool {
        let name: Vec<String> = words::split(&self.name);
        let mut rest = name.iter().map(|word| words::stem(word));
        words::split(text)
            .iter()
            .filter(|word| !matches!(word.as_str(), "a" | "an" | "the"))
            .all(|word| rest.any(|named| named == words::stem(word)))
    }
}

/// Reads a rule's case: a route manifest entry, a list of them, or `routes` with `max_tools`.
///
/// # Errors
/// What is wrong with the case.
pub fn case_surface(documents: &Documents, case: Node<'_>) -> Result<(Surface, Option<usize>), String> {
    let routes = case.get("routes");
    let max_tools = routes.and_then(|_| case.get("max_tools")).and_then(Node::as_u64);
    let surface = manifest::routes(documents, routes.unwrap_or(case));
    if let Some(problem) = surface.unchecked.first() {
        return Err(format!("the case is not a route: {}: {}", problem.what, problem.why));
    }
    Ok((surface, max_tools.map(|count| count as usize)))
}
