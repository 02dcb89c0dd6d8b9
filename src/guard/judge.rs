//! The guard as the judge of texts that a description hands to a model.

use super::{Decision, Guard, Payload};
use crate::rule::Judge;

impl Judge for Guard {
    /// What it would block in a call. A warning is no objection: descriptions speak of ignoring, of systems and of
    /// prompts in good faith.
    fn objection(&self, text: &str) -> Option<String> {
        let verdict = self.scan(&Payload::text(text));
        if verdict.decision() != Decision::Block {
            return None;
        }
        verdict.matches.first().map(|found| found.head.label.to_string())
    }
}
