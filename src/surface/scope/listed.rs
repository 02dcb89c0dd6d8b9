//! Whether a call is given a list of the things that it acts on.

use super::is_part;
use super::told::is_plural;
use crate::surface::words::{Origin, Run, Word, split, stem};
use crate::surface::{Effect, Fact, Operation, Place, SchemaId, Schemas, Types};

impl Operation {
    /// Whether the body is a list of objects, and not of the steps by which one thing is changed.
    pub(super) fn takes_list(&self, schemas: &Schemas) -> bool {
        let Fact::Known(bodies) = &self.request else { return false };
        if self.collection().is_none() {
            return false;
        }
        bodies.iter().any(|&body| {
            schemas.types(body).any(Types::ARRAY)
                && schemas.get(body).items.iter().any(|&item| {
                    let object = schemas.any_part(item, |part| !part.properties.is_empty());
                    object && !has_both(schemas, item, "op", "path")
                })
        })
    }

    /// Whether an object around a list of what the path names is sent, `{"orders": [{…}]}` to `/orders`, or the
    /// identifiers of what to change, `{"ids": […]}`. A list of what one thing consists of is a value of that thing.
    pub(super) fn takes_named_list(&self, schemas: &Schemas) -> bool {
        let Fact::Known(bodies) = &self.request else { return false };
        // `PUT /films/favourite-list` with the identifiers of films.
        if matches!(self.method.as_deref(), Some("PUT" | "PATCH")) && !self.acts_on_picked() {
            let ids = |name: &str, id: SchemaId| name == "ids" && schemas.types(id).any(Types::ARRAY);
            let named = |&body: &SchemaId| {
                schemas.any_part(body, |part| part.properties.iter().any(|p| ids(&p.name, p.schema)))
            };
            if bodies.iter().any(named) {
                return true;
            }
        }
        let Some(collection) = self.collection().map(Word::stem) else { return false };
        let mut whose = self.words.runs().filter(|run| run.origin == Origin::Parameter);
        let own = (whose.all(Run::names_holder) || self.effect == Some(Effect::Destructive)) && !is_part(collection);
        // `/users/restore` does it to those that are named.
        let changes = matches!(self.method.as_deref(), Some("PUT" | "PATCH")) || self.ends_in_deed();
        let names = |name: &str, id: SchemaId| {
            // What was said so far in one conversation is one thing.
            let object = |&item: &SchemaId| {
                schemas.any_part(item, |part| !part.properties.is_empty())
                    && !has_both(schemas, item, "role", "content")
            };
            let words = split(name);
            let listed = schemas.types(id).any(Types::ARRAY);
            listed
                && match words.as_slice() {
                    [word] if word == "ids" => changes,
                    [word, last] if last == "ids" => changes && own && word == collection,
                    [.., word] => own && stem(word) == collection && schemas.get(id).items.iter().any(object),
                    _ => false,
                }
        };
        bodies
            .iter()
            .any(|&body| schemas.any_part(body, |part| part.properties.iter().any(|p| names(&p.name, p.schema))))
    }

