//! Findings about texts: one for each operation, or for each part that operations share.

use std::rc::Rc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::{Answer, Finding};
use crate::audit::Context;
use crate::finding::Related;
use crate::source::Quote;
use crate::surface::NodeId;
use crate::surface::passage::{Owner, Passage, locate};

/// The place of a description that a user gave in the place of the document's.
const TOLD: &str = "configured description";

/// Makes findings of what is wrong with texts, given as phrases that follow the place of the text. Texts that no model
/// reads are left out. `objection` judges what the model is told in the place of the document's texts.
pub(super) fn findings(
    context: &Context<'_>,
    wrong: &FxHashMap<NodeId, Rc<str>>,
    objection: impl Fn(&str) -> Option<String>,
) -> Answer {
    // Most stand in places that are called the same.
    let mut places: FxHashSet<Quote> = FxHashSet::default();
    let mut findings: Vec<(Owner, Finding)> = Vec::new();
    for passage in locate(context.surface, context.documents, wrong) {
        let place = place(&passage);
        let place = places.get(&*place).cloned().unwrap_or_else(|| {
            let place = Quote::from(place);
            places.insert(place.clone());
            place
        });
        match findings.last_mut() {
            Some((owner, finding)) if *owner == passage.owner => {
                finding.related.push(Related::new(passage.key, &place));
                finding.fields.push(place);
            }
            _ => {
                let (operation, subject) = match &passage.owner {
                    Owner::Operation(index) => (Some(*index), String::new()),
                    Owner::Shared(pointer) => (None, pointer.clone()),
                    Owner::Document => (None, "document".into()),
                };
                let values = vec![("place", place.to_string()), ("what", wrong[&passage.node].to_string())];
                findings.push((
                    passage.owner,
                    Finding {
                        operation,
                        place: Some((passage.key, passage.pointer.into())),
                        subject,
                        values,
                        fields: vec![place],
                        related: Vec::new(),
                    },
                ));
            }
        }
    }
    for (index, operation) in context.surface.exposed_with_index() {
        let Some(what) = operation.told().and_then(&objection) else { continue };
        let owner = Owner::Operation(index);
        match findings.iter_mut().find(|(known, _)| *known == owner) {
            Some((_, finding)) => finding.fields.push(TOLD.into()),
            None => {
                let values = vec![("place", TOLD.to_owned()), ("what", what)];
                let fields = vec![TOLD.into()];
                findings.push((owner, Finding { operation: Some(index), values, fields, ..Finding::default() }));
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
