//! Texts that speak to the model, in the place of what describes a tool.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use rustc_hash::FxHashMap;

use super::{Answer, text};
use crate::audit::Context;
use crate::surface::NodeId;
use crate::surface::passage::texts;

/// Letters of the shortest instruction.
const SHORTEST: usize = 12;

/// Texts to which the judge objects. A text that stands in many places, as most do, is looked at once; the hashing is the
/// one that nobody can make collide.
pub(super) fn instructions(context: &Context<'_>) -> Answer {
    let mut seen: HashSet<Cow<'_, str>> = HashSet::new();
    let mut objections: HashMap<Cow<'_, str>, String> = HashMap::new();
    let mut wrong: FxHashMap<NodeId, String> = FxHashMap::default();
    for (node, text) in texts(context.surface, context.documents).filter(|(_, text)| text.len() >= SHORTEST) {
        if seen.insert(text.clone()) {
            let objection = context.judge.is_suspect(&text).then(|| context.judge.objection(&text)).flatten();
            objections.extend(objection.map(|objection| (text.clone(), objection)));
        }
        if !objections.is_empty() {
            wrong.extend(objections.get(&text).map(|objection| (node, objection.clone())));
        }
    }
    text::findings(context, &wrong, |text| context.judge.objection(text))
}
