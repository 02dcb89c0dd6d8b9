//! From JSON Schema as written to [`Schemas`]: each schema once, however many references lead to it.

use std::collections::VecDeque;
use std::ops::Range;

use rustc_hash::{FxHashMap, FxHashSet};

use super::NodeId;
use super::extension;
use super::reference::References;
use super::schema::{Parts, Property, Schema, SchemaId, Schemas, Types};
use crate::source::{Quote, SourceId, Span};
use crate::syntax::Node;

/// Keywords that say nothing about values; beside a `$ref` they change nothing for the checks.
const REMARKS: [&str; 7] = ["description", "summary", "title", "example", "examples", "deprecated", "externalDocs"];

/// Most references in a row that lead from a schema to what it stands for.
const MAX_STEPS: usize = 100;

/// Collects the schemas of one surface.
#[derive(Debug)]
pub(super) struct Lowering<'r, 'd> {
    references: &'r References<'d>,
    schemas: Vec<Schema>,
    known: FxHashMap<(SourceId, u32), SchemaId>,
    waiting: VecDeque<(NodeId, SchemaId)>,
    names: FxHashSet<Quote>,
}

impl<'r, 'd> Lowering<'r, 'd> {
    /// Nothing yet; references are followed through `references`.
    pub(super) fn new(references: &'r References<'d>) -> Self {
        Self {
            references,
            schemas: Vec::new(),
            known: FxHashMap::default(),
            waiting: VecDeque::new(),
            names: FxHashSet::default(),
        }
    }

    /// The schema written at `node`; `subject` says what its values are, unless it is a named component.
    pub(super) fn schema(&mut self, node: Node<'d>, subject: &Quote) -> SchemaId {
        let (mut node, mut subject) = (node, subject.clone());
        let mut steps = 0;
        while let Some(reference) = only_reference(node) {
            // Following so many once more notes that they have no end.
            if steps == MAX_STEPS && self.references.follow(node).is_none() {
                return self.typed(node.span(), &subject, Types::default(), false);
            }
            let Some(target) = self.references.target(reference).filter(|_| steps < MAX_STEPS) else {
                return self.typed(reference.span(), &subject, Types::default(), false);
            };
            if let Some(component) = component_name(reference.str()) {
                subject = reference.quote().part(component);
            }
            node = target;
            steps += 1;
        }
        if let Some(&known) = self.known.get(&node.id()) {
            return known;
        }
        let id = self.push(blank(node.span(), subject));
        self.known.insert(node.id(), id);
        self.waiting.push_back((node.id(), id));
        id
    }

    /// A schema that is not written as one: only its types are known.
    pub(super) fn typed(&mut self, span: Span, subject: &Quote, types: Types, constrained: bool) -> SchemaId {
        let subject = subject.clone();
        let empty = types.is_unknown() && !constrained;
        self.push(Schema { types, constrained, empty, ..blank(span, subject) })
    }

    /// A file that is not written as a schema.
    pub(super) fn file(&mut self, span: Span) -> SchemaId {
        let (subject, format) = (Quote::default(), self.name("binary"));
        self.push(Schema { types: Types::STRING, format: Some(format), empty: false, ..blank(span, subject) })
    }

    /// An object with these properties that is not written as a schema.
    pub(super) fn object(&mut self, span: Span, properties: Vec<Property>) -> SchemaId {
        let parts = Parts { properties, ..Parts::default() }.kept();
        self.push(Schema { types: Types::OBJECT, parts, empty: false, ..blank(span, Quote::default()) })
    }

    /// One copy of each of the few names that stand nowhere as they are.
    pub(super) fn name(&mut self, text: &str) -> Quote {
        if let Some(name) = self.names.get(text) {
            return name.clone();
        }
        let name = Quote::from(text);
        self.names.insert(name.clone());
        name
    }

    /// Reads every schema that was asked for and those it leads to.
    pub(super) fn finish(mut self) -> Schemas {
        // A queue, not recursion: references may lead on for thousands of steps.
        while let Some((node, id)) = self.waiting.pop_front() {
            self.fill(self.references.node(node), id);
        }
        Schemas(self.schemas)
    }

    fn push(&mut self, schema: Schema) -> SchemaId {
        let id = SchemaId(self.schemas.len() as u32);
        self.schemas.push(schema);
        id
    }

