//! The proof of a rule: route manifest entries, or texts, that must and must not fire.

use std::sync::Arc;

/// The cases of one rule, as places in its file.
#[derive(Debug, Clone, Default)]
pub struct Cases {
    /// Each must give a finding.
    pub bad: Vec<Case>,
    /// None may give one.
    pub good: Vec<Case>,
}

/// One case: a route manifest entry, a list of them, or a mapping with `routes` and `max_tools` or `bridge`; for a guard rule a text,
/// or the arguments of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Case {
    /// The number of its node in the tree of the rule's file.
    pub node: u32,
    /// Its line in the rule's file, from 1.
    pub line: u32,
}

/// A case that did not come out as its rule says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The rule.
    pub rule: Arc<str>,
    /// The rule's file.
    pub file: String,
    /// The case's line in it.
    pub line: u32,
    /// What was expected and what happened.
    pub message: String,
}
