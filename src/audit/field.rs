//! Fields of requests and responses, found through references, lists and composition.

use std::collections::VecDeque;
use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::ask::{Asked, Hit};
use super::candidate::{Candidates, Set, only, those};
use super::entered::Entered;
use super::judgement::{Judgements, Shield};
use super::value::Values;
use super::vicinity::Vicinity;
use crate::rule::{Inside, MAX_DEPTH, Need, Query, Vocabulary, Wording};
use crate::source::Quote;
use crate::surface::detail::Details;
use crate::surface::words::{Origin, WordSpan};
use crate::surface::{Operation, Parameter, Place, SchemaId, Schemas, Surface, Words};

/// Objects between an operation and an input that tells what the operation does.
const MAX_INPUT_DEPTH: u32 = 2;

/// Operations for which it does not pay to prepare all contexts.
const FEW: usize = 32;

/// Whether fields are sent or received.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Direction {
    Request,
    Response,
}

/// A field and the queries that it matches.
#[derive(Debug, Clone)]
pub(super) struct Found {
    queries: Set,
    hit: Hit,
}

impl Found {
    fn new(queries: Set, hit: impl FnOnce() -> Hit) -> Option<Self> {
        (queries != 0).then(|| Self { queries, hit: hit() })
    }
}

/// Answers about fields, for all queries at once. Every schema is judged once, however many operations lead to it.
pub(super) struct Fields<'s> {
    details: Details<'s>,
    values: Values<'s>,
    judgements: Judgements<'s>,
    /// The queries with a phrase that might stand in the path or name of an operation.
    pub(super) of_operations: Candidates,
    /// The same for the contexts in which those are harmless; of a few operations each is asked for its own.
    pub(super) of_contexts: Option<Candidates>,
    /// The same for the first sentence about an operation.
    pub(super) of_texts: Candidates,
    /// By how deep a field lies: the queries that ask for such fields.
    by_depth: [Set; MAX_DEPTH as usize + 1],
    /// The queries that ask what an operation is about, with a phrase that might stand in its path or name.
    pub(super) of_insides: Candidates,
    /// What lies below the same bodies, which operations on one thing share.
    found: FxHashMap<(Vec<Root>, Direction), Rc<[Found]>>,
    /// What else the document offers.
    pub(super) vicinity: Vicinity<'s>,
    entered: Entered,
    /// Schemas that walks have entered.
    visits: usize,
}

/// A body, or a parameter by the place of its name in the memory.
type Root = (usize, SchemaId);

/// Where a walk begins: a body, or a parameter under whose name its fields stand.
type Start<'o> = (Option<&'o Quote>, SchemaId);

/// A step from the body to a field.
struct Step<'n> {
    before: usize,
    name: &'n str,
    list: bool,
    /// Whether it is only wrapped around the whole body.
    thin: bool,
    /// The queries that count nothing where it leads, and those that count nothing below that either.
    shield: Shield,
}

const TOP: usize = usize::MAX;

/// What many services wrap around whatever they take or give, or put all fields into that are a thing's own.
#[rustfmt::skip]
const WRAPPERS: [&str; 13] = [
    "attributes", "config", "configuration", "data", "item", "items", "params", "payload", "properties", "response",
    "result", "results", "value",
];

