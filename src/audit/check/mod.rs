//! Rules that need code: each looks at a whole surface.

mod annotation;
mod budget;
mod instruction;
mod secret;
mod text;
mod tool_name;
mod unicode;
mod wrong;

use std::cell::OnceCell;
use std::sync::Arc;

use super::Context;
use crate::finding::Related;
use crate::rule::Check;
use crate::source::{Quote, Span};

pub(super) use wrong::Wrong;

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

/// Takes each hazard as soon as it is found, since there may be as many as operations.
pub(super) type Found<'f> = &'f mut dyn FnMut(Finding);

/// Runs a check. The operations of which the input does not say what it needs. What several checks ask of all texts is kept
/// in `wrong`.
pub(super) fn run(check: Check, context: &Context<'_>, wrong: &OnceCell<Wrong>, found: Found<'_>) -> Vec<usize> {
    let wrong = || wrong.get_or_init(|| Wrong::find(context));
    match check {
        Check::ToolBudget => budget::tools(context, found),
        Check::Instruction => instruction::instructions(context, wrong(), found),
        Check::HiddenUnicode => unicode::hidden(context, found),
        Check::Secret => secret::secrets(context, wrong(), found),
        Check::Annotation => annotation::contradictions(context, found),
        Check::ToolName => return tool_name::names(context, found),
    }
    Vec::new()
}
