//! Texts that speak to the model, in the place of what describes a tool.

use std::collections::HashMap;
use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::recent::Recent;
use super::{Found, text};
use crate::audit::Context;
use crate::surface::NodeId;
use crate::surface::passage::each_text;

/// Bytes of the shortest instruction.
const SHORTEST: usize = 12;

/// Texts to which the judge objects. A suspect that stands in many places is judged once; the hashing is the one that nobody
/// can make collide.
pub(super) fn instructions(context: &Context<'_>, found: Found<'_>) {
    let mut harmless = Recent::default();
    let mut judged: HashMap<&str, Option<Rc<str>>> = HashMap::new();
    let mut wrong: FxHashMap<NodeId, Rc<str>> = FxHashMap::default();
    each_text(context.surface, context.documents, SHORTEST, |node, text| {
        if harmless.has(text) {
            return;
        }
        if !context.judge.is_suspect(text) {
            harmless.add(node, text);
            return;
        }
        let objection = judged.entry(text).or_insert_with_key(|text| context.judge.objection(text).map(Rc::from));
        wrong.extend(objection.clone().map(|objection| (node.id(), objection)));
    });
    drop(judged);
    text::findings(context, &wrong, |text| context.judge.objection(text), found);
}
