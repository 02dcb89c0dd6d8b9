//! The declarative body of a rule: a plain conjunction of named facts about one kind of thing.

use serde::{Deserialize, Serialize};

use super::vocabulary::Vocabulary;
use crate::surface::detail::Mark;
use crate::surface::words::{Spans, WordSpan, Words};
use crate::surface::{Change, Effect, Operation, Scope, Types};

/// Objects between an operation and a field that still counts as its own. What lies deeper is the data of other
/// resources, which most services give only on request.
pub const MAX_DEPTH: u32 = 6;

/// What a rule is asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Subject {
    /// Each operation.
    Operation,
    /// Each parameter outside the body.
    Parameter,
    /// Each parameter and each field of the request body, nested ones too.
    Input,
    /// Each field of the request body, nested ones too.
    Body,
    /// Each field of a success response, nested ones too.
    Output,
    /// What `Input` and `Output` are about, together.
    Data,
    /// All operations together.
    Surface,
}

impl Subject {
    /// Every subject, by the word that rule files use.
    pub const NAMES: [(&str, Self); 7] = [
        ("operation", Self::Operation),
        ("parameter", Self::Parameter),
        ("input", Self::Input),
        ("body", Self::Body),
        ("output", Self::Output),
        ("data", Self::Data),
        ("surface", Self::Surface),
    ];
}

/// A conjunction: it holds when every need does.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Query {
    /// What is asked about.
    pub subject: Subject,
    /// How many parameters or fields of one operation must match.
    pub at_least: usize,
    /// How many objects may stand between the body and a field.
    pub depth: u32,
    /// The facts that must hold.
    pub needs: Vec<Need>,
    /// When one finding about the document says it all.
    pub together: Option<Together>,
}

/// When a query has one finding for the whole document, in the place of one for each operation.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Together {
    /// If these facts, as places in the needs, hold for every operation; not if there are none.
    pub always: Vec<usize>,
    /// If more operations than this match.
    pub over: Option<usize>,
    /// And no less than this share, in percent, of the operations of which all but the `always` facts hold.
    pub share: usize,
    /// The sentence of that finding.
    pub say: String,
}

/// One of several kinds of operations that are a hazard only where all of them meet.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Part {
    /// What these operations do, as a phrase.
    pub name: String,
    /// An operation that matches one of these is of the kind.
    pub any: Vec<Query>,
}

/// A named fact and the values that satisfy it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum Need {
    /// The HTTP method is one of these.
    Method(Vec<String>),
    /// What a call does to the service's state is one of these.
    Effect(Vec<Effect>),
    /// How a call changes what exists is one of these.
    Change(Vec<Change>),
    /// How many things a call acts on is one of these.
    Scope(Vec<Scope>),
    /// Whether anything tells a model what the tool does.
    Described(bool),
    /// Whether a success response has a schema.
    Specified(bool),
    /// The words of the operation or the field's name.
    Words(Box<Wording>),
    /// The value's type is one of these, or not known.
    Types(Types),
    /// Whether more than the bare type of the value is known.
    Typed(bool),
    /// Whether every value is known beforehand.
    Listed(bool),
    /// Whether the value is an object whose fields nobody describes.
    Open(bool),
    /// Whether a caller has to say who it is.
    Authenticated(bool),
    /// The owner says of the operation one of these.
    Mark(Vec<Mark>),
    /// Whether a success response is a list of things.
    Lists(bool),
    /// Whether a caller can ask for a part of a list.
    Paged(bool),
    /// In a rule about fields: the words of the operation.
    Operation(Box<Wording>),
}

/// Which words a name must have.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Wording {
    /// Phrases, one of which must stand in the name.
    pub any: Vocabulary,
    /// Of a field: phrases that say the same in what is sent, and nothing in what comes back.
    pub sent: Vocabulary,
    /// Contexts that make the name harmless: with one of these anywhere in it, nothing is found.
    pub unless: Vocabulary,
    /// If present, a phrase must end the name, but for these words behind it: `email` and `email_address`, not
    /// `email_verified`.
    pub tail: Option<Vocabulary>,
    /// Phrases that count only in things with certain names: the `name` of a `customer`.
    pub inside: Vec<Inside>,
    /// Things in which no field counts: an `example`, a `template`.
    pub outside: Vocabulary,
    /// Things below which no field counts, at whatever depth: an `error`.
    pub beneath: Vocabulary,
    /// Formats that say the same as a phrase: `email`.
    pub formats: Vec<String>,
    /// Of an operation: phrases that say the same in the first sentence of its text.
    pub summary: Vocabulary,
    /// Of an operation: phrases that say the same in the name of a group that its owner puts it in.
    pub tags: Vocabulary,
    /// Of an operation: phrases that count on a condition.
    pub given: Vec<Given>,
    /// Of an operation: what nearly all of a document match tells nothing of one, unless one of these stands there too.
    pub common: Vocabulary,
}

