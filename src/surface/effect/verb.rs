//! Verbs, and where names, paths and sentences have them.

use super::Effect;
use crate::surface::words::{Run, Word, each_word, is_facet, split, stem};

/// Verbs of calls that end or remove something.
#[rustfmt::skip]
pub(super) const DESTRUCTIVE: &[&str] = &[
    "abort", "anonymise", "anonymize", "cancel", "cancellation", "clear", "deactivate", "decommission", "delete", "deletion", "deprovision",
    "deregister", "destroy", "detach", "discard", "disconnect", "drop", "empty", "erase", "evict", "expire", "flush",
    "invalidate", "kick", "kill", "prune", "purge", "recycle", "redact", "removal", "remove", "revocation", "revoke", "shred", "shutdown", "stop",
    "terminate", "termination", "truncate", "uninstall", "unlink", "unregister", "unsubscribe", "void", "wipe",
];

/// Verbs of calls that only look.
#[rustfmt::skip]
pub(super) const READ: &[&str] = &[
    "aggregate", "analyze", "autocomplete", "browse", "calculate", "check", "classify", "compare", "compute", "count",
    "decode", "decrypt", "describe", "detect", "diff", "download", "encode", "encrypt", "enrich", "estimate", "eval", "evaluate", "exists", "explain", "export", "fetch", "filter", "find", "geocode",
    "get", "has", "infer", "info", "inspect", "introspect", "is", "list", "lookup", "match", "measure", "normalize",
    "peek", "ping", "predict", "preview", "query", "quote", "rank", "read", "recognize", "recommend", "render",
    "report", "resolve", "retrieve", "scroll", "search", "show", "simulate", "stat", "stats", "suggest", "summarize", "tail", "test",
    "tokenize",
    "translate", "validate", "verify", "view",
];

/// Verbs of calls that create or change something.
#[rustfmt::skip]
pub(super) const WRITE: &[&str] = &[
    "accept", "activate", "add", "adjust", "append", "apply", "approve", "archive", "assign", "assume", "attach", "book",
    "change", "clone", "close", "complete", "confirm", "copy", "create", "disable", "edit", "enable", "execute",
    "import", "insert", "invite", "join", "make", "mark", "merge", "modify", "move", "patch", "pause", "post",
    "publish", "push", "put", "reboot", "rebuild", "regenerate", "register", "reindex", "rename", "reorder", "replace", "reset", "restart", "restore",
    "resume", "rotate", "run", "save", "send", "set", "start", "submit", "unarchive", "update", "upload", "upsert",
];

/// Further verbs of such calls, which are nouns as often, so that they count only against other signs of reading.
#[rustfmt::skip]
const ALSO_WRITE: &[&str] = &[
    "build", "capture", "charge", "decline", "deploy", "dismiss", "enqueue", "fork", "generate", "grant", "install",
    "issue", "launch", "link", "log", "order", "pay", "provision", "purchase", "queue", "record", "redeem", "refresh",
    "refund", "reply", "request", "schedule", "subscribe", "track", "transfer", "trigger", "upgrade",
];

/// Those of them after which there is something that was not there before.
#[rustfmt::skip]
const CREATE: &[&str] = &[
    "add", "book", "clone", "copy", "create", "execute", "import", "insert", "invite", "make", "post", "publish",
    "push", "register", "run", "send", "submit", "upload", "upsert",
];

/// What is done to the input and leaves nothing behind.
const COMPUTE: &[&str] = &["extract", "lemmatize", "lint", "ocr", "parse", "scrape", "screenshot", "transcribe"];

/// The same where the path names nothing that is kept: `/api/convert`, not `/leads/convert`.
const COMPUTE_ALONE: &[&str] = &["convert", "transform"];

/// Calls that begin or end a session, or give what one needs for it, however little they return.
const SIGN_IN: &[&str] =
    &["accesstoken", "authenticate", "login", "logoff", "logon", "logout", "signin", "signout", "signup", "token"];

/// What may be asked of others to be done later: `submitDeleteJob`.
const ORDERS: &[&str] = &["create", "enqueue", "initiate", "post", "queue", "request", "schedule", "start", "submit"];

/// What is done later, as such names call it.
const WORK: [&str; 3] = ["job", "request", "task"];

/// Words that stand before the verb that matters: `bulkDelete`, `batch_get`.
const PREFIXES: &[&str] =
    &["bulk", "batch", "multi", "mass", "admin", "api", "async", "force", "hard", "permanently", "soft"];

/// Whether a word says what is done to a thing, or how many.
pub fn is_verb(word: &str) -> bool {
    PREFIXES.contains(&word) || matches!(word, "all" | "generate" | "many" | "multiple") || effect_of(word).is_some()
}

