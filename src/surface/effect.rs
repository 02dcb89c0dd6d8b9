//! What a call does to the state of a service, judged by the method and by verbs where verbs stand.

use super::words::{split, stem};

/// What a call does to the state of the service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
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
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// Not at all.
    None,
    /// It adds something.
    Create,
    /// It overwrites something.
    Update,
    /// It removes or ends something.
    Remove,
}

impl Change {
    /// Every kind of change.
    pub const ALL: [Self; 4] = [Self::None, Self::Create, Self::Update, Self::Remove];

    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Create => "create",
            Self::Update => "update",
            Self::Remove => "remove",
        }
    }
}

/// Verbs of calls that end or remove something.
#[rustfmt::skip]
const DESTRUCTIVE: &[&str] = &[
    "abort", "cancel", "cancellation", "clear", "deactivate", "decommission", "delete", "deletion", "deprovision",
    "deregister", "destroy", "detach", "discard", "disconnect", "drop", "empty", "erase", "evict", "expire", "flush",
    "invalidate", "kill", "prune", "purge", "redact", "removal", "remove", "revocation", "revoke", "shred", "shutdown", "stop",
    "terminate", "termination", "truncate", "uninstall", "unlink", "unregister", "unsubscribe", "void", "wipe",
];

/// Verbs of calls that only look.
#[rustfmt::skip]
const READ: &[&str] = &[
    "aggregate", "analyze", "autocomplete", "browse", "calculate", "check", "classify", "compare", "compute", "count",
    "decode", "decrypt", "describe", "detect", "diff", "download", "encode", "encrypt", "enrich", "estimate", "evaluate", "exists", "explain", "export", "fetch", "filter", "find", "geocode",
    "get", "has", "info", "inspect", "introspect", "is", "list", "lookup", "match", "measure", "normalize",
    "peek", "ping", "predict", "preview", "query", "quote", "rank", "read", "recognize", "recommend", "render",
    "report", "resolve", "retrieve", "scroll", "search", "show", "simulate", "suggest", "summarize", "tail", "test", "tokenize",
    "translate", "validate", "verify", "view",
];

/// Verbs of calls that create or change something.
#[rustfmt::skip]
const WRITE: &[&str] = &[
    "accept", "activate", "add", "append", "apply", "approve", "archive", "assign", "attach", "book", "clone",
    "close", "complete", "confirm", "copy", "create", "disable", "edit", "enable", "execute", "import", "insert",
    "invite", "join", "make", "mark", "merge", "move", "patch", "pause", "post", "publish", "push", "put", "reboot",
    "register", "rename", "replace", "reset", "restart", "resume", "run", "save", "send", "set", "start", "submit",
    "update", "upload",
];

/// Words that stand before the verb that matters: `bulkDelete`, `batch_get`.
const PREFIXES: &[&str] =
    &["bulk", "batch", "multi", "mass", "admin", "api", "async", "force", "hard", "permanently", "soft"];

