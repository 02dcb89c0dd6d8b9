//! What changed in the inputs of a tool, and in which direction.

use std::collections::{BTreeMap, BTreeSet};

use crate::surface::{Facts, Input};

/// How an input changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Turn {
    /// Takes more than it did.
    Loosened,
    /// There was none.
    Added,
    /// Takes less, or is gone.
    Tightened,
    /// Is told of in other words.
    Retold,
}

/// One change of an input, and a sentence about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct InputChange {
    pub(super) turn: Turn,
    pub(super) input: String,
    pub(super) what: String,
}

/// Compares inputs by place and name. Where a list was cut, what only one side has says nothing.
pub(super) fn compare(old: &[Input], new: &[Input], cut: bool) -> Vec<InputChange> {
    let by_name = |inputs: &'_ [Input]| -> BTreeMap<(String, String), Facts> {
        inputs.iter().map(|input| ((input.place.clone(), input.name.clone()), input.facts.clone())).collect()
    };
    let (old, new) = (by_name(old), by_name(new));
    let mut changes = Vec::new();
    let names: BTreeSet<_> = old.keys().chain(new.keys()).collect();
    for key in names {
        let input = shown(&key.0, &key.1);
        let mut push = |turn, what: String| changes.push(InputChange { turn, input: input.clone(), what });
        match (old.get(key), new.get(key)) {
            (Some(before), Some(after)) => facts(before, after, &mut push),
            (None, Some(after)) if !cut => push(Turn::Added, format!("is new: {}", described(after))),
            (Some(_), None) if !cut => push(Turn::Tightened, "is gone".into()),
            _ => {}
        }
    }
    changes
}

/// `query region`, `body user.name`, `the body`.
fn shown(place: &str, name: &str) -> String {
    match (place, name) {
        ("body", ".") => "the body".into(),
        ("", name) => format!("`{name}`"),
        (place, name) => format!("{place} `{name}`"),
    }
}

fn described(facts: &Facts) -> String {
    let kind = facts.get("type").map_or("a value of any type".to_owned(), |types| types.replace('|', " or "));
    if facts.contains_key("required") { format!("{kind}, required") } else { kind }
}

fn facts(before: &Facts, after: &Facts, push: &mut impl FnMut(Turn, String)) {
    let keys: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    for key in keys {
        let (old, new) = (before.get(key).map(String::as_str), after.get(key).map(String::as_str));
        if old == new {
            continue;
        }
        let said = |value: Option<&str>| value.map_or("nothing".to_owned(), |value| format!("`{value}`"));
        let what = match key.as_str() {
            "text" => "its description".into(),
            "required" if new.is_none() => "is no longer required".into(),
            "required" => "is required now".into(),
            "closed" if new.is_none() => "takes fields that are not named".into(),
            "closed" => "takes only fields that are named".into(),
            _ => format!("{key} from {} to {}", said(old), said(new)),
        };
        push(turn(key, old, new), what);
    }
}

/// The direction of a change of one keyword.
fn turn(key: &str, old: Option<&str>, new: Option<&str>) -> Turn {
    let looser = match (key, old, new) {
        ("text", ..) => return Turn::Retold,
        // A limit that is gone lets more in, one that is new less.
        (_, _, None) => true,
        (_, None, _) => false,
        ("type", Some(old), Some(new)) => {
            let allows = |types: &str, wanted: &str| {
                types.split('|').any(|own| own == wanted || (own == "number" && wanted == "integer"))
            };
            new.split('|').any(|own| !allows(old, own))
        }
        ("enum", Some(old), Some(new)) => match (values(old), values(new)) {
            (Some(old), Some(new)) => !new.is_subset(&old),
            // Too many to list: that they are fewer is all that could be told, and it is not enough.
            _ => true,
        },
        (key, Some(old), Some(new)) => match (old.parse::<f64>(), new.parse::<f64>()) {
            (Ok(old), Ok(new)) if is_upper(key) => new > old,
            (Ok(old), Ok(new)) if is_lower(key) => new < old,
            // Which of two patterns or formats lets more in is not decided here.
            _ => true,
        },
    };
    if looser { Turn::Loosened } else { Turn::Tightened }
}

fn is_upper(key: &str) -> bool {
    key.starts_with("max") || key == "exclusiveMaximum"
}

fn is_lower(key: &str) -> bool {
    key.starts_with("min") || key == "exclusiveMinimum"
}

fn values(list: &str) -> Option<BTreeSet<String>> {
    serde_json::from_str(list).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_has_a_direction() {
        for (key, old, new, expected) in [
            ("type", Some("string"), None, Turn::Loosened),
            ("type", Some("integer"), Some("number"), Turn::Loosened),
            ("type", Some("number"), Some("integer"), Turn::Tightened),
            ("type", Some("string"), Some("null|string"), Turn::Loosened),
            ("type", None, Some("string"), Turn::Tightened),
            ("maxLength", Some("64"), Some("128"), Turn::Loosened),
            ("maxLength", Some("64"), Some("9"), Turn::Tightened),
            ("minimum", Some("1"), Some("0"), Turn::Loosened),
            ("minimum", Some("0"), Some("1.5"), Turn::Tightened),
            ("enum", Some("[\"a\",\"b\"]"), Some("[\"a\"]"), Turn::Tightened),
            ("enum", Some("[\"a\"]"), Some("[\"a\",\"b\"]"), Turn::Loosened),
            ("enum", Some("30 values, 00"), Some("31 values, 01"), Turn::Loosened),
            ("pattern", Some("^a$"), Some("^b$"), Turn::Loosened),
            ("format", Some("uuid"), None, Turn::Loosened),
            ("format", None, Some("uuid"), Turn::Tightened),
            ("required", Some("true"), None, Turn::Loosened),
            ("closed", Some("true"), None, Turn::Loosened),
            ("text", Some("1"), Some("2"), Turn::Retold),
        ] {
            assert_eq!(turn(key, old, new), expected, "{key} {old:?} {new:?}");
        }
    }
}
