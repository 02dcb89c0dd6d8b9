//! The exposure lock: the tools that are exposed, written down so that a change of them can be reviewed. A document is
//! compared by what its lock would be.

mod change;
mod class;
mod compare;
mod input;
mod pair;
mod read;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::finding::Finding;
use crate::rule::{Rule, Severity};
use crate::source::{Quote, Span};
use crate::surface::{Access, Contract, Digest, Effect, Exposure, Fact, Input, Operation, Surface};

pub use change::{Change, Comparison, Side};
pub use class::{Class, Gate};
pub use compare::compare;
pub use read::{LockError, is_lock, read};

/// The key that says that a file is a lock.
pub const KEY: &str = "mcpsentry_lock";

/// The version that is written.
pub const VERSION: &str = "1";

/// The program that writes, by its version: another one may judge otherwise.
pub fn written_by() -> String {
    format!("mcpsentry {}", env!("CARGO_PKG_VERSION"))
}

/// Characters of a description that are kept; its digest covers all.
const MAX_SAYS: usize = 200;

/// The tools that are exposed.
#[derive(Debug, Clone, Default)]
pub struct Lock {
    /// The rules that ran.
    pub rules: BTreeSet<String>,
    /// What they found about the surface as a whole.
    pub findings: BTreeMap<String, Found>,
    /// The tools, sorted by path, method and name.
    pub tools: Vec<Tool>,
}

/// What a rule found about a tool.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// How bad it is.
    pub severity: Severity,
    /// The fields that are to blame.
    pub fields: BTreeSet<String>,
}

/// One tool, as far as a review needs it.
#[derive(Debug, Clone)]
pub struct Tool {
    /// HTTP method.
    pub method: Option<Quote>,
    /// Path.
    pub path: Option<Quote>,
    /// What clients put in front of the path.
    pub base: Quote,
    /// The name that the model sees.
    pub name: Quote,
    /// What a call does.
    pub effect: Option<Effect>,
    /// What a caller has to show.
    pub access: Fact<Access>,
    /// The beginning of what tells the model what the tool does; empty if nothing does.
    pub says: String,
    /// The digest of what is said about it as a whole.
    pub texts: String,
    /// The digest of the texts of its parameters, schemas and responses.
    pub part_texts: String,
    /// The digest of the shape of what it takes.
    pub takes: Fact<String>,
    /// The digest of the shape of what it gives.
    pub gives: Fact<String>,
    /// What a caller fills in.
    pub inputs: Vec<Input>,
    /// Inputs beyond those listed.
    pub more_inputs: usize,
    /// What rules found, by their ids.
    pub findings: BTreeMap<String, Found>,
    /// Where the tool is described, or its block in a lock.
    pub span: Span,
    /// JSON pointer of that place.
    pub pointer: String,
}

impl Tool {
    /// `GET /users/{id}`, or the name where there is no path.
    pub fn label(&self) -> String {
        match (&self.method, &self.path) {
            (Some(method), Some(path)) => format!("{method} {path}"),
            (None, Some(path)) => path.to_string(),
            _ => self.name.to_string(),
        }
    }

    fn new(operation: &Operation, contract: Contract) -> Self {
        let says = operation.text().map_or("", |text| &text.value);
        Self {
            method: operation.method.clone(),
            path: operation.path.clone(),
            base: operation.base.clone(),
            name: operation.name.clone(),
            effect: operation.effect,
            access: contract.access,
            says: cut(says),
            texts: hex(&contract.texts),
            part_texts: hex(&contract.part_texts),
            takes: hexed(&contract.takes),
            gives: hexed(&contract.gives),
            inputs: contract.inputs,
            more_inputs: contract.more_inputs,
            findings: BTreeMap::new(),
            span: operation.span,
            pointer: operation.pointer().into_owned(),
        }
    }
}

impl Lock {
    /// The lock of documents: `surfaces` with the contracts of their operations, and what the rules found in them.
    pub fn of<'s>(
        surfaces: impl IntoIterator<Item = (&'s Surface, Vec<Contract>)>,
        rules: &[Arc<Rule>],
        findings: &[Finding],
    ) -> Self {
        let mut lock = Self { rules: rules.iter().map(|rule| rule.id.to_string()).collect(), ..Self::default() };
        let mut places: BTreeMap<(usize, usize), usize> = BTreeMap::new();
        for (document, (surface, contracts)) in surfaces.into_iter().enumerate() {
            for (index, (operation, contract)) in surface.operations.iter().zip(contracts).enumerate() {
                if operation.exposure == Exposure::Exposed {
                    places.insert((document, index), lock.tools.len());
                    lock.tools.push(Tool::new(operation, contract));
                }
            }
        }
        for finding in findings.iter().filter(|finding| finding.is_active()) {
            let place = finding.operation.and_then(|index| places.get(&(finding.document, index)));
            let into = match (place, finding.operation) {
                (Some(&place), _) => &mut lock.tools[place].findings,
                (None, None) => &mut lock.findings,
                (None, Some(_)) => continue,
            };
            let found = Found {
                severity: finding.severity,
                fields: finding.fields.iter().map(|field| field.to_string()).collect(),
            };
            into.insert(finding.rule.id.to_string(), found);
        }
        lock.arrange();
        lock
    }

    /// Brings the tools into their order, which has nothing to do with that of a document.
    fn arrange(&mut self) {
        self.tools.sort_by(|a, b| {
            let digest = |tool: &Tool| tool.takes.known().cloned();
            (&a.path, &a.method, &a.name, digest(a), &a.texts).cmp(&(&b.path, &b.method, &b.name, digest(b), &b.texts))
        });
    }
}

/// One line with single spaces, cut where it is long.
fn cut(text: &str) -> String {
    let line = text.split_ascii_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(MAX_SAYS) {
        Some((at, _)) => format!("{}…", &line[..at]),
        None => line,
    }
}

fn hex(digest: &Digest) -> String {
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn hexed(digest: &Fact<Digest>) -> Fact<String> {
    match digest {
        Fact::Unknown => Fact::Unknown,
        Fact::Missing => Fact::Missing,
        Fact::Known(digest) => Fact::Known(hex(digest)),
    }
}
