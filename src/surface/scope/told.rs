//! What a sentence says of how many things a call acts on.

use super::{is_one, is_part};
use crate::surface::effect::is_verb;
use crate::surface::words::stem;

/// Whether a sentence says that many things are meant: `Creates multiple orders`, `Bulk update of orders`, `Deletes all
/// messages`, `Delete messages`.
pub(super) fn tells_many(sentence: &str, removes: bool, picked: bool) -> bool {
    let trim = |word: &str| word.trim_matches(|c: char| !c.is_alphanumeric()).to_ascii_lowercase();
    let mut words = sentence.split_whitespace().map(trim);
    let first = words.next().unwrap_or_default();
    let Some(second) = words.next() else { return false };
    match &*second {
        "all" | "every" => {
            return (removes || stem(&first) == "replace")
                && !words.next().is_some_and(|next| matches!(&*next, "access" | "data" | "content" | "contents"));
        }
        "multiple" | "several" => return true,
        // `Add a list of videos to a channel`
        "a" if is_change(&first) => {
            let list = words.next();
            let listed =
                matches!(list.as_deref(), Some("bunch" | "list" | "range")) && words.next().as_deref() == Some("of");
            return listed || words.any(|word| word == "multiple");
        }
        // A batch is a thing of its own in some services: `Batch of payments`, `Batch job`.
        second => match &*first {
            "bulk" | "mass" => return true,
            "batch" if is_verb(second) || is_verb(&stem(second)) => return true,
            "import" | "imports" if is_plural(second) => return true,
            _ if removes && !picked && is_plural(second) => return words.next().is_none_or(|next| relates(&next)),
            _ => {}
        },
    }
    words.any(|word| matches!(&*word, "bulk" | "multiple"))
}

/// Whether a verb says that what it names changes: `Add a list of videos`, not `Returns a list of videos`.
fn is_change(verb: &str) -> bool {
    let verb = stem(verb);
    matches!(
        &*verb,
        "add" | "approve" | "create" | "delete" | "follow" | "insert" | "mark" | "permit" | "remove" | "set" | "update"
    )
}

/// Whether a word only tells more of the thing before it.
fn relates(word: &str) -> bool {
    matches!(word, "and" | "for" | "from" | "in" | "matching" | "of" | "on" | "that" | "under" | "with" | "within")
}

/// Whether a word names many things of a kind, and not what makes up one.
pub(super) fn is_plural(word: &str) -> bool {
    let stem = stem(word);
    stem != word && word.ends_with('s') && !is_one(&stem) && !is_part(&stem)
}

/// Whether a sentence says that one of a collection is meant: `Deletes a number`, `Delete organizer by email`.
pub(super) fn tells_one(sentence: &str, collection: &str) -> bool {
    let mut words = sentence.split_whitespace().skip(1).map(str::to_ascii_lowercase);
    let Some(first) = words.next() else { return false };
    let next = words.next();
    match &*first {
        // `Deletes a user's notes`
        "a" | "an" => !next.is_some_and(|owner| owner.ends_with("'s") || owner.ends_with("’s")),
        "single" | "specific" => true,
        "the" => next.as_deref() == Some("current"),
        "one" => next.as_deref() != Some("or"),
        _ => {
            let ends = next.is_none_or(|word| matches!(&*word, "by" | "from" | "in" | "of" | "to" | "with"));
            ends && first == collection
        }
    }
}

/// Whether a sentence says that things of a collection are changed, and not one: `Update documents that match`.
pub(super) fn updates(sentence: &str, collection: &str) -> bool {
    let mut words = sentence.split_whitespace().map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()));
    let (Some(verb), Some(things)) = (words.next(), words.next()) else { return false };
    let things = things.to_ascii_lowercase();
    matches!(&*stem(&verb.to_ascii_lowercase()), "update" | "modify" | "edit" | "patch")
        && is_plural(&things)
        && stem(&things) == collection
}
