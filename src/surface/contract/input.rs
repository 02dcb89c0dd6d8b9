//! What a caller fills in, one entry a parameter or field, in the words of JSON Schema: a list that people can review
//! and a comparison can judge.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use rustc_hash::{FxHashMap, FxHashSet};

use super::super::NodeId;
use super::super::reference::References;
use super::Taken;
use super::digest::{number, text_digest};
use crate::syntax::{Kind, Node};

/// Most inputs of one tool that are listed.
const MAX_INPUTS: usize = 100;

/// Objects below one another whose fields are listed.
const MAX_OBJECTS: usize = 6;

/// Schemas that one is composed of, at most.
const MAX_PARTS: usize = 64;

/// Values of an enum that are listed.
const MAX_VALUES: usize = 20;

/// Limits of JSON Schema that are kept as they are.
const LIMITS: [&str; 13] = [
    "maxLength",
    "minLength",
    "pattern",
    "maximum",
    "minimum",
    "exclusiveMaximum",
    "exclusiveMinimum",
    "multipleOf",
    "maxItems",
    "minItems",
    "uniqueItems",
    "maxProperties",
    "minProperties",
];

/// What is known of an input, by keyword: `type: string`, `maxLength: 64`, `required: true`. Texts are there as their
/// digest, under `text`.
pub type Facts = BTreeMap<String, String>;

/// A parameter or a field of the body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// Where it is sent: `path`, `query`, `header`, `cookie`, `body`.
    pub place: String,
    /// Its name; dotted below others, `[]` behind lists, `.` for the body itself.
    pub name: String,
    /// What is known of it.
    pub facts: Facts,
}

/// The name of the body itself.
const BODY: &str = ".";

/// Lists the inputs, the nearer ones first if there are too many; and how many were left out.
pub(super) fn list<'d>(references: &References<'d>, taken: &Taken<'d>) -> (Vec<Input>, usize) {
    let mut listing =
        Listing { references, inputs: BTreeMap::new(), waiting: VecDeque::new(), known: FxHashMap::default(), more: 0 };
    for (place, name, parameter) in &taken.parameters {
        let content = parameter.get("content").and_then(|content| content.members().next());
        let schema = parameter.get("schema").or_else(|| content.and_then(|(_, media)| media.get("schema")));
        let mut facts = listing.facts(schema.unwrap_or(*parameter));
        if parameter.get("required").and_then(Node::as_bool) == Some(true) {
            facts.insert("required".into(), "true".into());
        }
        text(&mut facts, *parameter);
        listing.add(place, name, facts);
        if let Some(schema) = schema {
            listing.waiting.push_back(Waiting { place: place.clone(), name: name.clone(), schema, depth: 0 });
        }
    }
    for (holder, schemas) in &taken.bodies {
        for schema in schemas {
            let mut facts = listing.facts(*schema);
            if holder.get("required").and_then(Node::as_bool) == Some(true) {
                facts.insert("required".into(), "true".into());
            }
            if holder != schema {
                text(&mut facts, *holder);
            }
            listing.add("body", BODY, facts);
            listing.waiting.push_back(Waiting { place: "body".into(), name: String::new(), schema: *schema, depth: 0 });
        }
    }
    while let Some(next) = listing.waiting.pop_front() {
        listing.below(&next);
    }
    let inputs = listing.inputs.into_iter().map(|((place, name), facts)| Input { place, name, facts }).collect();
    (inputs, listing.more)
}

/// A schema whose fields are to be listed.
struct Waiting<'d> {
    place: String,
    name: String,
    schema: Node<'d>,
    depth: usize,
}

struct Listing<'r, 'd> {
    references: &'r References<'d>,
    inputs: BTreeMap<(String, String), Facts>,
    waiting: VecDeque<Waiting<'d>>,
    /// What schemas say, so that one that many are composed of is asked once.
    known: FxHashMap<NodeId, Facts>,
    more: usize,
}

