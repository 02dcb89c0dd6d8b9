//! What rules are told besides the surface, and the names of those that a conjunction of facts cannot express.

/// The choices of a run that rules depend on.
#[derive(Debug, Clone, Copy, Default)]
pub struct Limits {
    /// Most tools that a model should be given; unless the user chose, a number that models still handle well.
    pub max_tools: Option<usize>,
}

/// Tells instructions for a model from other texts.
pub trait Judge: Sync {
    /// What is wrong with the text, as a phrase that follows the place of the text; nothing if it may be handed to a
    /// model.
    fn objection(&self, text: &str) -> Option<String>;
}

/// A function over a whole surface that a rule file names with `check:`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Check {
    /// More tools than the limit.
    ToolBudget,
}

impl Check {
    /// Every check, by name.
    pub const NAMES: [(&str, Self); 1] = [("tool-budget", Self::ToolBudget)];
}
