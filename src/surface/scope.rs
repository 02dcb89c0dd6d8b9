//! How many things a call acts on.

mod listed;
mod told;

use serde::{Deserialize, Serialize};
use told::{tells_many, tells_one, updates};

use super::effect::is_verb;
use super::words::{Origin, Run, Word, split, stem};
use super::{Effect, Operation, Place, SchemaId, Schemas, Types};

/// How many things a call acts on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Scope {
    /// One, or one with what belongs to it.
    One,
    /// A whole collection, or as many as the caller names.
    Many,
}

impl Scope {
    /// Every scope.
    pub const ALL: [Self; 2] = [Self::One, Self::Many];

    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::One => "one",
            Self::Many => "many",
        }
    }
}

impl Operation {
    /// How many things a call acts on; none if the input does not say.
    pub fn scope(&self, schemas: &Schemas) -> Option<Scope> {
        let picked = self
            .words
            .runs()
            .rfind(|run| run.origin != Origin::Name)
            .is_some_and(|run| run.origin == Origin::Parameter);
        let ended = self.ends_work();
        let things = self.words.runs().filter(|run| run.origin == Origin::Segment).find_map(batched);
        // `createBatch` of `/batches` makes one of them.
        let is_batches = |run: Run<'_>| run.only().is_some_and(|only| only.text == "batches");
        let batches = self.words.runs().any(is_batches);
        let silent = |run: Run<'_>| match run.origin {
            Origin::Name => batches || ended,
            origin => ended && origin != Origin::Parameter,
        };
        let many = |run: Run<'_>| !silent(run) && says_many(run, picked, things);
        if self.words.runs().any(many)
            || self.takes_list(schemas)
            || self.takes_named_list(schemas)
            || self.takes_told_list(schemas)
            || self.acts_on_listed(schemas)
            || self.takes_calls(schemas)
            || self.takes_people_over()
            || self.sweeps()
            || self.removes_owned()
            || self.updates_collection()
            || tells_many(self.gist(), self.effect == Some(Effect::Destructive), self.acts_on_picked())
        {
            return Some(Scope::Many);
        }
        if self.parameters.is_unknown() || self.request.is_unknown() {
            return None;
        }
        let all = self.method.as_deref() == Some("DELETE")
            && self.collection().is_some_and(|collection| {
                let own = collection.stem() == "session" && self.is_callers();
                !own && !is_part(collection.stem())
                    && !self.names_one(schemas, collection.stem())
                    && !tells_one(self.gist(), collection.stem())
            });
        Some(if all || self.removes_listed(schemas) { Scope::Many } else { Scope::One })
    }

    /// Whether it empties a collection, or what was thrown away: `/volumes/prune`, `DELETE /files/trash`.
    fn sweeps(&self) -> bool {
        let last = self.words.runs().rfind(|run| run.origin == Origin::Segment);
        let sweeping = |word: Word<'_>| {
            matches!(
                word.text,
                "clear" | "empty" | "flush" | "prune" | "purge" | "reorder" | "sweep" | "truncate" | "wipe"
            )
        };
        let waste = |run: Run<'_>| run.last().is_some_and(|word| matches!(word.text, "bin" | "trash"));
        let mut fixed = self.words.runs().filter(|run| run.origin == Origin::Segment);
        let mut ending = self.words.runs().rev().filter(|run| run.origin != Origin::Name);
        let thrown = ending.next().is_some_and(waste) && ending.next().is_none_or(|run| run.origin == Origin::Segment);
        if thrown && self.method.as_deref() == Some("DELETE") {
            return true;
        }
        (self.collection().is_some() || fixed.any(waste) || self.is_in_container())
            && last.is_some_and(|run| run.words().any(sweeping))
    }

    /// Whether accounts are taken over from elsewhere: `/users/sync`.
    fn takes_people_over(&self) -> bool {
        let people = |word: Word<'_>| {
            matches!(
                word.stem(),
                "account" | "contact" | "customer" | "employee" | "group" | "member" | "student" | "user"
            )
        };
        let mut path = self.words.runs().rev().filter(|run| run.origin != Origin::Name);
        let takes = path.next().and_then(Run::only).is_some_and(|word| matches!(word.text, "sync" | "import"));
        let whose = path.next().filter(|run| run.origin == Origin::Segment).and_then(Run::last);
        takes && self.effect != Some(Effect::Read) && whose.is_some_and(|word| word.text != word.stem() && people(word))
    }

    /// Whether what somebody has is removed as a whole: `DELETE /alarms/owned-by/{user}`, but not `/alarms/by-name/{name}`.
    fn removes_owned(&self) -> bool {
        let mut runs = self.words.runs().rev().filter(|run| run.origin != Origin::Name);
        let holds = |word: Word<'_>| {
            let holders = "account customer group organization owner project resource tenant user workspace";
            holders.split(' ').any(|holder| holder == word.stem())
        };
        let owned = |run: Run<'_>| {
            let mut words = run.words();
            match (words.next(), words.next(), words.next()) {
                (Some(first), Some(last), None) => {
                    (first.text == "owned" && last.text == "by") || (first.text == "by" && holds(last))
                }
                _ => false,
            }
        };
        self.method.as_deref() == Some("DELETE")
            && runs.next().is_some_and(|run| run.origin == Origin::Parameter)
            && runs.next().is_some_and(owned)
    }

    /// Whether the sentence says that things of the collection are updated: `PATCH /documents`.
    fn updates_collection(&self) -> bool {
        matches!(self.method.as_deref(), Some("PUT" | "PATCH"))
            && self
                .collection()
                .is_some_and(|collection| !is_part(collection.stem()) && updates(self.gist(), collection.stem()))
    }

    /// Whether the last thing that the path picks is there to hold others: `/queues/{name}/purge`.
    fn is_in_container(&self) -> bool {
        let mut runs = self.words.runs().rev().skip_while(|run| run.origin != Origin::Parameter).skip(1);
        let holds = |word: Word<'_>| {
            matches!(word.stem(), "bucket" | "dataset" | "index" | "indice" | "queue" | "stream" | "table" | "topic")
        };
        runs.next().is_some_and(|run| run.last().is_some_and(holds))
    }

    /// Whether it ends work that is under way, which is one thing, whatever it was about: `/scanAll/stop`.
    fn ends_work(&self) -> bool {
        let last = self.words.runs().rfind(|run| run.origin == Origin::Segment);
        last.is_some_and(|run| {
            run.only().is_some_and(|word| matches!(word.text, "stop" | "abort" | "pause" | "resume"))
        })
    }

    /// Whether the path ends in what is done.
    fn ends_in_deed(&self) -> bool {
        self.words.runs().rfind(|run| run.origin != Origin::Name).is_some_and(is_deed)
    }

    /// Whether the path picks what is acted on: `/items/{id}`, `/items/{id}/remove`.
    fn acts_on_picked(&self) -> bool {
        let mut runs = self.words.runs().rev().filter(|run| run.origin != Origin::Name);
        runs.find(|&run| !is_deed(run)).is_some_and(|run| run.origin == Origin::Parameter)
    }

    /// Whether the path picks nobody: its `/sessions` are the one of the caller.
    fn is_callers(&self) -> bool {
        self.words.runs().all(|run| run.origin != Origin::Parameter || run.names_holder())
    }

    /// The plural that the path ends in, with nothing that picks one behind it: `/users/{id}/sessions`.
    fn collection(&self) -> Option<Word<'_>> {
        let mut runs = self.words.runs().rev().filter(|run| run.origin != Origin::Name).skip_while(|&run| is_deed(run));
        let last = runs.next().filter(|run| run.origin == Origin::Segment && run.len() < 4)?;
        let plural = |word: &Word<'_>| word.text != word.stem() && word.text.ends_with('s') && !is_one(word.stem());
        last.last().filter(plural)
    }

    /// Whether an input outside the path picks one of a collection.
    fn names_one(&self, schemas: &Schemas, collection: &str) -> bool {
        let one = |id: SchemaId| !schemas.types(id).any(Types::ARRAY);
        let parameters = self.parameters.known().into_iter().flatten();
        parameters
            .filter(|parameter| matches!(parameter.place, Place::Query | Place::Form | Place::Unknown))
            .any(|parameter| picks(&parameter.name, collection) && parameter.schema.known().is_none_or(|&id| one(id)))
            || self.request.known().into_iter().flatten().any(|&body| {
                schemas.any_part(body, |part| {
                    part.properties.iter().any(|property| {
                        // Other identifiers in a body belong to what is around the collection.
                        let words = split(&property.name);
                        let own = words.len() == 1 || words.iter().any(|word| stem(word) == collection);
                        own && is_identifier(&property.name) && one(property.schema)
                    })
                })
            })
    }
}

