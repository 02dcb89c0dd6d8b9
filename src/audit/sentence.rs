//! Facts put into the sentences of their rules.

use std::sync::Arc;

use super::ask::Hit;
use super::check;
use crate::finding::{Match, Related, fill, named};
use crate::rule::Rule;
use crate::source::Quote;
use crate::surface::{Operation, Surface};

/// One finding about several operations.
pub(super) fn document_match(number: usize, say: &str, surface: &Surface, operations: &[&Operation]) -> Match {
    let listed = Listed::new(operations);
    let values = [
        ("count", operations.len().to_string()),
        ("tools", surface.exposed().count().to_string()),
        ("operations", listed.named),
    ];
    Match {
        rule: number,
        operation: None,
        subject: Box::default(),
        message: Some(fill(say, &values).into()),
        span: surface.head,
        place: Some(Arc::clone(&surface.head_pointer)),
        fields: listed.labels.into(),
        related: listed.related.into(),
    }
}

/// Operations as a finding about several of them names them.
pub(super) struct Listed {
    /// The first few, for a sentence.
    pub(super) named: String,
    /// All of them.
    pub(super) labels: Vec<Quote>,
    /// Where they stand.
    pub(super) related: Vec<Related>,
}

impl Listed {
    pub(super) fn new(operations: &[&Operation]) -> Self {
        // All in one piece of memory.
        let (mut text, mut ends) = (String::new(), Vec::with_capacity(operations.len()));
        for operation in operations {
            text.push_str(&operation.label());
            ends.push(text.len());
        }
        let (text, mut start) = (Quote::from(text), 0);
        let part = |end| text.part(std::mem::replace(&mut start, end)..end);
        let labels: Vec<Quote> = ends.into_iter().map(part).collect();
        let related = operations.iter().zip(&labels);
        Self {
            named: named(&labels),
            related: related.map(|(operation, label)| Related::new(operation.span, label)).collect(),
            labels,
        }
    }
}

/// One finding about an operation, or about fields of it.
pub(super) fn operation_match(number: usize, index: usize, operation: &Operation, hits: Box<[Hit]>) -> Match {
    Match {
        rule: number,
        operation: Some(index),
        subject: Box::default(),
        message: None,
        span: operation.span,
        place: None,
        fields: hits.iter().map(|hit| hit.name.clone()).collect(),
        // In the memory of the hits.
        related: hits.into_iter().map(|Hit { name, span }| Related { span, label: name }).collect(),
    }
}

/// What a check found.
pub(super) fn check_match(number: usize, rule: &Rule, surface: &Surface, found: check::Finding) -> Match {
    let operation = found.operation.map(|index| &surface.operations[index]);
    let say = rule.say_document.as_ref().filter(|_| operation.is_none()).unwrap_or(&rule.say);
    let mut values = found.values;
    if let Some(operation) = operation {
        values.extend(operation.placeholders());
    }
    let (span, place) = match (found.place, operation) {
        (Some((span, pointer)), _) => (span, Some(pointer)),
        (None, Some(operation)) => (operation.span, None),
        (None, None) => (surface.head, Some(Arc::clone(&surface.head_pointer))),
    };
    Match {
        rule: number,
        operation: found.operation,
        subject: found.subject.into(),
        message: Some(fill(say, &values).into()),
        span,
        place,
        fields: found.fields.into(),
        related: found.related.into(),
    }
}
