//! Findings about texts: one for each operation, or for each part that operations share.

use rustc_hash::{FxHashMap, FxHashSet};

use super::{Answer, Finding};
use crate::audit::Context;
use crate::finding::Related;
use crate::surface::NodeId;
use crate::surface::passage::{Owner, Passage, locate};

/// Makes findings of what is wrong with texts, given as phrases that follow the place of the text. Texts that no model
/// reads are left out.
pub(super) fn findings(context: &Context<'_>, wrong: &FxHashMap<NodeId, String>) -> Answer {
    let wanted: FxHashSet<NodeId> = wrong.keys().copied().collect();
    let mut findings: Vec<(Owner, Finding)> = Vec::new();
    for passage in locate(context.surface, context.documents, &wanted) {
        let place = place(&passage);
        match findings.last_mut() {
            Some((owner, finding)) if *owner == passage.owner => {
                finding.fields.push(place.clone());
                finding.related.push(Related { span: passage.key, label: place });
            }
            _ => {
                let (operation, subject) = match &passage.owner {
                    Owner::Operation(index) => (Some(*index), String::new()),
                    Owner::Shared(pointer) => (None, pointer.clone()),
                    Owner::Document => (None, "document".into()),
                };
                let values = vec![("place", place.clone()), ("what", wrong[&passage.node].clone())];
                findings.push((
                    passage.owner,
                    Finding {
                        operation,
                        place: Some((passage.key, passage.pointer)),
                        subject,
                        values,
                        fields: vec![place],
                        related: Vec::new(),
                    },
                ));
            }
        }
    }
    let findings = findings.into_iter().map(|(_, mut finding)| {
        let more = finding.fields.len() - 1;
        let more = if more == 0 { String::new() } else { format!(", and {more} more like it") };
        finding.values.push(("more", more));
        finding
    });
    Answer { findings: findings.collect(), open: Vec::new() }
}

/// `description`, `example of email`, `name email`.
fn place(passage: &Passage) -> String {
    let role = passage.role().replace("~1", "/").replace("~0", "~");
    if passage.subject.is_empty() || passage.subject == role { role } else { format!("{role} of {}", passage.subject) }
}
