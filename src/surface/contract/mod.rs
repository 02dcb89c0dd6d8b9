//! What holds between a tool and its callers: who may call it, what it takes and gives, what is said about it. Kept
//! apart from the facts of rules, since only a comparison of two versions needs it.

mod access;
mod digest;
mod input;

use super::reference::References;
use super::{Documents, Fact, Operation, Surface};
use crate::syntax::Node;

pub use access::{Access, Requirement};
pub use digest::Digest;
pub use input::{Facts, Input};

use access::Schemes;
use digest::Digests;

/// What holds between one tool and its callers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contract {
    /// What a caller has to show.
    pub access: Fact<Access>,
    /// What a caller fills in: parameters and fields of the body, by place and name.
    pub inputs: Vec<Input>,
    /// Inputs beyond those listed.
    pub more_inputs: usize,
    /// The shape of everything that it takes.
    pub takes: Fact<Digest>,
    /// The shape of its success responses.
    pub gives: Fact<Digest>,
    /// What is said about it as a whole, and what its hints claim.
    pub texts: Digest,
    /// The texts of its parameters, schemas and responses.
    pub part_texts: Digest,
}

/// The contracts of all operations of a surface, in their order.
pub fn contracts(documents: &Documents, surface: &Surface) -> Vec<Contract> {
    let references = References::new(documents);
    let root = documents.node(surface.root);
    let is_openapi = ["openapi", "swagger"].iter().any(|key| root.get(key).is_some());
    let mut reading = Reading {
        documents,
        references: &references,
        digests: Digests::new(&references),
        schemes: Schemes::of(root),
        is_openapi,
    };
    surface.operations.iter().map(|operation| reading.contract(operation)).collect()
}

/// A document whose contracts are being read.
struct Reading<'r, 'd> {
    documents: &'d Documents,
    references: &'r References<'d>,
    digests: Digests<'r, 'd>,
    schemes: Schemes<'d>,
    is_openapi: bool,
}

/// What is said, before it is summed up.
#[derive(Default)]
struct Texts {
    /// About the operation as a whole.
    own: digest::Builder,
    /// About its parts.
    parts: digest::Builder,
}

/// What an operation takes, before it is summed up.
#[derive(Default)]
struct Taken<'d> {
    /// Parameter objects with their place and name.
    parameters: Vec<(String, String, Node<'d>)>,
    /// The body's holder, which may have `required`, and the schema of each media type.
    bodies: Vec<(Node<'d>, Vec<Node<'d>>)>,
}