pub(super) fn effect_of(word: &str) -> Option<Effect> {
    let known = |verbs: &[&str]| verbs.binary_search(&word).is_ok();
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

/// Whether a name or sentence has a verb that changes something, in a wide sense.
pub(super) fn also_writes(name: Option<&str>, says: &str) -> bool {
    let named = name.map(split).unwrap_or_default();
    let said = says.split_whitespace().next().map(split).unwrap_or_default();
    let known = |word: Option<&String>| word.is_some_and(|word| ALSO_WRITE.contains(&&*stem(word)));
    known(named.first()) || known(named.last()) || known(said.last())
}

/// Whether the first word of a name is only the method, as in `post_user_names`.
pub(super) fn begins_with_method(name: &str) -> bool {
    let (mut is_method, mut words) = (false, 0);
    each_word(name, |word| {
        is_method |= words == 0 && word == "post";
        words += 1;
    });
    is_method && words > 1
}

/// Whether a call only works something out: `/api/convert`, not `/leads/{id}/convert`.
pub(super) fn only_computes(path: &str) -> bool {
    let Some(last) = last_segment(path).filter(|_| !path.contains('{')) else { return false };
    let words = split(last.trim_end_matches(".json"));
    let Some(verb) = words.first() else { return false };
    let plural = |segment: &str| split(segment).last().is_some_and(|word| stem(word) != *word && word.ends_with('s'));
    COMPUTE.contains(&verb.as_str()) || (COMPUTE_ALONE.contains(&verb.as_str()) && !path.split('/').any(plural))
}

/// Whether a call signs somebody in or out.
pub(super) fn signs_in(path: &str) -> bool {
    last_segment(path).is_some_and(|last| SIGN_IN.contains(&split(last).concat().as_str()))
}

/// Whether the last word of a path is a verb of reading, and yet something changes: a mark is set on what was read, a
/// webhook is made to fire, a test is sent.
pub(super) fn only_seems_to_read(path: &str, says: &str) -> bool {
    let mut segments = path.split('/').filter(|segment| !segment.is_empty()).rev();
    match segments.next() {
        Some("read") => segments.next().is_some_and(|before| before.starts_with('{') || before == "all"),
        Some("test") if verb_of_text(says) == Some(Effect::Write) => true,
        // A code is sent to whoever has to show who they are.
        Some("verify") => ["initiate", "request", "send", "start"].iter().any(|verb| begins_with(says, verb)),
        Some(last @ ("test" | "ping")) => segments.any(|segment| {
            split(segment).iter().any(|word| match &*stem(word) {
                "webhook" | "hook" => true,
                "campaign" | "email" | "mail" | "notification" | "sms" => last == "test",
                _ => false,
            })
        }),
        _ => false,
    }
}

/// Whether a sentence begins with a verb: `Starts a check`.
fn begins_with(says: &str, verb: &str) -> bool {
    says.split_whitespace().next().is_some_and(|first| stem(&first.to_ascii_lowercase()) == verb)
}

/// Whether a sentence begins with the verb that ends the path: `Ping a webhook`.
pub(super) fn repeats_verb(path: &str, says: &str) -> bool {
    last_segment(path).is_some_and(|last| matches!(last, "ping" | "test") && begins_with(says, last))
}

/// Whether what is put on record is that something ends: `POST /bookings/{id}/cancellations`.
pub(super) fn records_end(path: &str) -> bool {
    let ends = |word: &str| {
        matches!(word, "cancellations" | "deletions" | "removals" | "revocations" | "terminations" | "voids")
    };
    last_segment(path).is_some_and(|last| ends(&last.to_ascii_lowercase()))
}

/// Whether a path begins with what is asked of all things: `/search/users`.
pub(super) fn begins_with_search(path: &str) -> bool {
    let is_version = |segment: &str| segment.trim_start_matches('v').chars().all(|c| c.is_ascii_digit() || c == '.');
    path.split('/').find(|segment| *segment != "api" && !is_version(segment)) == Some("search")
}

/// Whether what is left to be done later removes something: `submitDeleteJob`, `createDeletionRequest`.
pub(super) fn orders_removal(name: &str) -> bool {
    // Nearly no name ends so, which is seen at once.
    let letters = name.trim_end_matches(|c: char| !c.is_alphanumeric()).to_ascii_lowercase();
    if !WORK.iter().any(|work| letters.ends_with(work)) {
        return false;
    }
    let words = split(name);
    let [first, middle @ .., last] = words.as_slice() else { return false };
    ORDERS.contains(&first.as_str())
        && WORK.contains(&last.as_str())
        && middle.iter().any(|word| DESTRUCTIVE.contains(&word.as_str()))
}

/// Whether a call that writes changes what is there, by the verb of its path, its name or its text; by the place in the
/// path where no verb stands: `POST /orders/{id}`.
pub(super) fn amends(path: Option<&str>, name: Option<Run<'_>>, says: &str) -> bool {
    let last = path.and_then(|path| path.split('/').rfind(|segment| !segment.is_empty())).unwrap_or_default();
    let deed = last.trim_end_matches(".json").rsplit(['.', ':']).next().map(split).unwrap_or_default();
    let said = says.split_whitespace().next().map(split).unwrap_or_default().pop();
    let verb = |word: &str| {
        let word = if WRITE.contains(&word) { word.to_owned() } else { stem(word) };
        WRITE.contains(&word.as_str()).then(|| !CREATE.contains(&word.as_str()))
    };
    let is_method = |word: &Word<'_>| word.text == "post" && name.is_some_and(|name| name.len() > 1);
    let first = name.and_then(|name| name.get(0));
    let named = first.filter(|word| !is_method(word)).and_then(|word| verb(word.text));
    deed.first()
        .filter(|_| !last.starts_with('{'))
        .and_then(|word| WRITE.contains(&word.as_str()).then(|| !CREATE.contains(&word.as_str())))
        .or(named)
        .or_else(|| said.as_deref().and_then(verb))
        .unwrap_or_else(|| last.starts_with('{'))
}

/// The verb that a name begins with, else one that begins or ends a part of it: `Orders_Cancel`, `orders.cancel`.
pub(super) fn verb_of_name(name: &str) -> Option<Effect> {
    let parts: Vec<Vec<String>> =
        name.split(['.', '_', '-', '/', '#', ':']).map(split).filter(|part| !part.is_empty()).collect();
    // `StopPoint_GetById` names a thing of several words and then says what is done to it.
    if let [thing, action, ..] = parts.as_slice()
        && thing.len() > 1
        && let Some(effect) = effect_of(action.first()?)
    {
        return Some(effect);
    }
    // `report_create`: the noun is a verb elsewhere.
    if let [thing, .., deed] = parts.as_slice()
        && let ([thing], [deed]) = (thing.as_slice(), deed.as_slice())
        && matches!(deed.as_str(), "cancel" | "create" | "delete" | "remove" | "update")
        && matches!(
            thing.as_str(),
            "check" | "estimate" | "export" | "filter" | "preview" | "query" | "quote" | "report" | "test" | "view"
        )
    {
        return effect_of(deed);
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
pub(super) fn verb_of_text(says: &str) -> Option<Effect> {
    let mut sentence = says.split_whitespace();
    let mut words = split(sentence.next()?);
    // `Check out a cart`, `Checks a guest in`: no look at it.
    if words.last().is_some_and(|word| stem(word) == "check")
        && sentence.next().is_some_and(|next| matches!(next, "in" | "out"))
    {
        return Some(Effect::Write);
    }
    // A name in the place of a sentence.
    let word = if words.len() > 2 { return None } else { words.pop()? };
    effect_of(&word)
        .or_else(|| effect_of(&stem(&word)))
        .or_else(|| if &*stem(&word) == "return" { Some(Effect::Read) } else { None })
}

/// The last fixed segment of a path that does not only say how many things are meant: `/sessions/revoke/all`.
fn last_segment(path: &str) -> Option<&str> {
    let is_parameter = |segment: &str| segment.starts_with('{') && !segment.contains("}:");
    path.split('/').rfind(|segment| !matches!(*segment, "" | "all") && !is_parameter(segment) && !is_facet(segment))
}

/// Whether the last fixed segment is a verb and nothing else: `/items/purge`, `/users.deletePhoto`, not `/stop-words`.
pub(super) fn ends_in_verb(path: Option<&str>) -> bool {
    path.and_then(last_segment).is_some_and(|last| last.contains(['.', ':']) || split(last).len() == 1)
}

/// The verb that the last fixed segment of a path is, or begins with: `/cancel`, `/bulk_delete`, `/items:purge`.
pub(super) fn verb_of_path(path: &str) -> Option<Effect> {
    let segment = last_segment(path)?;
    // Custom methods stand behind a colon, those of RPC-style paths behind a dot.
    let segment = segment.trim_end_matches(".json").trim_end_matches(".xml");
    let verb = segment.rsplit(['.', ':']).next()?;
    let words = split(verb);
    let first = words.iter().find(|word| !PREFIXES.contains(&word.as_str()))?;
    // `/gdpr-delete`: nothing else ends so.
    let removes = || words.last().filter(|last| matches!(last.as_str(), "delete" | "remove" | "revoke"));
    let effect = effect_of(first).or_else(|| removes().and_then(|last| effect_of(last)))?;
    // A plural noun is a collection: `/reports`, `/exports`. A verb that something follows needs an object.
    if words.len() > 2 && effect == Effect::Read {
        return Some(effect);
    }
    (stem(first) == *first || matches!(effect, Effect::Destructive)).then_some(effect)
}
