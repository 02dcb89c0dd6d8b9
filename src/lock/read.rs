//! A lock as it is written.

use std::collections::{BTreeMap, BTreeSet};

use super::{Found, KEY, Lock, Tool, VERSION};
use crate::rule::Severity;
use crate::source::Span;
use crate::surface::{Access, Effect, Fact, Input};
use crate::syntax::Node;

/// Why a lock cannot be used, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LockError {
    /// The place.
    pub span: Span,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: String,
}

/// Whether a document is a lock, of whatever version.
pub fn is_lock(root: Node<'_>) -> bool {
    root.get(KEY).is_some()
}

/// Reads a lock; whether this very version of the program wrote it comes along.
///
/// # Errors
/// [`LockError`] for the first thing that is no lock of this version.
pub fn read(root: Node<'_>) -> Result<(Lock, bool), LockError> {
    let version = need(root, KEY)?;
    if !version.is(VERSION) {
        let message = format!("version {} of the lock is not understood", version.text());
        return Err(wrong(version, message, "write it anew with `mcpsentry lock`, or update mcpsentry"));
    }
    let mut lock = Lock { rules: texts(root, "rules")?, findings: findings(root)?, tools: Vec::new() };
    for (index, node) in list(root, "tools")?.enumerate() {
        lock.tools.push(tool(node, index)?);
    }
    lock.arrange();
    let same = root.get("written_by").is_some_and(|by| by.is(&super::written_by()));
    Ok((lock, same))
}

fn tool(node: Node<'_>, index: usize) -> Result<Tool, LockError> {
    let optional = |key| node.get(key).and_then(Node::as_scalar).map(|text| text.as_ref().into());
    let effect = word(node, "effect")?;
    let effect = match Effect::ALL.into_iter().find(|known| known.name() == effect) {
        None if effect != "unknown" => {
            let message = format!("`{effect}` is no effect");
            return Err(wrong(need(node, "effect")?, message, "it is read, write, destructive or unknown"));
        }
        effect => effect,
    };
    let more = node.get("more_inputs").and_then(Node::as_u64).unwrap_or(0);
    Ok(Tool {
        method: optional("method"),
        path: optional("path"),
        base: optional("base").unwrap_or_else(|| "".into()),
        name: word(node, "name")?.as_str().into(),
        effect,
        access: access(node)?,
        says: node.get("says").and_then(Node::as_scalar).unwrap_or_default().into_owned(),
        texts: word(node, "texts")?,
        part_texts: word(node, "part_texts")?,
        takes: digest(node, "takes")?,
        gives: digest(node, "gives")?,
        inputs: list(node, "inputs")?.map(input).collect::<Result<_, _>>()?,
        more_inputs: more as usize,
        findings: findings(node)?,
        span: need(node, "name")?.span(),
        pointer: format!("/tools/{index}/name"),
    })
}

fn access(node: Node<'_>) -> Result<Fact<Access>, LockError> {
    let auth = need(node, "auth")?;
    if auth.is("unknown") {
        return Ok(Fact::Unknown);
    }
    if auth.is("none") {
        return Ok(Fact::Known(Access::new(Vec::new())));
    }
    if !auth.is_array() {
        return Err(wrong(auth, "what `auth` says is not understood".into(), "it is `none`, `unknown` or a list"));
    }
    let ways = auth.items().map(|way| {
        way.members()
            .map(|(scheme, scopes)| {
                let scopes = scopes.items().filter_map(Node::as_scalar).map(Into::into).collect();
                (scheme.text().into_owned(), scopes)
            })
            .collect()
    });
    Ok(Fact::Known(Access::new(ways.collect())))
}

fn input(node: Node<'_>) -> Result<Input, LockError> {
    let (place, name) = (word(node, "in")?, word(node, "name")?);
    let facts = node.members().filter(|(key, _)| !key.is("in") && !key.is("name"));
    let facts = facts.map(|(key, value)| (key.text().into_owned(), value.text().into_owned())).collect();
    Ok(Input { place, name, facts })
}

fn findings(node: Node<'_>) -> Result<BTreeMap<String, Found>, LockError> {
    let mut found = BTreeMap::new();
    for entry in list(node, "findings")? {
        let severity = word(entry, "severity")?;
        let known = Severity::ALL.into_iter().find(|known| known.name() == severity);
        let severity = known.ok_or_else(|| {
            let help = "it is critical, high, medium, low or info";
            wrong(entry, format!("`{severity}` is no severity"), help)
        })?;
        found.insert(word(entry, "rule")?, Found { severity, fields: texts(entry, "fields")? });
    }
    Ok(found)
}

fn digest(node: Node<'_>, key: &str) -> Result<Fact<String>, LockError> {
    let text = word(node, key)?;
    Ok(match text.as_str() {
        "unknown" => Fact::Unknown,
        "none" => Fact::Missing,
        _ => Fact::Known(text),
    })
}

fn texts(node: Node<'_>, key: &str) -> Result<BTreeSet<String>, LockError> {
    Ok(list(node, key)?.filter_map(Node::as_scalar).map(Into::into).collect())
}

/// The elements of a list, which may be missing.
fn list<'t>(node: Node<'t>, key: &str) -> Result<impl Iterator<Item = Node<'t>> + use<'t>, LockError> {
    match node.get(key) {
        Some(value) if !value.is_array() && !value.is_null() => {
            Err(wrong(value, format!("`{key}` is not a list"), "write the lock anew with `mcpsentry lock`"))
        }
        value => Ok(value.into_iter().flat_map(Node::items)),
    }
}

fn word(node: Node<'_>, key: &str) -> Result<String, LockError> {
    let value = need(node, key)?;
    let help = "write the lock anew with `mcpsentry lock`";
    value.as_scalar().map(Into::into).ok_or_else(|| wrong(value, format!("`{key}` is not a text"), help))
}

fn need<'t>(node: Node<'t>, key: &str) -> Result<Node<'t>, LockError> {
    let help = "write the lock anew with `mcpsentry lock`";
    node.get(key).ok_or_else(|| wrong(node, format!("`{key}` is missing"), help))
}

fn wrong(node: Node<'_>, message: String, help: &str) -> LockError {
    LockError { span: node.span(), message, help: help.into() }
}
