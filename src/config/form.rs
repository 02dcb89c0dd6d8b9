//! What may stand where in the configuration: one table that checks a file and makes its JSON Schema.

use super::Fault;
use super::keys::FILE;
use crate::rule::nearest;
use crate::syntax::{Kind, Node};

/// What may stand at a place.
#[derive(Debug)]
pub(super) enum Form {
    /// A text that says something.
    Text,
    /// A whole number.
    Count,
    /// `true` or `false`.
    Truth,
    /// A day, `2027-01-31`.
    Day,
    /// One of these words.
    OneOf(&'static [&'static str]),
    /// A list of such values.
    List(&'static Form),
    /// Such a value, or a list of them.
    Some(&'static Form),
    /// A mapping from names of the user's own to such values.
    Map(&'static Form),
    /// A mapping with fixed keys.
    Keys(&'static [Key]),
    /// A text, or a mapping with fixed keys.
    TextOr(&'static [Key]),
}

/// A key of a mapping.
#[derive(Debug)]
pub(super) struct Key {
    pub(super) name: &'static str,
    pub(super) form: Form,
    pub(super) required: bool,
    /// What it says, for editors.
    pub(super) about: &'static str,
}

impl Key {
    pub(super) const fn new(name: &'static str, form: Form, about: &'static str) -> Self {
        Self { name, form, required: false, about }
    }

    pub(super) const fn required(self) -> Self {
        Self { name: self.name, form: self.form, required: true, about: self.about }
    }
}

/// Holds a value against its form and collects what does not fit.
pub(super) fn check(node: Node<'_>, form: &Form, faults: &mut Vec<Fault>) {
    let wrong = |faults: &mut Vec<Fault>, what: &str, help: &str| {
        faults.push(Fault::new(node.span(), format!("{} instead of {what}", shown(node)), help));
    };
    match form {
        Form::Text => {
            if node.as_scalar().is_none_or(|text| text.trim().is_empty()) {
                wrong(faults, "a text", "write a text, in quotes if it holds signs of YAML");
            }
        }
        Form::Count => {
            if node.as_u64().is_none() {
                wrong(faults, "a whole number", "write digits only");
            }
        }
        Form::Truth => {
            if node.as_bool().is_none() {
                wrong(faults, "true or false", "write `true` or `false`");
            }
        }
        Form::Day => {
            if node.as_scalar().is_none_or(|text| super::day::Day::parse(&text).is_none()) {
                wrong(faults, "a day", "write year, month and day, such as 2027-01-31");
            }
        }
        Form::OneOf(words) => {
            let text = node.as_scalar().unwrap_or_default();
            if !words.contains(&&*text) {
                let help = nearest(&text, words).map_or_else(
                    || format!("use one of {}", words.join(", ")),
                    |nearest| format!("did you mean `{nearest}`? Known are {}", words.join(", ")),
                );
                wrong(faults, "a word that is known here", &help);
            }
        }
        Form::List(inner) => {
            if node.is_array() {
                node.items().for_each(|item| check(item, inner, faults));
            } else {
                wrong(faults, "a list", "write `[a, b]`, or one `- a` a line");
            }
        }
        Form::Some(inner) => {
            if node.is_array() {
                node.items().for_each(|item| check(item, inner, faults));
            } else {
                check(node, inner, faults);
            }
        }
        Form::Map(inner) => {
            if !node.is_object() {
                wrong(faults, "a mapping", "write `name: value`, one a line and indented");
            }
            repeated(node, faults);
            node.members().for_each(|(_, value)| check(value, inner, faults));
        }
        Form::Keys(keys) => mapping(node, keys, faults),
        Form::TextOr(keys) => {
            if node.is_object() {
                mapping(node, keys, faults);
            } else {
                check(node, &Form::Text, faults);
            }
        }
    }
}

fn mapping(node: Node<'_>, keys: &[Key], faults: &mut Vec<Fault>) {
    let names: Vec<&str> = keys.iter().map(|key| key.name).collect();
    if !node.is_object() {
        let message = format!("{} instead of a mapping", shown(node));
        faults.push(Fault::new(node.span(), message, &format!("its keys are {}", names.join(", "))));
        return;
    }
    repeated(node, faults);
    for (name, value) in node.members() {
        let text = name.text();
        match keys.iter().find(|key| key.name == text) {
            // A key whose values are all commented out says nothing.
            Some(key) if value.is_null() && !key.required => {}
            Some(key) => check(value, &key.form, faults),
            None => {
                let help = match nearest(&text.replace('-', "_"), &names) {
                    Some(nearest) => format!("did you mean `{nearest}`?"),
                    None if FILE.iter().any(|key| key.name == text) => {
                        format!("write `{text}` at the top of the file: it holds for all documents")
                    }
                    None => format!("the keys here are {}", names.join(", ")),
                };
                faults.push(Fault::new(name.span(), format!("unknown key `{text}`"), &help));
            }
        }
    }
    for key in keys.iter().filter(|key| key.required && node.get(key.name).is_none()) {
        let at = node.members().next().map_or(node.span(), |(first, _)| first.span());
        faults.push(Fault::new(at, format!("`{}` is missing here", key.name), key.about));
    }
}

fn repeated(node: Node<'_>, faults: &mut Vec<Fault>) {
    let mut seen = rustc_hash::FxHashSet::default();
    for (name, _) in node.members() {
        if !seen.insert(name.text()) {
            faults.push(Fault::new(
                name.span(),
                format!("the key `{}` stands twice", name.text()),
                "remove one of the two",
            ));
        }
    }
}

/// What stands there, in a few words.
fn shown(node: Node<'_>) -> String {
    match node.kind() {
        Kind::Null => "nothing".into(),
        Kind::Array => "a list".into(),
        Kind::Object => "a mapping".into(),
        _ if node.text().trim().is_empty() => "an empty text".into(),
        _ => {
            let text = node.text();
            let short: String = text.chars().take(40).collect();
            if short.len() < text.len() { format!("`{short}…`") } else { format!("`{short}`") }
        }
    }
}
