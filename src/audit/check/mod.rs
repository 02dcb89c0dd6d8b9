//! Rules that need code: each looks at a whole surface.

mod annotation;
mod budget;
mod instruction;
mod secret;
mod text;
mod tool_name;
mod unicode;

use std::sync::Arc;

use super::Context;
use crate::finding::Related;
use crate::rule::Check;
use crate::source::{Quote, Span};

/// What a check found; its rule makes a sentence of it.
#[derive(Debug, Default)]
pub(super) struct Finding {
    /// The operation: its index in the surface; none if it is about more than one.
    pub(super) operation: Option<usize>,
    /// Where it stands, and the JSON pointer of that place; none for the operation itself, or the head of the document.
    pub(super) place: Option<(Span, Arc<str>)>,
    /// What tells it from others of the same rule that are about no single operation.
    pub(super) subject: String,
    /// The values for the placeholders of the sentence.
    pub(super) values: Vec<(&'static str, String)>,
    /// The names that are to blame.
    pub(super) fields: Vec<Quote>,
    /// Where those stand.
    pub(super) related: Vec<Related>,
}

/// What a check says of a surface.
#[derive(Debug, Default)]
pub(super) struct Answer {
    /// The hazards.
    pub(super) findings: Vec<Finding>,
    /// The operations of which the input does not say what the check needs.
    pub(super) open: Vec<usize>,
}

/// Runs a check.
pub(super) fn run(check: Check, context: &Context<'_>) -> Answer {
    match check {
        Check::ToolBudget => budget::tools(context),
        Check::Instruction => instruction::instructions(context),
        Check::HiddenUnicode => unicode::hidden(context),
        Check::Secret => secret::secrets(context),
        Check::Annotation => annotation::contradictions(context),
        Check::ToolName => tool_name::names(context),
    }
}
