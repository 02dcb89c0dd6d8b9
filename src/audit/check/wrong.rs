//! Texts that rules object to, found in one walk over all of them.

use std::collections::HashMap;
use std::hash::Hasher;
use std::rc::Rc;

use rustc_hash::{FxHashMap, FxHasher};

use super::secret::secret_in;
use crate::audit::Context;
use crate::surface::NodeId;
use crate::surface::passage::each_text;
use crate::syntax::Node;

/// Bytes of the shortest text that is looked at. No instruction is shorter, and no credential.
const SHORTEST: usize = 12;

/// The texts of a surface that something is wrong with, whether or not a model would read them, each with a phrase that says
/// what.
#[derive(Debug, Default)]
pub(in crate::audit) struct Wrong {
    /// Those that speak to the model.
    pub(super) instructions: FxHashMap<NodeId, Rc<str>>,
    /// Those that hold a credential.
    pub(super) secrets: FxHashMap<NodeId, Rc<str>>,
}

impl Wrong {
    /// Looks at all texts.
    pub(super) fn find(context: &Context<'_>) -> Self {
        let mut wrong = Self::default();
        let mut harmless = Recent::default();
        // A suspect that stands in many places is judged once; the hashing is the one that nobody can make collide.
        let mut judged: HashMap<&str, Option<Rc<str>>> = HashMap::new();
        each_text(context.surface, context.documents, SHORTEST, |node, text| {
            if harmless.has(text) {
                return;
            }
            let secret = secret_in(text);
            let is_clean = secret.is_none();
            wrong.secrets.extend(secret.map(|what| (node.id(), what.into())));
            if context.judge.is_suspect(text) {
                let judge = |text: &&str| context.judge.objection(text).map(Rc::from);
                let objection = judged.entry(text).or_insert_with_key(judge);
                wrong.instructions.extend(objection.clone().map(|objection| (node.id(), objection)));
            } else if is_clean {
                harmless.add(node, text);
            }
        });
        wrong
    }
}

/// Texts in which nothing was found, each in the one place that it can have: many are repeated, and another in the place of
/// one only means that it is looked at again.
struct Recent<'d> {
    texts: Vec<Option<Node<'d>>>,
}

impl Default for Recent<'_> {
    fn default() -> Self {
        Self { texts: vec![None; Self::PLACES] }
    }
}

impl<'d> Recent<'d> {
    /// How many are remembered, a power of two.
    const PLACES: usize = 1 << 12;

    /// Whether a text is one of them.
    fn has(&self, text: &str) -> bool {
        self.texts[Self::place(text)].is_some_and(|known| known.str() == text)
    }

    /// Adds the text of a node.
    fn add(&mut self, node: Node<'d>, text: &str) {
        self.texts[Self::place(text)] = Some(node);
    }

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
