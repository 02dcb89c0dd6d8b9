//! Digests of schemas and of the texts in them, told apart: the order of keys, the layout of the file, and whether a
//! schema stands in its place or behind a `$ref` make no difference.

use std::rc::Rc;

use rustc_hash::{FxHashMap, FxHashSet};
use sha2::{Digest as _, Sha256};

use super::super::NodeId;
use super::super::reference::References;
use crate::syntax::{Kind, MAX_DEPTH, Node};

/// References below one another that are followed from schemas that contain themselves.
const MAX_TURNS: u8 = 8;

/// Levels below one another, references followed; what lies deeper counts as it is written.
const MAX_LEVELS: usize = 400;

/// The first eight bytes of SHA-256.
pub type Digest = [u8; 8];

/// The digests of one part of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sum {
    pub(super) shape: Digest,
    /// Of the texts in it, sorted; empty if there are none.
    pub(super) texts: Vec<Digest>,
    /// Whether it depends on how many turns were left.
    turns: bool,
}

/// Collects what goes into a digest.
#[derive(Default)]
pub(super) struct Builder(Vec<Digest>);

impl Builder {
    /// A text; how its lines are broken makes no difference.
    pub(super) fn text(&mut self, text: &str) {
        self.0.push(text_digest(text));
    }

    pub(super) fn part(&mut self, part: &Digest) {
        self.0.push(*part);
    }

    pub(super) fn parts(&mut self, parts: &[Digest]) {
        self.0.extend_from_slice(parts);
    }

    pub(super) fn raw(&mut self, node: Node<'_>) {
        self.0.push(Raws::default().of(node, 0));
    }

    /// What was added, its order left out.
    pub(super) fn finish(mut self) -> Digest {
        self.0.sort_unstable();
        self.0.dedup();
        hash("set", self.0.iter().map(|part| &part[..]))
    }
}

pub(super) fn text_digest(text: &str) -> Digest {
    let words: Vec<&str> = text.split_ascii_whitespace().collect();
    hash("text", [words.join(" ").as_bytes()])
}

/// What a key of a schema, a parameter, a body or a media type means for the digest.
enum Role {
    /// Says nothing about the shape, nor anything to a model.
    Ignored,
    /// A text for people and models.
    Text,
    /// A mapping of names to things.
    Names,
    /// A value as it is.
    Value,
    /// Values whose order means nothing; one alone may stand without a list.
    Values,
    /// Things whose order means nothing.
    Things,
    /// A thing.
    Thing,
}

fn role(key: &str) -> Role {
    match key {
        "description" | "summary" | "title" | "example" | "examples" | "$comment" => Role::Text,
        "externalDocs" | "$schema" | "$id" | "$anchor" | "$defs" | "definitions" | "deprecated" | "xml" => {
            Role::Ignored
        }
        "properties" | "patternProperties" | "dependentSchemas" | "content" | "encoding" | "headers" => Role::Names,
        "const" | "default" => Role::Value,
        "type" | "enum" | "required" => Role::Values,
        "allOf" | "anyOf" | "oneOf" => Role::Things,
        _ if key.starts_with("x-") => Role::Ignored,
        _ => Role::Thing,
    }
}

/// Digests of the parts of one document, each worked out once.
pub(super) struct Digests<'r, 'd> {
    references: &'r References<'d>,
    known: FxHashMap<(NodeId, u8), Sum>,
    /// Whether what a reference leads to contains itself.
    cyclic: FxHashMap<NodeId, bool>,
    targets: FxHashMap<NodeId, Rc<[Node<'d>]>>,
    raws: Raws,
}

impl<'r, 'd> Digests<'r, 'd> {
    pub(super) fn new(references: &'r References<'d>) -> Self {
        Self {
            references,
            known: FxHashMap::default(),
            cyclic: FxHashMap::default(),
            targets: FxHashMap::default(),
            raws: Raws::default(),
        }
    }

    /// The digests of a schema, or of what holds schemas.
    pub(super) fn of(&mut self, node: Node<'d>) -> Sum {
        self.thing(node, MAX_TURNS, 0)
    }

