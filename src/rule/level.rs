//! The scales on which a rule is judged: how bad, how sure, for whom.

use serde::{Deserialize, Serialize};

/// How bad a finding is. Ordered, so that a threshold is a comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// Makes tools harder to use safely.
    Low,
    /// A call can do damage that the owner may have meant to allow.
    Medium,
    /// Exposes data or leaves the model guessing.
    High,
    /// A blocker: nothing like it belongs in a model's hands.
    Critical,
}

impl Severity {
    /// All, worst first.
    pub const ALL: [Self; 5] = [Self::Critical, Self::High, Self::Medium, Self::Low, Self::Info];

    /// The word for it, lower case.
    pub fn name(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }
}

/// How sure a rule is of what it says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    /// Often wrong; a hint.
    Low,
    /// Sometimes wrong.
    Medium,
    /// Seldom wrong.
    High,
}

impl Confidence {
    /// The word for it, lower case.
    pub fn name(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}

/// Who wants to read a finding: how much strictness a reader can stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Persona {
    /// Everybody.
    Regular,
    /// People who want every improvement.
    Pedantic,
    /// Security reviewers who read by hand.
    Auditor,
}

impl Persona {
    /// The word for it, lower case.
    pub fn name(self) -> &'static str {
        match self {
            Self::Regular => "regular",
            Self::Pedantic => "pedantic",
            Self::Auditor => "auditor",
        }
    }
}
