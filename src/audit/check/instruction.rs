//! Texts that speak to the model, in the place of what describes a tool.

use super::wrong::Wrong;
use super::{Found, text};
use crate::audit::Context;

/// Texts to which the judge objects.
pub(super) fn instructions(context: &Context<'_>, wrong: &Wrong, found: Found<'_>) {
    text::findings(context, &wrong.instructions, |text| context.judge.objection(text), found);
}
