//! What a rule is: its text, how bad its hazard is, what it looks for, and the cases that prove it.

mod bridge;
mod case;
mod check;
mod landmark;
mod level;
mod literal;
mod nearest;
pub mod phrase;
mod query;
mod read;
mod shape;
mod sign;
mod vocabulary;

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use phrase::{Phrase, Unless};

pub use bridge::Bridge;
pub use case::{Case, Cases, Failure};
pub use check::{Check, Judge, Limits};
pub use level::{Confidence, Persona, Severity};
pub use nearest::nearest;
pub use query::{Given, Inside, MAX_DEPTH, Need, Part, Query, Subject, Together, Wording};
pub use read::{RuleError, RuleReader};
pub use sign::Sign;
pub use vocabulary::Vocabulary;

/// Which set a rule belongs to; each set holds the ones before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Preset {
    /// The seven hazards that everybody has to look at.
    Core,
    /// What runs unless something else is asked for.
    Recommended,
    /// Everything.
    Strict,
}

impl Preset {
    /// The word for it, lower case.
    pub fn name(self) -> &'static str {
        match self {
            Self::Core => "core",
            Self::Recommended => "recommended",
            Self::Strict => "strict",
        }
    }
}

/// A rule, as its file says.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Rule {
    /// Kebab-case noun that names the hazard; the file's name.
    pub id: Arc<str>,
    /// The hazard in a few words.
    pub title: String,
    /// How bad it is.
    pub severity: Severity,
    /// How sure the rule is.
    pub confidence: Confidence,
    /// Who wants to know.
    pub persona: Persona,
    /// The set it belongs to.
    pub preset: Preset,
    /// The release that brought it.
    pub since: String,
    /// Why it is a hazard.
    pub why: String,
    /// What to do about it; may hold `{operation}`, `{method}`, `{path}`, `{name}`, `{fields}`.
    pub fix: String,
    /// Entries of public catalogues: `CWE-306`, `OWASP-API-2023:API2`.
    pub references: Vec<String>,
    /// The sentence of a finding; may hold the same placeholders, `{fields}` and those of its check.
    pub say: String,
    /// The sentence of a finding of a check that is about no single operation, where it differs.
    pub say_document: Option<String>,
    /// What it looks for.
    pub body: Body,
    /// What must and must not fire.
    #[serde(skip)]
    pub cases: Cases,
    /// The file it came from: below `rules/` for our own, else the user's path.
    pub origin: String,
    /// Whether it came from a file of the user's.
    pub custom: bool,
}

/// What a rule looks for.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum Body {
    /// Named facts about an operation, its inputs or its outputs.
    Query(Query),
    /// A function over the whole surface.
    Check(Check),
    /// Kinds of operations that are a hazard together.
    Parts(Vec<Part>),
    /// Phrases in the arguments of a call, and contexts in which they do not count.
    #[serde(skip)]
    Phrases(Vec<Phrase>, Unless),
    /// What the guard notices about a text beyond its phrases.
    #[serde(skip)]
    Sign(Sign),
}

impl Rule {
    /// Whether the rule is about the arguments of calls, and not about an API.
    pub fn is_guard(&self) -> bool {
        matches!(self.body, Body::Phrases(..) | Body::Sign(_))
    }

    /// What it asks of operations, in order.
    pub fn queries(&self) -> impl Iterator<Item = &Query> {
        let (alone, parts) = match &self.body {
            Body::Query(query) => (Some(query), &[] as &[Part]),
            Body::Parts(parts) => (None, &**parts),
            Body::Check(_) | Body::Phrases(..) | Body::Sign(_) => (None, &[] as &[Part]),
        };
        alone.into_iter().chain(parts.iter().flat_map(|part| &part.any))
    }

    /// How many parameters or fields of an operation make a finding; none if it is not about such.
    pub fn at_least(&self) -> Option<usize> {
        match &self.body {
            Body::Query(query) if query.subject != Subject::Operation => Some(query.at_least),
            _ => None,
        }
    }

    /// Whether what it says of an operation differs from operation to operation by the operation's name alone.
    pub fn names_only_operation(&self) -> bool {
        matches!(&self.body, Body::Query(query) if query.subject == Subject::Operation)
            && !["{fields}", "{count}"].iter().any(|placeholder| self.say.contains(placeholder))
    }

    /// The topic it belongs to: the folder of its file.
    pub fn category(&self) -> &str {
        self.origin.rsplit('/').nth(1).unwrap_or_default()
    }
}
