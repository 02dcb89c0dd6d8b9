//! Rules that a conjunction of facts cannot express: functions over a whole surface.

use crate::surface::Surface;

/// What a check is told besides the surface.
#[derive(Debug, Clone, Copy, Default)]
pub struct Limits {
    /// Most tools that a model should be given.
    pub max_tools: Option<usize>,
}

/// A function that a rule file names with `check:`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Check {
    /// More tools than the limit.
    ToolBudget,
}

/// The values for the placeholders of a sentence.
type Values = Vec<(&'static str, String)>;

impl Check {
    /// Every check, by name.
    pub const NAMES: [(&str, Self); 1] = [("tool-budget", Self::ToolBudget)];

    /// The placeholders that it fills, and their values, if the hazard is there.
    pub fn run(self, surface: &Surface, limits: Limits) -> Option<Values> {
        match self {
            Self::ToolBudget => {
                let (tools, limit) = (surface.exposed().count(), limits.max_tools?);
                (tools > limit).then(|| {
                    vec![
                        ("tools", tools.to_string()),
                        ("limit", limit.to_string()),
                        ("over", (tools - limit).to_string()),
                    ]
                })
            }
        }
    }
}
