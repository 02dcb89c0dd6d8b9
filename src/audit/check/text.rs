//! Findings about texts: one for each operation, or for each part that operations share.

use std::rc::Rc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::{Finding, Found};
use crate::audit::Context;
use crate::finding::Related;
use crate::source::Quote;
use crate::surface::passage::{Owner, Passage, locate};
use crate::surface::{NodeId, Operation};

/// The place of a description that a user gave in the place of the document's.
const TOLD: &str = "configured description";

/// Makes findings of what is wrong with texts, given as phrases that follow the place of the text. Texts that no model
/// reads are left out. `objection` judges what the model is told in the place of the document's texts.
pub(super) fn findings(
    context: &Context<'_>,
    wrong: &FxHashMap<NodeId, Rc<str>>,
    objection: impl Fn(&str) -> Option<String>,
    found: Found<'_>,
) {
    let mut finish = |mut finding: Finding| {
        let more = finding.fields.len() - 1;
        let more = if more == 0 { String::new() } else { format!(", and {more} more like it") };
        finding.values.push(("more", more));
        found(finding);
    };
    // What stands in the place of the document's description is one more of the operation's texts.
    let told = |(index, operation): (usize, &Operation)| Some((index, operation.told().and_then(&objection)?));
    let mut told: Vec<(usize, Option<String>)> =
        context.surface.exposed_with_index().filter_map(told).map(|(index, what)| (index, Some(what))).collect();
    // Most stand in places that are called the same.
    let mut places: FxHashSet<Quote> = FxHashSet::default();
    let mut called = |passage: &Passage| {
        let place = place(passage);
        places.get(&*place).cloned().unwrap_or_else(|| {
            let place = Quote::from(place);
            places.insert(place.clone());
            place
        })
    };
    let mut passages = locate(context.surface, context.documents, wrong).into_iter().peekable();
    while let Some(passage) = passages.next() {
        let place = called(&passage);
        let Passage { owner, key, pointer, node, .. } = passage;
        let (operation, subject) = match &owner {
            Owner::Operation(index) => (Some(*index), String::new()),
            Owner::Shared(pointer) => (None, pointer.clone()),
            Owner::Document => (None, "document".into()),
        };
        let mut finding = Finding {
            operation,
            place: Some((key, pointer.into())),
            subject,
            values: vec![("place", place.to_string()), ("what", wrong[&node].to_string())],
            fields: vec![place],
            related: Vec::new(),
        };
        while let Some(passage) = passages.next_if(|passage| passage.owner == owner) {
            let place = called(&passage);
            finding.related.push(Related::new(passage.key, &place));
            finding.fields.push(place);
        }
        let known = operation.and_then(|index| told.binary_search_by_key(&index, |&(index, _)| index).ok());
        if known.is_some_and(|known| told[known].1.take().is_some()) {
            finding.fields.push(TOLD.into());
        }
        finish(finding);
    }
    for (index, what) in told {
        let Some(what) = what else { continue };
        let values = vec![("place", TOLD.to_owned()), ("what", what)];
        finish(Finding { operation: Some(index), values, fields: vec![TOLD.into()], ..Finding::default() });
    }
}

/// `description`, `example of email`, `name email`.
fn place(passage: &Passage) -> String {
    let role = passage.role().replace("~1", "/").replace("~0", "~");
    if passage.subject.is_empty() || passage.subject == role { role } else { format!("{role} of {}", passage.subject) }
}
