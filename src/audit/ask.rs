//! A query asked of one operation.

use std::cell::OnceCell;
use std::rc::Rc;

use super::candidate::{Set, only};
use super::field::{Direction, Fields, Found};
use crate::rule::{Given, Need, Query, Subject, Wording};
use crate::source::{Quote, Span};
use crate::surface::words::{Spread, WordSpan};
use crate::surface::{Change, Fact, Operation, Parameter, Place, Words};

/// What a query says of one operation.
pub(super) enum Answer {
    Yes(Vec<Hit>),
    No,
    /// The input does not say.
    Open,
}

/// A parameter or field that matched: its path from the body, and where its name is written.
#[derive(Debug, Clone)]
pub(super) struct Hit {
    pub(super) name: Quote,
    pub(super) span: Span,
}

/// An operation while queries are asked of it: what several of them want to know is found out once.
pub(super) struct Asked<'o> {
    pub(super) operation: &'o Operation,
    /// Its words.
    words: Spread<'o>,
    /// The queries with a phrase that might stand in its path or name.
    named: Set,
    /// The queries with a context that might stand there and make it harmless.
    excused: Set,
    /// The queries that might take its fields for those of a thing that they ask for.
    pub(super) inside: Set,
    /// The words of its first sentence, and the queries with a phrase that might stand there.
    gist: Option<Rc<(Words, Set)>>,
    /// How a call changes what exists, once a query asks.
    change: OnceCell<Option<Change>>,
    /// By direction: the fields that match, of all queries.
    pub(super) fields: [Option<Rc<[Found]>>; 2],
}

impl<'o> Asked<'o> {
    pub(super) fn new(operation: &'o Operation, fields: &Fields<'_>) -> Self {
        let words = operation.words.spread();
        let named = fields.of_operations.find(&words);
        let inside = fields.of_insides.find(&words);
        let excused = fields.of_contexts.as_ref().map_or(Set::MAX, |contexts| contexts.find(&words));
        Self { operation, words, named, excused, inside, gist: None, change: OnceCell::new(), fields: [None, None] }
    }

    fn change(&self) -> Option<Change> {
        *self.change.get_or_init(|| self.operation.change())
    }

    fn gist(&mut self, fields: &Fields<'_>) -> Rc<(Words, Set)> {
        let gist = self.gist.get_or_insert_with(|| {
            let words = Words::text(self.operation.gist());
            let told = fields.of_texts.find(&words);
            Rc::new((words, told))
        });
        Rc::clone(gist)
    }
}

/// Asks a query, by its number, of an operation.
pub(super) fn ask(number: usize, asked: &mut Asked<'_>, fields: &mut Fields<'_>) -> Answer {
    let query = fields.query(number);
    let operation = asked.operation;
    let mut open = false;
    for need in &query.needs {
        match holds(need, number, asked, fields) {
            Some(true) => {}
            Some(false) => return Answer::No,
            None => open = true,
        }
    }
    if query.subject == Subject::Operation {
        return if open { Answer::Open } else { Answer::Yes(Vec::new()) };
    }
    let mut hits = Vec::new();
    if query.subject.has_parameters() {
        match &operation.parameters {
            Fact::Unknown => open = true,
            Fact::Missing => {}
            Fact::Known(parameters) => {
                let body = query.subject == Subject::Body;
                for parameter in parameters.iter().filter(|parameter| !body || parameter.place.is_body()) {
                    match parameter_matches(query, number, parameter, operation, fields) {
                        Some(true) => hits.push(Hit { name: parameter.name.clone(), span: parameter.span }),
                        Some(false) => {}
                        None => open = true,
                    }
                }
            }
        }
    }
    if query.subject.has(Direction::Request) {
        open |= operation.request.is_unknown();
        fields.find(number, asked, Direction::Request, &mut hits);
    }
    if query.subject.has(Direction::Response) {
        open |= operation.response.is_unknown();
        fields.find(number, asked, Direction::Response, &mut hits);
    }
    // What was found counts even if more might be there.
    match hits.len() {
        count if count >= query.at_least => Answer::Yes(hits),
        _ if open => Answer::Open,
        _ => Answer::No,
    }
}

impl Subject {
    /// Whether it is about parameters outside the body.
    fn has_parameters(self) -> bool {
        matches!(self, Self::Parameter | Self::Input | Self::Body | Self::Data)
    }

    /// Whether it is about what is sent in a direction.
    pub(super) fn has(self, direction: Direction) -> bool {
        match direction {
            Direction::Request => matches!(self, Self::Input | Self::Body | Self::Data),
            Direction::Response => matches!(self, Self::Output | Self::Data),
        }
    }
}

/// Whether an operation satisfies a need of a query; none if the input does not say. Needs of fields are not asked here.
pub(super) fn holds(need: &Need, number: usize, asked: &mut Asked<'_>, fields: &mut Fields<'_>) -> Option<bool> {
    let operation = asked.operation;
    match need {
        Need::Method(methods) => {
            operation.method.as_ref().map(|method| methods.iter().any(|wanted| wanted.eq_ignore_ascii_case(method)))
        }
        Need::Effect(effects) => operation.effect.map(|effect| effects.contains(&effect)),
        Need::Change(changes) => asked.change().map(|change| changes.contains(&change)),
        Need::Scope(scopes) => operation.scope(fields.schemas()).map(|scope| scopes.contains(&scope)),
        Need::Described(wanted) => operation.described().map(|described| described == *wanted),
        Need::Specified(wanted) => operation.specified().map(|specified| specified == *wanted),
        Need::Authenticated(wanted) => fields.details().authenticated(operation).map(|known| known == *wanted),
        Need::Mark(marks) => {
            fields.details().mark(operation).map(|mark| mark.is_some_and(|mark| marks.contains(&mark)))
        }
        Need::Lists(wanted) => fields.details().lists(operation).map(|known| known == *wanted),
        Need::Paged(wanted) => fields.details().paged(operation).map(|known| known == *wanted),
        Need::Operation(wording) => has_wording(wording, number, asked, fields),
        Need::Words(wording) if fields.query(number).subject == Subject::Operation => {
            has_wording(wording, number, asked, fields)
        }
        Need::Words(_) | Need::Types(_) | Need::Typed(_) | Need::Listed(_) | Need::Open(_) => Some(true),
    }
}