    /// Whether a list of what the sentence names is sent: `Add members to a group`, `{"members": [{…}]}`.
    pub(super) fn takes_told_list(&self, schemas: &Schemas) -> bool {
        let Fact::Known(bodies) = &self.request else { return false };
        let mut words = self.gist().split_whitespace().map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()));
        let (Some(verb), Some(things)) = (words.next(), words.next()) else { return false };
        let things = things.to_ascii_lowercase();
        let (verb, thing) = (stem(&verb.to_ascii_lowercase()), stem(&things));
        let adds =
            matches!(verb.as_str(), "add" | "create" | "delete" | "import" | "insert" | "remove" | "track" | "upsert");
        let object = |&item: &SchemaId| schemas.any_part(item, |part| !part.properties.is_empty());
        let listed = |name: &str, id: SchemaId| {
            schemas.types(id).any(Types::ARRAY)
                && split(name).last().is_some_and(|word| stem(word) == thing)
                && schemas.get(id).items.iter().any(object)
        };
        // The lines of an order are what it consists of.
        adds && is_plural(&things)
            && !matches!(thing.as_str(), "item" | "line")
            && bodies
                .iter()
                .any(|&body| schemas.any_part(body, |part| part.properties.iter().any(|p| listed(&p.name, p.schema))))
    }

    /// Whether a list says on which of the things that the path names it acts, whatever it does to them: `/hosts/transfer`
    /// with `{"host_ids": […]}`, but not what is only read: `/files/download`.
    pub(super) fn acts_on_listed(&self, schemas: &Schemas) -> bool {
        let mut path = self.words.runs().rev().filter(|run| run.origin != Origin::Name);
        let Some(last) = path.next().filter(|run| run.origin == Origin::Segment && !run.last().is_some_and(is_many))
        else {
            return false;
        };
        let gives = |word: Word<'_>| {
            let deed =
                ["archive", "check", "compare", "download", "export", "preview", "print", "share", "validate", "zip"];
            deed.contains(&word.stem()) || matches!(word.text, "detail" | "info" | "state" | "status" | "summary")
        };
        if self.effect == Some(Effect::Read) || last.words().any(gives) {
            return false;
        }
        let things: Vec<&str> =
            path.clone().filter_map(Run::last).filter(|&word| is_many(word)).map(Word::stem).collect();
        if things.is_empty() || path.any(|run| run.origin == Origin::Parameter && !run.names_holder()) {
            return false;
        }
        let plain = |&item: &SchemaId| !schemas.any_part(item, |part| !part.properties.is_empty());
        let listed = |name: &str, id: SchemaId| {
            schemas.types(id).any(Types::ARRAY)
                && schemas.get(id).items.iter().all(plain)
                && match split(name).as_slice() {
                    [word] if word == "ids" => true,
                    [.., word, last] if last == "ids" => things.contains(&&**word),
                    [word] => things.contains(&&*stem(word)) && !is_part(&stem(word)),
                    _ => false,
                }
        };
        self.is_given(schemas, listed)
    }

    /// Whether several calls are sent as one: `{"requests": [{…}]}` to `/batches`.
    pub(super) fn takes_calls(&self, schemas: &Schemas) -> bool {
        let last = self.words.runs().rfind(|run| run.origin != Origin::Name);
        let batch = last.filter(|run| run.origin == Origin::Segment).and_then(Run::only);
        let object = |&item: &SchemaId| schemas.any_part(item, |part| !part.properties.is_empty());
        let calls = |name: &str, id: SchemaId| {
            matches!(name, "actions" | "calls" | "commands" | "jobs" | "operations" | "requests" | "tasks")
                && schemas.types(id).any(Types::ARRAY)
                && schemas.get(id).items.iter().any(object)
        };
        batch.is_some_and(|word| word.stem() == "batch" || word.text == "batches")
            && self.effect != Some(Effect::Read)
            && self.is_given(schemas, calls)
    }

    /// Whether an input outside the path, or a field at the top of the body, is such.
    fn is_given(&self, schemas: &Schemas, wanted: impl Fn(&str, SchemaId) -> bool) -> bool {
        let mut parameters = self.parameters.known().into_iter().flatten();
        parameters.any(|parameter| {
            parameter.place != Place::Path && parameter.schema.known().is_some_and(|&id| wanted(&parameter.name, id))
        }) || self
            .request
            .known()
            .into_iter()
            .flatten()
            .any(|&body| schemas.any_part(body, |part| part.properties.iter().any(|p| wanted(&p.name, p.schema))))
    }

    /// Whether a list of identifiers says what to remove.
    pub(super) fn removes_listed(&self, schemas: &Schemas) -> bool {
        let listed = |name: &str, id: SchemaId| {
            schemas.types(id).any(Types::ARRAY)
                && match split(name).as_slice() {
                    [.., last] if last == "ids" => true,
                    [word] => matches!(
                        word.as_str(),
                        "emails" | "guids" | "hashes" | "keys" | "names" | "usernames" | "uuids"
                    ),
                    _ => false,
                }
        };
        self.effect == Some(Effect::Destructive)
            && (self.parameters.known().into_iter().flatten().any(|parameter| {
                // A text of several has commas between them.
                let several = |name: &str| {
                    split(name).last().is_some_and(|word| matches!(word.as_str(), "ids" | "uuids" | "guids"))
                };
                parameter.place == Place::Query && several(&parameter.name)
            }) || self.is_given(schemas, listed))
    }
}

/// Whether an object has both fields.
fn has_both(schemas: &Schemas, object: SchemaId, first: &str, second: &str) -> bool {
    let has = |name: &str| schemas.any_part(object, |part| part.properties.iter().any(|p| &*p.name == name));
    has(first) && has(second)
}

/// Whether a word names many things of a kind.
fn is_many(word: Word<'_>) -> bool {
    is_plural(word.text)
}