    fn thing(&mut self, node: Node<'d>, left: u8, level: usize) -> Sum {
        if level > MAX_LEVELS || !(node.is_object() || node.is_array()) {
            return Sum { shape: self.raws.of(node, 0), texts: Vec::new(), turns: false };
        }
        // What leads to no cycle is the same however many turns are left.
        for key in [(node.id(), u8::MAX), (node.id(), left)] {
            if let Some(known) = self.known.get(&key) {
                return known.clone();
            }
        }
        let mut parts = Parts::default();
        if node.is_array() {
            let items: Vec<_> = node.items().map(|item| self.thing(item, left, level + 1)).collect();
            items.iter().for_each(|item| parts.add("", item));
        } else if let Some(target) = self.stands_for(node, left, level) {
            // A reference alone is what it leads to; beside other keys it is one part of many.
            let alone = node
                .members()
                .all(|(key, _)| matches!(role(&key.text()), Role::Text | Role::Ignored) || key.is("$ref"));
            self.members(node, left, level, &mut parts);
            if alone {
                parts.texts.extend(&target.texts);
                let texts = sorted(parts.texts);
                return self.keep(node, left, Sum { shape: target.shape, texts, turns: parts.turns | target.turns });
            }
            parts.add("$ref", &target);
        } else {
            self.members(node, left, level, &mut parts);
        }
        if node.is_object() {
            parts.shape.sort_unstable();
        }
        let kind = if node.is_object() { "object" } else { "array" };
        let shape = hash(kind, parts.shape.iter().flat_map(|(key, part)| [key.as_bytes(), &part[..]]));
        self.keep(node, left, Sum { shape, texts: sorted(parts.texts), turns: parts.turns })
    }

    fn keep(&mut self, node: Node<'d>, left: u8, sum: Sum) -> Sum {
        let left = if sum.turns { left } else { u8::MAX };
        self.known.insert((node.id(), left), sum.clone());
        sum
    }

    /// What the `$ref` of an object leads to.
    fn stands_for(&mut self, node: Node<'d>, left: u8, level: usize) -> Option<Sum> {
        let reference = References::of(node)?;
        let nowhere = |text: &str, turns| Sum { shape: text_digest(text), texts: Vec::new(), turns };
        let Some(target) = self.references.target(reference) else { return Some(nowhere(&reference.text(), false)) };
        if !self.contains_itself(target) {
            return Some(self.thing(target, left, level + 1));
        }
        Some(match left.checked_sub(1) {
            Some(left) => Sum { turns: true, ..self.thing(target, left, level + 1) },
            None => nowhere("", true),
        })
    }

    /// Whether the references below a node lead back to it.
    fn contains_itself(&mut self, node: Node<'d>) -> bool {
        if let Some(&known) = self.cyclic.get(&node.id()) {
            return known;
        }
        let mut seen = FxHashSet::default();
        let mut waiting = self.targets(node).to_vec();
        let mut cyclic = false;
        while let Some(next) = waiting.pop() {
            if next.id() == node.id() {
                cyclic = true;
                break;
            }
            if seen.insert(next.id()) {
                waiting.extend(self.targets(next).iter());
            }
        }
        self.cyclic.insert(node.id(), cyclic);
        cyclic
    }

