//! What rules are told besides the surface, and the names of those that a conjunction of facts cannot express.

use serde::{Deserialize, Serialize};

use super::Bridge;

/// The choices of a run that rules depend on.
#[derive(Debug, Clone, Copy, Default)]
pub struct Limits {
    /// Most tools that a model should be given, if the user chose.
    pub max_tools: Option<usize>,
    /// Most tokens that their descriptions may take, if the user chose.
    pub max_tokens: Option<usize>,
    /// What makes the tools, if the user said.
    pub bridge: Option<Bridge>,
}

/// Tells instructions for a model from other texts.
pub trait Judge: Sync {
    /// Whether the text is worth judging: a glance that costs next to nothing.
    fn is_suspect(&self, text: &str) -> bool;

    /// What is wrong with the text, as a phrase that follows the place of the text; nothing if it may be handed to a
    /// model.
    fn objection(&self, text: &str) -> Option<String>;
}

/// A function over a whole surface that a rule file names with `check:`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Check {
    /// More tools, or longer descriptions of tools, than the limit.
    ToolBudget,
    /// Texts that speak to the model.
    Instruction,
    /// Characters that nobody sees.
    HiddenUnicode,
    /// Credentials in texts.
    Secret,
    /// Claims about the effect of a call that its name and method deny.
    Annotation,
    /// Names that a bridge or a client cannot use as they are.
    ToolName,
}

impl Check {
    /// Every check, by name.
    pub const NAMES: [(&str, Self); 6] = [
        ("tool-budget", Self::ToolBudget),
        ("instruction", Self::Instruction),
        ("hidden-unicode", Self::HiddenUnicode),
        ("secret", Self::Secret),
        ("annotation", Self::Annotation),
        ("tool-name", Self::ToolName),
    ];
}