impl<'s> Fields<'s> {
    /// Those of a surface, for at most [`super::candidate::MOST`] queries.
    pub(super) fn new(queries: &'s [&'s Query], surface: &'s Surface, details: Details<'s>) -> Self {
        let values = Values(&surface.schemas);
        let mut by_depth = [0; MAX_DEPTH as usize + 1];
        for (depth, set) in (0..).zip(&mut by_depth) {
            *set = those(queries, |query| query.depth >= depth);
        }
        Self {
            details,
            values,
            judgements: Judgements::new(queries, values),
            of_operations: Candidates::of_operations(queries),
            of_contexts: (surface.operations.len() > FEW).then(|| Candidates::of_contexts(queries)),
            of_texts: Candidates::of_texts(queries),
            by_depth,
            of_insides: Candidates::of_insides(queries),
            found: FxHashMap::default(),
            vicinity: Vicinity::new(details),
            entered: Entered::new(surface.schemas.len()),
            visits: 0,
        }
    }

    /// A query by its number.
    pub(super) fn query(&self, number: usize) -> &'s Query {
        self.judgements.queries[number]
    }

    /// Facts that few rules ask for.
    pub(super) fn details(&self) -> Details<'s> {
        self.details
    }

    /// The values of the surface.
    pub(super) fn values(&self) -> Values<'s> {
        self.values
    }

    /// Every schema of the surface.
    pub(super) fn schemas(&self) -> &'s Schemas {
        self.values.0
    }

    /// How many schemas were entered so far, each counted once a walk.
    pub(super) fn visits(&self) -> usize {
        self.visits
    }

    /// Adds the fields of an operation that match a query, nearest first.
    pub(super) fn find(&mut self, number: usize, asked: &mut Asked<'_>, direction: Direction, hits: &mut Vec<Hit>) {
        let operation = asked.operation;
        let before = hits.len();
        // Where the operation's own words decide, no other operation has the same fields.
        if asked.inside & only(number) != 0 && insides(self.query(number)).any(|inside| inside.is_about(operation)) {
            let found = self.walk(only(number), &self.starts(operation, direction), direction, Some(operation));
            hits.extend(found.into_iter().map(|found| found.hit));
        } else {
            let found = asked.fields[direction as usize].get_or_insert_with(|| self.all(operation, direction));
            hits.extend(found.iter().filter(|found| found.queries & only(number) != 0).map(|found| found.hit.clone()));
        }
        if hits.len() > before && is_about_others(self.query(number), operation) {
            let found = hits.split_off(before);
            hits.extend(found.into_iter().filter(|hit| !is_own(&hit.name)));
        }
    }

    /// The fields of an operation that match a query by themselves.
    fn all(&mut self, operation: &Operation, direction: Direction) -> Rc<[Found]> {
        let starts = self.starts(operation, direction);
        let place = |name: Option<&Quote>| name.map_or(0, |name| name.as_ptr() as usize);
        let key = (starts.iter().map(|&(name, id)| (place(name), id)).collect(), direction);
        if let Some(known) = self.found.get(&key) {
            return Rc::clone(known);
        }
        let found: Rc<[Found]> = self.walk(self.judgements.asked[direction as usize], &starts, direction, None).into();
        self.found.insert(key, Rc::clone(&found));
        found
    }

    /// The fields that match one of the queries `asked`, level by level. `operation` tells what fields at the top are
    /// about.
    fn walk(
        &mut self,
        asked: Set,
        starts: &[Start<'_>],
        direction: Direction,
        operation: Option<&Operation>,
    ) -> Vec<Found> {
        self.entered.clear();
        let deepest = self.by_depth.iter().rposition(|set| set & asked != 0).unwrap_or(0);
        let mut steps: Vec<Step<'_>> = Vec::new();
        let mut found: Vec<Found> = Vec::new();
        let mut named: FxHashMap<Quote, Set> = FxHashMap::default();
        let mut level: VecDeque<(SchemaId, usize)> = VecDeque::new();
        let mut below: VecDeque<(SchemaId, usize)> = VecDeque::new();
        let mut depth = 0;
        for &(name, root) in starts {
            let before = name.map_or(TOP, |name| {
                let shield = self.judgements.shield(name);
                steps.push(Step { before: TOP, name, list: false, thin: false, shield });
                steps.len() - 1
            });
            if name.is_none() {
                let span = self.values.schema(root).span;
                let whole = self.judgements.of_body(root, asked);
                let name = if direction == Direction::Request { "body" } else { "response" };
                let known = named.entry(name.into()).or_default();
                found.extend(Found::new(whole & !*known, || Hit { name: name.into(), span }));
                *known |= whole;
            }
            level.push_back((root, before));
        }
        loop {
            let Some((id, before)) = level.pop_front() else {
                if below.is_empty() {
                    break;
                }
                std::mem::swap(&mut level, &mut below);
                depth += 1;
                continue;
            };
            let shield = steps.get(before).map_or(Shield::default(), |step| step.shield);
            let Some(asked) = self.enter(id, asked & self.by_depth[depth], shield) else { continue };
            self.visits += 1;
            let schema = self.values.schema(id);
            let mut judge = |index: u32, matching: Set| {
                if matching == 0 {
                    return;
                }
                let property = &schema.properties[index as usize];
                let name = path(&steps, before, &property.name);
                let known = named.entry(name.clone()).or_default();
                found.extend(Found::new(matching & !*known, || Hit { name, span: property.span }));
                *known |= matching;
            };
            match operation.filter(|_| depth == 0 || steps[before].thin) {
                Some(operation) => {
                    let matching = self.judgements.under(operation, id, direction, asked);
                    matching.into_iter().for_each(|(index, matching)| judge(index, matching));
                }
                None => {
                    let matching = self.judgements.of(id, direction);
                    matching.iter().for_each(|&(index, matching)| judge(index, matching & asked));
                }
            }
            // By default what a response could be expanded to is not there.
            let is_expandable = before != TOP && direction == Direction::Response && self.values.may_be_plain(schema);
            let alternatives = if is_expandable { &[] } else { &*schema.any_of };
            if before != TOP && !schema.items.is_empty() {
                steps[before].list = true;
            }
            // What a schema is composed of, or holds many of, lies no deeper.
            for parts in [&*schema.all_of, alternatives, &*schema.items] {
                parts.iter().for_each(|&part| level.push_back((part, before)));
            }
            let whole = before == TOP || steps[before].thin;
            if depth == deepest && !whole {
                continue;
            }
            for &(index, Shield { outside, beneath }) in self.judgements.nested(id, direction) {
                let property = &schema.properties[index as usize];
                let name = &*property.name;
                let thin = whole
                    && (WRAPPERS.contains(&name) || operation.is_some_and(|operation| operation.words.end_in(name)));
                if depth == deepest && !thin {
                    continue;
                }
                let shield = Shield { outside, beneath: beneath | shield.beneath };
                steps.push(Step { before, name, list: false, thin, shield });
                // What is only wrapped lies no deeper.
                let next = if thin { &mut level } else { &mut below };
                next.push_back((property.schema, steps.len() - 1));
            }
        }
        found
    }

    /// Enters a schema on a way with this shield. Those of the queries for which its fields count now, and did not yet;
    /// none if nothing is new.
    fn enter(&mut self, id: SchemaId, asked: Set, shield: Shield) -> Option<Set> {
        let (entered, _) = self.entered.enter(id);
        let closed = shield.outside | shield.beneath;
        let counts = asked & !closed & !entered.counted;
        let passes = asked & closed & !entered.counted & !entered.passed;
        entered.counted |= counts;
        entered.passed |= passes;
        (counts | passes != 0).then_some(counts)
    }

    /// Where the fields of an operation begin.
    fn starts<'o>(&self, operation: &'o Operation, direction: Direction) -> Vec<Start<'o>> {
        let body = match direction {
            Direction::Request => &operation.request,
            Direction::Response => &operation.response,
        };
        let mut starts: Vec<Start<'_>> = body.known().into_iter().flatten().map(|&schema| (None, schema)).collect();
        if direction == Direction::Request {
            // A parameter may be an object with fields of its own.
            let parameters = operation.parameters.known().into_iter().flatten();
            let objects = parameters.filter_map(|parameter| Some((Some(&parameter.name), *parameter.schema.known()?)));
            starts.extend(objects.filter(|&(_, schema)| !self.values.is_leaf(schema)));
        }
        starts
    }

    /// Whether a parameter's name has the wording of a query.
    pub(super) fn parameter_has(
        &mut self,
        wording: &Wording,
        number: usize,
        parameter: &Parameter,
        operation: &Operation,
    ) -> bool {
        let format = if wording.formats.is_empty() { None } else { parameter.schema.known() };
        let format = format.and_then(|&schema| self.values.format(schema));
        if format.is_none()
            && !wording.is_exception()
            && self.judgements.candidates(&parameter.name) & only(number) == 0
        {
            return false;
        }
        let name = self.judgements.words_of(&parameter.name);
        wording.matches_field(&name, &Words::default(), format.as_deref())
            || wording.matches_sent(&name)
            // What picks a thing is no part of what is done with it: `/queries/{query}`.
            || (parameter.place != Place::Path && wording.matches_in(&name, operation))
    }

    /// Whether an operation takes an input whose name has one of the phrases, near the top of its body.
    pub(super) fn takes(&mut self, operation: &Operation, inputs: &Vocabulary) -> bool {
        let mut has = |name| inputs.find(&*self.judgements.words_of(name), |_| true);
        let mut parameters = operation.parameters.known().into_iter().flatten();
        if parameters.any(|parameter| parameter.place != Place::Path && has(&parameter.name)) {
            return true;
        }
        self.entered.clear();
        let mut waiting: Vec<(SchemaId, u32)> =
            operation.request.known().into_iter().flatten().map(|&body| (body, 0)).collect();
        while let Some((id, depth)) = waiting.pop() {
            if !self.entered.enter(id).1 {
                continue;
            }
            let schema = self.values.schema(id);
            for property in &schema.properties {
                if !self.values.is_sent(property, Direction::Request) {
                    continue;
                }
                if has(&property.name) {
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
}

/// The phrases of a query that count inside some things only.
fn insides(query: &Query) -> impl Iterator<Item = &Inside> {
    query.needs.iter().flat_map(|need| if let Need::Words(wording) = need { &*wording.inside } else { &[] })
}

/// Whether an operation gives things in which nothing counts: what `/hotels` lists are no persons.
fn is_about_others(query: &Query, operation: &Operation) -> bool {
    let runs = operation.words.runs();
    let Some(last) = runs.clone().rposition(|run| run.origin == Origin::Segment) else { return false };
    let whole = |hit: WordSpan| hit.run == last && hit.start == 0 && hit.end == operation.words.run(last).len();
    query.needs.iter().any(|need| match need {
        Need::Words(wording) => wording.outside.find(&operation.words, whole),
        _ => false,
    })
}

/// Whether a field is one of the thing itself that an operation gives.
fn is_own(path: &str) -> bool {
    let mut parts = path.split('.').rev().skip(1).map(|part| part.trim_end_matches("[]"));
    parts.all(|part| WRAPPERS.contains(&part) || matches!(part, "address" | "location"))
}

/// `data[].owner.email`.
fn path(steps: &[Step<'_>], before: usize, name: &Quote) -> Quote {
    if before == TOP {
        return name.clone();
    }
    let way = std::iter::successors(Some(&steps[before]), |step| steps.get(step.before));
    let mut parts: Vec<&str> = Vec::with_capacity(2 * MAX_DEPTH as usize + 1);
    parts.push(name);
    for step in way {
        parts.push(if step.list { "[]." } else { "." });
        parts.push(step.name);
    }
    parts.reverse();
    parts.concat().into()
}