/// What a call does. `name` is the declared name of the operation, not one made from the path; `says` is the first
/// sentence about it.
///
/// Only verbs in verb position count: `cancelOrder`, `orders.cancel`, `POST /orders/{id}/cancel`, but not
/// `GET /cancelled-orders`. Without a method the name decides, and then the sentence; nothing comes back if neither has
/// a known verb.
pub fn infer(method: Option<&str>, path: Option<&str>, name: Option<&str>, says: &str) -> Option<Effect> {
    let named = name.and_then(verb_of_name);
    let Some(method) = method else { return named.or_else(|| verb_of_text(says)) };
    let in_path = path.and_then(verb_of_path);
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

/// How a call with this method and effect changes what exists.
pub fn change(method: Option<&str>, effect: Option<Effect>) -> Option<Change> {
    Some(match (effect?, method) {
        (Effect::Destructive, _) => Change::Remove,
        (_, Some("PUT" | "PATCH")) => Change::Update,
        (Effect::Read, _) => Change::None,
        (Effect::Write, _) => Change::Create,
    })
}

/// Whether a word says what is done to a thing, or how many.
pub fn is_verb(word: &str) -> bool {
    PREFIXES.contains(&word) || word == "all" || effect_of(word).is_some()
}

fn effect_of(word: &str) -> Option<Effect> {
    let known = |verbs: &[&str]| verbs.contains(&word);
    if known(DESTRUCTIVE) {
        Some(Effect::Destructive)
    } else if known(READ) {
        Some(Effect::Read)
    } else if known(WRITE) {
        Some(Effect::Write)
    } else {
        None
    }
}

/// The verb that a name begins with, else one that begins or ends a part of it: `Orders_Cancel`, `orders.cancel`.
fn verb_of_name(name: &str) -> Option<Effect> {
    let parts: Vec<Vec<String>> =
        name.split(['.', '_', '-', '/', '#', ':']).map(split).filter(|part| !part.is_empty()).collect();
    // `StopPoint_GetById` names a thing of several words and then says what is done to it.
    if let [thing, action, ..] = parts.as_slice()
        && thing.len() > 1
        && let Some(effect) = effect_of(action.first()?)
    {
        return Some(effect);
    }
    let first = parts.iter().find_map(|part| part.iter().find(|word| !PREFIXES.contains(&word.as_str())))?;
    if let Some(effect) = effect_of(first) {
        return Some(effect);
    }
    let later = parts.iter().skip(1).find_map(|part| effect_of(part.first()?));
    // `BookingCancel`: the last word, where no verb leads.
    later.or_else(|| effect_of(parts.last()?.last()?))
}

/// The verb that a sentence begins with: `Cancels an order`, `Search for customers`.
fn verb_of_text(says: &str) -> Option<Effect> {
    let word = split(says.split_whitespace().next()?).pop()?;
    effect_of(&word)
        .or_else(|| effect_of(&stem(&word)))
        .or_else(|| if &*stem(&word) == "return" { Some(Effect::Read) } else { None })
}

/// The last fixed segment of a path.
fn last_segment(path: &str) -> Option<&str> {
    path.split('/').rfind(|segment| !segment.is_empty() && !segment.starts_with('{'))
}

/// Whether the last fixed segment is a verb and nothing else: `/items/purge`, `/users.deletePhoto`, not `/stop-words`.
fn ends_in_verb(path: Option<&str>) -> bool {
    path.and_then(last_segment).is_some_and(|last| last.contains(['.', ':']) || split(last).len() == 1)
}

/// The verb that the last fixed segment of a path is, or begins with: `/cancel`, `/bulk_delete`, `/items:purge`.
fn verb_of_path(path: &str) -> Option<Effect> {
    let segment = last_segment(path)?;
    // Custom methods stand behind a colon, those of RPC-style paths behind a dot.
    let segment = segment.trim_end_matches(".json").trim_end_matches(".xml");
    let verb = segment.rsplit(['.', ':']).next()?;
    let words = split(verb);
    let first = words.iter().find(|word| !PREFIXES.contains(&word.as_str()))?;
    let effect = effect_of(first)?;
    // A plural noun is a collection: `/reports`, `/exports`. A verb that something follows needs an object.
    if words.len() > 2 && effect == Effect::Read {
        return Some(effect);
    }
    (stem(first) == *first || matches!(effect, Effect::Destructive)).then_some(effect)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verbs_count_where_verbs_stand() {
        for (method, path, name, effect) in [
            ("GET", "/orders", "listOrders", Effect::Read),
            ("GET", "/removed-items", "getRemovedItems", Effect::Read),
            ("GET", "/orders/cancelled", "listCancelledOrders", Effect::Read),
            ("GET", "/stops", "listStops", Effect::Read),
            ("GET", "/items/delete", "deleteItem", Effect::Destructive),
            ("POST", "/orders", "createOrder", Effect::Write),
            ("POST", "/orders/search", "searchOrders", Effect::Read),
            ("POST", "/transactions/get", "transactionsGet", Effect::Read),
            ("POST", "/orders/{id}/cancel", "cancelOrder", Effect::Destructive),
            ("POST", "/flows/bulk_delete", "bulkDeleteFlows", Effect::Destructive),
            ("POST", "/reactions.remove", "reactions_remove", Effect::Destructive),
            ("POST", "/v1/items:purge", "Items_Purge", Effect::Destructive),
            ("PUT", "/plans/{id}/cancellation", "cancelPlan", Effect::Destructive),
            ("PUT", "/users/{id}", "updateUser", Effect::Write),
            ("DELETE", "/users/{id}", "deleteUser", Effect::Destructive),
            ("POST", "/reports", "createReport", Effect::Write),
            ("GET", "/stop-points/{id}", "StopPoint_GetById", Effect::Read),
            ("GET", "/bulk_send_lists", "BulkSend_GetLists", Effect::Read),
            ("POST", "/nodes/{id}/reboot", "ComputeNode_Reboot", Effect::Write),
            ("POST", "/checks", "Check Configurations_Add", Effect::Write),
            ("POST", "/{id}/isMemberOf", "Groups_IsMemberOf", Effect::Read),
            ("POST", "/files/permanently_delete", "files_permanently_delete", Effect::Destructive),
        ] {
            assert_eq!(infer(Some(method), Some(path), Some(name), ""), Some(effect), "{method} {path} {name}");
        }
    }

    #[test]
    fn a_sentence_tells_where_no_verb_stands() {
        for (method, path, says, effect) in [
            ("POST", "/accounts/balance", "Returns the balance of each account", Effect::Read),
            ("POST", "/transactions/sync", "Get transactions since the last call", Effect::Read),
            ("POST", "/embeddings", "Creates an embedding", Effect::Write),
            ("POST", "/members/leave", "Removes the caller from the group", Effect::Destructive),
            ("GET", "/items/{id}/archive", "Get an archive of the files", Effect::Read),
            ("GET", "/messages/send", "Sends a message", Effect::Write),
        ] {
            assert_eq!(infer(Some(method), Some(path), None, says), Some(effect), "{method} {path} {says}");
        }
    }

    #[test]
    fn a_tool_is_judged_by_its_name() {
        assert_eq!(infer(None, None, Some("delete_file"), ""), Some(Effect::Destructive));
        assert_eq!(infer(None, None, Some("github.list_issues"), ""), Some(Effect::Read));
        assert_eq!(infer(None, None, Some("weather"), ""), None);
        assert_eq!(infer(None, None, Some("weather"), "Returns the weather"), Some(Effect::Read));
    }
}
