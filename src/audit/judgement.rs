//! Which properties of a schema match which queries, found out once for each schema.

use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::candidate::{Candidates, Set, each, only, set, those};
use super::field::Direction;
use super::value::Values;
use crate::rule::{Need, Query, Vocabulary, Wording};
use crate::source::Quote;
use crate::surface::{Operation, Property, SchemaId, Words};

/// A property of a schema by its place, and the queries that it matches.
pub(super) type Matching = (u32, Set);

/// Names of which it is remembered what they say. Hardly any document has more, and to find it out again costs time but no
/// memory.
const MOST_NAMES: usize = 1 << 13;

/// Judgements on the schemas of a surface.
pub(super) struct Judgements<'s> {
    pub(super) queries: &'s [&'s Query],
    /// By direction: the queries about fields.
    pub(super) asked: [Set; 2],
    values: Values<'s>,
    of_fields: Candidates,
    /// The queries that ask for no name, or only say which are harmless.
    nameless: Set,
    /// The queries that a format answers.
    by_format: FxHashMap<&'s str, Set>,
    /// The queries that a body as a whole may answer.
    whole: Set,
    names: FxHashMap<Quote, Set>,
    words: FxHashMap<Quote, Rc<Words>>,
    /// The queries that count nothing in some things, with a phrase that might stand in the name of one.
    of_shields: Candidates,
    shields: FxHashMap<Quote, Shield>,
    judged: [Lists<Matching>; 2],
    nested: [Lists<Below>; 2],
}

/// A property of a schema by its place, and its shield.
pub(super) type Below = (u32, Shield);

/// The queries that count nothing in what has a certain name.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Shield {
    /// Not directly in it.
    pub(super) outside: Set,
    /// Nor anywhere below.
    pub(super) beneath: Set,
}

/// A list for each schema that was asked for. Most are empty.
struct Lists<T> {
    /// By schema: nothing yet, an empty list, or the number of its range.
    numbers: Vec<u32>,
    ranges: Vec<(u32, u32)>,
    entries: Vec<T>,
}

impl<T> Lists<T> {
    const UNKNOWN: u32 = 0;
    const EMPTY: u32 = 1;

    fn new(count: usize) -> Self {
        Self { numbers: vec![Self::UNKNOWN; count], ranges: Vec::new(), entries: Vec::new() }
    }

    fn get(&self, id: SchemaId) -> Option<&[T]> {
        match self.numbers[id.0 as usize] {
            Self::UNKNOWN => None,
            Self::EMPTY => Some(&[]),
            number => {
                let (start, end) = self.ranges[(number - Self::EMPTY - 1) as usize];
                Some(&self.entries[start as usize..end as usize])
            }
        }
    }

    fn keep(&mut self, id: SchemaId, list: impl IntoIterator<Item = T>) {
        let start = self.entries.len() as u32;
        self.entries.extend(list);
        let end = self.entries.len() as u32;
        let number = &mut self.numbers[id.0 as usize];
        if start == end {
            *number = Self::EMPTY;
        } else {
            self.ranges.push((start, end));
            *number = self.ranges.len() as u32 + Self::EMPTY;
        }
    }
}