/// Phrases that count only if more is true of the operation: a `transfer` that takes an `amount`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Given {
    /// The phrases.
    pub any: Vocabulary,
    /// What the name of an input must have; empty if that does not matter.
    pub inputs: Vocabulary,
    /// What the name of no input may have, nor that of a parameter in the path.
    pub without: Vocabulary,
    /// How the operation must change what exists; empty if that does not matter.
    pub change: Vec<Change>,
    /// Whether no path of the document may pick one of what the phrase names.
    pub alone: bool,
    /// What another operation of the document must have in its path or name; empty if that does not matter.
    pub beside: Vocabulary,
}

/// Phrases that count inside some things only.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Inside {
    /// The things.
    pub owners: Vocabulary,
    /// Operations whose parameters, and fields at the top of whose body, count as well.
    pub operation: Vocabulary,
    /// How these operations must change what exists; empty if that does not matter.
    pub change: Vec<Change>,
    /// Things among them in which they do not count.
    pub except: Vocabulary,
    /// The phrases.
    pub any: Vocabulary,
}

impl Inside {
    /// Whether an operation is one of those whose own fields count as well.
    pub fn is_about(&self, operation: &Operation) -> bool {
        (self.change.is_empty() || operation.change().is_some_and(|change| self.change.contains(&change)))
            && self.operation.find(&operation.words, |_| true)
    }
}

impl Query {
    /// Fewest operations that are nearly all of a document.
    const CROWD: usize = 5;
    /// The share of nearly all, in percent.
    const NEARLY_ALL: usize = 75;

    /// Which operations count where `found` of `all` match: if these are nearly all, what they match is no more than the
    /// prefix under which the whole API stands.
    pub fn among_many(&self, found: usize, all: usize) -> Option<&Vocabulary> {
        let nearly_all = found >= Self::CROWD && found * 100 >= all * Self::NEARLY_ALL;
        self.needs.iter().find_map(|need| match need {
            Need::Words(wording) if nearly_all && !wording.common.is_empty() => Some(&wording.common),
            _ => None,
        })
    }

    /// The wordings that it asks for.
    pub fn wordings(&mut self) -> impl Iterator<Item = &mut Wording> {
        self.needs
            .iter_mut()
            .filter_map(|need| if let Need::Words(wording) = need { Some(&mut **wording) } else { None })
    }
}

impl Wording {
    /// Whether a name has the wording by itself.
    pub fn matches(&self, words: &Words) -> bool {
        self.stands(words) && !self.is_harmless(words)
    }

    /// The same, in whatever context.
    pub fn stands(&self, words: &impl Spans) -> bool {
        self.any.find(words, |hit| self.ends(words, hit))
    }

    /// Whether a field has it, in a thing called `owner`.
    pub fn matches_field(&self, name: &Words, owner: &Words, format: Option<&str>) -> bool {
        if self.outside.find(owner, |_| true) {
            return false;
        }
        if self.is_exception() {
            return !self.is_harmless(name);
        }
        if format.is_some_and(|format| self.formats.iter().any(|known| known == format)) {
            return true;
        }
        self.matches(name)
            || self.inside.iter().any(|inside| {
                inside.any.find(name, |hit| self.ends(name, hit))
                    && !self.is_harmless(name)
                    && inside.owners.find(owner, |_| true)
                    && !inside.except.find(owner, |_| true)
            })
    }

    /// Whether a field has it at the top of what an operation takes or gives.
    pub fn matches_in(&self, name: &Words, operation: &Operation) -> bool {
        self.inside.iter().any(|inside| {
            inside.any.find(name, |hit| self.ends(name, hit))
                && !self.is_harmless(name)
                && inside.is_about(operation)
                && !inside.except.find(&operation.words, |_| true)
        })
    }

    /// Whether a field has it in what is sent alone.
    pub fn matches_sent(&self, name: &Words) -> bool {
        self.sent.find(name, |hit| self.ends(name, hit)) && !self.is_harmless(name)
    }

    fn ends(&self, words: &impl Spans, hit: WordSpan) -> bool {
        let Some(tail) = &self.tail else { return true };
        let run = words.words().run(hit.run);
        hit.end == run.len()
            || tail.find(words, |rest| rest.run == hit.run && rest.start == hit.end && rest.end == run.len())
    }

    /// Whether it only says which names are harmless.
    pub fn is_exception(&self) -> bool {
        self.any.is_empty()
            && self.sent.is_empty()
            && self.summary.is_empty()
            && self.tags.is_empty()
            && self.given.is_empty()
            && self.inside.is_empty()
            && self.formats.is_empty()
    }

    /// Whether a context that makes names harmless stands in it.
    pub fn is_harmless(&self, words: &impl Spans) -> bool {
        self.unless.find(words, |_| true)
    }
}