/// Whether an operation has the wording, in its path, its name, or the first sentence of its text.
fn has_wording(wording: &Wording, number: usize, asked: &mut Asked<'_>, fields: &mut Fields<'_>) -> Option<bool> {
    let words = &asked.words;
    let may_be_harmless = asked.excused & only(number) != 0;
    if wording.is_exception() {
        return Some(!(may_be_harmless && wording.is_harmless(words)));
    }
    // Few have a phrase, so the contexts, which are many more, are asked last.
    match has_phrase(wording, number, asked, fields) {
        Some(false) => Some(false),
        found => {
            if may_be_harmless && wording.is_harmless(&asked.words) {
                Some(false)
            } else {
                found
            }
        }
    }
}

/// The same, in whatever context.
fn has_phrase(wording: &Wording, number: usize, asked: &mut Asked<'_>, fields: &mut Fields<'_>) -> Option<bool> {
    let operation = asked.operation;
    let named = asked.named & only(number) != 0;
    let gist = (!wording.summary.is_empty()).then(|| asked.gist(fields)).filter(|gist| gist.1 & only(number) != 0);
    if !wording.tags.is_empty() && fields.details().tags(operation).any(|tag| is_tag(wording, &tag)) {
        return Some(true);
    }
    if !named && gist.is_none() {
        return Some(false);
    }
    if named && wording.stands(&asked.words) {
        return Some(true);
    }
    if gist.is_some_and(|gist| wording.summary.find(&gist.0, |_| true) && !wording.is_harmless(&gist.0)) {
        return Some(true);
    }
    let mut open = false;
    for given in &wording.given {
        if !given.change.is_empty() && !asked.change().is_some_and(|change| given.change.contains(&change)) {
            continue;
        }
        let alone = |hit: WordSpan| !given.alone || !fields.vicinity.picks_one_of(operation, hit.run);
        if !given.any.find(&asked.words, alone) {
            continue;
        }
        if is_ruled_out(given, operation, fields) {
            continue;
        }
        if !given.beside.is_empty() && !fields.vicinity.has(&given.beside) {
            continue;
        }
        if given.inputs.is_empty() || fields.takes(operation, &given.inputs) || is_filled_in(given, operation) {
            return Some(true);
        }
        open |= operation.parameters.is_unknown() || operation.request.is_unknown();
    }
    (!open).then_some(false)
}

/// Whether the name of a group has the wording.
fn is_tag(wording: &Wording, tag: &str) -> bool {
    let words = Words::text(tag);
    wording.tags.find(&words, |_| true) && !wording.is_harmless(&words)
}

/// Whether a value that the path is filled in with is such an input, and not what picks a thing: `/deposit/{amount}`.
fn is_filled_in(given: &Given, operation: &Operation) -> bool {
    let mut parameters = operation.parameters.known().into_iter().flatten();
    parameters.any(|parameter| {
        let name = Words::field(&parameter.name);
        parameter.place == Place::Path
            && name.run(0).last().is_some_and(|word| matches!(word.text, "amount" | "role" | "permission" | "currency"))
            && given.inputs.find(&name, |_| true)
    })
}

/// Whether an operation has an input that must not be there. What the path is filled in with counts here: it tells that one
/// of several things is meant.
fn is_ruled_out(given: &Given, operation: &Operation, fields: &mut Fields<'_>) -> bool {
    let mut parameters = operation.parameters.known().into_iter().flatten();
    let is_picked = |parameter: &Parameter| {
        parameter.place == Place::Path && given.without.find(&Words::field(&parameter.name), |_| true)
    };
    !given.without.is_empty() && (parameters.any(is_picked) || fields.takes(operation, &given.without))
}

fn parameter_matches(
    query: &Query,
    number: usize,
    parameter: &Parameter,
    operation: &Operation,
    fields: &mut Fields<'_>,
) -> Option<bool> {
    let mut open = false;
    for need in &query.needs {
        let holds = match need {
            Need::Words(wording) => Some(fields.parameter_has(wording, number, parameter, operation)),
            Need::Types(types) => match parameter.schema {
                Fact::Known(schema) => Some(fields.values().has_type(schema, *types)),
                Fact::Missing | Fact::Unknown => Some(true),
            },
            Need::Typed(wanted) => match parameter.schema {
                Fact::Known(schema) => Some((parameter.default || fields.values().is_typed(schema)) == *wanted),
                Fact::Missing => Some(parameter.default == *wanted),
                Fact::Unknown if parameter.default => Some(*wanted),
                Fact::Unknown => None,
            },
            Need::Listed(wanted) => match parameter.schema {
                Fact::Known(schema) => Some(fields.values().is_listed(schema) == *wanted),
                Fact::Missing | Fact::Unknown => Some(!*wanted),
            },
            Need::Open(wanted) => match parameter.schema {
                Fact::Known(schema) => Some(fields.values().is_open(schema) == *wanted),
                Fact::Missing | Fact::Unknown => Some(!*wanted),
            },
            _ => Some(true),
        };
        match holds {
            Some(true) => {}
            Some(false) => return Some(false),
            None => open = true,
        }
    }
    (!open).then_some(true)
}
