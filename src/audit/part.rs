//! Kinds of operations that are a hazard only where all of them meet.

use rustc_hash::FxHashSet;

use super::check::{self, Finding};
use super::inquiry::Result;
use super::sentence::Listed;
use crate::rule::Part;
use crate::surface::{Operation, Surface};

/// One finding if every kind has an operation. `results` begins with those of the queries of the parts.
/// Otherwise the operations of which the input does not say enough.
pub(super) fn meeting<'q>(
    parts: &[Part],
    surface: &Surface,
    results: &mut impl Iterator<Item = Result<'q>>,
    found: check::Found<'_>,
) -> Vec<usize> {
    let mut open = Vec::new();
    let mut all_there = true;
    let mut finding = Finding::default();
    let mut phrases = Vec::new();
    let mut named: FxHashSet<usize> = FxHashSet::default();
    for part in parts {
        let (mut indices, mut unknown): (Vec<usize>, Vec<usize>) = Default::default();
        for result in results.by_ref().take(part.any.len()) {
            indices.extend(result.found.into_iter().map(|(index, _)| index as usize));
            unknown.extend(result.open);
        }
        // Who is missing could only be among those of which too little is known.
        if indices.is_empty() {
            open.append(&mut unknown);
        }
        indices.sort_unstable();
        indices.dedup();
        all_there &= !indices.is_empty();
        let operations: Vec<&Operation> = indices.iter().map(|&index| &surface.operations[index]).collect();
        let listed = Listed::new(&operations);
        phrases.push(format!("{} ({})", part.name, listed.named));
        // One operation may be of several kinds.
        for (index, (label, place)) in indices.into_iter().zip(listed.labels.into_iter().zip(listed.related)) {
            if named.insert(index) {
                finding.fields.push(label);
                finding.related.push(place);
            }
        }
    }
    if all_there {
        let last = phrases.pop().unwrap_or_default();
        finding.values = vec![("parts", format!("{} and {last}", phrases.join(", ")))];
        found(finding);
        return Vec::new();
    }
    open.sort_unstable();
    open.dedup();
    open
}
