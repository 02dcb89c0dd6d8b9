//! How much of a model's attention the tools take.

use super::{Answer, Finding};
use crate::audit::Context;

/// More tools than the limit.
pub(super) fn tools(context: &Context<'_>) -> Answer {
    let tools = context.surface.exposed().count();
    let Some(limit) = context.limits.max_tools.filter(|&limit| tools > limit) else { return Answer::default() };
    let values =
        vec![("tools", tools.to_string()), ("limit", limit.to_string()), ("over", (tools - limit).to_string())];
    Answer { findings: vec![Finding { values, ..Finding::default() }], open: Vec::new() }
}