impl<'d> Listing<'_, 'd> {
    fn add(&mut self, place: &str, name: &str, facts: Facts) -> bool {
        let key = (place.to_owned(), name.to_owned());
        if self.inputs.contains_key(&key) {
            return false;
        }
        if self.inputs.len() == MAX_INPUTS {
            self.more += 1;
            return false;
        }
        self.inputs.insert(key, facts);
        true
    }

    /// Lists the fields and elements of a schema.
    fn below(&mut self, next: &Waiting<'d>) {
        if next.depth == MAX_OBJECTS || self.more > 0 {
            return;
        }
        for part in self.parts(next.schema) {
            let required: BTreeSet<String> = part
                .get("required")
                .into_iter()
                .flat_map(Node::items)
                .filter_map(Node::as_scalar)
                .map(Into::into)
                .collect();
            for (key, schema) in part.get("properties").into_iter().flat_map(Node::members) {
                let key = key.text();
                let mut facts = self.facts(schema);
                // The server sets it; a caller does not send it.
                if facts.remove("readOnly").is_some() {
                    continue;
                }
                if required.contains(&*key) {
                    facts.insert("required".into(), "true".into());
                }
                let name = if next.name.is_empty() { key.into_owned() } else { format!("{}.{key}", next.name) };
                if self.add(&next.place, &name, facts) {
                    let place = next.place.clone();
                    self.waiting.push_back(Waiting { place, name, schema, depth: next.depth + 1 });
                }
            }
            if let Some(schema) = part.get("items").filter(|items| items.is_object()) {
                let name = format!("{}[]", next.name);
                let facts = self.facts(schema);
                if self.add(&next.place, &name, facts) {
                    let place = next.place.clone();
                    self.waiting.push_back(Waiting { place, name, schema, depth: next.depth + 1 });
                }
            }
        }
    }

    /// The schema, what its references lead to, and all that it is composed of.
    fn parts(&self, schema: Node<'d>) -> Vec<Node<'d>> {
        let mut seen: FxHashSet<NodeId> = FxHashSet::default();
        let mut waiting = VecDeque::from([schema]);
        let mut parts = Vec::new();
        while let Some(node) = waiting.pop_front() {
            if !seen.insert(node.id()) || parts.len() == MAX_PARTS {
                continue;
            }
            parts.push(node);
            waiting.extend(References::of(node).and_then(|reference| self.references.target(reference)));
            for key in ["allOf", "anyOf", "oneOf"] {
                waiting.extend(node.get(key).into_iter().flat_map(Node::items));
            }
        }
        parts
    }

    fn facts(&mut self, schema: Node<'d>) -> Facts {
        let mut open = FxHashSet::default();
        self.composed(schema, &mut open)
    }

    /// What a schema and all that it is composed of say: with `allOf` each adds something, of `anyOf` and `oneOf`
    /// only that counts in which all agree.
    fn composed(&mut self, schema: Node<'d>, open: &mut FxHashSet<NodeId>) -> Facts {
        if let Some(known) = self.known.get(&schema.id()) {
            return known.clone();
        }
        let mut facts = Facts::new();
        if open.len() > MAX_PARTS || !open.insert(schema.id()) {
            return facts;
        }
        own(schema, &mut facts);
        let also = References::of(schema).and_then(|reference| self.references.target(reference));
        let parts = also.into_iter().chain(schema.get("allOf").into_iter().flat_map(Node::items));
        for part in parts {
            for (key, value) in self.composed(part, open) {
                facts.entry(key).or_insert(value);
            }
        }
        for key in ["anyOf", "oneOf"] {
            let choices: Vec<Facts> =
                schema.get(key).into_iter().flat_map(Node::items).map(|part| self.composed(part, open)).collect();
            for (key, value) in agreed(choices) {
                facts.entry(key).or_insert(value);
            }
        }
        open.remove(&schema.id());
        self.known.insert(schema.id(), facts.clone());
        facts
    }
}

/// What holds whichever of these is chosen.
fn agreed(choices: Vec<Facts>) -> Facts {
    let is_null = |facts: &Facts| facts.get("type").is_some_and(|types| types == "null");
    let nullable = choices.iter().any(is_null);
    let choices: Vec<Facts> = choices.into_iter().filter(|facts| !is_null(facts)).collect();
    let Some(first) = choices.first() else { return Facts::new() };
    let mut facts: Facts = first
        .iter()
        .filter(|(key, value)| choices.iter().all(|other| other.get(*key) == Some(value)))
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect();
    if choices.iter().all(|other| other.contains_key("type")) {
        let mut types: BTreeSet<&str> = choices.iter().flat_map(|facts| facts["type"].split('|')).collect();
        if nullable {
            types.insert("null");
        }
        facts.insert("type".into(), types.into_iter().collect::<Vec<_>>().join("|"));
    }
    facts
}

/// What a schema says itself.
fn own(schema: Node<'_>, facts: &mut Facts) {
    let scalar = |key| schema.get(key).and_then(Node::as_scalar);
    let mut types: BTreeSet<String> = match schema.get("type") {
        // In YAML, `[string, null]` holds a real null where the text is meant.
        Some(list) if list.is_array() => {
            list.items().map(|item| item.as_scalar().map_or("null".into(), Into::into)).collect()
        }
        Some(one) => one.as_scalar().map(Into::into).into_iter().collect(),
        None => BTreeSet::new(),
    };
    if !types.is_empty() {
        if schema.get("nullable").and_then(Node::as_bool) == Some(true) {
            types.insert("null".into());
        }
        facts.insert("type".into(), types.into_iter().collect::<Vec<_>>().join("|"));
    }
    if let Some(format) = scalar("format") {
        facts.insert("format".into(), format.into_owned());
    }
    for key in LIMITS {
        let Some(node) = schema.get(key).filter(|node| node.as_bool() != Some(false)) else { continue };
        let Some(limit) = node.as_scalar() else { continue };
        let limit = if node.kind() == Kind::Number { number(&limit) } else { limit.into_owned() };
        facts.insert(key.into(), limit);
    }
    let values = schema.get("enum").into_iter().flat_map(Node::items).chain(schema.get("const"));
    let values: BTreeSet<String> = values.map(|value| value.as_scalar().map_or("null".into(), Into::into)).collect();
    if !values.is_empty() {
        facts.insert("enum".into(), listed(&values));
    }
    if schema.get("additionalProperties").and_then(Node::as_bool) == Some(false) {
        facts.insert("closed".into(), "true".into());
    }
    if schema.get("readOnly").and_then(Node::as_bool) == Some(true) {
        facts.insert("readOnly".into(), "true".into());
    }
    text(facts, schema);
}

/// The digest of what is said about an input, unless it has one already.
fn text(facts: &mut Facts, node: Node<'_>) {
    let said = ["title", "description"].into_iter().filter_map(|key| node.get(key).and_then(Node::as_scalar));
    let said: Vec<_> = said.collect();
    if said.iter().any(|text| !text.trim().is_empty()) {
        let digest = text_digest(&said.join("\n"));
        let hex = digest[..4].iter().map(|byte| format!("{byte:02x}")).collect();
        facts.insert("text".into(), hex);
    }
}

/// The values as a list; many of them as their number and a digest.
fn listed(values: &BTreeSet<String>) -> String {
    let list = serde_json::to_string(values).unwrap_or_default();
    if values.len() <= MAX_VALUES {
        return list;
    }
    let digest = text_digest(&list);
    let hex: String = digest[..4].iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{} values, {hex}", values.len())
}
