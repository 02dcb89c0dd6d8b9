//! What a call does to the state of a service, judged by the method and by verbs where verbs stand.

mod verb;

use serde::{Deserialize, Serialize};

pub use verb::is_verb;
use verb::{
    also_writes, amends, begins_with_method, begins_with_search, ends_in_verb, only_computes, only_seems_to_read,
    orders_removal, records_end, repeats_verb, signs_in, verb_of_name, verb_of_path, verb_of_text,
};

use super::words::Run;

/// What a call does to the state of the service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Effect {
    /// Nothing, whatever the HTTP method: a POST that searches reads.
    Read,
    /// Creates or updates.
    Write,
    /// Deletes, cancels, revokes: what cannot easily be undone.
    Destructive,
}

impl Effect {
    /// Every effect.
    pub const ALL: [Self; 3] = [Self::Read, Self::Write, Self::Destructive];

    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Destructive => "destructive",
        }
    }
}

/// How a call changes what exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Change {
    /// Not at all.
    None,
    /// It adds something.
    Create,
    /// It changes something that is there, by a POST.
    Amend,
    /// It overwrites something.
    Update,
    /// It removes or ends something.
    Remove,
}

impl Change {
    /// Every kind of change.
    pub const ALL: [Self; 5] = [Self::None, Self::Create, Self::Amend, Self::Update, Self::Remove];

    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Create => "create",
            Self::Amend => "amend",
            Self::Update => "update",
            Self::Remove => "remove",
        }
    }
}

/// What a call does. `name` is the declared name of the operation, not one made from the path; `says` is the first
/// sentence about it.
///
/// Only verbs in verb position count: `cancelOrder`, `orders.cancel`, `POST /orders/{id}/cancel`, but not
/// `GET /cancelled-orders`. Without a method the name decides, and then the sentence; nothing comes back if neither has
/// a known verb.
pub fn infer(method: Option<&str>, path: Option<&str>, name: Option<&str>, says: &str) -> Option<Effect> {
    let mut named = name.and_then(verb_of_name);
    let Some(method) = method else { return named.or_else(|| verb_of_text(says)) };
    let in_path = path.and_then(verb_of_path);
    // A name that was made from method and path says no more than they do.
    let made = method == "POST" && name.is_some_and(begins_with_method);
    if made {
        named = if in_path.is_some() && ends_in_verb(path) { None } else { verb_of_text(says).or(named) };
    }
    Some(match method {
        "DELETE" => Effect::Destructive,
        "GET" | "HEAD" | "OPTIONS" | "TRACE" | "QUERY" => {
            // A GET that acts is rare: the path has to say so with a verb alone, and the name must not say otherwise.
            let said = verb_of_text(says);
            match (in_path.filter(|_| ends_in_verb(path)), named) {
                (Some(Effect::Read) | None, _) => Effect::Read,
                _ if said == Some(Effect::Read) => Effect::Read,
                (Some(effect), Some(same)) if effect == same => effect,
                (Some(effect), None) if effect == Effect::Destructive || said == Some(effect) => effect,
                _ => Effect::Read,
            }
        }
        "PUT" | "PATCH" => match (in_path, named) {
            (Some(Effect::Destructive), _) | (_, Some(Effect::Destructive)) => Effect::Destructive,
            _ => Effect::Write,
        },
        _ if path.is_some_and(signs_in) => Effect::Write,
        _ if path.is_some_and(|path| {
            only_seems_to_read(path, says) && (verb_of_text(says) != Some(Effect::Read) || repeats_verb(path, says))
        }) =>
        {
            Effect::Write
        }
        _ if name.is_some_and(orders_removal) || path.is_some_and(records_end) => Effect::Destructive,
        _ if named.is_none() && in_path.is_none() && path.is_some_and(begins_with_search) => Effect::Read,
        _ if path.is_some_and(only_computes) && (made || named.is_none_or(|named| named == Effect::Read)) => {
            Effect::Read
        }
        _ => match (in_path, named) {
            (Some(Effect::Destructive), named) if named != Some(Effect::Read) => Effect::Destructive,
            (_, Some(Effect::Destructive)) => Effect::Destructive,
            (Some(Effect::Read), named) if named != Some(Effect::Write) => Effect::Read,
            (None, Some(Effect::Read)) => Effect::Read,
            (None, None) => verb_of_text(says).unwrap_or(Effect::Write),
            (Some(Effect::Read), _) if verb_of_text(says) == Some(Effect::Read) => Effect::Read,
            _ => Effect::Write,
        },
    })
}

/// Who tells what a call does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Teller {
    /// A verb in its path or name.
    Verb,
    /// The first sentence about it alone.
    Text(Effect),
    /// None of them.
    Nobody,
}

/// Who tells what a POST does.
pub fn teller(path: Option<&str>, name: Option<&str>, says: &str) -> Teller {
    let named = name.filter(|name| !begins_with_method(name)).and_then(verb_of_name);
    if named.is_some() || path.is_some_and(|path| verb_of_path(path).is_some() || signs_in(path)) {
        return Teller::Verb;
    }
    match verb_of_text(says) {
        None if also_writes(name, says) => Teller::Verb,
        None => Teller::Nobody,
        Some(effect) => Teller::Text(effect),
    }
}

/// How a call with this method and effect changes what exists. `name` is the declared one.
pub fn change(
    method: Option<&str>,
    path: Option<&str>,
    name: Option<Run<'_>>,
    says: &str,
    effect: Option<Effect>,
) -> Option<Change> {
    Some(match (effect?, method) {
        (Effect::Destructive, _) => Change::Remove,
        (_, Some("PUT" | "PATCH")) => Change::Update,
        (Effect::Read, _) => Change::None,
        (Effect::Write, Some("POST")) if amends(path, name, says) => Change::Amend,
        (Effect::Write, _) => Change::Create,
    })
}

#[cfg(test)]
mod tests;