    /// What the references below a node lead to.
    fn targets(&mut self, node: Node<'d>) -> Rc<[Node<'d>]> {
        if let Some(known) = self.targets.get(&node.id()) {
            return Rc::clone(known);
        }
        let mut seen = FxHashSet::default();
        let mut waiting = vec![node];
        let mut found = Vec::new();
        while let Some(next) = waiting.pop() {
            if !seen.insert(next.id()) {
                continue;
            }
            found.extend(References::of(next).and_then(|reference| self.references.target(reference)));
            waiting.extend(next.members().map(|(_, value)| value).chain(next.items()));
        }
        let found: Rc<[Node<'d>]> = found.into();
        self.targets.insert(node.id(), Rc::clone(&found));
        found
    }

    fn members(&mut self, node: Node<'d>, left: u8, level: usize, parts: &mut Parts) {
        for (key, value) in node.members() {
            let key = key.text();
            // Saying no is saying nothing: `nullable: false`.
            if key == "$ref" || value.as_bool() == Some(false) && is_flag(&key) {
                continue;
            }
            match role(&key) {
                Role::Ignored => {}
                Role::Text => parts.texts.push(match value.as_scalar() {
                    Some(text) => text_digest(&text),
                    None => self.raws.of(value, 0),
                }),
                Role::Names => {
                    let mut names: Vec<(String, Sum)> = Vec::new();
                    for (name, inner) in value.members() {
                        names.push((name.text().into_owned(), self.thing(inner, left, level + 1)));
                    }
                    names.sort_by(|a, b| (&a.0, a.1.shape).cmp(&(&b.0, b.1.shape)));
                    let shape = hash("names", names.iter().flat_map(|(name, sum)| [name.as_bytes(), &sum.shape[..]]));
                    names.iter().for_each(|(_, sum)| parts.beside(sum));
                    parts.shape.push((key.into_owned(), shape));
                }
                Role::Value => parts.shape.push((key.into_owned(), self.raws.of(value, 0))),
                Role::Values => {
                    let mut values: Vec<Digest> = match value.kind() {
                        Kind::Array => value.items().map(|item| self.raws.of(item, 0)).collect(),
                        _ => vec![self.raws.of(value, 0)],
                    };
                    values.sort_unstable();
                    values.dedup();
                    parts.shape.push((key.into_owned(), hash("set", values.iter().map(|value| &value[..]))));
                }
                Role::Things => {
                    let sums: Vec<Sum> = value.items().map(|item| self.thing(item, left, level + 1)).collect();
                    let mut shapes: Vec<Digest> = sums.iter().map(|sum| sum.shape).collect();
                    shapes.sort_unstable();
                    sums.iter().for_each(|sum| parts.beside(sum));
                    parts.shape.push((key.into_owned(), hash("set", shapes.iter().map(|shape| &shape[..]))));
                }
                Role::Thing => {
                    let sum = self.thing(value, left, level + 1);
                    parts.add(&key, &sum);
                }
            }
        }
    }
}

fn is_flag(key: &str) -> bool {
    matches!(key, "nullable" | "required" | "readOnly" | "writeOnly" | "uniqueItems" | "allowEmptyValue")
}

/// The parts of one object or list.
#[derive(Default)]
struct Parts {
    shape: Vec<(String, Digest)>,
    texts: Vec<Digest>,
    turns: bool,
}

impl Parts {
    fn add(&mut self, key: &str, sum: &Sum) {
        self.shape.push((key.to_owned(), sum.shape));
        self.beside(sum);
    }

    /// The texts of a part whose shape is added otherwise.
    fn beside(&mut self, sum: &Sum) {
        self.turns |= sum.turns;
        self.texts.extend(&sum.texts);
    }
}

/// Many texts become one, so that they do not pile up on the way to the top.
fn sorted(mut texts: Vec<Digest>) -> Vec<Digest> {
    const FEW: usize = 8;
    texts.sort_unstable();
    texts.dedup();
    if texts.len() > FEW {
        texts = vec![hash("texts", texts.iter().map(|text| &text[..]))];
    }
    texts
}

/// Digests of values as they are.
#[derive(Default)]
struct Raws(FxHashMap<NodeId, Digest>);

impl Raws {
    fn of(&mut self, node: Node<'_>, level: usize) -> Digest {
        if level > MAX_DEPTH {
            // Only an alias to what holds it nests deeper than documents may.
            return hash("deep", []);
        }
        match node.kind() {
            Kind::Null => hash("null", []),
            Kind::Bool => hash("bool", [&[u8::from(node.as_bool() == Some(true))][..]]),
            Kind::Number => hash("number", [number(&node.text()).as_bytes()]),
            Kind::String => hash("string", [node.text().as_bytes()]),
            Kind::Array | Kind::Object => {
                if let Some(known) = self.0.get(&node.id()) {
                    return *known;
                }
                let digest = if node.is_array() {
                    let items: Vec<Digest> = node.items().map(|item| self.of(item, level + 1)).collect();
                    hash("array", items.iter().map(|item| &item[..]))
                } else {
                    let mut members: Vec<(String, Digest)> = node
                        .members()
                        .map(|(key, value)| (key.text().into_owned(), self.of(value, level + 1)))
                        .collect();
                    members.sort_unstable();
                    hash("object", members.iter().flat_map(|(key, value)| [key.as_bytes(), &value[..]]))
                };
                self.0.insert(node.id(), digest);
                digest
            }
        }
    }
}

/// `1`, `1.0` and `1e0` are one number.
pub(super) fn number(text: &str) -> String {
    match (text.parse::<i128>(), text.parse::<f64>()) {
        (Ok(whole), _) => whole.to_string(),
        (_, Ok(value)) if value.is_finite() => value.to_string(),
        _ => text.to_owned(),
    }
}

/// SHA-256 over what it is of and its parts, each behind its length.
fn hash<'a>(of: &str, parts: impl IntoIterator<Item = &'a [u8]>) -> Digest {
    let mut hasher = Sha256::new();
    hasher.update(of);
    for part in parts {
        hasher.update((part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
    let mut digest = Digest::default();
    digest.copy_from_slice(&hasher.finalize()[..8]);
    digest
}
