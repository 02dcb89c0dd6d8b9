//! Plain values of a rule file, and what is said of those that do not fit.

use std::borrow::Cow;

use super::{Outcome, RuleReader};
use crate::rule::{RuleError, nearest};
use crate::syntax::Node;

impl RuleReader<'_> {
    pub(super) fn keys(&self, node: Node<'_>, known: &[&str]) -> Outcome<()> {
        if !node.is_object() {
            return Err(self.fault(
                node,
                "a mapping belongs here".into(),
                &format!("its keys are {}", known.join(", ")),
            ));
        }
        let mut seen: Vec<String> = Vec::new();
        for (key, _) in node.members() {
            let name = key.text();
            if !known.contains(&&*name) {
                let help = match nearest(&name, known) {
                    Some(nearest) => format!("did you mean `{nearest}`?"),
                    None => format!("the keys here are {}", known.join(", ")),
                };
                return Err(self.fault(key, format!("unknown key `{name}`"), &help));
            }
            if seen.iter().any(|earlier| *earlier == name) {
                return Err(self.fault(key, format!("the key `{name}` stands twice"), "remove one of the two"));
            }
            seen.push(name.into_owned());
        }
        Ok(())
    }

    pub(super) fn text(&self, root: Node<'_>, key: &str) -> Outcome<String> {
        let value = root.get(key).ok_or_else(|| self.fault(root, format!("no `{key}`"), "every rule has one"))?;
        let text = value.as_scalar().map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        text.ok_or_else(|| self.fault(value, format!("`{key}` is not a text"), "write a sentence"))
    }

    pub(super) fn texts(&self, root: Node<'_>, key: &str) -> Outcome<Vec<String>> {
        root.get(key).map_or(Ok(Vec::new()), |list| self.list(list))
    }

    pub(super) fn list(&self, list: Node<'_>) -> Outcome<Vec<String>> {
        Ok(self.scalars(list)?.into_iter().map(Cow::into_owned).collect())
    }

    pub(super) fn scalars<'t>(&self, list: Node<'t>) -> Outcome<Vec<Cow<'t, str>>> {
        if !list.is_array() {
            return Err(self.fault(list, "a list belongs here".into(), "write `[a, b]`, or one `- a` a line"));
        }
        list.items()
            .map(|item| {
                item.as_scalar().ok_or_else(|| {
                    self.fault(item, "a text belongs here".into(), "put it in quotes if it is a special word of YAML")
                })
            })
            .collect()
    }

    pub(super) fn names<T: Copy>(&self, list: Node<'_>, known: &[(&str, T)]) -> Outcome<Vec<T>> {
        if !list.is_array() {
            return Err(self.fault(list, "a list belongs here".into(), "write `[a, b]`"));
        }
        list.items().map(|item| self.named(item, known)).collect()
    }

    pub(super) fn choice<T: Copy>(&self, root: Node<'_>, key: &str, known: &[(&str, T)]) -> Outcome<T> {
        let value = root.get(key).ok_or_else(|| self.fault(root, format!("no `{key}`"), "every rule has one"))?;
        self.named(value, known)
    }

    pub(super) fn choice_or<T: Copy>(&self, root: Node<'_>, key: &str, known: &[(&str, T)], default: T) -> Outcome<T> {
        root.get(key).map_or(Ok(default), |value| self.named(value, known))
    }

    pub(super) fn named<T: Copy>(&self, value: Node<'_>, known: &[(&str, T)]) -> Outcome<T> {
        let text = value.text();
        known.iter().find(|(name, _)| *name == text).map(|&(_, value)| value).ok_or_else(|| {
            let names: Vec<&str> = known.iter().map(|(name, _)| *name).collect();
            self.fault(value, format!("`{text}` is not known here"), &format!("use one of {}", names.join(", ")))
        })
    }

    pub(super) fn truth(&self, value: Node<'_>) -> Outcome<bool> {
        value.as_bool().ok_or_else(|| self.fault(value, "true or false belongs here".into(), "write true or false"))
    }

    pub(super) fn fault(&self, at: Node<'_>, message: String, help: &str) -> RuleError {
        RuleError {
            file: self.source.name.clone(),
            text: self.source.text.as_str().into(),
            span: Some(at.span()),
            message,
            help: help.into(),
        }
    }

    pub(super) fn number(&self, root: Node<'_>, key: &str, least: u64) -> Outcome<Option<u64>> {
        root.get(key).map_or(Ok(None), |value| {
            let number = value.as_u64().filter(|&number| number >= least && number < 1000).map(Some);
            let message = format!("`{key}` is not a number from {least} up");
            number.ok_or_else(|| self.fault(value, message, "give a whole number"))
        })
    }
}