    fn fill(&mut self, node: Node<'d>, id: SchemaId) {
        let subject = self.schemas[id.0 as usize].subject.clone();
        let mut schema = Schema { empty: true, ..blank(node.span(), subject.clone()) };
        let mut parts = Parts::default();
        let mut kind = None;
        for (key, value) in node.members() {
            let key = key.text();
            let mut says = true;
            match &*key {
                // The most frequent key by far.
                "description" => says = false,
                "type" => {
                    schema.types = types(value, schema.types);
                    // What OpenAPI 3 calls a string of format `binary`.
                    if schema.types.any(Types::FILE) && schema.format.is_none() {
                        schema.format = Some(self.name("binary"));
                    }
                }
                "nullable" => {}
                "format" => {
                    schema.format = value.as_str().map(|format| self.name(&format.to_ascii_lowercase()));
                    schema.constrained = true;
                }
                "enum" | "const" => {
                    schema.listed = true;
                    schema.constrained = true;
                }
                "pattern" | "minLength" | "maxLength" | "default" => schema.constrained = true,
                "maxItems" => schema.bounded = true,
                "readOnly" => schema.read_only = value.as_bool() == Some(true),
                "writeOnly" => schema.write_only = value.as_bool() == Some(true),
                "properties" => {
                    self.properties(value, &mut parts.properties);
                    // Written out, and yet nothing in it.
                    schema.closed |= parts.properties.is_empty();
                }
                "additionalProperties" if value.as_bool() == Some(false) => schema.closed = true,
                "items" | "additionalProperties" | "unevaluatedItems" | "unevaluatedProperties" | "contains" => {
                    self.elements(value, &subject, &mut parts.items);
                }
                "prefixItems" => self.elements(value, &subject, &mut parts.items),
                "patternProperties" => {
                    for (_, inner) in value.members() {
                        self.elements(inner, &subject, &mut parts.items);
                    }
                }
                "allOf" => self.parts(value, &subject, &mut parts.all_of),
                "oneOf" | "anyOf" => self.parts(value, &subject, &mut parts.any_of),
                "then" | "else" => parts.any_of.push(self.schema(value, &subject)),
                "dependentSchemas" => {
                    for (_, inner) in value.members() {
                        parts.any_of.push(self.schema(inner, &subject));
                    }
                }
                "$ref" if value.as_str().is_some() => self.referred(value, &mut parts.all_of),
                "$dynamicRef" | "$recursiveRef" if value.as_str().is_some() => {
                    self.referred(value, &mut parts.all_of);
                }
                _ => {
                    says = false;
                    kind = kind.or_else(|| extension::data_kind(&key, value));
                }
            }
            schema.empty &= !says;
        }
        // How the value is written says less than what it is, but for what is no text at all.
        if let Some(kind) = kind.filter(|_| schema.format.as_deref() != Some("binary")) {
            schema.format = Some(self.name(kind));
        }
        schema.parts = parts.kept();
        self.schemas[id.0 as usize] = schema;
    }

    fn properties(&mut self, value: Node<'d>, into: &mut Vec<Property>) {
        let members = value.members();
        // What grows step by step is there twice at each step.
        let count = members.clone().count();
        into.reserve_exact(count);
        self.schemas.reserve(count);
        for (key, inner) in members {
            let name = key.quote();
            let inner = self.schema(inner, &name);
            into.push(Property { name, span: key.span(), schema: inner });
        }
    }

    /// The schema of elements, or a list of such; `true` and `false` say nothing about them.
    fn elements(&mut self, value: Node<'d>, subject: &Quote, into: &mut Vec<SchemaId>) {
        if value.is_object() {
            into.push(self.schema(value, subject));
        } else {
            self.parts(value, subject, into);
        }
    }

    fn parts(&mut self, value: Node<'d>, subject: &Quote, into: &mut Vec<SchemaId>) {
        for part in value.items().filter(|part| part.is_object()) {
            into.push(self.schema(part, subject));
        }
    }

    fn referred(&mut self, reference: Node<'d>, into: &mut Vec<SchemaId>) {
        if let Some(target) = self.references.target(reference) {
            let name = component_name(reference.str()).map(|name| reference.quote().part(name));
            into.push(self.schema(target, &name.unwrap_or_default()));
        }
    }
}

fn blank(span: Span, subject: Quote) -> Schema {
    Schema {
        span,
        subject,
        types: Types::default(),
        format: None,
        constrained: false,
        listed: false,
        bounded: false,
        read_only: false,
        write_only: false,
        closed: false,
        empty: true,
        parts: None,
    }
}

/// `type: string`, and the lists of JSON Schema 2020-12.
fn types(value: Node<'_>, before: Types) -> Types {
    let named = |node: Node<'_>| node.as_scalar().and_then(|name| Types::named(&name));
    if value.is_array() {
        return value.items().filter_map(|item| named_or_null(item, named)).fold(before, Types::with);
    }
    named_or_null(value, named).map_or(before, |found| before.with(found))
}

/// In YAML, `type: [string, null]` holds a real null where the text "null" is meant.
fn named_or_null(node: Node<'_>, named: impl Fn(Node<'_>) -> Option<Types>) -> Option<Types> {
    if node.is_null() { Some(Types::NULL) } else { named(node) }
}

/// The `$ref` of a node that says nothing else about values.
fn only_reference(node: Node<'_>) -> Option<Node<'_>> {
    let mut reference = None;
    for (key, value) in node.members() {
        let key = key.text();
        if &*key == "$ref" {
            reference = Some(value);
        } else if !REMARKS.contains(&&*key) && (!key.starts_with("x-") || extension::classifies(&key)) {
            return None;
        }
    }
    reference.filter(|reference| reference.as_str().is_some())
}

/// Where a reference names what it leads to: `#/components/schemas/Pet` and `models/Pet.yml` name a `Pet`.
fn component_name(reference: &str) -> Option<Range<usize>> {
    let separators = ['/', '#'];
    let last = reference.trim_end_matches(separators);
    let start = last.rfind(separators).map_or(0, |at| at + 1);
    let file = last[start..].find('.').filter(|_| !reference.contains('#'));
    let end = file.map_or(last.len(), |length| start + length);
    let named = !last.is_empty() && !matches!(&last[start..end], "schema" | "items" | "get" | "post");
    named.then_some(start..end)
}