impl<'d> Reading<'_, 'd> {
    fn contract(&mut self, operation: &Operation) -> Contract {
        let mut texts = Texts::default();
        for text in [&operation.summary, &operation.description].into_iter().filter_map(Fact::known) {
            texts.own.text(&text.value);
        }
        let (item, node) = (self.documents.node(operation.holder), self.documents.node(operation.node));
        if self.is_openapi {
            let taken = self.taken(item, node);
            let gives = self.responses(node, &mut texts);
            let takes = self.takes(&taken, &mut texts);
            let access = self.schemes.access(node);
            self.finish(&taken, access, takes, gives, texts)
        } else if operation.path.is_some() {
            self.route(node, texts)
        } else {
            self.tool(node, texts)
        }
    }

    /// An entry of a route manifest.
    fn route(&mut self, node: Node<'d>, mut texts: Texts) -> Contract {
        let mut taken = Taken::default();
        for parameter in node.get("params").into_iter().flat_map(Node::items) {
            let Some(name) = parameter.get("name").and_then(Node::as_scalar) else { continue };
            let place = parameter.get("in").and_then(Node::as_scalar).unwrap_or_default();
            if place != "inject" {
                taken.parameters.push((place.into_owned(), name.into_owned(), parameter));
            }
        }
        let known = |key| node.get(key).filter(|value: &Node<'_>| value.is_object() || value.is_array());
        taken.bodies.extend(known("request_schema").map(|schema| (schema, vec![schema])));
        let says = node.get("params").is_some() || node.get("request_schema").is_some();
        let takes = self.takes(&taken, &mut texts);
        let takes = if says { takes } else { Fact::Unknown };
        let gives = match known("response_schema").or_else(|| known("response_fields")) {
            Some(schema) => Fact::Known(self.part(schema, &mut texts)),
            None if node.get("response_schema").is_some() => Fact::Missing,
            None => Fact::Unknown,
        };
        self.finish(&taken, Fact::Unknown, takes, gives, texts)
    }

    /// An entry of MCP's `tools/list`.
    fn tool(&mut self, node: Node<'d>, mut texts: Texts) -> Contract {
        if let Some(hints) = node.get("annotations") {
            texts.own.raw(hints);
        }
        let mut taken = Taken::default();
        taken.bodies.extend(node.get("inputSchema").map(|schema| (schema, vec![schema])));
        let takes = self.takes(&taken, &mut texts);
        let gives = match node.get("outputSchema") {
            Some(schema) => Fact::Known(self.part(schema, &mut texts)),
            None => Fact::Unknown,
        };
        self.finish(&taken, Fact::Unknown, takes, gives, texts)
    }

    fn finish(
        &mut self,
        taken: &Taken<'d>,
        access: Fact<Access>,
        takes: Fact<Digest>,
        gives: Fact<Digest>,
        texts: Texts,
    ) -> Contract {
        let (inputs, more_inputs) = input::list(self.references, taken);
        let (texts, part_texts) = (texts.own.finish(), texts.parts.finish());
        Contract { access, inputs, more_inputs, takes, gives, texts, part_texts }
    }

    /// The parameters and bodies of an operation object; its own parameters replace those of the path item.
    fn taken(&self, item: Node<'d>, node: Node<'d>) -> Taken<'d> {
        let mut taken = Taken::default();
        for holder in [item, node] {
            let Some(list) = holder.get("parameters").and_then(|list| self.references.follow(list)) else { continue };
            let written: Vec<_> =
                if list.is_array() { list.items().collect() } else { list.members().map(|(_, value)| value).collect() };
            for parameter in written.into_iter().filter_map(|parameter| self.references.follow(parameter)) {
                let text = |key| parameter.get(key).and_then(Node::as_scalar).unwrap_or_default().into_owned();
                let (place, name) = (text("in"), text("name"));
                if place == "body" {
                    taken.bodies.push((parameter, parameter.get("schema").into_iter().collect()));
                    continue;
                }
                match taken.parameters.iter_mut().find(|known| known.0 == place && known.1 == name) {
                    Some(known) => known.2 = parameter,
                    None => taken.parameters.push((place, name, parameter)),
                }
            }
        }
        if let Some(body) = node.get("requestBody").and_then(|body| self.references.follow(body)) {
            let content = body.get("content").and_then(|content| self.references.follow(content));
            let media = content.into_iter().flat_map(Node::members);
            let schemas = media.filter_map(|(_, media)| self.references.follow(media)?.get("schema")).collect();
            taken.bodies.push((body, schemas));
        }
        taken.parameters.sort_by(|a, b| (&a.0, &a.1).cmp(&(&b.0, &b.1)));
        taken
    }

    fn takes(&mut self, taken: &Taken<'d>, texts: &mut Texts) -> Fact<Digest> {
        let mut shape = digest::Builder::default();
        for (_, _, parameter) in &taken.parameters {
            let sum = self.digests.of(*parameter);
            shape.part(&sum.shape);
            texts.parts.parts(&sum.texts);
        }
        for (body, _) in &taken.bodies {
            let sum = self.digests.of(*body);
            shape.part(&sum.shape);
            texts.parts.parts(&sum.texts);
        }
        if taken.parameters.is_empty() && taken.bodies.is_empty() {
            return Fact::Missing;
        }
        Fact::Known(shape.finish())
    }

    /// The success responses; the texts of the others count too, since some bridges hand them to the model.
    fn responses(&mut self, node: Node<'d>, texts: &mut Texts) -> Fact<Digest> {
        let Some(responses) = node.get("responses").and_then(|responses| self.references.follow(responses)) else {
            return Fact::Missing;
        };
        let success = |status: &str| status.len() == 3 && status.starts_with('2');
        let named = responses.members().any(|(status, _)| success(&status.text()));
        let (mut shapes, mut says) = (Vec::new(), false);
        for (status, response) in responses.members() {
            let status = status.text();
            let Some(response) = self.references.follow(response) else { continue };
            if success(&status) || (!named && status == "default") {
                let sum = self.digests.of(response);
                texts.parts.parts(&sum.texts);
                shapes.push((status.into_owned(), sum.shape));
                let content = response.get("content").and_then(|content| self.references.follow(content));
                says |= response.get("schema").is_some();
                says |= content.into_iter().flat_map(Node::members).next().is_some();
            } else if let Some(text) = response.get("description").and_then(Node::as_scalar) {
                texts.own.text(&text);
            }
        }
        shapes.sort();
        let mut shape = digest::Builder::default();
        for (status, digest) in &shapes {
            shape.text(status);
            shape.part(digest);
        }
        if says { Fact::Known(shape.finish()) } else { Fact::Missing }
    }

    fn part(&mut self, schema: Node<'d>, texts: &mut Texts) -> Digest {
        let sum = self.digests.of(schema);
        texts.parts.parts(&sum.texts);
        let mut shape = digest::Builder::default();
        shape.part(&sum.shape);
        shape.finish()
    }
}
