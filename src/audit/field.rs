//! Fields of requests and responses, found through references, lists and composition.

use std::collections::VecDeque;
use std::ops::Range;
use std::rc::Rc;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::Hit;
use crate::rule::{Need, Query, Vocabulary, Wording};
use crate::surface::detail::Details;
use crate::surface::words::Words;
use crate::surface::{Operation, Parameter, Place, Property, Schema, SchemaId, Schemas, Surface, Types};

/// Objects between an operation and an input that tells what the operation does.
const MAX_INPUT_DEPTH: u32 = 2;

/// Whether fields are sent or received.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Direction {
    Request,
    Response,
}

/// Answers about fields. Every schema is judged once a rule, however many operations lead to it.
pub(super) struct Fields<'s> {
    details: Details<'s>,
    schemas: &'s Schemas,
    words: FxHashMap<Arc<str>, Rc<Words>>,
    /// For the rule being run, and each direction: which properties of a schema match.
    judged: [Lists; 2],
    /// For each direction: the properties of a schema below which something lies.
    nested: [Lists; 2],
    /// For the rule being run: what lies below the same bodies, which operations on one thing share.
    found: FxHashMap<(Vec<Root>, Direction), Rc<[Hit]>>,
    /// The last walk that entered a schema.
    entered: Vec<u32>,
    walk: u32,
    /// Schemas that walks have entered.
    visits: usize,
}

/// A body, or a parameter by the place of its name in the memory.
type Root = (usize, SchemaId);

/// A step from the body to a field.
struct Step<'n> {
    before: usize,
    name: &'n Arc<str>,
    list: bool,
}

/// A list of properties for each schema that was asked for.
struct Lists {
    ranges: Vec<(u32, u32)>,
    properties: Vec<u32>,
}

impl Lists {
    const UNKNOWN: (u32, u32) = (u32::MAX, 0);

    fn new(count: usize) -> Self {
        Self { ranges: vec![Self::UNKNOWN; count], properties: Vec::new() }
    }

    fn clear(&mut self) {
        self.ranges.fill(Self::UNKNOWN);
        self.properties.clear();
    }

    fn range(&self, id: SchemaId) -> Option<Range<usize>> {
        let (start, end) = self.ranges[id.0 as usize];
        (start != u32::MAX).then_some(start as usize..end as usize)
    }

    fn keep(&mut self, id: SchemaId, properties: Vec<u32>) -> Range<usize> {
        let start = self.properties.len();
        self.properties.extend(properties);
        self.ranges[id.0 as usize] = (start as u32, self.properties.len() as u32);
        start..self.properties.len()
    }
}

const TOP: usize = usize::MAX;

impl<'s> Fields<'s> {
    pub(super) fn new(surface: &'s Surface, details: Details<'s>) -> Self {
        let count = surface.schemas.len();
        Self {
            details,
            schemas: &surface.schemas,
            words: FxHashMap::default(),
            judged: [Lists::new(count), Lists::new(count)],
            nested: [Lists::new(count), Lists::new(count)],
            found: FxHashMap::default(),
            entered: vec![0; count],
            walk: 0,
            visits: 0,
        }
    }

