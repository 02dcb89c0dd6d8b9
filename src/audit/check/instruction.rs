//! Texts that speak to the model, in the place of what describes a tool.

use rustc_hash::{FxHashMap, FxHashSet};

use super::{Answer, text};
use crate::audit::Context;
use crate::surface::NodeId;
use crate::surface::passage::texts;

/// Letters of the shortest instruction.
const SHORTEST: usize = 12;

/// Texts to which the judge objects. A text that stands in many places is judged once.
pub(super) fn instructions(context: &Context<'_>) -> Answer {
    let mut harmless: FxHashSet<String> = FxHashSet::default();
    let mut wrong: FxHashMap<NodeId, String> = FxHashMap::default();
    for (node, text) in texts(context.surface, context.documents) {
        if text.len() < SHORTEST || !context.judge.is_suspect(&text) || harmless.contains(&*text) {
            continue;
        }
        match context.judge.objection(&text) {
            Some(objection) => {
                wrong.insert(node, objection);
            }
            None => {
                harmless.insert(text.into_owned());
            }
        }
    }
    text::findings(context, &wrong, |text| context.judge.objection(text))
}