impl<'s> Judgements<'s> {
    pub(super) fn new(queries: &'s [&'s Query], values: Values<'s>) -> Self {
        let mut by_format: FxHashMap<&str, Set> = FxHashMap::default();
        for (number, query) in queries.iter().enumerate() {
            for format in formats(query) {
                *by_format.entry(format).or_default() |= only(number);
            }
        }
        let is_open = |need: &Need| matches!(need, Need::Open(_));
        let count = values.0.len();
        Self {
            queries,
            asked: [Direction::Request, Direction::Response].map(|way| those(queries, |query| query.subject.has(way))),
            values,
            of_fields: Candidates::of_fields(queries),
            nameless: those(queries, |query| wordings(query).all(Wording::is_exception)),
            whole: those(queries, |query| query.needs.iter().any(is_open) || formats(query).next().is_some()),
            by_format,
            names: FxHashMap::default(),
            words: FxHashMap::default(),
            of_shields: Candidates::of_shields(queries),
            shields: FxHashMap::default(),
            judged: [Lists::new(count), Lists::new(count)],
            nested: [Lists::new(count), Lists::new(count)],
        }
    }

    /// The properties of a schema that match, in their order.
    pub(super) fn of(&mut self, id: SchemaId, direction: Direction) -> &[Matching] {
        if self.judged[direction as usize].get(id).is_none() {
            let matching = self.judge(id, direction, self.asked[direction as usize], None);
            self.judged[direction as usize].keep(id, matching);
        }
        self.judged[direction as usize].get(id).unwrap_or_default()
    }

    /// The same where the operation tells what the fields are about.
    pub(super) fn under(
        &mut self,
        operation: &Operation,
        id: SchemaId,
        direction: Direction,
        asked: Set,
    ) -> Vec<Matching> {
        self.judge(id, direction, asked, Some(operation))
    }

    fn judge(
        &mut self,
        id: SchemaId,
        direction: Direction,
        asked: Set,
        operation: Option<&Operation>,
    ) -> Vec<Matching> {
        let schema = self.values.schema(id);
        let mut owner = None;
        let mut list = Vec::new();
        for (index, property) in (0..).zip(&schema.properties) {
            let mut may = self.candidates(&property.name) | self.nameless;
            if let Some(format) = self.values.format(property.schema) {
                may |= self.by_format.get(&*format).copied().unwrap_or_default();
            }
            may &= asked;
            if may == 0 || !self.values.is_sent(property, direction) {
                continue;
            }
            let owner = owner.get_or_insert_with(|| self.words_of(&schema.subject));
            let matching = set(each(may).filter(|&query| self.matches(query, property, owner, direction, operation)));
            if matching != 0 {
                list.push((index, matching));
            }
        }
        list
    }

    fn matches(
        &mut self,
        query: usize,
        property: &Property,
        owner: &Words,
        direction: Direction,
        operation: Option<&Operation>,
    ) -> bool {
        let values = self.values;
        self.queries[query].needs.iter().all(|need| match need {
            Need::Words(wording) => {
                let name = self.words_of(&property.name);
                let format = if wording.formats.is_empty() { None } else { values.format(property.schema) };
                wording.matches_field(&name, owner, format.as_deref())
                    || (direction == Direction::Request && wording.matches_sent(&name))
                    || operation.is_some_and(|operation| wording.matches_in(&name, operation))
            }
            need => values.satisfies(property.schema, need),
        })
    }

    /// The queries that a body as a whole matches, which a name cannot do for it.
    pub(super) fn of_body(&self, id: SchemaId, asked: Set) -> Set {
        let values = self.values;
        let matches = |&query: &usize| {
            self.queries[query].needs.iter().all(|need| match need {
                Need::Words(wording) if wording.is_exception() => true,
                Need::Words(wording) => {
                    values.format(id).is_some_and(|format| wording.formats.iter().any(|known| **known == *format))
                }
                need => values.satisfies(id, need),
            })
        };
        set(each(asked & self.whole).filter(matches))
    }

    /// The properties of a schema that are sent and have something below them.
    pub(super) fn nested(&mut self, id: SchemaId, direction: Direction) -> &[Below] {
        if self.nested[direction as usize].get(id).is_none() {
            let values = self.values;
            let properties = (0..).zip(&values.schema(id).properties);
            let below: Vec<Below> = properties
                .filter(|(_, property)| !values.is_leaf(property.schema) && values.is_sent(property, direction))
                .map(|(index, property)| (index, self.shield(&property.name)))
                .collect();
            self.nested[direction as usize].keep(id, below);
        }
        self.nested[direction as usize].get(id).unwrap_or_default()
    }

    /// The queries that count nothing in a property or parameter, by its name. What the names of schemas say is
    /// asked where properties are judged.
    pub(super) fn shield(&mut self, name: &Quote) -> Shield {
        if let Some(&known) = self.shields.get(name) {
            return known;
        }
        // Hardly any name is asked for again.
        let words = self.words.get(name).map_or_else(|| Rc::new(Words::field(name)), Rc::clone);
        let mut shield = Shield::default();
        for query in each(self.of_shields.find(&*words)) {
            for wording in wordings(self.queries[query]) {
                let has = |vocabulary: &Vocabulary| vocabulary.find(&*words, |_| true);
                shield.outside |= if has(&wording.outside) { only(query) } else { 0 };
                shield.beneath |= if has(&wording.beneath) { only(query) } else { 0 };
            }
        }
        if self.shields.len() < MOST_NAMES {
            self.shields.insert(name.clone(), shield);
        }
        shield
    }

    /// The queries with a phrase that might stand in a name.
    pub(super) fn candidates(&mut self, name: &Quote) -> Set {
        if let Some(&known) = self.names.get(name) {
            return known;
        }
        let words = Words::field(name);
        let found = self.of_fields.find(&words);
        if self.names.len() < MOST_NAMES {
            self.names.insert(name.clone(), found);
            if found != 0 {
                self.words.insert(name.clone(), Rc::new(words));
            }
        }
        found
    }

    /// The words of a name.
    pub(super) fn words_of(&mut self, name: &Quote) -> Rc<Words> {
        if let Some(words) = self.words.get(name) {
            return Rc::clone(words);
        }
        let words = Rc::new(Words::field(name));
        if self.words.len() < MOST_NAMES {
            self.words.insert(name.clone(), Rc::clone(&words));
        }
        words
    }
}

fn wordings(query: &Query) -> impl Iterator<Item = &Wording> {
    query.needs.iter().filter_map(|need| if let Need::Words(wording) = need { Some(&**wording) } else { None })
}

fn formats(query: &Query) -> impl Iterator<Item = &str> {
    wordings(query).flat_map(|wording| wording.formats.iter().map(|format| &**format))
}