/// What a segment calls a batch: the `payment` of `/batch-payments`.
fn batched(run: Run<'_>) -> Option<&str> {
    let batch = run.get(0).filter(|batch| run.len() > 1 && batch.text == "batch");
    batch.and_then(|_| run.last()).filter(|thing| !is_verb(thing.text)).map(Word::stem)
}

/// Whether words say that many things are meant: `bulk`, `batch` in front of what is done, `all` at the end.
///
/// What is picked by the path is one thing, whatever it is called: `/batch-payments/{id}`; and so are `things` of which
/// the path says that each is a batch.
fn says_many(run: Run<'_>, picked: bool, things: Option<&str>) -> bool {
    if run.origin == Origin::Parameter {
        return false;
    }
    let last = run.len().saturating_sub(1);
    let verb = |at: Option<usize>| at.and_then(|at| run.get(at)).is_some_and(|word| is_verb(word.text));
    run.words().enumerate().any(|(at, word)| match word.text {
        // `many-to-one`, `oneToMany`
        "many" if [Some(at + 1), at.checked_sub(1)].iter().flatten().any(|&at| is_to(run, at)) => false,
        "multiple" if run.get(at + 1).is_some_and(|next| next.stem() == "choice") => false,
        "bulk" | "mass" | "multicast" | "multiple" | "many" => !(picked && run.origin == Origin::Segment),
        // A batch is a thing of its own in some services: `createBatch`, `/batches/{id}`, `/batch-jobs`, `orderBatchEvent`.
        "batch" => {
            !picked
                && match run.origin {
                    Origin::Segment => {
                        let with = run.get(at + 1).is_some_and(|next| next.text == "with");
                        at == last || with || verb(Some(at + 1)) || verb(at.checked_sub(1))
                    }
                    _ if run.get(at + 1).is_some_and(|next| things == Some(next.stem())) => false,
                    _ => at < last && (at == 0 || verb(at.checked_sub(1)) || verb(Some(at + 1))),
                }
        }
        // `delete_by_query`
        "query" => at > 1 && at == last && run.get(at - 1).is_some_and(|word| word.text == "by"),
        "all" => at == last || run.origin == Origin::Name || verb(at.checked_sub(1)),
        // `stopall`
        text => text.strip_suffix("all").is_some_and(is_verb),
    })
}

