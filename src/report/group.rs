//! What belongs together in a report: routes that are no tools by reason, parts that were not checked by reason.

use std::collections::hash_map::Entry;
use std::hash::Hash;

use rustc_hash::FxHashMap;

use super::{NotChecked, Report};
use crate::finding::Finding;
use crate::surface::{Exposure, Operation};

impl Report {
    /// Routes that are no tools, by reason, in document order.
    pub(super) fn excluded(&self) -> Vec<(&str, Vec<&Operation>)> {
        let operations = self.documents.iter().flat_map(|document| &document.surface.operations);
        grouped(operations.filter_map(|operation| match &operation.exposure {
            Exposure::Exposed => None,
            Exposure::Excluded(reason) => Some((reason.as_str(), operation)),
        }))
    }

    /// The findings that count, those of one rule together: worst first, then by the first of each rule.
    pub(super) fn active_by_rule(&self) -> Vec<Vec<&Finding>> {
        let findings = self.active().map(|finding| ((finding.severity, &*finding.rule.id), finding));
        grouped(findings).into_iter().map(|(_, findings)| findings).collect()
    }

    /// What was not checked, by reason: first what could hide a blocker.
    pub(super) fn not_checked_by_reason(&self) -> Vec<((&str, bool), Vec<&NotChecked>)> {
        grouped(self.not_checked.iter().map(|part| ((part.why.as_str(), part.gap), part)))
    }
}

/// Items under their keys, both in the order of their first appearance.
fn grouped<K: Copy + Eq + Hash, T>(items: impl Iterator<Item = (K, T)>) -> Vec<(K, Vec<T>)> {
    let mut groups: Vec<(K, Vec<T>)> = Vec::new();
    let mut places: FxHashMap<K, usize> = FxHashMap::default();
    for (key, item) in items {
        match places.entry(key) {
            Entry::Occupied(place) => groups[*place.get()].1.push(item),
            Entry::Vacant(place) => {
                place.insert(groups.len());
                groups.push((key, vec![item]));
            }
        }
    }
    groups
}
