//! Signs by which an owner says that an operation is not for everybody, or not for long.

use serde::{Deserialize, Serialize};

use super::Details;
use crate::surface::words::split;
use crate::surface::{Fact, Operation};

/// What an owner says of an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Mark {
    /// It is to go away.
    Deprecated,
    /// It is not meant for the public.
    Internal,
}

impl Mark {
    /// Every mark.
    pub const ALL: [Self; 2] = [Self::Deprecated, Self::Internal];

    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Deprecated => "deprecated",
            Self::Internal => "internal",
        }
    }
}

/// Extensions that are true for operations that documentation and clients are to leave out.
const HIDDEN: [&str; 10] = [
    "x-internal",
    "x-hidden",
    "x-private",
    "x-excluded",
    "x-exclude",
    "x-undocumented",
    "x-speakeasy-ignore",
    "x-fern-ignore",
    "x-stainless-skip",
    "x-docs-hidden",
];

/// Extensions and what their values say of an operation's audience or stage.
const STAGES: [&str; 10] = [
    "x-visibility",
    "x-audience",
    "x-access",
    "x-scope",
    "x-status",
    "x-stability",
    "x-stability-level",
    "x-lifecycle",
    "x-api-lifecycle",
    "x-state",
];

impl Details<'_> {
    /// What the owner says of an operation; none if nothing is said and the input could leave it out.
    pub fn mark(self, operation: &Operation) -> Option<Option<Mark>> {
        let node = self.node(operation);
        let truth = |key: &str| node.get(key).is_some_and(|value| value.is("true"));
        if truth("deprecated") || truth("x-deprecated") {
            return Some(Some(Mark::Deprecated));
        }
        let extended = node.members().any(|(key, _)| key.str().starts_with("x-"));
        if extended && HIDDEN.iter().any(|key| truth(key)) {
            return Some(Some(Mark::Internal));
        }
        let stages = STAGES.iter().filter(|_| extended).filter_map(|key| node.get(key)?.as_scalar());
        let tags = self.tags(operation);
        if let Some(mark) = stages.chain(tags).find_map(|text| word(&text)) {
            return Some(Some(mark));
        }
        let texts = [&operation.summary, &operation.description];
        if let Some(mark) = texts.into_iter().filter_map(Fact::known).find_map(|text| announced(&text.value)) {
            return Some(Some(mark));
        }
        let said = node.get("deprecated").is_some() || self.is_complete(operation);
        said.then_some(None)
    }
}

/// The mark that a value or a tag is.
fn word(text: &str) -> Option<Mark> {
    match &*split(text).join(" ") {
        "deprecated" | "obsolete" | "sunset" | "retired" => Some(Mark::Deprecated),
        "internal" | "private" | "hidden" | "internal only" | "company internal" | "component internal" => {
            Some(Mark::Internal)
        }
        _ => None,
    }
}

/// The mark with which a text begins: `Deprecated: use …`, `[INTERNAL] …`, `**DEPRECATED**`.
fn announced(text: &str) -> Option<Mark> {
    let opening = text.trim_start();
    let bare = opening.trim_start_matches(|c: char| !c.is_alphanumeric());
    let end = bare.find(|c: char| !c.is_alphanumeric()).unwrap_or(bare.len());
    let (first, rest) = bare.split_at(end);
    // "Deprecated accounts are …" is about accounts: a sign, or a line of its own, tells the mark.
    let set_apart = opening.len() != bare.len() || !rest.starts_with(' ');
    match &*first.to_ascii_lowercase() {
        "deprecated" | "obsolete" if set_apart => Some(Mark::Deprecated),
        "internal" if opening.len() != bare.len() => Some(Mark::Internal),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_is_set_apart() {
        assert_eq!(announced("**DEPRECATED** Use the other one."), Some(Mark::Deprecated));
        assert_eq!(announced("Deprecated: use the other one."), Some(Mark::Deprecated));
        assert_eq!(announced("[Internal] Rebuilds the index."), Some(Mark::Internal));
        assert_eq!(announced("Deprecated accounts are listed."), None);
        assert_eq!(announced("Internal transfers of an account."), None);
        assert_eq!(announced(""), None);
    }
}
