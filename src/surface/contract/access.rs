//! What a caller has to show: the security requirements of OpenAPI and Swagger.

use std::collections::{BTreeMap, BTreeSet};

use super::super::Fact;
use crate::syntax::Node;

/// What one way in asks for: schemes with the scopes that each has to have. Empty lets everybody in.
pub type Requirement = BTreeMap<String, BTreeSet<String>>;

/// The ways in, any of which is enough; sorted.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Access(pub Vec<Requirement>);

impl Access {
    /// Ways in, sorted and each once. None at all lets everybody in.
    pub fn new(mut ways: Vec<Requirement>) -> Self {
        if ways.is_empty() {
            ways.push(Requirement::new());
        }
        ways.sort();
        ways.dedup();
        Self(ways)
    }

    /// Whether a caller may come in who shows nothing.
    pub fn is_open(&self) -> bool {
        self.0.iter().any(Requirement::is_empty)
    }

    /// The ways in of `self` that ask for less than every way in of `before` did.
    pub fn weaker_than<'a>(&'a self, before: &'a Self) -> impl Iterator<Item = &'a Requirement> {
        let covers = |way: &Requirement, old: &Requirement| {
            old.iter().all(|(scheme, scopes)| way.get(scheme).is_some_and(|own| own.is_superset(scopes)))
        };
        self.0.iter().filter(move |way| !before.0.iter().any(|old| covers(way, old)))
    }
}

/// The schemes that a document declares, and what it asks for where an operation says nothing.
pub(super) struct Schemes<'d> {
    root: Node<'d>,
    kinds: BTreeMap<String, String>,
}

impl<'d> Schemes<'d> {
    pub(super) fn of(root: Node<'d>) -> Self {
        let declared = root
            .get("components")
            .and_then(|components| components.get("securitySchemes"))
            .or_else(|| root.get("securityDefinitions"));
        let kinds = declared.into_iter().flat_map(Node::members);
        Self { root, kinds: kinds.map(|(name, scheme)| (name.text().into_owned(), kind(scheme))).collect() }
    }

    /// What an operation asks for: its own `security`, else that of the document.
    pub(super) fn access(&self, operation: Node<'d>) -> Fact<Access> {
        let Some(security) = operation.get("security").or_else(|| self.root.get("security")) else {
            return Fact::Known(Access::new(Vec::new()));
        };
        if !security.is_array() {
            return Fact::Unknown;
        }
        let ways = security.items().map(|way| {
            way.members()
                .map(|(name, scopes)| {
                    let scopes = scopes.items().filter_map(Node::as_scalar).map(Into::into).collect();
                    (self.named(&name.text()), scopes)
                })
                .collect()
        });
        Fact::Known(Access::new(ways.collect()))
    }

    /// A scheme with its kind, so that another kind under the same name is another scheme.
    fn named(&self, name: &str) -> String {
        match self.kinds.get(name) {
            Some(kind) if kind.is_empty() => name.to_owned(),
            Some(kind) => format!("{name} ({kind})"),
            None => format!("{name} (not declared)"),
        }
    }
}

/// `http bearer`, `apiKey in header X-API-Key`, `oauth2`.
fn kind(scheme: Node<'_>) -> String {
    let text = |key| scheme.get(key).and_then(Node::as_scalar).map(|text| text.to_ascii_lowercase());
    let kind = text("type").unwrap_or_default();
    match &*kind {
        "http" => format!("http {}", text("scheme").unwrap_or_default()).trim_end().to_owned(),
        "apikey" => format!("apiKey in {} {}", text("in").unwrap_or_default(), text("name").unwrap_or_default()),
        "openidconnect" => "openIdConnect".into(),
        "mutualtls" => "mutualTLS".into(),
        _ => kind,
    }
}
