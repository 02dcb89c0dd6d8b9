//! What an owner claims about the effect of a call, against what name and method say.

use super::{Finding, Found};
use crate::audit::Context;
use crate::finding::Related;
use crate::surface::detail::{Details, Hint};
use crate::surface::words::{split, stem};
use crate::surface::{Effect, Operation, effect};

/// Verbs that change something or only start a look at it, as the case may be: no reason to doubt a claim.
const VAGUE: [&str; 10] = ["apply", "book", "confirm", "execute", "join", "make", "open", "run", "start", "submit"];

/// Verbs of which each further call does something more.
const CUMULATIVE: [&str; 10] =
    ["append", "broadcast", "charge", "email", "increment", "notify", "pay", "publish", "send", "transfer"];

/// Verbs with which a description says plainly that a call changes something.
const PLAIN: [&str; 12] = [
    "create",
    "delete",
    "destroy",
    "drop",
    "erase",
    "insert",
    "overwrite",
    "purge",
    "remove",
    "send",
    "update",
    "wipe",
];

/// Operations with a claim that does not hold.
pub(super) fn contradictions(context: &Context<'_>, found: Found<'_>) {
    let details = Details::new(context.surface, context.documents);
    for (index, operation) in context.surface.exposed_with_index() {
        let hints = details.hints(operation);
        let mut wrong = hints.iter().filter_map(|hint| Some((hint, doubt(hint, &hints, operation)?)));
        let Some((hint, but)) = wrong.next() else { continue };
        let mut related = vec![hint];
        related.extend(wrong.map(|(hint, _)| hint));
        found(Finding {
            operation: Some(index),
            values: vec![("claim", hint.said()), ("but", but)],
            fields: related.iter().map(|hint| hint.key.clone().into()).collect(),
            related: related.iter().map(|hint| Related { span: hint.span, label: hint.said().into() }).collect(),
            ..Finding::default()
        });
    }
}

/// Why a claim does not hold, if anything speaks against it.
fn doubt(hint: &Hint, all: &[Hint], operation: &Operation) -> Option<String> {
    let effect = effect_of(operation);
    let does = |effect: Effect| match effect {
        Effect::Destructive => "removes or ends something",
        _ => "changes something",
    };
    match (hint.claim, hint.value, effect) {
        ("readOnlyHint", true, Some(effect)) if effect != Effect::Read => {
            Some(format!("the operation {}", does(effect)))
        }
        ("readOnlyHint", true, _) if all.iter().any(|other| other.claim == "destructiveHint" && other.value) => {
            Some("`destructiveHint` claims the opposite".into())
        }
        ("destructiveHint", false, Some(Effect::Destructive)) => Some("the operation removes or ends something".into()),
        ("idempotentHint", true, Some(Effect::Write)) if is_cumulative(operation) => {
            Some("each further call does it once more".into())
        }
        _ => None,
    }
}

/// What a call does, claims left aside.
fn effect_of(operation: &Operation) -> Option<Effect> {
    if operation.method.is_some() {
        return operation.effect;
    }
    let verb = words(&operation.name).next();
    let named = effect::infer(None, None, Some(&operation.name), "");
    if named.is_some() && !verb.is_some_and(|verb| VAGUE.contains(&&*verb)) {
        return named;
    }
    let text = operation.text()?;
    let first = words(text.value.split_whitespace().next()?).next()?;
    let verb = stem(&first);
    PLAIN.contains(&&*verb).then(|| effect::infer(None, None, Some(&verb), "")).flatten()
}

fn is_cumulative(operation: &Operation) -> bool {
    if operation.method.as_deref().is_some_and(|method| method != "POST") {
        return false;
    }
    let keyed = operation
        .parameters
        .known()
        .into_iter()
        .flatten()
        .any(|parameter| words(&parameter.name).any(|word| word.starts_with("idempoten")));
    !keyed && words(&operation.name).any(|word| CUMULATIVE.contains(&&*word))
}

fn words(name: &str) -> impl Iterator<Item = String> {
    split(name).into_iter()
}