fn is_to(run: Run<'_>, at: usize) -> bool {
    run.get(at).is_some_and(|word| word.text == "to")
}

/// Whether a parameter picks one of a collection: `id`, `name`, and a `number` of numbers.
fn picks(name: &str, collection: &str) -> bool {
    is_identifier(name)
        || split(name).last().is_some_and(|word| matches!(word.as_str(), "email" | "username") || word == collection)
}

/// Whether the plural of a word names one thing: the settings of an account, or the mark that a caller left on something,
/// of which a `DELETE` takes back the caller's own.
fn is_one(stem: &str) -> bool {
    let ones = "setting preference quota follower watcher like vote upvote downvote star favorite favourite";
    ones.split(' ').any(|one| one == stem)
}

/// Whether many of a kind make up one thing: its attributes, its tags.
fn is_part(stem: &str) -> bool {
    matches!(
        stem,
        "attribute"
            | "field"
            | "header"
            | "label"
            | "option"
            | "permission"
            | "property"
            | "rule"
            | "setting"
            | "tag"
            | "weight"
    )
}

/// Whether a segment only says what is done, or that something is: `/items/create`, `/items/{id}/actions/move`.
fn is_deed(run: Run<'_>) -> bool {
    run.origin == Origin::Segment && run.words().all(|word| is_verb(word.text) || word.stem() == "action")
}

/// `id`, `user_id`, `name`, `key`: what picks one thing.
fn is_identifier(name: &str) -> bool {
    split(name)
        .last()
        .is_some_and(|word| matches!(word.as_str(), "id" | "ids" | "uuid" | "guid" | "sid" | "name" | "key" | "slug"))
}