    /// Facts that few rules ask for.
    pub(super) fn details(&self) -> Details<'s> {
        self.details
    }

    /// Forgets what the last rule said of schemas.
    pub(super) fn begin_rule(&mut self) {
        self.judged.iter_mut().for_each(Lists::clear);
        self.found.clear();
    }

    /// The fields below `roots` that match, nearest first. A root may have a name that its fields stand under.
    pub(super) fn find(
        &mut self,
        query: &Query,
        operation: &Operation,
        roots: Vec<(Option<&Arc<str>>, SchemaId)>,
        direction: Direction,
    ) -> Rc<[Hit]> {
        // Where the operation's own words decide, no other operation has the same fields.
        if is_told_by_operation(query) {
            return self.walk(query, operation, roots, direction).into();
        }
        let place = |name: Option<&Arc<str>>| name.map_or(0, |name| name.as_ptr() as usize);
        let key = (roots.iter().map(|&(name, root)| (place(name), root)).collect(), direction);
        if let Some(known) = self.found.get(&key) {
            return Rc::clone(known);
        }
        let found: Rc<[Hit]> = self.walk(query, operation, roots, direction).into();
        self.found.insert(key, Rc::clone(&found));
        found
    }

    fn walk(
        &mut self,
        query: &Query,
        operation: &Operation,
        roots: Vec<(Option<&Arc<str>>, SchemaId)>,
        direction: Direction,
    ) -> Vec<Hit> {
        self.walk += 1;
        let schemas = self.schemas;
        let mut steps: Vec<Step<'_>> = Vec::new();
        let mut hits: Vec<Hit> = Vec::new();
        let mut named: FxHashSet<String> = FxHashSet::default();
        let mut waiting: VecDeque<(SchemaId, usize, u32)> = VecDeque::new();
        for (name, root) in roots {
            let before = name.map_or(TOP, |name| {
                steps.push(Step { before: TOP, name, list: false });
                steps.len() - 1
            });
            if name.is_none() && self.body_matches(query, root) {
                hits.push(Hit { name: "body".into(), span: self.schemas.get(root).span });
            }
            waiting.push_back((root, before, 0));
        }
        while let Some((id, before, depth)) = waiting.pop_front() {
            if std::mem::replace(&mut self.entered[id.0 as usize], self.walk) == self.walk {
                continue;
            }
            self.visits += 1;
            let schema = schemas.get(id);
            let by_name = self.judge(query, id, direction);
            let mut found = self.judged[direction as usize].properties[by_name].to_vec();
            if depth == 0 && is_told_by_operation(query) {
                found = self.judge_in(query, id, direction, &operation.words, &found);
            }
            if !found.is_empty() && before != TOP && self.is_outside(query, &steps, before) {
                found.clear();
                // Another way to it may count.
                self.entered[id.0 as usize] = 0;
            }
            for index in found {
                let property = &schema.properties[index as usize];
                let name = path(&steps, before, &property.name);
                if named.insert(name.clone()) {
                    hits.push(Hit { name, span: property.span });
                }
            }
            let alternatives = if self.is_expandable(schema, before, direction) { &[] } else { &*schema.any_of };
            for &part in schema.all_of.iter().chain(alternatives) {
                waiting.push_back((part, before, depth));
            }
            for &item in &schema.items {
                if before != TOP {
                    steps[before].list = true;
                }
                waiting.push_back((item, before, depth));
            }
            if depth == query.depth {
                continue;
            }
            for at in self.nested(id, direction) {
                let property = &schema.properties[self.nested[direction as usize].properties[at] as usize];
                steps.push(Step { before, name: &property.name, list: false });
                waiting.push_back((property.schema, steps.len() - 1, depth + 1));
            }
        }
        hits
    }

    /// Whether nothing counts in what a step leads to, by the names of properties; those of schemas were asked before.
    fn is_outside(&mut self, query: &Query, steps: &[Step<'_>], mut at: usize) -> bool {
        for need in &query.needs {
            let Need::Words(wording) = need else { continue };
            if !wording.outside.is_empty() && wording.outside.find(&self.words_of(steps[at].name), |_| true) {
                return true;
            }
            while !wording.beneath.is_empty() && at != TOP {
                if wording.beneath.find(&self.words_of(steps[at].name), |_| true) {
                    return true;
                }
                at = steps[at].before;
            }
        }
        false
    }

    /// The properties of a schema that are sent and have something below them.
    fn nested(&mut self, id: SchemaId, direction: Direction) -> Range<usize> {
        if let Some(known) = self.nested[direction as usize].range(id) {
            return known;
        }
        let properties = &self.schemas.get(id).properties;
        let below = (0u32..)
            .zip(properties)
            .filter(|(_, property)| !self.is_leaf(property.schema) && self.is_sent(property, direction));
        let below = below.map(|(index, _)| index).collect();
        self.nested[direction as usize].keep(id, below)
    }

    /// How many schemas were entered so far, each counted once a walk.
    pub(super) fn visits(&self) -> usize {
        self.visits
    }

    /// Whether a parameter's name has the wording.
    pub(super) fn parameter_has(&mut self, wording: &Wording, parameter: &Parameter, operation: &Words) -> bool {
        let name = self.words_of(&parameter.name);
        let format = parameter.schema.known().and_then(|&schema| self.format(schema));
        wording.matches_field(&name, &Words::default(), format.as_deref()) || wording.matches_in(&name, operation)
    }

    /// Whether an operation takes an input whose name has one of the phrases, near the top of its body.
    pub(super) fn takes(&mut self, operation: &Operation, inputs: &Vocabulary) -> bool {
        if operation
            .parameters
            .known()
            .into_iter()
            .flatten()
            .any(|parameter| parameter.place != Place::Path && inputs.find(&self.words_of(&parameter.name), |_| true))
        {
            return true;
        }
        self.walk += 1;
        let mut waiting: Vec<(SchemaId, u32)> =
            operation.request.known().into_iter().flatten().map(|&body| (body, 0)).collect();
        let schemas = self.schemas;
        while let Some((id, depth)) = waiting.pop() {
            if std::mem::replace(&mut self.entered[id.0 as usize], self.walk) == self.walk {
                continue;
            }
            let schema = schemas.get(id);
            for property in &schema.properties {
                if !self.is_sent(property, Direction::Request) {
                    continue;
                }
                if inputs.find(&self.words_of(&property.name), |_| true) {
                    return true;
                }
                if depth < MAX_INPUT_DEPTH {
                    waiting.push((property.schema, depth + 1));
                }
            }
            waiting.extend(schema.all_of.iter().chain(&schema.any_of).chain(&schema.items).map(|&part| (part, depth)));
        }
        false
    }

    /// Every schema of the surface.
    pub(super) fn schemas(&self) -> &'s Schemas {
        self.schemas
    }

    /// Whether a value is an object of which nobody says what is in it.
    pub(super) fn is_open(&self, id: SchemaId) -> bool {
        let schema = self.schemas.get(id);
        self.is_leaf(id) && schema.types.any(Types::OBJECT) && !schema.closed
    }

    /// Whether a body as a whole satisfies the query, which a name cannot do for it.
    fn body_matches(&self, query: &Query, id: SchemaId) -> bool {
        let mut asked = false;
        let holds = query.needs.iter().all(|need| match need {
            Need::Words(wording) if wording.is_exception() => true,
            Need::Words(wording) => {
                asked = true;
                self.format(id).is_some_and(|format| wording.formats.iter().any(|known| **known == *format))
            }
            Need::Open(wanted) => {
                asked = true;
                self.is_open(id) == *wanted
            }
            Need::Types(types) => self.has_type(id, *types),
            Need::Typed(wanted) => self.is_typed(id) == *wanted,
            Need::Listed(wanted) => self.is_listed(id) == *wanted,
            _ => true,
        });
        asked && holds
    }

    /// Whether values may have one of the types, or nothing is said. A list or map counts as what it holds.
    pub(super) fn has_type(&self, id: SchemaId, wanted: Types) -> bool {
        let may_be = |id: SchemaId| {
            let types = self.schemas.types(id);
            types.any(wanted) || (types.is_unknown() && self.is_leaf(id))
        };
        may_be(id) || self.schemas.get(id).items.iter().any(|&item| may_be(item))
    }

    /// Whether every value is known beforehand, from an enum or a const.
    pub(super) fn is_listed(&self, id: SchemaId) -> bool {
        let schemas = self.schemas;
        let schema = schemas.get(id);
        let listed = |part: SchemaId| schemas.any_part(part, |part| part.listed);
        // One alternative that is any text is enough: some values by name, or else a text.
        let text = |part: SchemaId| schemas.types(part).is_unknown() || schemas.types(part).any(Types::STRING);
        schema.listed
            || schema.all_of.iter().any(|&part| listed(part))
            || (schema.any_of.iter().any(|&part| listed(part))
                && schema.any_of.iter().all(|&part| listed(part) || !text(part)))
    }

    /// Whether more than "some text" is known of a value.
    pub(super) fn is_typed(&self, id: SchemaId) -> bool {
        let types = self.schemas.types(id).without_null();
        let bare = types == Types::STRING || (types.is_unknown() && self.is_leaf(id));
        !bare || self.schemas.any_part(id, |part| part.constrained)
    }

    /// Which properties of one schema match.
    fn judge(&mut self, query: &Query, id: SchemaId, direction: Direction) -> Range<usize> {
        if let Some(known) = self.judged[direction as usize].range(id) {
            return known;
        }
        let schema = self.schemas.get(id);
        let mut found = Vec::new();
        if !schema.properties.is_empty() {
            let owner = self.words_of(&schema.subject);
            for (index, property) in (0..).zip(&schema.properties) {
                if self.property_matches(query, property, &owner, None) && self.is_sent(property, direction) {
                    found.push(index);
                }
            }
        }
        self.judged[direction as usize].keep(id, found)
    }

    /// The same where a schema is at the top of a body, so that the operation tells what its fields are about.
    fn judge_in(
        &mut self,
        query: &Query,
        id: SchemaId,
        direction: Direction,
        operation: &Words,
        by_name: &[u32],
    ) -> Vec<u32> {
        let schema = self.schemas.get(id);
        let owner = self.words_of(&schema.subject);
        (0..schema.properties.len() as u32)
            .filter(|index| {
                let property = &schema.properties[*index as usize];
                by_name.contains(index)
                    || (self.is_sent(property, direction)
                        && self.property_matches(query, property, &owner, Some(operation)))
            })
            .collect()
    }

    fn property_matches(
        &mut self,
        query: &Query,
        property: &Property,
        owner: &Words,
        operation: Option<&Words>,
    ) -> bool {
        query.needs.iter().all(|need| match need {
            Need::Words(wording) => {
                let name = self.words_of(&property.name);
                let format = if wording.formats.is_empty() { None } else { self.format(property.schema) };
                wording.matches_field(&name, owner, format.as_deref())
                    || operation.is_some_and(|operation| wording.matches_in(&name, operation))
            }
            Need::Open(wanted) => self.is_open(property.schema) == *wanted,
            Need::Types(types) => self.has_type(property.schema, *types),
            Need::Typed(wanted) => self.is_typed(property.schema) == *wanted,
            Need::Listed(wanted) => self.is_listed(property.schema) == *wanted,
            _ => true,
        })
    }

    /// A request does not carry what is read-only, a response not what is write-only.
    fn is_sent(&self, property: &Property, direction: Direction) -> bool {
        !self.schemas.any_part(property.schema, |part| match direction {
            Direction::Request => part.read_only,
            Direction::Response => part.write_only,
        })
    }

    /// Whether a field of a response is an identifier that the caller may ask to be expanded: either a plain text or
    /// an object. By default the object is not there.
    fn is_expandable(&self, schema: &Schema, before: usize, direction: Direction) -> bool {
        let is_plain = |id: &SchemaId| {
            let types = self.schemas.types(*id);
            types.any(Types::STRING) && !types.any(Types::OBJECT.with(Types::ARRAY))
        };
        before != TOP && direction == Direction::Response && schema.any_of.iter().any(is_plain)
    }

    fn format(&self, id: SchemaId) -> Option<Arc<str>> {
        let mut format = None;
        self.schemas.any_part(id, |part| {
            format = format.take().or_else(|| part.format.clone());
            false
        });
        format
    }

    /// Whether nothing lies below a schema.
    fn is_leaf(&self, id: SchemaId) -> bool {
        let schema = self.schemas.get(id);
        schema.properties.is_empty() && schema.items.is_empty() && schema.all_of.is_empty() && schema.any_of.is_empty()
    }

    fn words_of(&mut self, name: &Arc<str>) -> Rc<Words> {
        if let Some(words) = self.words.get(name) {
            return Rc::clone(words);
        }
        let words = Rc::new(Words::field(name));
        self.words.insert(Arc::clone(name), Rc::clone(&words));
        words
    }
}

/// Whether the words of an operation decide which of its fields match.
fn is_told_by_operation(query: &Query) -> bool {
    query.needs.iter().any(|need| match need {
        Need::Words(wording) => wording.inside.iter().any(|inside| !inside.operation.is_empty()),
        _ => false,
    })
}

/// `data[].owner.email`.
fn path(steps: &[Step<'_>], before: usize, name: &str) -> String {
    let mut parts = vec![name.to_owned()];
    let mut at = before;
    while at != TOP {
        let step = &steps[at];
        parts.push(if step.list { format!("{}[]", step.name) } else { step.name.to_string() });
        at = step.before;
    }
    parts.reverse();
    parts.join(".")
}
