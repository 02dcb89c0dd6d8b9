//! The proof of a rule: route manifest entries that must and must not fire.

/// The cases of one rule, as places in its file.
#[derive(Debug, Clone, Default)]
pub struct Cases {
    /// Each must give a finding.
    pub bad: Vec<Case>,
    /// None may give one.
    pub good: Vec<Case>,
}

/// One case: a route manifest entry, a list of them, or a mapping with `routes` and `max_tools`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Case {
    /// The number of its node in the tree of the rule's file.
    pub node: u32,
    /// Its line in the rule's file, from 1.
    pub line: u32,
}
