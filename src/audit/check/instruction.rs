//! Texts that speak to the model, in the place of what describes a tool.

use std::borrow::Cow;
use std::collections::HashMap;
use std::hash::Hasher;
use std::rc::Rc;

use rustc_hash::{FxHashMap, FxHasher};

use super::{Found, text};
use crate::audit::Context;
use crate::surface::NodeId;
use crate::surface::passage::texts;

/// Bytes of the shortest instruction.
const SHORTEST: usize = 12;

/// Texts to which the judge objects. A suspect that stands in many places is judged once; the hashing is the one that nobody
/// can make collide.
pub(super) fn instructions(context: &Context<'_>, found: Found<'_>) {
    let mut harmless = Recent::default();
    let mut judged: HashMap<Cow<'_, str>, Option<Rc<str>>> = HashMap::new();
    let mut wrong: FxHashMap<NodeId, Rc<str>> = FxHashMap::default();
    for (node, text) in texts(context.surface, context.documents, SHORTEST) {
        let place = Recent::place(&text);
        if harmless.texts[place] == text {
            continue;
        }
        if !context.judge.is_suspect(&text) {
            harmless.texts[place] = text;
            continue;
        }
        let objection = judged.entry(text).or_insert_with_key(|text| context.judge.objection(text).map(Rc::from));
        wrong.extend(objection.clone().map(|objection| (node, objection)));
    }
    drop(judged);
    text::findings(context, &wrong, |text| context.judge.objection(text), found);
}

/// Texts that were seen not long ago, each in the one place that it can have: many are repeated, and another in the place of
/// one only means that it is looked at again.
struct Recent<'d> {
    texts: Vec<Cow<'d, str>>,
}

impl Default for Recent<'_> {
    fn default() -> Self {
        Self { texts: vec![Cow::Borrowed(""); Self::PLACES] }
    }
}

impl Recent<'_> {
    /// How many are remembered, a power of two.
    const PLACES: usize = 1 << 11;

    /// The place of a text, by its length and its two ends.
    fn place(text: &str) -> usize {
        let bytes = text.as_bytes();
        let mut hasher = FxHasher::default();
        for end in [bytes.first_chunk::<8>(), bytes.last_chunk::<8>()].into_iter().flatten() {
            hasher.write_u64(u64::from_le_bytes(*end));
        }
        hasher.write_usize(bytes.len());
        hasher.finish() as usize % Self::PLACES
    }
}
